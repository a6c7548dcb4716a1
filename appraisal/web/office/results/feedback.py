"""The feedback to each subject: what the secretary writes, beside what its own result says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_security import auth_required
from wtforms import TextAreaField
from wtforms.validators import Length

from appraisal.ballot_form import Text
from appraisal.codec import CONTROLS
from appraisal.documents.sheets.feedback import MAX_TEXT, Feedback
from appraisal.manifest import SessionId
from appraisal.steps import setup
from appraisal.steps.feedback import feedback_of, write_feedback
from appraisal.store.office import Phase, SessionRow
from appraisal.web.office.current import made, own_session, service
from appraisal.web.office.fields import OfficeForm, errors_of
from appraisal.web.office.forms import ConfirmForm
from appraisal.web.office.language import lazy
from appraisal.web.office.results.sheets import FEEDBACK
from appraisal.web.office.results_view import results_view
from appraisal.web.office.running.sessions import session_page
from appraisal.web.results_view import QuestionView, SubjectView

blueprint = Blueprint("feedback", __name__, url_prefix="/sessions/<name>/feedback")
TOO_LONG = lazy("最多 2000 个字。")


class Paragraphs(TextAreaField):
    """Lines of text without control characters."""

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Take what was typed; browsers send two marks for the end of a line."""
        if valuelist:
            lines = (CONTROLS.sub("", line).rstrip() for line in str(valuelist[0]).splitlines())
            self.data = "\n".join(lines).strip("\n")

    @property
    def text(self) -> str:
        """What was typed, or nothing."""
        return self.data or ""


class FeedbackForm(OfficeForm):
    """What is written to one subject; an empty text leaves lines to write on by hand."""

    achievements = Paragraphs(lazy("成绩"), validators=[Length(max=MAX_TEXT, message=TOO_LONG)])
    problems = Paragraphs(lazy("存在的问题"), validators=[Length(max=MAX_TEXT, message=TOO_LONG)])
    direction = Paragraphs(lazy("努力方向"), validators=[Length(max=MAX_TEXT, message=TOO_LONG)])


@blueprint.before_request
@auth_required("session")
def _signed_in() -> None:
    """Let nobody in who is not signed in."""


@blueprint.app_template_global()
def feedback_written(row: SessionRow) -> int:
    """To how many subjects of a session something is written."""
    return sum(given != Feedback() for given in feedback_of(service(), SessionId(row.id)).values())


@blueprint.get("")
def overview(name: str) -> ResponseReturnValue:
    """Every subject, and whether something is written to it."""
    row = own_session(name)
    if row.phase is not Phase.OPENED:
        return session_page(row, refusal=gettext("还没有结果：要先封箱、开箱。"))
    session = SessionId(row.id)
    return render_template(
        "office/results/feedback.html",
        row=row,
        manifest=setup.manifest_of(service(), session),
        view=results_view(service(), session),
        written={n for n, given in feedback_of(service(), session).items() if given != Feedback()},
        confirm=ConfirmForm(empty=True),
        saved="saved" in request.args,
    )


@blueprint.route("/<int:number>", methods=["GET", "POST"])
def write(name: str, number: int) -> ResponseReturnValue:
    """The form for one subject, with its own result beside it."""
    row = own_session(name)
    session = SessionId(row.id)
    if row.phase is not Phase.OPENED:
        return session_page(row, refusal=gettext("还没有结果：要先封箱、开箱。"))
    view = results_view(service(), session)
    subject = next((one for one in view.subjects if one.number == number), None)
    if subject is None:
        abort(404)
    kept = feedback_of(service(), session)[number]
    form = FeedbackForm(
        data={
            "achievements": kept.achievements,
            "problems": kept.problems,
            "direction": kept.direction,
        }
    )
    if form.sent():
        given = Feedback(form.achievements.text, form.problems.text, form.direction.text)
        write_feedback(service(), session, number, given)
        made().drop(session, FEEDBACK)
        following = _following(view.subjects, number)
        if request.form.get("do") == "next" and following is not None:
            return redirect(url_for("feedback.write", name=row.id, number=following, saved=1))
        return redirect(url_for("feedback.overview", name=row.id, saved=1))
    errors = errors_of(form)
    page = render_template(
        "office/results/feedback_form.html",
        row=row,
        form=form,
        subject=subject,
        whole=[
            (one, question, next(r for r in question.rows if r.number == number))
            for one in view.whole
            for question in one.questions
            if any(r.number == number for r in question.rows)
        ],
        ticked=_ticked,
        following=_following(view.subjects, number),
        errors=errors,
        saved="saved" in request.args,
    )
    return page, 422 if errors else 200


def _ticked(question: QuestionView) -> list[tuple[Text, int]]:
    """The items that were ticked, over all groups that are told."""
    columns = zip(*(bar.parts for bar in question.bars), strict=True)
    counted = [(parts[0].name, sum(part.count for part in parts)) for parts in columns]
    return [(name, number) for name, number in counted if number]


def _following(subjects: Sequence[SubjectView], number: int) -> int | None:
    """The subject after this one in the report's order."""
    numbers = [one.number for one in subjects]
    after = numbers[numbers.index(number) + 1 :]
    return after[0] if after else None

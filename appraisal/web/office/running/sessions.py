"""The sessions of an organisation: list, form, preview, freezing, and the page of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_security import auth_required

from appraisal.ballot_form import Instrument
from appraisal.documents.rules import Line, rule_lines
from appraisal.errors import StepError
from appraisal.manifest import Manifest, SessionId, Subject
from appraisal.steps import (
    close,
    opening,
    publish,
    retention,
    setup,
    signers,
    slips,
    tellers,
    witnesses,
)
from appraisal.steps.contests import Planned, boxes_of, contests_of, ordered
from appraisal.steps.draft import Draft
from appraisal.steps.draft_checks import tried
from appraisal.steps.library import library_of
from appraisal.steps.opening import Readiness
from appraisal.steps.witnesses import Cosigning
from appraisal.store.office import Phase, SessionRow
from appraisal.tally.openings import VoidReason
from appraisal.web.office import refusals, words
from appraisal.web.office.current import jobs, organisation_id, own_session, service, sheets, user
from appraisal.web.office.entry.accounts import DEMONSTRATION_EMAIL, names_in
from appraisal.web.office.fields import options
from appraisal.web.office.forms import ConfirmForm, SerialsForm
from appraisal.web.office.results_view import results_view
from appraisal.web.office.setup import ballots_form, drafts
from appraisal.web.office.setup import wanting as wants
from appraisal.web.office.setup.editing import edit_page
from appraisal.web.office.setup.preview import ballots_of

blueprint = Blueprint("sessions", __name__)


@blueprint.before_request
@auth_required("session")
def _signed_in() -> None:
    """Let nobody in who is not signed in."""


@blueprint.get("/")
def overview() -> ResponseReturnValue:
    """All sessions of the organisation, or what to do first."""
    return render_template("office/running/overview.html")


@blueprint.route("/sessions/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """A new session, filled in as most branches hold it."""
    mine = user().organisation
    known = service().office.sessions(organisation_id())
    sector = setup.draft_of(service(), SessionId(known[0].id)).sector if known else ""
    draft = drafts.new_draft(
        organisation=mine.name if mine else "",
        sector=sector,
        demonstration=user().email == DEMONSTRATION_EMAIL,
    )
    return edit_page(draft, None)


@blueprint.route("/sessions/<name>/edit", methods=["GET", "POST"])
def edit(name: str) -> ResponseReturnValue:
    """The form of a session that is not frozen yet."""
    row = own_session(name)
    if row.phase is not Phase.DRAFT:
        return _refused(row, gettext("评议书已经定稿，不能再改。"))
    return edit_page(setup.draft_of(service(), SessionId(row.id)), row)


@blueprint.get("/sessions/<name>")
def show(name: str) -> ResponseReturnValue:
    """The page of a session in its present phase."""
    row = own_session(name)
    return session_page(row)


@blueprint.get("/sessions/<name>/preview")
def preview(name: str) -> ResponseReturnValue:
    """The ballot as the voter will see it; nothing on it can be sent."""
    row = own_session(name)
    draft = setup.draft_of(service(), SessionId(row.id))
    if row.phase is Phase.DRAFT:
        library = library_of(service(), row.organisation_id)
        ready = tuple(form for form in draft.forms if ballots_form.standing(form, library))
        planned: Planned | Manifest = contests_of(replace(draft, forms=ready), library)
    else:
        planned = setup.manifest_of(service(), SessionId(row.id))
    return render_template(
        "office/setup/preview.html",
        row=row,
        draft=draft,
        previewed=ballots_of(
            planned.instruments, planned.subjects, planned.contests, members=draft.rules.members
        ),
    )


@blueprint.route("/sessions/<name>/freeze", methods=["GET", "POST"])
def freeze(name: str) -> ResponseReturnValue:
    """Freezing, asked once: after it nothing of the session can be changed."""
    row = own_session(name)
    if row.phase is not Phase.DRAFT:
        return _refused(row, gettext("评议书已经定稿。"))
    draft = setup.draft_of(service(), SessionId(row.id))
    library = library_of(service(), row.organisation_id)
    if wants.wanting(draft, library):
        return redirect(url_for("sessions.edit", name=row.id, check=1, _anchor="errors"))
    missing = [t.name for t in tellers.statuses(service(), SessionId(row.id)) if not t.checked]
    if missing:
        error = StepError("tellers-missing", "keys are missing", names="、".join(missing))
        return _refused(row, refusals.refusal_words(error))
    form = ConfirmForm()
    if form.sent():
        session, work = SessionId(row.id), service()
        jobs().start(
            session, "freeze", lambda progress: setup.freeze(work, session, progress=progress)
        )
        return redirect(url_for("sessions.show", name=row.id))
    return render_template(
        "office/running/confirm_freeze.html",
        row=row,
        draft=draft,
        ballots=shown_forms(row, draft),
        subjects=in_order(draft),
        rules=rules_told(tried(draft, library)),
        boxes=boxes_of(draft, contests_of(draft, library)),
        notices=notices(row, draft, library),
        form=form,
    )


@blueprint.route("/sessions/<name>/delete", methods=["GET", "POST"])
def delete(name: str) -> ResponseReturnValue:
    """Removing a draft, asked once."""
    row = own_session(name)
    if row.phase is not Phase.DRAFT:
        return _refused(row, gettext("评议书已经定稿，不能删除。"))
    form = ConfirmForm()
    if form.sent():
        service().office.delete_draft(SessionId(row.id))
        return redirect(url_for("sessions.overview"))
    return render_template("office/running/confirm_delete.html", row=row, form=form)


@blueprint.get("/sessions/<name>/progress.json")
def progress(name: str) -> ResponseReturnValue:
    """How far the long step of a session is."""
    row = own_session(name)
    job = jobs().of(SessionId(row.id))
    if job is None:
        return {"running": False, "done": 0, "total": 0}
    return {"running": job.running, "done": job.done, "total": job.total}


def session_page(row: SessionRow, *, refusal: str = "") -> ResponseReturnValue:
    """The page of a session; `refusal` is why the step just asked for was not done."""
    session = SessionId(row.id)
    job = jobs().of(session)
    if job is not None and not job.running:
        error = jobs().take_error(session)
        refusal = refusal or (refusals.refusal_words(error) if error else "")
        job = None
    draft = setup.draft_of(service(), session)
    frozen = row.phase is not Phase.DRAFT
    manifest = setup.manifest_of(service(), session) if frozen else None
    values: dict[str, object] = {
        "row": row,
        "job": job,
        "refusal": refusal,
        "done_said": _done(),
        "draft": draft,
        "ballots": shown_forms(row, draft),
        "subjects": in_order(draft),
        "confirm": ConfirmForm(empty=True),
        "manifest": manifest,
        "rules": rules_told(manifest),
        "board_root": publish.checkpoint_of(service(), session).splitlines()[2] if frozen else "",
        "sheet": sheets().of(session, user=user().id),
        "minutes_left": sheets().minutes_left,
        **watched(row),
    }
    match row.phase:
        case Phase.DRAFT:
            library = library_of(service(), row.organisation_id)
            values["wanting"] = wants.wanting(draft, library)
            if not values["wanting"]:
                values["rules"] = rules_told(tried(draft, library))
            values["notices"] = notices(row, draft, library)
        case Phase.PRINTED | Phase.VOTING:
            values["turnout"] = slips.turnout(
                service(), session, exact=row.phase is not Phase.VOTING
            )
            values["serials"] = serials_form(draft)
            values["closing"] = close.unfinished(service(), session)
            if values["closing"] and manifest is not None:
                values["unstated"] = signers.unstated(service(), manifest)
        case Phase.CLOSED:
            values["turnout"] = slips.turnout(service(), session, exact=True)
            values["readiness"] = opening.readiness(service(), session).value
        case Phase.OPENED | Phase.VOID:
            values["view"] = results_view(service(), session)
            values["turnout"] = slips.turnout(service(), session, exact=True)
            values.update(kept(row))
        case Phase.FROZEN:
            pass
    return render_template(f"office/running/phase_{row.phase.value}.html", **values), (
        409 if refusal else 200
    )


def notices(row: SessionRow, draft: Draft, library: Mapping[str, Instrument]) -> list[str]:
    """What of a draft may be a slip of the pen, or has a price."""
    return wants.notices(draft, library, accounts=names_in(service(), row.organisation_id))


def shown_forms(row: SessionRow, draft: Draft) -> tuple[ballots_form.Shown, ...]:
    """The ballot forms of a session: once it is frozen those that stand in its manifest."""
    if row.phase is Phase.DRAFT:
        library = library_of(service(), row.organisation_id)
        standing = [ballots_form.standing(form, library) for form in draft.forms]
    else:
        standing = [*setup.manifest_of(service(), SessionId(row.id)).instruments]
    return ballots_form.shown(draft.forms, standing, members=draft.rules.members)


def in_order(draft: Draft) -> tuple[Subject, ...]:
    """The subjects in the order in which they stand on the ballot."""
    return ordered(draft.subjects) if draft.by_strokes else draft.subjects


def rules_told(manifest: Manifest | None) -> list[Line]:
    """The counting rules in the words of the report; none before all is filled in."""
    return rule_lines(manifest, "en" if words.english() else "zh") if manifest else []


def watched(row: SessionRow) -> dict[str, object]:
    """Tellers and witnesses of a session, with what each has done."""
    session = SessionId(row.id)
    found = tellers.statuses(service(), session)
    signed = witnesses.statuses(service(), session)
    match row.phase:
        case Phase.DRAFT:
            ready = all(teller.checked for teller in found)
        case Phase.CLOSED:
            ready = opening.readiness(service(), session) is not Readiness.WAITING
        case _:
            ready = True
    return {
        "tellers": found,
        "tellers_ready": ready,
        "witnesses": signed,
        "witnesses_wanting": any(one.cosigning is not Cosigning.COSIGNED for one in signed),
    }


def kept(row: SessionRow) -> dict[str, object]:
    """Until when the ballots of a session are kept, or how they were destroyed."""
    session = SessionId(row.id)
    last = retention.kept_until(service(), session)
    reason = retention.void_reason(service(), session)
    return {
        "void_as": reason.value if reason else "",
        "unstated": signers.unstated(service(), setup.manifest_of(service(), session))
        if reason is VoidReason.UNSTATED
        else (),
        "kept_until": last,
        "expired": service().now().date() > last,
        "destroyed": retention.destruction_of(service(), session),
        "destroyed_on": service().local(row.destroyed_at) if row.destroyed_at else None,
    }


def _done() -> str:
    """What the step before this page did, in numbers that it handed on."""
    activated = request.args.get("activated", type=int)
    voided = request.args.get("voided", type=int)
    forgotten = request.args.get("forgotten", type=int)
    if forgotten:
        return words.forgotten_words(forgotten)
    if "saved" in request.args:
        return gettext("已保存。")
    if activated is not None:
        return gettext("新启用 %(number)s 张选票凭证。", number=activated)
    if voided is not None:
        return gettext("已作废 %(number)s 张选票凭证。", number=voided)
    return ""


def serials_form(draft: Draft) -> SerialsForm:
    """The form for a range of serial numbers, with the session's classes."""
    form = SerialsForm()
    form.voter_class.choices = options(
        *((number, words.class_words(c)) for number, c in enumerate(draft.classes))
    )
    return form


def _refused(row: SessionRow, sentence: str) -> ResponseReturnValue:
    return session_page(row, refusal=sentence)

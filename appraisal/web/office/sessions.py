"""The sessions of an organisation: list, form, preview, freezing, and the page of each."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_security import auth_required
from werkzeug.datastructures import FileStorage
from wtforms import FieldList

from appraisal import instruments
from appraisal.errors import AppraisalError, StepError
from appraisal.manifest import SessionId, Subject
from appraisal.steps import (
    opening,
    publish,
    retention,
    setup,
    signers,
    slips,
    tellers,
    witnesses,
)
from appraisal.steps.draft import Draft
from appraisal.steps.opening import Readiness
from appraisal.steps.witnesses import Cosigning
from appraisal.store.office import Phase, SessionRow
from appraisal.tally.openings import VoidReason
from appraisal.web.office import drafts, subjects_import, words
from appraisal.web.office.accounts import DEMONSTRATION_EMAIL
from appraisal.web.office.current import jobs, organisation_id, own_session, service, sheets, user
from appraisal.web.office.forms import ConfirmForm, SerialsForm, SessionForm, errors_of, options
from appraisal.web.office.results_view import results_view
from appraisal.web.office.subjects_import import Imported, ImportRefused

blueprint = Blueprint("sessions", __name__)
MORE_ROWS = 3


@blueprint.before_request
@auth_required("session")
def _signed_in() -> None:
    """Let nobody in who is not signed in."""


@blueprint.get("/")
def overview() -> ResponseReturnValue:
    """All sessions of the organisation, or what to do first."""
    return render_template("office/overview.html")


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
    return _edit(draft, None)


@blueprint.route("/sessions/<name>/edit", methods=["GET", "POST"])
def edit(name: str) -> ResponseReturnValue:
    """The form of a session that is not frozen yet."""
    row = own_session(name)
    if row.phase is not Phase.DRAFT:
        return _refused(row, gettext("评议书已经定稿，不能再改。"))
    return _edit(setup.draft_of(service(), SessionId(row.id)), row)


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
    return render_template(
        "office/preview.html", row=row, draft=draft, instrument=instruments.load(draft.instrument)
    )


@blueprint.route("/sessions/<name>/freeze", methods=["GET", "POST"])
def freeze(name: str) -> ResponseReturnValue:
    """Freezing, asked once: after it nothing of the session can be changed."""
    row = own_session(name)
    if row.phase is not Phase.DRAFT:
        return _refused(row, gettext("评议书已经定稿。"))
    draft = setup.draft_of(service(), SessionId(row.id))
    if drafts.wanting(draft):
        return redirect(url_for("sessions.edit", name=row.id, check=1, _anchor="errors"))
    missing = [t.name for t in tellers.statuses(service(), SessionId(row.id)) if not t.checked]
    if missing:
        error = StepError("tellers-missing", "keys are missing", names="、".join(missing))
        return _refused(row, words.refusal_words(error))
    form = ConfirmForm()
    if form.sent():
        session, work = SessionId(row.id), service()
        jobs().start(
            session, "freeze", lambda progress: setup.freeze(work, session, progress=progress)
        )
        return redirect(url_for("sessions.show", name=row.id))
    return render_template(
        "office/confirm_freeze.html",
        row=row,
        draft=draft,
        instrument=instruments.load(draft.instrument),
        notices=drafts.notices(draft),
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
    return render_template("office/confirm_delete.html", row=row, form=form)


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
        refusal = refusal or (words.refusal_words(error) if error else "")
        job = None
    draft = setup.draft_of(service(), session)
    frozen = row.phase is not Phase.DRAFT
    values: dict[str, object] = {
        "row": row,
        "job": job,
        "refusal": refusal,
        "done_said": _done(),
        "draft": draft,
        "instrument": instruments.load(draft.instrument),
        "confirm": ConfirmForm(empty=True),
        "manifest": setup.manifest_of(service(), session) if frozen else None,
        "board_root": publish.checkpoint_of(service(), session).splitlines()[2] if frozen else "",
        "sheet": sheets().of(session, user=user().id),
        "minutes_left": sheets().minutes_left,
        **watched(row),
    }
    match row.phase:
        case Phase.DRAFT:
            values["wanting"] = drafts.wanting(draft)
            values["notices"] = drafts.notices(draft)
        case Phase.PRINTED | Phase.VOTING:
            values["turnout"] = slips.turnout(
                service(), session, exact=row.phase is not Phase.VOTING
            )
            values["serials"] = serials_form(draft)
        case Phase.CLOSED:
            values["turnout"] = slips.turnout(service(), session, exact=True)
            values["readiness"] = opening.readiness(service(), session).value
        case Phase.OPENED | Phase.VOID:
            values["view"] = results_view(service(), session)
            values["turnout"] = slips.turnout(service(), session, exact=True)
            values.update(kept(row))
        case Phase.FROZEN:
            pass
    return render_template(f"office/phase_{row.phase.value}.html", **values), (
        409 if refusal else 200
    )


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
    return {
        "unopened": retention.void_reason(service(), session) is VoidReason.UNOPENED,
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


def _edit(draft: Draft, row: SessionRow | None) -> ResponseReturnValue:
    """The session form: shown, filled from a list, or saved."""
    form = SessionForm(data=drafts.form_data(draft))
    drafts.fill_choices(form, draft, signers.peers(service()))
    if request.method == "GET":
        wanting = drafts.wanting(draft) if "check" in request.args else []
        return _form_page(form, row, errors=wanting)
    if not form.csrf_token.validate(form):
        abort(400)
    drafts.follow_organisation(form, shown=request.form.get("organisation_shown", ""))
    do = request.form.get("do", "save")
    match do.partition(":")[0]:
        case "save":
            return _saved(form, row, earlier=draft)
        case "import":
            return _imported(form, row)
        case "more-classes":
            _append(form.classes)
        case "drop-subject":
            _drop(form.subjects, do)
        case "drop-class":
            _drop(form.classes, do)
        case _:
            pass
    more = MORE_ROWS if do == "more-subjects" else 1
    return _form_page(form, row, more=more, open_at="classes" if "class" in do else "subjects")


def _saved(form: SessionForm, row: SessionRow | None, *, earlier: Draft) -> ResponseReturnValue:
    if request.form.get("paste", "").strip() or _uploaded() is not None:
        # A list that was typed but not taken over would be lost otherwise.
        return _imported(form, row)
    if not form.validate():
        return _form_page(form, row, errors=errors_of(form)), 422
    draft = drafts.draft_of(form, earlier=earlier)
    forgotten = 0
    try:
        if row is None:
            session = setup.create(service(), draft, organisation_id=organisation_id())
        else:
            session = SessionId(row.id)
            forgotten = setup.save(service(), session, draft)
    except AppraisalError as error:
        return _form_page(form, row, errors=[("title", words.refusal_words(error))]), 422
    if drafts.wanting(draft):
        return redirect(url_for("sessions.edit", name=session, check=1, saved=1, _anchor="errors"))
    shown = url_for(
        "sessions.show", name=session, saved=1, forgotten=forgotten or None, _anchor="main"
    )
    return redirect(shown)


def _imported(form: SessionForm, row: SessionRow | None) -> ResponseReturnValue:
    known = drafts.typed_subjects(form)
    try:
        read = _read_list(known)
    except ImportRefused as error:
        field = "file" if _uploaded() is not None else "paste"
        sentence = words.import_words(error)
        return _form_page(form, row, errors=[(field, sentence)], open_at="subjects"), 422
    if read is None:
        sentence = gettext("请先选择文件或粘贴名单，再点“导入名单”。")
        return _form_page(form, row, errors=[("paste", sentence)], open_at="subjects"), 422
    form.subjects.entries = [e for e in form.subjects.entries if e.form.name.data]
    for subject in read.subjects:
        form.subjects.append_entry(_row(subject))
    form.paste.data = ""
    return _form_page(form, row, imported=read, open_at="subjects")


def _read_list(known: tuple[Subject, ...]) -> Imported | None:
    """The list that was uploaded or pasted, if there is one."""
    uploaded = _uploaded()
    if uploaded is not None:
        data = uploaded.stream.read(subjects_import.MAX_FILE + 1)
        return subjects_import.read_file(data, known=known)
    text = request.form.get("paste", "")
    return subjects_import.read_text(text, known=known) if text.strip() else None


def _uploaded() -> FileStorage | None:
    file = request.files.get("file")
    return file if file is not None and file.filename else None


def _row(subject: Subject) -> dict[str, str]:
    return {"kind": subject.kind.value, "name": subject.name, "post": subject.post}


def _append(field: FieldList[Any]) -> None:
    """Add an empty row, where there may be one more."""
    if field.max_entries is None or len(field.entries) < field.max_entries:
        field.append_entry()


def _drop(field: FieldList[Any], do: str) -> None:
    """Take the row out whose number the button carries."""
    number = do.partition(":")[2]
    field.entries[:] = [e for e in field.entries if e.id.rpartition("-")[2] != number]


def _form_page(
    form: SessionForm,
    row: SessionRow | None,
    *,
    errors: list[tuple[str, str]] | None = None,
    imported: Imported | None = None,
    more: int = 1,
    open_at: str = "",
) -> str:
    """The form as a page, with empty rows to go on with."""
    blank = [e for e in form.subjects.entries if not (e.form.name.data or e.form.post.data)]
    for _ in range(more - len(blank)):
        _append(form.subjects)
    if not form.classes.entries:
        _append(form.classes)
    return render_template(
        "office/edit.html",
        # Named, so that what is sent leaves the fragment and the query of this address behind.
        action=url_for("sessions.edit", name=row.id) if row else url_for("sessions.new"),
        form=form,
        row=row,
        errors=errors or [],
        imported=imported,
        saved="saved" in request.args,
        open_at=open_at,
        problem_words=words.problem_words,
    )

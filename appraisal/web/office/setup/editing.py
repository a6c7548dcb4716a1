"""The session form's page: shown, filled from a list, changed row by row, saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.datastructures import FileStorage
from wtforms import FieldList

from appraisal.ballot_form import Instrument
from appraisal.counting_rules import Threshold
from appraisal.errors import AppraisalError
from appraisal.manifest import SessionId, Subject
from appraisal.steps import setup, signers
from appraisal.steps.draft import Draft, usual_positive
from appraisal.steps.library import library_of
from appraisal.store.office import SessionRow
from appraisal.web.office import refusals, words
from appraisal.web.office.current import organisation_id, service
from appraisal.web.office.fields import errors_of
from appraisal.web.office.setup import (
    ballots_form,
    drafts,
    import_words,
    rules_form,
    subjects_import,
)
from appraisal.web.office.setup.session_form import SessionForm
from appraisal.web.office.setup.subjects_import import Imported, ImportRefused
from appraisal.web.office.setup.wanting import wanting, whole_words

MORE_ROWS: Final = 3


def edit_page(draft: Draft, row: SessionRow | None) -> ResponseReturnValue:
    """The session form: shown, filled from a list, or saved."""
    library = library_of(service(), organisation_id())
    form = SessionForm(data=drafts.form_data(draft, library))
    drafts.fill_choices(form, draft, signers.peers(service()), library)
    page = Page(form, row, library, rules_form.unusual(draft.rules))
    if request.method == "GET":
        return page.shown(errors=wanting(draft, library) if "check" in request.args else [])
    if not form.csrf_token.validate(form):
        abort(400)
    drafts.follow_organisation(form, shown=request.form.get("organisation_shown", ""))
    do = request.form.get("do", "save")
    if _uploaded() is not None or request.form.get("paste", "").strip():
        # A list that was typed but not taken over would be lost when the form is saved.
        do = "import" if do == "save" else do
    elif form.add_form.data and do == "save":
        do = "add-form"
    match do:
        case "save":
            return page.saved(earlier=draft)
        case "import":
            return page.imported()
        case "add-form":
            return page.added()
        case _:
            return page.with_rows(do)


@dataclass(frozen=True)
class Page:
    """A session form on its page."""

    form: SessionForm
    row: SessionRow | None
    library: Mapping[str, Instrument]
    unusual: int
    """How many of the folded rules are others than usual."""

    def saved(self, *, earlier: Draft) -> ResponseReturnValue:
        """The draft is kept, or the page says what is wrong."""
        if not self.form.validate():
            return self.shown(errors=errors_of(self.form)), 422
        draft = drafts.draft_of(self.form, earlier=earlier, library=self.library)
        forgotten = 0
        try:
            if self.row is None:
                session = setup.create(service(), draft, organisation_id=organisation_id())
            else:
                session = SessionId(self.row.id)
                forgotten = setup.save(service(), session, draft)
        except AppraisalError as error:
            return self.shown(errors=[("title", refusals.refusal_words(error))]), 422
        if wanting(draft, self.library):
            wants = url_for("sessions.edit", name=session, check=1, saved=1, _anchor="errors")
            return redirect(wants)
        shown = url_for(
            "sessions.show", name=session, saved=1, forgotten=forgotten or None, _anchor="main"
        )
        return redirect(shown)

    def imported(self) -> ResponseReturnValue:
        """The rows of a list are added to those that stand."""
        form = self.form
        try:
            read = _read_list(drafts.typed_subjects(form))
        except ImportRefused as error:
            field = "file" if _uploaded() is not None else "paste"
            sentence = import_words.import_words(error)
            return self.shown(errors=[(field, sentence)], open_at="subjects"), 422
        if read is None:
            sentence = gettext("请先选择文件或粘贴名单，再点“导入名单”。")
            return self.shown(errors=[("paste", sentence)], open_at="subjects"), 422
        form.subjects.entries = [e for e in form.subjects.entries if e.form.name.data]
        for subject in read.subjects:
            form.subjects.append_entry(drafts.subject_data(subject))
        form.paste.data = ""
        return self.shown(imported=read, open_at="subjects")

    def added(self) -> ResponseReturnValue:
        """Another ballot form is added to those that stand, with the numbers of its limits."""
        form, chosen = self.form, self.form.add_form.data
        if chosen not in self.library:
            return self.shown(
                errors=[("add_form", gettext("请先选一张测评表，再点“加上”。"))], open_at="ballots"
            ), 422
        if any(entry.form.instrument.data == chosen for entry in form.forms.entries):
            title = words.texted(self.library[chosen].title)
            sentence = gettext("“%(form)s”已经选了，不用再加。", form=title)
            form.add_form.data = ""
            return self.shown(errors=[("add_form", sentence)], open_at="ballots"), 422
        if form.forms.max_entries and len(form.forms.entries) >= form.forms.max_entries:
            sentence = gettext("测评表太多，一次最多 %(most)s 张。", most=form.forms.max_entries)
            return self.shown(errors=[("add_form", sentence)], open_at="ballots"), 422
        before = self._usual_positive()
        form.forms.append_entry(ballots_form.added(chosen, self.library))
        rules_form.follow(form, before=before, after=self._usual_positive())
        form.add_form.data = ""
        return self.shown(open_at="ballots", added=words.texted(self.library[chosen].title))

    def _usual_positive(self) -> Threshold | None:
        """The positive share that is usual with the forms that stand."""
        chosen = {entry.form.instrument.data for entry in self.form.forms.entries}
        return usual_positive(form for name, form in self.library.items() if name in chosen)

    def with_rows(self, do: str) -> str:
        """More rows, or fewer."""
        form = self.form
        what, _, number = do.partition(":")
        match what:
            case "more-classes":
                _append(form.classes)
                return self.shown(open_at="classes")
            case "drop-class":
                _drop(form.classes, number)
                return self.shown(open_at="classes")
            case "drop-form":
                before = self._usual_positive()
                _drop(form.forms, number)
                rules_form.follow(form, before=before, after=self._usual_positive())
                return self.shown(open_at="ballots")
            case "drop-subject":
                _drop(form.subjects, number)
                return self.shown(open_at="subjects")
            case _:
                more = MORE_ROWS if what == "more-subjects" else 1
                return self.shown(more=more, open_at="subjects")

    def shown(
        self,
        *,
        errors: Sequence[tuple[str, str]] = (),
        imported: Imported | None = None,
        added: str = "",
        more: int = 1,
        open_at: str = "",
    ) -> str:
        """The page, with empty rows to go on with."""
        form, row = self.form, self.row
        blank = [e for e in form.subjects.entries if not (e.form.name.data or e.form.post.data)]
        for _ in range(more - len(blank)):
            _append(form.subjects)
        if not form.classes.entries:
            _append(form.classes)
        wrong = {field.partition("-")[0] for field, _ in errors}
        return render_template(
            "office/setup/edit.html",
            # Named, so that what is sent leaves the fragment and the query of this address behind.
            action=url_for("sessions.edit", name=row.id) if row else url_for("sessions.new"),
            form=form,
            row=row,
            errors=errors,
            imported=imported,
            added=added,
            ballots=ballots_form.rows(form, self.library),
            shares=ballots_form.shares(form, self.library),
            whole_words=whole_words,
            saved="saved" in request.args,
            open_at=open_at,
            commitments_open=any(field.endswith("-commitment") for field, _ in errors),
            unusual=self.unusual,
            rules_open=bool(wrong & set(rules_form.FOLDED)),
            problem_words=import_words.problem_words,
        )


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


def _append(field: FieldList[Any]) -> None:
    """Add an empty row, where there may be one more."""
    if field.max_entries is None or len(field.entries) < field.max_entries:
        field.append_entry()


def _drop(field: FieldList[Any], number: str) -> None:
    """Take the row out whose number the button carries."""
    field.entries[:] = [e for e in field.entries if e.id.rpartition("-")[2] != number]

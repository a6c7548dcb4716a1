"""The library of ballot forms 测评表: those shipped and the organisation's own, to be changed."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_security import auth_required

from appraisal import instruments
from appraisal.ballot_form import Instrument
from appraisal.errors import AppraisalError, StepError
from appraisal.instruments import Fault, InstrumentError
from appraisal.steps import library
from appraisal.web.office.current import organisation_id, service
from appraisal.web.office.fields import errors_of
from appraisal.web.office.forms import ConfirmForm
from appraisal.web.office.instruments.form import (
    InstrumentForm,
    instrument_data,
    instrument_of,
    offer_choices,
)
from appraisal.web.office.instruments.rows import with_rows
from appraisal.web.office.instruments.wants import check_typed, in_questions
from appraisal.web.office.refusals import refusal_words
from appraisal.web.office.setup.preview import example_of
from appraisal.web.office.words import english, texted

blueprint = Blueprint("instruments", __name__)


@blueprint.before_request
@auth_required("session")
def _signed_in() -> None:
    """Let nobody in who is not signed in."""


@blueprint.get("/forms/")
def overview() -> ResponseReturnValue:
    """Every ballot form that the organisation may choose."""
    return _overview()


@blueprint.get("/forms/<identifier>")
def preview(identifier: str) -> ResponseReturnValue:
    """A ballot form as the voter sees it; nothing on it can be sent."""
    return render_template(
        "office/instruments/form.html", ballot=example_of(_instrument(identifier))
    )


@blueprint.get("/forms/<identifier>/file.toml")
def file(identifier: str) -> ResponseReturnValue:
    """A ballot form as a file that can be changed anywhere and brought back."""
    instrument = _instrument(identifier)
    mine = identifier in library.own_of(service(), organisation_id())
    text = instruments.write(instrument) if mine else instruments.source(identifier)
    name = f'attachment; filename="{identifier}.toml"'
    headers = {"Content-Disposition": name}
    return Response(text, mimetype="application/toml", headers=headers)


@blueprint.post("/forms/<identifier>/copy")
def copy(identifier: str) -> ResponseReturnValue:
    """A copy of a ballot form, to be changed."""
    _instrument(identifier)
    if not ConfirmForm().sent():
        abort(400)
    try:
        made = library.copy(service(), organisation_id(), identifier)
    except StepError as error:
        return _overview(refusal=refusal_words(error)), 409
    return redirect(url_for("instruments.edit", identifier=made.id, copied=1))


@blueprint.route("/forms/<identifier>/edit", methods=["GET", "POST"])
def edit(identifier: str) -> ResponseReturnValue:
    """An own ballot form, field by field."""
    instrument = _own(identifier)
    form = InstrumentForm(data=instrument_data(instrument))
    if request.method == "GET":
        return _editor(form, instrument)
    if not form.csrf_token.validate(form):
        abort(400)
    do = request.form.get("do", "save")
    if do != "save":
        return _editor(InstrumentForm(data=with_rows(form, do), empty=True), instrument)
    offer_choices(form)
    errors = [] if form.validate() else [*in_questions(errors_of(form))]
    errors = errors or check_typed(form)
    if errors:
        return _editor(form, instrument, errors=errors), 422
    try:
        library.keep(service(), organisation_id(), instrument_of(form, earlier=instrument))
    except AppraisalError as error:
        return _editor(form, instrument, errors=[("title", refusal_words(error))]), 422
    return redirect(url_for("instruments.edit", identifier=identifier, saved=1, _anchor="main"))


@blueprint.route("/forms/<identifier>/text", methods=["GET", "POST"])
def text(identifier: str) -> ResponseReturnValue:
    """An own ballot form as the text of its file, with what is wrong line by line."""
    instrument = _own(identifier)
    form = ConfirmForm()
    if not form.sent():
        return _text_page(instruments.write(instrument), instrument=instrument)
    typed = _typed()
    try:
        read = instruments.decode(typed, name=f"{identifier}.toml")
    except InstrumentError as error:
        return _text_page(_shown(typed), instrument=instrument, faults=error.faults), 422
    if read.id != identifier:
        said = gettext("这张表的编号是 %(id)s，请照写，不能改。", id=identifier)
        return _text_page(_shown(typed), instrument=instrument, refusal=said), 422
    library.keep(service(), organisation_id(), read)
    return redirect(url_for("instruments.edit", identifier=identifier, saved=1, _anchor="main"))


@blueprint.route("/form-file", methods=["GET", "POST"])
def upload() -> ResponseReturnValue:
    """A ballot form out of a file, as another of the organisation's own."""
    form = ConfirmForm()
    if not form.sent():
        return _text_page("")
    typed = _typed()
    try:
        read = instruments.decode(typed, name=gettext("测评表文件"))
        if read.id in library.own_of(service(), organisation_id()):
            said = gettext(
                "本单位已有编号 %(id)s 的测评表：请换一个编号，或打开那一张改。", id=read.id
            )
            return _text_page(_shown(typed), refusal=said), 422
        library.keep(service(), organisation_id(), read)
    except InstrumentError as error:
        return _text_page(_shown(typed), faults=error.faults), 422
    except StepError as error:
        return _text_page(_shown(typed), refusal=refusal_words(error)), 422
    return redirect(url_for("instruments.edit", identifier=read.id, saved=1, _anchor="main"))


@blueprint.route("/forms/<identifier>/delete", methods=["GET", "POST"])
def delete(identifier: str) -> ResponseReturnValue:
    """Removing an own ballot form, asked once; not while a draft uses it."""
    instrument = _own(identifier)
    form = ConfirmForm()
    if not form.sent():
        return render_template(
            "office/instruments/confirm_delete.html", instrument=instrument, form=form
        )
    try:
        library.remove(service(), organisation_id(), identifier)
    except StepError as error:
        return _overview(refusal=refusal_words(error)), 409
    return redirect(url_for("instruments.overview"))


def _own(identifier: str) -> Instrument:
    """A ballot form of the user's own organisation; those of others do not exist here."""
    found = library.own_of(service(), organisation_id()).get(identifier)
    if found is None:
        abort(404)
    return found


def _instrument(identifier: str) -> Instrument:
    found = library.library_of(service(), organisation_id()).get(identifier)
    if found is None:
        abort(404)
    return found


def _typed() -> bytes:
    """What was uploaded, otherwise what was typed."""
    uploaded = request.files.get("file")
    if uploaded is not None and uploaded.filename:
        return uploaded.stream.read(instruments.LIMIT + 1)
    return request.form.get("text", "").encode("utf-8", "replace")


def _shown(typed: bytes) -> str:
    return typed.decode("utf-8-sig", "replace").replace("\r\n", "\n")


def _overview(*, refusal: str = "") -> str:
    mine = library.own_of(service(), organisation_id())
    every = library.library_of(service(), organisation_id())
    return render_template(
        "office/instruments/list.html",
        own=[*mine.values()],
        shipped=[form for form in every.values() if form.id not in mine],
        refusal=refusal,
        confirm=ConfirmForm(empty=True),
    )


def _editor(
    form: InstrumentForm, instrument: Instrument, *, errors: Sequence[tuple[str, str]] = ()
) -> str:
    offer_choices(form)
    return render_template(
        "office/instruments/edit.html",
        form=form,
        instrument=instrument,
        action=url_for("instruments.edit", identifier=instrument.id),
        users=library.users_of(service(), organisation_id(), instrument.id),
        errors=errors,
        saved="saved" in request.args,
        copied="copied" in request.args,
    )


def _text_page(
    typed: str,
    *,
    instrument: Instrument | None = None,
    faults: Sequence[Fault] = (),
    refusal: str = "",
) -> str:
    lines = typed.split("\n")
    told = [
        (fault.line, fault.en if english() else fault.zh, _line(lines, fault.line))
        for fault in faults
    ]
    return render_template(
        "office/instruments/text.html",
        typed=typed,
        instrument=instrument,
        title=texted(instrument.title) if instrument else "",
        faults=told,
        wrong={fault.line for fault in faults},
        lines=max(len(lines), 20),
        refusal=refusal,
        form=ConfirmForm(empty=True),
    )


def _line(lines: Sequence[str], number: int) -> str:
    return lines[number - 1].strip() if 0 < number <= len(lines) else ""

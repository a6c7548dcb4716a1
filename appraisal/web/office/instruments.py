"""The library of ballot forms 测评表: those shipped and the organisation's own."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_security import auth_required

from appraisal.ballot_form import Instrument, SubjectKind
from appraisal.errors import StepError
from appraisal.manifest import Subject
from appraisal.steps import library
from appraisal.web.office import ballots_form
from appraisal.web.office.current import organisation_id, service
from appraisal.web.office.forms import ConfirmForm
from appraisal.web.office.words import refusal_words

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
    instrument = _instrument(identifier)
    return render_template(
        "office/instrument.html",
        instrument=instrument,
        limits=ballots_form.limits_of(instrument, members=0),
        examples=_examples(instrument),
        own=identifier in library.own_of(service(), organisation_id()),
    )


@blueprint.post("/forms/<identifier>/copy")
def copy(identifier: str) -> ResponseReturnValue:
    """A copy of a ballot form, to be changed."""
    _instrument(identifier)
    form = ConfirmForm()
    if not form.sent():
        abort(400)
    try:
        made = library.copy(service(), organisation_id(), identifier)
    except StepError as error:
        return _overview(refusal=refusal_words(error)), 409
    return redirect(url_for("instruments.preview", identifier=made.id))


def own(identifier: str) -> Instrument:
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


def _examples(instrument: Instrument) -> list[Subject]:
    """Subjects to show a form with: of the kinds that its limits name, otherwise a person."""
    kinds = {limit.kind for limit in instrument.limits}
    names = (gettext("示例甲"), gettext("示例乙"), gettext("示例丙"), gettext("示例丁"))
    persons = [Subject(SubjectKind.PERSON, name, gettext("职务")) for name in names]
    branches = [
        Subject(SubjectKind.ORGANISATION, gettext("示例党支部"), ""),
        Subject(SubjectKind.ORGANISATION, gettext("示例二支部"), ""),
    ]
    if SubjectKind.PERSON not in kinds and SubjectKind.ORGANISATION in kinds:
        return branches
    return [*branches, *persons] if SubjectKind.ORGANISATION in kinds else persons


def _overview(*, refusal: str = "") -> str:
    mine = library.own_of(service(), organisation_id())
    every = library.library_of(service(), organisation_id())
    return render_template(
        "office/instruments.html",
        own=[*mine.values()],
        shipped=[form for form in every.values() if form.id not in mine],
        refusal=refusal,
        confirm=ConfirmForm(empty=True),
    )

"""Organisations and accounts: small pages for the operator of a service."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_security import auth_required, roles_required

from appraisal.web.office.current import service, user
from appraisal.web.office.entry import accounts
from appraisal.web.office.entry.accounts import AccountError
from appraisal.web.office.fields import errors_of, options
from appraisal.web.office.forms import ConfirmForm, OrganisationForm, PersonForm

blueprint = Blueprint("people", __name__, url_prefix="/people")


@blueprint.before_request
@auth_required("session")
@roles_required(accounts.OPERATOR)
def _operators_only() -> None:
    """Let operators in and nobody else."""


@blueprint.get("/")
def overview() -> ResponseReturnValue:
    """All organisations with their users."""
    return _page(OrganisationForm(), PersonForm())


@blueprint.post("/organisations")
def add_organisation() -> ResponseReturnValue:
    """A new organisation."""
    form = OrganisationForm()
    if not form.sent():
        return _page(form, PersonForm(empty=True)), 422
    service().office.organisation(form.name.text)
    return redirect(url_for("people.overview"))


@blueprint.post("/users")
def add_user() -> ResponseReturnValue:
    """A new account, or a new link for one that stands: shown once, to be passed on."""
    form = PersonForm()
    names = {row.id: row.name for row, _ in accounts.everyone(service())}
    form.organisation.choices = options(*names.items())
    if not form.sent():
        return _page(OrganisationForm(empty=True), form), 422
    try:
        url = accounts.invite(
            service(),
            form.email.text,
            names[form.organisation.data],
            name=form.name.text,
            operator=form.operator.data,
        )
    except AccountError as error:
        form.email.errors = [
            gettext("这个邮箱已经属于另一个组织。")
            if error.code == "elsewhere"
            else gettext("这不是一个邮箱地址。")
        ]
        return _page(OrganisationForm(empty=True), form), 422
    return render_template("office/entry/invited.html", url=url, email=form.email.text)


@blueprint.post("/users/<int:number>/active")
def switch(number: int) -> ResponseReturnValue:
    """Let an account sign in, or not any more; never one's own."""
    if number == user().id:
        abort(409)
    accounts.switch(service(), number, active=request.form.get("active") == "1")
    return redirect(url_for("people.overview"))


def _page(organisation: OrganisationForm, person: PersonForm) -> str:
    everyone = accounts.everyone(service())
    person.organisation.choices = options(*((row.id, row.name) for row, _ in everyone))
    return render_template(
        "office/entry/people.html",
        everyone=everyone,
        organisation_form=organisation,
        person_form=person,
        confirm=ConfirmForm(empty=True),
        errors=errors_of(organisation) + errors_of(person),
        operator_role=accounts.OPERATOR,
    )

"""Sign-in by one-time link, the first password, one's own account, and the language."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, current_app, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_security import Security, auth_required, hash_password, login_user
from flask_security.utils import verify_password

from appraisal.web.office.current import service, user
from appraisal.web.office.entry import accounts
from appraisal.web.office.entry.protection import PASSWORD_LENGTH
from appraisal.web.office.fields import errors_of
from appraisal.web.office.forms import ConfirmForm, OwnPasswordForm, PasswordForm
from appraisal.web.office.words import LANGUAGES

blueprint = Blueprint("sign_in", __name__)


@blueprint.route("/sign-in/<secret>", methods=["GET", "POST"])
def by_link(secret: str) -> ResponseReturnValue:
    """A one-time link: looking shows a button or a form, only sending it uses the link up."""
    link = accounts.look_at(service(), secret)
    if link is None:
        return render_template("office/entry/link_gone.html"), 410
    form = PasswordForm() if link.sets_password else ConfirmForm()
    if form.sent() and (not isinstance(form, PasswordForm) or _acceptable(form)):
        password_hash = (
            hash_password(_normal(form.password.text)) if isinstance(form, PasswordForm) else None
        )
        identifier = accounts.use(service(), secret, password_hash=password_hash)
        found = accounts.find(identifier) if identifier else None
        if found is None:
            return render_template("office/entry/link_gone.html"), 410
        session.clear()
        session.permanent = True
        login_user(found, authn_via=["link"])
        return redirect(url_for("sessions.overview"))
    status = 422 if request.method == "POST" else 200
    return render_template(
        "office/entry/link.html",
        link=link,
        form=form,
        errors=errors_of(form),
        password_length=PASSWORD_LENGTH,
    ), status


@blueprint.route("/account", methods=["GET", "POST"])
@auth_required("session")
def password() -> ResponseReturnValue:
    """One's own account: name, organisation, and a new password."""
    form = OwnPasswordForm()
    if not user().password:
        del form.present
    if form.sent() and _present_right(form) and _acceptable(form):
        new = hash_password(_normal(form.password.text))
        identifier = accounts.change_password(service(), user().id, new)
        found = accounts.find(identifier)
        if found is not None:
            login_user(found, authn_via=["password"])
        return redirect(url_for("sign_in.password", changed=1))
    status = 422 if request.method == "POST" else 200
    return render_template(
        "office/entry/account.html",
        form=form,
        errors=errors_of(form),
        changed="changed" in request.args,
        password_length=PASSWORD_LENGTH,
    ), status


@blueprint.post("/language")
def language() -> ResponseReturnValue:
    """The other language, from the next page on."""
    chosen = request.form.get("language", "")
    if chosen in LANGUAGES:
        session["language"] = chosen
    back = request.form.get("back", "")
    # Only a path of this office: never an address that somebody else wrote into the form.
    inside = back.startswith("/") and not back.startswith(("//", "/\\")) and "\\" not in back
    return redirect(request.script_root + back if inside else url_for("sessions.overview"))


def _normal(password: str) -> str:
    return cast("Security", current_app.extensions["security"]).password_util.normalize(password)


def _acceptable(form: PasswordForm) -> bool:
    """Whether Flask-Security takes this as a password; otherwise the form says why not."""
    if len(_normal(form.password.text)) < PASSWORD_LENGTH:
        form.password.errors = [
            gettext(
                "密码至少要 %(length)s 个字符。可以用一句自己记得住的话。", length=PASSWORD_LENGTH
            )
        ]
        return False
    return True


def _present_right(form: OwnPasswordForm) -> bool:
    stored = user().password
    if stored is None or verify_password(_normal(form.present.text), stored):
        return True
    form.present.errors = [gettext("现在的密码不对。")]
    return False

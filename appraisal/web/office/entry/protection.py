"""What guards every page of the office: cookies, forged requests, headers, sizes and rates."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from ipaddress import ip_address
from typing import Any, Final

from flask import Flask, Response, request, session
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from appraisal.ballot_form import MAX_OPTIONS, MAX_QUESTIONS
from appraisal.config import Settings
from appraisal.web import headers
from appraisal.web.office.whole_forms import OfficeRequest

SIGNED_IN_FOR: Final = timedelta(hours=8)
MAX_REQUEST: Final = 8 * 2**20
MAX_FIELDS: Final = 100 + MAX_QUESTIONS * (10 + 5 * MAX_OPTIONS)
"""Fields of one form, at most: as many as the editor needs for the largest ballot form that a
manifest may have (protocol §4.1). Those sizes are the rule, and no page of the office is narrower.
"""
STRANGERS_REQUEST: Final = 64 * 2**10
STRANGERS_FIELDS: Final = 50
"""What somebody may send who is not signed in: a password, and no more work than that is."""
COOKIE: Final = "appraisal_office"
PASSWORD_LENGTH: Final = 10
PASSWORD_COST: Final = {
    "argon2__time_cost": 3,
    "argon2__memory_cost": 64 * 1024,
    "argon2__parallelism": 4,
}
"""Argon2id as RFC 9106 §4 recommends it second: 64 MiB, three passes, four lanes."""


def configure(app: Flask, settings: Settings, *, secret: bytes) -> None:
    """The office's configuration; `secret` are 32 bytes from the key folder."""
    app.request_class = OfficeRequest
    app.config.update(
        SECRET_KEY=_derived(secret, "session"),
        SESSION_COOKIE_NAME=COOKIE,
        SESSION_COOKIE_PATH="/office",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=SIGNED_IN_FOR,
        MAX_CONTENT_LENGTH=MAX_REQUEST,
        MAX_FORM_MEMORY_SIZE=MAX_REQUEST,
        MAX_FORM_PARTS=MAX_FIELDS,
        # The token lives as long as the sign-in: a form left open over lunch still sends.
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=True,
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106 - the name of a function
        SECURITY_PASSWORD_SCHEMES=["argon2"],
        SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS=PASSWORD_COST,
        SECURITY_PASSWORD_SALT=_derived(secret, "password"),
        SECURITY_PASSWORD_LENGTH_MIN=PASSWORD_LENGTH,
        SECURITY_API_ENABLED_METHODS=["session"],
        SECURITY_RETURN_GENERIC_RESPONSES=True,
        SECURITY_FLASH_MESSAGES=False,
        SECURITY_LOGIN_USER_TEMPLATE="office/entry/login.html",
        SECURITY_POST_LOGIN_VIEW="sessions.overview",
        SECURITY_POST_LOGOUT_VIEW="security.login",
        SECURITY_DEFAULT_REMEMBER_ME=False,
        SECURITY_LOGOUT_CSRF=True,
        SECURITY_CACHE_CONTROL=None,  # the office's own header says it for every page
    )
    # Before anything else looks at a request: the check of its token reads the whole form.
    app.before_request(_spare_work_for_strangers)


def install(app: Flask, settings: Settings) -> None:
    """Check every form's token, limit guesses and put the headers on every answer."""
    CSRFProtect(app)
    limiter = Limiter(
        get_remote_address,
        app=app,
        storage_uri="memory://",
        strategy="moving-window",
        headers_enabled=False,
    )
    by_account = limiter.limit(
        "10 per 10 minutes", key_func=_account, methods=["POST"], deduct_when=_failed
    )
    by_address = limiter.limit(
        "60 per 10 minutes", methods=["POST"], deduct_when=_failed, exempt_when=_behind_a_proxy
    )
    limited: dict[str, Callable[..., Any]] = {
        name: by_address(app.view_functions[name])
        for name in ("security.login", "sign_in.by_link", "sign_in.password")
    }
    limited["security.login"] = by_account(limited["security.login"])
    app.view_functions.update(limited)
    carried = headers.office(secure=settings.secure)

    @app.after_request
    def _headers(response: Response) -> Response:
        response.headers.update(carried)
        return response


def trust_proxies(app: Flask, number: int) -> None:
    """Take the address of who asks from ``X-Forwarded-For``, as `number` proxies wrote it."""
    if number:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=number, x_proto=0, x_host=0
        )


def stranger() -> bool:
    """Whether nobody is signed in, by the signed cookie alone: nothing is read of the request."""
    return "_user_id" not in session


def _spare_work_for_strangers() -> None:
    if stranger():
        request.max_content_length = STRANGERS_REQUEST
        request.max_form_parts = STRANGERS_FIELDS


def _failed(response: Response) -> bool:
    """Whether an attempt did not succeed: who signs in is sent on to another page."""
    return not HTTPStatus.MULTIPLE_CHOICES <= response.status_code < HTTPStatus.BAD_REQUEST


def _behind_a_proxy() -> bool:
    """Whether everybody seems to come from this machine: one guesser must not lock all out."""
    try:
        return ip_address(get_remote_address()).is_loopback
    except ValueError:
        return True


def _account() -> str:
    """The account that somebody tries to sign in to, and from where: nobody locks out others."""
    email = request.form.get("email", "")[:255].strip().lower()
    tried = f"{get_remote_address()} {email}"
    return hashlib.sha256(tried.encode("utf-8", "replace")).hexdigest()


def _derived(secret: bytes, purpose: str) -> str:
    return hmac.digest(secret, b"appraisal/1 office " + purpose.encode(), "sha256").hex()

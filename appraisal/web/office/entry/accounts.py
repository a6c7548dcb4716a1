"""Who may work in the office: accounts, one-time sign-in links, and Flask-Security on both.

A link is known by the SHA-256 of its secret and used once, by POST: what merely looks at it (a
link preview, a mail scanner) changes nothing. No address and no count of sign-ins is kept.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import email_validator
from flask import Flask, current_app
from flask_security import Security, SQLAlchemySessionUserDatastore, UserMixin
from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.orm import Session, joinedload, scoped_session, sessionmaker

from appraisal.errors import AppraisalError
from appraisal.steps.service import Service
from appraisal.store.office import OrganisationRow, RoleRow, SignInLinkRow, UserRow

SECRETARY: Final = "secretary"
OPERATOR: Final = "operator"
LINK_LASTS: Final = timedelta(hours=24)
SECRET_SIZE: Final = 32
DEMONSTRATION_EMAIL: Final = "demonstration@example.org"


class AccountError(AppraisalError):
    """An account that cannot be made; `code` says why."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


class User(UserRow, UserMixin):  # type: ignore[misc]
    """Someone who signs in: the row, whose columns the mixin names too, with what it can do."""


@dataclass(frozen=True)
class SignInLink:
    """A link that is still good: for whom, and whether it leads to a first password."""

    email: str
    name: str
    sets_password: bool


def invite(
    service: Service,
    email: str,
    organisation: str | None = None,
    *,
    name: str = "",
    operator: bool = False,
) -> str:
    """The address of a link, good for 24 hours, by which a person sets a password.

    The account is made if there is none; an earlier password stays good until a new one is set.
    Only a new account needs its organisation named. Raises `AccountError` if the address is no
    e-mail address, belongs to another organisation, or is new and no organisation is named.
    """
    address = _normal(email)
    organisation_id = None if organisation is None else service.office.organisation(organisation)
    with service.office.database.write() as tx:
        user = _user(tx, address)
        if user is None:
            if organisation_id is None:
                raise AccountError("unknown", f"{address} is new: name the organisation")
            user = _add_user(service, tx, address, name=name, organisation_id=organisation_id)
        elif organisation_id not in {None, user.organisation_id}:
            raise AccountError("elsewhere", f"{address} belongs to another organisation")
        _give_roles(tx, user, operator=operator)
        return _link(service, tx, user, sets_password=True)


def demonstration_link(service: Service, *, organisation: str) -> str:
    """The address of a one-time link that signs in as the demonstration's operator."""
    organisation_id = service.office.organisation(organisation)
    with service.office.database.write() as tx:
        user = _user(tx, DEMONSTRATION_EMAIL)
        if user is None:
            user = _add_user(
                service, tx, DEMONSTRATION_EMAIL, name="演示账号", organisation_id=organisation_id
            )
        user.organisation_id = organisation_id
        _give_roles(tx, user, operator=True)
        return _link(service, tx, user, sets_password=False)


def look_at(service: Service, secret: str) -> SignInLink | None:
    """The link of a secret, if it is still good; looking changes nothing."""
    with service.office.database.read() as tx:
        row = tx.scalar(_good(service, secret))
        if row is None:
            return None
        user = tx.get_one(UserRow, row.user_id)
        return SignInLink(user.email, user.name, row.sets_password)


def use(service: Service, secret: str, *, password_hash: str | None) -> str | None:
    """Use a link up: the identifier of its user, or None if it is not good any more.

    With `password_hash` the user's password is set and every standing sign-in ends.
    """
    with service.office.database.write() as tx:
        link = tx.scalar(_good(service, secret))
        if link is None or link.sets_password != (password_hash is not None):
            return None
        user = tx.get_one(UserRow, link.user_id)
        if password_hash is not None:
            _set_password(service, tx, user, password_hash)
        else:
            tx.execute(delete(SignInLinkRow).where(SignInLinkRow.hash == link.hash))
        return user.fs_uniquifier


def change_password(service: Service, user_id: int, password_hash: str) -> str:
    """Set a user's password; the new identifier. Every other sign-in and link ends."""
    with service.office.database.write() as tx:
        user = tx.get_one(UserRow, user_id)
        _set_password(service, tx, user, password_hash)
        return user.fs_uniquifier


def switch(service: Service, user_id: int, *, active: bool) -> None:
    """Let a user sign in or not; standing sign-ins end."""
    with service.office.database.write() as tx:
        tx.execute(
            update(UserRow)
            .where(UserRow.id == user_id)
            .values(active=active, fs_uniquifier=_uniquifier(service))
        )
        if not active:
            tx.execute(delete(SignInLinkRow).where(SignInLinkRow.user_id == user_id))


def everyone(service: Service) -> list[tuple[OrganisationRow, list[UserRow]]]:
    """All organisations by name, each with its users by e-mail address."""
    with service.office.database.read() as tx:
        organisations = tx.scalars(select(OrganisationRow).order_by(OrganisationRow.name)).all()
        query = select(UserRow).options(joinedload(UserRow.roles)).order_by(UserRow.email)
        users = tx.scalars(query).unique().all()
        return [(o, [u for u in users if u.organisation_id == o.id]) for o in organisations]


def names_in(service: Service, organisation_id: int) -> list[str]:
    """The names of the accounts of an organisation that may sign in."""
    query = select(UserRow.name).where(UserRow.organisation_id == organisation_id, UserRow.active)
    with service.office.database.read() as tx:
        return list(tx.scalars(query))


def install(app: Flask, service: Service) -> scoped_session[Session]:
    """Put Flask-Security on the office's tables; its session is closed after each request."""
    engine = service.office.database.engine
    session = scoped_session(sessionmaker(engine, expire_on_commit=False))
    datastore = SQLAlchemySessionUserDatastore(session, User, RoleRow)  # type: ignore[arg-type]
    Security(app, datastore, register_blueprint=True)

    @app.teardown_appcontext
    def _close(_error: BaseException | None) -> None:
        session.remove()

    return session


def find(uniquifier: str) -> User | None:
    """The user of an identifier as the database has it now, within a request."""
    datastore = current_app.extensions["security"].datastore
    datastore.db.session.expire_all()
    found = datastore.find_user(fs_uniquifier=uniquifier)
    return found if isinstance(found, User) else None


def _normal(email: str) -> str:
    try:
        found = email_validator.validate_email(email, check_deliverability=False)
    except email_validator.EmailNotValidError as error:
        raise AccountError("email", f"{email} is no e-mail address") from error
    return found.normalized.lower()


def _user(tx: Session, email: str) -> UserRow | None:
    return tx.scalar(select(UserRow).where(func.lower(UserRow.email) == email))


def _add_user(
    service: Service, tx: Session, email: str, *, name: str, organisation_id: int
) -> UserRow:
    user = UserRow(
        email=email,
        name=name,
        organisation_id=organisation_id,
        active=True,
        fs_uniquifier=_uniquifier(service),
    )
    tx.add(user)
    tx.flush()
    return user


def _give_roles(tx: Session, user: UserRow, *, operator: bool) -> None:
    standing = {role.name for role in user.roles}
    for name in (SECRETARY, OPERATOR) if operator else (SECRETARY,):
        if name not in standing:
            role = tx.scalar(select(RoleRow).where(RoleRow.name == name))
            user.roles.append(role or RoleRow(name=name))


def _link(service: Service, tx: Session, user: UserRow, *, sets_password: bool) -> str:
    tx.execute(delete(SignInLinkRow).where(SignInLinkRow.expires_at <= _now(service)))
    secret = base64.urlsafe_b64encode(service.rng(SECRET_SIZE)).rstrip(b"=").decode()
    tx.add(
        SignInLinkRow(
            hash=_hash(secret),
            user_id=user.id,
            sets_password=sets_password,
            expires_at=_now(service) + LINK_LASTS,
        )
    )
    return f"{service.settings.base_url}/office/sign-in/{secret}"


def _good(service: Service, secret: str) -> Select[SignInLinkRow]:
    return (
        select(SignInLinkRow)
        .join(UserRow, UserRow.id == SignInLinkRow.user_id)
        .where(
            SignInLinkRow.hash == _hash(secret),
            SignInLinkRow.expires_at > _now(service),
            UserRow.active,
        )
    )


def _set_password(service: Service, tx: Session, user: UserRow, password_hash: str) -> None:
    user.password = password_hash
    user.fs_uniquifier = _uniquifier(service)
    tx.execute(delete(SignInLinkRow).where(SignInLinkRow.user_id == user.id))


def _uniquifier(service: Service) -> str:
    return service.rng(32).hex()


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def _now(service: Service) -> datetime:
    return service.now()

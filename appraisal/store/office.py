"""The office's tables, beside the slips: organisations, users, sessions, boards, results.

They hold no voter data. A session row has the times of the office's own steps, a day's business
that everybody in the room sees; no time of any slip or ballot is kept anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from enum import Enum
from typing import Any, Final

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    Table,
    TypeDecorator,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, defer, mapped_column, relationship

from appraisal.errors import StepError
from appraisal.manifest import SESSION_SYMBOLS, SessionId
from appraisal.store.database import Database, values_of
from appraisal.store.registry import RegistryBase

NAME_LENGTH: Final = 200


class Phase(Enum):
    """Where a session stands; each step of the protocol leads to the next."""

    DRAFT = "draft"
    FROZEN = "frozen"
    PRINTED = "printed"
    VOTING = "voting"
    CLOSED = "closed"
    OPENED = "opened"
    VOID = "void"


OVER: Final = (Phase.OPENED, Phase.VOID)
"""Where a session stands whose boxes were opened, or never will be."""
SETTLED: Final = (Phase.CLOSED, *OVER)
"""Where a session stands that takes no ballot any more."""


class Moment(TypeDecorator[datetime]):
    """A moment with its time zone; SQLite keeps none, so UTC is what is stored."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002
    ) -> datetime | None:
        """Turn a moment into UTC."""
        return value.astimezone(UTC) if value else None

    def process_result_value(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002
    ) -> datetime | None:
        """Give a moment its time zone back."""
        if value is not None and value.tzinfo is None:
            return value.replace(tzinfo=UTC)
        return value


_user_role: Final = Table(
    "user_role",
    RegistryBase.metadata,
    Column("user_id", ForeignKey("user.id", ondelete="CASCADE"), primary_key=True),
    Column("role_id", ForeignKey("role.id", ondelete="CASCADE"), primary_key=True),
)


class OrganisationRow(RegistryBase):
    """A Party organisation whose sessions the office keeps apart."""

    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH), unique=True)


class RoleRow(RegistryBase):
    """What a user may do: secretary, administrator."""

    __tablename__ = "role"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    description: Mapped[str] = mapped_column(String(255), default="")
    permissions: Mapped[str] = mapped_column(String(1000), default="")

    def get_permissions(self) -> set[str]:
        """The permissions one by one; the name is the one that Flask-Security calls."""
        return {name for name in self.permissions.split(",") if name}


class UserRow(RegistryBase):
    """Someone who signs in to the office; `password` is an Argon2 hash.

    The columns are those that Flask-Security asks for. No address and no count of sign-ins is kept.
    """

    __tablename__ = "user"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    email: Mapped[str] = mapped_column(String(255), unique=True)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH), default="")
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    organisation: Mapped[OrganisationRow | None] = relationship()
    roles: Mapped[list[RoleRow]] = relationship(secondary=_user_role)


class SignInLinkRow(RegistryBase):
    """A one-time sign-in link, known by the hash of its secret (32 bytes); gone once used.

    With `sets_password` it leads to setting a first password, otherwise it signs in directly.
    """

    __tablename__ = "sign_in_link"

    hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    sets_password: Mapped[bool] = mapped_column(Boolean)
    expires_at: Mapped[datetime] = mapped_column(Moment)


class SessionRow(RegistryBase):
    """A session 评议 as the office keeps it.

    `draft` is canonical JSON of a `Draft`; `manifest`, `openings` and `results` are the bytes that
    are published; `comments` is what was opened of the comment box, and is not. `begun_at` is when
    voting began, `opened_at` when the boxes were opened. `destruction` is canonical JSON, the
    record of what was destroyed at `destroyed_at`.
    """

    __tablename__ = "session"

    id: Mapped[str] = mapped_column(String(SESSION_SYMBOLS), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    title: Mapped[str] = mapped_column(String(NAME_LENGTH))
    phase: Mapped[Phase] = mapped_column(values_of(Phase))
    demonstration: Mapped[bool] = mapped_column(Boolean)
    draft: Mapped[bytes] = mapped_column(LargeBinary)
    manifest: Mapped[bytes | None] = mapped_column(LargeBinary)
    checkpoint: Mapped[str | None] = mapped_column(String(4096))
    openings: Mapped[bytes | None] = mapped_column(LargeBinary)
    comments: Mapped[bytes | None] = mapped_column(LargeBinary)
    results: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(Moment)
    frozen_at: Mapped[datetime | None] = mapped_column(Moment)
    begun_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    opened_at: Mapped[datetime | None] = mapped_column(Moment)
    destroyed_at: Mapped[datetime | None] = mapped_column(Moment)
    destruction: Mapped[bytes | None] = mapped_column(LargeBinary)


class BoardEntryRow(RegistryBase):
    """An entry of a session's board that is not a ballot; the ballots stay in the box."""

    __tablename__ = "board_entry"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy's own form

    session: Mapped[str] = mapped_column(
        String(SESSION_SYMBOLS), ForeignKey("session.id"), primary_key=True
    )
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    entry: Mapped[bytes] = mapped_column(LargeBinary)


class Office:
    """Sessions and boards. Methods that take a `Session` are part of its transaction."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def organisation(self, name: str) -> int:
        """The number of an organisation, made known if it is not yet."""
        with self.database.write() as tx:
            query = select(OrganisationRow.id).where(OrganisationRow.name == name)
            known = tx.execute(query).scalar_one_or_none()
            if known is not None:
                return known
            row = OrganisationRow(name=name)
            tx.add(row)
            tx.flush()
            return row.id

    def create(
        self,
        session: SessionId,
        *,
        organisation_id: int,
        title: str,
        draft: bytes,
        demonstration: bool,
        at: datetime,
    ) -> None:
        """A new session in its first phase."""
        with self.database.write() as tx:
            tx.add(
                SessionRow(
                    id=session,
                    organisation_id=organisation_id,
                    title=title,
                    phase=Phase.DRAFT,
                    demonstration=demonstration,
                    draft=draft,
                    created_at=at,
                )
            )

    def session(self, session: SessionId) -> SessionRow | None:
        """A session, apart from any transaction; None if there is none of this name."""
        with self.database.read() as tx:
            return tx.get(SessionRow, session)

    def phase(self, session: SessionId) -> Phase | None:
        """Where a session stands."""
        query = select(SessionRow.phase).where(SessionRow.id == session)
        with self.database.read() as tx:
            return tx.execute(query).scalar_one_or_none()

    def hold(self, tx: Session, session: SessionId) -> SessionRow | None:
        """A session that nobody else changes until the transaction ends."""
        query = select(SessionRow).where(SessionRow.id == session).with_for_update()
        return tx.execute(query).scalar_one_or_none()

    def checkpoint(self, session: SessionId) -> str | None:
        """The signed checkpoint of a session's board; None before freezing."""
        query = select(SessionRow.checkpoint).where(SessionRow.id == session)
        with self.database.read() as tx:
            return tx.execute(query).scalar_one_or_none()

    def destruction(self, session: SessionId) -> bytes | None:
        """The record of what was destroyed of a session, canonical JSON; None while it is kept."""
        query = select(SessionRow.destruction).where(SessionRow.id == session)
        with self.database.read() as tx:
            return tx.execute(query).scalar_one_or_none()

    def destroyed_at(self, session: SessionId) -> datetime | None:
        """When the destruction of a session's ballots was finished."""
        query = select(SessionRow.destroyed_at).where(SessionRow.id == session)
        with self.database.read() as tx:
            return tx.execute(query).scalar_one_or_none()

    def manifest(self, session: SessionId) -> bytes | None:
        """The manifest's canonical bytes; None before freezing."""
        query = select(SessionRow.manifest).where(SessionRow.id == session)
        with self.database.read() as tx:
            return tx.execute(query).scalar_one_or_none()

    def sessions(self, organisation_id: int | None = None) -> tuple[SessionRow, ...]:
        """The sessions of an organisation, or all, newest first, without what voters made long."""
        long = (
            SessionRow.manifest,
            SessionRow.openings,
            SessionRow.comments,
            SessionRow.results,
        )
        query = (
            select(SessionRow)
            .options(*(defer(column, raiseload=True) for column in long))
            .order_by(SessionRow.created_at.desc(), SessionRow.id)
        )
        if organisation_id is not None:
            query = query.where(SessionRow.organisation_id == organisation_id)
        with self.database.read() as tx:
            return tuple(tx.execute(query).scalars())

    def change(
        self,
        tx: Session,
        session: SessionId,
        *,
        phases: Iterable[Phase],
        becomes: Phase | None = None,
        **values: Any,
    ) -> None:
        """Change a session that stands in one of `phases`; `StepError` if it does not any more.

        The check and the change are one statement, so that of two clicks one counts.
        """
        expected = tuple(phases)
        if becomes is not None:
            values["phase"] = becomes
        changed = tx.execute(
            update(SessionRow)
            .where(SessionRow.id == session, SessionRow.phase.in_(expected))
            .values(**values)
            .execution_options(synchronize_session=False)
        )
        if changed.rowcount != 1:  # type: ignore[attr-defined]
            raise StepError("changed-meanwhile", "the session has moved on meanwhile")

    def delete_draft(self, session: SessionId) -> None:
        """Remove a session that was never frozen."""
        with self.database.write() as tx:
            removed = tx.execute(
                delete(SessionRow).where(SessionRow.id == session, SessionRow.phase == Phase.DRAFT)
            )
            if removed.rowcount != 1:  # type: ignore[attr-defined]
                raise StepError("not-draft", "only a draft can be removed")

    def entries(self, tx: Session, session: SessionId) -> tuple[bytes, ...]:
        """The board's entries that are not ballots, in order."""
        query = (
            select(BoardEntryRow.entry)
            .where(BoardEntryRow.session == session)
            .order_by(BoardEntryRow.number)
        )
        return tuple(tx.execute(query).scalars())

    def add_entries(self, tx: Session, session: SessionId, entries: Sequence[bytes]) -> None:
        """Put entries after those that stand on the board."""
        query = select(func.count()).where(BoardEntryRow.session == session)
        first = tx.execute(query).scalar_one()
        tx.execute(
            insert(BoardEntryRow),
            [
                {"session": session, "number": first + number, "entry": entry}
                for number, entry in enumerate(entries)
            ],
        )

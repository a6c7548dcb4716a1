"""The registry 凭证登记: which slips there are and which are used up; never what was voted.

A slip is known by its hash. Rows carry no time and stand in order of hash; whoever alters them can
refuse a voter or hand out a second token, and is found by the reconciliation on the board.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final, cast

from sqlalchemy import (
    CheckConstraint,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    UniqueConstraint,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from appraisal.errors import Refusal, SlipDrawn, SlipInactive, SlipUnknown, SlipVoid
from appraisal.manifest import SESSION_SYMBOLS, SessionId
from appraisal.store.admission import Admission, refusal_of
from appraisal.store.database import NAMING, Database, values_of
from appraisal.store.writer import Writer

HASH_SIZE: Final = 32


class SlipState(Enum):
    """What became of a slip 凭证."""

    PRINTED = "printed"
    ACTIVE = "active"
    DRAWN = "drawn"
    VOID = "void"


class RegistryBase(DeclarativeBase):
    """The tables of the registry database; the office's own stand beside the slips."""

    metadata = MetaData(naming_convention=NAMING)


class RegistrySession(RegistryBase):
    """Whether the registrar signs for a session."""

    __tablename__ = "registry_session"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy's own form

    session: Mapped[str] = mapped_column(String(SESSION_SYMBOLS), primary_key=True)
    admission: Mapped[Admission] = mapped_column(values_of(Admission))


class Slip(RegistryBase):
    """A slip: its hash, where it was printed, what became of it.

    `request_hash` knows a repeated draw; it is cleared at close.
    """

    __tablename__ = "slip"
    # WITHOUT ROWID: rows stand in order of hash, and no row number tells when one was written.
    __table_args__ = (
        UniqueConstraint("session", "class", "serial", name="uq_slip_serial"),
        CheckConstraint("(state = 'drawn') OR (request_hash IS NULL)", name="request_of_drawn"),
        {"sqlite_with_rowid": False},
    )

    hash: Mapped[bytes] = mapped_column(LargeBinary(HASH_SIZE), primary_key=True)
    session: Mapped[str] = mapped_column(String(SESSION_SYMBOLS))
    voter_class: Mapped[int] = mapped_column("class", SmallInteger)
    serial: Mapped[int]
    state: Mapped[SlipState] = mapped_column(values_of(SlipState))
    request_hash: Mapped[bytes | None] = mapped_column(LargeBinary(HASH_SIZE))


_SESSION: Final = cast("Table", RegistrySession.__table__)
_SLIP: Final = cast("Table", Slip.__table__)
# FOR SHARE against the update of `admit`: a slip is either drawn before close, or refused.
_ADMISSIONS: Final = (
    select(_SESSION.c.session, _SESSION.c.admission)
    .where(_SESSION.c.session.in_(bindparam("sessions", expanding=True)))
    .order_by(_SESSION.c.session)
    .with_for_update(read=True)
)
# In order of hash: two processes that lock the same rows wait, and do not deadlock.
_SLIPS: Final = (
    select(_SLIP.c.hash, _SLIP.c.session, _SLIP.c.state, _SLIP.c.request_hash)
    .where(_SLIP.c.hash.in_(bindparam("slips", expanding=True)))
    .order_by(_SLIP.c.hash)
    .with_for_update()
)
_MARK_DRAWN: Final = (
    update(_SLIP)
    .where(_SLIP.c.hash == bindparam("drawn_slip"))
    .values(state=SlipState.DRAWN, request_hash=bindparam("request"))
)


@dataclass(frozen=True)
class Draw:
    """A draw: the slip it uses up and the hash of its blinded messages, 32 bytes each."""

    session: SessionId
    slip: bytes
    request_hash: bytes


@dataclass(frozen=True)
class SlipTotals:
    """How many slips of a class stand in each state.

    `inactive` slips are printed and no more, `undrawn` ones active; what counts several states is
    a property.
    """

    voter_class: int
    inactive: int
    undrawn: int
    drawn: int
    void: int

    @classmethod
    def none(cls, voter_class: int) -> SlipTotals:
        """Those of a class without a slip."""
        return cls(voter_class, inactive=0, undrawn=0, drawn=0, void=0)

    @property
    def printed(self) -> int:
        """Every slip that was ever printed."""
        return self.inactive + self.undrawn + self.drawn + self.void

    @property
    def active(self) -> int:
        """Every slip made active that is not void, drawn or not."""
        return self.undrawn + self.drawn


class Registry:
    """The slips of all sessions. Methods that take a `Session` are part of its transaction."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._draws: Writer[Draw, None] = Writer(self._apply, name="registry")

    def admit(self, tx: Session, session: SessionId, admission: Admission) -> None:
        """Let the registrar sign for a session, or stop it."""
        tx.merge(RegistrySession(session=session, admission=admission))

    def admission(self, session: SessionId) -> Admission | None:
        """Whether the registrar signs for a session; None if it knows none of this name."""
        with self.database.read() as tx:
            row = tx.get(RegistrySession, session)
            return row.admission if row else None

    def add(
        self,
        tx: Session,
        session: SessionId,
        *,
        voter_class: int,
        first: int,
        hashes: Sequence[bytes],
    ) -> None:
        """New slips, printed, with serials from `first` on in the order given."""
        rows: list[dict[str, Any]] = [
            {
                "hash": slip,
                "session": session,
                "voter_class": voter_class,
                "serial": first + number,
                "state": SlipState.PRINTED,
                "request_hash": None,
            }
            for number, slip in enumerate(hashes)
        ]
        tx.execute(insert(Slip), sorted(rows, key=lambda row: row["hash"]))

    def last_serial(self, tx: Session, session: SessionId, *, voter_class: int) -> int:
        """The highest serial printed for a class; 0 if none was."""
        query = select(func.max(Slip.serial)).where(
            Slip.session == session, Slip.voter_class == voter_class
        )
        return tx.execute(query).scalar_one() or 0

    def change(
        self,
        tx: Session,
        session: SessionId,
        *,
        voter_class: int,
        first: int,
        last: int,
        states: Iterable[SlipState],
        becomes: SlipState,
    ) -> int:
        """How many slips with serials `first` to `last` were in one of `states` and changed."""
        changed = tx.execute(
            update(Slip)
            .where(
                Slip.session == session,
                Slip.voter_class == voter_class,
                Slip.serial.between(first, last),
                Slip.state.in_(list(states)),
            )
            .values(state=becomes)
            .execution_options(synchronize_session=False)
        )
        return int(changed.rowcount)  # type: ignore[attr-defined]

    def totals(self, tx: Session, session: SessionId) -> dict[int, SlipTotals]:
        """The number of slips in each state, by class."""
        query = (
            select(Slip.voter_class, Slip.state, func.count())
            .where(Slip.session == session)
            .group_by(Slip.voter_class, Slip.state)
        )
        found: dict[int, dict[SlipState, int]] = {}
        for voter_class, state, number in tx.execute(query):
            found.setdefault(voter_class, {})[state] = number
        return {
            voter_class: SlipTotals(
                voter_class=voter_class,
                inactive=states.get(SlipState.PRINTED, 0),
                undrawn=states.get(SlipState.ACTIVE, 0),
                drawn=states.get(SlipState.DRAWN, 0),
                void=states.get(SlipState.VOID, 0),
            )
            for voter_class, states in sorted(found.items())
        }

    def hashes(
        self, tx: Session, session: SessionId, *, voter_class: int, state: SlipState
    ) -> tuple[bytes, ...]:
        """The hashes of a class's slips in one state, sorted."""
        query = select(Slip.hash).where(
            Slip.session == session, Slip.voter_class == voter_class, Slip.state == state
        )
        return tuple(sorted(tx.execute(query).scalars()))

    def serials(self, session: SessionId, *, voter_class: int, state: SlipState) -> tuple[int, ...]:
        """The serials of a class's slips in one state, sorted."""
        query = select(Slip.serial).where(
            Slip.session == session, Slip.voter_class == voter_class, Slip.state == state
        )
        with self.database.read() as tx:
            return tuple(sorted(tx.execute(query).scalars()))

    def draw(self, draw: Draw) -> None:
        """Use a slip up, durably, or find it used by the same request; raises a `Refusal`."""
        self._draws.submit(draw)

    def forget_requests(self, session: SessionId) -> None:
        """Rewrite a closed session's slips in order of hash, without what knew their requests.

        Every row gets the same new version, so that none tells when it was last written.
        """
        columns = (Slip.hash, Slip.session, Slip.voter_class, Slip.serial, Slip.state)
        names = ("hash", "session", "voter_class", "serial", "state")
        with self.database.write() as tx:
            query = select(*columns).where(Slip.session == session).order_by(Slip.hash)
            rows: list[dict[str, Any]] = [
                dict(zip(names, row, strict=True)) for row in tx.execute(query)
            ]
            tx.execute(delete(Slip).where(Slip.session == session))
            if rows:
                tx.execute(insert(Slip), [{**row, "request_hash": None} for row in rows])
        self.database.compact("slip")

    def close(self) -> None:
        """Finish the draws under way and let the database go."""
        self._draws.close()
        self.database.dispose()

    def _apply(self, draws: Sequence[Draw]) -> list[Refusal | None]:
        with self.database.write_rows() as tx:
            sessions = sorted({draw.session for draw in draws})
            admissions: dict[str, Admission] = {
                row.session: row.admission
                for row in tx.execute(_ADMISSIONS, {"sessions": sessions})
            }
            slips = {
                slip: (session, state, request_hash)
                for slip, session, state, request_hash in tx.execute(
                    _SLIPS, {"slips": sorted({draw.slip for draw in draws})}
                )
            }
            answers: list[Refusal | None] = []
            drawn: list[dict[str, bytes]] = []
            for draw in draws:
                refusal = _judge(draw, admissions.get(draw.session), slips.get(draw.slip))
                answers.append(refusal)
                if refusal is None and slips[draw.slip][1] is SlipState.ACTIVE:
                    drawn.append({"drawn_slip": draw.slip, "request": draw.request_hash})
                    slips[draw.slip] = (draw.session, SlipState.DRAWN, draw.request_hash)
            if drawn:
                tx.execute(_MARK_DRAWN, sorted(drawn, key=lambda row: row["drawn_slip"]))
        return answers


def _judge(
    draw: Draw,
    admission: Admission | None,
    slip: tuple[str, SlipState, bytes | None] | None,
) -> Refusal | None:
    """The refusal that a draw meets, the session's before the slip's; None if it gets tokens."""
    if (refusal := refusal_of(admission)) is not None:
        return refusal
    if slip is None or slip[0] != draw.session:
        return SlipUnknown("no slip with this code in this session")
    return _judge_slip(slip[1], repeated=slip[2] == draw.request_hash)


def _judge_slip(state: SlipState, *, repeated: bool) -> Refusal | None:
    match state:
        case SlipState.PRINTED:
            return SlipInactive("the slip has not been made active")
        case SlipState.VOID:
            return SlipVoid("the slip was declared void")
        case SlipState.DRAWN if not repeated:
            return SlipDrawn("the slip was used by another request")
        case SlipState.ACTIVE | SlipState.DRAWN:
            return None

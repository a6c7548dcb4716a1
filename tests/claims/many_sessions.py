"""Sessions by the dozen, with known truth, for whoever wants to match slips with ballots.

Keys are the dear part: one session is prepared, and each simulated one begins from a copy of it.
Blanks are shuffled among the voters, so that who holds which ballot key is drawn anew each time.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path

import psycopg
from sqlalchemy.engine import make_url

from appraisal.ballots import voter
from appraisal.ballots.cast import CastBallot, encode_cast
from appraisal.ballots.slips import slip_hash
from appraisal.ballots.voter import Drawing
from appraisal.config import Settings
from appraisal.steps.cast import cast
from appraisal.steps.draft import Draft
from appraisal.steps.draw import draw
from appraisal.steps.service import open_service
from tests.voting_session import VotingSession, draft, draw_body, prepare

VOTERS = 14
SLIPS = 16
BOXES = 2
_numbers = count(1)
HURRY = 3.0
"""Who drew casts before the third person after has drawn, or so: an order that helps to match."""


@dataclass(frozen=True)
class Voter:
    """The truth about one voter: what the attacker wants to know."""

    slip: bytes
    ballots: tuple[CastBallot, ...]
    drew: float
    cast: float


@dataclass(frozen=True)
class Prepared:
    """A session about to vote, its service closed, and what each slip's phone will ask for."""

    settings: Settings
    session: VotingSession
    drawings: tuple[Drawing, ...]

    @contextmanager
    def begin(self, settings: Settings) -> Iterator[VotingSession]:
        """The same session at its beginning, over a copy of the databases."""
        service = open_service(settings, now=lambda: datetime(2010, 6, 20, 9, tzinfo=UTC))
        yield replace(self.session, service=service)
        service.close()


def prepare_once(settings: Settings, given: Draft | None = None) -> Prepared:
    """Every slip active; two boxes and one class, unless another draft is given."""
    service = open_service(settings)
    session = prepare(service, given=given or draft(subjects=BOXES, slips=(SLIPS,)))
    drawings = tuple(
        session.start(slip.serial, voter_class=slip.voter_class) for slip in session.slips
    )
    service.close()
    return Prepared(settings, session, drawings)


class Copies:
    """Makes installations that begin where a prepared one stands."""

    def __init__(self, prepared: Prepared, folder: Path) -> None:
        self.prepared = prepared
        self._folder = folder

    def settings(self) -> Settings:
        given = self.prepared.settings
        folder = self._folder / f"copy-{next(_numbers)}"
        found = copied_folders(given, folder)
        if given.box_url.startswith("sqlite"):
            return replace(
                found,
                registry_url=f"sqlite:///{folder}/var/registry.sqlite",
                box_url=f"sqlite:///{folder}/var/box.sqlite",
            )
        return replace(
            found,
            registry_url=_copied_database(given.registry_url),
            box_url=_copied_database(given.box_url),
        )


def copied_folders(given: Settings, folder: Path) -> Settings:
    """An installation whose data and keys are copies of another's, at the same address."""
    shutil.copytree(given.data, folder / "var")
    shutil.copytree(given.keys, folder / "keys")
    return replace(given, data=folder / "var", keys=folder / "keys")


def _copied_database(url: str) -> str:
    address = make_url(url)
    name = f"{address.database}_{next(_numbers)}"
    administrative = address.set(database="postgres").render_as_string(hide_password=False)
    with psycopg.connect(administrative, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{address.database}"'.encode())
    return address.set(database=name).render_as_string(hide_password=False)


def shuffled(drawings: Sequence[Drawing], rng: random.Random) -> list[Drawing]:
    """The same slips and the same blanks, box by box in other hands."""
    columns = [
        rng.sample(blanks, len(blanks))
        for blanks in (
            [drawing.blanks[box] for drawing in drawings] for box in range(len(drawings[0].blanks))
        )
    ]
    return [
        replace(drawing, blanks=blanks)
        for drawing, blanks in zip(drawings, zip(*columns, strict=True), strict=True)
    ]


def vote(
    session: VotingSession,
    drawings: Sequence[Drawing],
    rng: random.Random,
    *,
    fill_in: Callable[[Sequence[voter.BlankBallot]], tuple[CastBallot, ...]] | None = None,
    between: Callable[[float], None] = lambda _time: None,
    hurry: float = HURRY,
    further: Callable[[Drawing], Sequence[Sequence[bytes]]] = lambda _drawing: (),
) -> tuple[Voter, ...]:
    """Everybody draws, one after the other, and casts a little later; `between` hears the time.

    `further` has the answers of further signers, drawn from with the registrar.
    """
    fill = fill_in or session.fill_in
    blanks: dict[int, tuple[voter.BlankBallot, ...]] = {}
    ballots: dict[int, tuple[CastBallot, ...]] = {}
    times = {i: (float(i), i + rng.uniform(0.1, hurry)) for i in range(len(drawings))}

    def draws(i: int) -> None:
        signatures = draw(session.service, session.id, draw_body(drawings[i]))
        blanks[i] = voter.finish_drawing(drawings[i], signatures, *further(drawings[i]))

    def casts(i: int) -> None:
        ballots[i] = fill(blanks.pop(i))
        cast(session.service, session.id, encode_cast(ballots[i]))

    events = [
        event
        for i, (drew, gone) in times.items()
        for event in ((drew, partial(draws, i)), (gone, partial(casts, i)))
    ]
    for time, happen in sorted(events, key=lambda event: event[0]):
        between(time)
        happen()
    found = [
        Voter(slip_of(session, drawing), ballots[i], *times[i])
        for i, drawing in enumerate(drawings)
    ]
    # Nobody's place in this list may tell when they came.
    return tuple(rng.sample(found, len(found)))


def slip_of(session: VotingSession, drawing: Drawing) -> bytes:
    """What the registry knows a drawing's slip by."""
    return bytes(slip_hash(session.id, drawing.request.slip))

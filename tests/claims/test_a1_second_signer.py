"""Claim A1 where a second signer signs, tellers open and a witness cosigns.

**The attacker** robs the second signer, which sees another credential of each slip and no ballot:
its database with WAL, shared memory and free pages, its key folder, and everything that is public.
Or both installations, and lays what they found there side by side.

**Before close** the same attacks succeed, as they do on the registrar's files.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from appraisal.ballots import tokens
from appraisal.ballots.slips import slip_hash
from appraisal.ballots.voter import Drawing
from appraisal.config import Settings
from appraisal.signer.draw import draw as draw_from
from appraisal.steps import close, opening, publish
from appraisal.steps.service import open_service
from appraisal.tally.record import RecordKind
from tests.claims.attacks import guesses
from tests.claims.chance import Ledger
from tests.claims.many_sessions import (
    BOXES,
    SLIPS,
    VOTERS,
    Copies,
    Prepared,
    Voter,
    copied_folders,
    shuffled,
    slip_of,
    vote,
)
from tests.claims.stolen import loot_of, rows_of
from tests.second_signer import enrolled, second_signer, settings_in
from tests.voting_session import VotingSession, draft, prepare

SESSIONS = 8
SEED = 20100620
SECOND = 1
QUORUM = 2


@dataclass(frozen=True)
class Ledgers:
    """What every strategy earned by one moment: at the signer alone, in its rows, in both."""

    signer: Ledger = field(default_factory=Ledger)
    rows: Ledger = field(default_factory=Ledger)
    both: Ledger = field(default_factory=Ledger)


@dataclass(frozen=True)
class Burglary:
    """Robbed just before close, and when everything is over."""

    before: Ledgers = field(default_factory=Ledgers)
    after: Ledgers = field(default_factory=Ledgers)


@dataclass(frozen=True)
class Places:
    """Two installations that are robbed, and what the second signer knows each slip by."""

    registrar: Settings
    signer: Settings
    there: Mapping[bytes, bytes]

    def rob(self, ledgers: Ledgers, voters: Sequence[Voter]) -> None:
        theirs = [replace(voter, slip=self.there[voter.slip]) for voter in voters]
        taken, ours = loot_of(self.signer), loot_of(self.registrar)
        published = {name: data for name, data in ours.files.items() if "/published/" in name}
        alone = replace(taken, files=_named("signer", taken.files) | _named("public", published))
        both = replace(taken, files=_named("signer", taken.files) | _named("registrar", ours.files))
        ledgers.signer.add(dict(guesses(alone, theirs)))
        ledgers.rows.add(dict(guesses(rows_of(self.signer, box=False), theirs)))
        ledgers.both.add(dict(guesses(both, theirs)))


def _named(place: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {f"{place}: {name}": data for name, data in files.items()}


@pytest.fixture(scope="module")
def burglary(tmp_path_factory: pytest.TempPathFactory) -> Burglary:
    folder = tmp_path_factory.mktemp("burglary")
    prepared, second = prepare_both(folder)
    copies = Copies(prepared, folder)
    rng = random.Random(SEED)
    found = Burglary()
    for number in range(SESSIONS):
        registrar = copies.settings()
        signer = copied_folders(second, folder / f"signer-{number}")
        signer = replace(signer, registry_url=f"sqlite:///{signer.data}/registry.sqlite")
        with second_signer(signer) as running, prepared.begin(registrar) as session:
            signing = running.signer.signing

            def drawn_there(drawing: Drawing) -> list[tuple[bytes, ...]]:
                body = tokens.encode_draw(drawing.requests[SECOND])
                return [draw_from(signing, session.id, body)]  # noqa: B023 - called in this turn

            drawings = rng.sample(shuffled(prepared.drawings, rng), VOTERS)
            voters = vote(session, drawings, rng, further=drawn_there)
            there = {slip_of(session, drawing): _there(session, drawing) for drawing in drawings}
            places = Places(registrar, signer, there)
            places.rob(found.before, voters)
            finish(session)
            places.rob(found.after, voters)
    return found


def prepare_both(folder: Path) -> tuple[Prepared, Settings]:
    """A session about to vote, as it lies in both installations."""
    registrar = Settings.from_environment(
        {
            "APPRAISAL_DATA": str(folder / "var"),
            "APPRAISAL_KEYS": str(folder / "keys"),
            "APPRAISAL_BASE_URL": "http://127.0.0.1:8000",
        }
    )
    second = settings_in(folder / "second")
    with second_signer(second) as running:
        service = open_service(registrar)
        enrolled(service, running)
        given = draft(subjects=BOXES, slips=(SLIPS,), tellers=3, quorum=QUORUM)
        session = prepare(
            service, given=replace(given, signer=running.url, witnesses=(running.url,))
        )
        drawings = tuple(session.start(slip.serial) for slip in session.slips)
        service.close()
    return Prepared(registrar, session, drawings), second


def finish(session: VotingSession) -> None:
    """Closed at both, opened by a quorum, published."""
    close.close(session.service, session.id)
    for card in session.cards[:QUORUM]:
        replace(card, service=session.service).hand_in_factors(session.manifest)
    opening.open_boxes(session.service, session.id)
    publish.record(session.service, session.id, kind=RecordKind.PUBLIC)
    publish.record_file(session.service, session.id)


def _there(session: VotingSession, drawing: Drawing) -> bytes:
    """What the second signer knows a drawing's slip by."""
    return bytes(slip_hash(session.id, drawing.requests[SECOND].slip))


def test_after_close_neither_place_tells_anything_nor_do_both(burglary: Burglary) -> None:
    assert len(burglary.after.signer.scores) > 50
    assert len(burglary.after.both.scores) > len(burglary.after.signer.scores)
    assert burglary.after.signer.alarms() == {}
    assert burglary.after.rows.alarms() == {}
    assert burglary.after.both.alarms() == {}


def test_before_close_the_signers_files_tell_who_drew_when(burglary: Burglary) -> None:
    """Hence the test above can fail. Whose ballot is whose they do not tell: it has none."""
    alarms = burglary.before.signer.alarms()
    assert any(name.startswith("who drew when, by") for name in alarms)
    assert not any(name.startswith("whose ballot") for name in alarms)


def test_before_close_the_files_of_both_tell_whose_ballot_is_whose(burglary: Burglary) -> None:
    """Its order of draws, beside the box's order of casts: nobody copies files while voting."""
    alarms = burglary.before.both.alarms()
    assert any(name.startswith("whose ballot, by") for name in alarms)
    won = [name for name in alarms if name.startswith("whose ballot")]
    assert any("signer: " in name and "registrar: " in name for name in won)


def test_dumps_of_the_signers_rows_tell_no_order(burglary: Burglary) -> None:
    assert burglary.before.rows.alarms() == {}

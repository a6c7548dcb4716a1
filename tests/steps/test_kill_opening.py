"""kill -9 of the opening with a comment box: one transaction, in which each comment has its place.

Every moment of an opening is tried in turn on the same session, so that each begins with what the
kills before it left behind.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

import pytest
from sqlalchemy import MetaData, select

from appraisal import codec, verifier
from appraisal.ballots.cast import CastBallot
from appraisal.encoding import b64encode
from appraisal.errors import StepError
from appraisal.steps import close, publish
from appraisal.steps.boxes import slip_counts
from appraisal.steps.comments import comments_of
from appraisal.steps.opening import open_boxes
from appraisal.steps.service import Service
from appraisal.store.office import Phase
from appraisal.tally import opening
from appraisal.tally.canvass import canvass
from appraisal.tally.comments import open_comments
from appraisal.tally.openings import encode_openings
from appraisal.tally.record import RecordKind
from tests.steps.dying_opening import DIED, openings
from tests.steps.test_comments import BOX, vote
from tests.voting_session import VotingSession, draft, prepare

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

WRITTEN: Final = (*(f"{number} 号楼前的路灯坏了" for number in range(1, 13)), "", "路灯", "路灯")
"""So many that an order drawn by chance is never one of those that it must not be: 1 in 14!/2."""
TEXTS: Final = [text for text in WRITTEN if text]
LEAST_MOMENTS: Final = 50


@pytest.mark.parametrize(
    ("settings_everywhere", "tellers"),
    [
        pytest.param("sqlite", {}, id="sqlite-custodian"),
        pytest.param(
            "postgresql",
            {"tellers": 3, "quorum": 2},
            id="postgresql-tellers",
            marks=pytest.mark.postgresql,
        ),
    ],
    indirect=["settings_everywhere"],
)
def test_a_kill_at_any_moment_of_the_opening_loses_and_doubles_no_comment(
    service_everywhere: Service, tellers: dict[str, int]
) -> None:
    service = service_everywhere
    closed = closed_session(service, **tellers)
    session = closed.id
    before, due = contents(service), opened(closed)
    own_files = service.office.database.sqlite
    with openings(service.settings, session) as opener:
        for moment in itertools.count(1):
            assert opener.until(moment) == DIED
            if service.office.phase(session) is not Phase.CLOSED:
                break
            # As if nobody had tried: no row has changed, and no file holds what was opened.
            assert contents(service) == before
            assert files_with(service, TEXTS) == set()
    assert moment > LEAST_MOMENTS

    row = service.row(session, Phase.OPENED)
    assert (row.openings, row.results) == (due.openings, due.results)
    assert verifier.verify(publish.record(service, session, kind=RecordKind.AUDIT)).ok
    found = comments_of(service, session, reader=BOX.readers[0])
    assert found is not None
    assert Counter(found) == Counter(TEXTS)
    # Beside no ballot, and in no ballot's order: in one column, shuffled.
    assert columns_with(service, TEXTS) == {"registry.session.comments"}
    files = files_with(service, TEXTS)
    assert {name.partition(".")[0] for name in files} == ({"registry"} if own_files else set())
    assert list(found) not in (TEXTS, due.by_leaf_hash, sorted(TEXTS))

    after = contents(service)
    with pytest.raises(StepError) as refused:
        open_boxes(service, session)
    assert refused.value.code == "wrong-phase"
    assert contents(service) == after


def closed_session(service: Service, **tellers: int) -> VotingSession:
    """Ballots and comments of one class, closed, and what opens them is at hand."""
    given = replace(draft(slips=(len(WRITTEN), 2), **tellers), comments=BOX)
    voting = prepare(service, given=given)
    for serial, comment in enumerate(WRITTEN, start=1):
        vote(voting, comment, serial)
    close.close(service, voting.id)
    for card in voting.cards[1:]:
        card.hand_in_factors(voting.manifest)
    return voting


@dataclass(frozen=True)
class Opened:
    """What an opening of a session comes to, and its comments in the order of their sealed form."""

    openings: bytes
    results: bytes
    by_leaf_hash: list[str]


def opened(closed: VotingSession) -> Opened:
    """Opened by the core alone, and nothing kept."""
    service, manifest = closed.service, closed.manifest
    ballots = service.box.ballots(closed.id)
    if closed.cards:
        factors = {card.number: card.factors(manifest) for card in closed.cards[1:]}
    else:
        key = service.keys.opening_key(closed.id)
        factors = {0: opening.factors_of(manifest, ballots, teller=0, key=key)}
    counts = slip_counts(service, manifest)
    drawn = [count.drawn for count in counts]
    found = opening.open_boxes(manifest, ballots, factors=factors, drawn=drawn)

    def text_of(place: int, comment: CastBallot) -> tuple[str, ...]:
        own = {teller: (given[place],) for teller, given in factors.items()}
        return open_comments(manifest, (comment,), factors=own)

    due = enumerate(opening.ballots_to_open(manifest, ballots))
    sealed = [(place, one) for place, one in due if manifest.is_comment(one.box)]
    return Opened(
        encode_openings(found),
        codec.encode(canvass(manifest, counts, found)),
        [text for place, comment in sealed for text in text_of(place, comment)],
    )


def _columns(service: Service) -> Iterator[tuple[str, list[Any]]]:
    """Every column of every table of both databases, its values in the order of the rows."""
    for database in (service.registry.database, service.box.database):
        tables = MetaData()
        tables.reflect(database.engine)
        with database.engine.connect() as connection:
            for table in tables.sorted_tables:
                rows = connection.execute(select(table).order_by(*table.primary_key)).all()
                for place, column in enumerate(table.columns):
                    name = f"{database.name}.{table.name}.{column.name}"
                    yield name, [row[place] for row in rows]


def contents(service: Service) -> dict[str, list[Any]]:
    return dict(_columns(service))


def columns_with(service: Service, texts: Collection[str]) -> set[str]:
    return {
        name
        for name, values in _columns(service)
        if any(_holds(value, texts) for value in values if isinstance(value, str | bytes))
    }


def files_with(service: Service, texts: Collection[str]) -> set[str]:
    """Databases of SQLite and their logs among them."""
    files = (path for path in service.settings.data.rglob("*") if path.is_file())
    return {path.name for path in files if _holds(path.read_bytes(), texts)}


def _holds(value: str | bytes, texts: Collection[str]) -> bool:
    """Whether one of the texts is in it, as it was written or as canonical JSON has bytes."""
    data = value if isinstance(value, bytes) else value.encode()
    return any(text.encode() in data or b64encode(text.encode()).encode() in data for text in texts)

"""Claim A1: nobody links a slip to a ballot, nor two ballots of one voter.

**The attacker** runs the server, or walks off with it after close: both databases with their WAL,
their shared memory, their free pages and indexes, everything below the data and the key folder,
and whatever is backed up later. They try to match slips with ballots by order, time, size and
position, over many sessions.

**Before close** the same attacks on the same files succeed; that is how this test knows them to be
attacks, and why copies of the files taken while voting are a way of watching (THREAT_MODEL §4).
What a *dump* of the rows tells while voting is the sets that it cuts: which slips were drawn and
which ballots came between two dumps.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

import numpy as np
import psycopg
import pytest
from sqlalchemy.engine import make_url

from appraisal.ballots import voter
from appraisal.ballots.cast import BallotKey, CastBallot
from appraisal.ballots.tokens import Token
from appraisal.ballots.voter import BlankBallot
from appraisal.config import Settings
from appraisal.errors import StepError
from appraisal.manifest import BoxNumber, SessionId
from appraisal.steps import close, opening, publish
from appraisal.store.admission import Admission
from appraisal.store.box import Cast
from appraisal.tally.record import RecordKind
from tests.claims.attacks import UNKNOWN, guesses
from tests.claims.chance import Ledger
from tests.claims.many_sessions import VOTERS, Copies, Voter, prepare_once, shuffled, vote
from tests.claims.stolen import administrator, loot_of, requests_of, rows_of
from tests.voting_session import VotingSession

WAL_INDEX_HEADER = 136
"""Bytes of a -shm file before its list of pages (sqlite.org/walformat.html §2.1)."""
WAL_HEADER, WAL_FRAME_HEADER = 32, 24
SESSIONS = {"sqlite": 20, "postgresql": 12}
SEED = 20100620
EVERYWHERE = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]
_numbers = count(1)


def installation(kind: str, folder: Path, request: pytest.FixtureRequest) -> Settings:
    """Settings on one kind of database."""
    given = {
        "APPRAISAL_DATA": str(folder / "var"),
        "APPRAISAL_KEYS": str(folder / "keys"),
        "APPRAISAL_BASE_URL": "http://127.0.0.1:8000",
    }
    if kind == "postgresql":
        administrative = request.getfixturevalue("postgresql")
        for name in ("registry", "box"):
            database = f"a1_{name}_{next(_numbers)}"
            with psycopg.connect(administrative, autocommit=True) as connection:
                connection.execute(f'CREATE DATABASE "{database}"'.encode())
            url = make_url(administrative).set(database=database)
            given[f"APPRAISAL_{name.upper()}_URL"] = url.render_as_string(hide_password=False)
    return Settings.from_environment(given)


@dataclass(frozen=True)
class Burglary:
    """What every strategy earned over all sessions, with the files of three moments."""

    before: Ledger
    dumps: Ledger
    after: Ledger


@pytest.fixture(scope="module", params=EVERYWHERE)
def burglary(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Burglary]:
    """Whole sessions, robbed just before close and after everything is over."""
    kind = str(request.param)
    folder = tmp_path_factory.mktemp("burglary")
    copies = Copies(prepare_once(installation(kind, folder, request)), folder)
    rng = random.Random(SEED)
    found = Burglary(Ledger(), Ledger(), Ledger())
    for _ in range(SESSIONS[kind]):
        settings = copies.settings()
        with copies.prepared.begin(settings) as session:
            drawings = shuffled(copies.prepared.drawings, rng)
            voters = vote(session, rng.sample(drawings, VOTERS), rng)
            found.before.add(dict(guesses(loot_of(settings), voters)))
            found.dumps.add(dict(guesses(rows_of(settings), voters)))
            close.close(session.service, session.id)
            opening.open_boxes(session.service, session.id)
            publish.record(session.service, session.id, kind=RecordKind.PUBLIC)
            found.after.add(dict(guesses(loot_of(settings), voters)))
    return kind, found


def test_after_close_no_attack_does_better_than_chance(burglary: tuple[str, Burglary]) -> None:
    """Files, indexes, WAL, shared memory, system columns, public files: nothing tells."""
    kind, found = burglary
    assert len(found.after.scores) > {"sqlite": 200, "postgresql": 400}[kind]
    assert found.after.alarms() == {}


@pytest.mark.parametrize(
    "attack",
    [
        "who drew when, by",
        "who cast when, by",
        "whose ballot, by",
        "one voter's ballots, by",
        "one voter's ballots, same place",
        "one voter's ballots, side by side",
        "one voter's ballots, nearness",
    ],
)
def test_before_close_the_same_attack_on_the_files_succeeds(
    burglary: tuple[str, Burglary], attack: str
) -> None:
    """Hence the test above can fail; and hence nobody should copy the files while voting."""
    _, found = burglary
    won = [name for name in found.before.alarms() if name.startswith(attack)]
    assert won


def test_dumps_tell_no_order(burglary: tuple[str, Burglary]) -> None:
    """SQLite gives rows by key. PostgreSQL gives them as they lie: while voting, as they came."""
    kind, found = burglary
    if kind == "postgresql":
        assert "who cast when, by digest place in the dump" in found.dumps.alarms()
    else:
        assert found.dumps.alarms() == {}


class Dumps:
    """Dumps of the rows, taken while voting, and which sets they cut the voters into."""

    def __init__(self, settings: Settings, moments: Sequence[float]) -> None:
        self._settings = settings
        self._waiting = list(moments)
        self._slips: list[set[bytes]] = []
        self._ballots: list[set[bytes]] = []

    def take(self, time: float) -> None:
        """A dump, when its moment has come."""
        while self._waiting and time > self._waiting[0]:
            self._waiting.pop(0)
            self._slips.append(set(requests_of(self._settings)))
            self._ballots.append(set(rows_of(self._settings).told["length"]))

    def set_of(self, one: Voter) -> tuple[int, int]:
        """The number of dumps before the slip was drawn, and before the ballots came."""
        return (
            sum(one.slip not in dump for dump in self._slips),
            sum(one.ballots[0].leaf_hash not in dump for dump in self._ballots),
        )


def test_dumps_taken_while_voting_tell_no_more_than_the_sets_they_cut(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> None:
    """Drawn before the first dump, cast after the second, say: within such a set, chance."""
    folder = tmp_path_factory.mktemp("dumps")
    copies = Copies(prepare_once(installation("sqlite", folder, request)), folder)
    rng = random.Random(SEED)
    within, across = Ledger(), Ledger()
    for _ in range(12):
        settings = copies.settings()
        with copies.prepared.begin(settings) as session:
            dumps = Dumps(settings, sorted(rng.sample(range(2, VOTERS), 2)))
            drawings = shuffled(copies.prepared.drawings, rng)
            voters = vote(session, rng.sample(drawings, VOTERS), rng, between=dumps.take)
            dumps.take(float("inf"))
            close.close(session.service, session.id)
            loot = replace(loot_of(settings), told=rows_of(settings).told)
        cells: dict[tuple[int, int], list[Voter]] = {}
        for one in voters:
            cells.setdefault(dumps.set_of(one), []).append(one)
        for members in cells.values():
            within.add(dict(guesses(loot, members)))
        slips, ballots = np.array([dumps.set_of(one) for one in voters]).T
        across.add({"by sets": -np.abs(np.subtract.outer(slips, ballots)).astype(float)})
    assert within.alarms() == {}
    assert across.alarms()  # the sets themselves do tell, as THREAT_MODEL §3 says


def test_the_files_after_close_are_the_same_whoever_held_which_slip(tmp_path: Path) -> None:
    """Not a matter of cleverness: two worlds, in which the same slips are drawn and the same
    ballots cast, by other people in another order, leave the same bytes in every file."""
    prepared = prepare_once(
        Settings.from_environment(
            {
                "APPRAISAL_DATA": str(tmp_path / "var"),
                "APPRAISAL_KEYS": str(tmp_path / "keys"),
                "APPRAISAL_BASE_URL": "http://127.0.0.1:8000",
            }
        )
    )
    copies = Copies(prepared, tmp_path)
    ballots: dict[bytes, CastBallot] = {}

    def the_same(session: VotingSession) -> Callable[..., tuple[CastBallot, ...]]:
        def fill_in(blanks: Sequence[BlankBallot]) -> tuple[CastBallot, ...]:
            for blank in blanks:
                key = blank.key.private_bytes_raw()
                if key not in ballots:
                    contest = prepared.session.manifest.boxes[blank.box].contest
                    others = voter.fill_in(
                        session.manifest, [blank], [(1, 2, contest)], rng=os.urandom
                    )
                    ballots[key] = others[0]
            return tuple(ballots[blank.key.private_bytes_raw()] for blank in blanks)

        return fill_in

    worlds = []
    for seed in (1, 2):
        rng = random.Random(seed)
        settings = copies.settings()
        with prepared.begin(settings) as session:
            some = prepared.drawings[:VOTERS]
            drawings = shuffled(some, rng)
            voters = vote(session, rng.sample(drawings, VOTERS), rng, fill_in=the_same(session))
            close.close(session.service, session.id)
            opening.open_boxes(session.service, session.id)
            publish.record(session.service, session.id, kind=RecordKind.PUBLIC)
            worlds.append(({v.slip: v.ballots for v in voters}, loot_of(settings).files))
    (one, first), (two, second) = worlds
    assert one.keys() == two.keys()
    assert sum(one[slip] == two[slip] for slip in one) < len(one) / 2
    assert first.keys() == second.keys()
    assert {"var/box.sqlite-shm", "var/registry.sqlite-wal"} <= first.keys()
    differing = [
        name for name in first if lasting(name, first[name]) != lasting(name, second[name])
    ]
    assert differing == []


def lasting(name: str, data: bytes) -> bytes:
    """A file without SQLite's counters of transactions and the random salts of its WAL."""
    masked = bytearray(data)
    if name.endswith("-shm"):
        return bytes(masked[WAL_INDEX_HEADER:])
    if name.endswith("-wal") and data:
        page = int.from_bytes(data[8:12], "big")
        frames = range(WAL_HEADER, len(data), WAL_FRAME_HEADER + page)
        return b"".join(
            # Page number and size of the file stand in a frame's header before its salts.
            data[at : at + 8] + without_counters(data[at + WAL_FRAME_HEADER :][:page])
            for at in frames
        )
    return without_counters(data)


def without_counters(page: bytes) -> bytes:
    """The first page of a database tells how often it was written, and nothing else of that."""
    if not page.startswith(b"SQLite format 3\x00"):
        return page
    return page[:24] + bytes(4) + page[28:92] + bytes(4) + page[96:]


@pytest.mark.postgresql
def test_an_older_snapshot_keeps_no_order(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """Somebody left a transaction open in PostgreSQL: deleted versions would stay for it, each
    with the number of the transaction that once wrote it."""
    settings = installation("postgresql", tmp_path, request)
    prepared = prepare_once(settings)
    with prepared.begin(settings) as session, psycopg.connect(settings.box_url) as forgotten:
        forgotten.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        forgotten.execute("SELECT 1")
        rng = random.Random(SEED)
        voters = vote(session, shuffled(prepared.drawings, rng), rng)
        assert len(set(loot_of(settings).told["xmin"].values())) > 2 * VOTERS
        close.close(session.service, session.id)
        loot = loot_of(settings)
    for one in voters:
        for ballot in one.ballots:
            assert loot.files["ballot"].count(ballot.leaf_hash) == 1
    xmin = loot.told["xmin"]
    assert len({xmin[ballot.leaf_hash] for one in voters for ballot in one.ballots}) == 1
    assert len({xmin[one.slip] for one in voters}) == 1


@pytest.mark.postgresql
def test_who_keeps_reading_a_table_is_named(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A dump under way holds the table: close says so, and is repeated."""
    monkeypatch.setattr("appraisal.store.database.BUSY_TIMEOUT_MS", 100)
    settings = installation("postgresql", tmp_path, request)
    prepared = prepare_once(settings)
    with prepared.begin(settings) as session:
        with psycopg.connect(settings.box_url) as dump:
            dump.execute("SELECT count(*) FROM ballot")
            with pytest.raises(StepError) as caught:
                close.close(session.service, session.id)
            assert caught.value.code == "store-busy"
        close.close(session.service, session.id)


@pytest.mark.postgresql
def test_what_is_not_claimed_the_write_ahead_log_of_postgresql(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """`pg_wal` holds the last hours in the order in which they happened, archived or not.

    THREAT_MODEL §4.9 says so. When PostgreSQL lets go of a segment is its administrator's to set.
    """
    settings = installation("postgresql", tmp_path, request)
    prepared = prepare_once(settings)
    with prepared.begin(settings) as session:
        rng = random.Random(SEED)
        voters = vote(session, shuffled(prepared.drawings, rng), rng)
        close.close(session.service, session.id)
        with administrator(settings.box_url) as connection:
            row = connection.execute("SHOW data_directory").fetchone()
    segments = sorted((Path(str(row[0] if row else "")) / "pg_wal").glob("0*"))
    log = b"".join(path.read_bytes() for path in segments)
    came = sorted(voters, key=lambda one: one.cast)
    places = [log.find(one.ballots[0].leaf_hash) for one in came]
    assert places == sorted(places)


@pytest.mark.parametrize("kind", EVERYWHERE)
def test_long_ballots_lie_no_differently(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """Nine tellers and four signers: rows that SQLite lays out over overflow pages and PostgreSQL
    puts into TOAST, each piece numbered as it comes."""
    rng = random.Random(SEED)
    ledgers = {"before": Ledger(), "after": Ledger()}
    settings = installation(kind, tmp_path, request)
    prepared = prepare_once(settings)
    for _ in range(8):
        session = SessionId("".join(rng.choices("0123456789abcdefghjkmnpqrstvwxyz", k=10)))
        with prepared.begin(settings) as service_session:
            box = service_session.service.box
            box.set_up(session, manifest=b"any")
            box.admit(session, Admission.OPEN)
            voters = [
                Voter(UNKNOWN, tuple(long_ballot(BoxNumber(n), rng) for n in range(2)), 0, time)
                for time in range(VOTERS)
            ]
            for one in voters:
                box.cast(Cast(session, one.ballots))
            rng.shuffle(voters)
            ledgers["before"].add(dict(guesses(loot_of(settings), voters)))
            box.admit(session, Admission.CLOSED)
            box.rewrite(session)
            ledgers["after"].add(dict(guesses(loot_of(settings), voters)))
    assert {name.split(",")[0] for name in ledgers["before"].alarms()} == {
        "who cast when",
        "one voter's ballots",
    }
    assert ledgers["after"].alarms() == {}


def long_ballot(box: BoxNumber, rng: random.Random) -> CastBallot:
    """A ballot of the longest form, as the box keeps it: it does not look inside."""
    tokens = tuple(Token(rng.randbytes(32), rng.randbytes(256)) for _ in range(4))
    return CastBallot(
        box, BallotKey(rng.randbytes(32)), tokens, rng.randbytes(800), rng.randbytes(64)
    )

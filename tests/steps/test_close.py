"""Closing: what it leaves behind, and what it does to those who are still casting."""

from __future__ import annotations

import random
import sqlite3
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import select, text

from appraisal.ballots import board
from appraisal.ballots.cast import CastBallot, decode_cast, encode_cast
from appraisal.errors import Closed, NotOpen, Refusal, StepError
from appraisal.manifest import Manifest, SessionId
from appraisal.steps import close, opening, publish, slips
from appraisal.steps.cast import cast
from appraisal.steps.draw import draw
from appraisal.steps.service import Service
from appraisal.store.admission import Admission
from appraisal.store.box import BallotBox, Cast
from appraisal.store.database import BOX, Database
from appraisal.store.office import Phase
from appraisal.store.registry import Slip
from tests.voting_session import VotingSession, draft, draw_body, prepare

CHANGE_COUNTER = slice(24, 28)
VERSION_VALID_FOR = slice(92, 96)


def test_nothing_is_drawn_or_cast_before_voting(service_everywhere: Service) -> None:
    voting = prepare(service_everywhere, phase=Phase.PRINTED)
    with pytest.raises(NotOpen):
        draw(voting.service, voting.id, draw_body(voting.start()))
    with pytest.raises(NotOpen):
        cast(voting.service, voting.id, b"{}")


def test_after_close_only_a_repetition_is_answered(session_everywhere: VotingSession) -> None:
    voting = session_everywhere
    body = encode_cast(voting.ballots(1))
    late = encode_cast(voting.ballots(2))
    receipts = cast(voting.service, voting.id, body)
    close.close(voting.service, voting.id)
    assert cast(voting.service, voting.id, body) == receipts
    for refused in (late, b"{}", b"not json"):
        with pytest.raises(Closed):
            cast(voting.service, voting.id, refused)
    with pytest.raises(Closed):
        draw(voting.service, voting.id, draw_body(voting.start(3)))
    with pytest.raises(Closed):
        draw(voting.service, voting.id, b"{}")


def test_close_destroys_token_keys_and_forgets_requests(
    session_everywhere: VotingSession,
) -> None:
    voting = session_everywhere
    folder = voting.service.settings.keys / "sessions" / voting.id
    voting.vote(1)
    assert sorted(path.name for path in folder.iterdir()) == ["board.key", "opening.key", "tokens"]
    close.close(voting.service, voting.id)
    assert sorted(path.name for path in folder.iterdir()) == ["board.key", "opening.key"]
    assert not voting.service.keys._tokens
    with voting.service.registry.database.read() as tx:
        assert set(tx.execute(select(Slip.request_hash)).scalars()) == {None}


def test_the_token_keys_are_gone_before_the_turnout_is_stated(
    session: VotingSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A turnout says that they are (protocol §4.8), so it may not even be worked out before."""
    tokens = session.service.settings.keys / "sessions" / session.id / "tokens"
    seen: list[bool] = []
    settle = close._state_turnout

    def watched(service: Service, manifest: Manifest) -> None:
        seen.append(tokens.exists() or bool(service.keys._tokens))
        settle(service, manifest)

    monkeypatch.setattr(close, "_state_turnout", watched)
    session.vote(1)
    close.close(session.service, session.id)
    assert seen == [False]


def test_drawing_while_the_session_closes_gets_signatures_or_is_told_that_it_is_closed(
    service_everywhere: Service,
) -> None:
    """Whoever gets signatures is counted as having drawn, and nobody else is."""
    voting = prepare(service_everywhere, given=draft(slips=(60, 6)))
    bodies = [draw_body(voting.start(serial)) for serial in range(1, 61)]
    answered: list[int] = []
    refused: list[Refusal] = []
    begun = threading.Event()

    def voter(mine: Sequence[bytes]) -> None:
        for body in mine:
            try:
                answered.append(len(draw(voting.service, voting.id, body)))
            except Refusal as refusal:
                refused.append(refusal)
            if len(answered) > 10:
                begun.set()

    threads = [threading.Thread(target=voter, args=(bodies[i::6],)) for i in range(6)]
    for thread in threads:
        thread.start()
    begun.wait(20)
    close.close(voting.service, voting.id)
    for thread in threads:
        thread.join()
    assert {type(refusal) for refusal in refused} <= {Closed}
    assert len(answered) + len(refused) == 60
    entries = publish.board_entries(voting.service, voting.id)
    turnout = next(
        entry
        for entry in (board.decode(data, voting.manifest) for data in entries)
        if isinstance(entry, board.Turnout) and entry.voter_class == 0
    )
    assert len(turnout.drawn) == len(answered)


def test_slips_never_made_active_become_void(service_everywhere: Service) -> None:
    voting = prepare(service_everywhere, active=5)
    voting.vote(1)
    close.close(voting.service, voting.id)
    counts = slips.turnout(voting.service, voting.id, exact=True)
    assert [(c.printed, c.active, c.drawn, c.void, c.cast) for c in counts] == [
        (8, 5, 1, 3, 1),
        (6, 5, 0, 1, 0),
    ]


def test_the_board_after_close(session_everywhere: VotingSession) -> None:
    voting = session_everywhere
    for serial in (1, 2, 3):
        voting.vote(serial)
    head = close.close(voting.service, voting.id)
    entries = publish.board_entries(voting.service, voting.id)
    assert [entry[0] for entry in entries] == [1, 2, 2, 3, 3, 4, 4, 4]
    assert board.head(entries, origin=voting.manifest.board.origin) == head
    turnout = board.decode(entries[3], voting.manifest)
    assert isinstance(turnout, board.Turnout)
    assert len(turnout.drawn) == 3


def test_a_close_cut_off_anywhere_is_finished_by_closing_again(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The crash is played by an exception at each of the steps of close, one after the other."""

    class Crash(Exception):  # noqa: N818 - a power cut, not an error
        pass

    def crash(*_: object, **__: object) -> None:
        raise Crash

    voting = prepare(service)
    body = voting.vote(1)
    for owner, name in (
        (BallotBox, "admit"),
        (type(service.keys), "destroy_tokens"),
        (close, "_state_turnout"),
        (type(service.registry), "forget_requests"),
        (BallotBox, "rewrite"),
        (Database, "compact"),
        (close, "_complete"),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(owner, name, crash)
            with pytest.raises(Crash):
                close.close(service, voting.id)
        assert service.office.phase(voting.id) is Phase.VOTING
        with pytest.raises(Closed):
            draw(service, voting.id, draw_body(voting.start(2)))
    close.close(service, voting.id)
    assert service.office.phase(voting.id) is Phase.CLOSED
    assert len(cast(service, voting.id, body)) == 1
    tags = [entry[0] for entry in publish.board_entries(service, voting.id)]
    assert tags == [1, 2, 2, 3, 3, 4]
    with pytest.raises(StepError) as caught:
        close.close(service, voting.id)
    assert caught.value.code == "wrong-phase"


def test_closing_during_casts_counts_exactly_the_acknowledged(
    service_everywhere: Service,
) -> None:
    voting = prepare(service_everywhere, given=draft(slips=(60, 6)))
    bodies = [encode_cast(voting.ballots(serial)) for serial in range(1, 61)]
    acknowledged: list[bytes] = []
    refused: list[Refusal] = []
    begun = threading.Event()

    def voter(mine: Sequence[bytes]) -> None:
        for body in mine:
            try:
                cast(voting.service, voting.id, body)
                acknowledged.append(body)
            except Refusal as refusal:
                refused.append(refusal)
            if len(acknowledged) > 10:
                begun.set()

    threads = [threading.Thread(target=voter, args=(bodies[i::6],)) for i in range(6)]
    for thread in threads:
        thread.start()
    begun.wait(20)
    close.close(voting.service, voting.id)
    for thread in threads:
        thread.join()
    assert {type(refusal) for refusal in refused} <= {Closed}
    assert len(acknowledged) + len(refused) == 60
    expected = {
        ballot.leaf_hash for body in acknowledged for ballot in decode_cast(body, voting.manifest)
    }
    kept = {ballot.leaf_hash for ballot in voting.service.box.ballots(voting.id)}
    assert kept == expected
    on_board = {
        ballot.leaf_hash
        for entry in publish.board_entries(voting.service, voting.id)
        if isinstance(ballot := board.decode(entry, voting.manifest), CastBallot)
    }
    assert on_board == expected


def test_after_close_the_box_file_does_not_depend_on_the_order_of_casting(
    service: Service, tmp_path: Path
) -> None:
    """Claim A1: the same ballots cast in two orders leave the same bytes, page for page."""
    voting = prepare(service, given=draft(slips=(60, 6)))
    ballots = [voting.ballots(serial) for serial in range(1, 61)]
    files = []
    for seed in (1, 2):
        database = Database(f"sqlite:///{tmp_path}/box-{seed}.sqlite", name=BOX)
        database.migrate()
        box = BallotBox(database)
        box.set_up(voting.id, manifest=voting.manifest.encoded)
        box.admit(voting.id, Admission.OPEN)
        order = random.Random(seed).sample(ballots, len(ballots))
        for number, mine in enumerate(order):
            box.cast(Cast(voting.id, mine))
            if seed == 2 and number % 7 == 0:
                database.compact("ballot")
        box.admit(voting.id, Admission.CLOSED)
        box.rewrite(voting.id)
        box.close()
        data = bytearray((tmp_path / f"box-{seed}.sqlite").read_bytes())
        # How many transactions there were; the WAL is gone, and so is everything else.
        data[CHANGE_COUNTER] = data[VERSION_VALID_FOR] = bytes(4)
        data[40:44] = bytes(4)
        files.append(bytes(data))
        assert not (tmp_path / f"box-{seed}.sqlite-wal").exists()
    assert files[0] == files[1]


@pytest.mark.postgresql
def test_after_close_postgresql_rows_stand_in_order_of_digest(
    session_everywhere: VotingSession,
) -> None:
    voting = session_everywhere
    if voting.service.box.database.sqlite:
        return
    for serial in range(1, 9):
        voting.vote(serial)

    def rows() -> list[tuple[bytes, str, str]]:
        query = text("SELECT digest, ctid::text, xmin::text FROM ballot ORDER BY ctid")
        with voting.service.box.database.read() as tx:
            return [(bytes(row[0]), row[1], row[2]) for row in tx.execute(query)]

    # While voting each commit has its own xmin, and rows stand as they came.
    assert len({xmin for _, _, xmin in rows()}) > 1
    close.close(voting.service, voting.id)
    after = rows()
    assert [digest for digest, _, _ in after] == sorted(digest for digest, _, _ in after)
    assert len({xmin for _, _, xmin in after}) == 1
    with voting.service.registry.database.read() as tx:
        found = tx.execute(text("SELECT hash, xmin::text FROM slip ORDER BY ctid")).all()
    assert [bytes(row[0]) for row in found] == sorted(bytes(row[0]) for row in found)
    assert len({row[1] for row in found}) == 1


def test_no_deleted_bytes_stay_in_the_registry_file(service: Service) -> None:
    """What knew a draw's request is nowhere in the file, its WAL or its free pages."""
    voting = prepare(service)
    requests = []
    for serial in (1, 2, 3):
        drawing = voting.start(serial)
        draw(service, voting.id, draw_body(drawing))
        requests.append(drawing.request.hash)
    folder = service.settings.data
    during = b"".join(path.read_bytes() for path in folder.glob("registry.sqlite*"))
    assert all(request in during for request in requests)
    close.close(service, voting.id)
    after = b"".join(path.read_bytes() for path in folder.glob("registry.sqlite*"))
    assert not any(request in after for request in requests)


def test_a_session_of_the_same_box_goes_on_while_another_closes(service: Service) -> None:
    one, two = prepare(service), prepare(service)
    one.vote(1)
    two.vote(1)
    close.close(service, one.id)
    two.vote(2)
    assert service.box.counts(two.id) == {0: 2}
    assert service.box.counts(one.id) == {0: 1}


def test_steps_out_of_turn_are_refused(service: Service) -> None:
    voting = prepare(service, phase=Phase.PRINTED)
    for step in (close.close, opening.open_boxes):
        with pytest.raises(StepError) as caught:
            step(service, voting.id)
        assert caught.value.code == "wrong-phase"
    with pytest.raises(StepError) as caught:
        close.close(service, SessionId("0000000000"))
    assert caught.value.code == "unknown-session"


def test_two_closes_at_once_are_one(session: VotingSession) -> None:
    session.vote(1)
    outcomes: list[object] = []

    def run() -> None:
        try:
            outcomes.append(close.close(session.service, session.id))
        except StepError as error:
            outcomes.append(error.code)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("wrong-phase") == 3


def test_a_reader_that_stays_is_named(
    session: VotingSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A backup that holds the box open keeps its old pages: close says so, and is repeated."""
    monkeypatch.setattr("appraisal.store.database.BUSY_TIMEOUT_MS", 100)
    session.vote(1)
    session.service.box.database.dispose()
    with sqlite3.connect(session.service.settings.data / "box.sqlite") as backup:
        backup.execute("BEGIN")
        backup.execute("SELECT count(*) FROM ballot").fetchall()
        with pytest.raises(StepError) as caught:
            close.close(session.service, session.id)
        assert caught.value.code == "store-busy"
        assert session.service.office.phase(session.id) is Phase.VOTING
    backup.close()
    close.close(session.service, session.id)
    assert session.service.office.phase(session.id) is Phase.CLOSED


def test_closing_takes_a_reader_in_its_stride(session: VotingSession) -> None:
    """Somebody looks at the board page just while the files are rewritten."""
    session.vote(1)
    stop = threading.Event()

    def look() -> None:
        while not stop.is_set():
            session.service.box.counts(session.id)
            slips.turnout(session.service, session.id, exact=False)

    reader = threading.Thread(target=look)
    reader.start()
    time.sleep(0.05)
    close.close(session.service, session.id)
    stop.set()
    reader.join()
    assert (session.service.settings.data / "box.sqlite-wal").stat().st_size == 0

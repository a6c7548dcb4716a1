"""The end of a session: ballots are kept for their months, then destroyed before two witnesses."""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from appraisal.errors import CryptoError, StepError
from appraisal.steps import close, opening, publish, retention
from appraisal.steps.retention import Decision, destroy
from appraisal.steps.service import Service
from appraisal.store.database import Database
from appraisal.tally.openings import decode_openings
from appraisal.tally.record import RecordKind
from tests.voting_session import VotingSession, draft, prepare

OPENED = datetime.datetime(2010, 8, 31, 10, 0, tzinfo=datetime.UTC)
DECISION = Decision(
    decided_by="向阳社区党支部委员会",
    witnesses=("周敏", "吴晓东"),
    operator="李文书",
    place="支部会议室",
    reason="",
)


def at(service: Service, moment: datetime.datetime) -> Service:
    return replace(service, now=lambda: moment)


def opened(service: Service, *, months: int = 12) -> VotingSession:
    """Opened on 2010-08-31; another session beside it is still voting."""
    voting = prepare(at(service, OPENED), given=replace(draft(subjects=2), retention_months=months))
    for serial in (1, 2, 3):
        voting.vote(serial)
    for serial in (1, 2):
        voting.vote(serial, voter_class=1)
    close.close(voting.service, voting.id)
    opening.open_boxes(voting.service, voting.id)
    return voting


def code_of(call: Callable[[], object]) -> str:
    with pytest.raises(StepError) as caught:
        call()
    return caught.value.code


AFTERWARDS = datetime.datetime(2011, 9, 1, 8, 0, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("months", "last"), [(12, "2011-08-31"), (6, "2011-02-28"), (1, "2010-09-30")]
)
def test_ballots_are_kept_for_the_months_that_the_session_says(
    service: Service, months: int, last: str
) -> None:
    voting = opened(service, months=months)
    assert retention.kept_until(voting.service, voting.id).isoformat() == last


def test_nothing_is_destroyed_before_the_boxes_are_opened(service: Service) -> None:
    voting = prepare(service)
    assert code_of(lambda: destroy(service, voting.id, DECISION)) == "wrong-phase"


@pytest.mark.parametrize(
    ("moment", "reason", "code"),
    [
        (datetime.datetime(2011, 8, 31, 23, 0, tzinfo=datetime.UTC), "", "destruction-early"),
        (OPENED, "  ", "destruction-early"),
    ],
)
def test_before_the_day_a_reason_is_asked_for(
    service: Service, moment: datetime.datetime, reason: str, code: str
) -> None:
    voting = opened(service)
    later = at(service, moment)
    given = replace(DECISION, reason=reason)
    assert code_of(lambda: destroy(later, voting.id, given)) == code
    assert publish.record(later, voting.id, kind=RecordKind.PUBLIC).files
    found = destroy(later, voting.id, replace(DECISION, reason="支部撤销"))
    assert found.decision.reason == "支部撤销"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"witnesses": ("周敏", "周敏")}, "destruction-witnesses"),
        ({"witnesses": ("周敏", " ")}, "destruction-witnesses"),
        ({"operator": "周敏"}, "destruction-witnesses"),
        ({"decided_by": " "}, "destruction-undecided"),
    ],
)
def test_a_destruction_needs_a_decision_and_two_witnesses_who_do_not_do_it(
    service: Service, changes: dict[str, object], code: str
) -> None:
    voting = opened(service)
    later = at(service, AFTERWARDS)
    decision = replace(DECISION, **changes)  # type: ignore[arg-type]
    assert code_of(lambda: destroy(later, voting.id, decision)) == code
    assert service.box.counts(voting.id)


def files_of(service: Service) -> list[Path]:
    """Every file that the installation keeps, and PostgreSQL's of the two databases."""
    found = [p for root in (service.settings.data, service.settings.keys) for p in root.rglob("*")]
    for database in (service.registry.database, service.box.database):
        found.extend(_tables(database))
    return [path for path in found if path.is_file()]


def _tables(database: Database) -> list[Path]:
    if database.sqlite:
        return []
    with database.write_rows() as tx:
        tx.execute(text("CHECKPOINT"))
        home = Path(tx.execute(text("SHOW data_directory")).scalar_one())
        number = tx.execute(
            text("SELECT oid FROM pg_database WHERE datname = current_database()")
        ).scalar_one()
    return list((home / "base" / str(number)).iterdir())


def holding(service: Service, secrets: list[bytes]) -> set[str]:
    contents = [(path.name, path.read_bytes()) for path in files_of(service)]
    return {name for name, data in contents for secret in secrets if secret in data}


def test_no_copy_of_a_ballot_or_a_tracker_is_left_in_any_file(service_everywhere: Service) -> None:
    voting = opened(service_everywhere)
    beside = prepare(service_everywhere)
    beside.vote()
    later = at(service_everywhere, AFTERWARDS)
    publish.record_file(later, voting.id)
    publish.board_file(later, voting.id)
    ballots = [ballot.sealed for ballot in service_everywhere.box.ballots(voting.id)]
    trackers = [
        one.tracker.encode()
        for group in decode_openings(publish.openings_of(later, voting.id)).groups
        for one in group.opened or ()
    ]
    assert len(ballots) == 10
    assert trackers
    assert holding(service_everywhere, ballots)
    key = service_everywhere.settings.keys / "sessions" / voting.id / "opening.key"
    key_bytes = key.read_bytes()

    destroy(later, voting.id, DECISION)

    assert holding(service_everywhere, [*ballots, *trackers, key_bytes]) == set()
    assert not key.exists()
    with pytest.raises(CryptoError):
        service_everywhere.keys.opening_key(voting.id)
    with service_everywhere.office.database.read() as tx:
        row = service_everywhere.row(voting.id)
        factors = tx.execute(text("SELECT factors FROM teller WHERE session = :s"), {"s": row.id})
        assert {value for (value,) in factors} <= {b"", None}
    assert row.openings is None
    # The other session has lost nothing and goes on.
    assert len(service_everywhere.box.ballots(beside.id)) == 1
    beside.vote(2)


def test_what_the_session_came_to_stays(service: Service) -> None:
    voting = opened(service)
    later = at(service, AFTERWARDS)
    results, head = publish.results_of(later, voting.id), publish.checkpoint_of(later, voting.id)
    found = destroy(later, voting.id, DECISION)
    assert publish.results_of(later, voting.id) == results
    assert publish.checkpoint_of(later, voting.id) == head
    assert found.ballots == (3, 2, 3, 2)
    certificate = retention.certificate_of(later, voting.id)
    assert certificate.destroyed == datetime.date(2011, 9, 1)
    assert certificate.kept_until == datetime.date(2011, 8, 31)
    assert certificate.checkpoint == head
    for told in (
        lambda: publish.openings_of(later, voting.id),
        lambda: publish.board_file(later, voting.id),
        lambda: publish.record_file(later, voting.id),
        lambda: publish.board_entries(later, voting.id),
        lambda: publish.record(later, voting.id, kind=RecordKind.PUBLIC),
    ):
        assert code_of(told) == "destroyed"


def test_a_certificate_comes_with_the_destruction_only(service: Service) -> None:
    voting = opened(service)
    assert code_of(lambda: retention.certificate_of(service, voting.id)) == "not-destroyed"
    assert retention.destruction_of(service, voting.id) is None


@pytest.mark.parametrize("cut", ["box", "keys", "office"])
def test_a_destruction_cut_off_is_finished_by_the_first_decision(
    service: Service, monkeypatch: pytest.MonkeyPatch, cut: str
) -> None:
    voting = opened(service)
    later = at(service, AFTERWARDS)
    publish.record_file(later, voting.id)
    place, name = {
        "box": (service.box, "destroy"),
        "keys": (service.keys, "destroy_opening_key"),
        "office": (service.office.database, "compact"),
    }[cut]

    def crash(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(place, name, crash)
        with pytest.raises(KeyboardInterrupt):
            destroy(later, voting.id, DECISION)
    # From the decision on nothing is handed out, and no certificate says that it is done.
    assert retention.destruction_of(later, voting.id) is None
    assert code_of(lambda: publish.record_file(later, voting.id)) == "destroyed"
    assert code_of(lambda: retention.certificate_of(later, voting.id)) == "not-destroyed"
    found = destroy(later, voting.id, replace(DECISION, decided_by="别人"))
    assert found.decision == DECISION
    assert found.ballots == (3, 2, 3, 2)
    assert retention.destruction_of(later, voting.id) == found
    assert not service.box.counts(voting.id)
    assert not (service.settings.data / publish.PUBLISHED / voting.id).exists()
    assert destroy(later, voting.id, DECISION) == found


def test_while_somebody_reads_the_databases_it_is_not_finished(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlalchemy.exc import OperationalError

    voting = opened(service)
    later = at(service, AFTERWARDS)

    def busy(*_: object) -> None:
        raise OperationalError("wal_checkpoint", None, TimeoutError("a reader stays"))

    with monkeypatch.context() as patch:
        patch.setattr(service.box.database, "compact", busy)
        assert code_of(lambda: destroy(later, voting.id, DECISION)) == "destruction-busy"
    assert retention.destruction_of(later, voting.id) is None
    destroy(later, voting.id, DECISION)


def test_a_file_is_overwritten_before_it_is_removed(tmp_path: Path) -> None:
    """Seen through a second name of the same file."""
    from appraisal.store.strongbox import overwrite

    file, second = tmp_path / "file", tmp_path / "second"
    file.write_bytes(b"secret" * 100)
    os.link(file, second)
    overwrite(file, rng=os.urandom)
    assert not file.exists()
    assert b"secret" not in second.read_bytes()
    assert second.stat().st_size == 600

"""`appraisal rehearse`: a whole session over HTTP, as a secretary practises, to the last vote."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from appraisal import verifier
from appraisal.ballots import board
from appraisal.manifest import BoxNumber, decode_manifest
from appraisal.rehearsal import electorate, session
from appraisal.rehearsal.electorate import Habit
from appraisal.tally.openings import decode_openings
from appraisal.tally.record import decode_results, read_record
from appraisal.tally.results import GroupStatus
from tests.world import make_world


def rehearse(out: Path, *extra: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "appraisal", "rehearse", "--out", str(out), *extra]
    # Settings of the person at the keyboard must not reach a rehearsal of its own.
    env = {k: v for k, v in os.environ.items() if not k.startswith("APPRAISAL_")}
    return subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=280, env=env, cwd=out.parent
    )


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("rehearsal") / "out"
    done = rehearse(out, "--voters", "40", "--seed", "7")
    assert done.returncode == 0, done.stderr
    assert "the tally is exactly what was cast" in done.stdout
    return out


def summary(run: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((run / "summary.json").read_text())
    return found


def test_it_leaves_what_a_secretary_takes_home(run: Path) -> None:
    left = {path.name for path in run.iterdir()}
    assert left == {"slips.pdf", "record", "report.pdf", "results.csv", "summary.json"}


def test_it_leaves_nothing_else_behind(run: Path) -> None:
    assert [path.name for path in run.parent.iterdir()] == ["out"]


def test_every_slip_is_accounted_for(run: Path) -> None:
    classes = summary(run)["slips"]
    assert [c["cast"] for c in classes] == [24, 16]
    for c in classes:
        assert c["cast"] <= c["drawn"] <= c["active"] <= c["printed"]
    assert sum(c["drawn"] - c["cast"] for c in classes) == 1
    assert sum(c["active"] - c["drawn"] for c in classes) == 2


def test_the_record_verifies_and_holds_the_known_ballots(run: Path) -> None:
    record = read_record(run / "record")
    assert verifier.verify(record).ok
    manifest = decode_manifest(record.files["manifest.json"])
    known = summary(run)["counts"]
    for group in decode_openings(record.files["openings.json"]).groups:
        assert group.opened is not None
        (box,) = group.boxes
        for question, expected in enumerate(known[str(box)]):
            answers = [ballot.answers[question] for ballot in group.opened]
            assert [answers.count(a) for a in range(len(expected))] == expected
    assert len(known) == len(manifest.boxes)


def test_the_results_say_the_same(run: Path) -> None:
    record = read_record(run / "record")
    results = decode_results(record.files["results.json"])
    known = {
        BoxNumber(int(box)): tuple(map(tuple, counts))
        for box, counts in summary(run)["counts"].items()
    }
    manifest = decode_manifest(record.files["manifest.json"])
    session.compare(manifest, results, known, {})
    first = known[BoxNumber(0)]
    wrong = known | {BoxNumber(0): ((first[0][0] + 1, *first[0][1:]), *first[1:])}
    with pytest.raises(session.MismatchError):
        session.compare(manifest, results, wrong, {})


def test_nothing_in_the_record_tells_an_order(run: Path) -> None:
    """Ballots stand by leaf hash, openings by tracker; both are random."""
    record = read_record(run / "record")
    entries = board.unpacked(record.files["board.bin"])
    assert len([entry for entry in entries if entry[0] == 4]) == 40 * 7
    for group in decode_openings(record.files["openings.json"]).groups:
        assert group.status is GroupStatus.OPENED
        assert group.opened is not None
        trackers = [ballot.tracker for ballot in group.opened]
        assert trackers == sorted(trackers)


def test_the_report_and_the_slips_are_documents(run: Path) -> None:
    with pypdfium2.PdfDocument(run / "report.pdf") as report:
        text = "".join(page.get_textpage().get_text_range() for page in report)
        assert "演练 7" in text.replace("\n", "")
    with pypdfium2.PdfDocument(run / "slips.pdf") as slips:
        assert len(slips) >= 7


def test_the_table_opens_in_a_spreadsheet(run: Path) -> None:
    rows = list(csv.reader((run / "results.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert len(rows) > 7 * 3 * 2


def test_too_few_voters_are_refused_in_a_sentence(tmp_path: Path) -> None:
    done = rehearse(tmp_path / "out", "--voters", "3", "--seed", "1")
    assert done.returncode == 2
    assert "3 is not in the range" in done.stderr


def test_an_address_without_a_service_is_a_sentence(tmp_path: Path) -> None:
    env = {"APPRAISAL_DATA": str(tmp_path / "data"), "APPRAISAL_KEYS": str(tmp_path / "keys")}
    command = [sys.executable, "-m", "appraisal", "rehearse", "--out", str(tmp_path / "out")]
    done = subprocess.run(
        [*command, "--voters", "20", "--seed", "1", "--url", "http://127.0.0.1:9"],
        capture_output=True,
        text=True,
        check=False,
        timeout=280,
        env=os.environ | env,
    )
    assert done.returncode == 1
    assert "no service answers at 127.0.0.1:9" in done.stderr
    assert "Traceback" not in done.stderr


def test_people_repeat_with_their_seed() -> None:
    manifest = make_world().manifest
    plan = {"casting": (20, 10), "gave_up": 2, "away": 3}
    first = electorate.people(manifest, **plan, seed=1)  # type: ignore[arg-type]
    again = electorate.people(manifest, **plan, seed=1)  # type: ignore[arg-type]
    other = electorate.people(manifest, **plan, seed=2)  # type: ignore[arg-type]
    assert first == again != other
    assert sum(person.casts for person in first) == 30
    assert sum(person.habit is Habit.STAYS_AWAY for person in first) == 3
    assert any(person.habit is Habit.RETRIES for person in first)


def test_known_counts_are_whole() -> None:
    manifest = make_world().manifest
    people = electorate.people(manifest, casting=(20, 10), gave_up=0, away=0, seed=1)
    counts = electorate.known_counts(manifest, people)
    for box, questions in counts.items():
        cast = 20 if manifest.boxes[box].voter_class == 0 else 10
        assert all(sum(column) == cast for column in questions)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A session that two of three tellers open, and a second signer signs for."""
    out = tmp_path_factory.mktemp("shared") / "out"
    crowd = ("--voters", "20", "--seed", "3", "--contests", "1")
    done = rehearse(out, *crowd, "--tellers", "3", "--quorum", "2", "--signer")
    assert done.returncode == 0, done.stderr
    assert "the tally is exactly what was cast" in done.stdout
    return out


def test_with_tellers_and_a_second_signer(shared: Path) -> None:
    record = read_record(shared / "record")
    assert verifier.verify(record).ok
    manifest = decode_manifest(record.files["manifest.json"])
    assert not manifest.opening.custodian
    assert (len(manifest.opening.tellers), manifest.opening.quorum) == (3, 2)
    first, second = manifest.signers
    assert (first.name, first.url) == ("registrar", None)
    assert second.url is not None
    entries = [board.decode(entry, manifest) for entry in board.unpacked(record.files["board.bin"])]
    drawn = [len(entry.drawn) for entry in entries if isinstance(entry, board.Turnout)]
    assert drawn[:2] == drawn[2:]  # nobody drew with one signer alone
    assert "factors" in summary(shared)["timings"]


def test_a_second_signer_leaves_nothing_behind_either(shared: Path) -> None:
    assert [path.name for path in shared.parent.iterdir()] == ["out"]


def test_a_quorum_of_more_than_the_tellers_is_refused_in_a_sentence(tmp_path: Path) -> None:
    done = rehearse(tmp_path / "out", "--voters", "20", "--seed", "1", "--quorum", "2")
    assert done.returncode == 2
    assert "a quorum of 2 is more than 0 tellers" in done.stderr


def test_a_form_that_there_is_not_is_refused_in_a_sentence(tmp_path: Path) -> None:
    done = rehearse(tmp_path / "out", "--voters", "20", "--seed", "1", "--form", "essay")
    assert done.returncode == 1
    assert "no instrument 'essay'" in done.stderr
    assert "Traceback" not in done.stderr

"""Our record vectors: what a verifier must say of each, and that they are made as they say."""

from __future__ import annotations

from pathlib import Path

import pytest

from appraisal.errors import RecordError
from appraisal.tally.findings import State
from appraisal.tally.record import read_archive, read_record
from appraisal.verifier import verify
from tests.tally import record_cases
from tests.tally.record_sessions import CASES, FOLDER, Case

VECTORS = sorted(FOLDER.glob("*.vector"))


def parts(path: Path) -> tuple[str, bytes]:
    """What is expected, and the archive."""
    head, data = path.read_bytes().split(b"\n\n", 1)
    expect, comment = head.decode().split("\n")
    assert comment.startswith("comment: ")
    return expect.removeprefix("expect: "), data


def verdict(data: bytes) -> str:
    """Our verifier's word: `valid`, the numbers of the checks that failed, or `unreadable`."""
    try:
        report = verify(read_archive(data))
    except RecordError:
        return "unreadable"
    assert all((finding.text.zh and finding.text.en) for finding in report.findings)
    failed = [check for check, state in report.states.items() if state is State.FAILED]
    assert report.ok is (not failed)
    return ",".join(map(str, failed)) or "valid"


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_vector(path: Path) -> None:
    expect, data = parts(path)
    assert verdict(data) == expect


def test_an_archive_that_was_only_packed_anew_is_told_apart_from_one_that_was_changed() -> None:
    """The browser's recount names the same (frontend/tests/recount.test.ts)."""
    failing_1 = [(path.stem, *parts(path)) for path in VECTORS]
    assert [
        name
        for name, expect, data in failing_1
        if expect == "1" and verify(read_archive(data)).only_repacked
    ] == [
        "archive-checksum",
        "archive-dated",
        "archive-longer",
        "archive-without-directory",
        "files-reordered",
    ]


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_a_folder_gets_the_verdict_of_its_archive(path: Path, tmp_path: Path) -> None:
    expect, data = parts(path)
    if expect == "unreadable" or path.stem.startswith(("archive-", "file-", "files-", "foreign-")):
        return
    for name, content in read_archive(data).files.items():
        (tmp_path / name).write_bytes(content)
    report = verify(read_record(tmp_path))
    failed = [check for check, state in report.states.items() if state is State.FAILED]
    assert (",".join(map(str, failed)) or "valid") == expect


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_vectors_are_made_to_the_same_bytes(case: Case) -> None:
    assert (FOLDER / f"{case.name}.vector").read_bytes() == case.vector


def test_there_is_no_vector_without_a_case_and_failures_outnumber_successes() -> None:
    assert {path.name for path in VECTORS} == {name for name, _ in record_cases.written()}
    assert sum(case.expect == "valid" for case in CASES) * 5 < len(CASES)


def test_every_check_has_a_vector_that_fails_it_alone() -> None:
    alone = {case.expect for case in CASES}
    assert alone >= {str(number) for number in range(1, 13)}

"""Documents that are kept until they are fetched, and dropped when they no longer hold."""

from __future__ import annotations

import pytest

from appraisal.manifest import SessionId
from appraisal.web.office.made_files import KEPT, MadeFiles

ONE, OTHER = SessionId("k3m9x7q2wp"), SessionId("0000000000")


@pytest.fixture
def files() -> MadeFiles:
    return MadeFiles()


def make(files: MadeFiles, name: str = "feedback", session: SessionId = ONE) -> bytes:
    data = f"{session} {name}".encode()
    files.keep(session, name, data, files.begin(session, name))
    return data


def test_a_document_is_kept_until_it_is_dropped(files: MadeFiles) -> None:
    assert files.of(ONE, "feedback") is None
    data = make(files)
    assert files.of(ONE, "feedback") == data
    files.drop(ONE, "feedback")
    assert files.of(ONE, "feedback") is None


@pytest.mark.parametrize("whole", [False, True])
def test_what_is_dropped_while_it_is_made_is_not_kept(files: MadeFiles, whole: bool) -> None:
    making = files.begin(ONE, "feedback")
    if whole:
        files.drop_all(ONE)
    else:
        files.drop(ONE, "feedback")
    files.keep(ONE, "feedback", b"as it was", making)
    assert files.of(ONE, "feedback") is None


def test_of_two_that_are_made_the_later_is_kept(files: MadeFiles) -> None:
    first, second = files.begin(ONE, "feedback"), files.begin(ONE, "feedback")
    files.keep(ONE, "feedback", b"second", second)
    files.keep(ONE, "feedback", b"first", first)
    assert files.of(ONE, "feedback") == b"second"


def test_dropping_all_of_a_session_leaves_those_of_others(files: MadeFiles) -> None:
    make(files)
    make(files, "summary-portrait")
    data = make(files, session=OTHER)
    files.drop_all(ONE)
    assert files.of(ONE, "feedback") is None
    assert files.of(ONE, "summary-portrait") is None
    assert files.of(OTHER, "feedback") == data


def test_the_oldest_makes_room(files: MadeFiles) -> None:
    for number in range(KEPT + 1):
        make(files, f"sheet {number}")
    assert files.of(ONE, "sheet 0") is None
    assert files.of(ONE, "sheet 1") is not None
    assert files.of(ONE, f"sheet {KEPT}") is not None

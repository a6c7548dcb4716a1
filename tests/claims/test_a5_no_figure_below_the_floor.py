"""Claim A5: no figure published, alone or combined, reveals a box below its floor.

**The attacker** reads everything that is published: the board, the openings, the results, the
report, the tables, the records. They subtract, add and divide. A class of three must stay closed.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeAlias

import pypdfium2
import pytest

from appraisal.ballots import voter
from appraisal.ballots.board import unpacked
from appraisal.ballots.cast import CastBallot
from appraisal.ballots.voter import BlankBallot
from appraisal.config import Settings
from appraisal.counting_rules import BelowFloor
from appraisal.documents.report import report_pdf
from appraisal.documents.spreadsheets import results_csv, results_xlsx
from appraisal.steps import close, opening, publish
from appraisal.steps.report import report_of
from appraisal.tally.openings import decode_openings
from appraisal.tally.record import RecordKind
from appraisal.tally.results import GroupStatus
from tests.claims.many_sessions import Copies, prepare_once, vote
from tests.voting_session import VotingSession, draft

FLOOR = 5
LARGE, SMALL = 7, 3
"""Voters of the two classes; the second stays below the floor."""
CONTESTS = 2

Answers: TypeAlias = tuple[int, ...]
Ballots: TypeAlias = list[list[Answers]]
"""One voter's answers, contest by contest."""


@dataclass(frozen=True)
class Published:
    """What everyone may read of one session."""

    files: dict[str, bytes]

    @property
    def results(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.files["results.json"])
        return found


class Sessions:
    """The same slips, keys and trackers each time; only the answers differ."""

    def __init__(self, folder: Path, below: BelowFloor) -> None:
        settings = Settings.from_environment(
            {"APPRAISAL_DATA": str(folder / "var"), "APPRAISAL_KEYS": str(folder / "keys")}
        )
        plan = draft(subjects=CONTESTS, slips=(LARGE, FLOOR), floor=FLOOR)
        plan = replace(plan, rules=replace(plan.rules, below_floor=below))
        self._copies = Copies(prepare_once(settings, plan), folder)

    def published(self, ballots: Ballots, *, kind: RecordKind = RecordKind.PUBLIC) -> Published:
        """Everything of a session in which the n-th voter answered so; members first."""
        prepared = self._copies.prepared
        drawings = prepared.drawings[: LARGE + SMALL]
        with prepared.begin(self._copies.settings()) as session:
            waiting = iter(range(LARGE + SMALL))

            def fill_in(blanks: Sequence[BlankBallot]) -> tuple[CastBallot, ...]:
                number = next(waiting)
                # Ballots with the same answers have the same trackers in every world.
                seed = random.Random(repr((ballots[number], copy_of(ballots, number))))
                return voter.fill_in(session.manifest, blanks, ballots[number], rng=seed.randbytes)

            vote(session, drawings, random.Random(1), fill_in=fill_in, hurry=0.5)
            close.close(session.service, session.id)
            opening.open_boxes(session.service, session.id)
            return Published(dict(_files(session, kind)))


def copy_of(ballots: Ballots, number: int) -> int:
    """Which of those who answer alike this voter is."""
    return ballots[:number].count(ballots[number])


def _files(session: VotingSession, kind: RecordKind) -> Iterator[tuple[str, bytes]]:
    service, manifest = session.service, session.manifest
    results = publish.results_of(service, session.id)
    yield from publish.record(service, session.id, kind=kind).files.items()
    yield "results.csv", results_csv(manifest, results).encode()
    yield "results.xlsx", results_xlsx(manifest, results)
    with pypdfium2.PdfDocument(report_pdf(report_of(service, session.id))) as document:
        text = "\n".join(page.get_textpage().get_text_range() for page in document)
    yield "report", text.encode()


def at_random(rng: random.Random) -> Ballots:
    """Seven members and three of the public, two contests, three questions."""
    return [
        [tuple(rng.randrange(6) for _ in range(3)) for _ in range(CONTESTS)]
        for _ in range(LARGE + SMALL)
    ]


@pytest.fixture(scope="module")
def withholding(tmp_path_factory: pytest.TempPathFactory) -> Sessions:
    return Sessions(tmp_path_factory.mktemp("withhold"), BelowFloor.WITHHOLD)


@pytest.fixture(scope="module")
def merging(tmp_path_factory: pytest.TempPathFactory) -> Sessions:
    return Sessions(tmp_path_factory.mktemp("merge"), BelowFloor.MERGE)


SEALED = ("board.bin", "checkpoint.txt")
"""What differs because sealed ballots differ, which nobody reads without the opening key."""


def said(published: Published) -> dict[str, bytes]:
    """Everything but the sealed ballots, and the hashes and signatures over them."""
    found = {name: data for name, data in published.files.items() if name not in SEALED}
    # Without line ends, and the mark that PDFium sets where a long word was broken.
    report = b"".join(found["report"].replace("\ufffe".encode(), b"").split())
    for line in published.files["checkpoint.txt"].split():
        report = report.replace(line, b"HEAD") if len(line) > 20 else report
    assert b"HEAD" in report
    found["report"] = re.sub(rb"SHA-256[0-9a-f]{64}", b"HASH", report)
    return found


def test_whatever_a_withheld_box_holds_the_same_is_published(withholding: Sessions) -> None:
    """Not a matter of arithmetic: all files say the same, byte for byte."""
    rng = random.Random(5)
    one = at_random(rng)
    two = one[:LARGE] + at_random(rng)[LARGE:]
    assert one != two
    first, second = said(withholding.published(one)), said(withholding.published(two))
    assert first.keys() == second.keys() >= {"results.json", "openings.json", "results.xlsx"}
    assert [name for name in first if first[name] != second[name]] == []
    third = said(withholding.published(at_random(rng)[:LARGE] + one[LARGE:]))
    assert first["results.json"] != third["results.json"]


def test_whoever_of_a_merged_group_gave_which_ballot_the_same_is_published(
    merging: Sessions,
) -> None:
    """A member and one of the public change their ballots: nobody sees it."""
    one = at_random(random.Random(6))
    two = list(one)
    two[0], two[-1] = one[-1], one[0]
    first, second = said(merging.published(one)), said(merging.published(two))
    assert b'"withheld"' not in first["openings.json"]
    assert [name for name in first if first[name] != second[name]] == []


Unknown: TypeAlias = tuple[str, int, int, int, int]
"""What is counted: a word, contest, class, question, column (grades, then blank)."""
Equation: TypeAlias = tuple[dict[Unknown, Fraction], Fraction]


def equations(published: Published) -> Iterator[Equation]:
    """Every published figure as a linear equation in the counts of single boxes."""
    manifest = json.loads(published.files["manifest.json"])
    for contest in published.results["contests"]:
        at = contest["contest"]
        instrument = manifest["instruments"][manifest["contests"][at]["instrument"]]
        for group in contest["groups"]:
            for question, asked in enumerate(instrument["questions"]):
                columns = range(len(asked["grades"]) + 1)
                # Every ballot of a box is a grade, blank or spoilt: this much the board tells.
                everything = [
                    count_of(at, c, question, g) for c in group["classes"] for g in columns
                ]
                lost = [("spoilt", at, c, 0, 0) for c in group["classes"]]
                yield total([*everything, *lost], group["returned"])
                if group["status"] == "opened":
                    yield from _figures(group, at, question, asked)
            if "spoilt" in group:
                yield total([("spoilt", at, c, 0, 0) for c in group["classes"]], group["spoilt"])


def in_box(published: Published, manifest: dict[str, Any], contest: int, of_class: int) -> int:
    """How many ballots the board holds for a box: each names it."""
    number = manifest["boxes"].index(
        next(b for b in manifest["boxes"] if (b["contest"], b["class"]) == (contest, of_class))
    )
    entries = unpacked(published.files["board.bin"])
    return sum(entry[0] == 4 and int.from_bytes(entry[1:3], "big") == number for entry in entries)


def _figures(
    group: dict[str, Any], at: int, question: int, asked: dict[str, Any]
) -> Iterator[Equation]:
    told, classes = group["questions"][question], group["classes"]
    points = [grade.get("points") for grade in asked["grades"]]
    for column, count in enumerate([*told["counts"], told["blank"]]):
        yield total([count_of(at, c, question, column) for c in classes], count)
    scale = [g for g, worth in enumerate(points) if worth is not None]
    yield total([count_of(at, c, question, g) for c in classes for g in scale], told["answers"])
    if "score" in told:
        mean = Fraction(told["score"]["exact"])
        yield (
            {count_of(at, c, question, g): points[g] - mean for c in classes for g in scale},
            Fraction(0),
        )
    if "positive" in told:
        share = Fraction(told["positive"]["exact"])
        yield (
            {
                count_of(at, c, question, g): int(asked["grades"][g]["positive"]) - share
                for c in classes
                for g in scale
            },
            Fraction(0),
        )


def count_of(contest: int, voter_class: int, question: int, column: int) -> Unknown:
    return ("count", contest, voter_class, question, column)


def total(parts: Sequence[Unknown], value: int) -> Equation:
    return {part: Fraction(1) for part in parts}, Fraction(value)


def derivable(given: Sequence[Equation]) -> dict[Unknown, Fraction]:
    """The unknowns that the equations determine, by exact elimination (Gauss and Jordan)."""
    rows: list[tuple[Unknown, dict[Unknown, Fraction], Fraction]] = []
    for left, right in given:
        row, value = {u: c for u, c in left.items() if c}, right
        for pivot, other, known in rows:
            if factor := row.get(pivot):
                row = added(row, other, -factor)
                value -= factor * known
        if not row:
            assert value == 0, "the published figures contradict each other"
            continue
        pivot = min(row)
        factor = row[pivot]
        row, value = {u: c / factor for u, c in row.items()}, value / factor
        rows = [
            (p, added(other, row, -other[pivot]), known - other[pivot] * value)
            if pivot in other
            else (p, other, known)
            for p, other, known in rows
        ]
        rows.append((pivot, row, value))
    return {pivot: value for pivot, row, value in rows if len(row) == 1}


def added(
    row: dict[Unknown, Fraction], other: dict[Unknown, Fraction], factor: Fraction
) -> dict[Unknown, Fraction]:
    both = {u: row.get(u, Fraction(0)) + factor * other.get(u, 0) for u in row.keys() | other}
    return {unknown: value for unknown, value in both.items() if value}


def of_small_class(found: dict[Unknown, Fraction]) -> dict[Unknown, Fraction]:
    return {unknown: value for unknown, value in found.items() if unknown[2] == 1}


def test_no_count_of_a_withheld_box_follows_from_the_figures(withholding: Sessions) -> None:
    published = withholding.published(at_random(random.Random(7)))
    found = derivable(list(equations(published)))
    assert len(found) > CONTESTS * 3 * 6  # all of the large class
    assert of_small_class(found) == {}


def test_no_count_of_a_box_in_a_merged_group_follows_from_the_figures(merging: Sessions) -> None:
    """Except a grade that nobody of the whole group chose, which is 0 in every part of it."""
    published = merging.published(at_random(random.Random(8)))
    assert derivable(list(equations(published))) == {}


def test_one_total_over_all_classes_would_give_the_withheld_box_away(
    withholding: Sessions,
) -> None:
    """The same solver, with one row too many: hence the tests above can fail."""
    ballots = at_random(random.Random(9))
    published = withholding.published(ballots)
    chosen = sum(mine[0][0] == 1 for mine in ballots)
    leak = total([count_of(0, c, 0, 0) for c in (0, 1)], chosen)
    found = of_small_class(derivable([*equations(published), leak]))
    assert found == {count_of(0, 1, 0, 0): sum(mine[0][0] == 1 for mine in ballots[LARGE:])}


def test_an_audit_record_tells_no_box_of_a_merged_group(merging: Sessions) -> None:
    """Each sealed ballot names its box, so factors would open the three of the small class like
    any others, though their box is below the floor: auditors get none of a merged group."""
    ballots = at_random(random.Random(10))
    audit = merging.published(ballots, kind=RecordKind.AUDIT)
    openings = decode_openings(audit.files["openings.json"])
    assert {group.status for group in openings.groups} == {GroupStatus.OPENED}
    assert {len(group.boxes) for group in openings.groups} == {2}
    (teller,) = json.loads(audit.files["factors.json"])["tellers"]
    assert teller["factors"] == []

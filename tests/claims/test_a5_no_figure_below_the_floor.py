"""Claim A5: no figure published, alone or combined, reveals a box below its floor.

**The attacker** reads everything that is published: the board, the openings, the results, the
report, the tables, the records. They subtract, add and divide. A class of three must stay closed.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeAlias

import pypdfium2
import pytest

from appraisal.ballot_form import BallotForm
from appraisal.ballots import voter
from appraisal.ballots.ballot import fault_of
from appraisal.ballots.cast import CastBallot, sign_ballot
from appraisal.ballots.voter import BlankBallot
from appraisal.config import Settings
from appraisal.counting_rules import BelowFloor, Denominator, EmptyBallot
from appraisal.documents.report import report_pdf
from appraisal.documents.spreadsheets import results_csv, results_xlsx
from appraisal.manifest import Manifest
from appraisal.steps import close, opening, publish
from appraisal.steps.draft import FormDraft
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

TORN: Answers = ()
"""Instead of answers: a ballot that does not decrypt."""

THREE_QUESTIONS = ("three-key-questions",)
MANY_FORMS = ("overall-grade", "problems", "score-100")
"""Two persons' grades on one ballot with a limit; of each a list to tick, and points."""


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

    def __init__(
        self, folder: Path, below: BelowFloor, forms: Sequence[str] = THREE_QUESTIONS, **rules: Any
    ) -> None:
        settings = Settings.from_environment(
            {"APPRAISAL_DATA": str(folder / "var"), "APPRAISAL_KEYS": str(folder / "keys")}
        )
        plan = draft(subjects=CONTESTS, slips=(LARGE, FLOOR), floor=FLOOR)
        if forms is MANY_FORMS:
            people = (replace(plan.subjects[1], name="李一"), plan.subjects[1])
            plan = replace(plan, subjects=people, forms=tuple(map(FormDraft, forms)))
        plan = replace(plan, rules=replace(plan.rules, below_floor=below, **rules))
        self._copies = Copies(prepare_once(settings, plan), folder)

    def published(self, ballots: Ballots, *, kind: RecordKind = RecordKind.PUBLIC) -> Published:
        """Everything of a session in which the n-th voter answered so; members first."""
        prepared = self._copies.prepared
        drawings = prepared.drawings[: len(ballots)]
        with prepared.begin(self._copies.settings()) as session:
            waiting = iter(range(len(ballots)))

            def fill_in(blanks: Sequence[BlankBallot]) -> tuple[CastBallot, ...]:
                number = next(waiting)
                # Ballots with the same answers have the same trackers in every world.
                seed = random.Random(repr((ballots[number], copy_of(ballots, number))))
                return sealed_by(seed, session.manifest, blanks, ballots[number])

            vote(session, drawings, random.Random(1), fill_in=fill_in, hurry=0.5)
            close.close(session.service, session.id)
            opening.open_boxes(session.service, session.id)
            return Published(dict(_files(session, kind)))

    def at_random(self, rng: random.Random) -> Ballots:
        """Seven members and three of the public; every ballot keeps its form's limits."""
        return [[valid_answers(form, rng) for form in self.forms] for _ in range(LARGE + SMALL)]

    @property
    def forms(self) -> Sequence[BallotForm]:
        """The form of each contest."""
        return self._copies.prepared.session.manifest.forms


def sealed_by(
    seed: random.Random, manifest: Manifest, blanks: Sequence[BlankBallot], answers: list[Answers]
) -> tuple[CastBallot, ...]:
    """What a voter's own client casts, which may answer what no form has, or tear its ballots."""
    forms = (manifest.form_of(blank.box) for blank in blanks)
    filled = [own or (0,) * form.size for own, form in zip(answers, forms, strict=True)]
    return tuple(
        ballot
        if own is not TORN
        else sign_ballot(
            manifest,
            box=blank.box,
            key=blank.key,
            ballot_tokens=blank.tokens,
            sealed=ballot.sealed[:-1] + bytes([ballot.sealed[-1] ^ 1]),
        )
        for ballot, blank, own in zip(
            voter.fill_in(manifest, blanks, filled, rng=seed.randbytes),
            blanks,
            answers,
            strict=True,
        )
    )


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


def valid_answers(form: BallotForm, rng: random.Random) -> Answers:
    while True:
        answers = tuple(rng.randint(0, most) for most in form.places)
        if fault_of(answers, form) is None:
            return answers


WITHHELD = {
    "three questions": (BelowFloor.WITHHOLD, THREE_QUESTIONS, {}),
    "many forms": (
        BelowFloor.WITHHOLD,
        MANY_FORMS,
        {"members": 3, "denominator": Denominator.ENTITLED, "positive": None},
    ),
}
MERGED = {
    "three questions": (BelowFloor.MERGE, THREE_QUESTIONS, {}),
    "many forms": (BelowFloor.MERGE, MANY_FORMS, {"members": 3, "trim": 2, "positive": None}),
}


@pytest.fixture(scope="module", params=WITHHELD)
def withholding(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Sessions:
    below, forms, rules = WITHHELD[request.param]
    return Sessions(tmp_path_factory.mktemp("withhold"), below, forms, **rules)


@pytest.fixture(scope="module", params=MERGED)
def merging(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Sessions:
    below, forms, rules = MERGED[request.param]
    return Sessions(tmp_path_factory.mktemp("merge"), below, forms, **rules)


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
    one = withholding.at_random(rng)
    two = one[:LARGE] + withholding.at_random(rng)[LARGE:]
    assert one != two
    first, second = said(withholding.published(one)), said(withholding.published(two))
    assert first.keys() == second.keys() >= {"results.json", "openings.json", "results.xlsx"}
    assert [name for name in first if first[name] != second[name]] == []
    third = said(withholding.published(withholding.at_random(rng)[:LARGE] + one[LARGE:]))
    assert first["results.json"] != third["results.json"]


def test_whoever_of_a_merged_group_gave_which_ballot_the_same_is_published(
    merging: Sessions,
) -> None:
    """A member and one of the public change their ballots: nobody sees it."""
    one = merging.at_random(random.Random(6))
    two = list(one)
    two[0], two[-1] = one[-1], one[0]
    first, second = said(merging.published(one)), said(merging.published(two))
    assert b'"withheld"' not in first["openings.json"]
    assert [name for name in first if first[name] != second[name]] == []


@pytest.fixture(scope="module")
def spoiling(tmp_path_factory: pytest.TempPathFactory) -> Sessions:
    """Empty ballots are spoilt, and so is more than one 优秀."""
    rules = {"members": 3, "positive": None, "empty_ballot": EmptyBallot.SPOILT}
    return Sessions(tmp_path_factory.mktemp("spoil"), BelowFloor.WITHHOLD, MANY_FORMS, **rules)


def test_whatever_became_of_the_one_honest_ballot_among_spoilt_ones_the_same_is_published(
    spoiling: Sessions,
) -> None:
    """Four of five cast what they know to be spoilt, and so fill a box up to the floor: every other
    reason, and every spoilt ballot beyond their four, would be the fifth voter's."""
    rng = random.Random(11)
    members, forms = spoiling.at_random(rng)[:LARGE], spoiling.forms
    rubbish = [[(255,) * form.size for form in forms], [TORN] * len(forms)] * 2
    fates = {
        "valid": [valid_answers(form, rng) for form in forms],
        "empty": [(0,) * form.size for form in forms],
        "too many": [(1,) * form.size for form in forms],
        "unreadable": [TORN] * len(forms),
    }
    found = {
        fate: said(spoiling.published([*members, *rubbish, mine])) for fate, mine in fates.items()
    }
    assert b'"status":"withheld"' in found["empty"]["openings.json"]
    assert b"spoilt" not in found["empty"]["openings.json"].split(b'"boxes":[1]')[1].split(b"}")[0]
    for published in found.values():
        assert [name for name in published if published[name] != found["valid"][name]] == []


def test_where_enough_are_valid_the_reasons_of_the_others_are_told(spoiling: Sessions) -> None:
    """Hence the test above can fail; and nothing is hidden that the floor does not hide."""
    ballots = spoiling.at_random(random.Random(12))[:LARGE]
    told = []
    for mine in ([(0,) * form.size for form in spoiling.forms], [TORN] * len(spoiling.forms)):
        published = spoiling.published([*ballots[1:], mine])
        told.append(published.files["openings.json"].count(b'"spoilt":["empty"]'))
    assert told == [len(spoiling.forms), 0]


Unknown: TypeAlias = tuple[str, int, int, int, int, int]
"""What is counted: a word, contest, class, subject, question, column (options or points, blank)."""
Equation: TypeAlias = tuple[dict[Unknown, Fraction], Fraction]
Json: TypeAlias = dict[str, Any]


def equations(published: Published) -> Iterator[Equation]:
    """Every published figure as a linear equation in the counts of single boxes."""
    manifest = json.loads(published.files["manifest.json"])
    for contest in published.results["contests"]:
        at = contest["contest"]
        for group in contest["groups"]:
            classes = group["classes"]
            spoilt = [("spoilt", at, c, 0, 0, 0) for c in classes]
            for where, asked in questions_of(manifest, at):
                if asked["kind"] != "ticks":
                    # Every ballot of a box is an answer, blank or spoilt: the board tells as much.
                    everything = counts_of(where, classes, range(len(columns_of(asked))))
                    yield total([*everything, *spoilt], group["returned"])
                if group["status"] == "opened":
                    yield from _figures(manifest, group, where, asked)
            if "spoilt" in group:
                yield total(spoilt, group["spoilt"])
        yield from _over_classes(manifest, contest)


Where: TypeAlias = tuple[int, int, int]
"""Contest, subject by place on its ballot, question."""


def questions_of(manifest: Json, contest: int) -> Iterator[tuple[Where, Json]]:
    instrument = manifest["instruments"][manifest["contests"][contest]["instrument"]]
    for subject in range(len(manifest["contests"][contest]["subjects"])):
        for number, question in enumerate(instrument["questions"]):
            yield (contest, subject, number), question


def columns_of(asked: Json) -> list[int | None]:
    """The points of each column that ballots fall into, and of blank, which has none.

    Options; of a score every number of points, since its bands say less.
    """
    if asked["kind"] == "score":
        return [*range(asked["highest"] + 1), None]
    return [*(option.get("points") for option in asked["options"]), None]


def option_of(asked: Json, column: int) -> int | None:
    """Which option, or band, a column is told under; None for blank."""
    if column == len(columns_of(asked)) - 1:
        return None
    if asked["kind"] != "score":
        return column
    return next(i for i, band in enumerate(asked["options"]) if column >= band["at_least"])


def counts_of(where: Where, classes: Sequence[int], columns: Iterable[int]) -> list[Unknown]:
    contest, subject, question = where
    return [("count", contest, c, subject, question, g) for c in classes for g in columns]


def _figures(manifest: Json, group: Json, where: Where, asked: Json) -> Iterator[Equation]:
    told, classes = told_of(group, where), group["classes"]
    columns = columns_of(asked)
    under: dict[int | None, list[int]] = {}
    for column in range(len(columns)):
        under.setdefault(option_of(asked, column), []).append(column)
    for option, count in enumerate(told["counts"]):
        yield total(counts_of(where, classes, under.get(option, [])), count)
    yield total(counts_of(where, classes, under[None]), told["blank"])
    if asked["kind"] == "ticks":
        return
    scale = [g for g, worth in enumerate(columns) if worth is not None]
    yield total(counts_of(where, classes, scale), told["answers"])
    yield from worths(manifest, group, where, asked)


def _over_classes(manifest: Json, contest: Json) -> Iterator[Equation]:
    """S, P and N: what the groups come to, each by its weight."""
    rules = manifest["rules"]
    for where, asked in questions_of(manifest, contest["contest"]):
        over_all = contest["subjects"][where[1]]["questions"][where[2]]
        if rules["trim"] or "score" not in over_all:
            continue
        parts = [
            (sum(manifest["classes"][c]["weight"] for c in g["classes"]), g)
            for g in contest["groups"]
            if g["status"] == "opened" and "score" in told_of(g, where)
        ]
        whole = 100 if rules["empty_class"] == "zero" else sum(weight for weight, _ in parts)
        for name in ("score", "positive", "negative"):
            row: dict[Unknown, Fraction] = {}
            for weight, group in parts:
                below = denominator(manifest, group, where, asked)
                for unknown, worth in worth_of(group, where, asked, name).items():
                    row[unknown] = worth * Fraction(weight, whole * below)
            yield row, Fraction(over_all[name]["exact"])


def worths(manifest: Json, group: Json, where: Where, asked: Json) -> Iterator[Equation]:
    """s, p and n of one group; a score without extremes is no sum of what was counted."""
    told = told_of(group, where)
    for name in ("score", "positive", "negative"):
        if name in told and not (name == "score" and manifest["rules"]["trim"]):
            share = Fraction(told[name]["exact"])
            yield (
                worth_of(group, where, asked, name),
                share * denominator(manifest, group, where, asked),
            )


def worth_of(group: Json, where: Where, asked: Json, name: str) -> dict[Unknown, Fraction]:
    """What each count adds to the points, or to the positive or negative answers."""
    found: dict[Unknown, Fraction] = {}
    for column, points in enumerate(columns_of(asked)):
        option = option_of(asked, column)
        if option is None:
            continue
        worth = points if name == "score" else int(asked["options"][option][name])
        for unknown in counts_of(where, group["classes"], [column]):
            found[unknown] = Fraction(worth or 0)
    return found


def denominator(manifest: Json, group: Json, where: Where, asked: Json) -> int:
    rule, answers = manifest["rules"]["denominator"], told_of(group, where)["answers"]
    if rule == "answers":
        return int(group["valid"] if asked["kind"] == "choice" else answers)
    entitled = sum(manifest["classes"][c]["entitled"] for c in group["classes"])
    of = {"valid": group["valid"], "returned": group["returned"], "present": group["issued"]}
    return max(int((of | {"entitled": entitled})[rule]), int(group["valid"]))


def told_of(group: Json, where: Where) -> Json:
    _, subject, question = where
    found: Json = group["subjects"][subject][question]
    return found


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
    published = withholding.published(withholding.at_random(random.Random(7)))
    found = derivable(list(equations(published)))
    manifest = json.loads(published.files["manifest.json"])
    columns = [
        len(columns_of(asked))
        for contest in range(len(manifest["contests"]))
        for _, asked in questions_of(manifest, contest)
        if asked["kind"] != "score"
    ]
    assert len(found) > sum(columns)  # all of the large class
    assert of_small_class(found) == {}


def test_no_count_of_a_box_in_a_merged_group_follows_from_the_figures(merging: Sessions) -> None:
    """Except a grade that nobody of the whole group chose, which is 0 in every part of it."""
    published = merging.published(merging.at_random(random.Random(8)))
    assert derivable(list(equations(published))) == {}


def test_one_total_over_all_classes_would_give_the_withheld_box_away(
    withholding: Sessions,
) -> None:
    """The same solver, with one row too many: hence the tests above can fail."""
    ballots = withholding.at_random(random.Random(9))
    published = withholding.published(ballots)
    chosen = sum(mine[0][0] == 1 for mine in ballots)
    leak = total(counts_of((0, 0, 0), (0, 1), (0,)), chosen)
    found = of_small_class(derivable([*equations(published), leak]))
    (unknown,) = counts_of((0, 0, 0), (1,), (0,))
    assert found == {unknown: sum(mine[0][0] == 1 for mine in ballots[LARGE:])}


def test_an_audit_record_tells_no_box_of_a_merged_group(merging: Sessions) -> None:
    """Each sealed ballot names its box, so factors would open the three of the small class like
    any others, though their box is below the floor: auditors get none of a merged group."""
    ballots = merging.at_random(random.Random(10))
    audit = merging.published(ballots, kind=RecordKind.AUDIT)
    openings = decode_openings(audit.files["openings.json"])
    assert {group.status for group in openings.groups} == {GroupStatus.OPENED}
    assert {len(group.boxes) for group in openings.groups} == {2}
    (teller,) = json.loads(audit.files["factors.json"])["tellers"]
    assert teller["factors"] == []

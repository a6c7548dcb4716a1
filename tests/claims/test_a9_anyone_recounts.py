"""Claim A9: every count in every document can be recomputed from the record by a program that
shares no code with the server.

**The doubter** has the public record, docs/protocol.md §4.5 and §5 and an afternoon. What they
wrote is `tests/reference/`: it imports the standard library alone, reads JSON, and counts.
Its figures are held against the results, and against the report and the tables. (Two whole
verifiers share no code with the server's web and store either: `tests/test_standalone.py` and
`frontend/tests/`.)
"""

from __future__ import annotations

import csv
import io
import json
import random
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import openpyxl
import pypdfium2
import pytest

from appraisal.counting_rules import (
    BelowFloor,
    Denominator,
    EmptyClass,
    Percentages,
    Threshold,
    Ties,
)
from appraisal.documents.report import report_pdf
from appraisal.documents.spreadsheets import results_csv, results_xlsx
from appraisal.tally.record import Record
from tests.documents import factory
from tests.reference import boxes, count
from tests.reference.boxes import Group, Valid
from tests.reference.count import Session
from tests.tally.held import Held, hold
from tests.tally.record_forms import PLANS
from tests.tally.record_sessions import of_forms
from tests.world import make_world

Json: TypeAlias = dict[str, Any]


def recount(manifest: Json, openings: Json, slips: Sequence[Json]) -> Json:
    """The contests and subjects of `results.json`, from the opened ballots."""
    groups = []
    for group in openings["groups"]:
        own = [manifest["boxes"][number] for number in group["boxes"]]
        valid = [Valid(b["tracker"], b["answers"]) for b in group.get("opened", ())]
        opened = valid if group["status"] == "opened" else None
        classes = [box["class"] for box in own]
        contest = own[0]["contest"]
        groups.append(Group(contest, classes, group["ballots"], opened, group.get("spoilt")))
    session_ = Session(manifest, slips, groups)
    contests = [session_.contest(number) for number in range(len(manifest["contests"]))]
    return {"contests": contests, "subjects": session_.subjects()}


def recounted_of(record: Record) -> Json:
    """What the doubter's program makes of a record."""
    manifest, openings, results = files(record)
    return recount(manifest, openings, results["slips"])


def published(record: Record) -> Json:
    """What the record says of contests and subjects."""
    results = json.loads(record.files["results.json"])
    return {name: results[name] for name in ("contests", "subjects")}


def files(record: Record) -> Iterator[Json]:
    for name in ("manifest.json", "openings.json", "results.json"):
        yield json.loads(record.files[name])


RULES: list[dict[str, Any]] = [
    {},
    {"below_floor": BelowFloor.MERGE},
    {"empty_class": EmptyClass.ZERO, "decimals": 0},
    {"decimals": 3, "quota": 2, "positive": None},
    {"turnout": None, "positive": Threshold((1, 3), over=True)},
    {"denominator": Denominator.VALID, "percentages": Percentages.LAST_TAKES_REST},
    {"denominator": Denominator.ENTITLED, "ties": Ties.ALL, "quota_organisations": 1},
    {"trim": 1, "negative": Threshold((1, 4), over=False)},
]


def session(seed: int, rules: dict[str, Any]) -> Held:
    """Three contests; the public sometimes stay below the floor, sometimes away."""
    rng = random.Random(seed)

    def voters(number: int) -> list[list[list[int]]]:
        return [
            [[rng.choice((0, 1, 1, 2, 3, 5)) for _ in range(3)] for _ in range(3)]
            for _ in range(number)
        ]

    votes = {0: voters(rng.randint(5, 8)), 1: voters(rng.choice((0, 3, 5)))}
    return hold(make_world(subjects=3, **rules), votes, seed=seed)


@pytest.mark.parametrize("seed", range(16))
def test_every_figure_of_the_results_is_recounted(seed: int) -> None:
    record = session(seed, RULES[seed % len(RULES)]).record()
    assert recounted_of(record) == published(record)


@pytest.mark.parametrize("name", PLANS)
def test_every_figure_of_every_kind_of_question_is_recounted(name: str) -> None:
    """Lists, scores, selections on one ballot, every denominator, extremes left out."""
    record = of_forms(name).record()
    assert recounted_of(record) == published(record)


@pytest.mark.parametrize("name", ["three questions", *PLANS])
def test_the_recount_notices_one_answer_in_any_place(name: str) -> None:
    held = session(7, {}) if name == "three questions" else of_forms(name)
    record = held.record()
    manifest, openings, results = files(record)
    places = [form.places for form in held.manifest.forms]
    for group in openings["groups"]:
        if group["status"] == "withheld":
            continue
        ballot = group["opened"][0]
        of_form = places[manifest["boxes"][group["boxes"][0]]["contest"]]
        for place, most in enumerate(of_form):
            kept = ballot["answers"][place]
            ballot["answers"][place] = (kept + 1) % (most + 1)
            found = recount(manifest, openings, results["slips"])
            ballot["answers"][place] = kept
            assert found != published(record)


@pytest.fixture(scope="module", params=["three questions", "kinds"])
def recounted(request: pytest.FixtureRequest) -> tuple[Held, Json]:
    held = session(7, {}) if request.param == "three questions" else of_forms(request.param)
    return held, recounted_of(held.record())


def questions_of(results: Json) -> Iterator[Json]:
    """Every question about every subject in every group."""
    for contest in results["contests"]:
        for group in contest["groups"]:
            for of_subject in group["subjects"]:
                yield from of_subject


def test_the_tables_say_what_was_recounted(recounted: tuple[Held, Json]) -> None:
    held, results = recounted
    rows = list(
        csv.DictReader(io.StringIO(results_csv(held.manifest, held.results).lstrip("\ufeff")))
    )
    counted = [row for row in rows if row["票数"]]
    expected = [
        (str(count), share)
        for question in questions_of(results)
        for count, share in zip(
            [*question["counts"], question["blank"]], question["percent"], strict=True
        )
    ]
    assert sorted((row["票数"], row["百分比"]) for row in counted) == sorted(expected)
    book = openpyxl.load_workbook(io.BytesIO(results_xlsx(held.manifest, held.results)))
    numbers = {
        round(float(cell.value), 6)
        for sheet in book
        for line in sheet.iter_rows()
        for cell in line
        if isinstance(cell.value, int | float)
    }
    for question in questions_of(results):
        assert {float(count) for count in question["counts"]} <= numbers


def test_the_report_says_what_was_recounted(recounted: tuple[Held, Json]) -> None:
    held, results = recounted
    pdf = report_pdf(factory.report(held.manifest, held.results))
    with pypdfium2.PdfDocument(pdf) as document:
        text = "".join(page.get_textpage().get_text_range() for page in document)
    for question in questions_of(results):
        for share in question["percent"]:
            assert share in text
    for subject in results["subjects"]:
        if "score" in subject:
            assert subject["score"]["printed"] in text


def test_the_doubters_program_shares_no_code() -> None:
    """It imports the standard library alone."""
    for part in (boxes, count):
        source = Path(str(part.__file__)).read_text(encoding="utf-8")
        imports = set(re.findall(r"^(?:from|import) ([\w.]+)", source, re.MULTILINE))
        assert imports
        assert imports <= sys.stdlib_module_names | {"collections.abc", boxes.__name__}

"""Claim A9: every count in every document can be recomputed from the record by a program that
shares no code with the server.

**The doubter** has the public record, docs/protocol.md §5 and an afternoon. What they wrote stands
in this file: it imports the standard library alone, reads JSON, and counts. Its figures are held
against the results, and against the report and the tables. (Two whole verifiers share no code with
the server's web and store either: `tests/test_standalone.py` and `frontend/tests/`.)
"""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeAlias

import openpyxl
import pypdfium2
import pytest

from appraisal.counting_rules import BelowFloor, EmptyClass
from appraisal.documents.report import report_pdf
from appraisal.documents.spreadsheets import results_csv, results_xlsx
from appraisal.tally.record import Record
from tests.documents import factory
from tests.tally.held import Held, hold
from tests.world import make_world

Json: TypeAlias = dict[str, Any]


# --- the doubter's program: docs/protocol.md §5, and nothing of the server's ----------------------


def recount(manifest: Json, openings: Json, slips: Sequence[Json]) -> list[Json]:
    """Every contest of `results.json`, from the opened ballots."""
    contests = [
        _contest(manifest, number, openings, slips) for number in range(len(manifest["contests"]))
    ]
    _rank(manifest, contests)
    return contests


def _contest(manifest: Json, number: int, openings: Json, slips: Sequence[Json]) -> Json:
    boxes, rules = manifest["boxes"], manifest["rules"]
    contest = manifest["contests"][number]
    questions = manifest["instruments"][contest["instrument"]]["questions"]
    groups = []
    for group in openings["groups"]:
        if boxes[group["boxes"][0]]["contest"] != number:
            continue
        classes = [boxes[box]["class"] for box in group["boxes"]]
        found: Json = {
            "classes": classes,
            "status": group["status"],
            "issued": sum(slips[c]["issued"] for c in classes),
            "returned": group["ballots"],
            "questions": [],
        }
        if group["status"] == "opened":
            answers = [ballot["answers"] for ballot in group["opened"]]
            found |= {"valid": len(answers), "spoilt": len(group["spoilt"])}
            found["questions"] = [
                _question(asked, [mine[at] for mine in answers], rules["decimals"])
                for at, asked in enumerate(questions)
            ]
        groups.append(found)
    result: Json = {"contest": number, "groups": groups, "findings": []}
    result["questions"] = [_weighed(manifest, groups, at) for at in range(len(questions))]
    scores = [q["score"] for q in result["questions"] if "score" in q]
    issued, returned = (sum(g[key] for g in groups) for key in ("issued", "returned"))
    result["turnout"] = Fraction(returned, issued) if issued else Fraction(0)
    if not scores or all(g["status"] == "withheld" for g in groups):
        return result | {"outcome": "withheld"}
    result["score"] = sum(scores, Fraction(0)) / len(scores)
    met = [result["turnout"] >= Fraction(*rules["turnout"])] if rules["turnout"][0] else []
    if rules["positive"][0]:
        shares = [q["positive"] for q in result["questions"] if "positive" in q]
        met += [share >= Fraction(*rules["positive"]) for share in shares]
    person = manifest["subjects"][contest["subject"]]["kind"] == "person"
    result["findings"] = met
    return result | {"outcome": ("?" if person else "recommended") if all(met) else "not-met"}


def _question(asked: Json, answers: Sequence[int], decimals: int) -> Json:
    grades = asked["grades"]
    counts = [answers.count(grade + 1) for grade in range(len(grades))]
    blank = answers.count(0)
    scale = [g for g in range(len(grades)) if "points" in grades[g]]
    total = sum(counts[g] for g in scale)
    found: Json = {"counts": counts, "blank": blank, "answers": total}
    found["percent"] = _percent([*counts, blank], decimals)
    if total:
        points = sum(grades[g]["points"] * counts[g] for g in scale)
        found["score"] = Fraction(points, total)
        found["positive"] = Fraction(sum(counts[g] for g in scale if grades[g]["positive"]), total)
    return found


def _percent(parts: Sequence[int], decimals: int) -> list[str]:
    """Largest remainder, ties to the earlier column."""
    whole, unit = sum(parts), 10**decimals
    if not whole:
        return [_decimal(0, decimals) for _ in parts]
    exact = [Fraction(100 * unit * part, whole) for part in parts]
    floors = [value.numerator // value.denominator for value in exact]
    order = sorted(range(len(parts)), key=lambda at: (floors[at] - exact[at], at))
    for at in order[: 100 * unit - sum(floors)]:
        floors[at] += 1
    return [_decimal(value, decimals) for value in floors]


def _decimal(value: int, decimals: int) -> str:
    """An integer number of the last place's units."""
    text = str(value).rjust(decimals + 1, "0")
    return f"{text[: len(text) - decimals]}.{text[len(text) - decimals :]}" if decimals else text


def _weighed(manifest: Json, groups: Sequence[Json], at: int) -> Json:
    parts = [
        (sum(manifest["classes"][c]["weight"] for c in g["classes"]), g["questions"][at])
        for g in groups
        if g["questions"] and "score" in g["questions"][at]
    ]
    whole = 100 if manifest["rules"]["empty_class"] == "zero" else sum(w for w, _ in parts)
    if not parts or not whole:
        return {}
    return {
        key: sum((w * q[key] for w, q in parts), Fraction(0)) / whole
        for key in ("score", "positive")
    }


def _rank(manifest: Json, contests: Sequence[Json]) -> None:
    quota = manifest["rules"]["quota"]
    waiting = [c for c in contests if c["outcome"] == "?"]
    for contest in waiting:
        better = sum(other["score"] > contest["score"] for other in waiting)
        same = sum(other["score"] == contest["score"] for other in waiting)
        contest["rank"] = better + 1
        inside = "tied" if better + same > quota else "recommended"
        contest["outcome"] = inside if better < quota else "below-quota"


# --- held against what the server published -------------------------------------------------------


def plain(figure: Any) -> Any:
    """Figures as fractions, findings as met or not."""
    if isinstance(figure, Mapping):
        if "exact" in figure:
            return Fraction(figure["exact"])
        if "rule" in figure:
            return figure["met"]
        return {key: plain(value) for key, value in figure.items()}
    return [plain(one) for one in figure] if isinstance(figure, list) else figure


def files(record: Record) -> Iterator[Json]:
    for name in ("manifest.json", "openings.json", "results.json"):
        yield json.loads(record.files[name])


RULES: list[dict[str, Any]] = [
    {},
    {"below_floor": BelowFloor.MERGE},
    {"empty_class": EmptyClass.ZERO, "decimals": 0},
    {"decimals": 3, "quota": 2, "positive": (0, 1)},
    {"turnout": (0, 1), "positive": (1, 3)},
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


@pytest.mark.parametrize("seed", range(10))
def test_every_figure_of_the_results_is_recounted(seed: int) -> None:
    manifest, openings, results = files(session(seed, RULES[seed % len(RULES)]).record())
    assert recount(manifest, openings, results["slips"]) == plain(results["contests"])


def test_the_recount_notices_one_ballot(recounted: tuple[Held, list[Json]]) -> None:
    held, contests = recounted
    manifest, openings, results = files(held.record())
    ballot = openings["groups"][0]["opened"][0]
    ballot["answers"][0] = ballot["answers"][0] % 4 + 1
    assert recount(manifest, openings, results["slips"]) != contests


@pytest.fixture(scope="module")
def recounted() -> tuple[Held, list[Json]]:
    held = session(7, {})
    manifest, openings, results = files(held.record())
    return held, recount(manifest, openings, results["slips"])


def test_the_tables_say_what_was_recounted(recounted: tuple[Held, list[Json]]) -> None:
    held, contests = recounted
    rows = list(
        csv.DictReader(io.StringIO(results_csv(held.manifest, held.results).lstrip("\ufeff")))
    )
    counted = [row for row in rows if row["票数"]]
    expected = [
        (str(count), share)
        for contest in contests
        for group in contest["groups"]
        for question in group["questions"]
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
    for contest in contests:
        for group in contest["groups"]:
            for question in group["questions"]:
                assert {float(count) for count in question["counts"]} <= numbers


def test_the_report_says_what_was_recounted(recounted: tuple[Held, list[Json]]) -> None:
    held, contests = recounted
    pdf = report_pdf(factory.report(held.manifest, held.results))
    with pypdfium2.PdfDocument(pdf) as document:
        text = "".join(page.get_textpage().get_text_range() for page in document)
    for contest in contests:
        for group in contest["groups"]:
            for question in group["questions"]:
                for share in question["percent"]:
                    assert share in text
        if "score" in contest:
            hundredths = contest["score"] * 100 + Fraction(1, 2)
            assert _decimal(hundredths.numerator // hundredths.denominator, 2) in text


def test_the_doubters_program_shares_no_code() -> None:
    """Above the line in this file nothing of `appraisal` is used."""
    source = Path(__file__).read_text(encoding="utf-8")
    program = source.split("# --- the doubter's program")[1].split("# --- held against")[0]
    for name in ("appraisal", "Held", "hold", "report_pdf", "factory", "Record", "results_"):
        assert name not in program.replace("results.json", "")

"""docs/rules.md is held to both counts: every example comes out as it says, and none is missing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from appraisal.counting_rules import Rules
from tests.reference.counted import by_program, by_reference
from tests.reference.examples import ENUMS, Example, example_of, examples_of
from tests.reference.expectations import hold

DOCUMENT = (Path(__file__).parents[2] / "docs/rules.md").read_text()
EXAMPLES = list(examples_of(DOCUMENT))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.title)
def test_an_example_comes_out_as_it_says(example: Example) -> None:
    """By the reference and by the program, which agree to the byte."""
    session = example.session()
    manifest = json.loads(session.manifest.encoded)
    assert example.expected
    openings, results = by_reference(session)
    hold(example, manifest, json.loads(openings), json.loads(results))
    assert by_program(session) == (openings, results)


def test_there_are_enough_examples() -> None:
    assert len(EXAMPLES) >= 24
    assert len(re.findall(r"^```counting$", DOCUMENT, re.MULTILINE)) == len(EXAMPLES)


def said() -> Iterator[str]:
    """The rules that examples set, each with its value; of thresholds the sign."""
    for example in EXAMPLES:
        for name, written in example.said:
            yield f"{name} {written}"
            yield f"{name} {written.split(' ')[0]}"
        for form in example.forms:
            yield from (f"ask {question.kind.value}" for question in form.questions)
            for limit in form.limits:
                yield "limit share" if limit.share else "limit most"
                if limit.least:
                    yield "limit exactly" if limit.least == limit.most else "limit least"
                if limit.kind:
                    yield f"limit {limit.kind.value}"


def test_every_rule_has_its_example() -> None:
    wanted = {
        f"{name} {value.value}"
        for name, values in ENUMS.items()
        if name != "publication"
        for value in values
    }
    wanted |= {f"attendance {share}" for share in ("≥ 1/2", "> 1/2", "≥ 2/3", "≥ 4/5")}
    wanted |= {f"{name} {sign}" for name in ("turnout", "positive", "negative") for sign in "≥>"}
    wanted |= {"self_appraisal yes", "self_appraisal no", "trim 1", "decimals 0"}
    wanted |= {"quota 1", "quota 2", "quota_organisations 1", "members 10"}
    wanted |= {f"ask {kind}" for kind in ("grades", "choice", "ticks", "score")}
    wanted |= {f"limit {what}" for what in ("share", "most", "exactly", "least")}
    wanted |= {"limit person", "limit organisation"}
    assert not wanted - set(said())


def test_every_rule_and_value_is_named() -> None:
    for rule in fields(Rules):
        assert f"`{rule.name}`" in DOCUMENT
    for values in ENUMS.values():
        for value in values:
            assert f"`{value.value}`" in DOCUMENT


def test_every_link_within_the_page_leads_to_a_heading() -> None:
    headings = {
        re.sub(r"[^\w\- ]", "", heading).lower().replace(" ", "-")
        for heading in re.findall(r"^#+ (.*)$", DOCUMENT, re.MULTILINE)
    }
    assert set(re.findall(r"\]\(#([^)]+)\)", DOCUMENT)) <= headings


def test_no_rule_awards() -> None:
    assert "不能简单地以票取人" in DOCUMENT


WRONG = """
ask     grades 优秀 100 +, 合格 80 +
class   党员 100 %
        5 × 优秀
expect  {expected}
"""


@pytest.mark.parametrize(
    "expected",
    [
        "甲: score 99.00",
        "甲: score 100.00 = 99/1",
        "甲: rank 2",
        "甲: tied",
        "甲: no rank",
        "甲: no score",
        "党员: 优秀 4",
        "党员: 优秀 5 (99.99 %)",
        "党员: valid 4",
        "党员: answers 4",
        "党员: withheld",
        "党员: 1 spoilt as empty",
        "session: void",
        "甲: nothing known",
    ],
)
def test_a_wrong_expectation_is_found(expected: str) -> None:
    """The examples prove something only if a wrong one fails."""
    example = example_of(WRONG.format(expected=expected), "wrong")
    session = example.session()
    openings, results = by_reference(session)
    with pytest.raises(AssertionError):
        hold(
            example,
            json.loads(session.manifest.encoded),
            json.loads(openings),
            json.loads(results),
        )

"""Whatever the core refuses in a form has its words in both languages."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator

import pytest

from appraisal import ballot_form_rules
from appraisal.ballot_form import (
    Instrument,
    Limit,
    Option,
    Question,
    QuestionKind,
    Text,
)
from appraisal.instruments.rules import SENTENCES, question_misfits, taken_apart, translated


def core_sentences() -> Iterator[str]:
    """Every refusal in the core's source, with a stand-in for what it fills in."""
    tree = ast.parse(inspect.getsource(ballot_form_rules))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "ManifestError":
            (argument,) = node.args
            parts = argument.values if isinstance(argument, ast.JoinedStr) else [argument]
            yield "".join(
                str(part.value) if isinstance(part, ast.Constant) else stand_in(part)
                for part in parts
            )


def stand_in(part: ast.AST) -> str:
    source = ast.unparse(part)
    return "questions[0]" if "where" in source else "1"


CORE = sorted(set(core_sentences()))


def test_the_core_has_as_many_sentences_as_the_table() -> None:
    assert len(CORE) == len(SENTENCES)


@pytest.mark.parametrize("refusal", CORE)
def test_a_refusal_of_the_core_has_its_words(refusal: str) -> None:
    path, said = taken_apart(refusal)
    assert path
    text = translated(said)
    assert text.zh != said
    assert re.search("请", text.zh)
    assert re.search(r"[\u4e00-\u9fff]", text.zh)
    assert "{" not in re.sub(r"\{ text = .*\}", "", text.zh + text.en)


@pytest.mark.parametrize("pattern", SENTENCES)
def test_the_table_has_nothing_that_the_core_does_not_say(pattern: str) -> None:
    assert any(re.fullmatch(pattern, taken_apart(refusal)[1]) for refusal in CORE)


def option(zh: str, *, points: int | None = None, positive: bool = False) -> Option:
    return Option(Text(zh, zh), positive=positive, negative=False, points=points)


def test_leaving_out_what_is_wrong_brings_up_nothing_that_was_right() -> None:
    """The only grade with points is positive and negative at once: that is all that is wrong."""
    both = Option(Text("好", "Good"), positive=True, negative=True, points=100)
    question = Question(
        QuestionKind.GRADES,
        Text("题", "Question"),
        required=True,
        options=(both, option("不了解")),
    )
    assert [misfit.path for misfit in question_misfits(question)] == [("options", 0, "negative")]


def test_every_option_that_is_wrong_for_itself_is_told() -> None:
    question = Question(
        QuestionKind.TICKS,
        Text("题", "Question"),
        required=True,
        options=(option("甲", points=1), option("乙"), option("甲"), option("丙", positive=True)),
        highest=10,
    )
    assert {misfit.path for misfit in question_misfits(question)} == {
        ("options", 0, "points"),
        ("options", 2, "text"),
        ("options", 3, "positive"),
        ("highest",),
    }


def test_a_refusal_without_a_place_is_told_as_it_is() -> None:
    assert taken_apart("No place here") == ((), "No place here")
    assert translated("something new") == Text("something new", "something new")


def test_limits_of_a_form_are_the_cores_too() -> None:
    """What the reader finds itself, the core would have refused."""
    question = Question(
        QuestionKind.CHOICE,
        Text("选", "Choose"),
        required=False,
        options=(option("推荐", points=100, positive=True),),
    )
    limit = Limit(0, 0, least=0, most=1)
    form = Instrument("form", Text("表", "Form"), (question,), (limit, limit))
    with pytest.raises(Exception, match="limited twice"):
        ballot_form_rules.check_instrument(form)

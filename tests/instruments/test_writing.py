"""What is written is read as the same form, whatever the form."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appraisal import instruments
from appraisal.ballot_form import (
    Instrument,
    Limit,
    Notes,
    Option,
    Question,
    QuestionKind,
    SubjectKind,
    Text,
)
from appraisal.ballot_form_rules import check_instrument
from appraisal.codec import CONTROLS
from appraisal.instruments import Fault, InstrumentError

marks = st.characters(exclude_categories=["Cs", "Cc"]).filter(lambda c: not CONTROLS.search(c))
strings = st.one_of(
    st.sampled_from(
        ["强", "“强”", 'say "x"', "a\\b", "# no remark", "'''", "满意，", "]", "\u3000"]
    ),
    st.text(marks, min_size=1, max_size=12),
)
bilingual = st.builds(Text, strings, strings) | strings.map(lambda text: Text(text, text))
identifiers = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,3}", fullmatch=True)


@st.composite
def sides(draw: st.DrawFn) -> tuple[bool, bool]:
    return draw(st.sampled_from([(False, False), (True, False), (False, True)]))


@st.composite
def questions(draw: st.DrawFn) -> Question:
    kind = draw(st.sampled_from(QuestionKind))
    count = 1 if kind is QuestionKind.CHOICE else draw(st.integers(1, 5))
    names = draw(st.lists(bilingual, min_size=count, max_size=count, unique_by=lambda t: t.zh))
    most = highest = None
    options: list[Option]
    match kind:
        case QuestionKind.GRADES:
            points = sorted(draw(st.lists(st.integers(0, 1000), min_size=1, max_size=count)))
            inside = [
                Option(t, *draw(sides()), points=p)
                for t, p in zip(names, reversed(points), strict=False)
            ]
            options = inside + [Option(t, False, False) for t in names[len(points) :]]
        case QuestionKind.CHOICE:
            options = [Option(names[0], True, False, points=100)]
        case QuestionKind.TICKS:
            options = [Option(text, False, False) for text in names]
            most = draw(st.none() | st.integers(1, count - 1)) if count > 1 else None
        case QuestionKind.SCORE:
            highest = draw(st.integers(count, 200))
            ends = draw(st.sets(st.integers(1, highest), min_size=count - 1, max_size=count - 1))
            bands = [*sorted(ends, reverse=True), 0]
            options = [
                Option(t, *draw(sides()), at_least=a) for t, a in zip(names, bands, strict=True)
            ]
        case _:
            raise AssertionError(kind)
    required = kind is not QuestionKind.CHOICE and draw(st.booleans())
    note = draw(st.none() | bilingual)
    return Question(kind, draw(bilingual), required, tuple(options), note, most, highest)


@st.composite
def forms(draw: st.DrawFn) -> Instrument:
    asked = tuple(draw(st.lists(questions(), min_size=1, max_size=4)))
    limits: list[Limit] = []
    for number, question in enumerate(asked):
        if question.kind in {QuestionKind.GRADES, QuestionKind.CHOICE}:
            for kind in draw(st.sets(st.sampled_from([None, *SubjectKind]), max_size=2)):
                option = draw(st.integers(0, len(question.options) - 1))
                least = draw(st.integers(0, 9))
                most, share = draw(st.sampled_from([(least + 1, None), (None, (1, 3))]))
                limits.append(Limit(number, option, least, most, share, kind))
    notes = draw(st.none() | st.builds(Notes, bilingual, st.tuples(bilingual, bilingual)))
    form = Instrument(
        draw(identifiers),
        draw(bilingual),
        asked,
        tuple(limits),
        draw(st.none() | bilingual),
        notes,
    )
    check_instrument(form)
    return form


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(forms())
def test_a_form_that_is_written_is_read_as_the_same(form: Instrument) -> None:
    assert instruments.parse(instruments.write(form), name="form.toml") == form


@settings(max_examples=150, deadline=None)
@given(forms(), st.randoms(use_true_random=False))
def test_a_file_with_anything_in_it_is_read_or_told_wrong(form: Instrument, rng: Random) -> None:
    """Pieces cut out and put in at random: never another exception, every line exists."""
    text = instruments.write(form)
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(text) + 1)
        piece = rng.choice(
            ['"', "[", "}", "=", "，", "\n", "\x00", "“", "'''", "\\", "1", "#", " ."]
        )
        text = text[:at] + piece + text[min(len(text), at + rng.randint(0, 9)) :]
    lines = text.count("\n") + 1
    for fault in told_wrong(text):
        assert 1 <= fault.line <= lines
        assert "请" in fault.zh or "写" in fault.zh
        assert fault.en


def told_wrong(text: str) -> tuple[Fault, ...]:
    try:
        instruments.parse(text, name="form.toml")
    except InstrumentError as error:
        return error.faults
    return ()


def test_questions_and_options_of_one_text_are_named_by_number() -> None:
    form = instruments.load("overall-grade")
    (question,) = form.questions
    limit = replace(form.limits[0], question=1)
    twice = replace(form, questions=(question, question), limits=(limit,))
    text = instruments.write(twice)
    assert "\nquestion = 2\n" in text
    assert instruments.parse(text, name="form.toml") == twice


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_files_of_any_editor_are_read(ends: str, mark: str) -> None:
    text = instruments.source("score-100").replace("\n", ends)
    assert instruments.decode((mark + text).encode(), name="x") == instruments.load("score-100")


def test_other_ways_of_writing_the_same() -> None:
    """Sections instead of braces, dotted names, no English text, options that are texts."""
    text = """
id = "same"
title.zh = "表"

[[questions]]
kind = "ticks"
text = "题"
options = ["甲", { text = "乙" }, { text = { zh = "丙" } }]

[[questions]]
kind = "choice"
text = "选"
options = ["推荐"]

[[questions]]
kind = "grades"
[questions.text]
zh = "评"
en = "Judge"
[[questions.options]]
text = "好"
points = 100
[[questions.options]]
text = "不了解"

[[limits]]
question = "选"
most = 2

[[limits]]
question = 3
option = 1
share = "1/3"
"""
    form = instruments.parse(text, name="same.toml")
    ticks, choice, grades = form.questions
    assert form.title == Text("表", "表")
    assert [option.text.zh for option in ticks.options] == ["甲", "乙", "丙"]
    assert choice.options == (Option(Text("推荐", "推荐"), True, False, 100),)
    assert grades.text == Text("评", "Judge")
    assert [(limit.question, limit.option) for limit in form.limits] == [(1, 0), (2, 0)]
    assert form.limits[1].share == (1, 3)

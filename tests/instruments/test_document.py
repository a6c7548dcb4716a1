"""docs/instruments.md is held to the reader: its examples, its names, its list of forms."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from appraisal import instruments
from appraisal.ballot_form import (
    MAX_HIGHEST,
    MAX_LIMITS,
    MAX_NOTES,
    MAX_OPTIONS,
    MAX_POINTS,
    MAX_QUESTIONS,
    QuestionKind,
)
from appraisal.codec import MAX_TEXT
from appraisal.instruments import InstrumentError, fields
from appraisal.instruments.reading import MAX_ID

PAGE = (Path(__file__).parents[2] / "docs" / "instruments.md").read_text("utf-8")
EXAMPLES = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
FRAME = 'id = "example"\ntitle = "样表"\n\n'


def section(title: str) -> str:
    return PAGE.split(f"## {title}\n")[1].split("\n## ")[0]


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_every_example_is_a_form(number: int) -> None:
    text = EXAMPLES[number]
    form = instruments.parse(text if "\nid = " in text else FRAME + text, name="example.toml")
    assert instruments.parse(instruments.write(form), name="again.toml") == form


def test_examples_show_every_kind_every_name_and_every_limit() -> None:
    text = "".join(EXAMPLES)
    assert {f'"{kind.value}"' for kind in QuestionKind} <= set(re.findall(r'kind = ("\w+")', text))
    for level in (fields.FORM, fields.QUESTION, fields.OPTION, fields.LIMIT, fields.NOTES):
        for name in level.names:
            assert re.search(rf"\b{name}( =|\])", text), name


def test_tables_explain_every_name_and_no_other() -> None:
    told = set(re.findall(r"^\| `\[*([a-z_]+)\]*` \|", PAGE, re.MULTILINE))
    levels = (fields.FORM, fields.QUESTION, fields.OPTION, fields.LIMIT)
    assert told - set(instruments.SHIPPED) == {name for level in levels for name in level.names}


def test_the_list_of_forms_is_that_of_the_folder() -> None:
    rows = re.findall(
        r"^\| `([a-z0-9-]+)` \| (.*?) \|", section("The forms that come along"), re.MULTILINE
    )
    assert rows == [(form.id, form.title.zh) for form in instruments.available()]


def test_numbers_are_those_of_the_program() -> None:
    for sentence in (
        f"1 to {MAX_QUESTIONS}, each",
        f"at most {MAX_LIMITS}, each",
        f"1 to {MAX_NOTES} `items`",
        f"hyphens, at most {MAX_ID}",
        f"1 to {MAX_OPTIONS}, in square",
        f"0 to {MAX_POINTS}, of a grade",
        f"of `score` only, 1 to {MAX_HIGHEST}",
        f"at most {instruments.LIMIT // 2**20} MB, a text at most {MAX_TEXT:,} characters",
    ):
        assert sentence in PAGE, sentence


def test_the_mistakes_that_are_shown_are_told_so() -> None:
    shown = re.search(r"```\n(sample\.toml.*?)```", PAGE, re.DOTALL)
    assert shown
    broken = Path(__file__).parent / "broken.toml"
    base = re.search(r"base = '''\n(.*?)'''", broken.read_text("utf-8"), re.DOTALL)
    assert base
    text = base[1]
    for old, new in (
        ("points = 60", 'points = "60"'),
        ('text = "存在问题"', "text = “存在问题”"),
        ('kind = "person"', 'kind = "people"'),
    ):
        text = text.replace(old, new)
    with pytest.raises(InstrumentError) as caught:
        instruments.parse(text, name="sample.toml")
    assert caught.value.zh == shown[1].strip()

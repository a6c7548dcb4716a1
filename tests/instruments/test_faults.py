"""Every kind of mistake in a form file is told with its line and what to write instead."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from appraisal import instruments
from appraisal.errors import ManifestError
from appraisal.instruments import Fault, InstrumentError
from appraisal.instruments.faults import MAX_FAULTS

BROKEN: dict[str, Any] = tomllib.loads((Path(__file__).parent / "broken.toml").read_text("utf-8"))
BASE: str = BROKEN["base"]


def text_of(case: dict[str, Any]) -> str:
    text: str = case.get("text", BASE)
    for old, new in case.get("changes", ()):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def faults(text: str) -> tuple[Fault, ...]:
    with pytest.raises(InstrumentError) as caught:
        instruments.parse(text, name="sample.toml")
    return caught.value.faults


def test_the_form_that_the_cases_break_is_good() -> None:
    assert instruments.parse(BASE, name="sample.toml").id == "sample"


@pytest.mark.parametrize("case", BROKEN["case"], ids=lambda case: case["name"])
def test_a_mistake_is_told_with_its_line_and_what_to_write(case: dict[str, Any]) -> None:
    found = [{"line": f.line, "zh": f.zh, "en": f.en} for f in faults(text_of(case))]
    assert found == case["faults"]


def test_the_cases_are_of_many_kinds() -> None:
    told = [fault for case in BROKEN["case"] for fault in case["faults"]]
    assert len(BROKEN["case"]) > 100
    kinds = {re.sub(r"\W*[a-z_]+（.*?）|[\"“'].*?[\"”']|\d+", "", fault["zh"]) for fault in told}
    assert len(kinds) > 60
    assert len({case["name"] for case in BROKEN["case"]}) == len(BROKEN["case"])


def test_every_sentence_says_what_to_do_in_both_languages() -> None:
    words = r"write|leave|add|delete|shorten|reword|make|put|lower|raise|name|save|choose|follow"
    for case in BROKEN["case"]:
        for fault in case["faults"]:
            assert re.search(r"；.*请|写成小写的 true 或 false", fault["zh"]), fault
            assert re.search(rf"\b({words}|written)\b", fault["en"]), fault
            assert "`" not in fault["zh"]


def test_the_error_names_file_and_line_in_both_languages() -> None:
    text = BASE.replace("points = 60", 'points = "60"').replace("most = 3", "most = 0")
    with pytest.raises(ManifestError) as caught:
        instruments.parse(text, name="sample.toml")
    error = caught.value
    assert isinstance(error, InstrumentError)
    assert [fault.line for fault in error.faults] == [11, 46]
    assert str(error).splitlines() == [
        f"sample.toml, line {fault.line}: {fault.en}" for fault in error.faults
    ]
    assert error.zh.splitlines()[0].startswith("sample.toml 第 11 行：points（分值）应是整数")


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (BASE.encode("gb18030"), 1),
        (BASE.encode("utf-16"), 1),
        (b"id = 1\n\n# " + "样".encode()[:2] + b"\n", 3),
        (b"\xff\xfe", 1),
    ],
)
def test_bytes_that_are_not_utf8(data: bytes, line: int) -> None:
    with pytest.raises(InstrumentError) as caught:
        instruments.decode(data, name="sample.toml")
    (fault,) = caught.value.faults
    assert fault.line == line
    assert fault.zh == "文件不是 UTF-8 编码；请在记事本中“另存为”，编码选 UTF-8"
    assert fault.en == "the file is not in UTF-8; save it anew with that encoding"


def test_a_file_that_is_too_large() -> None:
    largest = BASE + "#" * (instruments.LIMIT - len(BASE.encode()))
    assert instruments.parse(largest, name="sample.toml").id == "sample"
    for text in (largest + "#", "样" * instruments.LIMIT):
        (fault,) = faults(text)
        assert fault.zh == "文件超过 1 MB；一张测评表用不了这么大，请检查是否选错了文件"
        assert fault.en == "the file has more than 1 MB; no form needs as many, choose another"


@pytest.mark.parametrize(
    "piece",
    [
        "[" * 100_000,
        "{a=" * 50_000,
        ".".join("a" * 50_000),
        '"' * 100_000,
        "'''" + "\\" * 100_000,
        "a = " + "9" * 5000,
        "a = 0x" + "f" * 5000,
        "[[limits]]\nmost = 0x" + "f" * 5000,
        "[[limits]]\nmost = 0x" + "f" * 50,
        "1" * 20_000 + ":00",
        "\ud800",
        "a = \ud800",
    ],
    ids=lambda piece: repr(piece[:8]),
)
def test_what_labours_a_parser_is_told_wrong_at_once(piece: str) -> None:
    assert faults(BASE + piece)[0].line >= BASE.count("\n")


@pytest.mark.parametrize(
    "text",
    [
        "k = 强\n" * 20_000,
        "[[questions]]\n" * 15_000,
        BASE + "".join(f"k{number} = 1\n" for number in range(20_000)),
    ],
    ids=["lines", "questions", "names"],
)
def test_no_more_mistakes_are_told_than_anyone_reads(text: str) -> None:
    found = faults(text)
    assert 1 <= len(found) <= MAX_FAULTS
    assert all(len(fault.zh) < 300 and len(fault.en) < 400 for fault in found)


@pytest.mark.parametrize("place", ["title = {place}", "{place} = 1", "[{place}]", "id = {place}"])
def test_what_is_told_back_is_short_and_plain(place: str) -> None:
    text = place.format(place='"' + "长\\u202e" * 1000 + '"') + "\n" + BASE
    for fault in faults(text):
        assert len(fault.zh) < 250
        assert "\u202e" not in fault.zh + fault.en


def test_too_many_questions_are_told_at_the_first_too_many() -> None:
    question = '[[questions]]\nkind = "choice"\ntext = "选"\noptions = ["推荐"]\n'
    head = 'id = "sample"\ntitle = "样表"\n'
    assert len(instruments.parse(head + question * 32, name="sample.toml").questions) == 32
    (fault,) = faults(head + question * 33)
    assert fault.line == 2 + 4 * 32 + 1
    assert fault.zh == "questions（题）应有 1 到 32 项，这里有 33 项；请删去多余的"


def test_what_stands_within_texts_and_remarks_is_free() -> None:
    text = (
        BASE.replace("样表", "1" * 100 + "“，”.[[{{" + "." * 100) + "# ，" + "9" * 100 + "【" * 50
    )
    assert instruments.parse(text, name="sample.toml").title.zh.startswith("1" * 100)


def test_a_mark_within_a_text_is_not_taken_for_the_one_after_it() -> None:
    (fault,) = faults(BASE.replace('["甲", "乙"]', '["甲，"，"乙"]'))
    assert (fault.line, fault.en[:25]) == (50, "full-width characters out")

"""A form as the text of a file, in the shape that docs/instruments.md shows."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from appraisal.ballot_form import (
    WHOLE,
    Instrument,
    Limit,
    Notes,
    Option,
    Question,
    QuestionKind,
    Text,
)


def write(instrument: Instrument) -> str:
    """The text that `parse` reads as this form; what may be left out is."""
    return "\n".join(_lines(instrument)) + "\n"


def _lines(instrument: Instrument) -> Iterator[str]:
    yield f"id = {_string(instrument.id)}"
    yield f"title = {_text(instrument.title)}"
    if instrument.kind:
        yield f"kind = {_string(instrument.kind.value)}"
    if instrument.instruction:
        yield f"instruction = {_text(instrument.instruction)}"
    for question in instrument.questions:
        yield from ("", "[[questions]]")
        yield from _question(question)
    for limit in instrument.limits:
        yield from ("", "[[limits]]")
        yield from _limit(instrument, limit)
    if instrument.notes:
        yield from ("", "[notes]")
        yield from _notes(instrument.notes)


def _question(question: Question) -> Iterator[str]:
    yield f"kind = {_string(question.kind.value)}"
    yield f"text = {_text(question.text)}"
    if question.note:
        yield f"note = {_text(question.note)}"
    if question.required:
        yield "required = true"
    if question.most is not None:
        yield f"most = {question.most}"
    if question.highest is not None:
        yield f"highest = {question.highest}"
    choice = question.kind is QuestionKind.CHOICE
    yield from _list("options", [_option(o, choice=choice) for o in question.options])


def _option(option: Option, *, choice: bool) -> str:
    fields = []
    if option.at_least is not None:
        fields.append(f"at_least = {option.at_least}")
    if not (choice and option.points == WHOLE and option.positive):
        fields += [f"points = {option.points}"] if option.points is not None else []
        fields += ["positive = true"] if option.positive else []
    fields += ["negative = true"] if option.negative else []
    text = _text(option.text)
    if not fields and text.startswith('"'):
        return text
    return f"{{ {', '.join((f'text = {text}', *fields))} }}"


def _limit(instrument: Instrument, limit: Limit) -> Iterator[str]:
    question = instrument.questions[limit.question]
    if len(instrument.questions) > 1:
        texts = [other.text.zh for other in instrument.questions]
        yield f"question = {_named(texts, limit.question)}"
    if len(question.options) > 1:
        yield f"option = {_named([o.text.zh for o in question.options], limit.option)}"
    if limit.kind:
        yield f"kind = {_string(limit.kind.value)}"
    if limit.least:
        yield f"least = {limit.least}"
    if limit.most is not None:
        yield f"most = {limit.most}"
    if limit.share is not None:
        top, bottom = limit.share
        yield f'share = "{top}/{bottom}"'


def _notes(notes: Notes) -> Iterator[str]:
    yield f"title = {_text(notes.title)}"
    yield from _list("items", [_text(item) for item in notes.items])


def _list(key: str, items: Sequence[str]) -> Iterator[str]:
    yield f"{key} = ["
    yield from (f"    {item}," for item in items)
    yield "]"


def _named(texts: Sequence[str], number: int) -> str:
    """A question or an option by its text; by its number, from 1, where others have that text."""
    text = texts[number]
    return _string(text) if texts.count(text) == 1 else str(number + 1)


def _text(text: Text) -> str:
    if text.en == text.zh:
        return _string(text.zh)
    return f"{{ zh = {_string(text.zh)}, en = {_string(text.en)} }}"


def _string(text: str) -> str:
    """A text in quotation marks: JSON's escapes are TOML's."""
    return json.dumps(text, ensure_ascii=False)

"""The rules of a ballot form that no single field can keep (protocol §4.1), each with its sentence.

A refusal begins with the place, as in ``questions[1].options[0].points``, so that a reader of the
file can name the line.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from appraisal.ballot_form import (
    MAX_BOTTOM,
    WHOLE,
    Instrument,
    Limit,
    Option,
    Question,
    QuestionKind,
)
from appraisal.errors import ManifestError

_IDENTIFIER: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def check_instrument(instrument: Instrument) -> None:
    """Refuse an instrument that contradicts itself; `ManifestError` names the place."""
    if not _IDENTIFIER.fullmatch(instrument.id):
        raise ManifestError(f"id: {instrument.id!r} is no id (a-z, 0-9, hyphens)")
    for number, question in enumerate(instrument.questions):
        _check_question(question, f"questions[{number}]")
    for number, limit in enumerate(instrument.limits):
        _check_limit(instrument, limit, f"limits[{number}]")
    named = [(limit.question, limit.option, limit.kind) for limit in instrument.limits]
    if len(set(named)) != len(named):
        raise ManifestError("limits: one option is limited twice")


def _check_question(question: Question, where: str) -> None:
    _check_texts(question, where)
    if question.kind is not QuestionKind.TICKS and question.most is not None:
        raise ManifestError(f"{where}.most: only a list to tick has it")
    if question.kind is not QuestionKind.SCORE and question.highest is not None:
        raise ManifestError(f"{where}.highest: only a score has it")
    for number, option in enumerate(question.options):
        _check_option(question.kind, option, f"{where}.options[{number}]")
    match question.kind:
        case QuestionKind.GRADES:
            _check_grades(question, where)
        case QuestionKind.CHOICE:
            _check_choice(question, where)
        case QuestionKind.TICKS:
            if question.most is not None and question.most >= len(question.options):
                raise ManifestError(f"{where}.most: as many as there are options; leave it out")
        case QuestionKind.SCORE:
            _check_bands(question, where)


def _check_texts(question: Question, where: str) -> None:
    texts = [option.text.zh for option in question.options]
    for number, text in enumerate(texts):
        if text in texts[:number]:
            raise ManifestError(f"{where}.options[{number}].text: {text} stands twice")


def _check_option(kind: QuestionKind, option: Option, where: str) -> None:
    if option.positive and option.negative:
        raise ManifestError(f"{where}.negative: an option is positive or negative, not both")
    if option.at_least is not None and kind is not QuestionKind.SCORE:
        raise ManifestError(f"{where}.at_least: only a band of a score has it")
    if option.points is not None and kind in {QuestionKind.TICKS, QuestionKind.SCORE}:
        raise ManifestError(f"{where}.points: only a grade or a choice has them")
    if kind is QuestionKind.TICKS and (option.positive or option.negative):
        raise ManifestError(f"{where}.positive: an item to tick is neither positive nor negative")
    outside = option.points is None and kind is QuestionKind.GRADES
    if outside and (option.positive or option.negative):
        raise ManifestError(f"{where}.points: a grade outside the scale is neither good nor bad")


def _check_grades(question: Question, where: str) -> None:
    points = [option.points for option in question.options if option.points is not None]
    if not points:
        raise ManifestError(f"{where}.options: no grade carries points")
    if points != sorted(points, reverse=True):
        raise ManifestError(f"{where}.options: grades do not stand best first")


def _check_choice(question: Question, where: str) -> None:
    if len(question.options) != 1:
        raise ManifestError(f"{where}.options: a choice has one option")
    (option,) = question.options
    if option.points != WHOLE or not option.positive:
        raise ManifestError(f"{where}.options[0].points: a choice is positive and has 100")
    if question.required:
        raise ManifestError(f"{where}.required: not to choose is an answer too")


def _check_bands(question: Question, where: str) -> None:
    if question.highest is None:
        raise ManifestError(f"{where}.highest is missing")
    lowest: list[int] = []
    for number, option in enumerate(question.options):
        if option.at_least is None:
            raise ManifestError(f"{where}.options[{number}].at_least is missing")
        lowest.append(option.at_least)
    if any(a <= b for a, b in pairwise(lowest)):
        raise ManifestError(f"{where}.options: bands do not stand best first")
    if lowest[0] > question.highest:
        raise ManifestError(f"{where}.options[0].at_least: more than the highest score")
    if lowest[-1]:
        raise ManifestError(f"{where}.options[{len(lowest) - 1}].at_least: the last band is from 0")


def _check_limit(instrument: Instrument, limit: Limit, where: str) -> None:
    if limit.question >= len(instrument.questions):
        raise ManifestError(f"{where}.question: there is no question {limit.question}")
    if instrument.kind is not None and limit.kind is not None:
        raise ManifestError(f"{where}.kind: all subjects of the form are of one kind; leave it out")
    question = instrument.questions[limit.question]
    if question.kind not in {QuestionKind.GRADES, QuestionKind.CHOICE}:
        raise ManifestError(f"{where}.question: only grades and choices can be limited")
    if limit.option >= len(question.options):
        raise ManifestError(f"{where}.option: there is no option {limit.option}")
    if (limit.most is None) == (limit.share is None):
        raise ManifestError(f"{where}.most: either `most` or `share` belongs here")
    if limit.share is not None:
        top, bottom = limit.share
        if not 0 < top <= bottom <= MAX_BOTTOM:
            raise ManifestError(f"{where}.share: not a share above 0 and up to 1")
    if limit.most is not None and limit.least > limit.most:
        raise ManifestError(f"{where}.least: more than `most`, nobody could keep it")

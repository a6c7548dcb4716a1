"""Scores and shares of one question, in one group and over all, as exact fractions (§5.3)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from appraisal.ballot_form import WHOLE, Question, QuestionKind
from appraisal.counting_rules import TRIM_ABOVE, Denominator, EmptyClass, Rules
from appraisal.tally.counting import Counts, Times


@dataclass(frozen=True)
class Turned:
    """How many there were in a group: valid and returned ballots, slips issued, entitled voters."""

    valid: int
    returned: int
    issued: int
    entitled: int


@dataclass(frozen=True)
class Marks:
    """What a question comes to: mean points, and the shares of positive and negative answers."""

    score: Fraction
    positive: Fraction
    negative: Fraction


@dataclass(frozen=True)
class Weighed:
    """The marks of one group for one question, with the group's weight 0…100."""

    weight: int
    marks: Marks


def marks(question: Question, counts: Counts, turned: Turned, rules: Rules) -> Marks | None:
    """s, p and n of one group; None for a list to tick, and without answers on the scale.

    A choice that nobody made is an answer too: it has them wherever a ballot is valid.
    """
    if not question.scaled or not (counts.answers or _chosen(question, turned)):
        return None
    whole = _denominator(question, counts, turned, rules.denominator)
    # To leave out who chose, or who did not, would be no mean of anything.
    trim = 0 if question.kind is QuestionKind.CHOICE else rules.trim
    kept = trimmed(counts.scale, trim)
    # Extremes are left out only where answers are the denominator.
    points = Fraction(
        sum(points * times for points, times in kept),
        sum(times for _, times in kept) if kept != counts.scale else whole,
    )
    options = list(zip(question.options, counts.options, strict=True))
    return Marks(
        points,
        Fraction(sum(times for option, times in options if option.positive), whole),
        Fraction(sum(times for option, times in options if option.negative), whole),
    )


def _chosen(question: Question, turned: Turned) -> bool:
    return question.kind is QuestionKind.CHOICE and turned.valid > 0


def _denominator(question: Question, counts: Counts, turned: Turned, rule: Denominator) -> int:
    """D(g,q); never less than the valid ballots where it is not the answers themselves.

    Fewer could be entitled or issued on paper than voted; no share may exceed the whole.
    """
    match rule:
        case Denominator.ANSWERS if question.kind is not QuestionKind.CHOICE:
            return counts.answers
        case Denominator.ANSWERS | Denominator.VALID:
            return turned.valid
        case Denominator.RETURNED:
            return turned.returned
        case Denominator.PRESENT:
            return max(turned.issued, turned.valid)
        case Denominator.ENTITLED:
            return max(turned.entitled, turned.valid)


def trimmed(scale: Times, trim: int) -> Times:
    """The answers without the `trim` highest and lowest, if enough are there to leave them out."""
    answers = sum(times for _, times in scale)
    if not trim or answers <= max(TRIM_ABOVE, 2 * trim):
        return scale
    return _without_first(tuple(reversed(_without_first(scale, trim))), trim)[::-1]


def _without_first(scale: Times, trim: int) -> Times:
    kept = []
    for points, times in scale:
        gone = min(trim, times)
        trim -= gone
        if times > gone:
            kept.append((points, times - gone))
    return tuple(kept)


def combine(parts: Sequence[Weighed], rule: EmptyClass) -> Marks | None:
    """S, P and N over the groups that have marks.

    None if there is no such group, or if under `renormalise` all of them weigh nothing.
    """
    whole = _whole(parts, rule)
    if not parts or not whole:
        return None
    return Marks(
        sum((part.weight * part.marks.score for part in parts), Fraction()) / whole,
        sum((part.weight * part.marks.positive for part in parts), Fraction()) / whole,
        sum((part.weight * part.marks.negative for part in parts), Fraction()) / whole,
    )


def _whole(parts: Sequence[Weighed], rule: EmptyClass) -> int:
    match rule:
        case EmptyClass.RENORMALISE:
            return sum(part.weight for part in parts)
        case EmptyClass.ZERO:
            return WHOLE


def mean(values: Iterable[Fraction | None]) -> Fraction | None:
    """The mean of the values there are; None if there are none."""
    known = [value for value in values if value is not None]
    return sum(known, Fraction()) / len(known) if known else None

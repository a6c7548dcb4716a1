"""The canvass: from openings and slip counts to the results of a session (protocol §5).

Anyone can do it again: nothing else goes in, and the same bytes come out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import groupby

from appraisal.manifest import Instrument, Manifest, Question, SubjectKind
from appraisal.tally import scoring
from appraisal.tally.counting import GradeCounts, count
from appraisal.tally.nominations import Place, nominate
from appraisal.tally.openings import OpenedGroup, Openings
from appraisal.tally.results import (
    FORMAT,
    ContestResult,
    GroupResult,
    GroupStatus,
    Outcome,
    QuestionCount,
    QuestionResult,
    Results,
    SlipCount,
    Status,
)
from appraisal.tally.rules import Held, findings, turnout_of


@dataclass(frozen=True)
class _Canvassed:
    """A contest before ranking, with the exact score that ranking needs."""

    result: ContestResult
    score: Fraction | None


def canvass(manifest: Manifest, slips: Sequence[SlipCount], openings: Openings) -> Results:
    """The results; `slips` has one count a class, `openings` fit the manifest.

    A void session's openings have no groups, its results no contests.
    """
    by_contest = groupby(openings.groups, key=lambda group: manifest.boxes[group.boxes[0]].contest)
    canvassed = [_contest(manifest, slips, n, list(formed)) for n, formed in by_contest]
    places = nominate(
        {
            c.result.contest: c.score
            for c in canvassed
            if c.score is not None and _ranked(manifest, c)
        },
        quota=manifest.rules.quota,
    )
    return Results(
        FORMAT,
        manifest.session,
        Status.COUNTED if openings.void is None else Status.VOID,
        tuple(slips),
        tuple(_placed(c.result, places.get(c.result.contest)) for c in canvassed),
    )


def _contest(
    manifest: Manifest, slips: Sequence[SlipCount], number: int, formed: Sequence[OpenedGroup]
) -> _Canvassed:
    decimals = manifest.rules.decimals
    instrument = manifest.instrument_of(number)
    counts = [count(instrument, group.opened or ()) for group in formed]
    results = tuple(
        _group(manifest, slips, group, tallies)
        for group, tallies in zip(formed, counts, strict=True)
    )
    combined = [
        scoring.combine(
            list(_weighed(manifest, question, results, [tallies[q] for tallies in counts])),
            manifest.rules.empty_class,
        )
        for q, question in enumerate(instrument.questions)
    ]
    score = scoring.mean(points for points, _ in combined)
    turnout = turnout_of(
        returned=sum(group.returned for group in results),
        issued=sum(group.issued for group in results),
    )
    held = Held(turnout, [positive for _, positive in combined])
    found = tuple(findings(manifest.rules, held)) if score is not None else ()
    if score is None:
        outcome = Outcome.WITHHELD
    elif all(finding.met for finding in found):
        # A person's place is found when all are known.
        outcome = Outcome.RECOMMENDED
    else:
        outcome = Outcome.NOT_MET
    questions = tuple(
        QuestionResult(
            None if points is None else scoring.figure(points, decimals),
            None if positive is None else scoring.share(positive, decimals),
        )
        for points, positive in combined
    )
    return _Canvassed(
        ContestResult(
            contest=number,
            groups=results,
            questions=questions,
            score=None if score is None else scoring.figure(score, decimals),
            turnout=scoring.share(turnout, decimals),
            findings=found,
            rank=None,
            outcome=outcome,
        ),
        score,
    )


def _group(
    manifest: Manifest,
    slips: Sequence[SlipCount],
    group: OpenedGroup,
    tallies: Sequence[GradeCounts],
) -> GroupResult:
    classes = tuple(manifest.boxes[box].voter_class for box in group.boxes)
    issued = sum(slips[number].issued for number in classes)
    if group.opened is None or group.spoilt is None:
        return GroupResult(
            classes=classes,
            status=GroupStatus.WITHHELD,
            issued=issued,
            returned=group.ballots,
            valid=None,
            spoilt=None,
            questions=(),
        )
    instrument = manifest.instrument_of(manifest.boxes[group.boxes[0]].contest)
    return GroupResult(
        classes=classes,
        status=GroupStatus.OPENED,
        issued=issued,
        returned=group.ballots,
        valid=len(group.opened),
        spoilt=len(group.spoilt),
        questions=tuple(_questions(instrument, tallies, manifest.rules.decimals)),
    )


def _questions(
    instrument: Instrument, tallies: Sequence[GradeCounts], decimals: int
) -> Iterator[QuestionCount]:
    for question, tally in zip(instrument.questions, tallies, strict=True):
        points = scoring.score(question, tally.grades)
        positive = scoring.positive(question, tally.grades)
        yield QuestionCount(
            counts=tally.grades,
            blank=tally.blank,
            answers=scoring.answers_of(question, tally.grades),
            percent=scoring.percentages((*tally.grades, tally.blank), decimals),
            score=None if points is None else scoring.figure(points, decimals),
            positive=None if positive is None else scoring.share(positive, decimals),
        )


def _weighed(
    manifest: Manifest,
    question: Question,
    results: Sequence[GroupResult],
    tallies: Sequence[GradeCounts],
) -> Iterator[scoring.Weighed]:
    for result, tally in zip(results, tallies, strict=True):
        points = scoring.score(question, tally.grades)
        positive = scoring.positive(question, tally.grades)
        if points is not None and positive is not None:
            weight = sum(manifest.classes[number].weight for number in result.classes)
            yield scoring.Weighed(weight, points, positive)


def _ranked(manifest: Manifest, canvassed: _Canvassed) -> bool:
    """Whether this is a person that meets the rules; organisations are not ranked."""
    kind = manifest.subject_of(canvassed.result.contest).kind
    return kind is SubjectKind.PERSON and canvassed.result.outcome is Outcome.RECOMMENDED


def _placed(result: ContestResult, place: Place | None) -> ContestResult:
    if place is None:
        return result
    return replace(result, rank=place.rank, outcome=place.outcome)

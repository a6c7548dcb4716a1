"""The canvass: from openings and slip counts to the results of a session (protocol §5).

Anyone can do it again: nothing else goes in, and the same bytes come out. Contests are counted
here, subjects judged in `standing.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from appraisal.ballot_form import BallotForm
from appraisal.counting_rules import Rules
from appraisal.manifest import Manifest
from appraisal.tally import figures, scoring
from appraisal.tally.counting import Counts, count
from appraisal.tally.openings import OpenedGroup, Openings
from appraisal.tally.results import (
    FORMAT,
    ContestResult,
    ContestSubject,
    Figure,
    GroupResult,
    GroupStatus,
    QuestionCount,
    QuestionResult,
    Results,
    SlipCount,
    Status,
)
from appraisal.tally.scoring import Marks, Turned
from appraisal.tally.standing import Appraised, Canvassed, judge


@dataclass(frozen=True)
class _Group:
    """One group, counted: what is published of it, and the exact marks of every question.

    `marks` by subject of the contest, then question; empty while withheld.
    """

    result: GroupResult
    weight: int
    marks: Sequence[Sequence[Marks | None]]


def canvass(manifest: Manifest, slips: Sequence[SlipCount], openings: Openings) -> Results:
    """The results; `slips` has one count a class, `openings` fit the manifest.

    A void session's openings have no groups, its results neither contests nor subjects.
    """
    by_contest = groupby(openings.groups, key=lambda group: manifest.boxes[group.boxes[0]].contest)
    canvassed = [_contest(manifest, slips, n, list(formed)) for n, formed in by_contest]
    return Results(
        FORMAT,
        manifest.session,
        Status.COUNTED if openings.void is None else Status.VOID,
        tuple(slips),
        tuple(contest.result for contest in canvassed),
        judge(manifest, slips, canvassed) if openings.void is None else (),
    )


def _contest(
    manifest: Manifest, slips: Sequence[SlipCount], number: int, formed: Sequence[OpenedGroup]
) -> Canvassed:
    form = manifest.forms[number]
    groups = [_group(manifest, slips, form, group) for group in formed]
    subjects = tuple(_appraised(manifest, form, groups, i) for i in range(form.subjects))
    return Canvassed(
        ContestResult(
            contest=number,
            groups=tuple(group.result for group in groups),
            subjects=tuple(
                ContestSubject(
                    tuple(_question(marks, manifest.rules) for marks in subject.marks),
                    _figure(subject.score, manifest.rules),
                )
                for subject in subjects
            ),
        ),
        subjects,
    )


def _appraised(
    manifest: Manifest, form: BallotForm, groups: Sequence[_Group], subject: int
) -> Appraised:
    """One subject of a contest over all classes by weight."""
    combined = []
    for q in range(len(form.instrument.questions)):
        parts = [
            scoring.Weighed(group.weight, marks)
            for group in groups
            if group.marks and (marks := group.marks[subject][q]) is not None
        ]
        combined.append(scoring.combine(parts, manifest.rules.empty_class))
    return Appraised(combined, scoring.mean(m.score if m else None for m in combined))


def _group(
    manifest: Manifest, slips: Sequence[SlipCount], form: BallotForm, group: OpenedGroup
) -> _Group:
    classes = tuple(manifest.boxes[box].voter_class for box in group.boxes)
    issued = sum(slips[number].issued for number in classes)
    weight = sum(manifest.classes[number].weight for number in classes)
    if group.opened is None or group.spoilt is None:
        withheld = GroupResult(
            classes=classes,
            status=GroupStatus.WITHHELD,
            issued=issued,
            returned=group.ballots,
            valid=None,
            spoilt=None,
            subjects=(),
        )
        return _Group(withheld, weight, ())
    turned = Turned(
        valid=len(group.opened),
        returned=group.ballots,
        issued=issued,
        entitled=sum(manifest.classes[number].entitled for number in classes),
    )
    counted = count(form, group.opened)
    marks = [
        [
            scoring.marks(question, counts, turned, manifest.rules)
            for question, counts in zip(form.instrument.questions, of_subject, strict=True)
        ]
        for of_subject in counted
    ]
    opened = GroupResult(
        classes=classes,
        status=GroupStatus.OPENED,
        issued=issued,
        returned=group.ballots,
        valid=turned.valid,
        spoilt=len(group.spoilt),
        subjects=tuple(
            tuple(_counts(form, of_subject, own, turned, manifest.rules))
            for of_subject, own in zip(counted, marks, strict=True)
        ),
    )
    return _Group(opened, weight, marks)


def _counts(
    form: BallotForm,
    counted: Sequence[Counts],
    marks: Sequence[Marks | None],
    turned: Turned,
    rules: Rules,
) -> Iterator[QuestionCount]:
    for question, counts, own in zip(form.instrument.questions, counted, marks, strict=True):
        result = _question(own, rules)
        yield QuestionCount(
            counts=counts.options,
            blank=counts.blank,
            answers=counts.answers,
            percent=figures.of_valid(
                question, (*counts.options, counts.blank), valid=turned.valid, rules=rules
            ),
            score=result.score,
            positive=result.positive,
            negative=result.negative,
        )


def _question(marks: Marks | None, rules: Rules) -> QuestionResult:
    if marks is None:
        return QuestionResult(None, None, None)
    return QuestionResult(
        figures.figure(marks.score, rules.decimals),
        figures.share(marks.positive, rules.decimals),
        figures.share(marks.negative, rules.decimals),
    )


def _figure(score: Fraction | None, rules: Rules) -> Figure | None:
    return None if score is None else figures.figure(score, rules.decimals)

"""Where each subject stands after the count: score, findings, rank, outcome (protocol §5.4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from appraisal.ballot_form import SubjectKind
from appraisal.manifest import Manifest
from appraisal.tally import figures
from appraisal.tally.nominations import Place, nominate
from appraisal.tally.results import ContestResult, Finding, Outcome, Rule, SlipCount, SubjectResult
from appraisal.tally.rules import Held, findings, ratio
from appraisal.tally.scoring import Marks, mean


@dataclass(frozen=True)
class Appraised:
    """A subject of a contest: the marks of its questions over all classes, their mean score."""

    marks: Sequence[Marks | None]
    score: Fraction | None


@dataclass(frozen=True)
class Canvassed:
    """A contest with the exact marks of its subjects, in its order."""

    result: ContestResult
    subjects: Sequence[Appraised]


@dataclass(frozen=True)
class _Standing:
    result: SubjectResult
    score: Fraction | None


def judge(
    manifest: Manifest, slips: Sequence[SlipCount], contests: Sequence[Canvassed]
) -> tuple[SubjectResult, ...]:
    """The result of every subject, by number; `contests` are all of the manifest."""
    attendance = ratio(
        sum(count.issued for count in slips), sum(c.entitled for c in manifest.classes)
    )
    standings = [
        _standing(manifest, number, contests, attendance)
        for number in range(len(manifest.subjects))
    ]
    places = _places(manifest, standings)
    return tuple(_placed(one.result, places.get(n)) for n, one in enumerate(standings))


def _standing(
    manifest: Manifest, number: int, contests: Sequence[Canvassed], attendance: Fraction
) -> _Standing:
    own = manifest.stands[number]
    groups = [group for contest, _ in own for group in contests[contest].result.groups]
    turnout = ratio(sum(group.returned for group in groups), sum(group.issued for group in groups))
    appraised = [(contest, contests[contest].subjects[place]) for contest, place in own]
    score = mean(subject.score for _, subject in appraised)
    held = Held(attendance, turnout, [(contest, subject.marks) for contest, subject in appraised])
    found = tuple(findings(manifest.rules, held)) if score is not None else ()
    if score is not None:
        # A person's place is found when all are known.
        outcome = Outcome.RECOMMENDED if _meets(found) else Outcome.NOT_MET
    elif any(manifest.forms[contest].instrument.scaled for contest, _ in own):
        outcome = Outcome.WITHHELD
    else:
        outcome = Outcome.UNSCORED
    decimals = manifest.rules.decimals
    result = SubjectResult(
        score=None if score is None else figures.figure(score, decimals),
        turnout=figures.share(turnout, decimals),
        findings=found,
        rank=None,
        outcome=outcome,
    )
    return _Standing(result, score)


def _meets(found: Sequence[Finding]) -> bool:
    """A negative share is a red flag: it is told, and decides nothing."""
    return all(finding.met for finding in found if finding.rule is not Rule.NEGATIVE)


def _places(manifest: Manifest, standings: Sequence[_Standing]) -> dict[int, Place]:
    """The places of persons and of organisations, each among their own."""
    rules = manifest.rules
    places: dict[int, Place] = {}
    for kind, quota in (
        (SubjectKind.PERSON, rules.quota),
        (SubjectKind.ORGANISATION, rules.quota_organisations),
    ):
        if quota is None:
            continue
        scores = {
            number: one.score
            for number, one in enumerate(standings)
            if manifest.subjects[number].kind is kind
            and one.score is not None
            and one.result.outcome is Outcome.RECOMMENDED
        }
        places |= nominate(scores, quota=quota, ties=rules.ties)
    return places


def _placed(result: SubjectResult, place: Place | None) -> SubjectResult:
    if place is None:
        return result
    return replace(result, rank=place.rank, outcome=place.outcome)

"""By which rules a subject is recommended, in words: thresholds, quotas, ties (protocol §5.4)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from appraisal.ballot_form import SubjectKind, Text
from appraisal.counting_rules import Rules, Threshold, Ties
from appraisal.documents import words
from appraisal.documents.ranking import by_votes
from appraisal.documents.sentences import questions_of
from appraisal.manifest import Manifest

MANY: Final = 6
"""So many sets of options are listed one by one; more are left to the ballot forms."""
ATTENDANCE: Final = Text("到会", "Attendance")
TURNOUT: Final = Text("收回率", "Turnout")
POSITIVE: Final = Text("正面评价", "Positive answers")
NEGATIVE: Final = Text("负面警示", "Red flag")
PERSONS: Final = Text("个人名额", "Quota of persons")
ORGANISATIONS: Final = Text("组织名额", "Quota of organisations")
VOTES: Final = Text("得票率", "Share of votes")
TIES: Final = Text("同分", "Ties")


def recommending(manifest: Manifest) -> Iterator[tuple[Text, Text]]:
    """Each rule that applies, with its name."""
    rules = manifest.rules
    kinds = {subject.kind for subject in manifest.subjects}
    if rules.attendance:
        limit = _threshold(rules.attendance)
        yield (
            ATTENDANCE,
            Text(
                f"发出的选票凭证（实到）占应到人数的比例须{limit.zh}，否则不予推荐。",
                f"Slips issued (present) among those entitled must {limit.en}; otherwise nobody is "
                "recommended.",
            ),
        )
    if rules.turnout:
        limit = _threshold(rules.turnout)
        yield (
            TURNOUT,
            Text(
                f"评议对象的收回率（收回总数除以发出总数，不加权）须{limit.zh}，否则不予推荐。",
                "The turnout of a subject, all ballots returned by all slips issued without "
                f"weights, must {limit.en}; otherwise it is not recommended.",
            ),
        )
    yield from _shares(manifest)
    measure = _VOTES if by_votes(manifest) else _SCORE
    if SubjectKind.PERSON in kinds:
        yield PERSONS, _quota_of_persons(rules, measure)
    if SubjectKind.ORGANISATION in kinds:
        yield ORGANISATIONS, _quota_of_organisations(rules, measure)
    if any(words.quota_of(rules, kind) for kind in kinds):
        equal = Text("得票率", "shares of votes") if by_votes(manifest) else Text("得分", "scores")
        said = _TIES[rules.ties]
        yield (
            TIES,
            Text(
                f"{equal.zh}相同的名次并列（1、2、2、4）；{said.zh}。",
                f"Equal {equal.en} share a rank (1-2-2-4); {said.en}.",
            ),
        )


def _shares(manifest: Manifest) -> Iterator[tuple[Text, Text]]:
    """The thresholds of positive and negative answers, where a question has such options."""
    rules = manifest.rules
    if rules.positive and any(q.scaled for q in questions_of(manifest)):
        limit = _threshold(rules.positive)
        sides = _sides(manifest, positive=True)
        votes = Text(
            f"得票率按权重合成后须{limit.zh}，否则不予推荐。",
            f"The share of votes, over all classes by weight, must {limit.en}; otherwise the "
            "subject is not recommended.",
        )
        if by_votes(manifest):
            yield VOTES, votes
        else:
            yield (
                POSITIVE,
                Text(
                    f"每题的正面评价（{sides.zh}）按权重合成后须{limit.zh}，否则不予推荐。",
                    f"Positive answers ({sides.en}) to every question, over all classes by weight, "
                    f"must {limit.en}; otherwise the subject is not recommended.",
                ),
            )
    if rules.negative and any(o.negative for q in questions_of(manifest) for o in q.options):
        limit, sides = _threshold(rules.negative), _sides(manifest, positive=False)
        yield (
            NEGATIVE,
            Text(
                f"一题的负面评价（{sides.zh}）按权重合成后{limit.zh}的，列为警示，写在结论之前，"
                "请党组织核实；警示不影响名次和推荐。",
                f"Where negative answers ({sides.en}) to a question, over all classes by weight, "
                f"{limit.en}, a red flag is told before the outcome, for the organs to look into; "
                "it decides nothing.",
            ),
        )


def _threshold(threshold: Threshold) -> Text:
    top, bottom = threshold.share
    sign, part = ">" if threshold.over else "≥", _part(top, bottom)
    reached = Text("超过", "exceed") if threshold.over else Text("达到", "reach")
    return Text(
        f"{reached.zh}{words.fraction(threshold.share)}（{sign}{part}）",
        f"{reached.en} {part} ({sign})",
    )


def _part(top: int, bottom: int) -> str:
    return f"{top}%" if bottom == 100 else f"{top}/{bottom}"


def _sides(manifest: Manifest, *, positive: bool) -> Text:
    """The options that count as positive, or negative; each set once."""
    sets = dict.fromkeys(
        tuple(o for o in question.options if (o.positive if positive else o.negative))
        for question in questions_of(manifest)
    )
    sets.pop((), None)
    if len(sets) > MANY:
        return Text("见测评表", "see the ballot forms")
    return Text(
        "；".join(words.quoted(options) for options in sets),
        "; ".join(", ".join(f"“{o.text.en}”" for o in options) for options in sets),
    )


def _quota_of_persons(rules: Rules, measure: Text) -> Text:
    who = _WHO[words.conditioned(rules)]
    if not rules.quota:
        return Text(
            f"{who.zh}个人按{measure.zh}由高到低排名，不设推荐名额。",
            f"Persons{who.en} are ranked by {measure.en}; there is no quota to recommend.",
        )
    award = Text(f"为“{rules.award}”人选", f" for “{rules.award}”") if rules.award else Text("", "")
    return Text(
        f"{who.zh}个人按{measure.zh}由高到低排名，推荐前{rules.quota}名{award.zh}。",
        f"Persons{who.en} are ranked by {measure.en}; the first {rules.quota} are "
        f"recommended{award.en}.",
    )


def _quota_of_organisations(rules: Rules, measure: Text) -> Text:
    quota, who = rules.quota_organisations, _WHO[words.conditioned(rules)]
    if quota is None and not words.conditioned(rules):
        return Text(
            "组织不设推荐条件，不排名次。",
            "No condition is set for organisations; they are not ranked.",
        )
    if quota is None:
        return Text(
            "组织只列明是否符合条件，不排名次。",
            "Organisations either meet the rules or do not; they are not ranked.",
        )
    if not quota:
        return Text(
            f"{who.zh}组织另行按{measure.zh}由高到低排名，不设推荐名额。",
            f"Organisations{who.en} are ranked among themselves; there is no quota.",
        )
    return Text(
        f"{who.zh}组织另行按{measure.zh}由高到低排名，推荐前{quota}个。",
        f"Organisations{who.en} are ranked among themselves; the first {quota} are recommended.",
    )


_WHO: Final = {True: Text("符合条件的", " that meet the rules"), False: Text("", "")}
"""Who is ranked: whoever meets the conditions, if there are any."""
_SCORE: Final = Text("综合得分", "score")
_VOTES: Final = Text("得票率", "share of votes")
_TIES: Final = {
    Ties.OPEN: Text(
        "名额线两侧并列的列为并列待研究，由党组织研究确定",
        "those on both sides of the quota are left to the organs",
    ),
    Ties.ALL: Text(
        "名额线两侧并列的全部推荐",
        "those on both sides of the quota are all recommended",
    ),
    Ties.NONE: Text(
        "名额线两侧并列的均不推荐",
        "of those on both sides of the quota none is recommended",
    ),
}

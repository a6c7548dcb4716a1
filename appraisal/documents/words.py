"""What results say, in words: dates, fractions, outcomes and their reasons.

The sentences stand in official documents, so they state what was counted and nothing more.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from typing import Final

from appraisal.ballot_form import Question, SubjectKind
from appraisal.manifest import Manifest
from appraisal.tally.results import ContestResult, Finding, GroupResult, Outcome, Results, Rule

NUMERALS: Final = "〇一二三四五六七八九十"

KINDS: Final = {SubjectKind.ORGANISATION: "组织", SubjectKind.PERSON: "个人"}
OUTCOMES: Final = {
    Outcome.RECOMMENDED: "推荐",
    Outcome.TIED: "并列待研究",
    Outcome.BELOW_QUOTA: "名额之外",
    Outcome.NOT_MET: "未达条件",
    Outcome.WITHHELD: "不公布结果",
}


def outcome(kind: SubjectKind, found: Outcome) -> str:
    """An outcome in a word or two; the award is for persons, so an organisation only qualifies."""
    if kind is SubjectKind.ORGANISATION and found is Outcome.RECOMMENDED:
        return "符合条件"
    return OUTCOMES[found]


def date(day: datetime.date) -> str:
    """2010年6月20日."""
    return f"{day.year}年{day.month}月{day.day}日"


def iso_date(text: str) -> str:
    """2010年6月20日 from 2010-06-20."""
    return date(datetime.date.fromisoformat(text))


def ordinal(number: int) -> str:
    """The numeral of a heading: 一 … 九十九."""
    tens, ones = divmod(number, 10)
    head = "" if not tens else "十" if tens == 1 else f"{NUMERALS[tens]}十"
    return head + (NUMERALS[ones] if ones or not tens else "")


def fraction(value: tuple[int, int]) -> str:
    """三分之二; with figures where numerals would be long."""
    top, bottom = value
    if top == bottom:
        return "百分之百"
    if bottom == 100:
        return f"{top}%"
    if max(top, bottom) <= 10:
        return f"{NUMERALS[bottom]}分之{NUMERALS[top]}"
    return f"{bottom}分之{top}"


def step(decimals: int) -> str:
    """The least difference of two printed figures: 0.01 with two decimals."""
    return f"{10**-decimals:.{decimals}f}"


def listed(parts: Iterable[str]) -> str:
    """One, two and three: 一、二和三."""
    *first, last = parts
    return f"{'、'.join(first)}和{last}" if first else last


def classes_of(manifest: Manifest, group: GroupResult) -> str:
    """The name of a group: its class, or the classes that were opened together."""
    names = [manifest.classes[number].name.zh for number in group.classes]
    return names[0] if len(names) == 1 else f"{'、'.join(names)}（合并）"


def sealed(group: GroupResult, *, floor: int) -> str:
    """Why a withheld group tells nothing: it is empty, too small, or has too few valid ballots."""
    if not group.returned:
        return "没有收到选票"
    if group.returned < floor:
        return "不足下限，未开箱"
    return f"有效票不足{floor}张，不予公布"


def positive_grades(question: Question) -> str:
    """The grades that count as positive: “强”“较强”."""
    return "".join(f"“{grade.text.zh}”" for grade in question.grades if grade.positive)


def reason(manifest: Manifest, results: Results, contest: ContestResult) -> str:
    """Why a subject has its outcome, without the subject's name and without an end mark."""
    person = manifest.subject_of(contest.contest).kind is SubjectKind.PERSON
    score = f"综合得分{contest.score.printed}分" if contest.score else ""
    quota = manifest.rules.quota
    match contest.outcome:
        case Outcome.RECOMMENDED if person:
            return f"符合推荐条件，{score}，{_rank(results, contest)}，在{quota}名推荐名额之内"
        case Outcome.RECOMMENDED:
            return f"符合推荐条件，{score}"
        case Outcome.TIED:
            left = quota - (contest.rank or 1) + 1
            equal = len(_equals(results, contest))
            return (
                f"符合推荐条件，{score}，{_rank(results, contest)}；"
                f"{equal}人同分而推荐名额只余{left}名，请党组织研究确定"
            )
        case Outcome.BELOW_QUOTA:
            return f"符合推荐条件，{score}，{_rank(results, contest)}，在{quota}名推荐名额之外"
        case Outcome.NOT_MET:
            return "；".join(_unmet(manifest, contest))
        case Outcome.WITHHELD:
            return _withheld(manifest, contest)


def _equals(results: Results, contest: ContestResult) -> list[ContestResult]:
    return [other for other in results.contests if other.rank and other.rank == contest.rank]


def _rank(results: Results, contest: ContestResult) -> str:
    several = len(_equals(results, contest)) > 1
    return f"{'并列' if several else '列'}第{contest.rank}名"


def _unmet(manifest: Manifest, contest: ContestResult) -> Iterator[str]:
    for finding in contest.findings:
        if not finding.met:
            yield _failing(manifest, contest, finding)


def _failing(manifest: Manifest, contest: ContestResult, finding: Finding) -> str:
    match finding.rule:
        case Rule.TURNOUT:
            limit = fraction(manifest.rules.turnout)
            return f"收回率{finding.value.printed}%，不足{limit}"
        case Rule.POSITIVE:
            limit = fraction(manifest.rules.positive)
            question = manifest.instrument_of(contest.contest).questions[finding.question or 0]
            return f"“{question.text.zh}”正面评价占{finding.value.printed}%，不足{limit}"


def _withheld(manifest: Manifest, contest: ContestResult) -> str:
    floor = manifest.rules.floor
    if not any(group.questions for group in contest.groups):
        most = max(group.returned for group in contest.groups)
        if most >= floor:
            return f"各票箱的有效票均不足{floor}张，不予公布"
        return f"各票箱收回的选票均不足{floor}张，未开箱" if most else "没有收到选票"
    return "没有可以计分的答案"

"""What results say, in words: dates, fractions, outcomes and their reasons.

The sentences stand in official documents, so they state what was counted and nothing more.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from typing import Final

from appraisal.ballot_form import Option, Question, QuestionKind, SubjectKind
from appraisal.counting_rules import Rules, Ties
from appraisal.documents.ranking import Ranked
from appraisal.manifest import Manifest
from appraisal.tally.results import (
    Finding,
    GroupResult,
    GroupStatus,
    Outcome,
    Rule,
    SubjectResult,
)

NUMERALS: Final = "〇一二三四五六七八九十"

KINDS: Final = {SubjectKind.ORGANISATION: "组织", SubjectKind.PERSON: "个人"}
MEASURES: Final = {SubjectKind.ORGANISATION: "个", SubjectKind.PERSON: "名"}
"""The measure word of places for each kind: 1个, 3名."""
OUTCOMES: Final = {
    Outcome.RECOMMENDED: "推荐",
    Outcome.TIED: "并列待研究",
    Outcome.BELOW_QUOTA: "名额之外",
    Outcome.NOT_MET: "未达条件",
    Outcome.UNSCORED: "不计分",
    Outcome.WITHHELD: "不公布结果",
}
QUALIFIES: Final = "符合条件"
UNCONDITIONED: Final = "不设条件"
FLAG: Final = "警示"
BLANKS: Final = {
    QuestionKind.GRADES: "弃权",
    QuestionKind.CHOICE: "未选",
    QuestionKind.TICKS: "未勾选",
    QuestionKind.SCORE: "弃权",
}
"""What a question left blank is called."""


def outcome(
    kind: SubjectKind, found: Outcome, *, quota: int | None = None, conditions: bool = True
) -> str:
    """An outcome in a word or two; `quota` is that of the kind, where it is ranked.

    Organisations that are not ranked only qualify, and so does whoever has no quota to be within;
    without `conditions` there is nothing to qualify by, and nobody is said to.
    """
    unranked = kind is SubjectKind.ORGANISATION and quota is None
    if (found is Outcome.RECOMMENDED and unranked) or (found is Outcome.BELOW_QUOTA and quota == 0):
        return QUALIFIES if conditions else UNCONDITIONED
    return OUTCOMES[found]


def conditioned(rules: Rules) -> bool:
    """Whether a recommendation has any condition; a red flag is none."""
    return bool(rules.attendance or rules.turnout or rules.positive)


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


def blank(question: Question) -> str:
    """What a question left blank is called: 弃权, 未选, 未勾选."""
    return BLANKS[question.kind]


def option_range(question: Question, place: int) -> str:
    """A grade with its points or a band with its range: 强 100, 优秀 90—100; else its text."""
    option = question.options[place]
    if question.kind is QuestionKind.SCORE:
        top = question.options[place - 1].at_least if place else None
        highest = (question.highest or 0) if top is None else top - 1
        return f"{option.text.zh} {spread(option.at_least or 0, highest)}"
    if question.kind is QuestionKind.GRADES and option.points is not None:
        return f"{option.text.zh} {option.points}"
    return option.text.zh


def spread(lowest: int, highest: int) -> str:
    """90—100, or one number."""
    return str(lowest) if lowest == highest else f"{lowest}—{highest}"


def quoted(options: Iterable[Option]) -> str:
    """Options in quotes: “强”“较强”."""
    return "".join(f"“{option.text.zh}”" for option in options)


def share_name(question: Question) -> str:
    """What its share of positive answers is called: 得票率 of a choice, else 正面评价."""
    return "得票率" if question.kind is QuestionKind.CHOICE else "正面评价"


def measure(*, by_votes: bool) -> str:
    """What ranks subjects: their combined score, or their share of votes."""
    return "得票率" if by_votes else "综合得分"


def equal_name(*, by_votes: bool) -> str:
    """What those are called who have the same of it."""
    return "得票率相同" if by_votes else "同分"


def quota_of(rules: Rules, kind: SubjectKind) -> int | None:
    """How many of a kind may be recommended; None where they are not ranked."""
    return rules.quota if kind is SubjectKind.PERSON else rules.quota_organisations


def reason(ranked: Ranked, number: int) -> str:
    """Why a subject has its outcome, without the subject's name and without an end mark."""
    result = ranked.result(number)
    match result.outcome:
        case Outcome.RECOMMENDED | Outcome.TIED | Outcome.BELOW_QUOTA:
            met = "符合" if conditioned(ranked.manifest.rules) else "未设"
            return "，".join([f"{met}推荐条件", *_standing(ranked, number)])
        case Outcome.NOT_MET:
            return "；".join(_unmet(ranked.manifest, result))
        case Outcome.UNSCORED:
            return "测评表只勾选不评分，不计得分，不排名次"
        case Outcome.WITHHELD:
            return _withheld(ranked, number)


def flags(manifest: Manifest, result: SubjectResult) -> tuple[str, ...]:
    """The red flags 警示 of a subject, a sentence each without an end mark."""
    return tuple(
        f"{about(manifest, finding)}负面评价占{finding.value.printed}%，"
        f"{'超过' if finding.over else '达到'}{limit_of(manifest.rules, finding.rule)}"
        for finding in result.findings
        if finding.rule is Rule.NEGATIVE and not finding.met
    )


def about(manifest: Manifest, finding: Finding) -> str:
    """The question that a finding is about, in quotes.

    With its form's name if another form asks it of the same subject.
    """
    if finding.contest is None or finding.question is None:
        return ""
    instrument = manifest.forms[finding.contest].instrument
    text = instrument.questions[finding.question].text.zh
    beside = (manifest.instruments[number] for number in manifest.beside[finding.contest])
    asked = sum(any(q.text.zh == text for q in form.questions) for form in beside)
    return f"《{instrument.title.zh}》“{text}”" if asked > 1 else f"“{text}”"


def is_opposed(manifest: Manifest, finding: Finding) -> bool:
    """Whether the question that a finding is about has a negative answer: a choice has none."""
    return any(option.negative for option in _question(manifest, finding).options)


def limit_of(rules: Rules, rule: Rule) -> str:
    """The threshold of a rule in words: 三分之二."""
    threshold = {
        Rule.ATTENDANCE: rules.attendance,
        Rule.TURNOUT: rules.turnout,
        Rule.POSITIVE: rules.positive,
        Rule.NEGATIVE: rules.negative,
    }[rule]
    return fraction(threshold.share) if threshold else ""


def _standing(ranked: Ranked, number: int) -> Iterator[str]:
    """Score, rank and quota of a subject that meets the rules."""
    rules, kind, result = ranked.manifest.rules, ranked.kind(number), ranked.result(number)
    quota = quota_of(rules, kind)
    if result.score and ranked.by_votes:
        yield f"得票{ranked.votes(number)}张，得票率{result.score.printed}%"
    elif result.score:
        yield f"综合得分{result.score.printed}分"
    if quota is None or result.rank is None:
        return
    equal = ranked.equals(number)
    rank = f"{'并列' if equal > 1 else '列'}第{result.rank}名"
    measure = MEASURES[kind]
    if not quota:
        yield f"{rank}，不设推荐名额"
        return
    left = quota - result.rank + 1
    if not 0 < left < equal:
        inside = "内" if result.outcome is Outcome.RECOMMENDED else "外"
        yield f"{rank}，在{quota}{measure}推荐名额之{inside}"
        return
    who = f"{equal}人" if kind is SubjectKind.PERSON else f"{equal}个组织"
    yield f"{rank}；{who}{equal_name(by_votes=ranked.by_votes)}而推荐名额只余{left}{measure}"
    match rules.ties:
        case Ties.OPEN:
            yield "请党组织研究确定"
        case Ties.ALL:
            yield "按规则一并推荐"
        case Ties.NONE:
            yield "按规则均不推荐"


def _unmet(manifest: Manifest, result: SubjectResult) -> Iterator[str]:
    for finding in result.findings:
        if not finding.met and finding.rule is not Rule.NEGATIVE:
            yield _failing(manifest, finding)


def _failing(manifest: Manifest, finding: Finding) -> str:
    limit = limit_of(manifest.rules, finding.rule)
    short = f"{'未超过' if finding.over else '不足'}{limit}"
    match finding.rule:
        case Rule.ATTENDANCE:
            return f"实到占应到{finding.value.printed}%，{short}"
        case Rule.TURNOUT:
            return f"收回率{finding.value.printed}%，{short}"
        case Rule.POSITIVE | Rule.NEGATIVE:
            name = share_name(_question(manifest, finding))
            return f"{about(manifest, finding)}{name}{finding.value.printed}%，{short}"


def _question(manifest: Manifest, finding: Finding) -> Question:
    return manifest.forms[finding.contest or 0].instrument.questions[finding.question or 0]


def _withheld(ranked: Ranked, number: int) -> str:
    manifest, results = ranked.manifest, ranked.results
    floor = manifest.rules.floor
    groups = [
        g for contest in manifest.contests_of(number) for g in results.contests[contest].groups
    ]
    if not any(group.status is GroupStatus.OPENED for group in groups):
        most = max(group.returned for group in groups)
        if most >= floor:
            return f"各票箱的有效票均不足{floor}张，不予公布"
        return f"各票箱收回的选票均不足{floor}张，未开箱" if most else "没有收到选票"
    return "没有可以计分的答案"

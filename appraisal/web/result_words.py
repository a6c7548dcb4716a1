"""What the pages say of a result, as sentences in both languages (protocol §5).

The board, the office and the screen say the same of the same result. Figures are those of
`results.json` as printed there; nothing is computed here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from appraisal.ballot_form import Option, Question, QuestionKind, SubjectKind, Text
from appraisal.counting_rules import EmptyClass, Threshold
from appraisal.documents import words
from appraisal.documents.ranking import Ranked
from appraisal.manifest import Manifest
from appraisal.tally.results import (
    ContestResult,
    ContestSubject,
    Finding,
    GroupResult,
    GroupStatus,
    Outcome,
    QuestionResult,
    Rule,
    SubjectResult,
)

OUTCOMES: Final = {
    Outcome.RECOMMENDED: Text("推荐", "Recommended"),
    Outcome.TIED: Text("并列待研究", "Tied, to be decided"),
    Outcome.BELOW_QUOTA: Text("名额之外", "Outside the quota"),
    Outcome.NOT_MET: Text("未达条件", "Conditions not met"),
    Outcome.UNSCORED: Text("不计分", "Not scored"),
    Outcome.WITHHELD: Text("不公布结果", "No result published"),
}
QUALIFIES: Final = Text("符合条件", "Qualifies")
UNCONDITIONED: Final = Text("不设条件", "No conditions")
ORGANS_DECIDE: Final = Text(
    "“推荐”只是按评议书的规则算出的建议，由党组织研究决定，不简单以票取人。",
    "“Recommended” is only what the rules of the manifest suggest; the organs decide.",
)
BLANK: Final = Text("弃权", "Blank")
FLAG: Final = Text("警示", "Red flag")
FLAGS: Final = Text(
    "警示（请党组织核实；不改变名次和推荐）",
    "Red flags (for the organs to look into; they decide nothing)",
)
NOT_CHOSEN: Final = Text("未选", "Not chosen")
CHOSEN: Final = Text("选了", "Chosen")
NONE_TICKED: Final = Text("未勾选", "None ticked")
BANDED: Final = "（{least}—{most}分）", " ({least}–{most})"


def outcome_of(manifest: Manifest, kind: SubjectKind, result: SubjectResult) -> Text:
    """An outcome in a word or two; where nobody is recommended, one that meets the rules qualifies.

    That is so for organisations without a quota of their own, and for anybody where it is nought.
    Where there are no rules to meet, nobody qualifies.
    """
    quota = words.quota_of(manifest.rules, kind)
    if not quota and result.outcome in {Outcome.RECOMMENDED, Outcome.BELOW_QUOTA}:
        return QUALIFIES if words.conditioned(manifest.rules) else UNCONDITIONED
    return OUTCOMES[result.outcome]


def option_of(question: Question, place: int) -> Text:
    """An option by its name; a band of points with the points that it spans."""
    option = question.options[place]
    if question.kind is QuestionKind.CHOICE:
        return CHOSEN
    if question.kind is not QuestionKind.SCORE:
        return option.text
    above: Option | None = question.options[place - 1] if place else None
    most = (above.at_least or 0) - 1 if above else question.highest or 0
    zh, en = (form.format(least=option.at_least or 0, most=most) for form in BANDED)
    return Text(option.text.zh + zh, option.text.en + en)


def blank_of(question: Question) -> Text:
    """What a ballot without an answer to a question is called."""
    match question.kind:
        case QuestionKind.CHOICE:
            return NOT_CHOSEN
        case QuestionKind.TICKS:
            return NONE_TICKED
        case QuestionKind.GRADES | QuestionKind.SCORE:
            return BLANK


def positive_of(question: Question) -> Text:
    """What the positive share of a question is called."""
    if question.kind is QuestionKind.CHOICE:
        return Text("得票率", "Share of votes")
    return Text("正面评价", "Positive")


def group_of(manifest: Manifest, group: GroupResult) -> Text:
    """The classes of a group by name."""
    names = [manifest.classes[number].name for number in group.classes]
    if len(names) == 1:
        return names[0]
    return Text(
        f"{'、'.join(name.zh for name in names)}（合并）",
        f"{', '.join(name.en for name in names)} (merged)",
    )


def sealed_of(manifest: Manifest, group: GroupResult) -> Text | None:
    """Why nothing is told of a group, without an end mark; None if it is told (§5.1)."""
    if group.status is GroupStatus.OPENED:
        return None
    if not group.returned:
        return Text("没有收到选票", "no ballot was returned")
    floor = manifest.rules.floor
    if group.returned < floor:
        return Text(f"收回不足{floor}张，没有开箱", f"fewer than {floor} returned, not opened")
    return Text(f"有效票不足{floor}张，不公布", f"fewer than {floor} valid, not published")


def flag_of(manifest: Manifest, finding: Finding) -> Text:
    """What a red flag 警示 is about."""
    what, limit = _measured(manifest, finding), _limit(manifest, finding)
    return Text(
        f"{what.zh}，达到警示线（{limit.zh}）。",
        f"{what.en[:1].upper()}{what.en[1:]}, which is {limit.en}.",
    )


def finding_of(manifest: Manifest, finding: Finding) -> Text:
    """One rule that was held against a subject, and whether it is met."""
    if finding.rule is Rule.NEGATIVE and not finding.met:
        said = flag_of(manifest, finding)
        return Text(f"{FLAG.zh}：{said.zh}", f"{FLAG.en}: {said.en}")
    what, limit = _measured(manifest, finding), _limit(manifest, finding)
    what = Text(what.zh, what.en[:1].upper() + what.en[1:])
    if finding.rule is Rule.NEGATIVE:
        return Text(f"{what.zh}，没有到警示线（{limit.zh}）。", f"{what.en}, not {limit.en}.")
    if finding.met:
        return Text(f"{what.zh}，达到要求（{limit.zh}）。", f"{what.en}: met ({limit.en}).")
    return Text(f"{what.zh}，没有达到要求（{limit.zh}）。", f"{what.en}: not met ({limit.en}).")


def _measured(manifest: Manifest, finding: Finding) -> Text:
    value = f"{finding.value.printed}%"
    match finding.rule:
        case Rule.ATTENDANCE:
            return Text(
                f"发出的选票占应到的{value}", f"slips issued are {value} of those entitled to vote"
            )
        case Rule.TURNOUT:
            return Text(f"收回率{value}", f"turnout {value}")
        case Rule.POSITIVE | Rule.NEGATIVE:
            asked = _question(manifest, finding)
            name = question_of(manifest, finding.contest or 0, asked)
            if finding.rule is Rule.NEGATIVE:
                return Text(f"{name.zh}负面评价{value}", f"{name.en}: negative answers {value}")
            share = positive_of(asked)
            en = "share of votes" if asked.kind is QuestionKind.CHOICE else "positive answers"
            return Text(f"{name.zh}{share.zh}{value}", f"{name.en}: {en} {value}")


def _question(manifest: Manifest, finding: Finding) -> Question:
    return manifest.forms[finding.contest or 0].instrument.questions[finding.question or 0]


def question_of(manifest: Manifest, contest: int, question: Question) -> Text:
    """A question in quotation marks, with its form where its subjects stand under several."""
    zh, en = f"“{question.text.zh}”", f"“{question.text.en}”"
    if len(manifest.beside[contest]) == 1:
        return Text(zh, en)
    title = manifest.forms[contest].instrument.title
    return Text(f"《{title.zh}》{zh}", f"{title.en}, {en}")


def _limit(manifest: Manifest, finding: Finding) -> Text:
    rules = manifest.rules
    threshold: Threshold | None = {
        Rule.ATTENDANCE: rules.attendance,
        Rule.TURNOUT: rules.turnout,
        Rule.POSITIVE: rules.positive,
        Rule.NEGATIVE: rules.negative,
    }[finding.rule]
    if threshold is None:  # a finding without its rule is no result of this manifest
        return Text(f"{finding.limit.printed}%", f"{finding.limit.printed}%")
    top, bottom = threshold.share
    share = f"{top}%" if bottom == 100 else f"{top}/{bottom}"
    zh = words.fraction(threshold.share)
    if threshold.over:
        return Text(f"超过{zh}", f"more than {share}")
    return Text(f"不少于{zh}", f"at least {share}")


def verdict(manifest: Manifest, result: SubjectResult) -> Iterator[Text]:
    """In short whether the rules are met: one sentence, or one for each that is not."""
    held = [finding for finding in result.findings if finding.rule is not Rule.NEGATIVE]
    missed = [finding for finding in held if not finding.met]
    if held and not missed:
        yield Text("各项要求都达到了。", "All requirements are met.")
    for finding in missed:
        yield finding_of(manifest, finding)


def findings(manifest: Manifest, result: SubjectResult) -> Iterator[Text]:
    """Every rule that was held against a subject, but no red flag that no answer could raise."""
    for finding in result.findings:
        asked = finding.rule is Rule.NEGATIVE and _question(manifest, finding).options
        if not asked or any(option.negative for option in asked):
            yield finding_of(manifest, finding)


def flags(manifest: Manifest, result: SubjectResult) -> Iterator[Text]:
    """The red flags of a subject."""
    for finding in result.findings:
        if finding.rule is Rule.NEGATIVE and not finding.met:
            yield flag_of(manifest, finding)


def standing(ranked: Ranked, number: int) -> Iterator[Text]:
    """Where a subject stands, and why: its rank and the quota, or why there is no score."""
    rank = _rank(ranked, number)
    if rank is not None:
        yield _placed(ranked, number, rank)
        return
    match ranked.result(number).outcome:
        case Outcome.UNSCORED:
            yield Text(
                "测评表只有可勾选的清单，不计分，不排名。",
                "The form has only lists to tick: there is no score and no rank.",
            )
        case Outcome.WITHHELD if _opened(ranked, number):
            yield Text("没有可以计分的答案。", "No answer carries a score.")
        case Outcome.WITHHELD:
            yield Text("没有可以公布的票箱。", "No box can be published.")
        case _:
            pass


def _opened(ranked: Ranked, number: int) -> bool:
    """Whether any box of a subject is told."""
    return any(
        group.status is GroupStatus.OPENED
        for contest in ranked.manifest.contests_of(number)
        for group in ranked.results.contests[contest].groups
    )


def _placed(ranked: Ranked, number: int, rank: Text) -> Text:
    """A rank and what the quota makes of it."""
    result, kind = ranked.result(number), ranked.kind(number)
    quota = words.quota_of(ranked.manifest.rules, kind) or 0
    measure = words.MEASURES[kind]
    equal, first = ranked.equals(number), result.rank or 1
    same, share = (
        words.equal_name(by_votes=ranked.by_votes),
        "share" if ranked.by_votes else "score",
    )
    across = first <= quota < first + equal - 1
    crossing = Text(
        f"{rank.zh}；{equal}{measure}{same}，名额只余{quota - first + 1}{measure}",
        f"{rank.en}; {equal} have this {share} and {quota - first + 1} can be recommended",
    )
    match result.outcome:
        case _ if not quota:
            zh, en = "。", "."
        case Outcome.TIED:
            zh, en = "，请党组织研究确定。", ": the organs decide."
        case Outcome.RECOMMENDED if across:
            zh, en = "，按规则都列入。", ": by the rules all of them are included."
        case Outcome.BELOW_QUOTA if across:
            zh, en = "，按规则都不列入。", ": by the rules none of them is included."
        case Outcome.RECOMMENDED:
            zh, en = f"，在{quota}{measure}名额之内。", f", within the quota of {quota}."
        case _:
            zh, en = f"，在{quota}{measure}名额之外。", f", outside the quota of {quota}."
    said = crossing if across else rank
    return Text(f"{said.zh}{zh}", f"{said.en}{en}")


def _rank(ranked: Ranked, number: int) -> Text | None:
    rank = ranked.result(number).rank
    if not rank:
        return None
    several, votes = ranked.equals(number) > 1, ranked.by_votes
    return Text(
        f"{words.measure(by_votes=votes)}{'并列' if several else '列'}第{rank}名",
        f"{'Equal r' if several else 'R'}ank {rank} by {'share of votes' if votes else 'score'}",
    )


def notes(manifest: Manifest, contest: ContestResult, *, spoilt: bool = True) -> Iterator[Text]:
    """What of a contest is kept sealed, and what did not count, unless a table tells it."""
    floor = manifest.rules.floor
    for group in contest.groups:
        name, back = group_of(manifest, group), group.returned
        if group.status is GroupStatus.OPENED:
            if group.spoilt and spoilt:
                yield Text(
                    f"{name.zh}：收回{back}张，其中无效票{group.spoilt}张。",
                    f"{name.en}: {back} returned, of them {group.spoilt} spoilt.",
                )
        elif not back:
            yield Text(f"{name.zh}：没有收到选票。", f"{name.en}: no ballot was returned.")
        elif back < floor:
            yield Text(
                f"{name.zh}：收回{back}张，不足{floor}张，没有开箱，内容不公布。",
                f"{name.en}: {back} returned, fewer than {floor}; the box stays sealed and nothing "
                "of it is published.",
            )
        else:
            yield Text(
                f"{name.zh}：收回{back}张，有效票不足{floor}张，内容不公布。",
                f"{name.en}: {back} returned, fewer than {floor} of them valid; nothing of them is "
                "published.",
            )


def unanswered(manifest: Manifest, contest: ContestResult, place: int) -> Iterator[Text]:
    """What is missing in the marks of a contest's subject, and what its score is then made of."""
    opened = [group for group in contest.groups if group.status is GroupStatus.OPENED]
    if not opened:
        return
    found: ContestSubject = contest.subjects[place]
    asked = manifest.forms[contest.contest].instrument.questions
    scaled: list[tuple[Question, QuestionResult]] = [
        (question, mark)
        for question, mark in zip(asked, found.questions, strict=True)
        if question.scaled
    ]
    without = [question for question, mark in scaled if mark.score is None]
    if len(without) < len(scaled):
        for question in without:
            name = question_of(manifest, contest.contest, question)
            yield Text(
                f"{name.zh}没有得分，得分只按其余题平均。",
                f"{name.en} has no score; the score is the mean of the other questions.",
            )
    lost = (
        Text("权重按比例分给其他票种", "its weight goes to the other classes")
        if manifest.rules.empty_class is EmptyClass.RENORMALISE
        else Text("按零分计", "it counts as nought")
    )
    for group in opened:
        counted = zip(group.subjects[place], found.questions, strict=True)
        if any(mark.score is not None and own.score is None for own, mark in counted):
            name = group_of(manifest, group)
            yield Text(
                f"{name.zh}有题目没有可以计分的答案，{lost.zh}。",
                f"{name.en}: a question has no answer that carries a score; {lost.en}.",
            )

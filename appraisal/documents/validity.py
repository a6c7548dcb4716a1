"""Which ballots count and which boxes are told, in words: limits, spoilt, floor (§4.5, §5.1)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from appraisal.ballot_form import (
    BallotForm,
    Limit,
    Question,
    QuestionKind,
    SubjectKind,
    Text,
    most_of,
)
from appraisal.counting_rules import BelowFloor, EmptyBallot, EmptyClass, Rules
from appraisal.documents import words
from appraisal.documents.sentences import joined
from appraisal.manifest import Manifest

EMPTY_BALLOT: Final = Text("空白票和弃权", "Empty ballots, blanks")
LIMITS: Final = Text("名额限制", "Limits on a ballot")
TICKS: Final = Text("勾选项数", "Items to tick")
SPOILT: Final = Text("无效票", "Spoilt ballots")
OVERFULL: Final = Text("作废", "Void")
FLOOR: Final = Text("公开下限", "Floor")
EMPTY_CLASS: Final = Text("空票种", "Empty class")


def validity(manifest: Manifest) -> Iterator[tuple[Text, Text]]:
    """Each rule that applies, with its name."""
    rules = manifest.rules
    yield EMPTY_BALLOT, _EMPTY_BALLOTS[rules.empty_ballot]
    limits = [
        _limit(manifest, form, limit)
        for form in _distinct(manifest)
        for limit in form.instrument.limits
    ]
    if limits:
        yield LIMITS, joined(limits)
    ticks = [
        _ticked(question)
        for instrument in manifest.instruments
        for question in instrument.questions
        if question.kind is QuestionKind.TICKS
    ]
    if ticks:
        yield TICKS, joined(dict.fromkeys(ticks))
    yield (
        SPOILT,
        Text(
            "不能解密、不合格式、答案超出范围或核对号重复的选票无效，计入收回，不计入有效。",
            "Ballots that do not decrypt, have the wrong form or an answer out of range, or repeat "
            "a tracker are spoilt: counted as returned, not as valid.",
        ),
    )
    yield (
        OVERFULL,
        Text(
            "收回多于发出即作废：任一票箱的选票多于该票种已领取的凭证，全部票箱不开，本次评议无效。",
            "More returned than issued makes all void: if any box holds more ballots than slips of "
            "its class were drawn, no box is opened.",
        ),
    )
    yield FLOOR, _floor(rules)
    if len(manifest.classes) > 1:
        yield EMPTY_CLASS, _EMPTY_CLASSES[rules.empty_class]


_EMPTY_BALLOTS: Final = {
    EmptyBallot.VALID: Text(
        "题目留空计弃权；全部留空的选票为有效票，各题都计弃权。",
        "A question left blank counts as an abstention; a ballot left wholly blank is valid.",
    ),
    EmptyBallot.SPOILT: Text(
        "题目留空计弃权；全部留空的选票为无效票。",
        "A question left blank counts as an abstention; a ballot left wholly blank is spoilt.",
    ),
}


def _distinct(manifest: Manifest) -> Iterator[BallotForm]:
    """A ballot form of each instrument with limits: it stands in one contest."""
    seen: set[str] = set()
    for form in manifest.forms:
        if form.instrument.whole and form.instrument.id not in seen:
            seen.add(form.instrument.id)
            yield form


def _limit(manifest: Manifest, form: BallotForm, limit: Limit) -> Text:
    question = form.instrument.questions[limit.question]
    option = question.options[limit.option]
    most = most_of(limit, members=manifest.rules.members)
    contest = manifest.contests[manifest.forms.index(form)]
    kinds = {manifest.subjects[number].kind for number in contest.subjects}
    kind = limit.kind or (next(iter(kinds)) if len(kinds) == 1 else None)
    zh, en = _MEASURES[kind]
    several, title = len(manifest.instruments) > 1, form.instrument.title
    where = Text(
        f"{f'《{title.zh}》' if several else ''}一张选票给“{option.text.zh}”的{zh[0]}",
        f"{f'“{title.en}”: on' if several else 'On'} one ballot “{option.text.en}” goes to ",
    )
    if limit.share:
        share, members = limit.share, manifest.rules.members
        return Text(
            f"{where.zh}不超过党员总数{members}人的{words.fraction(share)}，即{most}{zh[1]}"
            f"{_least(limit).zh}。",
            f"{where.en}at most {share[0]}/{share[1]} of all {members} members, that is {most} {en}"
            f"{_least(limit).en}.",
        )
    if limit.least == most:
        return Text(
            f"{where.zh}须恰好{most}{zh[1]}，多选、少选均无效。",
            f"{where.en}exactly {most} {en}; more or fewer spoil it.",
        )
    return Text(
        f"{where.zh}不超过{most}{zh[1]}{_least(limit).zh}。",
        f"{where.en}at most {most} {en}{_least(limit).en}.",
    )


_MEASURES: Final = {
    SubjectKind.PERSON: (("个人", "名"), "persons"),
    SubjectKind.ORGANISATION: (("组织", "个"), "organisations"),
    None: (("对象", "个"), "subjects"),
}


def _least(limit: Limit) -> Text:
    if not limit.least:
        return Text("，多选无效", "; more spoil it")
    return Text(
        f"，不少于{limit.least}，多选、少选均无效",
        f" and at least {limit.least}; more or fewer spoil it",
    )


def _ticked(question: Question) -> Text:
    if question.most is None:
        return Text(
            f"“{question.text.zh}”可以勾选任意多项。",
            f"“{question.text.en}”: any number of items may be ticked.",
        )
    return Text(
        f"“{question.text.zh}”最多勾选{question.most}项，多选的整张选票无效。",
        f"“{question.text.en}”: at most {question.most} items; more spoil the ballot.",
    )


def _floor(rules: Rules) -> Text:
    floor = rules.floor
    match rules.below_floor:
        case BelowFloor.WITHHOLD:
            return Text(
                f"票箱收回不足{floor}张，或有效票不足{floor}张的，不公布、不计入结果，以免推知个人选择。",
                f"A box with fewer than {floor} ballots, or fewer than {floor} valid ones, is "
                "neither published nor counted, so that no single choice can be told from it.",
            )
        case BelowFloor.MERGE:
            return Text(
                f"有票箱收回不足{floor}张的，与同一选票的其他票种合并开箱；合并后收回或有效票仍不足"
                f"{floor}张的，不公布、不计入结果，以免推知个人选择。",
                f"Where a box has fewer than {floor} ballots, the boxes of all classes are opened "
                f"together; if they still have fewer than {floor}, or fewer than {floor} valid "
                "ones, nothing is published or counted.",
            )


_EMPTY_CLASSES: Final = {
    EmptyClass.RENORMALISE: Text(
        "未公布或没有有效答案的票种，其权重由其他票种按比例分担。",
        "The weight of a class that is not published, or has no answers, is shared by the others "
        "in proportion.",
    ),
    EmptyClass.ZERO: Text(
        "未公布或没有有效答案的票种，其得分按零计，权重不变。",
        "A class that is not published, or has no answers, counts as zero at its own weight.",
    ),
}

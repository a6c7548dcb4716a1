"""The counting rules of a session in words, Chinese and English, as its manifest has them (§5).

Report, sheets, spreadsheets, office and board print the same sentences; a rule that does not apply
has none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

from appraisal.ballot_form import (
    Instrument,
    Option,
    Question,
    QuestionKind,
    SubjectKind,
    Text,
)
from appraisal.counting_rules import (
    TRIM_ABOVE,
    Denominator,
    Percentages,
    Publication,
)
from appraisal.documents import words
from appraisal.documents.conditions import recommending
from appraisal.documents.ranking import by_votes
from appraisal.documents.sentences import joined, listed, questions_of, sentence
from appraisal.documents.validity import validity
from appraisal.manifest import Comments, Manifest
from appraisal.tally.summary import Language

Line: TypeAlias = tuple[str, str]
"""A rule's name and its sentence."""

WEIGHTS: Final = Text("票种和权重", "Classes and weights")
POINTS: Final = Text("分值", "Points")
DENOMINATOR: Final = Text("分母", "Denominator")
SCORE: Final = Text("综合得分", "Combined score")
TRIM: Final = Text("去掉最高最低", "Trimmed mean")
PERCENTAGES: Final = Text("百分比和取舍", "Percentages and rounding")
COMMENTS: Final = Text("意见箱", "Comment box")
SELF: Final = Text("本人", "Self-appraisal")
PUBLICATION: Final = Text("公布范围", "Publication")


def rule_lines(manifest: Manifest, language: Language) -> list[Line]:
    """The rules of a session, each with its name and a sentence, in the order of counting."""
    return _said(_rules(manifest), language)


def condition_lines(manifest: Manifest, language: Language) -> list[Line]:
    """Of the rules those by which a subject is recommended."""
    return _said(recommending(manifest), language)


def dividing(manifest: Manifest, language: Language) -> str:
    """What scores and shares are divided by, and left out of; empty where there are none."""
    said = dict(rule_lines(manifest, language))
    names = [name.zh if language == "zh" else name.en for name in (DENOMINATOR, TRIM)]
    return (" " * (language == "en")).join(said[name] for name in names if name in said)


def rounding(manifest: Manifest, language: Language) -> str:
    """How the printed percentages and figures are rounded: the note below a table."""
    said = _rounding(manifest)
    return said.zh if language == "zh" else said.en


def _said(lines: Iterable[tuple[Text, Text]], language: Language) -> list[Line]:
    return [(name.zh, said.zh) if language == "zh" else (name.en, said.en) for name, said in lines]


def _rules(manifest: Manifest) -> Iterator[tuple[Text, Text]]:
    yield WEIGHTS, _weights(manifest)
    yield from _counting(manifest)
    yield from validity(manifest)
    yield from recommending(manifest)
    if any(subject.kind is SubjectKind.PERSON for subject in manifest.subjects):
        yield SELF, _SELF[manifest.rules.self_appraisal]
    if manifest.comments:
        yield COMMENTS, _comments(manifest.comments, manifest.rules.floor)
    yield PUBLICATION, _publication(manifest.rules.publication)


def _counting(manifest: Manifest) -> Iterator[tuple[Text, Text]]:
    rules = manifest.rules
    scaled = any(instrument.scaled for instrument in manifest.instruments)
    votes = by_votes(manifest)
    if scaled and not votes:
        yield POINTS, _points(manifest.instruments)
    if scaled:
        yield DENOMINATOR, _denominator(manifest)
    if scaled and not votes:
        yield SCORE, _score(manifest)
    if scaled and rules.trim and not votes:
        yield TRIM, _trim(rules.trim)
    exact = Text("计算过程使用分数，仅在列出时取舍。", "Nothing is rounded before it is printed.")
    yield PERCENTAGES, joined([_rounding(manifest), exact])


def _weights(manifest: Manifest) -> Text:
    classes = manifest.classes
    if len(classes) == 1:
        (one,) = classes
        return Text(
            f"只设{one.name.zh}一个票种，应到{one.entitled}人，印制选票凭证{one.slips}张，不加权。",
            f"One class only, {one.name.en}: {one.entitled} entitled, {one.slips} slips printed; "
            "no weights.",
        )
    each = listed(
        Text(
            f"{c.name.zh}应到{c.entitled}人，印制选票凭证{c.slips}张，权重{c.weight}%",
            f"{c.name.en}: {c.entitled} entitled, {c.slips} slips printed, weight {c.weight}%",
        )
        for c in classes
    )
    what = (
        Text("得票率", "Shares of votes")
        if by_votes(manifest)
        else Text("得分和正面、负面评价", "Scores and shares")
    )
    return Text(
        f"{each.zh}。{what.zh}先按票种分别计算，再按权重合成；票数只相加，不加权。",
        f"{each.en}. {what.en} are worked out class by class, then put together by weight; "
        "numbers of ballots are only added up.",
    )


def _points(instruments: Iterable[Instrument]) -> Text:
    return sentence(listed(dict.fromkeys(_points_of(q) for i in instruments for q in i.questions)))


def _points_of(question: Question) -> Text:
    match question.kind:
        case QuestionKind.GRADES:
            return Text(
                "、".join(f"“{o.text.zh}”{_worth(o).zh}" for o in question.options),
                ", ".join(f"“{o.text.en}” {_worth(o).en}" for o in question.options),
            )
        case QuestionKind.CHOICE:
            return Text("选中记100分，未选记0分", "chosen 100, not chosen 0")
        case QuestionKind.SCORE:
            bands = range(len(question.options))
            return Text(
                f"“{question.text.zh}”按所打分数记0—{question.highest}分，分数段为"
                + "、".join(words.option_range(question, band) for band in bands),
                f"“{question.text.en}” as many points as given, 0 to {question.highest}, told in "
                "bands from " + ", ".join(f"{o.at_least} “{o.text.en}”" for o in question.options),
            )
        case QuestionKind.TICKS:
            return Text("勾选题不计分", "items to tick give no points")


def _worth(option: Option) -> Text:
    if option.points is None:
        return Text("不计分值", "off the scale")
    return Text(f"{option.points}分", str(option.points))


_DENOMINATORS: Final = {
    Denominator.VALID: Text(
        "有效票数，弃权和不计分值的答案在分母之内",
        "the valid ballots, blanks and answers off the scale included",
    ),
    Denominator.RETURNED: Text(
        "收回票数，无效票、弃权和不计分值的答案在分母之内",
        "the ballots returned, spoilt ones, blanks and answers off the scale included",
    ),
    Denominator.PRESENT: Text(
        "发出票数（实到），不少于有效票数",
        "the slips issued (present), or the valid ballots if they are more",
    ),
    Denominator.ENTITLED: Text(
        "应到人数，不少于有效票数",
        "the number entitled, or the valid ballots if they are more",
    ),
}
_OF_CHOICES: Final = {
    Denominator.ANSWERS: Text("有效票数", "the valid ballots"),
    Denominator.VALID: Text("有效票数", "the valid ballots"),
    Denominator.RETURNED: Text("收回票数，无效票在分母之内", "the ballots returned"),
    Denominator.PRESENT: _DENOMINATORS[Denominator.PRESENT],
    Denominator.ENTITLED: _DENOMINATORS[Denominator.ENTITLED],
}


def _denominator(manifest: Manifest) -> Text:
    """What points, shares and votes are divided by, for the kinds of questions that are asked."""
    rule, kinds = manifest.rules.denominator, {q.kind for q in questions_of(manifest)}
    parts = []
    if kinds & {QuestionKind.GRADES, QuestionKind.SCORE}:
        said = _answers(manifest) if rule is Denominator.ANSWERS else _DENOMINATORS[rule]
        points = {QuestionKind.GRADES: "各等次分值", QuestionKind.SCORE: "所打分数"}
        worth = "或".join(name for kind, name in points.items() if kind in kinds)
        parts.append(
            Text(
                f"一题在一个票种的得分，以{worth}乘以票数，相加后除以{said.zh}；"
                "正面、负面评价的百分比用同一分母",
                "the score of a question in a class is points times ballots, summed and divided "
                f"by {said.en}; shares of positive and negative answers have the same denominator",
            )
        )
    if QuestionKind.CHOICE in kinds:
        said = _OF_CHOICES[rule]
        # Where votes alone are told, nothing is called a score.
        same = (
            Text("", "")
            if by_votes(manifest)
            else Text("，得分与得票率相同", "; its score is the same number")
        )
        parts.append(
            Text(
                f"推选的得票率为一个票种的得票数除以{said.zh}{same.zh}",
                "the share of votes of a choice is the votes in a class divided by "
                f"{said.en}{same.en}",
            )
        )
    return sentence(listed(parts))


def _answers(manifest: Manifest) -> Text:
    """The answers that are on the scale, and which are not."""
    off = dict.fromkeys(
        option.text
        for question in questions_of(manifest)
        if question.kind is QuestionKind.GRADES
        for option in question.options
        if option.points is None
    )
    if not off:
        return Text("有效答案数（弃权不算）", "the answers given, without blanks")
    zh, en = "".join(f"“{text.zh}”" for text in off), ", ".join(f"“{text.en}”" for text in off)
    return Text(
        f"有效答案数（{zh}和弃权不算）", f"the answers on the scale, neither {en} nor blanks"
    )


def _score(manifest: Manifest) -> Text:
    several = len(manifest.classes) > 1
    zh = ["一题的得分为各票种得分的加权平均"] if several else []
    en = ["a question's score is the weighted mean of its classes"] if several else []
    if any(len(instrument.questions) > 1 for instrument in manifest.instruments):
        zh.append("一张测评表的得分为各题得分的平均")
        en.append("a ballot form's is the mean of its questions")
    under = Counter(subject for contest in manifest.contests for subject in contest.subjects)
    if max(under.values()) > 1:
        zh.append("综合得分为各测评表得分的平均")
        en.append("the combined score is the mean of the ballot forms")
    else:
        zh.append("综合得分即测评表的得分")
        en.append("the combined score is that of the ballot form")
    said = "; ".join(en)
    return Text(
        f"{'；'.join(zh)}。没有得分的题不参加平均。",
        f"{said[0].upper()}{said[1:]}. Questions without a score are left out.",
    )


def _trim(trim: int) -> Text:
    more = max(TRIM_ABOVE, 2 * trim)
    return Text(
        f"一题在一个票种的有效答案多于{more}份时，去掉{trim}个最高分和{trim}个最低分，"
        "其余求平均；正面、负面评价和推选题不去。",
        f"Where more than {more} answers on the scale were given in a class, the {trim} highest "
        f"and the {trim} lowest are left out of the score; not of shares, nor of choices.",
    )


def _rounding(manifest: Manifest) -> Text:
    rules = manifest.rules
    places, step = rules.decimals, words.step(rules.decimals)
    kept = Text(
        f"保留{places}位小数" if places else "取整数",
        f"{places} decimals" if places else "no decimals",
    )
    way = {
        Percentages.LARGEST_REMAINDER: Text(
            f"按最大余数法取舍，合计100%，相同票数可能相差{step}",
            "rounded by largest remainder to 100% in all, so that equal numbers may differ by "
            f"{step}",
        ),
        Percentages.LAST_TAKES_REST: Text(
            "四舍五入，最后一个不为零的栏以100%减去其余各栏，使合计为100%",
            "rounded half up, the last that is not zero takes what is left to 100%",
        ),
    }[rules.percentages]
    kinds = {question.kind for question in questions_of(manifest)}
    parts = []
    # A choice is told as votes and their share by the rules, without a share of each answer.
    if kinds - {QuestionKind.TICKS, QuestionKind.CHOICE}:
        parts.append(
            Text(
                f"各选项和弃权的百分比以有效票为分母，{kept.zh}，{way.zh}",
                f"Shares of options and blanks are of the valid ballots, {kept.en}, {way.en}",
            )
        )
    if QuestionKind.TICKS in kinds:
        parts.append(
            Text(
                f"勾选题各项可以重复，百分比以有效票为分母，{kept.zh}，各自四舍五入",
                f"shares of items to tick are of the valid ballots, {kept.en}, each rounded half "
                "up for itself",
            )
        )
    parts.append(
        Text(f"其余数字{kept.zh}，四舍五入", f"all other figures have {kept.en}, rounded half up")
        if parts
        else Text(f"百分比{kept.zh}，四舍五入", f"shares have {kept.en}, rounded half up")
    )
    return sentence(listed(parts))


_SELF: Final = {
    True: Text("参加投票的评议对象可以评本人。", "Subjects who vote may appraise themselves."),
    False: Text(
        "请参加投票的评议对象不评本人；选票不记名，是否做到无法核对。",
        "Subjects who vote are asked not to appraise themselves; ballots are anonymous, so nobody "
        "can check it.",
    ),
}


_PUBLISHED: Final = {
    Publication.PUBLIC: Text(
        "结果、逐张开箱内容和评议记录在公示板上向所有人公布",
        "Results, openings and record are published to everyone on the board",
    ),
    Publication.ON_THE_SPOT: Text(
        "结果、逐张开箱内容和评议记录当场向在场人员公布",
        "Results, openings and record are told on the spot to those present",
    ),
    Publication.BRANCH: Text(
        "结果、逐张开箱内容和评议记录在本组织范围内公布",
        "Results, openings and record are told within the organisation",
    ),
    Publication.SUBJECT: Text(
        "结果由党组织掌握，只向各评议对象反馈本人的结果",
        "Results stay with the organisation; each subject is told its own alone",
    ),
}


def _publication(publication: Publication) -> Text:
    who = _PUBLISHED[publication]
    return Text(
        f"{who.zh}；公示板上的密封选票始终公开。",
        f"{who.en}; the sealed ballots on the board are always public.",
    )


def _comments(comments: Comments, floor: int) -> Text:
    readers = "、".join(comments.readers)
    return Text(
        f"每张凭证另有一张意见票，留空也投；不足{floor}张不开箱。意见打乱次序，只给{readers}看，"
        "不上公示板，不进评议记录，与选票一同销毁。",
        f"Each slip has a comment ballot too, cast even if empty; fewer than {floor} are not "
        f"opened. Comments are shuffled and shown to {', '.join(comments.readers)} alone; they are "
        "on no board and in no record, and are destroyed with the ballots.",
    )

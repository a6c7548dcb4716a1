"""The counting rules of a session in words, Chinese and English, as its manifest has them (§5).

Report, sheets, spreadsheets, office and board print the same sentences; a rule that does not apply
has none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

from appraisal.ballot_form import (
    BallotForm,
    Instrument,
    Limit,
    Option,
    Question,
    QuestionKind,
    SubjectKind,
    Text,
    most_of,
)
from appraisal.counting_rules import (
    TRIM_ABOVE,
    BelowFloor,
    Denominator,
    EmptyBallot,
    EmptyClass,
    Percentages,
    Publication,
    Rules,
    Threshold,
    Ties,
)
from appraisal.documents import words
from appraisal.manifest import Comments, Manifest
from appraisal.tally.summary import Language

Line: TypeAlias = tuple[str, str]
"""A rule's name and its sentence."""

MANY: Final = 6
"""So many sets of options are listed one by one; more are left to the ballot forms."""

WEIGHTS: Final = Text("票种和权重", "Classes and weights")
POINTS: Final = Text("分值", "Points")
DENOMINATOR: Final = Text("得分和分母", "Scores and denominator")
SCORE: Final = Text("综合得分", "Combined score")
TRIM: Final = Text("去掉最高最低", "Trimmed mean")
PERCENTAGES: Final = Text("百分比和取舍", "Percentages and rounding")
EMPTY_BALLOT: Final = Text("空白票和弃权", "Empty ballots, blanks")
LIMITS: Final = Text("名额限制", "Limits on a ballot")
TICKS: Final = Text("勾选项数", "Items to tick")
SPOILT: Final = Text("无效票", "Spoilt ballots")
OVERFULL: Final = Text("作废", "Void")
FLOOR: Final = Text("公布下限", "Floor")
EMPTY_CLASS: Final = Text("空票种", "Empty class")
QUORUM: Final = Text("参评人数", "Quorum")
TURNOUT: Final = Text("收回率", "Turnout")
POSITIVE: Final = Text("正面评价", "Positive answers")
NEGATIVE: Final = Text("负面警示", "Red flag")
PERSONS: Final = Text("个人名额", "Quota of persons")
ORGANISATIONS: Final = Text("组织名额", "Quota of organisations")
TIES: Final = Text("同分", "Ties")
COMMENTS: Final = Text("意见箱", "Comment box")
SELF: Final = Text("本人", "Self-appraisal")
PUBLICATION: Final = Text("公布范围", "Publication")


def rule_lines(manifest: Manifest, language: Language) -> list[Line]:
    """The rules of a session, each with its name and a sentence, in the order of counting."""
    return _said(_rules(manifest), language)


def condition_lines(manifest: Manifest, language: Language) -> list[Line]:
    """Of the rules those by which a subject is recommended."""
    return _said(_recommending(manifest), language)


def rounding(manifest: Manifest, language: Language) -> str:
    """How the printed percentages and figures are rounded: the note below a table."""
    said = _rounding(manifest)
    return said.zh if language == "zh" else said.en


def _said(lines: Iterable[tuple[Text, Text]], language: Language) -> list[Line]:
    return [(name.zh, said.zh) if language == "zh" else (name.en, said.en) for name, said in lines]


def _rules(manifest: Manifest) -> Iterator[tuple[Text, Text]]:
    yield WEIGHTS, _weights(manifest)
    yield from _counting(manifest)
    yield from _validity(manifest)
    yield from _recommending(manifest)
    if any(subject.kind is SubjectKind.PERSON for subject in manifest.subjects):
        yield SELF, _SELF[manifest.rules.self_appraisal]
    if manifest.comments:
        yield COMMENTS, _comments(manifest.comments, manifest.rules.floor)
    yield PUBLICATION, _publication(manifest.rules.publication)


def _counting(manifest: Manifest) -> Iterator[tuple[Text, Text]]:
    rules = manifest.rules
    scaled = any(instrument.scaled for instrument in manifest.instruments)
    if scaled:
        yield POINTS, _points(manifest.instruments)
        yield DENOMINATOR, _denominator(manifest)
        yield SCORE, _score(manifest)
    if scaled and rules.trim:
        yield TRIM, _trim(rules.trim)
    exact = Text("计算过程使用分数，仅在列出时取舍。", "Nothing is rounded before it is printed.")
    yield PERCENTAGES, _joined([_rounding(manifest), exact])


def _validity(manifest: Manifest) -> Iterator[tuple[Text, Text]]:
    rules = manifest.rules
    yield EMPTY_BALLOT, _EMPTY_BALLOTS[rules.empty_ballot]
    limits = [
        _limit(manifest, form, limit)
        for form in _distinct(manifest)
        for limit in form.instrument.limits
    ]
    if limits:
        yield LIMITS, _joined(limits)
    ticks = [
        _ticked(question)
        for instrument in manifest.instruments
        for question in instrument.questions
        if question.kind is QuestionKind.TICKS
    ]
    if ticks:
        yield TICKS, _joined(dict.fromkeys(ticks))
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


def _recommending(manifest: Manifest) -> Iterator[tuple[Text, Text]]:
    rules = manifest.rules
    kinds = {subject.kind for subject in manifest.subjects}
    if rules.quorum:
        limit = _threshold(rules.quorum)
        yield (
            QUORUM,
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
    if SubjectKind.PERSON in kinds:
        yield PERSONS, _quota_of_persons(rules)
    if SubjectKind.ORGANISATION in kinds:
        yield ORGANISATIONS, _quota_of_organisations(rules)
    if any(words.quota_of(rules, kind) for kind in kinds):
        yield TIES, _TIES[rules.ties]


def _shares(manifest: Manifest) -> Iterator[tuple[Text, Text]]:
    """The thresholds of positive and negative answers, where a question has such options."""
    rules = manifest.rules
    if rules.positive and any(q.scaled for q in _questions(manifest)):
        limit = _threshold(rules.positive)
        sides = _sides(manifest, positive=True)
        yield (
            POSITIVE,
            Text(
                f"每题的正面评价（{sides.zh}）按权重合成后须{limit.zh}，否则不予推荐。",
                f"Positive answers ({sides.en}) to every question, over all classes by weight, "
                f"must {limit.en}; otherwise the subject is not recommended.",
            ),
        )
    if rules.negative and any(o.negative for q in _questions(manifest) for o in q.options):
        limit, sides = _threshold(rules.negative), _sides(manifest, positive=False)
        yield (
            NEGATIVE,
            Text(
                f"一题的负面评价（{sides.zh}）按权重合成后{limit.zh}的，列为警示；"
                "警示只作提示，不影响名次和推荐。",
                f"Where negative answers ({sides.en}) to a question, over all classes by weight, "
                f"{limit.en}, a red flag is told; it decides nothing.",
            ),
        )


def _weights(manifest: Manifest) -> Text:
    classes = manifest.classes
    if len(classes) == 1:
        (one,) = classes
        return Text(
            f"只设{one.name.zh}一个票种，应到{one.entitled}人，印制选票凭证{one.slips}张，不加权。",
            f"One class only, {one.name.en}: {one.entitled} entitled, {one.slips} slips printed; "
            "no weights.",
        )
    each = _listed(
        Text(
            f"{c.name.zh}应到{c.entitled}人，印制选票凭证{c.slips}张，权重{c.weight}%",
            f"{c.name.en}: {c.entitled} entitled, {c.slips} slips printed, weight {c.weight}%",
        )
        for c in classes
    )
    return Text(
        f"{each.zh}。得分和正面、负面评价先按票种分别计算，再按权重合成；票数只相加，不加权。",
        f"{each.en}. Scores and shares are worked out class by class, then put together by "
        "weight; numbers of ballots are only added up.",
    )


def _points(instruments: Iterable[Instrument]) -> Text:
    return _sentence(
        _listed(dict.fromkeys(_points_of(q) for i in instruments for q in i.questions))
    )


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
    Denominator.ANSWERS: Text(
        "有效答案数（“不了解”和弃权不算）",
        "the answers on the scale, neither “I do not know” nor blanks",
    ),
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
    rule, kinds = manifest.rules.denominator, {q.kind for q in _questions(manifest)}
    parts = []
    if kinds & {QuestionKind.GRADES, QuestionKind.SCORE}:
        said = _DENOMINATORS[rule]
        parts.append(
            Text(
                "一题在一个票种的得分，以各等次分值（或所打分数）乘以票数，相加后除以"
                f"{said.zh}；正面、负面评价的百分比用同一分母",
                "the score of a question in a class is points times ballots, summed and divided "
                f"by {said.en}; shares of positive and negative answers have the same denominator",
            )
        )
    if QuestionKind.CHOICE in kinds:
        said = _OF_CHOICES[rule]
        parts.append(
            Text(
                f"推选的得票率为一个票种的得票数除以{said.zh}，得分与得票率相同",
                f"the share of votes of a choice is votes in a class by {said.en}, and its score "
                "is the same number",
            )
        )
    return _sentence(_listed(parts))


def _score(manifest: Manifest) -> Text:
    several = len(manifest.classes) > 1
    zh = ["一题的得分为各票种得分的加权平均"] if several else []
    en = ["a question's score is the weighted mean of its classes"] if several else []
    if any(len(instrument.questions) > 1 for instrument in manifest.instruments):
        zh.append("一张测评表的得分为各题得分的平均")
        en.append("a ballot form's is the mean of its questions")
    if len(manifest.instruments) > 1:
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
    kinds = {question.kind for question in _questions(manifest)}
    parts = []
    if kinds != {QuestionKind.TICKS}:
        parts.append(
            Text(
                f"各选项和弃权（未选）的百分比以有效票为分母，{kept.zh}，{way.zh}",
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
    )
    return _sentence(_listed(parts))


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


def _questions(manifest: Manifest) -> Iterator[Question]:
    for instrument in manifest.instruments:
        yield from instrument.questions


def _sides(manifest: Manifest, *, positive: bool) -> Text:
    """The options that count as positive, or negative; each set once."""
    sets = dict.fromkeys(
        tuple(o for o in question.options if (o.positive if positive else o.negative))
        for question in _questions(manifest)
    )
    sets.pop((), None)
    if len(sets) > MANY:
        return Text("见测评表", "see the ballot forms")
    return Text(
        "；".join(words.quoted(options) for options in sets),
        "; ".join(", ".join(f"“{o.text.en}”" for o in options) for options in sets),
    )


def _quota_of_persons(rules: Rules) -> Text:
    if not rules.quota:
        return Text(
            "符合条件的个人按综合得分由高到低排名，不设推荐名额。",
            "Persons that meet the rules are ranked by score; there is no quota to recommend.",
        )
    award = Text(f"为“{rules.award}”人选", f" for “{rules.award}”") if rules.award else Text("", "")
    return Text(
        f"符合条件的个人按综合得分由高到低排名，推荐前{rules.quota}名{award.zh}。",
        f"Persons that meet the rules are ranked by score; the first {rules.quota} are "
        f"recommended{award.en}.",
    )


def _quota_of_organisations(rules: Rules) -> Text:
    quota = rules.quota_organisations
    if quota is None:
        return Text(
            "组织只列明是否符合条件，不排名次。",
            "Organisations either meet the rules or do not; they are not ranked.",
        )
    if not quota:
        return Text(
            "符合条件的组织另行按综合得分由高到低排名，不设推荐名额。",
            "Organisations that meet the rules are ranked among themselves; there is no quota.",
        )
    return Text(
        f"符合条件的组织另行按综合得分由高到低排名，推荐前{quota}个。",
        f"Organisations that meet the rules are ranked among themselves; the first {quota} are "
        "recommended.",
    )


_TIES: Final = {
    rule: Text(
        f"得分相同的名次并列（1、2、2、4）；{said.zh}。",
        f"Equal scores share a rank (1-2-2-4); {said.en}.",
    )
    for rule, said in {
        Ties.OPEN: Text(
            "名额线两侧同分的列为并列待研究，由党组织研究确定",
            "those on both sides of the quota are left to the organs",
        ),
        Ties.ALL: Text(
            "名额线两侧同分的全部推荐",
            "those on both sides of the quota are all recommended",
        ),
        Ties.NONE: Text(
            "名额线两侧同分的均不推荐",
            "of those on both sides of the quota none is recommended",
        ),
    }.items()
}
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


def _listed(parts: Iterable[Text]) -> Text:
    found = list(parts)
    return Text("；".join(part.zh for part in found), "; ".join(part.en for part in found))


def _joined(sentences: Iterable[Text]) -> Text:
    found = list(sentences)
    return Text("".join(one.zh for one in found), " ".join(one.en for one in found))


def _sentence(text: Text) -> Text:
    return Text(f"{text.zh}。", f"{text.en[:1].upper()}{text.en[1:]}.")

"""The counting rules as a secretary chooses them, and as the draft keeps them (protocol §5)."""

from __future__ import annotations

from typing import Any, Final

from flask_babel import gettext
from wtforms import RadioField, SelectField
from wtforms.validators import InputRequired, Length, ValidationError

from appraisal.ballot_form import MAX_SUBJECTS
from appraisal.counting_rules import (
    MAX_MEMBERS,
    MAX_TRIM,
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
from appraisal.steps.draft import USUAL_RULES
from appraisal.web.office.fields import Between, Line, WholeNumber, options
from appraisal.web.office.language import lazy

THRESHOLDS: Final = (
    None,
    *(
        Threshold(share, over=over)
        for share, over in (
            ((1, 3), False),
            ((1, 2), False),
            ((1, 2), True),
            ((3, 5), False),
            ((2, 3), False),
            ((2, 3), True),
            ((3, 4), False),
            ((4, 5), False),
            ((4, 5), True),
            ((17, 20), False),
            ((1, 1), False),
        )
    ),
)
"""What the office offers for a share that is to be reached; None: no such rule."""
FOLDED: Final = (
    "negative",
    "denominator",
    "empty_ballot",
    "trim",
    "empty_class",
    "below_floor",
    "ties",
    "quota_organisations",
    "self_appraisal",
    "percentages",
    "decimals",
)
"""The rules that stand folded under 更多规则."""


class RuleFields:
    """The rules in the session form."""

    award = Line(
        lazy("拟推荐的荣誉"),
        validators=[Length(max=200, message=lazy("荣誉名称最多 200 个字。"))],
    )
    quota = WholeNumber(
        lazy("推荐名额（人）"),
        validators=[
            InputRequired(lazy("请填写推荐名额；不推荐个人填 0。")),
            Between(0, MAX_SUBJECTS, lazy("名额请填写 0 到 2000。")),
        ],
    )
    quota_organisations = WholeNumber(
        lazy("组织的推荐名额（个）"),
        validators=[Between(0, MAX_SUBJECTS, lazy("名额请填写 0 到 2000。"))],
    )
    members = WholeNumber(
        lazy("党员总数（人）"),
        validators=[Between(0, MAX_MEMBERS, lazy("党员总数请填写 1 以上的整数。"))],
    )
    floor = WholeNumber(
        lazy("公开下限（票）"),
        validators=[
            InputRequired(lazy("请填写公开下限。")),
            Between(2, 1000, lazy("公开下限请填写 2 到 1000。")),
        ],
    )
    below_floor = RadioField(
        lazy("不足下限的票箱"),
        choices=options(
            ("withhold", lazy("不开箱，结果中写明“不足下限，不公开”")),
            ("merge", lazy("与同一对象的其他票种合并开箱，合并后仍不足则不开箱")),
        ),
    )
    attendance = SelectField(lazy("到会要求"), choices=[])
    turnout = SelectField(lazy("收回率要求"), choices=[])
    positive = SelectField(lazy("正面评价要求"), choices=[])
    negative = SelectField(lazy("负面评价警示线"), choices=[])
    publication = RadioField(
        lazy("结果告诉谁"),
        choices=options(
            ("public", lazy("公开：公示板上人人可看")),
            ("on-the-spot", lazy("现场：投影页上放二维码，到场的人可看")),
            ("branch", lazy("本组织：得到一个结果链接，由您发给本组织的人")),
            ("subject", lazy("只反馈本人：由您把反馈单分别交给各人")),
        ),
    )
    denominator = RadioField(
        lazy("得分和正面、负面的比例除以什么数（分母）"),
        choices=options(
            ("answers", lazy("有效答案：选了等次的票，不算弃权和“不了解”")),
            ("valid", lazy("有效票：弃权和“不了解”也算在内")),
            ("returned", lazy("收回的票：无效票也算在内")),
            ("present", lazy("实到人数：发出的票，没有投的也算在内")),
            ("entitled", lazy("应到人数：没有到会的也算在内")),
        ),
    )
    empty_ballot = RadioField(
        lazy("整张票一项也没填"),
        choices=options(
            ("valid", lazy("是有效票，各题记为弃权")),
            ("spoilt", lazy("是无效票")),
        ),
    )
    trim = WholeNumber(
        lazy("每题去掉最高、最低各几个答案"),
        validators=[
            InputRequired(lazy("请填写去掉几个答案；不去掉填 0。")),
            Between(0, MAX_TRIM, lazy("去掉的答案请填写 0 到 10。")),
        ],
    )
    empty_class = RadioField(
        lazy("没有有效答案的票种"),
        choices=options(
            ("renormalise", lazy("权重按比例分给其他票种")),
            ("zero", lazy("按零分计")),
        ),
    )
    ties = RadioField(
        lazy("最后一个名额有几人同分"),
        choices=options(
            ("open", lazy("列为“并列待研究”，由组织决定")),
            ("all", lazy("都推荐，可以超出名额")),
            ("none", lazy("都不推荐，名额可以空着")),
        ),
    )
    self_appraisal = RadioField(
        lazy("评议对象自己也投票的"),
        choices=options(
            ("no", lazy("请他不评自己，那一栏空着（票是无记名的，查不出来，全靠自觉）")),
            ("yes", lazy("可以评自己")),
        ),
    )
    percentages = RadioField(
        lazy("百分比怎样凑成 100%"),
        choices=options(
            ("largest-remainder", lazy("最大余数法：舍去最多的先进一位")),
            ("last-takes-rest", lazy("各自四舍五入，差数记在最后一栏")),
        ),
    )
    decimals = WholeNumber(
        lazy("保留几位小数"),
        validators=[
            InputRequired(lazy("请填写保留几位小数。")),
            Between(0, 6, lazy("小数位数请填写 0 到 6。")),
        ],
    )

    def validate_trim(self, field: WholeNumber) -> None:
        """Extremes are left out of answers only."""
        if field.data and self.denominator.data != Denominator.ANSWERS.value:
            raise ValidationError(
                str(lazy("去掉最高、最低，只能在分母是“有效答案”时用；请填 0，或改分母。"))
            )


def offer_thresholds(form: Any, rules: Rules) -> None:
    """The shares to choose from; what a draft has otherwise is offered too."""
    for field, chosen in _thresholds(form, rules):
        offered = list(THRESHOLDS)
        if chosen not in offered:
            offered.append(chosen)
        field.choices = options(*((_code(t), threshold_words(t)) for t in offered))


def rules_data(rules: Rules) -> dict[str, object]:
    """What the form shows of the rules."""
    return {
        "award": rules.award,
        "quota": rules.quota,
        "quota_organisations": rules.quota_organisations,
        "members": rules.members or None,
        "floor": rules.floor,
        "below_floor": rules.below_floor.value,
        "attendance": _code(rules.attendance),
        "turnout": _code(rules.turnout),
        "positive": _code(rules.positive),
        "negative": _code(rules.negative),
        "publication": rules.publication.value,
        "denominator": rules.denominator.value,
        "empty_ballot": rules.empty_ballot.value,
        "trim": rules.trim,
        "empty_class": rules.empty_class.value,
        "ties": rules.ties.value,
        "self_appraisal": "yes" if rules.self_appraisal else "no",
        "percentages": rules.percentages.value,
        "decimals": rules.decimals,
    }


def rules_of(form: Any) -> Rules:
    """The rules of a form whose fields are each valid."""
    return Rules(
        floor=form.floor.number,
        below_floor=BelowFloor(form.below_floor.data),
        empty_class=EmptyClass(form.empty_class.data),
        empty_ballot=EmptyBallot(form.empty_ballot.data),
        denominator=Denominator(form.denominator.data),
        percentages=Percentages(form.percentages.data),
        decimals=form.decimals.number,
        trim=form.trim.number,
        attendance=_threshold(form.attendance.data),
        turnout=_threshold(form.turnout.data),
        positive=_threshold(form.positive.data),
        negative=_threshold(form.negative.data),
        quota=form.quota.number,
        quota_organisations=form.quota_organisations.data,
        ties=Ties(form.ties.data),
        members=form.members.data or 0,
        self_appraisal=form.self_appraisal.data == "yes",
        publication=Publication(form.publication.data),
        award=form.award.text,
    )


def unusual(rules: Rules) -> int:
    """How many of the folded rules are others than usual."""
    return sum(getattr(rules, name) != getattr(USUAL_RULES, name) for name in FOLDED)


def threshold_words(threshold: Threshold | None) -> str:
    """A share that is to be reached, in words."""
    if threshold is None:
        return gettext("不作要求")
    top, bottom = threshold.share
    if top == bottom:
        return gettext("全部")
    share = f"{top}/{bottom}" if bottom < 10 else f"{100 * top / bottom:g}%"
    if threshold.over:
        return gettext("超过 %(share)s", share=share)
    return gettext("不少于 %(share)s", share=share)


def _thresholds(form: Any, rules: Rules) -> list[tuple[SelectField, Threshold | None]]:
    return [
        (form.attendance, rules.attendance),
        (form.turnout, rules.turnout),
        (form.positive, rules.positive),
        (form.negative, rules.negative),
    ]


def follow(form: Any, *, before: Threshold | None, after: Threshold | None) -> None:
    """Let the positive share follow the ballot forms, unless somebody set another than usual."""
    if form.positive.data == _code(before):
        form.positive.data = _code(after)


def _code(threshold: Threshold | None) -> str:
    """How a choice is sent: nothing, ``1/2``, ``>1/2``."""
    if threshold is None:
        return ""
    top, bottom = threshold.share
    return f"{'>' if threshold.over else ''}{top}/{bottom}"


def _threshold(code: str) -> Threshold | None:
    if not code:
        return None
    top, _, bottom = code.removeprefix(">").partition("/")
    return Threshold((int(top), int(bottom)), over=code.startswith(">"))

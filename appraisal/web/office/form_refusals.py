"""What is wrong with the ballot forms of a draft, in sentences that say what to do."""

from __future__ import annotations

from flask_babel import gettext

from appraisal.errors import StepError


def form_refusal(error: StepError) -> str:  # noqa: C901, PLR0911 - one arm a code
    """Why a draft's ballot forms cannot be used, and what to do; nothing for another refusal."""
    values: dict[str, str | int] = dict(error.values)
    match error.code:
        case "forms-missing":
            return gettext("还没有测评表：请至少加一张。")
        case "form-changed":
            return gettext(
                "测评表“%(form)s”的名额限制后来改过了。请打开本页核对名额，再保存一次。", **values
            )
        case "form-asks-nobody":
            return gettext("“%(form)s”评议的对象一个也没有：请改“评议谁”，或删除这张表。", **values)
        case "form-twice":
            return gettext("测评表“%(form)s”选了两次，请删除一张。", **values)
        case "subject-without-form":
            return gettext(
                "没有一张测评表评议“%(name)s”：请改测评表的“评议谁”，或再加一张。", **values
            )
        case "members-missing":
            return gettext("“%(form)s”的名额按党员总数的比例定，请填写党员总数。", **values)
        case "limit-nobody":
            return gettext(
                "“%(form)s”的名额算下来是 0 个，谁也不能选：请改名额，或核对党员总数。", **values
            )
        case "limit-impossible" if int(values["least"]) > int(values["subjects"]):
            return gettext(
                "“%(form)s”要至少选 %(least)s 个，可选的对象只有 %(subjects)s 个："
                "谁也填不出，请改名额。",
                **values,
            )
        case "limit-impossible":
            return gettext(
                "“%(form)s”要至少选 %(least)s 个，但至多只能选 %(most)s 个：谁也填不出，请改名额。",
                **values,
            )
        case "positive-nobody":
            return gettext(
                "“%(form)s”的“%(question)s”没有一个选项算正面评价，"
                "正面评价要求谁也达不到：请改测评表，或把要求改为“不作要求”。",
                **values,
            )
        case _:
            return _size_refusal(error) or _library_refusal(error)


def _size_refusal(error: StepError) -> str:
    values: dict[str, str | int] = dict(error.values)
    match error.code:
        case "contests-too-many":
            return gettext(
                "每人要填 %(contests)s 张票，太多了：最多 %(most)s 张。"
                "请减少评议对象、测评表或票种。",
                **values,
            )
        case "ballot-too-long":
            return gettext(
                "“%(form)s”一张票上要填 %(answers)s 处，太多了：最多 %(most)s 处。"
                "请减少评议对象，或减少题目。",
                **values,
            )
        case "cast-too-large":
            return gettext(
                "一个人的票加在一起太大，手机一次交不了。请减少评议对象、测评表或监票人，"
                "也可以分成几次评议。"
            )
        case "manifest-too-large":
            return gettext(
                "评议书太长：评议对象多，票种又多，或公开承诺太长。"
                "请减少票种、缩短承诺，也可以分成几次评议。"
            )
        case _:
            return ""


def _library_refusal(error: StepError) -> str:  # noqa: PLR0911 - one arm a code
    values: dict[str, str | int] = dict(error.values)
    match error.code:
        case "comments-unread":
            return gettext("意见箱还没有人看：请填写谁看意见，或不设意见箱。")
        case "no-comments":
            return gettext("这次评议没有设意见箱。")
        case "not-a-reader":
            return gettext("意见只给评议书里写明的人看。")
        case "instrument-shipped":
            return gettext("编号“%(id)s”是自带的测评表，请换一个编号。", **values)
        case "instruments-too-many":
            return gettext("本单位的测评表已有 %(most)s 张，请先删除不用的。", **values)
        case "instruments-too-large":
            return gettext("本单位的测评表加起来太大，请先删除不用的。")
        case "instrument-used":
            return gettext(
                "还有草稿用着这张测评表：%(names)s。请先在草稿里换一张，再删除。", **values
            )
        case _:
            return ""

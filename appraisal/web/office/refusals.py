"""Why a step was refused, in sentences that say what to do next."""

from __future__ import annotations

from flask_babel import gettext

from appraisal.errors import AppraisalError, ManifestError, StepError
from appraisal.web.office.form_refusals import form_refusal


def refusal_words(error: Exception) -> str:
    """Why a step was refused, in a sentence that says what to do."""
    match error:
        case StepError():
            return _step_words(error)
        case ManifestError():
            return gettext(
                "评议设置有矛盾，请修改后再定稿（英文细节：%(detail)s）。", detail=str(error)
            )
        case AppraisalError():
            return gettext("没有完成（英文细节：%(detail)s）。", detail=str(error))
        case _:
            return gettext("没有完成，出了意外的问题。请再试一次；仍不行请找管理员查看日志。")


def _step_words(error: StepError) -> str:  # noqa: C901, PLR0911, PLR0912 - one arm a code
    values: dict[str, str | int] = dict(error.values)
    match error.code:
        case "wrong-phase" | "changed-meanwhile" | "not-draft":
            return gettext("这个评议已经进到别的一步，请看下面现在的情况。")
        case "store-busy":
            return gettext(
                "投票已经停止，但数据库正被别处读取，封箱还没有完成。请过一会儿再封一次箱。"
            )
        case "title-missing":
            return gettext("还没有评议名称。")
        case "organisation-missing":
            return gettext("还没有组织单位。")
        case "sector-unknown":
            return gettext("请从七个领域里选一个。")
        case "period-wrong":
            return gettext("活动时段的日期不对。")
        case "instrument-unknown":
            return gettext("找不到这张测评表（%(instrument)s），可能已经删除。请换一张。", **values)
        case "subjects-missing":
            return gettext("还没有评议对象：请填写、粘贴或上传名单。")
        case "subjects-too-many":
            return gettext("评议对象太多，一次最多 %(most)s 个。", **values)
        case "subject-twice":
            return gettext("评议对象“%(name)s”写了两次。", **values)
        case "classes-missing":
            return gettext("还没有票种：至少要有一个，例如“党员”。")
        case "classes-too-many":
            return gettext("票种太多，一次最多 %(most)s 个。", **values)
        case "class-name-missing":
            return gettext("第 %(number)s 个票种没有名称。", **values)
        case "class-twice":
            return gettext("票种“%(name)s”写了两次。", **values)
        case "below-floor":
            return floor_words(
                str(values["class"]), slips=int(values["slips"]), floor=int(values["floor"])
            )
        case "weights":
            return gettext("各票种的权重合计是 %(sum)s%%，应为 100%%。", **values)
        case "range-wrong":
            return gettext("号从 1 开始，结束号不能小于起始号。")
        case "nothing-to-reprint":
            return gettext("第 %(first)s 号到第 %(last)s 号里没有可以作废的凭证。", **values)
        case "too-few-active":
            return gettext(
                "“%(class)s”只启用了 %(active)s 张，少于公开下限 %(floor)s 张，"
                "会看出是谁投的。请先再启用一些。",
                **values,
            )
        case "not-opened":
            return gettext("还没有结果：要先封箱、开箱。")
        case _:
            return form_refusal(error) or _teller_words(error)


def _teller_words(error: StepError) -> str:  # noqa: C901, PLR0911, PLR0912 - one arm a code
    values: dict[str, str | int] = dict(error.values)
    match error.code:
        case "tellers-too-many":
            return gettext("监票人太多，一次最多 %(most)s 位。", **values)
        case "teller-name-missing":
            return gettext("第 %(number)s 位监票人没有姓名。", **values)
        case "teller-twice":
            return gettext("监票人“%(name)s”写了两次。", **values)
        case "teller-appraised":
            return appraised_words(str(values["name"]))
        case "teller-unknown":
            return gettext("没有第 %(number)s 位监票人。", **values)
        case "tellers-missing":
            return gettext(
                "还有监票人没有交来开箱公钥：%(names)s。每位监票人核对过自己的钥匙卡，才能定稿。",
                **values,
            )
        case "quorum-wrong":
            return gettext(
                "开箱人数不对：共有 %(tellers)s 位监票人，却要 %(quorum)s 位才能开箱。", **values
            )
        case "quorum-missing":
            return gettext(
                "还不能开箱：要 %(need)s 位监票人各交自己的一份，现在交来 %(have)s 位。", **values
            )
        case "destroyed":
            return gettext("选票已经按期销毁，公示板、开箱内容和评议记录不再提供。")
        case "quorum-met":
            return gettext("已经有够数的监票人交来自己的一份，请开箱；不能再宣布无法开箱。")
        case "overfull":
            return gettext(
                "有票箱里的选票比领取的凭证还多。请点“开箱”：不会打开任何票箱，"
                "整次评议按规则作废，记录里写明原因。"
            )
        case "custodian":
            return gettext("这个评议由本服务代管开箱，没有监票人。")
        case "witnesses-too-many":
            return gettext("见证方太多，最多 %(most)s 个。", **values)
        case "witness-twice":
            return gettext("见证方“%(name)s”选了两次。", **values)
        case _:
            return _peer_words(error)


def _peer_words(error: StepError) -> str:  # noqa: C901, PLR0911 - one arm a code
    values: dict[str, str | int] = dict(error.values)
    match error.code:
        case "peer-link":
            return gettext(
                "这不是邀请链接：应是对方给的、以 https:// 开头、# 后面有一串字母和数字的一行。"
            )
        case "peer-unknown":
            return gettext("还没有登记“%(name)s”。请先用对方给的邀请链接登记。", **values)
        case "peer-needed":
            return gettext("有正在投票的评议，封箱时还要它声明领取了多少张。封箱以后才能移除。")
        case "peer-unreachable":
            return gettext("联系不上“%(name)s”。请确认对方的服务开着，再做一次这一步。", **values)
        case "peer-refused":
            return gettext(
                "“%(name)s”没有同意：%(reason)s。请与对方管理员联系。",
                name=values["name"],
                reason=_reason_words(error),
            )
        case "peer-wrong":
            return gettext(
                "“%(name)s”的答复不对，这一步没有做。请与对方管理员联系（英文细节：%(detail)s）。",
                **values,
            )
        case "signer-insecure":
            return gettext("“%(name)s”没有加密（https），投票人的请求会被别人看见。", **values)
        case "not-closing":
            return gettext("请先封箱。试过封箱、等不到签发方，才能声明无法封箱。")
        case "signers-answer":
            return gettext("各签发方都答复了，这次评议不用作废。请再点一次“封箱”。")
        case "signer-no-reprint":
            return gettext("有第二签发方的评议不能补印：每个票种只印一次，请多印一些备用。")
        case _:
            return _destruction_words(error)


def _reason_words(error: StepError) -> str:
    """Why a peer will not, by the codes of appraisal/peers/README.md."""
    said = {
        "secret-unknown": gettext("它不认得我们，邀请链接可能已经换过，请用新的链接重新登记"),
        "unknown-session": gettext("它没有登记过这次评议"),
        "manifest-missing": gettext("它还没有收到这次评议的评议书"),
        "manifest-standing": gettext("它手里是另一份评议书"),
        "manifest-wrong": gettext("它不接受这份评议书"),
        "printing-over": gettext("它那边投票已经开始，不能再加凭证"),
        "printing-wrong": gettext("它不接受这些凭证"),
        "not-printed": gettext("它还没有收到全部票种的凭证"),
        "not-open": gettext("它那边投票还没有开始"),
        "closed": gettext("它那边投票已经结束"),
        "key-standing": gettext("它为这个公示板记下的是另一把钥匙"),
        "busy": gettext("它正忙，过一会儿再做一次这一步"),
        "does-not-sign": gettext("它只做见证，不签发"),
        "other-history": gettext(
            "它已经为同一块公示板的另一份签过名，两份对不上；先查清楚哪一份是真的，再往下做"
        ),
    }
    detail = error.values.get("detail", "")
    other = gettext("英文细节：%(detail)s", detail=detail)
    return said.get(str(error.values.get("why", "")), other)


def _destruction_words(error: StepError) -> str:
    values: dict[str, str | int] = dict(error.values)
    match error.code:
        case "destruction-early":
            return gettext(
                "选票要保存到 %(until)s。提前销毁须写明原因，会印在销毁记录上。", **values
            )
        case "destruction-witnesses":
            return gettext("监销人须是两个不同的人，而且不是经办人。")
        case "destruction-undecided":
            return gettext("请填写由谁决定销毁，例如“支部委员会”。")
        case "destruction-busy":
            return gettext("数据库正被别处读取，销毁还没有完成。请过一会儿再点一次“销毁”。")
        case "not-destroyed":
            return gettext("选票还没有销毁，没有销毁记录。")
        case _:
            return gettext("这一步现在不能做（英文细节：%(detail)s）。", detail=str(error))


def floor_words(name: str, *, slips: int, floor: int) -> str:
    """Why a class is too small, and the three ways out."""
    return gettext(
        "“%(name)s”只有 %(slips)s 张选票凭证，少于公开下限 %(floor)s 张，"
        "个人的选择会被看出来。请加到 %(floor)s 张以上，或并入另一个票种，或降低公开下限。",
        name=name,
        slips=slips,
        floor=floor,
    )


def appraised_words(name: str) -> str:
    """Why somebody who is appraised is no teller, and what to do about two of one name."""
    return gettext(
        "“%(name)s”既是评议对象又是监票人：监票人不能是评议对象，请换一位。"
        "如果是同名的另一个人，请在监票人的姓名后面注明，例如“%(name)s（财务）”。",
        name=name,
    )

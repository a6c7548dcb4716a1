"""What the office says: phases, refusals, fractions and dates in the language of the page."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Final

from flask_babel import get_locale, gettext

from appraisal.ballot_form import Text
from appraisal.errors import AppraisalError, ManifestError, StepError
from appraisal.manifest import Period, VoterClass
from appraisal.steps.draft import ClassDraft
from appraisal.steps.signers import Enrolled
from appraisal.steps.tellers import TellerStatus
from appraisal.steps.witnesses import Cosigning, WitnessStatus
from appraisal.store.office import SETTLED, Phase
from appraisal.web.office import periods
from appraisal.web.office.form_refusals import form_refusal
from appraisal.web.office.language import lazy
from appraisal.web.office.subjects_import import ImportRefused, Problem

LANGUAGES: Final = ("zh", "en")

STAGES: Final = ("prepare", "print", "vote", "closed", "opening", "report")
STAGE_WORDS: Final[Mapping[str, object]] = {
    "prepare": lazy("准备"),
    "print": lazy("印票"),
    "vote": lazy("投票"),
    "closed": lazy("封箱"),
    "opening": lazy("开箱"),
    "report": lazy("报告"),
}
STAGE_OF: Final[Mapping[Phase, str]] = {
    Phase.DRAFT: "prepare",
    Phase.FROZEN: "print",
    Phase.PRINTED: "print",
    Phase.VOTING: "vote",
    Phase.CLOSED: "closed",
    Phase.OPENED: "report",
    Phase.VOID: "opening",
}
PHASE_WORDS: Final[Mapping[Phase, object]] = {
    Phase.DRAFT: lazy("准备中"),
    Phase.FROZEN: lazy("待印票"),
    Phase.PRINTED: lazy("待投票"),
    Phase.VOTING: lazy("投票中"),
    Phase.CLOSED: lazy("已封箱"),
    Phase.OPENED: lazy("已开箱"),
    Phase.VOID: lazy("无效"),
}
SECTOR_WORDS: Final[Mapping[str, str]] = {
    "农村": lazy("农村"),
    "街道社区": lazy("街道社区"),
    "国有企业和金融机构": lazy("国有企业和金融机构"),
    "机关": lazy("机关"),
    "高等学校": lazy("高等学校"),
    "事业单位": lazy("事业单位"),
    "非公有制经济组织和社会组织": lazy("非公有制经济组织和社会组织"),
}


def english() -> bool:
    """Whether the page is in English."""
    locale = get_locale()
    return locale is not None and locale.language == "en"


def texted(text: Text) -> str:
    """A text of the session in the language of the page."""
    return text.en if english() and text.en else text.zh


def date_words(date: datetime.date | datetime.datetime) -> str:
    """A date as the language writes it: 2010年4月7日, 7 April 2010."""
    if english():
        return f"{date.day} {date:%B} {date.year}"
    return f"{date.year}年{date.month}月{date.day}日"


def period_words(period: Period) -> str:
    """A period and its theme in a line."""
    known = next((o for o in periods.OFFERED if o.period == period), None)
    start = _iso(period.start)
    if period.end:
        said = gettext("%(start)s至%(end)s", start=start, end=_iso(period.end))
    elif known is not None:
        said = gettext("%(start)s至党的十八大召开前", start=start)
    else:
        said = gettext("%(start)s起", start=start)
    theme = texted(Text(period.theme, known.theme_en)) if known else period.theme
    return f"{said} · {theme}" if theme else said


def sector_words(sector: str) -> str:
    """A sector in the language of the page."""
    return str(SECTOR_WORDS.get(sector, sector))


def _iso(text: str) -> str:
    return date_words(datetime.date.fromisoformat(text)) if text else ""


def import_words(error: ImportRefused) -> str:
    """Why a file could not be read, and what to do."""
    other = gettext("这个文件打不开。请上传 .xlsx 或 CSV 文件。")
    return {
        "file-too-large": gettext("文件太大。名单文件不能超过 2 MB。"),
        "file-old-excel": gettext("这是旧版 Excel 文件（.xls）。请另存为 .xlsx 或 CSV 再上传。"),
        "file-pdf": gettext("这是 PDF 文件，读不出名单。请上传 .xlsx 或 CSV 文件，或粘贴名单。"),
        "file-encoding": gettext(
            "读不出这个文件里的文字。请另存为 .xlsx 或 UTF-8 编码的 CSV 再上传。"
        ),
        "file-empty": gettext("名单是空的：没有找到一个姓名。"),
        "too-many-rows": gettext("名单太长：一次评议最多 2000 个对象。"),
    }.get(error.code, other)


def problem_words(problem: Problem) -> str:
    """What is wrong with one row of a list."""
    values = problem.values
    if problem.code == "columns-unknown":
        return gettext("没有认出的列：%(columns)s。这些列没有导入。", **values)
    if problem.code == "columns-unnamed":
        return gettext("没有用到的列：第 %(columns)s 列。这些列没有导入。", **values)
    return gettext("第 %(row)s 行：", row=problem.row) + _row_words(problem, values)


def _row_words(problem: Problem, values: Mapping[str, str | int]) -> str:
    match problem.code:
        case "name-missing":
            said = gettext("没有姓名，未导入。")
        case "name-long":
            said = gettext("姓名超过 %(limit)s 个字，未导入。", **values)
        case "post-long":
            said = gettext("职务超过 %(limit)s 个字，未导入。", **values)
        case "commitment-long":
            said = gettext("公开承诺超过 %(limit)s 个字，未导入。", **values)
        case "kind-unknown":
            said = gettext("类型“%(kind)s”认不出来（应写“个人”或“组织”），未导入。", **values)
        case "unreadable-characters":
            said = gettext("有无法显示的字，未导入。请改正后再试。")
        case "duplicate" if not values["first"]:
            said = gettext("“%(name)s”已经在名单里，未重复导入。", **values)
        case "duplicate":
            said = gettext("“%(name)s”与第 %(first)s 行重复，未重复导入。", **values)
        case "same-name":
            said = gettext("有同名的“%(name)s”，已导入，请核对职务。", **values)
        case _:
            said = gettext("这一行读不出来，未导入。")
    return said


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


def _peer_words(error: StepError) -> str:  # noqa: PLR0911 - one arm a code
    values: dict[str, str | int] = dict(error.values)
    match error.code:
        case "peer-link":
            return gettext(
                "这不是邀请链接：应是对方给的、以 https:// 开头、# 后面有一串字母和数字的一行。"
            )
        case "peer-unknown":
            return gettext("还没有登记“%(name)s”。请先用对方给的邀请链接登记。", **values)
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


def teller_words(phase: Phase, teller: TellerStatus) -> str:
    """How far a teller is, in a word or two."""
    if phase in SETTLED:
        return gettext("已交 ✓") if teller.handed_in else gettext("还没有交")
    if teller.checked:
        return gettext("钥匙已核对 ✓")
    return gettext("链接已发，等核对钥匙") if teller.invited else gettext("未发链接")


def witness_words(witness: WitnessStatus) -> str:
    """Whether a witness has cosigned the board as it stands."""
    if witness.cosigning is Cosigning.COSIGNED:
        return gettext("已签名见证 ✓")
    return gettext("还没有为最新的公示板签名")


def witness_name(witness: WitnessStatus) -> str:
    """What the office calls a witness, and what its signature names it by."""
    if witness.enrolled in {"", witness.name}:
        return witness.name
    return gettext("%(name)s（%(key)s）", name=witness.enrolled, key=witness.name)


def peer_name(url: str, peers: Sequence[Enrolled]) -> str:
    """An enrolled peer by its name and address; of one that was removed the address is left."""
    known = next((peer for peer in peers if peer.url == url), None)
    if known is None:
        return gettext("%(url)s（已移除）", url=url)
    return gettext("%(name)s（%(key)s）", name=known.name, key=url)


def quorum_words(tellers: int, quorum: int | None) -> str:
    """What losing key cards means; nothing where no tellers open."""
    if not quorum or not 0 < quorum <= tellers:
        return ""
    spare = tellers - quorum
    if not spare:
        return gettext("%(tellers)s 人到齐才能开箱：丢 1 张卡，这次评议就作废。", tellers=tellers)
    return gettext(
        "%(tellers)s 人中 %(quorum)s 人即可开箱："
        "丢 %(spare)s 张卡不要紧，丢 %(fatal)s 张这次评议作废。",
        tellers=tellers,
        quorum=quorum,
        spare=spare,
        fatal=spare + 1,
    )


def forgotten_words(keys: int) -> str:
    """What became of keys that were checked before the tellers, or the quorum, were changed."""
    return gettext(
        "已保存。监票人或开箱人数改了，核对过的 %(keys)s 把钥匙作废，旧钥匙卡不能再用："
        "请还在名单原位的监票人用原来的链接重新做卡，给其余的另发链接。",
        keys=keys,
    )


def class_words(voter_class: VoterClass | ClassDraft) -> str:
    """The name of a class in the language of the page."""
    match voter_class:
        case VoterClass():
            return texted(voter_class.name)
        case ClassDraft():
            return texted(Text(voter_class.name_zh, voter_class.name_en))


JOB_WORDS: Final[Mapping[str, object]] = {
    "freeze": lazy("正在定稿，生成密钥"),
    "print": lazy("正在印制选票凭证"),
    "begin": lazy("正在开始投票"),
    "close": lazy("正在封箱"),
    "open": lazy("正在开箱计票"),
    "unopened": lazy("正在记下无法开箱"),
    "witness": lazy("正在请见证方签名"),
    "sheets": lazy("正在排版"),
}


def job_words(name: str) -> str:
    """What a long step is doing."""
    return str(JOB_WORDS[name])

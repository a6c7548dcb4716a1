"""What the office says: phases, tellers, witnesses and dates in the language of the page."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Final

from flask_babel import get_locale, gettext

from appraisal.ballot_form import Text
from appraisal.manifest import VoterClass
from appraisal.steps.draft import ClassDraft
from appraisal.steps.signers import Enrolled
from appraisal.steps.tellers import TellerStatus
from appraisal.steps.witnesses import Cosigning, WitnessStatus
from appraisal.store.office import SETTLED, Phase
from appraisal.web.office.language import lazy

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
    "unstated": lazy("正在记下无法封箱"),
    "witness": lazy("正在请见证方签名"),
    "sheets": lazy("正在排版"),
}


def job_words(name: str) -> str:
    """What a long step is doing."""
    return str(JOB_WORDS[name])

"""Whose record was verified and who had a part in it: the first lines of a report."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import KW_ONLY, dataclass
from typing import Literal, TypeAlias

from appraisal.encoding import b64encode
from appraisal.manifest import Manifest
from appraisal.tally.openings import VoidReason

Language: TypeAlias = Literal["zh", "en"]


@dataclass(frozen=True)
class Summary:
    """Whose record it is, and who had a part in it, as far as it could be read.

    `cosigned` has (witness number, seconds since 1970), `destroyed` the numbers of the signers
    whose turnout, with which they state that their token keys are destroyed, is on the board.
    `few_valid` has the ballots of each group that had enough to be opened, and is withheld: the
    more they are, the less likely it is that so few were valid.
    """

    manifest: Manifest
    _: KW_ONLY
    root: bytes
    ballots: int
    cosigned: tuple[tuple[int, int], ...]
    destroyed: tuple[int, ...]
    overfull: bool
    void: VoidReason | None
    few_valid: tuple[int, ...]


def summary_lines(s: Summary, language: Language) -> Iterator[str]:
    """The lines in one language; what a record's words hold is not yet made harmless."""

    def say(zh: str, en: str) -> str:
        return zh if language == "zh" else en

    m = s.manifest
    yield say(f"{m.title}（{m.organisation}）", f"{m.title} ({m.organisation})")
    yield say(f"评议 {m.session}", f"session      {m.session}")
    yield say(f"指纹 {m.fingerprint}", f"fingerprint  {m.fingerprint}")
    # Spelt as in the checkpoint and in the report, so that it can be compared by eye.
    yield say(f"公示板根 {b64encode(s.root)}", f"board root   {b64encode(s.root)}")
    yield say(f"选票 {s.ballots} 张", f"ballots      {s.ballots}")
    # The first is the service itself, which names itself in English whoever it is.
    signers = [say("评议系统", "registrar"), *(signer.name for signer in m.signers[1:])]
    yield say(f"签发方 {'、'.join(signers)}", f"signers      {', '.join(signers)}")
    destroyed = [signers[number] for number in s.destroyed]
    yield say(
        f"声明盲签名钥匙已销毁 {'、'.join(destroyed) or '无人'}",
        f"token keys stated destroyed by {', '.join(destroyed) or 'nobody'}",
    )
    if m.opening.custodian:
        yield say(
            "开箱 由系统代管，没有监票人：开箱之前，管理系统的人在技术上能看到票面",
            "opening      by the service as custodian, no tellers: before it, whoever runs the "
            "service could technically read ballots",
        )
    else:
        names, quorum = [teller.name for teller in m.opening.tellers], m.opening.quorum
        yield say(
            f"监票人 {'、'.join(names)}（{len(names)} 人中 {quorum} 人开箱）",
            f"tellers      {', '.join(names)} ({quorum} of {len(names)} open)",
        )
    if not m.witnesses:
        yield say("见证方 无", "witnesses    none")
    for number, seconds in s.cosigned:
        name, when = m.witnesses[number].name, _when(seconds)
        yield say(f"见证方 {name}，{when}", f"witness      {name}, {when}")
    if s.few_valid:
        yield say(
            f"开箱后因有效票不到公开下限而不公布的票箱 {len(s.few_valid)} 组，"
            f"有选票 {sum(s.few_valid)} 张：是否如此，记录无法证明",
            f"groups opened and withheld, since fewer of their ballots than the floor are valid: "
            f"{len(s.few_valid)}, with ballots: {sum(s.few_valid)}; "
            "that it is so no record can show",
        )
    if s.overfull:
        yield say(
            "收回多于领取，本次评议作废，没有开箱。",
            "A box holds more ballots than slips were drawn: void, nothing was opened.",
        )
    if s.void is VoidReason.UNOPENED:
        yield say(
            "监票人不足，无法开箱，本次评议作废。",
            "Too few tellers could open the boxes: void, nothing was opened.",
        )
    if s.void is VoidReason.UNSTATED:
        gone = [name for number, name in enumerate(signers) if number not in s.destroyed]
        yield say(
            f"没有{'、'.join(gone)}的封箱声明，无法封箱，本次评议作废，没有开箱。",
            f"{', '.join(gone)} did not state the turnout, so the boxes could not be closed: "
            "void, nothing was opened.",
        )


def _when(seconds: int) -> str:
    """A time in UTC; a record's number may be beyond any calendar."""
    try:
        return datetime.datetime.fromtimestamp(seconds, datetime.UTC).strftime("%Y-%m-%d %H:%M UTC")
    except (OverflowError, ValueError, OSError):
        return f"{seconds} s"

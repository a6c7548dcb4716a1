"""What the openings show: checks 10 and 12 of protocol §6."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from itertools import pairwise

from appraisal.ballot_form import BallotForm
from appraisal.ballots.ballot import Spoilt, fault_of
from appraisal.ballots.board import Opened
from appraisal.ballots.cast import CastBallot
from appraisal.manifest import Manifest
from appraisal.tally.board_checks import Entries
from appraisal.tally.disclosure import Group
from appraisal.tally.findings import Findings
from appraisal.tally.opening import (
    Plain,
    audited_ballots,
    false_factors,
    plain_ballots,
    sorted_plain,
)
from appraisal.tally.openings import OpenedBallot, OpenedGroup, Openings, VoidReason
from appraisal.tally.record import FACTORS, OPENINGS, Factors
from appraisal.tally.results import GroupStatus
from appraisal.tally.spread import Cores


def named(data: bytes, entries: Entries, found: Findings) -> None:
    """Check 10: entry *opened* names these openings."""
    digest = hashlib.sha256(data).digest()
    if [e.hash for e in entries if isinstance(e, Opened)] != [digest]:
        zh, en = "公示板所记的不是这份开箱结果", "the board does not name these openings"
        found.add(10, zh=zh, en=en, where=OPENINGS)


def fit(
    manifest: Manifest,
    formed: Sequence[Group],
    openings: Openings,
    found: Findings,
    *,
    overfull: bool,
    unstated: bool = False,
) -> bool:
    """Check 10: whether the groups are those of §5.1, none in a void session, each sound in itself.

    `formed` are the groups that follow from the ballots. `unstated`: whether a further signer
    stated no turnout; that is then the reason, whatever the boxes hold.
    """
    reason = openings.void
    sound = True
    if (reason is VoidReason.UNSTATED) != unstated:
        zh = "是否作废与各签发方的封箱声明不符"
        en = "void or not does not follow from the turnouts of the signers"
        found.add(10, zh=zh, en=en, where=OPENINGS)
        sound = False
    elif not unstated and (reason is VoidReason.OVERFULL) != overfull:
        zh, en = "是否作废与票箱中的票数不符", "void or not does not follow from the boxes"
        found.add(10, zh=zh, en=en, where=OPENINGS)
        sound = False
    if reason is VoidReason.UNOPENED and manifest.opening.custodian:
        zh, en = "代管的评议没有打不开的", "a custodian can always open"
        found.add(10, zh=zh, en=en, where=OPENINGS)
        sound = False
    wanted = formed if reason is None else ()
    if not _follow(openings.groups, wanted):
        zh = "开箱的分组与票箱中的票数、公开下限不符"
        en = "the groups do not follow from the ballots in the boxes and the floor"
        found.add(10, zh=zh, en=en, where=OPENINGS)
        return False
    for number, group in enumerate(openings.groups):
        for zh, en in _group_flaws(manifest, group):
            found.add(10, zh=zh, en=en, where=f"openings.groups[{number}]")
            sound = False
    return sound


def few_valid(manifest: Manifest, openings: Openings) -> tuple[int, ...]:
    """The ballots of each group that has enough of them to be opened, and is withheld."""
    return tuple(
        group.ballots
        for group in openings.groups
        if group.status is GroupStatus.WITHHELD and group.ballots >= manifest.rules.floor
    )


def reopen(
    manifest: Manifest,
    factors: Factors,
    ballots: Sequence[CastBallot],
    openings: Openings,
    found: Findings,
    *,
    cores: Cores,
) -> None:
    """Check 12: factors of exactly a quorum, each good or empty, give exactly these openings."""
    found.made(12)
    given = {one.teller: one.factors for one in factors.tellers}
    audited = audited_ballots(openings, ballots)
    if not _of_a_quorum(manifest, factors, openings, found):
        return
    for teller, of_teller in given.items():
        if len(of_teller) != len(audited):
            given_number, wanted = len(of_teller), len(audited)
            zh = f"第 {teller + 1} 位监票人有 {given_number} 个解密因子，应有 {wanted} 个"
            en = f"{given_number} factors of teller {teller + 1} for {wanted} ballots"
            found.add(12, zh=zh, en=en, where=FACTORS)
            return
    for teller, of_teller in given.items():
        bad = false_factors(manifest, audited, teller=teller, factors=of_teller, cores=cores)
        if bad:
            zh = f"第 {teller + 1} 位监票人有 {len(bad)} 个解密因子打不开选票"
            en = f"{len(bad)} factors of teller {teller + 1} do not open their ballots"
            found.add(12, zh=zh, en=en, where=FACTORS)
    plain = plain_ballots(manifest, audited, factors=given, cores=cores)
    contents: dict[int, list[Plain]] = {box: [] for g in openings.groups for box in g.boxes}
    for ballot, content in zip(audited, plain, strict=True):
        contents[ballot.box].append(content)
    for number, group in enumerate(openings.groups):
        if not group.auditable:
            continue
        again = sorted_plain(content for box in group.boxes for content in contents[box])
        if again != (group.opened, group.spoilt):
            zh, en = "重新开箱得到另一结果", "opening again gives other ballots"
            found.add(12, zh=zh, en=en, where=f"openings.groups[{number}]")


def _of_a_quorum(manifest: Manifest, factors: Factors, openings: Openings, found: Findings) -> bool:
    """Whether the factors are a quorum's, in order of teller; nobody's if the session is void."""
    numbers = [one.teller for one in factors.tellers]
    wanted = manifest.opening.quorum if openings.void is None else 0
    if len(numbers) != wanted:
        zh = f"解密因子是 {len(numbers)} 位监票人的，应是 {wanted} 位"
        en = f"factors of {len(numbers)} tellers where {wanted} belong"
    elif any(a >= b for a, b in pairwise(numbers)):
        zh, en = "监票人没有按次序排列", "tellers do not stand in order"
    elif numbers and numbers[-1] >= len(manifest.opening.tellers):
        zh, en = "没有这位监票人", "factors of a teller that there is not"
    else:
        return True
    found.add(12, zh=zh, en=en, where=FACTORS)
    return False


def _follow(groups: Sequence[OpenedGroup], formed: Sequence[Group]) -> bool:
    """Whether groups are those that §5.1 forms, and none is published that nobody may open.

    One that was opened may be withheld: that too few of its ballots are valid shows in no record.
    """
    return [(g.boxes, g.ballots) for g in groups] == [(g.boxes, g.ballots) for g in formed] and all(
        of.status is GroupStatus.OPENED or group.status is GroupStatus.WITHHELD
        for group, of in zip(groups, formed, strict=True)
    )


def _group_flaws(manifest: Manifest, group: OpenedGroup) -> list[tuple[str, str]]:
    """What is wrong with one group of the openings, in Chinese and English."""
    if group.status is GroupStatus.WITHHELD:
        if group.opened is None and group.spoilt is None:
            return []
        return [("未公布的票箱公布了内容", "a withheld group tells what its ballots are")]
    if group.opened is None or group.spoilt is None:
        return [("缺少开出的选票", "an opened group without its ballots")]
    return _opened_flaws(manifest, group, group.opened, group.spoilt)


def _opened_flaws(
    manifest: Manifest,
    group: OpenedGroup,
    opened: Sequence[OpenedBallot],
    spoilt: Sequence[Spoilt],
) -> list[tuple[str, str]]:
    flaws = []
    if len(opened) < manifest.rules.floor:
        flaws.append(("有效票不到公开下限", "fewer valid ballots than the floor are published"))
    if len(opened) + len(spoilt) != group.ballots:
        flaws.append(("有效加无效不等于收回", "opened and spoilt ballots are not all the ballots"))
    if any(a.value > b.value for a, b in pairwise(spoilt)):
        flaws.append(("无效票没有按原因排列", "spoilt ballots are not sorted by reason"))
    if any(a >= b for a, b in pairwise(opened)):
        flaws.append(("选票没有按核对号排列", "ballots are not sorted by tracker"))
    if any(a.tracker == b.tracker for a, b in pairwise(opened)):
        flaws.append(("同一核对号出现两次", "a tracker stands twice"))
    form = manifest.form_of(group.boxes[0])
    if any(not _fits(ballot, form) for ballot in opened):
        flaws.append(("有选票与题目不符", "a ballot does not fit the questions"))
    return flaws


def _fits(ballot: OpenedBallot, form: BallotForm) -> bool:
    return len(ballot.answers) == form.size and fault_of(ballot.answers, form) is None

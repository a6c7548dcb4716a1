"""The verifier: recounts a session from its record alone, with numbered checks (protocol §6).

1.  every file decodes and re-encodes to the same bytes; the files are exactly those of the kind
2.  entry 0 names this manifest
3.  entries stand in the order of §4.8, ballots strictly ascending by leaf hash
4.  the checkpoint's size and root are those of the entries; the manifest's board key signed it
5.  slips: no hash twice; with each signer drawn and void are disjoint and printed with it; the
    first printing of a class has as many as the manifest says, none is empty; a further signer has
    one printing a class and nothing void, and its statements verify
6.  every ballot: its box exists, its length is right, no ballot key twice in a box
7.  every token verifies
8.  every ballot signature verifies
9.  in every box ballots ≤ drawn ≤ issued ≤ printed, and ballots ≤ drawn with every further signer
10. entry *opened* names these openings; groups follow from §5.1; ballots of a group = opened +
    spoilt; no tracker twice in a group; answers fit the questions
11. results follow from manifest, slips and openings, byte for byte
12. (audit) the keys are the tellers'; opening every sealed ballot again, save those of groups that
    were never opened, gives exactly these openings

Nothing stops at the first finding where the rest can still be checked. It stands on `ballots` and
`tally` alone; no line of it is shared with the service's web pages or databases.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TypeVar

from appraisal.ballots import board
from appraisal.ballots.ballot import Spoilt
from appraisal.ballots.board import Opened
from appraisal.ballots.cast import CastBallot
from appraisal.codec import decode, encode
from appraisal.errors import CryptoError, MalformedError
from appraisal.manifest import REGISTRAR, Manifest, decode_manifest
from appraisal.tally import board_checks, disclosure, head_checks, record
from appraisal.tally.canvass import canvass
from appraisal.tally.findings import Findings, Report, Summary
from appraisal.tally.opening import (
    OpenedBallot,
    OpenedGroup,
    Openings,
    decode_openings,
    false_ballots,
    open_boxes,
)
from appraisal.tally.record import Head, Record, RecordKind, TellerKeys
from appraisal.tally.results import GroupStatus, SlipCount
from appraisal.tally.spread import Cores

Value = TypeVar("Value")


def verify(found_record: Record, *, workers: int | None = None) -> Report:
    """The report of all checks on a record; whatever its files hold, it raises nothing.

    `workers` is the number of processes, by default one a core for many ballots.
    """
    with Cores(workers) as cores:
        return _Verification(found_record, cores).run()


class _Verification:
    """One run over one record."""

    def __init__(self, found_record: Record, cores: Cores) -> None:
        self._files = found_record.files
        self._flaws = found_record.flaws
        self._cores = cores
        self._found = Findings()

    def run(self) -> Report:
        """Every check that the files allow, in order."""
        found = self._found
        head = self._read(
            record.HEAD, lambda data: decode(Head, data, limit=record.LIMITS[record.HEAD])
        )  # 1
        named = RecordKind.AUDIT if record.KEYS in self._files else RecordKind.PUBLIC
        kind = head.kind if head is not None else named
        self._complete(kind)  # 1
        manifest = self._read(record.MANIFEST, decode_manifest)  # 1
        raw = self._read(record.BOARD, lambda data: board.parse_lines(_text(data)))  # 1
        openings = self._read(record.OPENINGS, decode_openings)  # 1
        self._read(record.RESULTS, record.decode_results)  # 1
        keys = None
        if kind is RecordKind.AUDIT:
            keys = self._read(
                record.KEYS, lambda data: decode(TellerKeys, data, limit=record.LIMITS[record.KEYS])
            )
        if manifest is None or raw is None:
            return found.report(kind, None)
        checkpoint = self._files.get(record.CHECKPOINT)
        root, _ = head_checks.signed_head(manifest, raw, checkpoint, found)  # 1, 4
        entries = board_checks.decode_entries(manifest, raw, found)  # 1, 6
        found.made(1)
        board_checks.names_manifest(manifest, entries, found)  # 2
        board_checks.in_order(manifest, entries, found)  # 3
        slips = board_checks.slip_counts(manifest, entries, found)  # 5
        ballots = [entry for entry in entries if isinstance(entry, CastBallot)]
        board_checks.keys_once(ballots, found)  # 6
        self._signatures(manifest, entries)  # 7, 8
        returned = disclosure.ballots_per_box(manifest, ballots)
        board_checks.reconciles(manifest, slips, returned, found)  # 9
        drawn = disclosure.least_drawn([count.drawn for count in by_class] for by_class in slips)
        void = disclosure.overfull(manifest, returned=returned, drawn=drawn)
        if openings is not None:
            self._named(entries)  # 10
            formed = () if void else disclosure.groups(manifest, returned)
            if self._formed(manifest, formed, openings) and self._fits(manifest, openings):  # 10
                self._recount(manifest, slips[REGISTRAR], openings)  # 11
            found.made(10)
            if keys is not None:
                self._reopen(manifest, keys, ballots, openings, drawn=drawn)  # 12
        of = (manifest.title, manifest.organisation, manifest.session, manifest.fingerprint)
        return found.report(kind, Summary(*of, root=root.hex(), ballots=len(ballots), void=void))

    def _complete(self, kind: RecordKind) -> None:
        """Check 1: exactly the files of the kind, in a folder or archive without flaws."""
        for flaw in self._flaws:
            self._found.add(1, zh=f"文件不符合规定（{flaw}）", en=flaw)
        for name in kind.files:
            if name not in self._files:
                self._found.add(1, zh="缺少这个文件", en="this file is missing", where=name)
        for name in self._files:
            if name not in kind.files:
                en = f"this file does not belong in a record of kind {kind.value}"
                self._found.add(1, zh="这类记录不应有此文件", en=en, where=name)

    def _read(self, name: str, decoder: Callable[[bytes], Value]) -> Value | None:
        """Check 1: the value of a file in its one form, None if it has not that form."""
        data = self._files.get(name)
        if data is None:
            return None
        try:
            return decoder(data)
        except MalformedError as error:
            zh = f"不符合规定的写法（{error}）"
            self._found.add(1, zh=zh, en=str(error), where=name)
            return None

    def _signatures(self, manifest: Manifest, entries: board_checks.Entries) -> None:
        """Checks 7 and 8: every token, every ballot signature."""
        places = [number for number, e in enumerate(entries) if isinstance(e, CastBallot)]
        ballots = [entry for entry in entries if isinstance(entry, CastBallot)]
        verdicts = false_ballots(manifest, ballots, cores=self._cores)
        for number, (false_token, false_signature) in zip(places, verdicts, strict=True):
            where = board_checks.line(number)
            if false_token:
                zh, en = "盲签名无效", "a token does not verify"
                self._found.add(7, zh=zh, en=en, where=where)
            if false_signature:
                zh, en = "选票签名无效", "the ballot key did not sign this ballot"
                self._found.add(8, zh=zh, en=en, where=where)
        self._found.made(7, 8)

    def _named(self, entries: board_checks.Entries) -> None:
        """Check 10: entry *opened* names these openings."""
        digest = hashlib.sha256(self._files[record.OPENINGS]).digest()
        if [e.hash for e in entries if isinstance(e, Opened)] != [digest]:
            zh, en = "公示板所记的不是这份开箱结果", "the board does not name these openings"
            self._found.add(10, zh=zh, en=en, where=record.OPENINGS)

    def _formed(
        self, manifest: Manifest, formed: Sequence[disclosure.Group], openings: Openings
    ) -> bool:
        """Check 10: the groups that follow from §5.1, none in a void session."""
        floor = manifest.rules.floor
        wanted = [(group.boxes, group.ballots, group.status) for group in formed]
        if wanted == [_before_opening(group, floor=floor) for group in openings.groups]:
            return True
        zh = "开箱的分组与票箱中的票数、最低票数规则不符"
        en = "the groups do not follow from the ballots in the boxes and the floor"
        self._found.add(10, zh=zh, en=en, where=record.OPENINGS)
        return False

    def _fits(self, manifest: Manifest, openings: Openings) -> bool:
        """Check 10: every group in itself."""
        sound = True
        for number, group in enumerate(openings.groups):
            for zh, en in _group_flaws(manifest, group):
                self._found.add(10, zh=zh, en=en, where=f"openings.groups[{number}]")
                sound = False
        return sound

    def _recount(self, manifest: Manifest, slips: Sequence[SlipCount], openings: Openings) -> None:
        """Check 11: the results, byte for byte."""
        if encode(canvass(manifest, slips, openings)) != self._files.get(record.RESULTS):
            zh, en = "重新计票得到另一结果", "counting again gives other results"
            self._found.add(11, zh=zh, en=en, where=record.RESULTS)
        self._found.made(11)

    def _reopen(
        self,
        manifest: Manifest,
        keys: TellerKeys,
        ballots: Sequence[CastBallot],
        openings: Openings,
        *,
        drawn: Sequence[int],
    ) -> None:
        """Check 12: the tellers' keys open the sealed ballots to exactly these openings."""
        private = keys.private
        try:
            again = open_boxes(manifest, ballots, keys=private, drawn=drawn, cores=self._cores)
        except CryptoError as error:
            zh = f"不是监票人的钥匙（{error}）"
            self._found.add(12, zh=zh, en=str(error), where=record.KEYS)
            return
        pairs = zip(again.groups, openings.groups, strict=False)
        for number, (mine, theirs) in enumerate(pairs):
            if mine != theirs:
                zh, en = "重新开箱得到另一结果", "opening again gives other ballots"
                self._found.add(12, zh=zh, en=en, where=f"openings.groups[{number}]")
        if len(again.groups) != len(openings.groups):
            zh, en = "重新开箱得到另外的分组", "opening again gives other groups"
            self._found.add(12, zh=zh, en=en, where=record.OPENINGS)
        self._found.made(12)


def _before_opening(group: OpenedGroup, *, floor: int) -> tuple[tuple[int, ...], int, GroupStatus]:
    """Boxes, ballots and status of a group as §5.1 forms it, before it was opened.

    One that tells its spoilt ballots was opened, and is withheld if too few are valid.
    """
    withheld_later = group.spoilt is not None and group.ballots - len(group.spoilt) < floor
    status = GroupStatus.OPENED if withheld_later else group.status
    return group.boxes, group.ballots, status


def _group_flaws(manifest: Manifest, group: OpenedGroup) -> list[tuple[str, str]]:
    """What is wrong with one group of the openings, in Chinese and English."""
    flaws = []
    if any(a.value > b.value for a, b in pairwise(group.spoilt or ())):
        flaws.append(("无效票没有按原因排列", "spoilt ballots are not sorted by reason"))
    if group.status is GroupStatus.WITHHELD:
        if group.opened is not None:
            flaws.append(("未公布的票箱公布了选票", "a withheld group tells ballots"))
        if len(group.spoilt or ()) > group.ballots:
            flaws.append(("无效票多于收回", "more spoilt ballots than there are ballots"))
    elif group.opened is None or group.spoilt is None:
        flaws.append(("缺少开出的选票", "an opened group without its ballots"))
    else:
        flaws += _opened_flaws(manifest, group, group.opened, group.spoilt)
    return flaws


def _opened_flaws(
    manifest: Manifest,
    group: OpenedGroup,
    opened: Sequence[OpenedBallot],
    spoilt: Sequence[Spoilt],
) -> list[tuple[str, str]]:
    flaws = []
    if len(opened) < manifest.rules.floor:
        flaws.append(("有效票不到最低票数", "fewer valid ballots than the floor are published"))
    if len(opened) + len(spoilt) != group.ballots:
        flaws.append(("有效加无效不等于收回", "opened and spoilt ballots are not all the ballots"))
    if any(a >= b for a, b in pairwise(opened)):
        flaws.append(("选票没有按核对号排列", "ballots are not sorted by tracker"))
    if any(a.tracker == b.tracker for a, b in pairwise(opened)):
        flaws.append(("同一核对号出现两次", "a tracker stands twice"))
    contest = manifest.boxes[group.boxes[0]].contest
    most = [len(question.grades) for question in manifest.instrument_of(contest).questions]
    for ballot in opened:
        answers = zip(ballot.answers, most, strict=False)
        if len(ballot.answers) != len(most) or any(a > grades for a, grades in answers):
            flaws.append(("有选票与题目不符", "a ballot does not fit the questions"))
            break
    return flaws


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MalformedError("not UTF-8") from error

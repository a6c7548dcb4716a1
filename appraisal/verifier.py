"""The verifier: recounts a session from its record alone, with numbered checks (protocol §6).

1.  every file decodes and re-encodes to the same bytes; the files are exactly those of the kind
2.  entry 0 names this manifest
3.  entries stand in the order of §4.8, ballots strictly ascending by leaf hash
4.  the checkpoint's size and root are those of the entries; its signature is the manifest's board
    key's; every witness of the manifest has cosigned it, and nobody else
5.  slips: no hash twice; with each signer drawn and void are disjoint and printed with it; the
    first printing of a class has as many as the manifest says, none is empty; a further signer has
    one printing a class and nothing void, and its statements verify
6.  every ballot: its box exists, its length is right, no ballot key twice in a box
7.  every token verifies
8.  every ballot signature verifies
9.  in every box ballots ≤ drawn ≤ issued ≤ printed, and ballots ≤ drawn with every further signer
    that stated its turnout
10. entry *opened* names these openings; groups follow from §5.1; a withheld one tells nothing
    of its ballots; those of any other = opened + spoilt; no tracker twice in a group; every opened
    ballot is valid
11. results follow from manifest, slips and openings, byte for byte
12. (audit) the factors are those of exactly a quorum, as many as there are ballots in auditable
    groups, each good or empty; opening those ballots with them gives exactly these openings

Nothing stops at the first finding where the rest can still be checked. It stands on `ballots` and
`tally` alone; no line of it is shared with the service's web pages or databases.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from appraisal.ballots import board
from appraisal.ballots.board import Turnout
from appraisal.ballots.cast import CastBallot
from appraisal.codec import decode, encode
from appraisal.errors import MalformedError
from appraisal.manifest import REGISTRAR, Manifest, decode_manifest
from appraisal.tally import (
    board_checks,
    disclosure,
    head_checks,
    opening_checks,
    record,
    signature_checks,
)
from appraisal.tally.canvass import canvass
from appraisal.tally.findings import Findings, Report
from appraisal.tally.openings import Openings, VoidReason, decode_openings
from appraisal.tally.record import Head, Record, RecordKind
from appraisal.tally.results import SlipCount
from appraisal.tally.spread import Cores
from appraisal.tally.summary import Summary

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
        named = RecordKind.AUDIT if record.FACTORS in self._files else RecordKind.PUBLIC
        kind = head.kind if head is not None else named
        self._complete(kind)  # 1
        manifest = self._read(record.MANIFEST, decode_manifest)  # 1
        raw = self._read(record.BOARD, board.unpacked)  # 1
        openings = self._read(record.OPENINGS, decode_openings)  # 1
        self._read(record.RESULTS, record.decode_results)  # 1
        audit = kind is RecordKind.AUDIT
        factors = self._read(record.FACTORS, record.decode_factors) if audit else None  # 1
        if manifest is None or raw is None:
            return found.report(kind, None)
        checkpoint = self._files.get(record.CHECKPOINT)
        root, signed = head_checks.signed_head(manifest, raw, checkpoint, found)  # 1, 4
        entries = board_checks.decode_entries(manifest, raw, found)  # 1, 6
        found.made(1)
        board_checks.names_manifest(manifest, entries, found)  # 2
        unstated = board_checks.unstated_signers(manifest, entries)
        void = openings.void if openings is not None else None
        # A board without their turnouts is complete only where nothing is opened for that.
        excused = unstated if void is VoidReason.UNSTATED else frozenset()
        board_checks.in_order(manifest, entries, found, unstated=excused)  # 3
        slips = board_checks.slip_counts(manifest, entries, found)  # 5
        ballots = [entry for entry in entries if isinstance(entry, CastBallot)]
        board_checks.keys_once(ballots, found)  # 6
        signature_checks.signatures(manifest, entries, found, cores=self._cores)  # 7, 8
        returned = disclosure.ballots_per_box(manifest, ballots)
        board_checks.reconciles(manifest, slips, returned, found, unstated=excused)  # 9
        drawn = disclosure.least_drawn(
            [count.drawn for count in by_class]
            for signer, by_class in enumerate(slips)
            if signer not in excused
        )
        overfull = disclosure.overfull(manifest, returned=returned, drawn=drawn)
        if openings is not None:
            opening_checks.named(self._files[record.OPENINGS], entries, found)  # 10
            formed = disclosure.groups(manifest, returned)
            if opening_checks.fit(
                manifest, formed, openings, found, overfull=overfull, unstated=bool(unstated)
            ):  # 10
                self._recount(manifest, slips[REGISTRAR], openings)  # 11
            found.made(10)
            if factors is not None:
                opening_checks.reopen(
                    manifest, factors, ballots, openings, found, cores=self._cores
                )  # 12
        summary = Summary(
            manifest,
            root=root,
            ballots=len(ballots),
            cosigned=signed.cosigned if signed is not None else (),
            destroyed=tuple({e.signer: None for e in entries if isinstance(e, Turnout)}),
            overfull=overfull,
            void=void,
            few_valid=opening_checks.few_valid(manifest, openings) if openings is not None else (),
        )
        return found.report(kind, summary)

    def _complete(self, kind: RecordKind) -> None:
        """Check 1: exactly the files of the kind, in a folder or archive without flaws."""
        for flaw in self._flaws:
            self._found.add(1, zh=flaw.zh, en=flaw.en)
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
            zh = f"不符合规定的写法（英文细节：{error}）"
            self._found.add(1, zh=zh, en=str(error), where=name)
            return None

    def _recount(self, manifest: Manifest, slips: Sequence[SlipCount], openings: Openings) -> None:
        """Check 11: the results, byte for byte."""
        if encode(canvass(manifest, slips, openings)) != self._files.get(record.RESULTS):
            zh, en = "重新计票得到另一结果", "counting again gives other results"
            self._found.add(11, zh=zh, en=en, where=record.RESULTS)
        self._found.made(11)

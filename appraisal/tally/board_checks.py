"""What the board alone shows: checks 2, 3, 5, 6 and 9 of protocol §6.

Entries come as decoded, None where an entry has not its form; each function notes what it finds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from itertools import pairwise, product
from typing import TypeAlias

from appraisal.ballots import board
from appraisal.ballots.board import ManifestEntry, Opened, Printed, Turnout
from appraisal.ballots.cast import CastBallot
from appraisal.ballots.statements import verify_statement
from appraisal.errors import CryptoError, MalformedError
from appraisal.manifest import REGISTRAR, Manifest
from appraisal.tally.findings import Findings
from appraisal.tally.results import SlipCount

Entries: TypeAlias = Sequence[board.Entry | None]
_BALLOT = b"\x04"


def decode_entries(manifest: Manifest, raw: Sequence[bytes], found: Findings) -> Entries:
    """Checks 1 and 6: every entry in its one form; a ballot of an existing box and its length."""
    entries: list[board.Entry | None] = []
    for number, data in enumerate(raw):
        try:
            entries.append(board.decode(data, manifest))
        except MalformedError as error:
            check = 6 if data[:1] == _BALLOT else 1
            zh = f"条目不符合规定的写法（英文细节：{error}）"
            found.add(check, zh=zh, en=str(error), where=line(number))
            entries.append(None)
    return entries


def names_manifest(manifest: Manifest, entries: Entries, found: Findings) -> None:
    """Check 2: entry 0 names this manifest."""
    first = entries[0] if entries else None
    if not isinstance(first, ManifestEntry) or first.hash != manifest.hash:
        zh, en = "第一条不是这份评议书的散列", "the first entry does not name this manifest"
        found.add(2, zh=zh, en=en, where=line(0))
    found.made(2)


def unstated_signers(manifest: Manifest, entries: Entries) -> frozenset[int]:
    """The further signers that stated no turnout at all; the registrar is never one of them."""
    stated = {entry.signer for entry in entries if isinstance(entry, Turnout)}
    return frozenset(range(REGISTRAR + 1, len(manifest.signers))) - stated


def in_order(
    manifest: Manifest,
    entries: Entries,
    found: Findings,
    *,
    unstated: AbstractSet[int] = frozenset(),
) -> None:
    """Check 3: entries stand in the order of §4.8, ballots strictly ascending by leaf hash.

    `unstated` are the signers without whose turnouts the session was declared void.
    """
    known = [(number, entry) for number, entry in enumerate(entries) if entry is not None]
    for (_, a), (number, b) in pairwise(known):
        ordered = board.tag(a) <= board.tag(b)
        if isinstance(a, CastBallot) and isinstance(b, CastBallot):
            ordered = a.leaf_hash < b.leaf_hash
        if not ordered:
            zh, en = "条目重复或次序不对", "this entry stands twice or out of order"
            found.add(3, zh=zh, en=en, where=line(number))
    kinds = Counter(type(entry) for _, entry in known)
    if kinds[ManifestEntry] != 1 or not kinds[Printed] or kinds[Opened] != 1:
        zh = "须有一条评议书、至少一条印制、一条开箱"
        en = "one manifest entry, one or more printings and one opening belong on the board"
        found.add(3, zh=zh, en=en)
    turnouts = [(e.signer, e.voter_class) for _, e in known if isinstance(e, Turnout)]
    stating = [number for number in range(len(manifest.signers)) if number not in unstated]
    if turnouts != list(product(stating, range(len(manifest.classes)))):
        zh = "封箱条目须每个签发方、每个票种一条，按次序"
        en = "not one turnout entry a signer and class, in order of signer, then class"
        found.add(3, zh=zh, en=en)
    found.made(3)


def slip_counts(
    manifest: Manifest, entries: Entries, found: Findings
) -> tuple[tuple[SlipCount, ...], ...]:
    """Check 5: no hash twice; drawn and void disjoint and printed; as many as the manifest says.

    Later printings add to it; a further signer has none, nor anything void, and states its entries.
    Gives for every signer the counts of every class.
    """
    lists = {n: e for n, e in enumerate(entries) if isinstance(e, Printed | Turnout)}
    times = Counter(slip for e in lists.values() if isinstance(e, Printed) for slip in e.slips)
    twice = sum(count > 1 for count in times.values())
    if twice:
        zh, en = f"有 {twice} 个凭证印了两次", f"{twice} slip hashes are printed twice"
        found.add(5, zh=zh, en=en)
    for number, entry in lists.items():
        try:
            verify_statement(entry, manifest)
        except CryptoError as error:
            zh = f"不是签发方的声明（英文细节：{error}）"
            found.add(5, zh=zh, en=str(error), where=line(number))
    counts = tuple(
        tuple(
            _slips_of_class(manifest, signer, number, lists.values(), found)
            for number in range(len(manifest.classes))
        )
        for signer in range(len(manifest.signers))
    )
    found.made(5)
    return counts


def _slips_of_class(
    manifest: Manifest,
    signer: int,
    number: int,
    lists: Iterable[Printed | Turnout],
    found: Findings,
) -> SlipCount:
    own = [e for e in lists if (e.signer, e.voter_class) == (signer, number)]
    printings = [entry.slips for entry in own if isinstance(entry, Printed)]
    printed = {slip for slips in printings for slip in slips}
    drawn = {slip for entry in own if isinstance(entry, Turnout) for slip in entry.drawn}
    void = {slip for entry in own if isinstance(entry, Turnout) for slip in entry.void}
    further = signer != REGISTRAR
    named = f"{manifest.signers[signer].name}: " if further else ""
    where = named + manifest.classes[number].name.zh
    if drawn & void:
        zh, en = "有凭证既领取又作废", "a slip is both drawn and void"
        found.add(5, zh=zh, en=en, where=where)
    if not drawn | void <= printed:
        zh, en = "领取或作废的凭证没有印过", "a slip drawn or void was never printed"
        found.add(5, zh=zh, en=en, where=where)
    if further and void:
        zh, en = "只有登记方可作废凭证", "a slip is void with a further signer"
        found.add(5, zh=zh, en=en, where=where)
    if further and len(printings) > 1:
        zh, en = "其他签发方每个票种只印一次", "a further signer has a second printing of a class"
        found.add(5, zh=zh, en=en, where=where)
    wanted = manifest.classes[number].slips
    first = len(printings[0]) if printings else 0
    if first != wanted:
        zh = f"评议书写 {wanted} 张，第一次印了 {first} 张"
        en = f"the first printing has {first} slips, the manifest says {wanted}"
        found.add(5, zh=zh, en=en, where=where)
    return SlipCount(len(printed), len(printed) - len(void), len(drawn), len(void))


def keys_once(ballots: Sequence[CastBallot], found: Findings) -> None:
    """Check 6: no ballot key twice in a box."""
    times = Counter((ballot.box, ballot.key) for ballot in ballots)
    for (box, _), count in times.items():
        if count > 1:
            zh, en = f"同一选票密钥用了 {count} 次", f"one ballot key is used {count} times"
            found.add(6, zh=zh, en=en, where=f"box {box}")
    found.made(6)


def reconciles(
    manifest: Manifest,
    slips: Sequence[Sequence[SlipCount]],
    returned: Sequence[int],
    found: Findings,
    *,
    unstated: AbstractSet[int] = frozenset(),
) -> None:
    """Check 9: in every box ballots ≤ drawn ≤ issued ≤ printed; and ballots ≤ drawn of others.

    `slips` are the counts of every signer, by class; those of `unstated` say nothing.
    """
    for number, (box, ballots) in enumerate(zip(manifest.boxes, returned, strict=True)):
        count = slips[REGISTRAR][box.voter_class]
        if not ballots <= count.drawn <= count.issued <= count.printed:
            zh = f"收回 {ballots}，领取 {count.drawn}，发出 {count.issued}，印制 {count.printed}"
            en = (
                f"{ballots} ballots, {count.drawn} slips drawn, {count.issued} issued,"
                f" {count.printed} printed"
            )
            found.add(9, zh=zh, en=en, where=f"box {number}")
        for signer in range(REGISTRAR + 1, len(slips)):
            drawn = slips[signer][box.voter_class].drawn
            if signer not in unstated and ballots > drawn:
                name = manifest.signers[signer].name
                zh = f"收回 {ballots}，{name}处领取 {drawn}"
                en = f"{ballots} ballots, {drawn} slips drawn with {name}"
                found.add(9, zh=zh, en=en, where=f"box {number}")
    found.made(9)


def line(number: int) -> str:
    """Where entry `number` (from 0) stands."""
    return f"board.bin:{number + 1}"

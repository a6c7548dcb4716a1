"""Sessions of every form and rule, small, as a Hypothesis strategy: manifest, slips, ballots.

A manifest keeps §4.1; its ballots keep nothing: most are honest, some break each rule of §4.5.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, product

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import strategies as st

from appraisal.ballot_form import Instrument, SubjectKind, Text
from appraisal.counting_rules import (
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
from appraisal.manifest import (
    BoardKey,
    Box,
    Comments,
    Contest,
    Manifest,
    Opening,
    Period,
    SessionId,
    Signer,
    Subject,
    Teller,
    VoterClass,
)
from appraisal.tally.results import SlipCount
from tests.reference.drawing import flip, pick, rarely, shuffled, whole
from tests.reference.forms import instruments, kept
from tests.reference.plain import Plain, box_of, length_of

BOARD = BoardKey(
    "example.org/b/k3m9x7q2wp",
    Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key().public_bytes_raw(),
)
SHARES = [(1, 2), (1, 3), (2, 3), (4, 5), (1, 4), (3, 4), (17, 20), (2, 4), (1, 1_000_000), (1, 1)]

Core = tuple[BelowFloor, EmptyClass, EmptyBallot, Denominator, Percentages, Ties]
CORES: list[Core] = list(
    product(BelowFloor, EmptyClass, EmptyBallot, Denominator, Percentages, Ties)
)
"""Every combination of the rules that say how to count."""

ENTITLED = [1, 2, 3, 4, 5, 6, 7, 10, 15, 30]
TRIMS = [0, 0, *range(1, 11)]
SIZES = [0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 12]
COMMENTS = Comments(Text("意见", "Comments"), 30, ("书记",))


@dataclass(frozen=True)
class Session:
    """A session that was voted in: `boxes` has the plaintexts of each box, None if unreadable.

    `unopened`: the tellers could not open.
    """

    manifest: Manifest
    slips: tuple[SlipCount, ...]
    boxes: tuple[tuple[Plain, ...], ...]
    unopened: bool


def make_manifest(
    instruments: Sequence[Instrument],
    subjects: Sequence[Subject],
    contests: Sequence[Contest],
    classes: Sequence[VoterClass],
    rules: Rules,
    comments: Comments | None = None,
) -> Manifest:
    """A manifest with these parts; what no count looks at is always the same."""
    boxes = (len(contests) + (comments is not None)) * len(classes)
    return Manifest(
        session=SessionId("k3m9x7q2wp"),
        title="2010年党员民主评议",
        organisation="中共和平里街道东河沿社区支部委员会",
        sector="街道社区",
        period=Period("2010-04-07", "2010-12-31", "党员作风建设年"),
        frozen="2010-06-20",
        demonstration=False,
        instruments=tuple(instruments),
        subjects=tuple(subjects),
        contests=tuple(contests),
        classes=tuple(classes),
        boxes=tuple(
            Box(
                number // len(classes),
                number % len(classes),
                (b"\x80" + bytes(251) + (2 * number + 1).to_bytes(4, "big"),),
            )
            for number in range(boxes)
        ),
        signers=(Signer("registrar"),),
        opening=Opening(
            custodian=True, quorum=1, publish_factors=False, tellers=(Teller("代管", bytes(32)),)
        ),
        rules=rules,
        board=BOARD,
        comments=comments,
    )


def threshold(draw: st.DrawFn) -> Threshold | None:
    """Absent, ≥ or >."""
    sign = pick(draw, ["absent", "absent", "at least", "over"])
    if sign == "absent":
        return None
    over = sign == "over"
    return Threshold(pick(draw, SHARES[:-1] if over else SHARES), over=over)


def all_rules(draw: st.DrawFn, core: Core, members: int) -> Rules:
    below_floor, empty_class, empty_ballot, denominator, percentages, ties = core
    trims = TRIMS if denominator is Denominator.ANSWERS else [0]
    return Rules(
        floor=pick(draw, [2, 2, 3, 4, 5]),
        below_floor=below_floor,
        empty_class=empty_class,
        empty_ballot=empty_ballot,
        denominator=denominator,
        percentages=percentages,
        decimals=whole(draw, 0, 6),
        trim=pick(draw, trims),
        attendance=threshold(draw),
        turnout=threshold(draw),
        positive=threshold(draw),
        negative=threshold(draw),
        quota=pick(draw, [0, 1, 1, 2, 2, 3]),
        quota_organisations=pick(draw, [None, 0, 1, 1, 2, 2]),
        ties=ties,
        members=members,
        self_appraisal=flip(draw),
        publication=pick(draw, list(Publication)),
        award=pick(draw, ["", "群众心目中的好党员"]),
    )


def weights(draw: st.DrawFn, classes: int) -> list[int]:
    """Whole numbers that sum to 100, zero among them."""
    cuts = sorted(whole(draw, 0, 100) for _ in range(classes - 1))
    return [b - a for a, b in pairwise([0, *cuts, 100])]


def contests_of(
    draw: st.DrawFn, forms: Sequence[Instrument], kinds: Sequence[SubjectKind]
) -> list[Contest]:
    """Contests that use every form and appraise every subject, in any order."""
    everyone = range(len(kinds))
    occurring = [kind for kind in SubjectKind if kind in kinds]
    whom = [pick(draw, [None, None, *occurring]) for _ in forms]
    asked = [[n for n in everyone if kind in {None, kinds[n]}] for kind in whom]
    # Who is left out everywhere stands under the first form.
    asked[0] += [n for n in everyone if not any(n in own for own in asked)]
    contests: list[Contest] = []
    for number, (form, own) in enumerate(zip(forms, asked, strict=True)):
        ordered = shuffled(draw, own)
        if form.whole:
            # A second ballot of the same form for some of them.
            at = pick(draw, [len(own), len(own), 1])
            parts = [part for part in (ordered[:at], ordered[at:]) if part]
            contests += [Contest(tuple(part), number) for part in parts]
        else:
            contests += [Contest((n,), number) for n in ordered]
    return shuffled(draw, contests) if flip(draw) else contests


@st.composite
def sessions(draw: st.DrawFn, core: Core) -> Session:
    """A session under these core rules, voted in."""
    kinds = [pick(draw, list(SubjectKind)) for _ in range(whole(draw, 1, 4))]
    if flip(draw):
        # Of one kind, who stand together and share ranks.
        kinds = [kinds[0]] * len(kinds)
    forms = instruments(draw)
    contests = contests_of(draw, forms, kinds)
    members = whole(draw, 1, 9)
    for number, form in enumerate(forms):
        own = [[kinds[n] for n in c.subjects] for c in contests if c.instrument == number]
        forms[number] = kept(form, own, members)
    if not any(limit.share for form in forms for limit in form.limits):
        members = 0
    rules = all_rules(draw, core, members)
    # To leave out many there must be many.
    able = [*SIZES, *[4 * rules.trim + 5] * 9] if rules.trim else SIZES
    sizes = box_sizes(draw, able, len(contests), pick(draw, [1, 2, 2, 2, 3, 4, 5]))
    # Everyone was present, or half of them; or any number was entitled.
    times = pick(draw, [1, 2, None, None])
    # One list of the boxes of each class.
    slips = [slip_count(draw, max(own), rules.floor) for own in zip(*sizes, strict=True)]
    manifest = make_manifest(
        forms,
        [Subject(kind, f"对象{n}", "") for n, kind in enumerate(kinds)],
        contests,
        [
            VoterClass(
                Text(f"票种{n}", f"Class {n}"),
                entitled=max(slip.issued * times, 1) if times else pick(draw, ENTITLED),
                slips=whole(draw, rules.floor, slip.printed),
                weight=weight,
            )
            for n, (slip, weight) in enumerate(zip(slips, weights(draw, len(slips)), strict=True))
        ],
        rules,
        COMMENTS if rarely(draw, 10) else None,
    )
    boxes = voted(draw, manifest, sizes)
    return Session(manifest, tuple(slips), boxes, unopened=rarely(draw, 60))


def voted(
    draw: st.DrawFn, manifest: Manifest, sizes: Sequence[Sequence[int]]
) -> tuple[tuple[Plain, ...], ...]:
    """The boxes, with so many ballots each."""
    alike = flip(draw)
    drawn: dict[tuple[int, int], bytes] = {}
    boxes: list[tuple[Plain, ...]] = []
    for contest, row in enumerate(sizes):
        form = manifest.forms[contest]
        for voter_class, size in enumerate(row):
            length = length_of(form, size)
            # Contests that are answered alike give equal scores.
            key = (manifest.contests[contest].instrument if alike else contest, voter_class)
            if len(drawn.setdefault(key, b"")) < length:
                drawn[key] = draw(st.binary(min_size=length, max_size=length))
            boxes.append(box_of(form, drawn[key], size, box=len(boxes)))
    return tuple(boxes)


def box_sizes(draw: st.DrawFn, able: Sequence[int], contests: int, classes: int) -> list[list[int]]:
    """How many ballots each box holds, of these numbers, by contest, then class.

    Mostly as many a contest: voters cast all their ballots at once.
    """
    row = [pick(draw, able) for _ in range(classes)]
    if rarely(draw, 10):
        return [[pick(draw, able) for _ in range(classes)] for _ in range(contests)]
    return [row for _ in range(contests)]


def slip_count(draw: st.DrawFn, ballots: int, floor: int) -> SlipCount:
    """Slips for so many ballots; rarely one too few drawn, which voids the session."""
    overfull = ballots > 0 and rarely(draw, 60)
    drawn = ballots - 1 if overfull else ballots + whole(draw, 0, 2)
    issued = drawn + whole(draw, 0, 3)
    printed = max(issued + whole(draw, 0, 2), floor)
    return SlipCount(printed, issued, drawn, printed - issued)

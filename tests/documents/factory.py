"""Sessions to print: manifests and slips as values, with every odd case by keyword."""

from __future__ import annotations

import datetime
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any

import pikepdf
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from appraisal.ballot_form import (
    BallotForm,
    Instrument,
    Question,
    QuestionKind,
    SubjectKind,
    Text,
)
from appraisal.ballots.ballot import Spoilt, fault_of
from appraisal.ballots.slips import SlipCode, new_code
from appraisal.documents.report import Report
from appraisal.documents.sheets.session import CountedSession
from appraisal.documents.spoilt import reasons_of
from appraisal.instruments import load
from appraisal.manifest import (
    BoardKey,
    Box,
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
from appraisal.tally.canvass import canvass
from appraisal.tally.disclosure import groups as formed
from appraisal.tally.openings import OpenedBallot, OpenedGroup, Openings, TrackerText, VoidReason
from appraisal.tally.results import GroupStatus, Results, SlipCount
from tests import world

BRANCH = "槐安街道枣林社区第一党支部"
TITLE = "枣林社区第一党支部2010年“创先争优”党员民主评议"
RARE = "喆垚堃旻昇燚犇玥玹珺祎翀頔𬭎䶮"
SIX = ("王秀兰", "李建国", "欧阳喆", "赵垚", "陈明", "刘桂芝")


USUAL = replace(world.USUAL, quota=3)


def rng(seed: int) -> Callable[[int], bytes]:
    """A source of bytes that repeats with its seed."""
    return random.Random(seed).randbytes


def persons(names: Sequence[str]) -> tuple[Subject, ...]:
    """Subjects who are persons."""
    return tuple(Subject(SubjectKind.PERSON, name, "社区党员") for name in names)


def manifest(
    *,
    title: str = TITLE,
    organisation: str = BRANCH,
    subjects: Sequence[Subject] | None = None,
    classes: Sequence[tuple[str, int, int]] = (("党员", 24, 60), ("群众", 16, 40)),
    demonstration: bool = False,
    custodian: bool = True,
    tellers: Sequence[str] = ("评议系统",),
    instruments: Sequence[Instrument] = (),
    contests: Sequence[Contest] = (),
    **rules: Any,
) -> Manifest:
    """A frozen session; token keys are random odd numbers, which is all that printing needs.

    Every subject stands under every instrument that asks about its kind, unless `contests` are
    given, and who is asked about by none is left out; `rules` are other than the usual.
    """
    source = rng(7)
    forms = tuple(instruments) or (load("three-key-questions"),)
    if subjects is None:
        subjects = (Subject(SubjectKind.ORGANISATION, BRANCH, ""), *persons(SIX))
    subjects = [one for one in subjects if any(form.kind in {None, one.kind} for form in forms)]
    under = [
        [n for n, one in enumerate(subjects) if form.kind in {None, one.kind}] for form in forms
    ]
    contests = tuple(contests) or tuple(
        contest
        for number, form in enumerate(forms)
        for contest in (
            [Contest(tuple(under[number]), number)]
            if form.whole
            else [Contest((subject,), number) for subject in under[number]]
        )
    )

    def modulus() -> bytes:
        key = bytearray(source(256))
        key[0] |= 0x80
        key[-1] |= 1
        return bytes(key)

    return Manifest(
        format="appraisal-manifest/1",
        session=SessionId("k3m9x7q2wp"),
        title=title,
        organisation=organisation,
        sector="街道社区",
        period=Period("2010-04-07", "2010-12-31", "党员作风建设年活动"),
        frozen="2010-06-20",
        demonstration=demonstration,
        instruments=forms,
        subjects=tuple(subjects),
        contests=contests,
        classes=tuple(VoterClass(Text(n, f"Class {n}"), s, s, w) for n, s, w in classes),
        boxes=tuple(
            Box(i, j, (modulus(),)) for i in range(len(contests)) for j in range(len(classes))
        ),
        signers=(Signer("registrar"),),
        opening=Opening(
            custodian=custodian,
            quorum=1 if custodian else max(1, len(tellers) - 1),
            publish_factors=False,
            tellers=tuple(Teller(name, source(32)) for name in tellers),
        ),
        rules=replace(USUAL, **rules),
        board=BoardKey("pingyi.example.org/b/k3m9x7q2wp", _public(source(32))),
    )


def _public(private: bytes) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


@dataclass(frozen=True)
class Slip:
    """A printed slip, as the step that prints gives it."""

    voter_class: int
    serial: int
    code: SlipCode


def slips(m: Manifest, *, seed: int = 1) -> tuple[Slip, ...]:
    """All slips of a session."""
    source = rng(seed)
    return tuple(
        Slip(number, serial, new_code(number, rng=source))
        for number, voter_class in enumerate(m.classes)
        for serial in range(1, voter_class.slips + 1)
    )


@dataclass(frozen=True)
class EmbeddedFont:
    """A font of a PDF, and whether a page shows its glyph 0, the one for letters it has not."""

    name: str
    embedded: bool
    shows_notdef: bool


def fonts(pdf: bytes) -> tuple[EmbeddedFont, ...]:
    """The fonts of a finished PDF, from what its pages and forms really show."""
    found: dict[str, EmbeddedFont] = {}
    with pikepdf.open(BytesIO(pdf)) as document:
        for content in [*document.pages, *_forms(document)]:
            shown: dict[str, bytes] = {}
            current = ""
            for operation in pikepdf.parse_content_stream(content):
                match str(operation.operator):
                    case "Tf":
                        current = str(operation.operands[0])
                    case "Tj":
                        shown[current] = shown.get(current, b"") + bytes(operation.operands[0])
                    case "TJ":
                        parts = (p for p in operation.operands[0] if isinstance(p, pikepdf.String))
                        shown[current] = shown.get(current, b"") + b"".join(map(bytes, parts))
                    case _:
                        pass
            for key, data in shown.items():
                font = content.Resources.Font[key]
                descriptor = font.DescendantFonts[0].FontDescriptor
                glyphs = {data[i : i + 2] for i in range(0, len(data), 2)}
                name = str(font.BaseFont)
                before = found.get(name)
                found[name] = EmbeddedFont(
                    name,
                    embedded="/FontFile3" in descriptor or "/FontFile2" in descriptor,
                    shows_notdef=b"\0\0" in glyphs or (before is not None and before.shows_notdef),
                )
    return tuple(found.values())


def _forms(document: pikepdf.Pdf) -> list[pikepdf.Object]:
    streams = (o for o in document.objects if isinstance(o, pikepdf.Stream))
    return [
        o for o in streams if o.get("/Subtype") == "/Form" and "/Font" in o.get("/Resources", {})
    ]


def openings(
    m: Manifest,
    *,
    returned: Sequence[int] | None = None,
    seed: int = 3,
    favour: Callable[[int], float] = lambda subject: 0.75 - 0.05 * (subject % 7),
    spoilt: int = 1,
    withheld: Sequence[int] = (),
    alike: Sequence[tuple[int, int]] = (),
) -> Openings:
    """Openings of random ballots, all of them valid under their form.

    `returned` has one number a class (nearly all slips unless given), of which `spoilt` are spoilt
    in the first box (withheld if too few are left); classes in `withheld` return fewer than the
    floor; each pair of contests in `alike` has the very same answers. `favour` is how well a
    subject is thought of.
    """
    source = random.Random(seed)
    back = list(returned or (count.issued - 1 for count in _slip_counts(m)))
    for number in withheld:
        back[number] = m.rules.floor - 2
    same = {b: a for a, b in alike}
    answers: dict[int, list[tuple[int, ...]]] = {}
    per_box = [back[box.voter_class] for box in m.boxes]
    groups: list[OpenedGroup] = []
    for group in formed(m, per_box):
        if group.status is GroupStatus.WITHHELD:
            groups.append(OpenedGroup(group.boxes, group.ballots, group.status, None, None))
            continue
        first = group.boxes[0]
        bad = spoilt if first == 0 else 0
        twin = same.get(group.contest)
        if twin is None:
            liked = [favour(subject) for subject in m.contests[group.contest].subjects]
            form = m.forms[group.contest]
            drawn = [_ballot(source, form, liked) for _ in range(group.ballots - bad)]
        else:
            drawn = answers[m.box(contest=twin, voter_class=m.boxes[first].voter_class)]
        answers[first] = drawn
        reasons = (Spoilt.UNREADABLE,) * bad
        if len(drawn) < m.rules.floor:
            groups.append(
                OpenedGroup(group.boxes, group.ballots, GroupStatus.WITHHELD, None, reasons)
            )
            continue
        opened = sorted(OpenedBallot(TrackerText(source.randbytes(16).hex()), a) for a in drawn)
        groups.append(OpenedGroup(group.boxes, group.ballots, group.status, tuple(opened), reasons))
    return Openings("appraisal-openings/1", tuple(groups))


def results(m: Manifest, *, void: bool = False, **drawn: Any) -> Results:
    """Counted results of random ballots (see `openings`)."""
    if void:
        nothing = Openings("appraisal-openings/1", (), VoidReason.OVERFULL)
        return canvass(m, _slip_counts(m), nothing)
    return canvass(m, _slip_counts(m), openings(m, **drawn))


def _slip_counts(m: Manifest) -> list[SlipCount]:
    return [SlipCount(c.slips, c.slips - i, c.slips - i, i) for i, c in enumerate(m.classes)]


def _ballot(source: random.Random, form: BallotForm, liked: Sequence[float]) -> tuple[int, ...]:
    """One valid ballot: drawn, then made to keep its limits."""
    answers = [
        answer
        for favour in liked
        for question in form.instrument.questions
        for answer in _answer(source, question, favour)
    ]
    for bounds in form.bounds:
        places = [subject * form.width + bounds.place for subject in bounds.subjects]
        given = [place for place in places if answers[place] == bounds.value]
        for place in source.sample(given, max(0, len(given) - bounds.most)):
            answers[place] = bounds.value + 1 if form.places[place] > bounds.value else 0
        others = [place for place in places if answers[place] != bounds.value]
        for place in source.sample(others, max(0, bounds.least - len(given))):
            answers[place] = bounds.value
    assert fault_of(answers, form) is None
    return tuple(answers)


def _answer(source: random.Random, question: Question, favour: float) -> tuple[int, ...]:
    match question.kind:
        case QuestionKind.GRADES:
            return (_grade(source, len(question.options), favour),)
        case QuestionKind.CHOICE:
            return (int(source.random() < favour / 2),)
        case QuestionKind.TICKS:
            wanted = min(question.most or 2, 2)
            ticked = set(source.sample(range(len(question.options)), source.randint(0, wanted)))
            return tuple(int(item in ticked) for item in range(len(question.options)))
        case QuestionKind.SCORE:
            highest = question.highest or 0
            low = int(highest * (0.5 + favour / 4))
            return (source.choice([0, *range(low + 1, highest + 2)]),)


def _grade(source: random.Random, grades: int, favour: float) -> int:
    if source.random() < 0.03:
        return 0
    if source.random() < 0.05:
        return grades
    answer = 1
    while answer < grades - 1 and source.random() > favour:
        answer += 1
    return answer


def counted(
    m: Manifest, *, reasons: bool = True, openers: Sequence[str] = (), **drawn: Any
) -> CountedSession:
    """A session of random ballots (see `openings`) as its sheets are made of it."""
    opened = openings(m, **drawn)
    return CountedSession(
        manifest=m,
        results=canvass(m, _slip_counts(m), opened),
        begun=datetime.date(2010, 6, 21),
        closed=datetime.date(2010, 6, 22),
        counted=datetime.date(2010, 6, 22),
        openers=openers,
        reasons=reasons_of(m, opened) if reasons else None,
    )


def void(m: Manifest, reason: VoidReason) -> CountedSession:
    """A session in which nothing was opened."""
    day = datetime.date(2010, 6, 22)
    none = results(m, void=True)
    back = returned(none, over=reason is VoidReason.OVERFULL)
    gone = ("市直机关工委",) if reason is VoidReason.UNSTATED else ()
    return CountedSession(m, none, day, day, day, void=reason, unstated=gone, returned=back)


def returned(r: Results, *, over: bool = True) -> list[int]:
    """The ballots of each class of a void session: in the first more than slips were drawn."""
    return [count.drawn + (over and number == 0) for number, count in enumerate(r.slips)]


def report(m: Manifest, r: Results, **more: Any) -> Report:
    """A report of these; the record is any bytes, as the report only carries it."""
    more.setdefault("returned", returned(r))
    return Report(
        manifest=m,
        results=r,
        checkpoint=f"{m.board.origin}\n1276\n{'A' * 43}=\n\n— {m.board.origin} {'b' * 91}=\n",
        record=b"PK\x05\x06" + bytes(18),
        record_url=f"https://pingyi.example.org/b/{m.session}/record.zip",
        begun=datetime.date(2010, 6, 21),
        closed=datetime.date(2010, 6, 22),
        counted=datetime.date(2010, 6, 22),
        **more,
    )

"""The sessions of our record vectors that have every kind of question, limits and counting rule.

Their ballots are few and made up, so that each rule decides something in one of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from appraisal.ballot_form import (
    Instrument,
    Limit,
    Option,
    Question,
    QuestionKind,
    SubjectKind,
)
from appraisal.ballots.ballot import Ballot, encode_ballot
from appraisal.ballots.comment import encode_comment
from appraisal.counting_rules import (
    BelowFloor,
    Denominator,
    EmptyBallot,
    EmptyClass,
    Percentages,
    Threshold,
    Ties,
)
from appraisal.manifest import Comments, Contest, Subject, VoterClass
from tests.world import World, make_world, question, text

Answers = Sequence[Sequence[int]]


@dataclass(frozen=True)
class Plan:
    """A session to be made: its keys and manifest, slips drawn, ballots and ballots not cast.

    `votes` are of each class, a voter's answers by contest; `spares` have a contest and a plain
    ballot of the first class.
    """

    world: World
    drawn: tuple[int, ...]
    votes: tuple[tuple[int, Answers], ...]
    spares: Mapping[str, tuple[int, bytes]] = field(default_factory=dict)


def plain(tracker: int, *answers: int) -> bytes:
    """A plain ballot; its tracker is one byte sixteen times."""
    return encode_ballot(Ballot(bytes([tracker]) * 16, answers))


GRADES: Final = question("作用明显不明显", "明显", "较明显", "一般", "不明显")
WEAKNESSES: Final = tuple(
    Option(text(name), positive=False, negative=False)
    for name in ("党员意识弱化", "工作作风漂浮", "组织纪律观念不强")
)
TICKS: Final = Question(
    QuestionKind.TICKS, text("存在问题"), required=False, options=WEAKNESSES, most=2
)
SCORE: Final = Question(
    QuestionKind.SCORE,
    text("工作业绩"),
    required=True,
    options=(
        Option(text("优秀"), positive=True, negative=False, at_least=9),
        Option(text("称职"), positive=True, negative=False, at_least=6),
        Option(text("不称职"), positive=False, negative=True, at_least=0),
    ),
    highest=10,
)
CHOICE: Final = Question(
    QuestionKind.CHOICE,
    text("推选"),
    required=False,
    options=(Option(text("推选"), positive=True, negative=False, points=100),),
)
EVERY_KIND: Final = Instrument(
    "every-kind", text("党支部测评表"), (GRADES, TICKS, SCORE), limits=()
)
PROBLEMS: Final = Instrument("problems", text("存在问题"), (replace(TICKS, most=None),), limits=())
SELECTION: Final = Instrument(
    "selection",
    text("民主评议推选票"),
    (question("综合评定", "优秀", "合格", "基本合格", "不合格"), CHOICE),
    limits=(
        Limit(0, 0, least=0, share=(1, 3), kind=SubjectKind.PERSON),
        Limit(1, 0, least=2, most=2),
    ),
)
"""优秀 for at most a third of the members, and exactly two chosen."""


def people(count: int) -> tuple[Subject, ...]:
    return tuple(Subject(SubjectKind.PERSON, f"党员{i}", "") for i in range(1, count + 1))


BRANCH: Final = Subject(SubjectKind.ORGANISATION, "东河沿社区党支部", "", "七月底前办好三件实事")
HALL: Final = Subject(SubjectKind.ORGANISATION, "办事大厅", "")


def kinds() -> Plan:
    """A branch, four members on one ballot, and a hall that is only asked about its problems.

    Empty ballots are spoilt, shares are of valid ballots, thresholds must be exceeded, the last
    column takes the rest, two members are level at the quota, organisations have one too.
    """
    world = make_world(
        subjects=3,
        floor=2,
        empty_ballot=EmptyBallot.SPOILT,
        denominator=Denominator.VALID,
        percentages=Percentages.LAST_TAKES_REST,
        positive=Threshold((3, 5), over=True),
        negative=Threshold((1, 5), over=False),
        quota=1,
        quota_organisations=1,
        ties=Ties.OPEN,
    )
    base = world.manifest
    members, public = (voter_class.name for voter_class in base.classes)
    manifest = replace(
        base,
        instruments=(EVERY_KIND, SELECTION, PROBLEMS),
        subjects=(BRANCH, *people(4), HALL),
        contests=(Contest((0,), 0), Contest((1, 2, 3, 4), 1), Contest((5,), 2)),
        classes=(VoterClass(members, 8, 7, 60), VoterClass(public, 5, 4, 40)),
        rules=replace(base.rules, members=7, attendance=Threshold((1, 2), over=True)),
    )
    return Plan(
        replace(world, manifest=manifest),
        drawn=(6, 3),
        votes=(
            (0, ((1, 1, 0, 0, 11), (1, 1, 1, 1, 2, 0, 2, 0), (1, 0, 0))),
            (0, ((1, 0, 1, 1, 10), (1, 1, 2, 1, 1, 0, 3, 0), (0, 0, 1))),
            (0, ((2, 0, 0, 0, 9), (2, 1, 1, 1, 2, 0, 5, 0), (1, 1, 1))),
            (0, ((2, 1, 0, 0, 0), (2, 1, 2, 1, 3, 0, 4, 0), (0, 1, 0))),
            (0, ((4, 0, 0, 1, 4), (1, 0, 1, 0, 2, 1, 4, 1), (1, 0, 0))),
            (1, ((1, 0, 0, 0, 8), (2, 1, 2, 1, 2, 0, 2, 0), (0, 1, 1))),
            (1, ((5, 0, 1, 0, 11), (1, 1, 1, 1, 0, 0, 4, 0), (1, 0, 0))),
            (1, ((3, 1, 1, 0, 6), (3, 0, 3, 0, 1, 1, 1, 1), (0, 0, 1))),
        ),
        spares={
            "good": (1, plain(0x60, 2, 1, 2, 1, 2, 0, 2, 0)),
            # Each is spoilt for the first of two or three reasons.
            "beyond": (1, plain(0x61, 6, 1, 1, 0, 1, 0, 1, 0)),
            "empty": (1, plain(0x62, 0, 0, 0, 0, 0, 0, 0, 0)),
            "too-many": (1, plain(0x63, 1, 1, 1, 0, 1, 0, 2, 0)),
            "three-chosen": (1, plain(0x64, 2, 1, 2, 1, 2, 1, 2, 0)),
            "too-few": (1, plain(0x65, 1, 1, 2, 0, 2, 0, 2, 0)),
            "ticked-twice": (0, plain(0x66, 1, 0, 2, 0, 5)),
            "score-beyond": (0, plain(0x67, 1, 1, 1, 1, 12)),
            "ticks-too-many": (0, plain(0x68, 1, 1, 1, 1, 5)),
            "empty-alone": (0, plain(0x69, 0, 0, 0, 0, 0)),
            "same-tracker": (1, plain(0x6A, 2, 1, 2, 1, 2, 0, 2, 0)),
            # Spoilt in itself, so that it spoils no other ballot of its tracker.
            "same-tracker-spoilt": (1, plain(0x6A, 1, 1, 1, 1, 1, 0, 2, 0)),
        },
    )


VOTES: Final = (
    (0, ((1, 1, 0, 0, 11), (1, 1, 2, 0, 2, 1))),
    (0, ((1, 0, 0, 0, 10), (2, 1, 2, 1, 1, 0))),
    (0, ((2, 0, 0, 1, 9), (2, 1, 1, 1, 2, 0))),
    (0, ((2, 0, 0, 1, 9), (5, 0, 3, 1, 2, 1))),
    (0, ((4, 0, 0, 0, 1), (3, 1, 4, 1, 4, 0))),
    (0, ((5, 1, 1, 0, 0), (0, 0, 0, 0, 0, 0))),
    (0, ((0, 0, 0, 0, 7), (4, 1, 0, 1, 0, 0))),
)


def single(entitled: int = 9, **rules: Any) -> Plan:
    """One class of nine slips, a branch and three members on one ballot, seven voters."""
    world = make_world(subjects=2, floor=2, **rules)
    base = world.manifest
    manifest = replace(
        base,
        instruments=(EVERY_KIND, SELECTION),
        subjects=(BRANCH, *people(3)),
        contests=(Contest((0,), 0), Contest((1, 2, 3), 1)),
        classes=(VoterClass(base.classes[0].name, entitled, 9, 100),),
        boxes=tuple(replace(box, voter_class=0, contest=i) for i, box in enumerate(base.boxes[:2])),
        rules=replace(base.rules, members=5),
    )
    keys = world.token_keys[:2]
    spares = {"torn": (0, b"\x02" + bytes(21))}
    return Plan(replace(world, manifest=manifest, token_keys=keys), (8,), VOTES, spares)


def trimmed() -> Plan:
    """Of the answers one at either end is left out; all level at the quota are recommended."""
    return single(trim=1, decimals=1, ties=Ties.ALL, positive=None)


def returned() -> Plan:
    """Shares are of the ballots returned; of those level at the quota none is recommended."""
    return single(denominator=Denominator.RETURNED, decimals=0, ties=Ties.NONE, positive=None)


def present() -> Plan:
    """Shares are of the slips issued; two of them just reach what they must exceed."""
    return single(
        denominator=Denominator.PRESENT,
        empty_class=EmptyClass.ZERO,
        percentages=Percentages.LAST_TAKES_REST,
        turnout=Threshold((7, 8), over=True),
        negative=Threshold((1, 8), over=True),
    )


def entitled() -> Plan:
    """Shares are of those entitled, of whom there are fewer on paper than ballots.

    A class of one voter is merged with the other.
    """
    plan = single(4, denominator=Denominator.ENTITLED, below_floor=BelowFloor.MERGE, turnout=None)
    world, base = plan.world, plan.world.manifest
    whole = make_world(subjects=2)
    name = whole.manifest.classes[1].name
    classes = (replace(base.classes[0], weight=60), VoterClass(name, 1, 3, 40))
    manifest = replace(base, classes=classes, boxes=whole.manifest.boxes)
    votes = (*VOTES, (1, ((1, 0, 0, 0, 11), (1, 1, 3, 1, 3, 0))))
    world = replace(world, manifest=manifest, token_keys=whole.token_keys)
    return Plan(world, (8, 2), votes)


def commented() -> Plan:
    """A comment box 意见箱, whose comments stand nowhere in a record."""
    plan = single(decimals=1)
    world, base = plan.world, plan.world.manifest
    manifest = replace(
        base,
        comments=Comments(text("还有什么意见"), 60, ("支部书记",)),
        boxes=(*base.boxes, replace(make_world().manifest.boxes[2], contest=2, voter_class=0)),
    )
    keys = (*world.token_keys, make_world().token_keys[2])
    spares = {"comment": (2, encode_comment("路灯坏了三个月没人修。", length=60))}
    return Plan(replace(world, manifest=manifest, token_keys=keys), (8,), VOTES, spares)


PLANS: Final = {
    "kinds": kinds,
    "trimmed": trimmed,
    "returned": returned,
    "present": present,
    "entitled": entitled,
    "commented": commented,
}

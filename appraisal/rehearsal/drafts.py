"""What is rehearsed: a branch of a street community in the first period of the 2010 opinion.

The branch and its people are invented.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from appraisal.ballot_form import Instrument, SubjectKind
from appraisal.manifest import Period, Subject
from appraisal.steps.draft import USUAL_RULES, ClassDraft, Draft, FormDraft, usual_positive

ORGANISATION: Final = "中共青松街道银杏社区支部委员会"
SECTOR: Final = "街道社区"
PERIOD: Final = Period("2010-04-07", "2010-12-31", "党员作风建设年活动")
AWARD: Final = "群众心目中的好党员"
INSTRUMENT: Final = "three-key-questions"
WEIGHTS: Final = (60, 40)

BRANCH: Final = Subject(SubjectKind.ORGANISATION, "银杏社区党支部", "")
NEIGHBOURS: Final = tuple(
    Subject(SubjectKind.ORGANISATION, f"{name}社区党支部", "")
    for name in ("梧桐", "海棠", "白杨", "国槐", "丁香")
)
"""Branches of the same street, where a form chooses among several."""
MEMBERS: Final = (
    Subject(SubjectKind.PERSON, "王建华", "支部书记"),
    Subject(SubjectKind.PERSON, "李秀英", "支部组织委员"),
    Subject(SubjectKind.PERSON, "欧阳明珺", "社区居委会副主任"),
    Subject(SubjectKind.PERSON, "陈国强", "退休职工"),
    Subject(SubjectKind.PERSON, "赵玉梅", "社区卫生服务站护士"),
    Subject(SubjectKind.PERSON, "刘喆", "物业公司维修组组长"),
)


TELLERS: Final = (
    "周文海",
    "吴桂兰",
    "郑志远",
    "孙丽华",
    "马春生",
    "朱海燕",
    "胡永福",
    "林小梅",
    "何大勇",
)
"""Neighbours who are not appraised themselves."""


def subjects(count: int, forms: Sequence[Instrument] = ()) -> tuple[Subject, ...]:
    """The branch and its members, `count` in all; past the named ones they are numbered.

    Only of the kinds that the forms ask about; more than `count` where a form chooses among more.
    """
    kinds = {form.kind for form in forms} or {None}
    branches = (BRANCH, *NEIGHBOURS)[: max(1, _chosen_among(forms, SubjectKind.ORGANISATION))]
    if kinds == {SubjectKind.PERSON}:
        branches = ()
    elif kinds == {SubjectKind.ORGANISATION}:
        return branches
    people = max(count - len(branches), _chosen_among(forms, SubjectKind.PERSON))
    numbered = (
        Subject(SubjectKind.PERSON, f"党员{i + 1}号", "") for i in range(people - len(MEMBERS))
    )
    return (*branches, *(*MEMBERS, *numbered)[:people])


def _chosen_among(forms: Sequence[Instrument], kind: SubjectKind) -> int:
    """Among how many of a kind a choice is one: one more than may be chosen."""
    limits = (limit for form in forms for limit in form.limits if form.limited(limit) is kind)
    return max((limit.most + 1 for limit in limits if limit.most is not None), default=0)


def draft(
    *,
    title: str,
    slips: tuple[int, int],
    contests: int = 1 + len(MEMBERS),
    demonstration: bool,
    forms: Sequence[Instrument] = (),
    tellers: int = 0,
    quorum: int = 0,
    signer: str = "",
) -> Draft:
    """A session of this branch with so many slips for members and for the public.

    `contests`: how many are appraised; `forms`: other than the three key questions; `tellers`: how
    many keep the opening keys, none if the service does; `signer`: where an enrolled second signer
    answers.
    """
    shares = any(limit.share for form in forms for limit in form.limits)
    return Draft(
        title=title,
        organisation=ORGANISATION,
        sector=SECTOR,
        period=PERIOD,
        forms=tuple(FormDraft(form.id) for form in forms) or (FormDraft(INSTRUMENT),),
        subjects=subjects(contests, forms),
        classes=(
            ClassDraft("党员", "Party members", slips[0], WEIGHTS[0]),
            ClassDraft("群众", "Public", slips[1], WEIGHTS[1]),
        ),
        rules=replace(
            USUAL_RULES,
            positive=usual_positive(forms),
            quota=2,
            award=AWARD,
            members=slips[0] if shares else 0,
        ),
        publish_factors=False,
        demonstration=demonstration,
        tellers=TELLERS[:tellers],
        quorum=quorum,
        signer=signer,
    )

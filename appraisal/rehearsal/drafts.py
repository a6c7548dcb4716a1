"""What is rehearsed: a branch of a street community in the first period of the 2010 opinion.

The branch and its people are invented.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from appraisal.ballot_form import SubjectKind
from appraisal.manifest import Period, Subject
from appraisal.steps.draft import USUAL_RULES, ClassDraft, Draft, FormDraft

ORGANISATION: Final = "中共青松街道银杏社区支部委员会"
SECTOR: Final = "街道社区"
PERIOD: Final = Period("2010-04-07", "2010-12-31", "党员作风建设年活动")
AWARD: Final = "群众心目中的好党员"
INSTRUMENT: Final = "three-key-questions"
WEIGHTS: Final = (60, 40)

BRANCH: Final = Subject(SubjectKind.ORGANISATION, "银杏社区党支部", "")
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


def subjects(count: int) -> tuple[Subject, ...]:
    """The branch and its members, `count` in all; past the named ones they are numbered."""
    more = count - 1 - len(MEMBERS)
    numbered = (Subject(SubjectKind.PERSON, f"党员{i + 1}号", "") for i in range(more))
    return (BRANCH, *MEMBERS, *numbered)[:count]


def draft(
    *,
    title: str,
    slips: tuple[int, int],
    contests: int = 1 + len(MEMBERS),
    demonstration: bool,
    tellers: int = 0,
    quorum: int = 0,
    signer: str = "",
) -> Draft:
    """A session of this branch with so many slips for members and for the public.

    `tellers`: how many keep the opening keys, none if the service does; `signer`: where an enrolled
    second signer answers.
    """
    return Draft(
        title=title,
        organisation=ORGANISATION,
        sector=SECTOR,
        period=PERIOD,
        forms=(FormDraft(INSTRUMENT),),
        subjects=subjects(contests),
        classes=(
            ClassDraft("党员", "Party members", slips[0], WEIGHTS[0]),
            ClassDraft("群众", "Public", slips[1], WEIGHTS[1]),
        ),
        rules=replace(USUAL_RULES, quota=2, award=AWARD),
        publish_factors=False,
        demonstration=demonstration,
        tellers=TELLERS[:tellers],
        quorum=quorum,
        signer=signer,
    )

"""Sessions of every kind of ballot form, for phones to vote in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

from appraisal import instruments
from appraisal.ballot_form import Instrument, SubjectKind, Text
from appraisal.manifest import Subject
from appraisal.steps.draft import CommentsDraft, Draft, FormDraft, LimitDraft
from appraisal.steps.library import keep
from appraisal.steps.service import Service
from tests.browser.phone import Booth
from tests.voting_session import VotingSession, draft, prepare

PERSON, ORGANISATION = SubjectKind.PERSON, SubjectKind.ORGANISATION
PLEDGE: Final = "每季度走访困难党员和群众不少于两次。"
LONG: Final = "中国邮政集团有限公司北京市朝阳区分公司团结湖支局党支部"
PEOPLE: Final = (
    Subject(PERSON, "王建华", "支部书记", PLEDGE),
    Subject(PERSON, "李秀英", "组织委员"),
    Subject(PERSON, "欧阳明珺", ""),
    Subject(PERSON, "王建华", "青年志愿者服务队"),
    Subject(PERSON, "买买提·阿布都热合曼·艾合买提", "社区保安队副队长兼夜间巡逻组组长"),
    Subject(PERSON, "刘喆", ""),
)
BRANCHES: Final = tuple(
    Subject(ORGANISATION, name, "") for name in ("银杏社区党支部", LONG, "第二小学党总支")
)
COMMENTS: Final = CommentsDraft("对支部工作的意见", "Comments on the branch", readers=("张书记",))


def two_ticks() -> Instrument:
    """The shortcomings, of which two may be ticked."""
    shipped = instruments.load("problems")
    (question,) = shipped.questions
    two = replace(question, most=2, text=Text("存在问题", "Shortcomings"))
    return replace(shipped, id="two-problems", questions=(two,))


def noted() -> Instrument:
    """五带头, none of it required, with the ten negative behaviours beside it."""
    shipped = instruments.load("five-lead")
    return replace(
        shipped,
        id="noted-lead",
        questions=tuple(replace(one, required=False) for one in shipped.questions),
        instruction=Text("请对照公开承诺评议。", "Please compare with the commitment."),
        notes=instruments.load("overall-grade").notes,
    )


@dataclass(frozen=True)
class Kind:
    """A session's forms, whom they ask about, and the rules that differ from the usual ones."""

    forms: tuple[FormDraft, ...]
    subjects: tuple[Subject, ...]
    rules: dict[str, Any]
    comments: CommentsDraft | None = None


def kind(
    *forms: FormDraft,
    subjects: tuple[Subject, ...],
    comments: CommentsDraft | None = None,
    **rules: Any,
) -> Kind:
    return Kind(forms, subjects, {"self_appraisal": False, **rules}, comments)


KINDS: Final = {
    "card": kind(FormDraft("noted-lead"), subjects=PEOPLE[:2]),
    "ticks": kind(FormDraft("two-problems"), subjects=PEOPLE[:1]),
    "score": kind(FormDraft("score-100"), subjects=PEOPLE[:1]),
    "exactly": kind(
        FormDraft("select-exactly", limits=(LimitDraft(2, 2), LimitDraft(3, 3))),
        subjects=BRANCHES + PEOPLE,
    ),
    "at most": kind(FormDraft("select-persons"), subjects=PEOPLE),
    "share": kind(FormDraft("overall-grade"), subjects=PEOPLE, members=8),
    "comments": kind(FormDraft("approve"), subjects=PEOPLE[:1], comments=COMMENTS),
}


def voting(booth: Booth, wanted: Kind, **rules: Any) -> VotingSession:
    """A session of this kind that is voting, with six slips of one class."""
    usual = draft(slips=(6,))
    given = replace(
        usual,
        forms=wanted.forms,
        subjects=wanted.subjects,
        rules=replace(usual.rules, **(wanted.rules | rules)),
        comments=wanted.comments,
    )
    _learn(booth.service, given)
    return prepare(booth.service, given=given)


def _learn(service: Service, given: Draft) -> None:
    organisation = service.office.organisation(given.organisation)
    for own in (two_ticks(), noted()):
        keep(service, organisation, own)


def link_into(session: VotingSession, booth: Booth, serial: int = 1) -> str:
    """What a slip of this session holds."""
    code, fingerprint = session.code(serial), session.manifest.fingerprint
    return f"{booth.server.url}/v/{session.id}#{code}.{fingerprint}"

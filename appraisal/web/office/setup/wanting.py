"""What a draft still wants before it can be frozen, and what is allowed but may be a slip."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Final

from flask_babel import gettext

from appraisal.ballot_form import Instrument, SubjectKind, bounds_of
from appraisal.errors import StepError
from appraisal.manifest import Subject
from appraisal.steps.contests import contests_of
from appraisal.steps.draft import CommentsDraft, Draft
from appraisal.steps.draft_checks import appraised_tellers, check
from appraisal.web.office.refusals import appraised_words, floor_words, refusal_words
from appraisal.web.office.setup.ballots_form import standing
from appraisal.web.office.words import texted

FIELD: Final[Mapping[str, str]] = {
    "title-missing": "title",
    "organisation-missing": "organisation",
    "sector-unknown": "sector",
    "period-wrong": "period",
    "forms-missing": "ballots",
    "instrument-unknown": "ballots",
    "form-changed": "ballots",
    "form-asks-nobody": "ballots",
    "form-twice": "ballots",
    "subject-without-form": "ballots",
    "contests-too-many": "ballots",
    "ballot-too-long": "ballots",
    "cast-too-large": "subjects",
    "manifest-too-large": "subjects",
    "members-missing": "members",
    "limit-nobody": "ballots",
    "limit-impossible": "ballots",
    "comments-unread": "comment_readers",
    "positive-nobody": "positive",
    "subjects-missing": "subjects",
    "subjects-too-many": "subjects",
    "subject-twice": "subjects",
    "classes-missing": "classes",
    "class-name-missing": "classes",
    "quorum-wrong": "quorum",
    "teller-twice": "tellers",
    "teller-appraised": "tellers",
}
"""Where on the session form a want is mended; what is not here is mended at its top."""


def wanting(draft: Draft, library: Mapping[str, Instrument]) -> list[tuple[str, str]]:
    """(id of the field, sentence) for what must be mended before the session can be frozen."""
    found: list[tuple[str, str]] = []
    if not draft.subjects:
        found.append(("subjects", gettext("还没有评议对象：请填写、粘贴或上传名单。")))
    if not draft.classes:
        found.append(("classes", gettext("还没有票种：至少要有一个，例如“党员”。")))
    total = sum(c.weight for c in draft.classes)
    if draft.classes and total != 100:
        found.append(
            ("classes", gettext("各票种的权重合计是 %(total)s%%，应为 100%%。", total=total))
        )
    for name, times in Counter(c.name_zh for c in draft.classes).items():
        if times > 1:
            found.append(("classes", gettext("票种“%(name)s”写了两次。", name=name)))
    for number, row in enumerate(draft.classes):
        if row.slips < draft.rules.floor:
            said = floor_words(row.name_zh, slips=row.slips, floor=draft.rules.floor)
            found.append((f"classes-{number}-slips", said))
    found.extend(
        (
            "subjects",
            gettext("评议对象“%(name)s”写了两次。", name=f"{s.name} {s.post}".strip()),
        )
        for s in _twice(draft.subjects)
    )
    found.extend(("tellers", appraised_words(name)) for name in appraised_tellers(draft))
    # Many wants are told at once; whatever else there is, one after the other.
    return found or _first(draft, library)


def notices(
    draft: Draft, library: Mapping[str, Instrument], *, accounts: Sequence[str]
) -> list[str]:
    """What is allowed but may be a slip of the pen, or has a price.

    `accounts` are the names of those of the organisation who may sign in.
    """
    return [
        *_of_forms(draft, library),
        *_of_rules(draft),
        *_of_names(draft.subjects),
        *_of_readers(draft.comments, Counter(accounts)),
    ]


def _first(draft: Draft, library: Mapping[str, Instrument]) -> list[tuple[str, str]]:
    try:
        check(draft, library)
    except StepError as error:
        return [(FIELD.get(error.code, "title"), refusal_words(error))]
    return []


def _of_forms(draft: Draft, library: Mapping[str, Instrument]) -> list[str]:
    planned = contests_of(
        replace(draft, forms=tuple(f for f in draft.forms if standing(f, library))), library
    )
    found = []
    for contest in planned.contests:
        instrument = planned.instruments[contest.instrument]
        if not instrument.whole:
            continue
        found.append(whole_words(instrument))
        kinds = tuple(planned.subjects[number].kind for number in contest.subjects)
        limits = bounds_of(instrument, kinds, members=draft.rules.members)
        found.extend(
            gettext(
                "“%(form)s”至多 %(most)s 个，可选的对象只有 %(subjects)s 个："
                "等于没有限制。要限制的，请填写较小的“至多”。",
                form=texted(instrument.title),
                most=bounds.most,
                subjects=len(bounds.subjects),
            )
            for bounds in limits
            if bounds.least == 0 < len(bounds.subjects) <= bounds.most
        )
        tight = any(
            bounds.least >= len(bounds.subjects) > 0
            and SubjectKind.PERSON in {kinds[place] for place in bounds.subjects}
            for bounds in limits
        )
        if tight and not draft.rules.self_appraisal:
            found.append(
                gettext(
                    "“%(form)s”要把名单里的对象全部选上，又请评议对象不评自己："
                    "评议对象投的票会因为少选而无效。请减少“至少”，"
                    "或把“评议对象自己也投票的”改为可以评自己。",
                    form=texted(instrument.title),
                )
            )
    return found


def whole_words(instrument: Instrument) -> str:
    """What a form with limits costs."""
    return gettext(
        "“%(form)s”有名额限制，所以全部对象排在同一张票上：开箱后公布的是整张票，"
        "填法特别的票，熟人可能认得出来。对象多、投票人少的，请慎用。",
        form=texted(instrument.title),
    )


def _of_rules(draft: Draft) -> list[str]:
    rules, found = draft.rules, []
    persons = sum(s.kind is SubjectKind.PERSON for s in draft.subjects)
    if rules.quota > persons:
        found.append(
            gettext(
                "推荐名额是 %(quota)s 人，名单里的个人只有 %(persons)s 个：请核对名额。",
                quota=rules.quota,
                persons=persons,
            )
        )
    if 0 < rules.members < persons:
        found.append(
            gettext(
                "党员总数填的是 %(members)s 人，名单里的个人却有 %(persons)s 个：请核对党员总数。",
                members=rules.members,
                persons=persons,
            )
        )
    organisations = len(draft.subjects) - persons
    if rules.quota_organisations is not None and rules.quota_organisations > organisations:
        found.append(
            gettext(
                "组织的推荐名额是 %(quota)s 个，名单里的组织只有 %(organisations)s 个："
                "请核对名额。",
                quota=rules.quota_organisations,
                organisations=organisations,
            )
        )
    slips = sum(c.slips for c in draft.classes)
    entitled = sum(c.entitled or c.slips for c in draft.classes)
    if rules.attendance and entitled and not rules.attendance.reached(Fraction(slips, entitled)):
        found.append(
            gettext(
                "应到 %(entitled)s 人，选票凭证只有 %(slips)s 张：全部发出也达不到到会要求。",
                entitled=entitled,
                slips=slips,
            )
        )
    return found


def _of_names(subjects: Sequence[Subject]) -> list[str]:
    names = Counter(s.name for s in subjects)
    twice = {subject.name for subject in _twice(subjects)}
    return [
        gettext(
            "有 %(times)s 个评议对象都叫“%(name)s”，选票上只靠职务区分：请核对职务。",
            times=times,
            name=name,
        )
        for name, times in names.items()
        if times > 1 and name not in twice
    ]


def _of_readers(comments: CommentsDraft | None, accounts: Counter[str]) -> list[str]:
    """Readers of comments are known by the names of their accounts alone."""
    found = []
    for name in comments.readers if comments else ():
        if not accounts[name]:
            found.append(
                gettext(
                    "看意见的“%(name)s”在本单位没有同名的账号，开箱以后看不到意见："
                    "请写账号上的姓名，或请管理员添加账号。",
                    name=name,
                )
            )
        elif accounts[name] > 1:
            found.append(
                gettext(
                    "本单位有 %(times)s 个账号都叫“%(name)s”，都会看到意见。",
                    times=accounts[name],
                    name=name,
                )
            )
    return found


def _twice(subjects: Sequence[Subject]) -> list[Subject]:
    # Whatever either has promised.
    plain = Counter(replace(subject, commitment="") for subject in subjects)
    return [subject for subject, times in plain.items() if times > 1]

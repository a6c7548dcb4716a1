"""Between the session form and the draft of a session (`appraisal.steps.draft`)."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from flask_babel import gettext

from appraisal import instruments
from appraisal.ballot_form import SubjectKind
from appraisal.counting_rules import BelowFloor, EmptyClass, Rules
from appraisal.manifest import Period, Subject
from appraisal.manifest_rules import SECTORS
from appraisal.steps.draft import USUAL_RULES, ClassDraft, Draft, appraised_tellers
from appraisal.steps.signers import Enrolled
from appraisal.web.office import periods
from appraisal.web.office.forms import FRACTIONS, SessionForm, options
from appraisal.web.office.words import (
    appraised_words,
    floor_words,
    fraction_words,
    peer_name,
    period_words,
    sector_words,
    texted,
)

DEFAULT_INSTRUMENT = "three-key-questions"


def new_draft(*, organisation: str, sector: str, demonstration: bool) -> Draft:
    """A session as most branches hold it: members and others, the three key questions."""
    first = periods.OFFERED[0]
    return Draft(
        title=_title(organisation),
        organisation=organisation,
        sector=sector if sector in SECTORS else SECTORS[1],
        period=first.period,
        instrument=DEFAULT_INSTRUMENT,
        subjects=(Subject(SubjectKind.ORGANISATION, organisation, ""),),
        classes=(
            ClassDraft(name_zh="党员", name_en="Members", slips=24, weight=60),
            ClassDraft(name_zh="群众", name_en="Public", slips=16, weight=40),
        ),
        rules=replace(USUAL_RULES, quota=3, award=first.awards[0]),
        publish_factors=False,
        demonstration=demonstration,
    )


def fill_choices(form: SessionForm, draft: Draft, peers: Sequence[Enrolled]) -> None:
    """Give the form the choices that are data: periods, instruments, fractions, peers."""
    form.signer.choices = options(
        ("", gettext("不用")),
        *((peer.url, peer_name(peer.url, peers)) for peer in peers if peer.signs),
        *_dismissed([draft.signer] if draft.signer else [], peers),
    )
    form.witnesses.choices = options(
        *((peer.url, peer_name(peer.url, peers)) for peer in peers),
        *_dismissed(draft.witnesses, peers),
    )
    form.period.choices = options(
        *((o.id, period_words(o.period)) for o in periods.OFFERED), ("other", gettext("其他时段"))
    )
    form.sector.choices = options(*((s, sector_words(s)) for s in SECTORS))
    form.instrument.choices = options(*((i.id, texted(i.title)) for i in instruments.available()))
    for field, chosen in (
        (form.turnout, draft.rules.turnout),
        (form.positive, draft.rules.positive),
    ):
        fractions = list(FRACTIONS)
        own = f"{chosen[0]}/{chosen[1]}"
        if own not in fractions:
            fractions.append(own)
        field.choices = options(*((f, fraction_words(_fraction(f))) for f in fractions))


def form_data(draft: Draft) -> dict[str, object]:
    """What the form shows of a draft."""
    rules, period = draft.rules, draft.period
    return {
        "title": draft.title,
        "organisation": draft.organisation,
        "sector": draft.sector,
        "period": periods.offered(period) or "other",
        "period_start": _date(period.start),
        "period_end": _date(period.end),
        "period_theme": period.theme,
        "award": rules.award,
        "quota": rules.quota,
        "instrument": draft.instrument,
        "subjects": [
            {"kind": s.kind.value, "name": s.name, "post": s.post} for s in draft.subjects
        ],
        "classes": [
            {"name_zh": c.name_zh, "name_en": c.name_en, "slips": c.slips, "weight": c.weight}
            for c in draft.classes
        ],
        "floor": rules.floor,
        "below_floor": rules.below_floor.value,
        "empty_class": rules.empty_class.value,
        "turnout": f"{rules.turnout[0]}/{rules.turnout[1]}",
        "positive": f"{rules.positive[0]}/{rules.positive[1]}",
        "custody": "tellers" if draft.tellers else "custodian",
        "tellers": "\n".join(draft.tellers),
        "quorum": draft.quorum or None,
        "publish_factors": draft.publish_factors,
        "signer": draft.signer,
        "witnesses": list(draft.witnesses),
        "retention_months": draft.retention_months,
    }


def draft_of(form: SessionForm, *, earlier: Draft) -> Draft:
    """The draft that a form describes whose fields are each valid; what it does not show stays."""
    offered = next((o for o in periods.OFFERED if o.id == form.period.data), None)
    start, end = form.period_start.data, form.period_end.data
    period = (
        offered.period
        if offered
        else Period(
            start=start.isoformat() if start else "",
            end=end.isoformat() if end else "",
            theme=form.period_theme.text,
        )
    )
    return Draft(
        title=form.title.text,
        organisation=form.organisation.text,
        sector=form.sector.data,
        period=period,
        instrument=form.instrument.data,
        subjects=typed_subjects(form),
        classes=tuple(
            ClassDraft(
                name_zh=row.form.name_zh.text,
                name_en=row.form.name_en.data or row.form.name_zh.text,
                slips=row.form.slips.number,
                weight=row.form.weight.number,
            )
            for row in form.classes.entries
            if not row.form.blank
        ),
        rules=Rules(
            floor=form.floor.number,
            below_floor=BelowFloor(form.below_floor.data),
            empty_class=EmptyClass(form.empty_class.data),
            decimals=earlier.rules.decimals,
            turnout=_fraction(form.turnout.data),
            positive=_fraction(form.positive.data),
            quota=form.quota.number,
            award=form.award.text,
        ),
        publish_factors=form.publish_factors.data,
        demonstration=earlier.demonstration,
        tellers=form.teller_names,
        quorum=form.quorum.number if form.teller_names else 0,
        signer=form.signer.data,
        witnesses=tuple(form.witnesses.data or ()),
        retention_months=form.retention_months.number,
    )


def follow_organisation(form: SessionForm, *, shown: str) -> None:
    """Let the title and the first subject follow another organisation than the page has shown.

    Only where they still name the old one, and once: what is then typed again stays.
    """
    old, new = shown, form.organisation.text
    if not new or not old or new == old:
        return
    if form.title.text == _title(old):
        form.title.data = _title(new)
    rows = form.subjects.entries
    if rows and rows[0].form.name.text == old:
        rows[0].form.name.data = new


def typed_subjects(form: SessionForm) -> tuple[Subject, ...]:
    """The subjects of the rows that are used."""
    return tuple(
        Subject(SubjectKind(row.form.kind.data), row.form.name.text, row.form.post.text)
        for row in form.subjects.entries
        if row.form.name.data
    )


def wanting(draft: Draft) -> list[tuple[str, str]]:
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
    return found


def notices(draft: Draft) -> list[str]:
    """What is allowed but may be a slip of the pen."""
    names = Counter(s.name for s in draft.subjects)
    twice = {subject.name for subject in _twice(draft.subjects)}
    persons = sum(s.kind is SubjectKind.PERSON for s in draft.subjects)
    quota = draft.rules.quota
    found = []
    if quota > persons:
        found.append(
            gettext(
                "推荐名额是 %(quota)s 人，名单里的个人只有 %(persons)s 个：请核对名额。",
                quota=quota,
                persons=persons,
            )
        )
    return found + [
        gettext(
            "有 %(times)s 个评议对象都叫“%(name)s”：请用职务把他们区分开。", times=times, name=name
        )
        for name, times in names.items()
        if times > 1 and name not in twice
    ]


def _dismissed(chosen: Sequence[str], peers: Sequence[Enrolled]) -> list[tuple[str, str]]:
    """Peers that a draft names and that are not enrolled any more."""
    known = {peer.url for peer in peers}
    return [(url, peer_name(url, peers)) for url in chosen if url not in known]


def _title(organisation: str) -> str:
    """What a session is called unless somebody calls it otherwise."""
    return f"{organisation}党员民主评议"


def _twice(subjects: Sequence[Subject]) -> list[Subject]:
    return [subject for subject, times in Counter(subjects).items() if times > 1]


def _fraction(text: str) -> tuple[int, int]:
    top, _, bottom = text.partition("/")
    return int(top), int(bottom)


def _date(text: str) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None

"""Between the session form and the draft of a session (`appraisal.steps.draft`)."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import replace

from flask_babel import gettext

from appraisal.ballot_form import Instrument, SubjectKind
from appraisal.manifest import Period, Subject
from appraisal.manifest_rules import SECTORS
from appraisal.steps.draft import USUAL_RULES, ClassDraft, Draft, FormDraft
from appraisal.steps.signers import Enrolled
from appraisal.web.office.fields import options
from appraisal.web.office.setup import ballots_form, comments_form, periods, rules_form
from appraisal.web.office.setup.periods import period_words, sector_words
from appraisal.web.office.setup.session_form import SessionForm
from appraisal.web.office.words import peer_name

DEFAULT_INSTRUMENT = "three-key-questions"


def new_draft(*, organisation: str, sector: str, demonstration: bool) -> Draft:
    """A session as most branches hold it: members and others, the three key questions."""
    first = periods.OFFERED[0]
    return Draft(
        title=_title(organisation),
        organisation=organisation,
        sector=sector if sector in SECTORS else SECTORS[1],
        period=first.period,
        forms=(FormDraft(DEFAULT_INSTRUMENT),),
        subjects=(Subject(SubjectKind.ORGANISATION, organisation, ""),),
        classes=(
            ClassDraft(name_zh="党员", name_en="Members", slips=24, weight=60),
            ClassDraft(name_zh="群众", name_en="Public", slips=16, weight=40),
        ),
        rules=replace(USUAL_RULES, quota=3, award=first.awards[0]),
        publish_factors=False,
        demonstration=demonstration,
        by_strokes=True,
    )


def fill_choices(
    form: SessionForm, draft: Draft, peers: Sequence[Enrolled], library: Mapping[str, Instrument]
) -> None:
    """Give the form the choices that are data: periods, ballot forms, shares, peers."""
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
    ballots_form.offer_forms(form, library)
    rules_form.offer_thresholds(form, draft.rules)


def form_data(draft: Draft, library: Mapping[str, Instrument]) -> dict[str, object]:
    """What the form shows of a draft."""
    period = draft.period
    return {
        "title": draft.title,
        "organisation": draft.organisation,
        "sector": draft.sector,
        "period": periods.offered(period) or "other",
        "period_start": _date(period.start),
        "period_end": _date(period.end),
        "period_theme": period.theme,
        "forms": ballots_form.forms_data(draft.forms, library),
        "by_strokes": draft.by_strokes,
        "subjects": [subject_data(subject) for subject in draft.subjects],
        "classes": [
            {
                "name_zh": c.name_zh,
                "name_en": c.name_en,
                "entitled": c.entitled or None,
                "slips": c.slips,
                "weight": c.weight,
            }
            for c in draft.classes
        ],
        **comments_form.comments_data(draft.comments),
        **rules_form.rules_data(draft.rules),
        "custody": "tellers" if draft.tellers else "custodian",
        "tellers": "\n".join(draft.tellers),
        "quorum": draft.quorum or None,
        "publish_factors": draft.publish_factors,
        "signer": draft.signer,
        "witnesses": list(draft.witnesses),
        "retention_months": draft.retention_months,
    }


def subject_data(subject: Subject) -> dict[str, object]:
    """What the form shows of a subject."""
    return {
        "kind": subject.kind.value,
        "name": subject.name,
        "post": subject.post,
        "commitment": subject.commitment,
    }


def draft_of(form: SessionForm, *, earlier: Draft, library: Mapping[str, Instrument]) -> Draft:
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
        forms=ballots_form.forms_of(form, library),
        subjects=typed_subjects(form),
        by_strokes=form.by_strokes.data,
        classes=tuple(
            ClassDraft(
                name_zh=row.form.name_zh.text,
                name_en=row.form.name_en.data or row.form.name_zh.text,
                entitled=row.form.entitled.data or 0,
                slips=row.form.slips.number,
                weight=row.form.weight.number,
            )
            for row in form.classes.entries
            if not row.form.blank
        ),
        comments=comments_form.comments_of(form),
        rules=rules_form.rules_of(form),
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
        Subject(
            SubjectKind(row.form.kind.data),
            row.form.name.text,
            row.form.post.text,
            row.form.commitment.text,
        )
        for row in form.subjects.entries
        if row.form.name.data
    )


def _dismissed(chosen: Sequence[str], peers: Sequence[Enrolled]) -> list[tuple[str, str]]:
    """Peers that a draft names and that are not enrolled any more."""
    known = {peer.url for peer in peers}
    return [(url, peer_name(url, peers)) for url in chosen if url not in known]


def _title(organisation: str) -> str:
    """What a session is called unless somebody calls it otherwise."""
    return f"{organisation}党员民主评议"


def _date(text: str) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None

"""The nomination report 推荐报告: a session's results as an official document (GB/T 9704-2012).

Body, sign-off, annex 1 with the counting rules in words, annex 2 with what is needed to check the
figures, annex 3 with every one of them; the record itself is attached inside the PDF. The report
says what was counted and recommends by the session's declared rules; it decides nothing.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from io import BytesIO
from typing import Any, Final

import qrcode
from pikepdf import Pdf
from qrcode.constants import ERROR_CORRECT_M
from weasyprint import Attachment
from weasyprint.document import Document

from appraisal.ballot_form import QuestionKind, SubjectKind
from appraisal.documents import words
from appraisal.documents.detail import append_detail
from appraisal.documents.listing import (
    NONE,
    Block,
    alone,
    in_order,
    labels,
    listing,
    merged,
    returned,
    spread,
)
from appraisal.documents.ranking import by_votes
from appraisal.documents.rendering import Typesetter, missing, typesetter, written
from appraisal.documents.rules import condition_lines, rounding, rule_lines
from appraisal.documents.typography import headline
from appraisal.manifest import Manifest
from appraisal.tally.figures import printed
from appraisal.tally.openings import VoidReason
from appraisal.tally.results import GroupStatus, Outcome, Results, SlipCount, Status

VARIANT: Final = "pdf/a-3a"
"""PDF/A-3, tagged: kept for years, read aloud, and allowed to carry the record inside."""
TITLE_WIDTH: Final = 20
"""Characters of size 2号 in a line."""
ISSUER_WIDTH: Final = (20, 29)
"""Characters of the issuer's name in a line at the head, and of a very long name."""
SIGNED_WIDTH: Final = 24
SEAL_INDENT: Final = 4
"""Characters between the date and the right edge where a seal will press both (§7.3.5.1)."""
DATE_WIDTH: Final = 7
SHORT: Final = 4
"""As many questions the overview has a column for; with more it has the scores alone."""
NAMED: Final = 12
"""As many subjects are named in a sentence; of more the first, and their number."""
FINGERPRINT_GROUP: Final = 5


@dataclass(frozen=True)
class Report:
    """What a report is made of.

    `checkpoint` is the board's signed checkpoint after opening, `record` the public record's
    archive, `record_url` where it can be got, or the board's address if `published` says that
    nobody is given it. `begun`, `closed` and `counted` are the days on which voting began, the
    boxes were closed and the counting was done. `openers` are the tellers who handed in their
    factors, `cosigned` the witnesses whose signatures the checkpoint has, `enrolled` is what
    the office calls witnesses, by the name of their keys. `void` is why the session is void, if
    it is, `unstated` the further signers that stated no turnout, and `returned` are the ballots
    of each class in its fullest box, as the board has them: results do not tell those of a box
    that was merged, nor of a void session. `addressee` is the committee,
    `number` the document's number; both may be empty and are then filled in by hand.
    """

    manifest: Manifest
    results: Results
    checkpoint: str
    record: bytes
    record_url: str
    begun: datetime.date
    closed: datetime.date
    counted: datetime.date
    openers: Sequence[str] = ()
    cosigned: Sequence[str] = ()
    enrolled: Mapping[str, str] = field(default_factory=dict)
    void: VoidReason | None = None
    unstated: Sequence[str] = ()
    returned: Sequence[int] = ()
    published: bool = True
    addressee: str = ""
    number: str = ""


def report_pdf(report: Report, *, setter: Typesetter | None = None) -> bytes:
    """The report as PDF/A-3 with the record inside."""
    chosen = setter or typesetter()
    blocks = listing(report.manifest, report.results)
    pdf, lacking = _body(report, blocks, chosen, lacking=())
    if lacking:
        # A letter that no font on this machine has prints as a box; the report then says so.
        pdf, _ = _body(report, blocks, chosen, lacking=lacking)
    if not blocks:
        return pdf
    finished = BytesIO()
    with Pdf.open(BytesIO(pdf)) as whole:
        append_detail(
            whole,
            blocks,
            chosen,
            label="附件3",
            manifest=report.manifest,
        )
        whole.save(finished, deterministic_id=True)
    return finished.getvalue()


def _body(
    report: Report, blocks: Sequence[Block], setter: Typesetter, *, lacking: Sequence[str]
) -> tuple[bytes, tuple[str, ...]]:
    """Body and first annexes, and the letters that could not be printed."""
    values = _values(report, blocks, setter, lacking=lacking)
    document = setter.lay_out("report.html", variant=VARIANT, **values)
    return _finished(report, document), missing(document)


@dataclass(frozen=True)
class ClassRow:
    """One class in the table of slips and ballots; over the boxes figures may be a range."""

    name: str
    weight: int
    entitled: int
    slips: SlipCount
    returned: str
    valid: str
    spoilt: str
    rate: str
    merged: bool
    """Whether no box of the class was opened by itself."""

    @property
    def differs(self) -> bool:
        """Whether some figure is not the same in every box."""
        return any("～" in figure for figure in (self.returned, self.valid, self.spoilt))

    @property
    def withheld(self) -> bool:
        """Whether ballots came back and those of no box are told."""
        return not self.merged and self.valid == NONE


@dataclass(frozen=True)
class Column:
    """A column of the overview: its heading, and a figure for each subject."""

    head: str
    figures: Sequence[str]


@dataclass(frozen=True)
class Heading:
    """Subjects with one outcome, under a heading; `intro` may be empty."""

    title: str
    intro: str
    blocks: Sequence[Block]


def _values(
    report: Report, blocks: Sequence[Block], setter: Typesetter, *, lacking: Sequence[str]
) -> dict[str, Any]:
    """Everything that the template names."""
    manifest, results = report.manifest, report.results
    title = _title(report)
    kinds = {subject.kind for subject in manifest.subjects}
    return {
        "report": report,
        "manifest": manifest,
        "rules": manifest.rules,
        "rule_lines": rule_lines(manifest, "zh"),
        "conditions": condition_lines(manifest, "zh"),
        "rounding": rounding(manifest, "zh"),
        "words": words,
        "title": title,
        "headline": headline(title, width=TITLE_WIDTH),
        "issuer": headline(
            manifest.organisation, width=ISSUER_WIDTH[len(manifest.organisation) > 40]
        ),
        "signed": headline(manifest.organisation, width=SIGNED_WIDTH),
        "void": results.status is Status.VOID,
        "void_as": report.void.value if report.void else "",
        "uncosigned": [w.name for w in manifest.witnesses if w.name not in report.cosigned],
        "classes": (classes := tuple(_class_rows(report))),
        "differing": any(row.differs for row in classes),
        "each": len(manifest.contests) == len(manifest.subjects) > 1
        and not any(form.instrument.whole for form in manifest.forms),
        "slips": SlipCount(
            printed=sum(count.printed for count in results.slips),
            issued=sum(count.issued for count in results.slips),
            drawn=sum(count.drawn for count in results.slips),
            void=sum(count.void for count in results.slips),
        ),
        "blocks": blocks,
        "kinds": kinds,
        "persons": SubjectKind.PERSON in kinds,
        "organisations": SubjectKind.ORGANISATION in kinds,
        "columns": tuple(_columns(manifest, blocks)),
        "by_votes": by_votes(manifest),
        "choices": any(
            q.kind is QuestionKind.CHOICE for form in manifest.instruments for q in form.questions
        ),
        "headings": tuple(_headings(manifest, blocks)),
        "flagged": [block for block in blocks if block.flags],
        "withheld": tuple(_withheld_classes(manifest, results)),
        "checkpoint": report.checkpoint.rstrip("\n"),
        "root": report.checkpoint.splitlines()[2],
        "fingerprint": "-".join(
            manifest.fingerprint[i : i + FINGERPRINT_GROUP]
            for i in range(0, len(manifest.fingerprint), FINGERPRINT_GROUP)
        ),
        "record_hash": hashlib.sha256(report.record).hexdigest(),
        "where": "评议记录" if report.published else "公示板",
        "qr": _qr(report.record_url),
        "recommends": _recommends(manifest),
        "overhang": max(
            0.0,
            SEAL_INDENT
            - max(0.0, (min(len(manifest.organisation), SIGNED_WIDTH) - DATE_WIDTH) / 2),
        ),
        "absent": setter.absent,
        "lacking": [f"U+{ord(letter):04X}" for letter in lacking],
    }


def _title(report: Report) -> str:
    name, award = report.manifest.title, report.manifest.rules.award
    if report.results.status is Status.VOID:
        return f"关于{name}无效情况的报告"
    if not _recommends(report.manifest):
        return f"关于{name}结果的报告"
    persons = any(s.kind is SubjectKind.PERSON for s in report.manifest.subjects)
    named = award and persons and report.manifest.rules.quota
    return f"关于{name}结果及{f'“{award}”推荐对象' if named else '推荐情况'}的报告"


def _recommends(manifest: Manifest) -> bool:
    """Whether anybody can be recommended: a quota of nobody recommends nobody."""
    return any(words.quota_of(manifest.rules, s.kind) != 0 for s in manifest.subjects)


def _class_rows(report: Report) -> Iterator[ClassRow]:
    manifest, results = report.manifest, report.results
    for number, (voter_class, slips) in enumerate(
        zip(manifest.classes, results.slips, strict=True)
    ):
        own = alone(results, number)
        back = returned(results, number, report.returned)
        yield ClassRow(
            voter_class.name.zh,
            voter_class.weight,
            voter_class.entitled,
            slips,
            returned=spread(back),
            valid=spread(sorted({g.valid for g in own if g.valid is not None})),
            spoilt=spread(sorted({g.spoilt for g in own if g.spoilt is not None})),
            rate=spread(dict.fromkeys(_rate(manifest, count, slips.issued) for count in back)),
            merged=not own and merged(results, number),
        )


def _rate(manifest: Manifest, part: int, whole: int) -> str:
    return printed(Fraction(100 * part, whole or 1), manifest.rules.decimals)


def _columns(manifest: Manifest, blocks: Sequence[Block]) -> Iterator[Column]:
    """The questions as columns of the overview: of the one form with a scale, if they are few."""
    forms = [instrument for instrument in manifest.instruments if instrument.scaled]
    if len(forms) != 1:
        return
    (form,) = forms
    scaled = [number for number, question in enumerate(form.questions) if question.scaled]
    if len(scaled) > SHORT:
        return
    asked = [
        next((own.questions for own in block.forms if own.instrument is form), None)
        for block in blocks
    ]
    for number in scaled:
        question = form.questions[number]
        own = [questions[number] if questions else None for questions in asked]
        shares = [one.positive if one else NONE for one in own]
        if question.kind is QuestionKind.CHOICE:
            counted = [one.together if one else None for one in own]
            votes = [str(one.counts[0]) if one else NONE for one in counted]
            yield Column(f"{question.options[0].text.zh}\n得票", votes)
            yield Column("得票率", shares)
        else:
            # Alone, the question's name would be read as a second score.
            yield Column(question.text.zh if len(scaled) > 1 else "正面评价", shares)


def _headings(manifest: Manifest, blocks: Sequence[Block]) -> Iterator[Heading]:
    """Who is recommended, who qualifies, who is tied, and the rest."""
    rules = manifest.rules
    by_rank = sorted(blocks, key=lambda b: (b.result.rank or len(blocks) + 1, b.number))

    def found(*outcomes: Outcome, kind: SubjectKind | None = None) -> list[Block]:
        return [
            b for b in by_rank if b.result.outcome in outcomes and kind in {None, b.subject.kind}
        ]

    tied = found(Outcome.TIED)
    persons = found(Outcome.RECOMMENDED, kind=SubjectKind.PERSON)
    conditions = words.conditioned(rules)
    votes = by_votes(manifest)
    measure, equal = words.measure(by_votes=votes), words.equal_name(by_votes=votes)
    if any(s.kind is SubjectKind.PERSON for s in manifest.subjects) and not rules.quota:
        persons = found(Outcome.BELOW_QUOTA, kind=SubjectKind.PERSON)
        none = "没有符合条件的个人。" if conditions else "没有可以排列的个人。"
        intro = f"不设个人推荐名额，按{measure}排列。" if persons else none
        yield Heading("符合条件的个人" if conditions else "个人（不设条件）", intro, persons)
    elif any(s.kind is SubjectKind.PERSON for s in manifest.subjects):
        award = f"为“{rules.award}”人选" if rules.award else ""
        if persons:
            intro = f"推荐下列{len(persons)}人{award}："
        elif any(b.subject.kind is SubjectKind.PERSON for b in tied):
            intro = f"没有可以直接推荐的个人，{equal}并列的见下。"
        else:
            intro = "没有可以推荐的个人。"
        yield Heading("推荐对象", intro, persons)
    organisations = found(Outcome.RECOMMENDED, kind=SubjectKind.ORGANISATION)
    if organisations:
        ranked = rules.quota_organisations is not None
        title = "符合条件的组织" if conditions else "组织（不设条件）"
        yield Heading("推荐的组织" if ranked else title, "", organisations)
    if tied:
        yield Heading(f"{equal}并列、待研究确定的对象", "", tied)
    others = [b for b in found(*REST) if b not in persons]
    if others:
        yield Heading("其他对象", "", others)


REST: Final = (Outcome.BELOW_QUOTA, Outcome.NOT_MET, Outcome.UNSCORED, Outcome.WITHHELD)


def _withheld_classes(manifest: Manifest, results: Results) -> Iterator[tuple[str, str, int]]:
    """Each group that stays sealed: subjects, class, ballots; all subjects as one where alike."""
    named, found = labels(manifest), dict[tuple[str, int], dict[int, None]]()
    for contest in results.contests:
        for group in contest.groups:
            if group.status is GroupStatus.WITHHELD:
                key = (words.classes_of(manifest, group), group.returned)
                subjects = manifest.contests[contest.contest].subjects
                found.setdefault(key, {}).update(dict.fromkeys(subjects))
    for (name, ballots), numbers in found.items():
        ordered = [named[number] for number in in_order(manifest) if number in numbers]
        if len(ordered) == len(manifest.subjects):
            whose = "各评议对象"
        elif len(ordered) > NAMED:
            whose = f"{ordered[0]}等{len(ordered)}个评议对象"
        else:
            whose = words.listed(ordered)
        yield whose, name, ballots


def _qr(address: str) -> tuple[int, str]:
    """The QR code of an address: modules on a side, and one path of all dark ones."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=4)
    code.add_data(address)
    code.make()
    modules = code.get_matrix()
    path = "".join(
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(modules) for x, dark in enumerate(row) if dark
    )
    return len(modules), path


def _finished(report: Report, document: Document) -> bytes:
    stamp = datetime.datetime.combine(report.counted, datetime.time())
    document.metadata.attachments = [
        Attachment(
            file_obj=BytesIO(report.record),
            name=f"record-{report.manifest.session}.zip",
            description="评议记录（record）",
            created=stamp,
            modified=stamp,
            relationship="Data",
        )
    ]
    return written(document, VARIANT)

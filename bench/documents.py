"""Slips, report and result sheets: how fast the paper comes.

Slips: 2,000 into one finished PDF. Reference: the plain way, WeasyPrint with one SVG a slip on the
same sheets, on fewer slips. Report: thirty subjects, two classes, three questions; its reference is
the limit of the project, 5 seconds. Sheets: every kind of a hundred subjects, the feedback and the
workbook; the limit is 15 seconds. Runs of both kinds take turns; values are medians.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial

import qrcode
from qrcode.constants import ERROR_CORRECT_M
from qrcode.image.svg import SvgPathImage
from weasyprint import HTML

from appraisal.ballot_form import SubjectKind
from appraisal.ballots.slips import grouped, slip_link
from appraisal.documents.report import report_pdf
from appraisal.documents.sheets.feedback import Feedback
from appraisal.documents.sheets.pdf import feedback_pdf, kinds_of, sheets_pdf
from appraisal.documents.sheets.session import CountedSession
from appraisal.documents.slips import slips_pdf
from appraisal.documents.spreadsheets import results_xlsx
from appraisal.manifest import Manifest, Subject
from tests.documents import factory

SLIPS = 2000
REFERENCE_SLIPS = 160
ROUNDS = 3
TARGET_SLIPS = 150
TARGET_REPORT = 5.0
SHEET_SUBJECTS = 100
TARGET_SHEETS = 15.0
BASE_URL = "https://pingyi.example.org"


def run() -> Iterator[dict[str, object]]:
    """The metrics: slips a second, seconds a report, and seconds for all sheets of a session."""
    yield _slips()
    yield _report()
    yield _sheets()


def _slips() -> dict[str, object]:
    manifest = factory.manifest(classes=[("党员", SLIPS // 2, 60), ("群众", SLIPS // 2, 40)])
    slips = factory.slips(manifest)
    fewer = slips[:REFERENCE_SLIPS]
    turns = [
        (
            SLIPS / _seconds(partial(slips_pdf, manifest, slips, base_url=BASE_URL)),
            REFERENCE_SLIPS / _seconds(partial(_one_svg_each, manifest, fewer)),
        )
        for _ in range(ROUNDS)
    ]
    value, reference = (statistics.median(side) for side in zip(*turns, strict=True))
    return {
        "name": f"slips: {SLIPS} into a finished PDF; reference: WeasyPrint with one SVG each",
        "value": round(value, 1),
        "unit": "slips/s",
        "reference": round(reference, 1),
        "ratio": round(value / reference, 2),
        "target": TARGET_SLIPS,
        "met": value >= TARGET_SLIPS,
    }


def _one_svg_each(manifest: Manifest, slips: Sequence[factory.Slip]) -> bytes:
    """The same slips the plain way: the page laid out whole, a drawing a slip."""
    parts: list[str] = []
    for slip in slips:
        code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, mask_pattern=2)
        code.add_data(
            slip_link(
                BASE_URL,
                session=manifest.session,
                code=slip.code,
                fingerprint=manifest.fingerprint,
            )
        )
        image = code.make_image(image_factory=SvgPathImage).to_string(encoding="unicode")
        parts.append(
            f"<div>{image}<p>{manifest.title}</p><p>{grouped(slip.code)}</p><p>{slip.serial}</p></div>"
        )
    style = (
        "@page{size:A4;margin:0}div{float:left;width:105mm;height:72mm;break-inside:avoid;"
        "font-family:'Noto Sans CJK SC'}svg{width:37mm;height:37mm}p{margin:0}"
    )
    return bytes(HTML(string=f"<style>{style}</style>{''.join(parts)}").write_pdf())


def _report() -> dict[str, object]:
    given = ("建国", "秀兰", "喆", "志强", "桂芝")
    names = [surname + name for surname in "王李张刘陈杨" for name in given]
    subjects = (
        Subject(SubjectKind.ORGANISATION, factory.BRANCH, ""),
        *factory.persons(names[:29]),
    )
    manifest = factory.manifest(subjects=subjects)
    report = factory.report(manifest, factory.results(manifest))
    value = statistics.median(_seconds(partial(report_pdf, report)) for _ in range(ROUNDS))
    return {
        "name": f"report PDF of {len(subjects)} subjects; reference: the limit",
        "value": round(value, 2),
        "unit": "s",
        "reference": TARGET_REPORT,
        "ratio": round(value / TARGET_REPORT, 2),
        "target": TARGET_REPORT,
        "met": value <= TARGET_REPORT,
    }


def _sheets() -> dict[str, object]:
    surnames, given = "王李张刘陈杨赵黄周吴", ("建国", "秀兰", "喆", "志强", "桂芝")
    names = [f"{surname}{name}" for name in (*given, *given[::-1]) for surname in surnames]
    manifest = factory.manifest(subjects=factory.persons(names))
    session = factory.counted(manifest)
    value = statistics.median(_seconds(partial(_all_sheets, session)) for _ in range(ROUNDS))
    return {
        "name": f"all sheets of {SHEET_SUBJECTS} subjects, PDF and XLSX; reference: the limit",
        "value": round(value, 2),
        "unit": "s",
        "reference": TARGET_SHEETS,
        "ratio": round(value / TARGET_SHEETS, 2),
        "target": TARGET_SHEETS,
        "met": value <= TARGET_SHEETS,
    }


def _all_sheets(session: CountedSession) -> None:
    for kind in kinds_of(session.manifest):
        sheets_pdf(session, kind)
    feedback_pdf(session, dict.fromkeys(range(SHEET_SUBJECTS), Feedback()))
    results_xlsx(session.manifest, session.results, session.reasons)


def _seconds(job: Callable[[], object]) -> float:
    start = time.perf_counter()
    job()
    return time.perf_counter() - start

"""Result sheets as PDF: one file of a kind, portrait or landscape, drawn and tagged."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import Enum
from functools import partial
from io import BytesIO
from typing import Final

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf

from appraisal.ballot_form import QuestionKind
from appraisal.documents.flow import (
    LANDSCAPE,
    PORTRAIT,
    Faces,
    Paper,
    Sheet,
    append,
    bookmarks_of,
    drawn,
    fitted,
    fonts_for,
)
from appraisal.documents.rendering import Typesetter, colour_profile, typesetter
from appraisal.documents.sheets.feedback import Feedback, feedback_sheets
from appraisal.documents.sheets.items import item_sheets
from appraisal.documents.sheets.selection import selection_sheets
from appraisal.documents.sheets.session import CountedSession
from appraisal.documents.sheets.subjects import subject_sheets
from appraisal.documents.sheets.summary import summary_sheet
from appraisal.documents.sheets.void import void_sheet
from appraisal.manifest import Manifest


class SheetKind(Enum):
    """The kinds of sheets: by subject, by item, all subjects in one table, a selection's votes."""

    SUBJECTS = "subjects"
    ITEMS = "items"
    SUMMARY = "summary"
    SELECTION = "selection"


class Orientation(Enum):
    """How A4 paper stands."""

    PORTRAIT = "portrait"
    LANDSCAPE = "landscape"


USUAL: Final = {
    SheetKind.SUBJECTS: Orientation.PORTRAIT,
    SheetKind.ITEMS: Orientation.LANDSCAPE,
    SheetKind.SUMMARY: Orientation.LANDSCAPE,
    SheetKind.SELECTION: Orientation.PORTRAIT,
}
"""How each kind is printed unless somebody wants it otherwise."""
NAMES: Final = {
    SheetKind.SUBJECTS: "民主测评结果表",
    SheetKind.ITEMS: "民主测评分项结果表",
    SheetKind.SUMMARY: "民主测评结果汇总表",
    SheetKind.SELECTION: "推荐情况表",
}
_PAPERS: Final = {Orientation.PORTRAIT: PORTRAIT, Orientation.LANDSCAPE: LANDSCAPE}


def kinds_of(manifest: Manifest) -> tuple[SheetKind, ...]:
    """The kinds of sheets that a session has: a selection's only if its forms select."""
    chooses = any(
        question.kind is QuestionKind.CHOICE
        for instrument in manifest.instruments
        for question in instrument.questions
    )
    return tuple(kind for kind in SheetKind if chooses or kind is not SheetKind.SELECTION)


def sheets_pdf(
    session: CountedSession,
    kind: SheetKind,
    orientation: Orientation | None = None,
    *,
    setter: Typesetter | None = None,
) -> bytes:
    """All sheets of a kind; of a void session one that says so."""
    paper = _PAPERS[orientation or USUAL[kind]]

    def compose(faces: Faces) -> Iterable[Sheet]:
        if session.is_void:
            return [void_sheet(session, faces, paper)]
        return _sheets(kind, session, faces, paper)

    return _pdf(session, NAMES[kind], compose, paper, setter or typesetter())


def feedback_pdf(
    session: CountedSession,
    given: Mapping[int, Feedback],
    *,
    setter: Typesetter | None = None,
) -> bytes:
    """The feedback sheets of these subjects, by number in the manifest; none of a void session."""

    def compose(faces: Faces) -> Iterator[Sheet]:
        return feedback_sheets(session, given, faces, PORTRAIT)

    return _pdf(session, "民主测评结果反馈单", compose, PORTRAIT, setter or typesetter())


def _sheets(
    kind: SheetKind, session: CountedSession, faces: Faces, paper: Paper
) -> Iterable[Sheet]:
    match kind:
        case SheetKind.SUBJECTS:
            return subject_sheets(session, faces, paper)
        case SheetKind.ITEMS:
            return item_sheets(session, faces, paper)
        case SheetKind.SUMMARY:
            return [fitted(partial(summary_sheet, session, faces), paper)]
        case SheetKind.SELECTION:
            return selection_sheets(session, faces, paper)


def _pdf(
    session: CountedSession,
    name: str,
    compose: Callable[[Faces], Iterable[Sheet]],
    paper: Paper,
    setter: Typesetter,
) -> bytes:
    finished = BytesIO()
    with Pdf.new() as pdf:
        _describe(pdf, f"{session.manifest.title}：{name}", session.manifest.organisation)
        fonts = fonts_for(pdf, setter, compose, paper, demonstration=session.manifest.demonstration)
        leaves = list(drawn(compose(fonts.faces), fonts.faces, paper))
        append(pdf, leaves, fonts, paper)
        with pdf.open_outline() as outline:
            outline.root.extend(bookmarks_of(leaves, paper, first=0))
        pdf.save(finished, deterministic_id=True, min_version="1.7")
    return finished.getvalue()


def _describe(pdf: Pdf, title: str, author: str) -> None:
    """Title, language, colours as of PDF/A-2u, and an empty structure for what is appended."""
    root = pdf.Root
    root.Lang = pikepdf.String("zh-CN")
    root.MarkInfo = Dictionary(Marked=True)
    root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    profile = pdf.make_stream(colour_profile())
    profile.N = 3
    root.OutputIntents = Array(
        [
            Dictionary(
                Type=Name.OutputIntent,
                S=Name.GTS_PDFA1,
                OutputConditionIdentifier=pikepdf.String("sRGB"),
                DestOutputProfile=profile,
            )
        ]
    )
    with pdf.open_metadata(set_pikepdf_as_editor=False) as metadata:
        metadata["dc:title"] = title
        metadata["dc:creator"] = [author]
        metadata["dc:language"] = ["zh-CN"]
        metadata["pdfaid:part"] = "2"
        metadata["pdfaid:conformance"] = "U"
    document = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document, K=Array([])))
    tree = pdf.make_indirect(
        Dictionary(
            Type=Name.StructTreeRoot, K=Array([document]), ParentTree=Dictionary(Nums=Array([]))
        )
    )
    document.P = tree
    root.StructTreeRoot = tree

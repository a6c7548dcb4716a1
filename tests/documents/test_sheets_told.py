"""What a result sheet says beside its figures: legible labels, and no share that cannot be."""

from __future__ import annotations

import re
from dataclasses import replace

import pypdfium2
import pytest

from appraisal.counting_rules import BelowFloor, Threshold
from appraisal.documents.rules import rule_lines
from appraisal.documents.sheets.pdf import Orientation, SheetKind, sheets_pdf
from appraisal.instruments import load
from appraisal.manifest import Manifest
from appraisal.tally.summary import Language
from tests.documents import factory
from tests.documents.test_sheets import pages, selection, sheets_of, text_of

THIRD = Threshold((1, 3), over=False)
ORIENTATIONS = tuple(Orientation)


@pytest.mark.parametrize("orientation", ORIENTATIONS)
@pytest.mark.parametrize("kind", [SheetKind.SUBJECTS, SheetKind.ITEMS])
def test_classes_that_were_merged_have_a_name_that_fits(
    kind: SheetKind, orientation: Orientation
) -> None:
    manifest = factory.manifest(
        classes=(("党员", 24, 60), ("居民和驻区单位群众代表", 16, 40)),
        below_floor=BelowFloor.MERGE,
    )
    session = replace(factory.counted(manifest, withheld=(1,)), returned=(23, 3))
    text = text_of(session, kind, orientation)
    assert "合并" in text
    assert "各票种收回：党员23张、居民和驻区单位群众代表3张" in text
    assert "…" not in text


@pytest.mark.parametrize("orientation", ORIENTATIONS)
def test_a_name_of_a_class_is_not_shortened_where_there_is_room(orientation: Orientation) -> None:
    manifest = factory.manifest(classes=(("A票（领导班子）", 24, 60), ("C票（群众代表）", 16, 40)))
    text = text_of(factory.counted(manifest), SheetKind.SUBJECTS, orientation)
    assert "…" not in text


@pytest.mark.parametrize("kind", [SheetKind.SUBJECTS, SheetKind.ITEMS])
def test_a_choice_has_no_negative_share(kind: SheetKind) -> None:
    text = text_of(factory.counted(selection(negative=THIRD)), kind)
    assert "得票率" in text
    assert "负面（%）" not in text
    assert "即警示" not in text
    graded = text_of(factory.counted(factory.manifest(negative=THIRD)), kind)
    assert "负面（%）" in graded


def test_the_rules_are_put_in_words_once_however_many_sheets_tell_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """They are found from all subjects: once a sheet, a session of 2,000 took minutes for it."""
    asked: list[Manifest] = []

    def counting(manifest: Manifest, language: Language) -> list[tuple[str, str]]:
        asked.append(manifest)
        return rule_lines(manifest, language)

    monkeypatch.setattr("appraisal.documents.sheets.session.rule_lines", counting)
    assert len(pages(sheets_pdf(factory.counted(factory.manifest()), SheetKind.SUBJECTS))) > 1
    assert len(asked) == 1


@pytest.mark.parametrize("orientation", ORIENTATIONS)
@pytest.mark.parametrize("form", ["three-key-questions", "problems", "select-persons"])
def test_no_note_ends_in_a_line_of_a_word(form: str, orientation: Orientation) -> None:
    manifest = factory.manifest(
        subjects=factory.persons(factory.SIX), instruments=(load(form),), trim=1
    )
    pdf = sheets_pdf(factory.counted(manifest), SheetKind.SUBJECTS, orientation)
    with pypdfium2.PdfDocument(pdf) as document:
        text = document[0].get_textpage().get_text_range()
    notes = text[text.index("注：") : text.index("监票人：")]
    lines = [
        line
        for line in re.sub(r"\s", "\n", notes).split("\n")
        if not re.match(r"(注：)?\d?\.?$", line)
    ]
    assert min(map(len, lines)) > 4


def test_organisations_and_persons_stand_below_their_own_heading() -> None:
    """Each kind has a rank 1 of its own."""
    text = text_of(factory.counted(selection(quota_organisations=2)), SheetKind.SELECTION)
    assert text.index("组织1枣林社区第一党支部") < text.index("个人5")
    only = factory.manifest(
        subjects=factory.persons(factory.SIX), instruments=(load("select-persons"),)
    )
    text = text_of(factory.counted(only), SheetKind.SELECTION)
    assert "群众合计1" in text, "the first row follows the head"


@pytest.mark.parametrize("kind", [SheetKind.SUBJECTS, SheetKind.ITEMS, SheetKind.SUMMARY])
def test_what_was_left_out_of_a_score_is_said(kind: SheetKind) -> None:
    """Nobody who works out a score from the printed counts comes to another without a reason."""
    assert "去掉1个最高分和1个最低分" in text_of(factory.counted(factory.manifest(trim=1)), kind)
    assert "最高分" not in text_of(factory.counted(factory.manifest()), kind)


def test_a_share_that_is_to_be_exceeded_was_not_exceeded() -> None:
    half = Threshold((1, 1), over=False)
    text = text_of(factory.counted(factory.manifest(attendance=half)), SheetKind.SUBJECTS)
    assert "（未达到）" in text
    over = Threshold((99, 100), over=True)
    text = text_of(factory.counted(factory.manifest(attendance=over)), SheetKind.SUBJECTS)
    assert "须超过99%" in text
    assert "%（未超过）" in text


def test_ballots_of_several_forms_are_told_once_where_they_are_alike() -> None:
    forms = (load("approve"), load("problems"))
    manifest = factory.manifest(subjects=factory.persons(factory.SIX), instruments=forms)
    alike = sheets_of(pages(sheets_pdf(factory.counted(manifest, spoilt=0), SheetKind.SUBJECTS)))
    for text in alike:
        assert text.count("权重（%）") == 1
        assert "各测评表的选票" in text
        assert "《推荐对象民意测评》" in text
        assert "《存在问题》" in text
    apart = sheets_of(pages(sheets_pdf(factory.counted(manifest, spoilt=1), SheetKind.SUBJECTS)))
    assert apart[0].count("权重（%）") + apart[1].count("权重（%）") == 3, "one has a spoilt ballot"


@pytest.mark.parametrize("form", ["score-100", "approve", "four-grades", "satisfaction"])
def test_a_wide_sheet_of_one_question_is_one_page(form: str) -> None:
    """With two classes, of which one is withheld, and every rule."""
    manifest = factory.manifest(
        subjects=factory.persons(factory.SIX),
        instruments=(load(form),),
        attendance=THIRD,
        negative=THIRD,
    )
    session = factory.counted(manifest, withheld=(1,))
    found = pages(sheets_pdf(session, SheetKind.SUBJECTS, Orientation.LANDSCAPE))
    assert len(found) == len(factory.SIX)
    assert all("监票人：" in text and "年月日" in text for text in found)

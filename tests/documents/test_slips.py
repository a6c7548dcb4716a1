"""Slips can be scanned, typed, told apart and handed out after real printing and scanning."""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pypdfium2
import pytest
from PIL import Image

from appraisal.ballots.slips import SlipCode, grouped, slip_link
from appraisal.documents.patterns import EDGE_PATTERNS, edge
from appraisal.documents.slips import GEOMETRY, ORGANISATION_WIDTHS, broken, slips_pdf
from tests.camera import codes
from tests.documents import factory

BASE_URL = "https://pingyi.example.org"
LONG = "中共北京市槐安街道工作委员会枣林社区第一党支部2010年创先争优活动党员民主评议和推荐会" * 5


def scanned(pdf: bytes, page: int, *, degrees: float, dpi: int = 150) -> Image.Image:
    """A page as it comes back from a printer and a scanner: turned, noisy, with pale black."""
    with pypdfium2.PdfDocument(pdf) as document:
        paper = document[page].render(scale=dpi / 72, grayscale=True).to_pil()
    turned = paper.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=255)
    grey = np.asarray(turned, dtype=np.float64)
    noise = np.random.default_rng(5).normal(0, 12, grey.shape)
    return Image.fromarray(np.clip(grey * 0.9 + 0.05 * 255 + noise, 0, 255).astype(np.uint8))


def texts(pdf: bytes) -> list[str]:
    """The text of each page."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.get_textpage().get_text_range() for page in document]


@pytest.mark.parametrize("degrees", [-4, 0, 3])
def test_every_position_of_every_page_is_read_after_printing_and_scanning(degrees: float) -> None:
    manifest = factory.manifest()
    slips = factory.slips(manifest)
    pdf = slips_pdf(manifest, slips, base_url=BASE_URL)
    pages = [slips[i : i + 8] for i in range(0, 40, 8)]
    for number, expected in enumerate(pages):
        found = codes(scanned(pdf, number, degrees=degrees))
        assert {code.text for code in found} == {
            slip_link(
                BASE_URL,
                session=manifest.session,
                code=slip.code,
                fingerprint=manifest.fingerprint,
            )
            for slip in expected
        }


def test_a_long_address_still_scans() -> None:
    base_url = "https://pingyi.dangjian.zaolin.huaian.beijing.example.org:8443/appraisal"
    manifest = factory.manifest()
    slips = factory.slips(manifest)[:8]
    pdf = slips_pdf(manifest, slips, base_url=base_url)
    assert len(codes(scanned(pdf, 0, degrees=2))) == 8


def test_a_slip_says_whose_class_fingerprint_code_and_how_often() -> None:
    manifest = factory.manifest(title="民主评议")
    slips = factory.slips(manifest)[24:25]
    (text,) = texts(slips_pdf(manifest, slips, base_url=BASE_URL))
    shown = manifest.fingerprint
    code = grouped(slips[0].code)
    for wanted in (
        "民主评议",
        factory.BRANCH,
        "群众",
        "一次有效 · 匿名",
        f"{shown[:5]}-{shown[5:10]}",
        code[:13],
        code[14:],
        "凭证号与选票无关",
        "第 1 页 共 1 页 · 群众 1–1",
        "领取选票",
        "投入票箱",
    ):
        assert wanted in text
    assert "pingyi.example.org/v/k3m9x7q2wp" in re.sub(r"\s", "", text)
    assert "演示" not in text


def test_the_fingerprint_is_for_those_who_type_and_no_step_asks_who_scans_for_it() -> None:
    manifest = factory.manifest()
    (text,) = texts(slips_pdf(manifest, factory.slips(manifest)[:1], base_url=BASE_URL))
    said = re.sub(r"\s", "", text)
    shown = manifest.fingerprint
    assert f"手工输入时核对指纹{shown[:5]}-{shown[5:10]}" in said
    assert said.count("指纹") == 1
    assert re.search("1[.]扫码，点“领取选票”.*2[.]逐项填写.*3[.]点“投入票箱”", said)


def test_the_english_line_is_never_cut() -> None:
    name = "Working members and retired members, delegates of the branch"
    manifest = factory.manifest()
    first, *rest = manifest.classes
    renamed = replace(first, name=replace(first.name, en=name))
    manifest = replace(manifest, classes=(renamed, *rest))
    (text,) = texts(slips_pdf(manifest, factory.slips(manifest)[:1], base_url=BASE_URL))
    said = " ".join(text.split())
    assert f"{name}: scan, draw, cast. One use, anonymous." in said


@pytest.mark.parametrize("length", range(1, 55))
def test_an_organisations_name_leaves_no_character_alone_on_a_line(length: int) -> None:
    name = LONG[:length]
    size, set_out = broken(name, ORGANISATION_WIDTHS)
    lines = set_out.split("<br>")
    assert "".join(lines) == name
    assert len(lines) <= size + 1
    assert len(lines) == 1 or min(map(len, lines)) > 5


def test_sheets_are_grouped_by_class_and_numbered() -> None:
    manifest = factory.manifest(classes=[("党员", 9, 60), ("群众", 16, 40)])
    slips = factory.slips(manifest)
    margins = [
        re.findall(r"第 .*", text)
        for text in texts(slips_pdf(manifest, slips[::-1], base_url=BASE_URL))
    ]
    assert [m[0].strip() for m in margins] == [
        "第 1 页 共 4 页 · 党员 1–8",
        "第 2 页 共 4 页 · 党员 9–9",
        "第 3 页 共 4 页 · 群众 1–8",
        "第 4 页 共 4 页 · 群众 9–16",
    ]


def test_a_demonstration_says_so_on_every_slip() -> None:
    manifest = factory.manifest(demonstration=True)
    pages = texts(slips_pdf(manifest, factory.slips(manifest)[:8], base_url=BASE_URL))
    assert pages[0].count("演示") == 8


def test_the_longest_words_stay_on_their_slip() -> None:
    manifest = factory.manifest(
        title=LONG[:200],
        organisation=LONG[:100],
        classes=[("辖区单位党组织负责人及在职党员代表", 5, 60), ("喆" * 60, 5, 40)],
    )
    slips = factory.slips(manifest)
    pdf = slips_pdf(manifest, slips, base_url=BASE_URL)
    first, second = texts(pdf)
    assert first.count("投入票箱") == second.count("投入票箱") == 5
    for page in range(2):
        assert len(codes(scanned(pdf, page, degrees=1))) == 5


def test_all_symbols_of_a_code_are_shown_in_order() -> None:
    manifest = factory.manifest()
    codes = [SlipCode(c) for c in ("0123456789ABCDEFGHJKM", "0NPQRSTVWXYZ0123456789"[:21])]
    slips = [factory.Slip(0, 1_000_000 + i, code) for i, code in enumerate(codes)]
    (text,) = texts(slips_pdf(manifest, slips, base_url=BASE_URL))
    for code in codes:
        assert grouped(code)[:13] in text
        assert grouped(code)[14:] in text
    assert "1000001" in text


def test_fonts_are_embedded_and_no_glyph_is_missing() -> None:
    manifest = factory.manifest(title=f"{factory.RARE}民主评议")
    pdf = slips_pdf(manifest, factory.slips(manifest)[:1], base_url=BASE_URL)
    fonts = factory.fonts(pdf)
    assert fonts
    assert all(font.embedded for font in fonts)
    assert not any(font.shows_notdef for font in fonts)
    assert factory.RARE[:5] in texts(pdf)[0]


def test_classes_differ_by_edge_pattern_alone() -> None:
    drawings = [edge(number, width=4, height=72) for number in range(32)]
    assert len(set(drawings)) == 32
    assert len(drawings) > EDGE_PATTERNS


def test_folded_once_the_code_lies_inside_and_the_edge_pattern_in_sight() -> None:
    g = GEOMETRY
    assert g.qr_left + g.qr_size <= g.fold
    assert g.fold + g.fold <= g.band < g.tear < g.slip_width
    assert g.a_page >= 8
    assert all(below - above == g.slip_height for above, below in pairwise(g.rows))
    assert g.rows[-1] + g.slip_height == 297
    assert g.columns * g.slip_width == 210


def test_styles_are_all_understood(caplog: pytest.LogCaptureFixture) -> None:
    manifest = factory.manifest(demonstration=True)
    with caplog.at_level(logging.WARNING, logger="weasyprint"):
        slips_pdf(manifest, factory.slips(manifest)[:1], base_url=BASE_URL)
    assert [r.getMessage() for r in caplog.records if r.name == "weasyprint"] == []

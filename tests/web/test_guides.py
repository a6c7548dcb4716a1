"""The guides: every role in both languages, the same in each, and every link leads somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from appraisal.steps.service import Service
from appraisal.web.app import create_public
from appraisal.web.guides import FOLDER, PICTURES, ROLES, guide
from appraisal.web.office import create_office
from tests.voting_session import prepare

LANGUAGES = ("zh", "en")
GUIDES = [(role, lang) for role in ROLES for lang in LANGUAGES]
ROOT = Path(__file__).parents[2]
SOURCES = (
    ("templates", "*.html"),
    ("frontend/src", "*.ts"),
    ("appraisal", "*.py"),
    ("appraisal/instruments", "*.toml"),
    ("appraisal/translations", "*.po"),
)
"""Where the words of pages stand."""
LARGEST = 60_000
"""Bytes of a picture: guides are read on phones."""


@pytest.fixture
def visitor(service: Service) -> FlaskClient:
    return create_public(service).test_client()


def text(role: str, lang: str) -> str:
    return (FOLDER / f"{role}.{lang}.md").read_text(encoding="utf-8")


def shape(role: str, lang: str) -> list[str]:
    """Headings, pictures and list items in their order, without words."""
    found = re.findall(r"^(#+) |!\[.+\]\((.+)\)|^(-|\d+\.) ", text(role, lang), re.MULTILINE)
    return ["".join(parts) for parts in found]


def test_every_role_has_a_guide_in_both_languages_and_there_are_no_others() -> None:
    found = {path.name for path in FOLDER.glob("*.md")} - {"README.md"}
    assert found == {f"{role}.{lang}.md" for role, lang in GUIDES}


@pytest.mark.parametrize("role", ROLES)
def test_both_languages_say_the_same_things_in_the_same_order(role: str) -> None:
    assert shape(role, "zh") == shape(role, "en")


@pytest.mark.parametrize("role", ROLES)
def test_a_guide_is_one_or_two_sheets(role: str) -> None:
    assert len(text(role, "zh")) < 2200
    assert len(text(role, "en").split()) < 900


@pytest.mark.parametrize(("role", "lang"), GUIDES)
def test_links_and_pictures_lead_somewhere(visitor: FlaskClient, role: str, lang: str) -> None:
    page = visitor.get(f"/help/{role}?lang={lang}")
    assert page.status_code == 200
    found = re.findall(r'(?:href|src)="([^"]+)"', page.text)
    assert f"/help/{role}?lang={'en' if lang == 'zh' else 'zh'}" in found
    pictures = [target for target in found if target.startswith("pictures/")]
    assert pictures
    for target in pictures:
        assert (FOLDER / target).is_file()
        assert visitor.get(f"/help/{target}").status_code == 200
    for target in found:
        assert "#" not in target
        if target.startswith("/help/"):
            assert visitor.get(target).status_code == 200, target
    for target in re.findall(r"\]\(([^)]+)\)", text(role, lang)):
        assert (FOLDER / target).is_file(), target


@pytest.mark.parametrize(("role", "lang"), GUIDES)
def test_a_guide_names_nothing_of_other_pages_than_its_language(role: str, lang: str) -> None:
    other = re.sub(r"(?m)^\[.*$|“[^”]*”|APPRAISAL_NAME=\S+", "", text(role, lang))
    if lang == "en":
        assert not re.search(r"[\u4e00-\u9fff]", other)
    else:
        assert not re.search(r"[\u4e00-\u9fff][,;:?!]", other)


def test_what_a_guide_quotes_stands_on_a_page() -> None:
    """Buttons and headings are called in the guides as they are on screen, in both languages."""
    shown = "".join(
        path.read_text(encoding="utf-8")
        for folder, pattern in SOURCES
        for path in sorted((ROOT / folder).rglob(pattern))
    )
    for role, lang in GUIDES:
        quoted = re.findall(r"“([^”]+)”", text(role, lang).replace("**", ""))
        for words in quoted:
            assert words in shown, f"{role}.{lang}: {words}"


def test_every_picture_is_used_and_small() -> None:
    used = {
        name
        for role, lang in GUIDES
        for name in re.findall(r"pictures/([\w.-]+)", text(role, lang))
    }
    assert {path.name for path in PICTURES.iterdir()} == used
    for path in PICTURES.iterdir():
        assert path.stat().st_size < LARGEST, path.name


def test_html_in_a_guide_is_text(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "voter.zh.md").write_text("# 甲\n\n<script>x</script> [乙](javascript:x)\n")
    monkeypatch.setattr("appraisal.web.guides.FOLDER", tmp_path)
    shown = guide.__wrapped__("voter", "zh")
    assert shown.title == "甲"
    assert "<script" not in shown.html
    assert "href" not in shown.html


def test_the_page_has_a_title_a_language_and_no_script(visitor: FlaskClient) -> None:
    page = visitor.get("/help/voter")
    assert "<title>投票人：怎么投，为什么是匿名的</title>" in page.text
    assert '<html lang="zh-Hans">' in page.text
    assert "<script" not in page.text
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert '<html lang="en">' in visitor.get("/help/voter?lang=en").text


def test_pictures_are_kept_by_browsers_and_nothing_else_is_served(visitor: FlaskClient) -> None:
    name = next(PICTURES.iterdir()).name
    picture = visitor.get(f"/help/pictures/{name}")
    assert picture.mimetype == "image/png"
    assert picture.headers["Cache-Control"] == "public, max-age=86400"
    assert picture.headers["X-Content-Type-Options"] == "nosniff"
    for wrong in ("nothing.png", "../voter.zh.md", "..%2Fvoter.zh.md", "voter.zh.md"):
        assert visitor.get(f"/help/pictures/{wrong}").status_code == 404


@pytest.mark.parametrize("wrong", ["nobody", "README", "voter.zh.md", "..%2Fvoter"])
def test_there_is_no_other_guide(visitor: FlaskClient, wrong: str) -> None:
    assert visitor.get(f"/help/{wrong}").status_code == 404


@pytest.mark.parametrize("lang", LANGUAGES)
def test_help_alone_lists_every_guide(visitor: FlaskClient, lang: str) -> None:
    page = visitor.get(f"/help?lang={lang}")
    assert page.status_code == 200
    for role in ROLES:
        assert f'href="/help/{role}?lang={lang}"' in page.text
        assert guide(role, lang).title in page.text
    assert f'href="/help?lang={"en" if lang == "zh" else "zh"}"' in page.text
    assert "<script" not in page.text
    assert visitor.get("/help/", follow_redirects=True).status_code == 200


def test_an_address_that_names_no_session_is_no_missing_session(visitor: FlaskClient) -> None:
    for address in ("/help/nobody", "/nothing"):
        page = visitor.get(address)
        assert page.status_code == 404
        assert "没有这一页" in page.text
    for address in ("/v/k3m9x7q2wp", "/b/k3m9x7q2wp", "/t/k3m9x7q2wp"):
        assert "没有这次评议" in visitor.get(address).text


def test_tellers_and_the_office_are_led_to_their_guides(service: Service) -> None:
    session = prepare(service)
    tellers = create_public(service).test_client().get(f"/t/{session.id}").text
    assert 'href="/help/teller"' in tellers
    office = create_office(service).test_client().get("/login").text
    for address in ("/help/secretary?lang=zh", "/help/teller?lang=zh", "/help?lang=zh"):
        assert f'href="{address}"' in office


def test_the_home_page_leads_to_every_guide(visitor: FlaskClient) -> None:
    home = visitor.get("/").text
    for role in ROLES:
        assert f'href="/help/{role}"' in home
        assert f'href="/help/{role}?lang=en"' in home


def test_the_board_leads_to_the_guides_of_voters_and_auditors(service: Service) -> None:
    session = prepare(service)
    board = create_public(service).test_client().get(f"/b/{session.id}").text
    assert 'href="/help/voter"' in board
    assert 'href="/help/auditor"' in board

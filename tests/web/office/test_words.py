"""What the office says: complete in both languages, on pages that carry no script of their own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po
from flask_babel import force_locale

from appraisal.errors import StepError
from appraisal.steps.service import Service
from appraisal.web.assets import template_folder
from appraisal.web.office import TRANSLATIONS, create_office, refusals
from tests.live import ROOT
from tests.web.office.secretary import Secretary

TEMPLATES = sorted((template_folder() / "office").rglob("*.html"))


def name(template: Path) -> str:
    return str(template.relative_to(template_folder()))


CHINESE = re.compile(r"[\u3400-\u9fff]")
PLACE = re.compile(r"%\(\w+\)s|%%|\{\w+\}")
CODES = re.compile(r"^\| ((?:`[a-z-]+`(?:, )?)+) \| ([a-z, ]*)\|", re.MULTILINE)


def catalogue() -> Catalog:
    with (TRANSLATIONS / "en" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale="en")


def said() -> set[str]:
    """Every text of the office's modules and templates."""
    keywords = {"_": None, "gettext": None, "lazy": None}
    modules = (ROOT / "appraisal" / "web" / "office").rglob("*.py")
    found: set[str] = set()
    for method, paths in (("python", modules), ("jinja2.ext:babel_extract", TEMPLATES)):
        for path in paths:
            for _, message, *_ in extract_from_file(method, path, keywords=keywords):
                found.add(message if isinstance(message, str) else message[0])
    return found


def test_every_text_has_its_english() -> None:
    known = {str(m.id): m for m in catalogue() if m.id}
    texts = said()
    assert len(texts) > 400
    assert texts - set(known) == set()
    assert set(known) - texts == set(), "no longer said"
    for text, message in known.items():
        assert message.string, text
        assert not message.fuzzy, text
        assert not CHINESE.search(str(message.string)), text
        places = [p for p in PLACE.findall(text) if p != "%%"]
        english = [p for p in PLACE.findall(str(message.string)) if p != "%%"]
        assert set(places) == set(english), text


def test_the_page_is_in_english_after_one_tap(secretary: Secretary) -> None:
    page = secretary.send("/office/language", {"language": "en", "back": "/sessions/new"})
    assert page.location == "/office/sessions/new"
    shown = secretary.get("/office/sessions/new").text
    assert '<html lang="en">' in shown
    assert "New session" in shown
    without_data = re.sub(r'value="[^"]*"|中文|和平里社区党支部|党员|群众', "", shown)
    body = re.sub(r"<[^>]+>", "", without_data)
    assert not CHINESE.search(body), CHINESE.findall(body)


def test_every_refusal_of_a_step_has_its_sentence(service: Service) -> None:
    """The codes are those of appraisal/steps/README.md."""
    office = create_office(service)
    readme = (ROOT / "appraisal" / "steps" / "README.md").read_text(encoding="utf-8")
    codes = [
        (code, values)
        for row, values in CODES.findall(readme)
        for code in re.findall(r"[a-z-]+", row)
    ]
    assert len(codes) > 20
    # What a person cannot bring about by the pages says its own English detail.
    unreachable = {"unknown-session", "manifest-invalid", "class-unknown", "subject-unknown"}
    with office.test_request_context():
        for code, values in codes:
            given: dict[str, str | int] = {v.strip(): 1 for v in values.split(",") if v.strip()}
            error = StepError(code, "detail", **given)
            sentence = refusals.refusal_words(error)
            assert CHINESE.search(sentence)
            assert ("detail" in sentence) == (code in unreachable), code
            with force_locale("en"):
                assert not CHINESE.search(refusals.refusal_words(error)), code


@pytest.mark.parametrize("template", TEMPLATES, ids=name)
def test_a_template_compiles_and_has_no_script_or_style_of_its_own(
    service: Service, template: Path
) -> None:
    create_office(service).jinja_env.get_template(name(template))
    text = template.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=|\son[a-z]+=|<style|javascript:", text)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text))
    # Chinese outside of `_(…)` would stay Chinese on the English page.
    bare = re.sub(r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}", "", text, flags=re.DOTALL)
    assert CHINESE.findall(bare.replace("中文", "")) == []

"""The guides: one page a role, in plain words (GET /help/ROLE), and their list (GET /help).

They are Markdown files in `appraisal/guides/`, written so that a forge shows them as well: pictures
beside them, links to each other, no HTML.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from flask import Blueprint, Response, redirect, render_template
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from appraisal.web.assets import PACKAGE
from appraisal.web.booth import language

FOLDER: Final = PACKAGE / "guides"
PICTURES: Final = FOLDER / "pictures"
ROLES: Final = {
    "voter": {"zh": "投票人", "en": "Voters"},
    "teller": {"zh": "监票人", "en": "Tellers"},
    "secretary": {"zh": "书记、工作人员", "en": "Secretaries"},
    "auditor": {"zh": "审计人", "en": "Auditors"},
    "operator": {"zh": "运维", "en": "Operators"},
}
"""Who a guide is for, by its name in the address."""

CACHING: Final = "public, max-age=86400"


@dataclass(frozen=True)
class Guide:
    """A guide as it stands on the page: its title, and the rest as HTML."""

    title: str
    html: Markup


def blueprint() -> Blueprint:
    """The routes below ``/help``."""
    routes = Blueprint("guides", __name__)

    @routes.get("/help")
    def index() -> str:
        lang = language()
        return render_template(
            "home/guides.html",
            roles={name: (words[lang], guide(name, lang).title) for name, words in ROLES.items()},
            lang=lang,
            demonstration=False,
            custodian=False,
        )

    @routes.get("/help/")
    def index_again() -> BaseResponse:
        return redirect("/help", 308)

    @routes.get("/help/<role>")
    def page(role: str) -> str:
        if role not in ROLES:
            raise NotFound
        lang = language()
        return render_template(
            "home/guide.html",
            guide=guide(role, lang),
            role=role,
            roles={name: words[lang] for name, words in ROLES.items()},
            lang=lang,
            demonstration=False,
            custodian=False,
        )

    @routes.get("/help/pictures/<name>")
    def picture(name: str) -> Response:
        # Only what stands in the folder is served: no path is made of what was asked for.
        found = next((path for path in PICTURES.glob("*.png") if path.name == name), None)
        if found is None:
            raise NotFound
        return Response(
            found.read_bytes(), mimetype="image/png", headers={"Cache-Control": CACHING}
        )

    return routes


@cache
def guide(role: str, lang: str) -> Guide:
    """The guide of a role in a language, ``zh`` or ``en``."""
    text = (FOLDER / f"{role}.{lang}.md").read_text(encoding="utf-8")
    markdown = MarkdownIt("commonmark", {"html": False})
    title, *body = text.split("\n", 1)
    tokens = markdown.parse(body[0])
    for token in tokens:
        _lead_within(token.children or ())
    html = markdown.renderer.render(tokens, markdown.options, {})
    # The text is the package's own, and HTML in it is shown as text.
    return Guide(title.removeprefix("# "), Markup(html))  # noqa: S704


def _lead_within(tokens: Sequence[Token]) -> None:
    """Links between the files become links between the pages; pictures load when they are seen."""
    for token in tokens:
        if token.type == "link_open":
            token.attrs["href"] = _address(token.attrs["href"])
        elif token.type == "image":
            token.attrs["loading"] = "lazy"


def _address(target: Any) -> str:
    """``teller.en.md`` is ``/help/teller?lang=en``; any other address stays."""
    role, _, rest = str(target).partition(".")
    if role in ROLES and rest in {"zh.md", "en.md"}:
        return f"/help/{role}?lang={rest.removesuffix('.md')}"
    return str(target)

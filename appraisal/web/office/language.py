"""Texts of the office that are translated when they are shown; the source language is Chinese."""

from __future__ import annotations

from typing import cast

from flask_babel import lazy_gettext


def lazy(text: str) -> str:
    """A text in the language of the page that shows it (extracted with ``-k lazy``)."""
    # A LazyString does what a text does; the libraries that take it ask for a plain one.
    return cast("str", lazy_gettext(text))

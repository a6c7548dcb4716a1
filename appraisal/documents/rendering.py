"""Templates and fonts of the printed documents, and how HTML becomes pages.

Nothing here reaches out: styles come from the template folder, fonts from this machine.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from weasyprint import CSS, HTML
from weasyprint.css import ColorProfile
from weasyprint.document import Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from appraisal.documents.typography import spaced

PROFILE: Final = "--srgb"
"""The name under which a PDF/A has its colour profile."""
PACKAGE: Final = Path(__file__).resolve().parent.parent

# Its remarks on CSS are for whoever writes the templates; a test listens to them.
logging.getLogger("weasyprint").addHandler(logging.NullHandler())
# A line a font table and document, on the root logger, if a program logs at INFO.
logging.getLogger("fontTools").setLevel(logging.WARNING)


@dataclass(frozen=True)
class Face:
    """A font that Debian has in no package of its own: its CSS family, its file, its 公文 name."""

    family: str
    file: str
    name: str


FACES: Final = (
    Face("FandolFang", "FandolFang-Regular.otf", "仿宋"),
    Face("FandolKai", "FandolKai-Regular.otf", "楷体"),
)
SYSTEM_FOLDERS: Final = (
    Path("/usr/share/texlive/texmf-dist/fonts/opentype/public/fandol"),
    Path("/usr/share/texmf/fonts/opentype/public/fandol"),
)


def font_folders(environ: Mapping[str, str]) -> tuple[Path, ...]:
    """Where Fandol's files are looked for: APPRAISAL_FONTS, the data folder, the system's TeX."""
    named = (environ[k] for k in ("APPRAISAL_FONTS",) if environ.get(k))
    data = Path(environ.get("APPRAISAL_DATA") or "var")
    return (*map(Path, named), data / "fonts", PACKAGE.parent / "var" / "fonts", *SYSTEM_FOLDERS)


def find_faces(folders: tuple[Path, ...]) -> dict[str, Path]:
    """The file of each face that was found, by family."""
    found: dict[str, Path] = {}
    for face in FACES:
        for folder in folders:
            if (folder / face.file).is_file():
                found[face.family] = (folder / face.file).resolve()
                break
    return found


@cache
def template_folder() -> Path:
    """The documents' templates: inside the installed package, else in the work tree."""
    inside = PACKAGE / "templates" / "documents"
    return inside if inside.is_dir() else PACKAGE.parent / "templates" / "documents"


@cache
def environment() -> Environment:
    """The documents' own Jinja environment; a name that is not given is an error."""
    made = Environment(
        loader=FileSystemLoader(template_folder()),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"cut": cut, "steps": steps, "breakable": breakable}
    return made


def cut(text: str, length: int) -> str:
    """At most `length` characters, the last an ellipsis if some are left out."""
    return text if len(text) <= length else text[: length - 1] + "…"


def steps(text: str, *limits: int) -> int:
    """How many of the limits a text's length exceeds: chooses a smaller size for a longer text."""
    return sum(len(text) > limit for limit in limits)


def breakable(address: str) -> Markup:
    """An address that may break after its slashes, dots and hyphens, and nowhere else."""
    return Markup("<wbr>").join(re.findall(r"[^/.-]+[/.-]*|[/.-]+", address))


@dataclass(frozen=True)
class Typesetter:
    """The fonts at hand, ready to lay out documents; made once a document."""

    faces: Mapping[str, Path]

    @property
    def absent(self) -> tuple[Face, ...]:
        """The faces that were not found; Noto Serif stands in for them."""
        return tuple(face for face in FACES if face.family not in self.faces)

    def lay_out(self, template: str, *, variant: str | None = None, **values: Any) -> Document:
        """The pages of a template filled with values; `variant` is WeasyPrint's name of a PDF/A."""
        html = spaced(environment().get_template(template).render(**values))
        configuration = FontConfiguration()
        # A title with an address in it fetches nothing.
        fetcher = URLFetcher(allowed_protocols={"file", "data"}, allow_redirects=False)
        rules = "".join(
            f'@font-face{{font-family:"{family}";src:url("{path.as_uri()}")}}'
            for family, path in self.faces.items()
            if family in html or _mentions(template, family)
        )
        sheet = CSS(string=rules, font_config=configuration, url_fetcher=fetcher)
        source = HTML(string=html, base_url=f"{template_folder()}/", url_fetcher=fetcher)
        options: dict[str, Any] = {}
        if variant:
            options = {
                "pdf_variant": variant,
                "output_intent": PROFILE,
                "color_profiles": {PROFILE: _profile()},
            }
        document: Document = source.render(
            font_config=configuration, stylesheets=[sheet], **options
        )
        return document


def written(document: Document, variant: str) -> bytes:
    """The bytes of a document that was laid out for this variant of PDF/A."""
    return bytes(document.write_pdf(pdf_variant=variant, output_intent=PROFILE))


def colour_profile() -> bytes:
    """The sRGB profile that a PDF/A carries."""
    return files("weasyprint.pdf").joinpath("sRGB2014.icc").read_bytes()


def _profile() -> ColorProfile:
    # WeasyPrint would open this file of its own by the name "srgb", and leave it open.
    return ColorProfile(
        BytesIO(colour_profile()), "sRGB2014.icc", "relative-colorimetric", (["r"], ["g"], ["b"])
    )


def missing(document: Document) -> tuple[str, ...]:
    """The letters of a written document that no font on this machine has."""
    points = {point for font in document.fonts.values() for point in font.missing}
    return tuple(chr(point) for point in sorted(points))


def _mentions(template: str, family: str) -> bool:
    style = template_folder() / Path(template).with_suffix(".css").name
    return style.is_file() and family in style.read_text(encoding="utf-8")


def typesetter() -> Typesetter:
    """A typesetter with the fonts this process finds."""
    return Typesetter(find_faces(font_folders(os.environ)))

"""Sheets of slips 选票凭证: A4, eight a page, by class, to be cut, folded and handed out.

What is the same on every slip of a class is laid out once (templates/documents/slips.html) and
stamped as a PDF form; the QR code, the typed code and the serial number are written into the page
as shapes and text. So a code passes through no layout engine, no temporary file and no cache.

One slip, from left to right: the panel with the QR code and the typed code; a fold; the panel
with words, exactly as wide, so that one fold inwards hides the code and leaves only the class's
edge pattern and the stub in sight; a tear line; the stub with the serial number. The stub is torn
off and kept when the slip is handed out: what the voter holds bears no number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from itertools import groupby
from typing import Final, Protocol

import pikepdf
import qrcode
from markupsafe import Markup
from pikepdf import Array, Dictionary, Name, Object, Pdf
from qrcode.constants import ERROR_CORRECT_M

from appraisal.ballots.slips import SlipCode, grouped, slip_link
from appraisal.documents import patterns
from appraisal.documents.drawing import LACKING, MM, PAGE, Letters, at
from appraisal.documents.rendering import Typesetter, cut, typesetter
from appraisal.documents.typography import headline
from appraisal.encoding import CROCKFORD
from appraisal.manifest import Manifest

QUIET_ZONE: Final = 4
"""White modules around a QR code (ISO/IEC 18004 §6.3.8)."""

MASK: Final = 2
"""One mask for all slips: trying all eight takes eight times as long and gains nothing a reader
notices on random data."""

NAME_SHOWN: Final = 10
"""Characters of a class's name in the margin and on the stub; the slip has it in full."""

FINGERPRINT_SHOWN: Final = 10
"""Symbols of the fingerprint on paper (protocol §4.2)."""


class Slip(Protocol):
    """What is printed of one slip."""

    @property
    def voter_class(self) -> int:
        """The number of its class in the manifest."""

    @property
    def serial(self) -> int:
        """Its serial number within the class, from 1: on the stub alone."""

    @property
    def code(self) -> SlipCode:
        """Its code, in the plain form."""


@dataclass(frozen=True)
class Geometry:
    """The measures of a sheet in millimetres, from the upper left corner."""

    header: float = 9
    columns: int = 2
    slip_rows: int = 4
    slip_width: float = 105
    slip_height: float = 72
    fold: float = 43
    band: float = 86
    tear: float = 90
    qr_left: float = 4
    qr_top: float = 3.5
    qr_size: float = 37
    code_top: float = 41

    @property
    def a_page(self) -> int:
        """Slips on a page."""
        return self.columns * self.slip_rows

    @property
    def rows(self) -> tuple[float, ...]:
        """Where cuts go across the sheet."""
        return tuple(self.header + i * self.slip_height for i in range(self.slip_rows))


GEOMETRY: Final = Geometry()
DIGITS: Final = "0123456789"
CODE_SIZE: Final = 15
CODE_BASELINES: Final = (49.4, 55.2)
"""Millimetres from the top of a slip to the two lines of its code."""
ORGANISATION_SHOWN: Final = 54
ORGANISATION_WIDTHS: Final = ((14, 14), (16, 32), (18, ORGANISATION_SHOWN))
CLASS_SHOWN: Final = 39
CLASS_WIDTHS: Final = ((6.2, 6), (9.3, 9), (10.8, 21), (13.2, CLASS_SHOWN))
TITLE_WIDTHS: Final = ((9.4, 20), (10.9, 36), (12.9, 64), (15.2, 100))
"""Sizes from large to small: characters in a line, and in a text that is set in this size."""
SERIAL_SIZE: Final = 11
SERIAL_BASELINE: Final = (95.7, 52.5)
"""Millimetres from the left and from the bottom of a slip to its serial number."""


@dataclass(frozen=True)
class _Forms:
    """What WeasyPrint laid out, as the resources of every page, and the letters of what differs.

    The forms are ``/C0`` … one a class, and after them the sheet.
    """

    resources: Object
    code: Letters
    serial: Letters
    margin: Letters


def slips_pdf(
    manifest: Manifest,
    slips: Sequence[Slip],
    *,
    base_url: str,
    setter: Typesetter | None = None,
) -> bytes:
    """The sheets of these slips as a PDF, by class and serial number; at least one slip."""
    ordered = sorted(slips, key=lambda slip: (slip.voter_class, slip.serial))
    sheets = list(_sheets(ordered))
    with Pdf.open(BytesIO(_laid_out(manifest, base_url, setter or typesetter()))) as pdf:
        forms = _forms(pdf, len(manifest.classes))
        for number, sheet in enumerate(sheets, 1):
            margin = _margin(manifest, sheet, number=number, sheets=len(sheets))
            pdf.pages.append(_page(pdf, forms, sheet, manifest, base_url=base_url, margin=margin))
        finished = BytesIO()
        pdf.save(
            finished, compress_streams=True, object_stream_mode=pikepdf.ObjectStreamMode.generate
        )
    return finished.getvalue()


def _sheets(slips: Iterable[Slip]) -> Iterator[tuple[Slip, ...]]:
    for _, of_class in groupby(slips, key=lambda slip: slip.voter_class):
        waiting = tuple(of_class)
        for start in range(0, len(waiting), GEOMETRY.a_page):
            yield waiting[start : start + GEOMETRY.a_page]


def _margin(manifest: Manifest, sheet: Sequence[Slip], *, number: int, sheets: int) -> str:
    name = cut(manifest.classes[sheet[0].voter_class].name.zh, NAME_SHOWN)
    return f"第 {number} 页 共 {sheets} 页 · {name} {sheet[0].serial}–{sheet[-1].serial}"


def _laid_out(manifest: Manifest, base_url: str, setter: Typesetter) -> bytes:
    """A PDF with a page for each class, one for the sheet, and one for each set of letters."""
    shown = manifest.fingerprint[:FINGERPRINT_SHOWN]
    names = "".join(cut(c.name.zh, NAME_SHOWN) for c in manifest.classes)
    document = setter.lay_out(
        "slips.html",
        manifest=manifest,
        organisation=broken(cut(manifest.organisation, ORGANISATION_SHOWN), ORGANISATION_WIDTHS),
        title=broken(manifest.title, TITLE_WIDTHS),
        names=[broken(cut(c.name.zh, CLASS_SHOWN), CLASS_WIDTHS) for c in manifest.classes],
        address=f"{base_url.partition('://')[2].rstrip('/')}/v/{manifest.session}",
        fingerprint=f"{shown[:5]}-{shown[5:]}",
        edges=[
            patterns.edge(i, width=GEOMETRY.tear - GEOMETRY.band, height=GEOMETRY.slip_height)
            for i in range(len(manifest.classes))
        ],
        g=GEOMETRY,
        letters=(
            _distinct(CROCKFORD + "-"),
            _distinct(DIGITS),
            _distinct(DIGITS + "第页共· –" + LACKING + names),
        ),
    )
    return bytes(document.write_pdf())


def broken(text: str, widths: Sequence[tuple[float, int]]) -> tuple[int, Markup | str]:
    """The number of a size and the text broken into even lines for it.

    A text too long for all of them is of the next size and breaks anywhere.
    """
    for size, (width, most) in enumerate(widths):
        if len(text) <= most:
            return size, headline(text, width=width)
    return len(widths), text


def _distinct(text: str) -> str:
    # A space among others, so that it is neither collapsed nor left at the end of a line.
    return "".join(dict.fromkeys(text))


def _forms(pdf: Pdf, classes: int) -> _Forms:
    """The laid-out pages as forms to be stamped; the pages themselves go."""
    pages = [pikepdf.Page(page) for page in pdf.pages]
    stamped = [page.as_form_xobject() for page in pages[: classes + 1]]
    for form in stamped[:-1]:
        # Laid out on a longer page, so that what finds no room is clipped, not moved to a next one.
        form.BBox = Array(
            [0, PAGE[1] - GEOMETRY.slip_height * MM, GEOMETRY.slip_width * MM, PAGE[1]]
        )
    resources = Dictionary(
        Font=pages[0].resources.Font,
        XObject=Dictionary({f"/C{i}": form for i, form in enumerate(stamped)}),
    )
    letters = [Letters(page) for page in pages[classes + 1 :]]
    del pdf.pages[:]
    return _Forms(pdf.make_indirect(resources), *letters)


def _page(
    pdf: Pdf,
    forms: _Forms,
    sheet: Sequence[Slip],
    manifest: Manifest,
    *,
    base_url: str,
    margin: str,
) -> pikepdf.Page:
    g = GEOMETRY
    width = forms.margin.width(margin, 8)
    corner = at(g.columns * g.slip_width - 6, 7.5, left=width)
    drawn = [
        f"/C{len(manifest.classes)} Do",
        f"BT {corner} Td {forms.margin.show(margin, 8)}ET",
    ]
    for place, slip in enumerate(sheet):
        row, column = divmod(place, g.columns)
        left, top = column * g.slip_width, g.header + row * g.slip_height
        link = slip_link(
            base_url, session=manifest.session, code=slip.code, fingerprint=manifest.fingerprint
        )
        drawn += [
            f"q 1 0 0 1 {left * MM:.3f} {-top * MM:.3f} cm /C{slip.voter_class} Do Q",
            _qr(link, left=left + g.qr_left, top=top + g.qr_top),
            _typed(forms.code, slip.code, middle=left + g.qr_left + g.qr_size / 2, top=top),
            _stub(forms.serial, slip.serial, left=left, top=top),
        ]
    content = "\n".join(drawn).encode("ascii")
    return pikepdf.Page(
        pdf.make_indirect(
            Dictionary(
                Type=Name.Page,
                MediaBox=Array([0, 0, *PAGE]),
                Resources=forms.resources,
                Contents=pdf.make_stream(content),
            )
        )
    )


def _qr(link: str, *, left: float, top: float) -> str:
    """The QR code of a link as one path of rectangles, one a run of dark modules."""
    public, _, secret = link.partition("#")
    code = qrcode.QRCode(
        version=_version(public, len(secret)),
        error_correction=ERROR_CORRECT_M,
        border=0,
        mask_pattern=MASK,
    )
    code.add_data(link)
    code.make(fit=False)
    module = GEOMETRY.qr_size / (code.modules_count + 2 * QUIET_ZONE)
    corner = at(left + QUIET_ZONE * module, top + QUIET_ZONE * module)
    # Turned over, so that rows count downwards: one unit is one module.
    path = [f"q {module * MM:.4f} 0 0 {-module * MM:.4f} {corner} cm"]
    for y, row in enumerate(code.modules):
        x = 0
        for dark, run in groupby(row):
            length = len(list(run))
            if dark:
                path.append(f"{x} {y} {length} 1 re")
            x += length
    return "\n".join([*path, "f Q"])


@cache
def _version(public: str, secret: int) -> int:
    """The version (size) of every QR code whose link has this public part and so many symbols."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=0)
    code.add_data(f"{public}#{'A' * secret}")
    return int(code.best_fit())


def _typed(letters: Letters, code: SlipCode, *, middle: float, top: float) -> str:
    """The typed code in two lines, centred under the QR code."""
    groups = grouped(code).split("-")
    lines = ("-".join(groups[:3]), "-".join(groups[3:]))
    return "".join(
        f"BT {at(middle, top + down, left=letters.width(line, CODE_SIZE) / 2)} Td "
        f"{letters.show(line, CODE_SIZE)}ET\n"
        for line, down in zip(lines, CODE_BASELINES, strict=True)
    )


def _stub(letters: Letters, serial: int, *, left: float, top: float) -> str:
    """The serial number, running up the stub."""
    up = at(left + SERIAL_BASELINE[0], top + GEOMETRY.slip_height - SERIAL_BASELINE[1])
    return f"BT 0 1 -1 0 {up} Tm {letters.show(str(serial), SERIAL_SIZE)}ET"

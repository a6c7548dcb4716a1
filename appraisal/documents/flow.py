"""Pieces that are drawn, set page by page: what breaks where, page numbers, and the PDF's pages.

A part is a run of pieces on paper, a subject or a table; a sheet is parts with page numbers of its
own. Nothing is drawn before the letters that are wanted are known: the pieces are made twice, once
to note their letters and once with the fonts that have them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import Any, Final, TypeAlias

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf

from appraisal.documents.drawing import MM, Canvas, Letters, Wanted
from appraisal.documents.rendering import Typesetter

LEAST: Final = 0.88
"""A sheet is made smaller by no more than this to leave a page out: 8 points stay 7."""
SHORT: Final = 3
"""Of a sheet of more pages one page fewer is not worth smaller letters."""
FACES: Final = ("sans", "text", "title", "number")
MUCH: Final = 90.0
"""So many millimetres at the foot of a page are not left empty."""

Draw: TypeAlias = Callable[[Canvas, float, float], None]
"""Draws a piece at the left and upper edge given, in millimetres."""
Faces: TypeAlias = Mapping[str, Letters]


@dataclass(frozen=True)
class Paper:
    """A page in millimetres: its sides, and the type area, whose left edge may alternate."""

    width: float
    height: float
    odd_left: float
    even_left: float
    top: float
    bottom: float
    measure: float
    """How wide the type area is."""

    def left(self, number: int) -> float:
        """The left edge of the type area on a page of this number."""
        return self.odd_left if number % 2 else self.even_left

    @property
    def depth(self) -> float:
        """How high the type area is."""
        return self.bottom - self.top

    def shrunk(self, scale: float) -> Paper:
        """The same page for what is drawn smaller: all of it measures more."""
        sides = (self.width, self.height, self.odd_left, self.even_left)
        return Paper(*(one / scale for one in (*sides, self.top, self.bottom, self.measure)))


OFFICIAL: Final = Paper(210, 297, 28, 26, 37, 262, 156)
"""The type area of GB/T 9704-2012; the binding edge is the wider one."""
PORTRAIT: Final = Paper(210, 297, 25, 25, 22, 277, 165)
LANDSCAPE: Final = Paper(297, 210, 20, 20, 20, 195, 257)
"""Sheets of figures, printed on one side; what is landscape is bound at its upper edge."""


@dataclass(frozen=True)
class Piece:
    """Something that never breaks, of a height in millimetres."""

    height: float
    draw: Draw


def nothing(_canvas: Canvas, _x: float, _y: float) -> None:
    """White space: not carried over to the next page."""


def space(height: float) -> Piece:
    """White space of a height."""
    return Piece(height, nothing)


@dataclass(frozen=True)
class Part:
    """A subject, a table or a space: sections that each stay on one page; a name is a bookmark.

    `opening` stands before it once, `head` again wherever the part goes on on another page, and
    `again` only there.
    """

    sections: Sequence[Sequence[Piece]]
    name: str = ""
    head: Sequence[Piece] = ()
    opening: Sequence[Piece] = ()
    again: Sequence[Piece] = ()


@dataclass(frozen=True)
class Placed:
    """A part's pieces on one page, each with the height where it begins."""

    name: str
    pieces: Sequence[tuple[float, Piece]]


Page: TypeAlias = Sequence[Placed]


def _height(pieces: Iterable[Piece]) -> float:
    return sum(piece.height for piece in pieces)


@dataclass
class _Setting:
    """Pages as they fill."""

    paper: Paper
    pages: list[list[Placed]] = field(default_factory=lambda: [[]])
    y: float = 0

    def __post_init__(self) -> None:
        self.y = self.paper.top

    def turn(self) -> None:
        """Begin a page."""
        self.pages.append([])
        self.y = self.paper.top

    def fits(self, height: float) -> bool:
        return self.y + height <= self.paper.bottom

    def put(self, name: str, pieces: Iterable[Piece]) -> None:
        placed: list[tuple[float, Piece]] = []
        for piece in pieces:
            # White space is not carried over.
            if piece.draw is not nothing or self.y > self.paper.top:
                placed.append((self.y, piece))
                self.y += piece.height
        if placed:
            self.pages[-1].append(Placed(name, placed))


def paginated(parts: Iterable[Part], paper: Paper) -> list[list[Placed]]:
    """The parts of each page, from the top of the type area.

    A part that does not fit begins a new page, unless that would leave much of this one empty.
    """
    setting = _Setting(paper)
    for part in parts:
        _set_part(setting, part)
    return [
        page
        for page in setting.pages
        if any(piece.draw is not nothing for placed in page for _, piece in placed.pieces)
    ]


def _set_part(setting: _Setting, part: Part) -> None:
    paper, name = setting.paper, part.name
    head = [*part.again, *part.head]
    repeated = _height(head)
    before = _height(part.head) + _height(part.opening)
    whole = before + sum(map(_height, part.sections))
    if not setting.fits(whole) and whole <= paper.depth and paper.bottom - setting.y < MUCH:
        setting.turn()
    # A head never stands alone at the foot of a page.
    first = before + sum(map(_height, part.sections[:1]))
    if not setting.fits(first) and first <= paper.depth and setting.y > paper.top:
        setting.turn()
    setting.put("", [*part.opening, *part.head])
    for section in part.sections:
        height = _height(section)
        if not setting.fits(height) and height <= paper.depth - repeated:
            setting.turn()
            setting.put("", head)
        run: list[Piece] = []
        for piece in section:
            if not setting.fits(_height(run) + piece.height) and (run or setting.y > paper.top):
                setting.put(name, run)
                run, name = [], ""
                setting.turn()
                setting.put("", head)
            run.append(piece)
        setting.put(name, run)
        name = ""


@dataclass(frozen=True)
class Sheet:
    """Parts that are numbered as one document; `foot` draws what stands below the type area.

    It is given the canvas, the left edge, the page's number and how many there are. `head` draws
    above the type area of every page but the first. A name is a bookmark. One with a `scale` is
    composed for paper that is shrunk by it, and drawn smaller.
    """

    parts: Sequence[Part]
    foot: Callable[[Canvas, float, int, int], None]
    head: Callable[[Canvas, float], None] | None = None
    name: str = ""
    scale: float = 1

    @property
    def height(self) -> float:
        """How high all of it is on one endless page."""
        return sum(
            _height(part.opening) + _height(part.head) + sum(map(_height, part.sections))
            for part in self.parts
        )


def fitted(compose: Callable[[Paper], Sheet], paper: Paper) -> Sheet:
    """A sheet, a little smaller if that leaves a page out: who signs sees the figures as well."""
    sheet = compose(paper)
    pages = len(paginated(sheet.parts, paper))
    if not 1 < pages <= SHORT:
        return sheet
    fits = (pages - 1) * paper.depth / sheet.height
    for scale in (round(fits + step, 2) for step in (0.02, 0, -0.02, -0.04)):
        if LEAST <= scale < 1:
            page = paper.shrunk(scale)
            smaller = compose(page)
            if len(paginated(smaller.parts, page)) < pages:
                return replace(smaller, scale=scale)
    return sheet


Compose: TypeAlias = Callable[[Faces], Iterable[Sheet]]
"""Makes the sheets for fonts that are at hand."""


@dataclass(frozen=True)
class Fonts:
    """The fonts of a document's drawn pages, and what stands behind each of them."""

    faces: Faces
    resources: Object


def fonts_for(
    pdf: Pdf,
    setter: Typesetter,
    compose: Compose,
    paper: Paper,
    *,
    demonstration: bool,
) -> Fonts:
    """The fonts with every letter that is wanted, copied into a PDF."""
    wanted = {face: Wanted() for face in FACES}
    _note(compose(wanted), wanted)
    letters = {face: noted.text for face, noted in wanted.items()}
    document = setter.lay_out(
        "detail.html",
        demonstration=demonstration,
        letters=letters,
        official=paper is OFFICIAL,
        landscape=paper.width > paper.height,
    )
    with Pdf.open(BytesIO(document.write_pdf())) as source:
        sections = [pikepdf.Page(page) for page in source.pages]
        faces = dict(zip(FACES, map(Letters, sections[1:]), strict=True))
        ground = sections[0].as_form_xobject()
        resources = pdf.make_indirect(
            Dictionary(
                Font=pdf.copy_foreign(source.make_indirect(sections[0].resources.Font)),
                XObject=Dictionary(Ground=pdf.copy_foreign(source.make_indirect(ground))),
            )
        )
    return Fonts(faces, resources)


def _note(sheets: Iterable[Sheet], wanted: Faces) -> None:
    """Have every letter of the sheets noted, wherever it will stand."""
    for sheet in sheets:
        canvas = Canvas(wanted)
        for part in sheet.parts:
            sections = [part.opening, part.head, part.again, *part.sections]
            for piece in (piece for section in sections for piece in section):
                piece.draw(canvas, 0, 0)
        sheet.foot(canvas, 0, 1, 1)
        if sheet.head:
            sheet.head(canvas, 0)


@dataclass(frozen=True)
class Leaf:
    """One finished page: the content of its parts, that of head and foot, and its bookmarks.

    A bookmark has a name and the height in millimetres where it leads. All is drawn by `scale`.
    """

    parts: Sequence[bytes]
    around: bytes
    bookmarks: Sequence[tuple[str, float]]
    scale: float = 1


def drawn(sheets: Iterable[Sheet], faces: Faces, paper: Paper, *, first: int = 1) -> Iterator[Leaf]:
    """Every page of the sheets; the first page of a sheet has the number `first`."""
    for sheet in sheets:
        own = paper.shrunk(sheet.scale) if sheet.scale != 1 else paper
        pages = paginated(sheet.parts, own)
        for number, page in enumerate(pages, first):
            left = own.left(number)
            parts: list[bytes] = []
            bookmarks: list[tuple[str, float]] = []
            for placed in page:
                canvas = Canvas(faces, height=own.height * MM)
                for y, piece in placed.pieces:
                    piece.draw(canvas, left, y)
                parts.append(canvas.content)
                if placed.name:
                    bookmarks.append((placed.name, placed.pieces[0][0] * sheet.scale))
            if sheet.name and number == first:
                bookmarks.insert(0, (sheet.name, paper.top))
            around = Canvas(faces, height=own.height * MM)
            if sheet.head and number > first:
                sheet.head(around, left)
            sheet.foot(around, left, number, first + len(pages) - 1)
            yield Leaf(parts, around.content, bookmarks, sheet.scale)


def append(pdf: Pdf, leaves: Sequence[Leaf], fonts: Fonts, paper: Paper) -> None:
    """Append pages, each part of them a paragraph of the document's structure if it has one."""
    tree = pdf.Root.get("/StructTreeRoot")
    keys = _Keys(tree) if tree is not None else None
    for leaf in leaves:
        marked = [b"/P <</MCID %d>> BDC\n%b\nEMC" % (i, part) for i, part in enumerate(leaf.parts)]
        stream = b"\n".join(
            [
                b"/Artifact BMC /Ground Do EMC",
                b"%.2f 0 0 %.2f 0 0 cm" % (leaf.scale, leaf.scale),
                *(marked if keys is not None else leaf.parts),
                b"/Artifact BMC\n%b\nEMC" % leaf.around,
            ]
        )
        page = pikepdf.Page(
            pdf.make_indirect(
                Dictionary(
                    Type=Name.Page,
                    MediaBox=Array([0, 0, paper.width * MM, paper.height * MM]),
                    Resources=fonts.resources,
                    Contents=pdf.make_stream(stream),
                )
            )
        )
        pdf.pages.append(page)
        if keys is not None:
            keys.enter(pdf, pdf.pages[-1], len(marked))


class _Keys:
    """The structure tree of a document, and its next free key (ISO 32000-1 §14.7)."""

    def __init__(self, tree: Any) -> None:
        self.numbers = tree.ParentTree.Nums
        self.next = max((int(n) for n in list(self.numbers.as_list())[::2]), default=-1) + 1
        self.root = tree.K if not isinstance(tree.K, pikepdf.Array) else tree.K[0]

    def enter(self, pdf: Pdf, page: pikepdf.Page, marks: int) -> None:
        """Enter a page's marked contents."""
        elements = [
            pdf.make_indirect(
                Dictionary(Type=Name.StructElem, S=Name.P, P=self.root, Pg=page.obj, K=mark)
            )
            for mark in range(marks)
        ]
        for element in elements:
            self.root.K.append(element)
        self.numbers.append(self.next)
        self.numbers.append(pdf.make_indirect(Array(elements)))
        page.obj.StructParents = self.next
        page.obj.Tabs = Name.S
        self.next += 1


def bookmarks_of(
    leaves: Sequence[Leaf], paper: Paper, *, first: int
) -> Iterator[pikepdf.OutlineItem]:
    """The bookmarks of appended pages; `first` counts the pages before them."""
    for number, leaf in enumerate(leaves, first):
        for name, y in leaf.bookmarks:
            top = (paper.height - y) * MM
            yield pikepdf.OutlineItem(name, number, "XYZ", left=0, top=top)

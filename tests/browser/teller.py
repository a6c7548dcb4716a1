"""A teller with a browser: a key made and kept on paper, read back, and used at the opening."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pypdfium2 as pdfium
from PIL import Image, ImageFilter
from playwright.sync_api import Browser, Page, expect

from appraisal.manifest import SessionId
from appraisal.steps import setup, tellers
from tests.browser.phone import Booth, Phone
from tests.camera import codes
from tests.tellers import KeyCard
from tests.test_keycards import BASE32, base32, card, checked, lines
from tests.voting_session import draft

NAMES: Final = ("欧阳建国", "李四", "王小明")
PASSPHRASE: Final = "向阳 花木 2010 早逢春"
DESKTOP: Final = {"width": 1280, "height": 900}


def invited(booth: Booth, *, names: tuple[str, ...] = NAMES, quorum: int = 2) -> SessionId:
    """A draft with these tellers."""
    given = replace(draft(subjects=2, slips=(6, 4)), tellers=names, quorum=quorum)
    organisation = booth.service.office.organisation(given.organisation)
    return setup.create(booth.service, given, organisation_id=organisation)


def link(booth: Booth, session: SessionId, teller: int) -> str:
    """A new link of this teller."""
    secret = tellers.invite(booth.service, session, teller)
    return f"{booth.server.url}/t/{session}#{secret}"


@dataclass
class Teller:
    """One teller's browser."""

    phone: Phone
    link: str

    @classmethod
    def new(cls, browser: Browser, address: str, **options: Any) -> Teller:
        return cls(Phone.new(browser, **options), address)

    @property
    def page(self) -> Page:
        return self.phone.page

    def open(self, address: str | None = None) -> None:
        """Opens a link as if for the first time."""
        self.page.goto("about:blank")
        self.page.goto(address or self.link)

    def make(self, passphrase: str = PASSPHRASE) -> None:
        """From the link to the key card."""
        self.open()
        self.page.click("#begin")
        self.page.fill("#passphrase", passphrase)
        self.page.fill("#again-passphrase", passphrase)
        self.page.click("button.main")
        self.page.wait_for_selector("#kept")

    def saved(self) -> bytes:
        """The picture that a long press, or the button, saves."""
        address = self.page.get_attribute("#save", "href")
        assert address is not None
        assert address.startswith("data:image/png;base64,")
        assert address == self.page.get_attribute("img.on-screen", "src")
        return base64.b64decode(address.split(",")[1])

    def printed(self, paper: str = "A4") -> Image.Image:
        """The one sheet that the printer gives, at 200 dots an inch."""
        document = pdfium.PdfDocument(self.page.pdf(format=paper, print_background=True))
        assert len(document) == 1
        sheet: Image.Image = document[0].render(scale=200 / 72).to_pil().convert("RGB")
        return sheet

    def give_picture(self, picture: bytes, name: str = "card.png") -> None:
        mime = "image/jpeg" if name.endswith("jpg") else "image/png"
        self.page.set_input_files("#picture", {"name": name, "mimeType": mime, "buffer": picture})

    def type_card(self, typed: list[str]) -> None:
        for number, line in enumerate(typed, 1):
            self.page.fill(f"#line-{number}", line)
        self.page.click("button.main")

    def unlock(self, passphrase: str = PASSPHRASE) -> None:
        self.page.wait_for_selector("#passphrase")
        self.page.fill("#passphrase", passphrase)
        self.page.click("button.main")

    def expect_checked(self) -> None:
        expect(self.page.locator("h1.final")).to_have_text("钥匙登记好了")

    def problem(self) -> str:
        return str(self.page.locator("h1.problem").get_attribute("data-problem"))

    def kept(self) -> str:
        """All that this browser keeps of the page."""
        both = "JSON.stringify([{...localStorage}, {...sessionStorage}])"
        return str(self.page.evaluate(both)) + str(self.page.evaluate("document.cookie"))


def paper(booth: Booth, held: KeyCard, passphrase: str = PASSPHRASE) -> str:
    """What the QR code of a card holds that was made in Python."""
    terms = (held.number, held.tellers, held.quorum)
    sealed = card(held.session, terms, held.key.private_bytes_raw(), passphrase)
    return f"{booth.server.url}/t/{held.session}#{held.secret}.{base32(sealed)}"


def scanned(picture: Image.Image | bytes) -> str:
    """What a phone's camera reads."""
    image = Image.open(io.BytesIO(picture)) if isinstance(picture, bytes) else picture
    (code,) = codes(image.convert("L"))
    return str(code.text)


def lines_of(card_link: str) -> list[str]:
    """The seven lines that stand on the card with this QR code."""
    secret, symbols = card_link.rsplit("#", 1)[1].split(".")
    return lines(symbols, secret)


def mistyped(line: str, number: int) -> str:
    """A line with one wrong symbol that its check symbol tells: one in 32 would not."""
    others = (line[:5] + symbol + line[6:] for symbol in BASE32 if symbol != line[5])
    return next(other for other in others if checked(other[:-1], number) != other)


def photographed(sheet: Image.Image) -> bytes:
    """The sheet on a table: askew, a little blurred, grainy, under uneven light."""
    wide, high = sheet.size
    table = Image.new("RGB", (wide + 300, high + 300), (120, 96, 80))
    table.paste(sheet, (150, 150))
    w, h = table.size
    corners = ((0.02, 0.00), (1.01, 0.03), (0.97, 1.00), (-0.03, 0.98))
    rows, goal = [], []
    for (x, y), (u, v) in zip(((0, 0), (1, 0), (1, 1), (0, 1)), corners, strict=True):
        rows += [
            [x * w, y * h, 1, 0, 0, 0, -u * w * x * w, -u * w * y * h],
            [0, 0, 0, x * w, y * h, 1, -v * h * x * w, -v * h * y * h],
        ]
        goal += [u * w, v * h]
    coefficients = np.linalg.solve(np.array(rows, float), np.array(goal, float))
    smooth = Image.Resampling.BICUBIC
    perspective = Image.Transform.PERSPECTIVE
    askew = table.transform(table.size, perspective, tuple(coefficients), smooth)
    askew = askew.rotate(4, smooth, fillcolor=(120, 96, 80))
    pixels = np.asarray(askew.filter(ImageFilter.GaussianBlur(1.2)), float)
    light = np.linspace(0.65, 1.0, pixels.shape[1])[None, :, None]
    grain = np.random.default_rng(1).normal(0, 6, pixels.shape)
    photo = Image.fromarray(np.clip(pixels * light + grain, 0, 255).astype(np.uint8))
    out = io.BytesIO()
    photo.save(out, "JPEG", quality=80)
    return out.getvalue()


def every_screen(booth: Booth, browser: Browser, **options: Any) -> Iterator[tuple[str, Phone]]:
    """Walks a teller's way through a draft and names each screen when it stands."""
    session = invited(booth)
    teller = Teller.new(browser, link(booth, session, 0), **options)
    page, phone = teller.page, teller.phone
    teller.open(f"{booth.server.url}/t/{session}")
    page.wait_for_selector(".people")
    yield "nobody", phone
    teller.open()
    page.wait_for_selector("#begin")
    yield "explanation", phone
    page.click("#begin")
    page.click("button.main")
    yield "passphrase too short", phone
    page.click("#propose")
    yield "passphrase proposed", phone
    word = page.input_value("#passphrase")
    page.click("button.main")
    page.wait_for_selector("#kept")
    picture = teller.saved()
    yield "card", phone
    page.click("#kept")
    yield "reading", phone
    teller.give_picture(b"no picture")
    page.wait_for_selector("#picture-error:not(:empty)")
    yield "no picture", phone
    page.click("#type")
    page.fill("#line-1", lines_of(scanned(picture))[0])
    page.fill("#line-2", "0" * 23)
    page.click("button.main")
    yield "typing", phone
    page.locator("button.link").click()
    teller.give_picture(picture)
    teller.unlock("something else")
    page.wait_for_selector("#passphrase-error:not(:empty)")
    yield "wrong passphrase", phone
    teller.unlock(word)
    page.wait_for_selector(".tick")
    yield "checked", phone
    teller.open()
    page.wait_for_selector("h1.problem")
    yield "problem", phone
    phone.context.close()

"""QR codes on the office's pages, as SVG."""

from __future__ import annotations

import io

import qrcode
import qrcode.image.svg


def svg(text: str) -> str:
    """The QR code of a text: one path, dark on transparent, that scales to the room it has."""
    code = qrcode.QRCode(border=2, error_correction=qrcode.ERROR_CORRECT_M)
    code.add_data(text)
    out = io.BytesIO()
    code.make_image(image_factory=qrcode.image.svg.SvgPathImage).save(out)
    return out.getvalue().decode()

"""What a phone's camera reads from a picture."""

from __future__ import annotations

from PIL import Image
from zxingcpp import Barcode, BarcodeFormat, BarcodeFormats, read_barcodes

# They alone: typed lines can pass for the bars of other codes.
QR_CODES = BarcodeFormats(BarcodeFormat.QRCode)


def codes(picture: Image.Image) -> list[Barcode]:
    """The QR codes of the picture."""
    return list(read_barcodes(picture, formats=QR_CODES))

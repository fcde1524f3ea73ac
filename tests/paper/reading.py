"""Reading paper back: what a scanner sees on it, and what its text says."""

from __future__ import annotations

import io
from typing import Any

import pypdf
import pypdfium2
import zxingcpp
from PIL import Image


def picture(data: bytes, page: int = 0, dpi: int = 200) -> Image.Image:
    """A PNG, or one page of a PDF, as a picture."""
    if data.startswith(b"\x89PNG"):
        return Image.open(io.BytesIO(data)).convert("RGB")
    document: Any = pypdfium2.PdfDocument(data)
    try:
        shown: Image.Image = document[page].render(scale=dpi / 72).to_pil().convert("RGB")
        return shown
    finally:
        document.close()


def scanned(data: bytes, page: int = 0, dpi: int = 200) -> list[str]:
    """What a reader decodes on a page, all of it DataMatrix."""
    return [code.text for code in zxingcpp.read_barcodes(picture(data, page, dpi), zxingcpp.BarcodeFormat.DataMatrix)]


def codes(data: bytes, page: int = 0) -> list[str]:
    """What a telephone decodes on a page."""
    return [code.text for code in zxingcpp.read_barcodes(picture(data, page), zxingcpp.BarcodeFormat.QRCode)]


def document(data: bytes) -> pypdf.PdfReader:
    """The PDF as a reader sees it."""
    return pypdf.PdfReader(io.BytesIO(data))


def pages(data: bytes) -> list[str]:
    """The text of each page, white space as single spaces, break opportunities left out."""
    return [" ".join(page.extract_text().replace("\u200b", "").split()) for page in document(data).pages]


def dense(text: str) -> str:
    """A text without white space, for words that a line broke."""
    return "".join(text.replace("\u200b", "").split())

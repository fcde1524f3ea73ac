"""Bytes to text, in the one order that was right for laboratories' files.

A byte order mark decides; without one a NUL means that this is no text; then UTF-8, strictly; then Windows-1252, as
Excel and instruments of the western world write it. A guesser was tried and misread Windows-1252 laboratory files.
"""

from __future__ import annotations

import codecs

from registry.errors import Unreadable, UnsupportedKind

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BINARY = (
    (b"PK\x03\x04", "an Excel workbook or another zip archive"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
    (b"%PDF", "a PDF"),
    (b"FCS", "an FCS file"),
    (b"\x1f\x8b", "a gzip archive"),
)


def decode(data: bytes, file: str) -> str:
    """The text of a table. ``Unreadable`` for what is no text, ``UnsupportedKind`` for a binary file so named."""
    for magic, what in _BINARY:
        if data.startswith(magic):
            raise UnsupportedKind(
                f"{file} is {what}, not a table of text.",
                expected="a CSV or TSV file",
                found=what,
                where=file,
                todo="Save the sheet as CSV (UTF-8) and submit that.",
            )
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _checked(data, encoding, file)
    if b"\x00" in data:
        raise _not_text(file, "bytes with NUL")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _checked(data, "cp1252", file)


def decode_utf8(data: bytes, file: str) -> str:
    """The text of an RDF file: Turtle and JSON are UTF-8 by their standards (RDF 1.1 Turtle §6; RFC 8259 §8.1)."""
    return _checked(data, "utf-8-sig", file)


def _checked(data: bytes, encoding: str, file: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _not_text(file, f"bytes that are not {error.encoding}, at byte {error.start}") from None
    if "\x00" in text:
        raise _not_text(file, "text with NUL")
    return text


def _not_text(file: str, held: str) -> Unreadable:
    return Unreadable(
        f"{file} cannot be read as text.",
        expected="UTF-8, UTF-16 with a byte order mark, or Windows-1252",
        found=held,
        where=file,
        todo="Export the table again as CSV (UTF-8).",
    )

"""What a barcode reader types when a label is scanned, and the lot it names.

    https://registry.example/lots/H-03            the address in our own DataMatrix or QR code
    https://registry.example/lot/H-03             the lot's IRI
    https://id.gs1.org/01/09506000134352/10/H-03  GS1 Digital Link
    (01)09506000134352(17)261201(10)H-03          GS1 element string, as printed under the symbol
    ]d201095060001343521726120110H-03             the same as a reader sends it; GS (U+001D) ends a variable field

Source: GS1 General Specifications 24, sections 3.2 and 3.4.1 (AI 10 is the batch or lot, up to 20 characters), 7.8.4;
GS1 Digital Link URI syntax 1.3, section 4.
"""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from registry.iris import Names

_PRINTED = re.compile(r"\(10\)([^()]{1,20})(?=\(|$)")
_SYMBOLOGY = re.compile(r"^\](?:C1|d2|Q3|e0)")
_FIXED = {
    "00": 18, "01": 14, "02": 14, "11": 6, "12": 6, "13": 6, "15": 6, "16": 6, "17": 6, "20": 2,
}  # fmt: skip
"""Application identifiers with a fixed length, which needs no separator after it."""
GS = "\x1d"


def lot_named(text: str, names: Names) -> str | None:
    """The lot that a scanned text names, or None when it is no label's content."""
    scanned = text.strip()
    if "://" in scanned:
        return _of_page(scanned, names) or _of_link(scanned)
    if printed := _PRINTED.search(scanned):
        return printed[1].strip()
    bare = _SYMBOLOGY.sub("", scanned)
    if bare != scanned or GS in scanned:
        return _of_elements(bare.lstrip(GS))
    return None


def _of_page(text: str, names: Names) -> str | None:
    """The lot of a page or an IRI of this registry. Another registry's lot of the same name is not ours."""
    plain = text.partition("#")[0].partition("?")[0]
    for kind in ("lots", "history", "lot"):
        if (lot := names.id_of(plain, kind)) and "/" not in plain.removeprefix(f"{names.base}{kind}/"):
            return lot
    return None


def _of_link(text: str) -> str | None:
    """The lot of a GS1 Digital Link, whatever its host: its key is the GTIN, not the host."""
    parts = urlsplit(text).path.split("/")
    if "10" in parts[:-1] and "01" in parts:
        return unquote(parts[parts.index("10") + 1]) or None
    return None


def _of_elements(text: str) -> str | None:
    while len(text) > 2:
        identifier, rest = text[:2], text[2:]
        if identifier == "10":
            return rest.split(GS, 1)[0] or None
        length = _FIXED.get(identifier)
        text = rest[length:].lstrip(GS) if length else rest.partition(GS)[2]
    return None

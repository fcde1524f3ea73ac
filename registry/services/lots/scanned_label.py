"""What a barcode reader types when a label is scanned: the lot it names, the product number and the dates it states.

    https://registry.example/lots/H-03            the address in our own DataMatrix or QR code, in capitals too
    https://registry.example/lot/H-03             the lot's IRI
    https://id.gs1.org/01/09506000134352/10/H-03  GS1 Digital Link
    (01)09506000134352(17)261201(10)H-03          GS1 element string, as printed under the symbol
    ]d201095060001343521726120110H-03             the same as a reader sends it; GS (U+001D) ends a variable field
    01095060001343521726120110H-03                the same without its first sign, as many readers send it

Only the first two are this registry's own labels: they hold the address of the lot's page and nothing else. What the
others lead to, if anything, is decided by what is on record (``identifiers``): their lot number alone does not
say that it is the same product.

Source: GS1 General Specifications 24, sections 3.2 and 3.4 (AI 10 is the batch or lot, up to 20 characters; AI 17 the
expiration date, YYMMDD, 7003 with a time, YYMMDDHHMM; 15 best before, 16 sell by); GS1 Digital Link URI syntax 1.3,
section 4. The rest is in ``exchange.schemes.gs1``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import parse_qsl, unquote, urlsplit

from registry.exchange.schemes.gs1 import GS, check_digit_holds, day, identified, is_address, shown_separators

_PRINTED = re.compile(r"\((\d{2,4})\)([^()]*)(?=\(|$)")
_SYMBOLOGY = re.compile(r"^\](?:C1|d2|Q3|e0)")
_BEST_BEFORE = {"15": "best before", "16": "sell by"}
"""Dates that are like an expiry and are none; the registry knows nothing to compare them with."""
LOT_AT_MOST = 20


@dataclass(frozen=True, slots=True)
class Scan:
    """What a label's content says. ``lot`` is as the label spells it.

    ``expires`` is ``2026-12-01``, with its time where the label states one (``2026-12-01 14:00``), or the label's own
    signs where they are no date; empty where it states no expiry. ``elsewhere`` is True of a page of another registry:
    its lot of that name is another lot. ``bare`` is True where nothing but its digits marks the text as a label's
    content. ``foreign`` is True of everything but the address of a lot's page: no label of this registry is written so.
    ``product`` is the product number (GTIN) that it names; ``others`` are its other dates, ``best before 2026-12-01``.
    """

    lot: str
    expires: str = ""
    elsewhere: bool = False
    bare: bool = False
    foreign: bool = False
    product: str = ""
    others: tuple[str, ...] = ()


def read_label(text: str, bases: Sequence[str], today: date) -> Scan | None:
    """What a scanned text says, or None when it is no label's content that names a lot.

    ``bases`` are the addresses under which this registry's own pages are known; ``today`` settles the century of a
    date of two-digit year.
    """
    scanned = shown_separators(text.strip())
    if is_address(scanned):
        try:
            return _of_page(scanned, bases, today) or _of_link(scanned, today)
        except ValueError:  # no host can be read, as in http://[
            return None
    bare = False
    if scanned.startswith("("):
        elements = {key: value.strip() for key, value in _PRINTED.findall(scanned)}
    else:
        plain = _SYMBOLOGY.sub("", scanned)
        bare = plain == scanned and GS not in scanned
        if bare and not _begins_with_gtin(scanned):
            return None
        elements = _elements(plain.lstrip(GS))
    lot = elements.get("10", "")
    return _stated(lot, elements, today, bare=bare) if 0 < len(lot) <= LOT_AT_MOST else None


def _stated(lot: str, elements: Mapping[str, str], today: date, *, bare: bool = False) -> Scan:
    """A lot named by its number, with what else the code states."""
    others = tuple(f"{wording} {day(elements[key], today)}" for key, wording in _BEST_BEFORE.items() if key in elements)
    product = elements.get("01", "") or elements.get("02", "")
    return Scan(lot, _expiry(elements, today), bare=bare, foreign=True, product=product, others=others)


def _of_page(text: str, bases: Sequence[str], today: date) -> Scan | None:
    """The lot of a page or an IRI of a registry; ours by any of its addresses, http or https, small or capital."""
    address = urlsplit(text)
    plain = text.partition("#")[0].partition("?")[0].partition("://")[2].rstrip("/")
    expires = _expiry(_asked(address.query), today)
    for base in bases:
        for kind in ("lots", "history", "lot"):
            start = f"{base.partition('://')[2]}{kind}/"
            name = plain[len(start) :]
            if plain.casefold().startswith(start.casefold()) and name and "/" not in name:
                return Scan(unquote(name), expires)
    *_, kind, name = ("", *plain.split("/"))
    if kind.casefold() not in ("lots", "lot") or not name:
        return None
    return Scan(unquote(name), expires, elsewhere=True, foreign=True)


def _of_link(text: str, today: date) -> Scan | None:
    """The lot of a GS1 Digital Link, whatever its host: its key is the GTIN, not the host."""
    address = urlsplit(text)
    parts = address.path.split("/")
    if "10" not in parts[:-1] or "01" not in parts[:-1]:
        return None
    lot = unquote(parts[parts.index("10") + 1])
    elements = {**_asked(address.query), "01": parts[parts.index("01") + 1]}
    return _stated(lot, elements, today) if lot else None


def _asked(query: str) -> dict[str, str]:
    return {key.casefold(): value for key, value in parse_qsl(query)}


def _begins_with_gtin(text: str) -> bool:
    """True when the text begins with AI 01 and a GTIN of 14 digits whose check digit is right."""
    match = re.match(r"01([0-9]{14})", text)
    return match is not None and check_digit_holds(match[1])


def _elements(text: str) -> dict[str, str]:
    """The elements of a string: application identifier → value. What follows no identifier is passed over to the next
    separator.
    """
    elements: dict[str, str] = {}
    while len(text) > 2:
        identifier, length = identified(text)
        identifier = identifier or text[:2]
        rest = text[len(identifier) :]
        if length:
            value, text = rest[:length], rest[length:].lstrip(GS)
        else:
            value, _, text = rest.partition(GS)
        elements.setdefault(identifier, value)
    return elements


def _expiry(elements: Mapping[str, str], today: date) -> str:
    """The day or the hour after which the thing must not be used; of several that differ, each."""
    dates = [day(elements[key], today) for key in ("17", "7003", "exp", "expires") if elements.get(key)]
    return ", ".join(dict.fromkeys(dates))

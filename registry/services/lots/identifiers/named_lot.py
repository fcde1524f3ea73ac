"""The one lot that a typed or scanned identifier names, or why it opens none. Another maker's lot is never opened.

1. what the text may be: one reading where it is written as nothing else is   ``readings``
2. the lots on record under any of them, and the lot whose own identifier it is
3. of a GS1 code: the product that its product number is on record for, which has to be that lot's product
4. one lot opens; none and two are refused in words
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from registry.errors import Refused
from registry.exchange.schemes.every_scheme import SCHEMES, is_marked, readings, unchecked
from registry.exchange.schemes.gs1 import CODE, GTIN
from registry.exchange.schemes.reading import Reading
from registry.ledger import Reader
from registry.ledger.lots import LotReader
from registry.services.lots.identifiers.on_record import named_by

_DO_NOT = "Do not use it by this code: type the lot's identifier from the label, or ask its manufacturer."


@dataclass(frozen=True, slots=True)
class Named:
    """A registered lot, as it was registered, and the identifier that names it."""

    lot: str
    reading: Reading


def named_lot(ledger: Reader, reader: LotReader, text: str, today: date) -> Named | None:
    """The lot that an identifier of others names; None for a text that is none, or is a lot's own identifier alone.

    Raises WrongUsage for a code that its scheme refuses, and Refused for one that names no lot here, or several, or
    whose product number is not on record for the lot's product.
    """
    own = reader.registered(text)
    if own is not None and is_marked(text):
        return None
    read = [reading for reading in readings(text, today) if reading.scheme != GTIN]
    hits = [(lot, reading) for reading in read for lot in _lots(ledger, reader, reading)]
    lots = {lot.casefold(): lot for lot, _reading in hits} | ({own.casefold(): own} if own else {})
    if len(lots) > 1:
        raise _several(read, hits, lots.values())
    if not hits:
        if own is None and is_marked(text):
            raise _no_lot(read[0])
        return None
    lot, reading = hits[0]
    if reading.unchecked and own is None:
        raise unchecked(reading)
    return None if own is not None else Named(lot, reading)


def _lots(ledger: Reader, reader: LotReader, reading: Reading) -> list[str]:
    """Every registered lot that the reading names; raises Refused where its product number is not this lot's."""
    product = _product_of(ledger, reading) if reading.scheme == CODE else ""
    entries = [entry for key in reading.keys for entry in named_by(ledger, reading.scheme, key)
               if entry.details["text"] == key]  # fmt: skip
    lots = list(dict.fromkeys(str(entry.details["lot"]) for entry in entries))
    if product and not lots and reading.lot:
        lots = [lot for lot in (reader.registered(reading.lot),) if lot is not None]
    for lot in lots if product else ():
        _check_product(reading, product, lot, reader)
    return lots


def _product_of(ledger: Reader, reading: Reading) -> str:
    """The one product that a code's product number is on record for; raises Refused for none and for several."""
    products = sorted({str(entry.details["product"]) for entry in named_by(ledger, GTIN, reading.gtin)})
    if len(products) == 1:
        return products[0]
    message = "The product number of this code is on record for {} of this registry."
    raise Refused(
        message.format("several products" if products else "no product"), where=reading.text,
        expected=f"{reading.gtin} on record for one product", found=", ".join(products) or "none",
        todo=_DO_NOT, code="identifier-of-no-lot",
    )  # fmt: skip


def _check_product(reading: Reading, product: str, lot: str, reader: LotReader) -> None:
    made = reader.lot(lot).product
    if made is None or made.casefold() != product.casefold():
        raise Refused(
            f"This code is not the lot {lot}'s: its product number is on record for another product.",
            expected=f"the product number of {made}" if made else f"no product number: {lot} is of no product",
            found=f"{reading.gtin}, which is on record for {product}", where=reading.text, todo=_DO_NOT,
            code="identifier-of-no-lot",
        )  # fmt: skip


def _no_lot(reading: Reading) -> Refused:
    return Refused(
        f"This {SCHEMES[reading.scheme].label} is on record for no lot of this registry."
        if reading.keys else "This GS1 code names a product, and no lot.",
        expected="an identifier on record for one lot", found=reading.text, todo=_DO_NOT, code="identifier-of-no-lot",
    )  # fmt: skip


def _several(read: Iterable[Reading], hits: Iterable[tuple[str, Reading]], lots: Iterable[str]) -> Refused:
    schemes = dict.fromkeys(SCHEMES[reading.scheme].label for _lot, reading in hits) or [each.scheme for each in read]
    return Refused(
        "This identifier names more than one lot.", expected="an identifier on record for one lot",
        found=f"{', '.join(sorted(lots))} ({', '.join(schemes)})",
        todo="Compare the labels, and type the lot's identifier in this registry.", code="identifier-of-several-lots",
    )  # fmt: skip

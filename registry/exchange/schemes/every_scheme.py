"""The schemes in one table, and a typed or scanned text read by each that it may be of.

read("din", "W0000 16 428175 00 1", today).text     "W000016428175"
readings("(01)09506000134352(10)H-03", today)       one reading: nothing else is written so
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from registry.errors import WrongUsage
from registry.exchange.schemes import din, gs1, plain, sec
from registry.exchange.schemes.reading import AT_MOST, Reading


@dataclass(frozen=True, slots=True)
class Scheme:
    """``of`` is what it names; ``shared`` says that several lots may rightly have one: all of one donation, one person.

    ``marked`` is whether a text is written as nothing else is.
    """

    id: str
    label: str
    of: Literal["product", "lot"]
    read: Callable[[str, date], Reading]
    marked: Callable[[str], bool] = lambda _text: False
    shared: bool = False


_ROWS = (
    Scheme(gs1.GTIN, "GS1 product number (GTIN)", "product", lambda text, _today: gs1.read_gtin(text)),
    Scheme(gs1.CODE, "GS1 lot or serial number", "lot", gs1.read_code, gs1.is_code),
    Scheme(din.SCHEME, "ISBT 128 donation number", "lot", lambda text, _today: din.read(text), din.is_scanned, True),
    Scheme(sec.SCHEME, "Single European Code", "lot", lambda text, _today: sec.read(text), sec.is_marked),
    Scheme(
        plain.CHAIN_OF_IDENTITY, "Chain of Identity", "lot",
        lambda text, _today: plain.read(plain.CHAIN_OF_IDENTITY, text), shared=True,
    ),
    Scheme(plain.HOUSE, "A house's own number", "lot", lambda text, _today: plain.read(plain.HOUSE, text)),
)  # fmt: skip
SCHEMES: dict[str, Scheme] = {row.id: row for row in _ROWS}


def read(scheme: str, text: str, today: date) -> Reading:
    """An identifier as its scheme has it, to be put on record; raises WrongUsage for what the scheme refuses.

    One with a check character has to be typed with it, unless it is scanned.
    """
    if scheme not in SCHEMES:
        raise WrongUsage("There is no such scheme.", expected=", ".join(SCHEMES), found=scheme, where="scheme")
    try:
        reading = SCHEMES[scheme].read(_bounded(text), today)
    except WrongUsage as error:
        error.where = error.where or "text"
        raise
    if not reading.keys:
        raise WrongUsage("This GS1 code names a product, and no lot.", expected="(10) and the lot, or (21) and the "
                         "serial number", found=reading.text, where="text")  # fmt: skip
    if reading.unchecked:
        raise unchecked(reading)
    return reading


def readings(text: str, today: date) -> tuple[Reading, ...]:
    """What a typed or scanned text may be: one reading where it is written as nothing else is, else each that fits.

    Raises WrongUsage for a text that is written as of one scheme, and is refused by it.
    """
    if len(text) > AT_MOST:
        return ()
    for scheme in SCHEMES.values():
        if scheme.marked(text):
            return (scheme.read(text, today),)
    return tuple(_fitting(text, today))


def is_marked(text: str) -> bool:
    """Whether a text is written as an identifier of one scheme is, and as nothing else."""
    return len(text) <= AT_MOST and any(scheme.marked(text) for scheme in SCHEMES.values())


def unchecked(reading: Reading) -> WrongUsage:
    """The refusal of a number that was typed without its check character."""
    return WrongUsage(
        "This donation identification number was typed without its check character.", found=reading.text,
        expected="13 signs and the check character", where="text",
        todo="Type the character in the box after the number too, or scan it: one slip names another donation.",
    )  # fmt: skip


def _fitting(text: str, today: date) -> Iterator[Reading]:
    for scheme in SCHEMES.values():
        if scheme.id == gs1.CODE:
            continue
        try:
            yield scheme.read(text, today)
        except WrongUsage:
            continue


def _bounded(text: str) -> str:
    if len(text) > AT_MOST:
        raise WrongUsage("This is too long to be an identifier.", expected=f"at most {AT_MOST} signs",
                         found=f"{len(text)} signs", where="text")  # fmt: skip
    return text


__all__ = ["SCHEMES", "Scheme", "is_marked", "read", "readings", "unchecked"]

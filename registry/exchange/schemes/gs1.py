"""GS1: product numbers (GTIN), element strings and Digital Links, read to the letter or refused.

    (01)09506000134352(17)261201(10)H-03          as printed under the symbol
    ]d201095060001343521726120110H-03             as a reader sends it; GS (U+001D) ends a variable field
    https://id.gs1.org/01/09506000134352/10/H-03  Digital Link, whatever its host

A code names a lot by its product number and its lot (10) or serial (21) together: each alone is another maker's too.

Source: GS1 General Specifications 24, sections 3.2 and 3.4 (AI 01, 10, 17, 21, 7003), 7.8.4, 7.9.1 (check digit) and
7.12 (century); GS1 Digital Link URI syntax 1.3, section 4. Which identifiers there are, and which have a fixed length,
is biip's table; its reader of whole messages is not used (docs/decisions/0015-libraries-tried.md).
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from datetime import date
from urllib.parse import parse_qsl, unquote

from registry.errors import WrongUsage
from registry.exchange.schemes.reading import Reading

GS = "\x1d"
GTIN, CODE = "gtin", "gs1"
_SHOWN_GS = re.compile("\u241d|<GS>|\\{GS\\}", re.IGNORECASE)
"""How readers show GS where it cannot be typed."""
_SYMBOLOGY = re.compile(r"\](?:C1|d2|Q3|e0)")
_PRINTED = re.compile(r"\(([0-9]{2,4})\)([^()]+)")
_VALUE = re.compile(r"[A-Za-z0-9!\"%&'*+,\-./:;<=>?_]{1,20}", re.ASCII)
"""AI-encodable character set 82 but the parentheses, which would let one code be printed as another."""
_DATE = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{2})(?:([01][0-9]|2[0-3])([0-5][0-9])?)?", re.ASCII)
_LENGTHS = (8, 12, 13, 14)
_EXPECTED = "(01) and a product number, then (10) and the lot or (21) and the serial number"


def shown_separators(text: str) -> str:
    """The text with GS wherever a reader showed it by other signs."""
    return _SHOWN_GS.sub(GS, text)


def check_digit_holds(digits: str) -> bool:
    """Whether the last digit of a GTIN is the one that the others give (General Specifications 7.9.1).

    >>> check_digit_holds("09506000134352")
    True
    """
    if not (digits.isascii() and digits.isdigit()):
        return False
    weighed = sum(int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(reversed(digits)))
    return weighed % 10 == 0


def is_address(text: str) -> bool:
    """Whether a text is a web address; a lot number may hold ``://`` too."""
    return re.match(r"https?://", text, re.IGNORECASE) is not None


def is_code(text: str) -> bool:
    """Whether a text is written as nothing but a GS1 code is: by its prefix, separators, parentheses or address."""
    plain = shown_separators(text)
    if is_address(plain):
        return re.search(r"/01/[^/]", _path(plain)) is not None
    marked = _SYMBOLOGY.match(plain) is not None or GS in plain or re.match(r"\([0-9]{2,4}\)", plain) is not None
    return marked or (re.match(r"01[0-9]{14}", plain) is not None and check_digit_holds(plain[2:16]))


def read_gtin(text: str) -> Reading:
    """A product number of 8, 12, 13 or 14 digits, with or without (01) before it; raises WrongUsage."""
    plain = text.strip().removeprefix("(01)").replace(" ", "").replace("-", "")
    if not re.fullmatch(r"[0-9]+", plain, re.ASCII) or len(plain) not in _LENGTHS:
        raise WrongUsage("This is no product number (GTIN).", expected="8, 12, 13 or 14 digits", found=text)
    return Reading(GTIN, _checked(plain), (_checked(plain),), gtin=_checked(plain))


def read_code(text: str, today: date) -> Reading:
    """A code that names a product and, with (10) or (21), one lot of it; raises WrongUsage for what is no such code.

    ``today`` settles the century of a date of two-digit year.
    """
    plain = shown_separators(text.strip())
    elements: dict[str, str] = {}
    for identifier, value in _link(plain) if is_address(plain) else _elements(plain):
        if elements.setdefault(identifier, value) != value:
            raise WrongUsage(f"This GS1 code says ({identifier}) twice, and differently.",
                             expected="one value", found=f"{elements[identifier]} and {value}")  # fmt: skip
    if "01" not in elements:
        raise WrongUsage("This GS1 code names no product.", expected=_EXPECTED, found=_shown(elements) or "nothing",
                         todo="A lot number alone is another maker's too: scan the code with the product number, or "
                         "type the lot's identifier from the label.")  # fmt: skip
    gtin = _checked(elements["01"])
    lot, serial = (_value(identifier, elements.get(identifier, "")) for identifier in ("10", "21"))
    head = f"(01){gtin}"
    parts = (f"(10){lot}" if lot else "", f"(21){serial}" if serial else "")
    keys = tuple(dict.fromkeys(head + each for each in ("".join(parts), *parts) if each))
    return Reading(CODE, head + "".join(parts), keys, gtin, lot, _expiry(elements, today))


def _checked(digits: str) -> str:
    """A GTIN in 14 digits; raises WrongUsage for one whose check digit is wrong."""
    if len(digits) not in _LENGTHS or not check_digit_holds(digits):
        raise WrongUsage("The check digit of this product number (GTIN) is wrong.", found=digits,
                         expected="8, 12, 13 or 14 digits of which the last checks the others",
                         todo="Scan it again, or compare it with the label, digit by digit.")  # fmt: skip
    return digits.zfill(14)


def _value(identifier: str, value: str) -> str:
    if value and not _VALUE.fullmatch(value):
        raise WrongUsage(f"This GS1 code's ({identifier}) cannot be one.", found=repr(value),
                         expected="1 to 20 letters, digits or signs, no space, no parenthesis")  # fmt: skip
    return value


def _elements(text: str) -> Iterator[tuple[str, str]]:
    """Each (application identifier, value); raises WrongUsage where a sign belongs to none."""
    if text.startswith("("):
        if not re.fullmatch(rf"(?:{_PRINTED.pattern})+", text):
            raise WrongUsage("This GS1 code cannot be read.", expected=_EXPECTED, found=text[:80])
        yield from ((identifier, value.strip()) for identifier, value in _PRINTED.findall(text))
        return
    rest = _SYMBOLOGY.sub("", text, count=1).lstrip(GS)
    while rest:
        identifier, length = identified(rest)
        if not identifier:
            raise WrongUsage("This GS1 code cannot be read to its end.", found=rest[:20],
                             expected="an application identifier of GS1",
                             todo="Scan it again, or type it as printed, with parentheses.")  # fmt: skip
        rest = rest[len(identifier) :]
        value, rest = (rest[:length], rest[length:].lstrip(GS)) if length else rest.split(GS, 1) if GS in rest else (
            rest, "")  # fmt: skip
        if not value or (length and len(value) != length):
            raise WrongUsage(f"This GS1 code ends within ({identifier}).", found=repr(value),
                             expected=f"{length or 'some'} signs", todo="Scan it again.")  # fmt: skip
        yield identifier, value


def identified(text: str) -> tuple[str, int]:
    """The application identifier at the start of a text, and its value's length: 0 where a separator ends it.

    Empty for a text that begins with none.
    """
    from biip import ParseError
    from biip.gs1_application_identifiers import GS1ApplicationIdentifier

    try:
        identifier = GS1ApplicationIdentifier.extract(text)
    except ParseError:
        return "", 0
    length = 0 if identifier.separator_required else int(identifier.format.rpartition("N")[2])
    return identifier.ai, length


def _link(text: str) -> Iterator[tuple[str, str]]:
    """The elements of a Digital Link: after the product number, pairs of identifier and value; then the query."""
    path = _path(text)
    parts = path.rstrip("/").split("/")
    named = parts[parts.index("01") :] if "01" in parts else [""]
    if len(named) % 2:
        raise WrongUsage("This GS1 Digital Link cannot be read.", expected="/01/ and a product number, then /10/ and "
                         "the lot or /21/ and the serial number", found=path[:80])  # fmt: skip
    yield from zip(named[::2], map(unquote, named[1::2]), strict=True)
    known = {"exp": "17", "expires": "17"}
    yield from (
        (known.get(key.casefold(), key), value)
        for key, value in parse_qsl(text.partition("#")[0].partition("?")[2])
        if value
    )


def _path(address: str) -> str:
    return "/" + address.partition("://")[2].partition("#")[0].partition("?")[0].partition("/")[2]


def _expiry(elements: dict[str, str], today: date) -> str:
    """The day or the hour after which the thing must not be used; of several that differ, each."""
    return ", ".join(dict.fromkeys(day(elements[key], today) for key in ("17", "7003") if elements.get(key)))


def day(printed: str, today: date) -> str:
    """``261200`` and ``2026-12-31`` as 2026-12-31, ``2612011430`` with its time; what is no date stays as it is.

    Day 00 is the last of its month.
    """
    match = _DATE.fullmatch(printed)
    if not match:
        return printed
    year, month, number = _year(int(match[1]), today), int(match[2]), int(match[3])
    try:
        stated = date(year, month, number or calendar.monthrange(year, month)[1]).isoformat()
    except ValueError:
        return printed
    return f"{stated} {match[4]}:{match[5] or '00'}" if match[4] else stated


def _year(two_digits: int, today: date) -> int:
    """The year of two digits that lies from 49 years back to 50 years ahead."""
    century, now = today.year - today.year % 100, today.year % 100
    if two_digits - now >= 51:
        return century - 100 + two_digits
    return century + two_digits + (100 if two_digits - now <= -50 else 0)


def _shown(elements: dict[str, str]) -> str:
    return "".join(f"({identifier}){value}" for identifier, value in elements.items())[:80]

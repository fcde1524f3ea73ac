"""A number and its number format to the text that was shown, or to the reason why that cannot be told.

    0.955 under 0.0%      95.5%        the per cent sign multiplies by a hundred
    98.5  under 0.00      98.50        as shown, where that is exact
    94.96 under 0.0       94.96        the format rounds: what the cell holds counts, and a limit is held against that
    0.5   under "<"0.0    <0.5         words of the format are part of what was shown
    21    under 0000      0021         zeros that are shown are part of an identifier
    1500  under 0.0,      refused      the format divides by a thousand without saying so

Number formats: ISO/IEC 29500-1, 18.8.31. What a format may do besides showing digits (conditions, fractions,
currencies, scaling) is refused, because the value that a person saw is then not the one that is held.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import NamedTuple

from registry.workbook.sheet import Cell

GENERAL = frozenset({"", "general", "@"})
"""Number formats under which a cell is shown as it is held."""
DIGITS = 15
"""Significant digits that a spreadsheet shows of a number, whatever the double behind it."""
TOO_LONG = (
    "a number of more than 15 digits is no identifier, because a spreadsheet turns its last digits into zeros: format "
    "the cell as Text and type it again"
)
DATED = (
    "a date is no name: a spreadsheet may have made one of what was typed. Format the cell as Text and type it again"
)
OTHERWISE = "it is shown as {shown} and holds {held}: format the cell as Text and type the name as it is meant"
MAX_EXPONENT = 40
_SECTION = re.compile(r'(?:[^;"\\]|"[^"]*"|\\.)*', re.DOTALL)
_PIECE = re.compile(
    r'\[(?P<bracket>[^\]]*)\]|"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_(?P<wide>.)|\*(?P<fill>.)'
    r"|(?P<digits>[#0?][#0?,]*(?:\.[#0?]*)?|\.[#0?]+)(?P<scaled>,*)|(?P<e>[eE][-+]0+)|(?P<percent>%)"
    r"|(?P<bare>[-+() $:<>=/a-zA-Z^'{}~!&,.·µ°])",
    re.DOTALL,
)
_QUOTED = re.compile(r'"[^"]*"|\\.')
_COLOUR = re.compile(r"\[(?:black|blue|cyan|green|magenta|red|white|yellow)\]|_.", re.IGNORECASE)
_COLOURS = frozenset({"black", "blue", "cyan", "green", "magenta", "red", "white", "yellow"})


class Format(NamedTuple):
    """One section of a number format: words around the digits, decimals, times a hundred, or with an exponent."""

    before: str
    after: str
    least: int
    most: int
    percent: int
    exponent: bool
    zeros: int = 0
    grouped: bool = False


def as_text(held: str, code: str, *, since_1904: bool = False) -> Cell:
    """The cell of a number, held as ``held`` under the number format ``code``."""
    try:
        number = Decimal(held.strip())
    except InvalidOperation:
        return Cell("", f"it holds '{held[:40]}', which is no number")
    if not number.is_finite() or abs(number.adjusted()) > MAX_EXPONENT:
        return Cell(held[:40], "the number is longer than any measurement")
    too_long = TOO_LONG if number.adjusted() >= DIGITS else ""
    number = _as_displayed(number)
    if code.casefold() not in GENERAL and _is_date(code):
        return _date(number, since_1904)
    section = _section(code, number)
    if section is None:
        return Cell(
            _plain(number),
            f"its number format '{code[:40]}' may show another value than the {_plain(number)} that it holds: format "
            "the cell as Text and type the value as it is meant",
        )
    cell = _shown(number, section)
    return replace(cell, not_a_name=too_long) if too_long else cell


def text_fault(code: str) -> str:
    """Why a text under this number format is not shown as it is: hidden by ``;;;``, or with words added to it."""
    sections = _sections(code) if code.casefold() not in GENERAL else None
    if sections is None:
        return ""
    last = sections[3] if len(sections) == 4 else next((part for part in sections if "@" in _QUOTED.sub("", part)), "@")
    plain = _COLOUR.sub("", last)
    return "" if plain in {"@", "General"} else f"its number format '{code[:40]}' shows another text than it holds"


def _as_displayed(number: Decimal) -> Decimal:
    """At most 15 significant digits, as a spreadsheet shows: 0.30000000000000004 is 0.3."""
    if len(number.as_tuple().digits) <= DIGITS:
        return number
    return number.quantize(Decimal(1).scaleb(number.adjusted() - DIGITS + 1)).normalize()


def _is_date(code: str) -> bool:
    from openpyxl.styles.numbers import is_date_format

    return bool(is_date_format(code))


def _date(number: Decimal, since_1904: bool) -> Cell:
    from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

    epoch = CALENDAR_MAC_1904 if since_1904 else CALENDAR_WINDOWS_1900
    try:
        moment = from_excel(float(number), epoch)
    except (ValueError, OverflowError, TypeError):
        return Cell(_plain(number), "it is formatted as a date, and holds none")
    match moment:
        case datetime():
            whole = moment.time() == time(0)
            date = moment.date().isoformat() if whole else moment.isoformat(timespec="minutes")
            return Cell(date, not_a_name=DATED)
        case time() | timedelta():
            return Cell(str(moment), not_a_name=DATED)
        case _:
            return Cell(_plain(number), "it is formatted as a date, and holds none")


def _section(code: str, number: Decimal) -> Format | None:
    """The section of a format that shows this number; None when it is not certain what it shows."""
    if code.casefold() in GENERAL:
        return Format("", "", 0, DIGITS + MAX_EXPONENT, 0, False)
    sections = _sections(code)
    if sections is None or (number < 0 and len(sections) > 1):
        return None
    return _parsed(sections[2] if number == 0 and len(sections) > 2 else sections[0])


@lru_cache(maxsize=512)
def _sections(code: str) -> tuple[str, ...] | None:
    sections, at = [], 0
    while at <= len(code):
        match = _SECTION.match(code, at)
        if match is None or (match.end() < len(code) and code[match.end()] != ";"):
            return None
        sections.append(match.group())
        at = match.end() + 1
    return tuple(sections) if len(sections) <= 4 else None


@lru_cache(maxsize=512)
def _parsed(section: str) -> Format | None:
    words, digits, percent, exponent, at = ["", ""], "", 0, False, 0
    while at < len(section):
        piece = _PIECE.match(section, at)
        if (
            piece is None
            or (piece["digits"] and (digits or piece["scaled"]))
            or (piece["e"] and (not digits or exponent))
        ):
            return None
        at = piece.end()
        if piece["bracket"] is not None:
            if piece["bracket"].casefold() not in _COLOURS and not re.fullmatch(r"\$-[0-9A-Fa-f]+", piece["bracket"]):
                return None
        elif piece["bare"] is not None and piece["bare"] not in " -()":
            return None
        elif piece["percent"]:
            percent += 1
            words[bool(digits)] += "%"
        elif piece["digits"]:
            digits = piece["digits"]
        elif piece["e"]:
            exponent = True
        else:
            words[bool(digits)] += piece["quoted"] or piece["escaped"] or piece["bare"] or ""
    if not digits or percent > 1 or (percent and exponent):
        return None
    whole, _, decimals = digits.partition(".")
    least, zeros = decimals.count("0"), whole.count("0")
    return Format(words[0], words[1], least, len(decimals.replace(",", "")), percent, exponent, zeros, "," in whole)


def _shown(number: Decimal, by: Format) -> Cell:
    value = number.scaleb(2) if by.percent else number
    if by.exponent:
        mantissa, _, power = f"{value:.{by.most}E}".partition("E")
        rounded = Decimal(f"{mantissa}E{power}")
        text = f"{mantissa}E{power[0]}{power[1:].zfill(2)}"
    else:
        rounded = value.quantize(Decimal(1).scaleb(-by.most)) if -value.as_tuple().exponent > by.most else value  # type: ignore[operator]
        text = _digits(rounded, by.least, by.zeros)
    shown = f"{by.before}{text}{by.after}".strip()
    if rounded == value:
        grouped = f"{by.before}{rounded:,f}{by.after}" if by.grouped and abs(value) >= 1000 else ""
        return Cell(shown, not_a_name=OTHERWISE.format(shown=grouped, held=shown) if grouped else "")
    held = f"{by.before}{_plain(value)}{by.after}".strip()
    return Cell(held, shown=shown, not_a_name=OTHERWISE.format(shown=shown, held=held))


def _digits(value: Decimal, least: int, zeros: int) -> str:
    """The number with at least so many decimals and digits before them: 98.5 with two is 98.50, 21 with four 0021."""
    whole, _, decimals = _plain(value).partition(".")
    sign, whole = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    decimals = decimals.ljust(least, "0")
    whole = sign + whole.rjust(zeros, "0")
    return f"{whole}.{decimals}" if decimals else whole


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"-0", ""} else text

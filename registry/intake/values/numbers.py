"""The number in a printed value, exact; and whatever stands beside it that makes it unsafe to read.

``98,5`` ``1.07E+06`` ``274 000`` ``2.1 × 10^6`` ``×10⁶`` are numbers. ``98,500`` (which mark?), ``0.2×107`` (a lost
superscript), ``98.4 ± 0.3`` (an aggregate), ``13.2 (Uncertain`` (flagged) are refused, naming the likely meaning.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from registry.intake.values.scale import plain, refuse_implausible, refuse_two_powers
from registry.intake.values.unreadable_value import Misprint, NoUnit, expected_of
from registry.intake.values.words import BELOW_DETECTION
from registry.vocabulary.printed_names import folded_unit

if TYPE_CHECKING:
    from registry.vocabulary.values import Characteristic, Unit

MAX_DIGITS = 40
MAX_EXPONENT = 30

_unit_key = lru_cache(maxsize=4096)(folded_unit)
_SUPERSCRIPT = str.maketrans("⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹−", "+-0123456789-")
_NUMBER = re.compile(
    r"""(?P<sign>[-−+])?
    (?P<whole>[1-9][0-9]{0,2}(?:[ \u00a0\u2007\u2009\u202f][0-9]{3})+(?![0-9])|[0-9]*)
    (?P<tail>(?:[.,][0-9]+)*)
    (?:[eE](?P<e>[-−+]?[0-9]+)
      |\s*[x×*·✕]\s*10(?:\s?(?:\^|\*\*)\s?(?P<caret>[-−+]?[0-9]+)|(?P<raised>[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)))?
    (?P<rest>.*)""",
    re.VERBOSE | re.DOTALL,
)
_POWER_ALONE = re.compile(r"10\s?(?:\^|\*\*|[⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹])")
_LOST_POWER = re.compile(r"(?P<number>[0-9]+(?:[.,][0-9]+)?)\s*[x×*·✕]\s*10\s?(?P<power>[1-9][0-9]?)(?![0-9.,^*])")
_AGGREGATE = re.compile(r"[±∓]|\+\s*/\s*[-−–]|\b(?:mean|median|average|sd|sem)\b", re.IGNORECASE)
_RANGE = re.compile(r"[0-9][0-9.,]*\s*%?\s*(?:[-−–—…]|\.\.+|\bto\b)\s*[<>]?\s*[0-9]")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9:.]+)?")
_SIGNED_SHARE = re.compile(r"(?P<unit>.*?)\s*(?:(?P<positive>\+|pos\.?|positive)|(?P<negative>[-−–]|neg\.?|negative))")
_FLAG = re.compile(r"[(*!?†‡#§]|uncertain|out of|warning|error|flag|invalid|approx", re.IGNORECASE)


def read_number(text: str, characteristic: Characteristic, unit: Unit | None, *, comma: bool = False) -> Decimal:
    """The number in ``text`` (comparator already taken off), in ``unit``; else ``Misprint`` says what to print.

    ``comma``: the table that it stands in marks its decimals with commas, so that a point may mark thousands.
    """
    _refuse_damaged(text, characteristic)
    match = _match(text)
    if match is None:
        raise _misprint(_no_number(text, characteristic), characteristic, text)
    value = _decimal(match, text, characteristic, comma)
    _check_unit(match.group("rest").strip(), value, text, characteristic, unit)
    refuse_two_powers(text, value, bool(_power(match)), unit)
    refuse_implausible(text, value, characteristic, unit)
    return value


def unit_beside(text: str) -> str:
    """The unit printed after the number, or an empty string."""
    match = _match(text)
    rest = match.group("rest").strip() if match else ""
    share = _SIGNED_SHARE.fullmatch(rest)
    rest = share.group("unit") if share else rest
    return "" if _FLAG.search(rest) or rest[:1] in tuple(".,±^+-−–0123456789") else rest


def _misprint(message: str, characteristic: Characteristic, held: str) -> Misprint:
    return Misprint(message, expected=expected_of(characteristic), found=held)


def _match(text: str) -> re.Match[str] | None:
    match = _NUMBER.fullmatch(f"1×{text}" if _POWER_ALONE.match(text) else text)
    return match if match and (match.group("whole") or match.group("tail")) else None


def _no_number(text: str, characteristic: Characteristic) -> str:
    if BELOW_DETECTION.fullmatch(text) and characteristic.units:
        return f"'{text}' does not say below which limit: print the limit of detection with <, and its unit."
    if characteristic.units:
        return f"'{text}' is neither a number nor a listed outcome of {characteristic.symbol}: print the result alone."
    return f"'{text}' is not an outcome of {characteristic.symbol}: print one of those listed."


def _refuse_damaged(text: str, characteristic: Characteristic) -> None:
    lost = _LOST_POWER.match(text)
    if _AGGREGATE.search(text):
        raise _misprint(
            f"'{text}' is a mean with its spread, not one lot's result: print what was measured on this lot.",
            characteristic,
            text,
        )
    if lost:
        number = Decimal(lost.group("number").replace(",", "."))
        power = int(lost.group("power"))
        meant = f"{lost.group('number')}×10{str(power).translate(str.maketrans('0123456789', '⁰¹²³⁴⁵⁶⁷⁸⁹'))}"
        likely = plain(number.scaleb(power)) if power <= MAX_EXPONENT else f"{number}E{power}"
        raise _misprint(
            f"The superscript is lost: '{text}' likely means {meant} = {likely}. Print {number}E{power}.",
            characteristic,
            text,
        )
    if _DATE.fullmatch(text):
        raise _misprint(
            f"'{text}' is a date, not a result: a spreadsheet may have made one of what was typed, such as 1-2. Format "
            "the cell as text, and print what was measured.",
            characteristic,
            text,
        )
    if _RANGE.match(text):
        raise _misprint(
            f"'{text}' is a range, not one result: print what was measured on this lot.", characteristic, text
        )


def _power(match: re.Match[str]) -> str:
    """The exponent as printed, with plain digits; empty for none or zero."""
    power = (match.group("e") or match.group("caret") or match.group("raised") or "").translate(_SUPERSCRIPT)
    return power if power.strip("+-0") else ""


def _decimal(match: re.Match[str], text: str, characteristic: Characteristic, comma: bool) -> Decimal:
    """The exact number; ambiguous marks, endless digits and huge exponents are refused before any arithmetic."""
    tail = match.group("tail")
    _refuse_ambiguous(match, text, characteristic, comma)
    whole = re.sub(r"\s", "", match.group("whole")) or "0"
    if _are_thousands(match):
        whole, tail = whole + re.sub(r"[.,]", "", tail), ""
    power = _power(match) or "0"
    digits = power.lstrip("+-").lstrip("0") or "0"
    if len(whole) + len(tail) > MAX_DIGITS or len(digits) > 2 or int(digits) > MAX_EXPONENT:
        raise _misprint("The number is longer than any measurement: print what was measured.", characteristic, text)
    exponent = -int(digits) if power.startswith("-") else int(digits)
    value = Decimal(f"{whole}.{tail[1:]}E{exponent}" if tail else f"{whole}E{exponent}")
    if match.group("sign") in {"-", "−"}:
        if value == 0:
            raise _misprint("Zero has no sign: is this a value that was never measured?", characteristic, text)
        value = value.copy_negate()
    return Decimal(f"{value:f}")


def _refuse_ambiguous(match: re.Match[str], text: str, characteristic: Characteristic, comma: bool) -> None:
    """More than one mark; a comma before three digits, or a point in a table whose decimals have commas.

    There a comma after a lone zero is sure, because no thousands begin with one.
    """
    whole, tail = match.group("whole"), match.group("tail")
    marks = [sign for sign in tail if sign in ".,"]
    if len(marks) > 1 and not _are_thousands(match):
        last = max(tail.rfind("."), tail.rfind(","))
        joined = whole + re.sub(r"[.,]", "", tail[:last])
        raise _misprint(
            f"'{text}' holds more than one mark: print {joined}.{tail[last + 1 :]} or {joined}{tail[last + 1 :]}, "
            "without a mark for thousands.",
            characteristic,
            text,
        )
    joined = re.sub(r"\s", "", whole) or "0"
    if comma and len(tail) == 4 and joined == whole and _may_be_thousands(match):
        decimals = tail[1:].rstrip("0") or "0"
        written = f"{joined},{decimals}{'0' if len(decimals) == 3 else ''}"
        raise _misprint(
            f"'{text}' can be read as {plain(Decimal(f'{joined}.{tail[1:]}'))} or as {joined}{tail[1:]}: this table "
            f"marks decimals with commas, and the mark may be one for thousands. Print {written} or "
            f"{joined}{tail[1:]}.",
            characteristic,
            text,
        )
    if marks == [","] and len(tail) == 4 and not (comma and joined == "0"):
        raise _misprint(
            f"'{text}' can be read as {joined}.{tail[1:]} or as {int(joined + tail[1:])}: print it with a decimal "
            "point, and without a mark for thousands.",
            characteristic,
            text,
        )


def _are_thousands(match: re.Match[str]) -> bool:
    """True for ``24,000,000``: two or more groups of three digits under one mark can be nothing else."""
    whole, tail = match.group("whole"), match.group("tail")
    grouped = re.fullmatch(r"(?:,[0-9]{3}){2,}|(?:\.[0-9]{3}){2,}", tail) is not None
    return grouped and re.fullmatch(r"[1-9][0-9]{0,2}", whole) is not None and not _power(match)


def _may_be_thousands(match: re.Match[str]) -> bool:
    """One to three digits without a leading zero before the mark, and no power of ten after the three behind it."""
    whole = match.group("whole")
    return whole[:1] not in {"", "0"} and len(whole) <= 3 and not _power(match)


def _check_unit(rest: str, value: Decimal, text: str, characteristic: Characteristic, unit: Unit | None) -> None:
    share = _SIGNED_SHARE.fullmatch(rest) if characteristic.is_marker else None
    printed = share.group("unit").strip() if share else rest
    if unit is not None and characteristic.units and unit.iri not in characteristic.units:
        raise Misprint(
            f"{characteristic.symbol} is not measured in {unit.label}: print it in a unit that it admits.",
            expected="a unit that the characteristic admits",
            found=unit.label,
            column="unit",
        )
    if printed and (unit is None or not names_unit(printed, unit)):
        raise _beside(rest, text, characteristic, unit)
    if share and not printed:
        raise _misprint(
            f"'{text}' ends in a sign: print ≥ or ≤ before a limit, and the share of positive cells as a number alone.",
            characteristic,
            text,
        )
    if share and share.group("negative"):
        raise _misprint(
            f"'{text}' is the negative fraction, so likely {plain(100 - value)} % positive: "
            "print the percent positive.",
            characteristic,
            text,
        )
    if unit is None and characteristic.units:
        raise NoUnit(
            "The unit is missing: print it in the unit column. It is never guessed.",
            expected=expected_of(characteristic),
            found=text,
        )
    if not characteristic.units:
        raise _misprint(f"{characteristic.symbol} has no numbers: print one of its outcomes.", characteristic, text)


def names_unit(printed: str, unit: Unit) -> bool:
    """True when ``printed`` is one of the unit's names, without regard to case or spaces."""
    return _unit_key(printed) in {_unit_key(name) for name in (unit.label, *unit.names)}


def _beside(rest: str, text: str, characteristic: Characteristic, unit: Unit | None) -> Misprint:
    if rest[:1] in tuple(".,^+-−–0123456789") or _FLAG.search(rest):
        return _misprint(
            f"'{text}' is a number with a remark, and a flagged number is not a clean one: repeat the measurement, or "
            "report 'not evaluable' and put the remark in the note column.",
            characteristic,
            text,
        )
    column = unit.label if unit else "nothing"
    return Misprint(
        f"The value says '{rest}' and the unit column says {column}: make them agree, or print the number alone.",
        expected=f"a number in {unit.label}" if unit else expected_of(characteristic),
        found=text,
    )

"""What a printed value means: ``98,5`` → [98.5, 98.5], ``<0.5`` of percent → [0, 0.5), ``negative`` → an outcome.

A reading is an interval, one of the characteristic's listed outcomes, a state (not evaluable, not tested) or, for a
free-text characteristic, a finding kept as printed. Whatever could be read in two ways, or was flagged, averaged or
damaged on its way into the file, is a ``Misprint`` that names the likely meaning, and never a reading.

The range belongs to the characteristic, so ``>95`` of percent ends at 100 and ``<5`` of a concentration begins at 0.

``numbers``           the number in a printed value, exact; and what makes it unsafe to read
``decimal_mark``      which mark a table sets before decimals
``scale``             powers of ten, and counts that there can be
``cell_dose``         how many cells a printed dose means
``limits``            words for a limit of the method: ``n.d.``, ``< LOD``, ``BLQ``
``words``             outcomes, states; words that mean two things, or nothing
``findings``          an organism, growth in one of two bottles, a test still running
``karyotypes``        ISCN: normal, abnormal, or not understood
``ucum``              units that are another way to write ours
``unit_column``       what was printed as a unit and says more: of which cells, how long
``unreadable_value``  what cannot be read safely, and what could have been
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from registry.domain import Interval, Reading
from registry.intake.values.numbers import names_unit, read_number, unit_beside
from registry.intake.values.scale import plain
from registry.intake.values.unreadable_value import Misprint, NoUnit, expected_of
from registry.intake.values.words import BELOW_DETECTION, JUDGEMENTS, folded, read_word

if TYPE_CHECKING:
    from registry.vocabulary.values import Characteristic, Unit

__all__ = ["JUDGEMENTS", "Misprint", "NoUnit", "expected_of", "names_unit", "plain", "read", "unit_inside"]

_ONE = Decimal(1)
MAX_PRINTED = 200
MAX_FINDING = 10_000
_COMPARATORS = {
    **dict.fromkeys(("", "=", "=="), "="),
    "<": "<",
    ">": ">",
    **dict.fromkeys(("<=", "=<", "≤", "⩽", "≦"), "<="),
    **dict.fromkeys((">=", "=>", "≥", "⩾", "≧"), ">="),
}
_SPACES = "\u00a0\u2007\u2009\u202f"
_LEADING = re.compile(r"<=|>=|=<|=>|==|[<>=≤≥⩽⩾≦≧]")


def read(
    printed: str, characteristic: Characteristic, unit: Unit | None, comparator: str = "", *, comma: bool = False,
    factor: Decimal = _ONE,
) -> Reading:  # fmt: skip
    """What ``printed`` says about ``characteristic``, in ``unit``.

    ``comparator`` is the cell of a comparator column (``<``, ``≥`` …); it may repeat the one printed with the
    value, not contradict it. ``unit`` is None only where none was printed; a number is then a misprint. Numbers are
    exact decimals: never floats, never rounded. ``comma`` says that the table marks decimals with commas. ``factor`` is
    what the number is multiplied by to be in ``unit``, where the file printed a part of it (985 ‰ of 98.5 %).

    Raises ``Misprint`` for everything that is not safely one reading, and nothing else, whatever the text.
    """
    text = _one_line(printed, characteristic)
    outside = _comparator(comparator)
    word = read_word(text, characteristic)
    if word is not None:
        if outside != "=":
            raise Misprint(
                f"'{text}' is a word and has no comparator: leave the comparator column empty.",
                expected="an empty comparator",
                found=comparator,
                column="comparator",
            )
        return word
    sign, number = _split(_limit(text, characteristic))
    if "=" not in {sign, outside} and sign != outside:
        raise Misprint(
            f"The comparator column says {comparator.strip()} and the value says {text}: make them agree.",
            expected=f"{sign} or an empty comparator",
            found=comparator,
            column="comparator",
        )
    try:
        value = read_number(number, characteristic, unit, comma=comma)
    except Misprint as misprint:
        misprint.found = text if misprint.column == "value" else misprint.found
        raise
    return Reading(interval=_interval(outside if sign == "=" else sign, value * factor, text, characteristic))


def unit_inside(printed: str) -> str:
    """The unit printed with the number (``96.5%`` → ``%``, ``2.0 EU`` → ``EU``), or an empty string."""
    text = printed.strip()
    below = BELOW_DETECTION.fullmatch(text)
    return unit_beside(_split(below.group("limit") or "" if below else text)[1])


def _one_line(printed: str, characteristic: Characteristic) -> str:
    text = printed.strip()
    longest = MAX_FINDING if characteristic.free_text else MAX_PRINTED
    if len(text) > longest or not all(sign.isprintable() or sign in _SPACES for sign in text):
        raise Misprint(
            "Print the value alone, on one line and without control characters.",
            expected=expected_of(characteristic),
            found=repr(text[:80]),
        )
    return text


def _comparator(comparator: str) -> str:
    try:
        return _COMPARATORS[folded(comparator)]
    except KeyError:
        raise Misprint(
            "Print one of <, ≤, =, ≥, > in the comparator column, or leave it empty.",
            expected="<, ≤, =, ≥, > or nothing",
            found=comparator,
            column="comparator",
        ) from None


def _limit(text: str, characteristic: Characteristic) -> str:
    """``not detectable (<10 CFU/mL)`` says <10 CFU/mL; a bracket without an upper limit says nothing."""
    below = BELOW_DETECTION.fullmatch(text)
    limit = (below.group("limit") or "").strip() if below else ""
    if limit and limit[0] not in "<≤":
        raise Misprint(
            f"'{text}' does not say below which limit: print the limit of detection with <, and its unit.",
            expected=expected_of(characteristic),
            found=text,
        )
    return limit or text


def _split(text: str) -> tuple[str, str]:
    leading = _LEADING.match(text.strip())
    if leading is None:
        return "=", text.strip()
    return _COMPARATORS[leading.group()], text.strip()[leading.end() :].strip()


def _interval(sign: str, value: Decimal, text: str, characteristic: Characteristic) -> Interval:
    bounds = {
        "=": Interval(value, value),
        "<": Interval(None, value, high_open=True),
        "<=": Interval(None, value),
        ">": Interval(value, None, low_open=True),
        ">=": Interval(value, None),
    }[sign]
    span = characteristic.range or Interval(None, None)
    interval = bounds.intersect(span)
    if interval.is_empty or not _reaches(span, value):
        raise Misprint(
            f"{characteristic.symbol} cannot be {text}: look at the value, and at its unit.",
            expected=expected_of(characteristic),
            found=text,
        )
    return interval


def _reaches(span: Interval, value: Decimal) -> bool:
    return Interval(value, value).within(Interval(span.low, span.high))

"""How many cells a printed dose means: ``0.2×10^7`` → 2000000; ``0.2×107`` is refused, naming both of its readings.

Registries of studies lose the superscript on every mirror: read as it is printed, ``0.2×107`` is 21.4 cells.
"""

from __future__ import annotations

import re
from decimal import Decimal

from registry.intake.values.scale import MOST_CELLS, plain
from registry.intake.values.unreadable_value import Misprint

FEWEST_CELLS = 1000
"""Below this a dose is a number that lost its power of ten: no published dose of cells is so small."""
EXPECTED = "a whole number of viable cells, such as 2000000, 2e6, 2×10^6 or 2 million"
LONGEST = 80
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_NUMBER = r"(?P<number>[0-9]+(?:\.[0-9]+)?|[0-9]{1,3}(?:[ \u00a0\u2009\u202f,][0-9]{3}){2,})"
_TIMES = r"\s*[x×*·✕]\s*10"
_DOSE = re.compile(
    rf"{_NUMBER}(?:[eE]\+?(?P<e>[0-9]{{1,2}})|{_TIMES}(?:\s?(?:\^|\*\*)\s?(?P<caret>[0-9]{{1,2}})"
    r"|(?P<raised>[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2}))|\s*(?P<million>million))?(?:\s*(?:viable\s+)?cells)?",
    re.IGNORECASE,
)
_LOST = re.compile(
    rf"(?<![0-9.,])(?P<number>[0-9]+(?:[.,][0-9]+)?){_TIMES}\s?(?P<power>[1-9][0-9]?)(?![0-9.,^*])", re.IGNORECASE
)


def refuse_lost_superscript(text: str) -> None:
    """Raise ``Misprint`` where a text prints a power of ten without its superscript, naming both readings."""
    lost = _LOST.search(text)
    if lost is None:
        return
    number, power = Decimal(lost["number"].replace(",", ".")), int(lost["power"])
    literally = plain(number * int(f"10{power}"))
    likely = plain(number.scaleb(power)) if power <= len(str(MOST_CELLS)) else f"{number}E{power}"
    raise Misprint(
        f"The superscript is lost: '{lost[0].strip()}' can be read as {number}×10^{power} = {likely} cells, or, as it "
        f"is printed, as {literally} cells.",
        expected=EXPECTED,
        found=lost[0],
    )


def read_cells(printed: str) -> int:
    """The number of cells in a printed dose; raises ``Misprint`` for whatever is not safely one whole number."""
    text = " ".join(printed[: LONGEST + 1].split())
    refuse_lost_superscript(text)
    match = _DOSE.fullmatch(text)
    if match is None or len(text) > LONGEST:
        raise Misprint(f"'{text[:LONGEST]}' is no number of cells.", expected=EXPECTED, found=text)
    power = 6 if match["million"] else int((match["e"] or match["caret"] or match["raised"] or "0").translate(_RAISED))
    digits = re.sub(r"[^0-9.]", "", match["number"])
    value = Decimal(digits).scaleb(power)
    if value != value.to_integral_value() or not FEWEST_CELLS <= value <= MOST_CELLS:
        raise Misprint(
            f"'{text}' is no dose of cells: it would be {plain(value)}.",
            expected=f"a whole number from {FEWEST_CELLS} to 10^12",
            found=text,
        )
    return int(value)


def cells_within(text: str) -> tuple[int, ...]:
    """Every number of cells that a longer text prints with a power of ten, each once, in its order.

    Raises ``Misprint`` where a superscript is lost; plain numbers are left alone, being ages, days and people too.
    """
    refuse_lost_superscript(text)
    powers = (match for match in _DOSE.finditer(text) if match["e"] or match["caret"] or match["raised"])
    counts = [read_cells(match[0]) for match in powers]
    return tuple(dict.fromkeys(counts))

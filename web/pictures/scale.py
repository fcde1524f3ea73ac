"""Which part of a scale is drawn, so that the margin to a limit is seen: a bar from 0 to 100 hides it at 95 and at 2.

>= 95 %  98.5    90 to 100
>= 95 %  88.4    80 to 100: what was observed is never left out
<= 2 %   0.4     0 to 10
<= 0.01 % 0.002  0.0001 to 1, each power of ten as wide as the next
>= 2E7 cells     0 to 4E7
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Any

ZERO, HUNDRED = Decimal(0), Decimal(100)
STARTS, ENDS = (90, 80, 50, 0), (10, 20, 50, 100)
"""Where the scale of a percentage that is to be high may begin, and where that of one that is to be low may end."""
RARE = Decimal("0.1")
"""A percentage that may be this much at most is rare: it is drawn by powers of ten."""


@dataclass(frozen=True, slots=True)
class Scale:
    """The part of a scale that is drawn, from the left to the right."""

    start: Decimal
    end: Decimal
    by_powers: bool = False

    def place(self, value: Decimal) -> Decimal:
        """Where a value stands, in percent of the width; what lies beyond an end stands at it."""
        if value <= self.start:
            return ZERO
        if value >= self.end:
            return HUNDRED
        if self.by_powers:
            return 100 * (value / self.start).log10() / (self.end / self.start).log10()
        return 100 * (value - self.start) / (self.end - self.start)


def scale_of(row: Mapping[str, Any], before: Sequence[Decimal] = ()) -> Scale | None:
    """The scale for a criterion with its limits, what was observed, and values of earlier lots; None for a word."""
    limits = [Decimal(row[name]) for name in ("limit_low", "limit_high") if row.get(name) is not None]
    if not limits:
        return None
    seen = [Decimal(row[name]) for name in ("low", "high") if row.get(name) is not None]
    low, high = row.get("range_low"), row.get("range_high")
    if low is None or Decimal(low) != 0:
        return None
    if high is not None and Decimal(high) == HUNDRED:
        return _percentage(row, limits, seen)
    return _count(limits, [*seen, *before], None if high is None else Decimal(high))


def _percentage(row: Mapping[str, Any], limits: Sequence[Decimal], seen: Sequence[Decimal]) -> Scale:
    floor, ceiling = row.get("limit_low"), row.get("limit_high")
    if ceiling is None:
        return Scale(Decimal(next(start for start in STARTS if _below(start, limits, seen))), HUNDRED)
    if floor is not None:
        return Scale(ZERO, HUNDRED)
    if 0 < limits[0] <= RARE:
        return _by_powers(limits[0], seen)
    return Scale(ZERO, Decimal(next(end for end in ENDS if end >= 100 or _above(end, limits, seen))))


def _below(start: int, limits: Sequence[Decimal], seen: Sequence[Decimal]) -> bool:
    return start == 0 or (min(limits) > start and min(seen, default=HUNDRED) >= start)


def _above(end: int, limits: Sequence[Decimal], seen: Sequence[Decimal]) -> bool:
    return max(limits) < end and max(seen, default=ZERO) <= end


def _by_powers(limit: Decimal, seen: Sequence[Decimal]) -> Scale:
    """Two powers of ten under the limit, and as many above it as what was seen asks for, one at least."""
    least = Decimal(1).scaleb(limit.adjusted() - 2)
    most = max([limit * 10, *seen])
    top = Decimal(1).scaleb(most.adjusted() + (most != Decimal(1).scaleb(most.adjusted())))
    return Scale(least, min(top, HUNDRED), by_powers=True)


def _count(limits: Sequence[Decimal], seen: Sequence[Decimal], highest: Decimal | None) -> Scale:
    """From nothing to a round number beyond the limit and whatever was seen."""
    most = max([2 * limits[-1], *seen])
    if most <= 0:
        return Scale(ZERO, Decimal(1))
    step = Decimal(1).scaleb(most.adjusted())
    end = (most / step).to_integral_value(ROUND_CEILING) * step
    return Scale(ZERO, end if highest is None else min(end, highest))

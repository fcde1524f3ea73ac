"""What a numeric result says: every value it could be."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Interval:
    """What a numeric result says: every value it could be. ``98.5`` is [98.5, 98.5], ``<0.5`` of percent is [0, 0.5).

    ``low``/``high`` of ``None`` mean unbounded. ``low_open`` means the bound itself is excluded.
    """

    low: Decimal | None
    high: Decimal | None
    low_open: bool = False
    high_open: bool = False

    @property
    def is_empty(self) -> bool:
        """True when no value lies in it: (2, 2], [3, 1]."""
        if self.low is None or self.high is None:
            return False
        return self.low > self.high or (self.low == self.high and (self.low_open or self.high_open))

    def intersect(self, other: Interval) -> Interval:
        """The values that lie in both; may be empty."""
        low, low_open = _tighter(self.low, self.low_open, other.low, other.low_open, upper=False)
        high, high_open = _tighter(self.high, self.high_open, other.high, other.high_open, upper=True)
        return Interval(low, high, low_open, high_open)

    def within(self, other: Interval) -> bool:
        """True when every value of this one lies in ``other``."""
        return self.intersect(other) == self


def _tighter(
    a: Decimal | None, a_open: bool, b: Decimal | None, b_open: bool, *, upper: bool
) -> tuple[Decimal | None, bool]:
    if a is None:
        return b, b_open
    if b is None:
        return a, a_open
    if a == b:
        return a, a_open or b_open
    a_is_tighter = a < b if upper else a > b
    return (a, a_open) if a_is_tighter else (b, b_open)

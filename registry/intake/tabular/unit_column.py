"""What was printed as a unit and belongs into a column of its own: of which cells a percentage is, how long a test ran.

unit: % of CD45-    →   unit: %, parent_population: CD45-
unit: 14 d          →   duration: 14 d
"""

from __future__ import annotations

import re

from registry.vocabulary import Characteristic
from registry.vocabulary.durations import at_least

_OF_CELLS = re.compile(r"(?:%|per ?cent|pct)\s*(?:of|in|von|among)\s+(?P<parent>\S.*)", re.IGNORECASE)


def belongs_elsewhere(printed: str, characteristic: Characteristic, admitted: str) -> str:
    """Where what was printed as a unit (safe to show) is to stand; empty when nothing is known of it."""
    of = _OF_CELLS.fullmatch(printed.strip())
    if of is not None and "%" in admitted:
        return (
            f"'{printed}' says of which cells {characteristic.symbol} is a percentage: print % in the unit "
            f"column, and {of.group('parent')} in the column parent_population."
        )
    if at_least(printed) is not None:
        return (
            f"'{printed}' is how long the test ran, and no unit of {characteristic.symbol}: print it in the "
            "column duration."
        )
    return ""

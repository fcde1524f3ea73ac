"""What was printed as a unit and says more: of which cells a percentage is, or how long a test ran.

unit: % of CD45- cells  →   read as %, and as said of its population
unit: 14 d              →   duration: 14 d
"""

from __future__ import annotations

import re

from registry.vocabulary import Characteristic
from registry.vocabulary.durations import at_least

_OF_CELLS = re.compile(r"(?:%|per ?cent|pct)\s*(?:of|in|von|among|de|des|der)\s+(?P<parent>\S.*)", re.IGNORECASE)


def is_share_of(printed: str) -> bool:
    """True for a percentage that says of what it is: ``% of live cells``. It is kept as printed."""
    return _OF_CELLS.fullmatch(printed.strip()) is not None


def population_in(printed: str) -> str:
    """``live cells`` of ``% of live cells``; empty for any other unit."""
    match = _OF_CELLS.fullmatch(printed.strip())
    return match.group("parent").strip() if match else ""


def belongs_elsewhere(printed: str, characteristic: Characteristic) -> str:
    """Where what was printed as a unit (safe to show) is to stand; empty when nothing is known of it."""
    if at_least(printed) is not None:
        return (
            f"'{printed}' is how long the test ran, and no unit of {characteristic.symbol}: print it in the "
            "column duration."
        )
    return ""

"""One line for each lot, for lists, counts and charts: a projection of the ledger that is never the truth.

``following``  brings the lines up to the ledger, and keeps what was judged
``asking``     pages, counts and values, by indexed reads
"""

from __future__ import annotations

from registry.services.lot_index.index import Judgement, LotLines, Value
from registry.services.lot_index.query import (
    Cell,
    Kept,
    Line,
    Wanted,
    cube,
    earlier,
    found,
    judged_otherwise,
    lines,
    named,
    on_condition,
    points,
    stale_lines,
)

__all__ = [
    "Cell", "Judgement", "Kept", "Line", "LotLines", "Value", "Wanted", "cube", "earlier", "found",
    "judged_otherwise", "lines", "named", "on_condition", "points", "stale_lines",
]  # fmt: skip

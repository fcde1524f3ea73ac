"""One line for each lot, for lists, counts and charts: a projection of the ledger that is never the truth.

``lists``         the service: pages, counts, charts
``facets``        what can be chosen, with how many lots each choice leaves
``trends``        one criterion over the lots of a product
``table``         any list of lots: filtered, in an order, page by page; and the review queue
``line_answer``   one line as it is answered
``index``         the lines brought up to the ledger, and what was judged kept
``query``         pages and counts, by indexed reads
``values``        what lots showed for their criteria
``remarks``       what is said beside a verdict: out of trend, exactly at a limit
``chosen_rules``  the rules of trend that a product has chosen
``refresh``       what is stale is judged before it is shown
``columns``       what every lot shows, kept in columns: what a new specification is tried on
``evidence_rows`` what a line was judged from, written beside it
``judged_lines``  what a line says of a lot
``comparison``    the lines as they are kept and as they would be made anew, for the audit
"""

from __future__ import annotations

from registry.services.lot_index.index import Judgement, LotLines, Value
from registry.services.lot_index.query import (
    Cell,
    Line,
    Wanted,
    count,
    cube,
    every_state,
    lines,
    named,
    not_released,
    on_condition,
    stale_lines,
)
from registry.services.lot_index.values import Kept, earlier, heads, judged_otherwise, points

__all__ = [
    "Cell", "Judgement", "Kept", "Line", "LotLines", "Value", "Wanted", "count", "cube", "earlier",
    "every_state", "heads", "judged_otherwise", "lines", "named", "not_released", "on_condition", "points",
    "stale_lines",
]  # fmt: skip

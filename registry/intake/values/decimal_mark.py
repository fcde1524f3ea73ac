"""Which mark a table sets before decimals: a point may mark thousands where the others of the table are commas.

    98,5   0,4   25.000        (25, or twenty-five thousand?)

Spreadsheets of the languages that write ``98,5`` also part the columns of a CSV with semicolons.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

LONGEST = 60
"""Characters of a value that may be a number with its unit."""
_BEFORE = r"\s*(?:<=|>=|=<|=>|==|[<>=≤≥])?\s*[-−+]?"
_AFTER = r"(?![0-9.,])"
_DECIMAL = r"[0-9\s]*[0-9],(?:[0-9]{1,2}|[0-9]{4,})"
_BOTH = r"[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]+"
_COMMA = re.compile(f"{_BEFORE}(?:{_DECIMAL}|{_BOTH}){_AFTER}")
_ZERO_COMMA = re.compile(rf"{_BEFORE}0,[0-9]+{_AFTER}")
_POINT = re.compile(rf"{_BEFORE}[0-9\s]*[0-9]\.(?:[0-9]{{1,2}}|[0-9]{{4,}}){_AFTER}")


def decimal_comma(values: Iterable[str], semicolons: bool) -> bool:
    """True when the table's own numbers, as printed, show decimal commas; and for semicolons unless they show points.

    ``98,5`` shows one, ``98,500`` does not; ``0,010`` does where semicolons part the columns.
    """
    each = [value for value in values if len(value) <= LONGEST]
    if any(_COMMA.match(value) or (semicolons and _ZERO_COMMA.match(value)) for value in each):
        return True
    return semicolons and not any(_POINT.match(value) for value in each)

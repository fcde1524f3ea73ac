"""What is not shown to whoever may not see single administrations: a count under eight leads to somebody.

A part that could be had by subtraction is a count too: 9 of 10 is shown as little as 1 of 10.
"""

from __future__ import annotations

FEWEST = 8
"""The least count that is shown."""


def shown(count: int) -> bool:
    """Whether a number of recipients may be shown: none, or eight and more."""
    return count == 0 or count >= FEWEST


def shown_part(happened: int, of: int) -> bool:
    """Whether so many of so many may be shown: both, and what is left."""
    return of >= FEWEST and shown(happened) and shown(of - happened)

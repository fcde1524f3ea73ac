"""Numbers that look measured, and are the same whenever they are drawn."""

from __future__ import annotations

from random import Random


def around(what: str, mean: float, spread: float) -> float:
    """A number near ``mean``, of a bell with this standard deviation, that belongs to ``what``.

    Twelve even draws added up: Python keeps ``random()`` the same from version to version, and ``gauss`` not.
    """
    source = Random(what)  # noqa: S311
    return mean + spread * (sum(source.random() for _ in range(12)) - 6)


def chance(what: str) -> float:
    """An even draw from 0 to 1 that belongs to ``what``."""
    return Random(what).random()  # noqa: S311


def held(number: float, low: float, high: float) -> float:
    """The number, or the bound that it crosses."""
    return min(max(number, low), high)

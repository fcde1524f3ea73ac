"""Words with a shape: which shape stands beside a verdict or a state, so that nobody depends on a colour.

Green is for one thing alone, a lot that may be injected, and for a criterion that passes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from web.language import _
from web.vocabulary import said

MAY, MUST_NOT = "may", "must-not"
SHAPES = {
    **dict.fromkeys(("pass", "released", MAY), "tick"),
    **dict.fromkeys(("fail", "rejected", "recalled", "expired", MUST_NOT, "suspended"), "cross"),
    "on-hold": "bars",
    "missing": "ring",
}
OTHERWISE = "diamond"
"""The shape of what is not decided: it says neither yes nor no."""


@dataclass(frozen=True, slots=True)
class Chip:
    """A word that has a shape, and what is written beside it; the word itself where ``label`` is empty."""

    word: str
    label: str = ""


def shape_of(word: str) -> str:
    """The shape of a word: tick, cross, bars, ring, or the diamond of everything else."""
    return SHAPES.get(word.replace(" ", "-"), OTHERWISE)


def of_state(state: str, *, may_be_injected: bool | None = None) -> Chip:
    """A lot's state; where ``may_be_injected`` is not given, the release that stands is the one state that may."""
    may = state == "released" if may_be_injected is None else may_be_injected
    return Chip(MAY if may else MUST_NOT, said(state))


def of_line(line: Mapping[str, Any], *, is_alike: bool = False) -> Chip:
    """A lot in a list; one that is only like the scanned label is never shown as one that may be injected."""
    if not line["may_be_injected"]:
        return Chip(MUST_NOT, said(line["state"]))
    if is_alike:
        return Chip("undetermined", _("compare the label first"))
    on_condition = line["condition"] and line["condition"]["due"]
    return Chip(MAY, _("may be injected on condition") if on_condition else _("may be injected"))

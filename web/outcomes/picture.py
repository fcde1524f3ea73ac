"""Lots, or bands of lots, as points: their characteristic to the right, the outcome upwards, each with all it could be.

SVG by hand, without a view box, as the other pictures: places are percentages. The table beneath says it all in words.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from markupsafe import Markup, escape

from web.language import _

HEIGHT = 260
_EDGE = Decimal(6)
"""Percent that are left free at each side."""


def groups(answer: Mapping[str, Any]) -> Markup:
    """The picture; empty where no group has an outcome that is shown."""
    places = [place for group in answer["groups"] if (place := _place(group)) is not None]
    if not places:
        return Markup("")
    across = _scale([bound for place in places for bound in (place[0], place[1])])
    up = _scale([bound for place in places for bound in (place[2], place[3])])
    body = Markup("").join(_mark(place, across, up) for place in places)
    title = _(
        "%(outcome)s against %(characteristic)s, %(number)s points.",
        outcome=answer["outcome"]["label"], characteristic=answer["characteristic"]["label"], number=len(places),
    )  # fmt: skip
    return Markup(
        '<svg class="relation" role="img" aria-labelledby="relation-name" width="100%" height="{height}">'
        '<title id="relation-name">{title}</title>{body}'
        '<text class="tick" x="1%" y="14">{top}</text><text class="tick" x="1%" y="{foot}">{low}</text>'
        '<text class="tick" x="6%" y="{under}">{left}</text>'
        '<text class="tick" x="94%" y="{under}" text-anchor="end">{right}</text></svg>'
    ).format(
        height=HEIGHT + 24, title=title, body=body, top=_figure(up[1]), low=_figure(up[0]), foot=HEIGHT - 4,
        under=HEIGHT + 18, left=_figure(across[0]), right=_figure(across[1]),
    )  # fmt: skip


def _place(group: Mapping[str, Any]) -> tuple[Decimal, Decimal, Decimal, Decimal, str] | None:
    """(x from, x to, y from, y to, words) of a group; None while a bound is not there or not shown."""
    y = (group["part_low"], group["part_high"]) if group["happened"] is not None else (group["y_low"], group["y_high"])
    bounds = (group["low"], group["high"], *y)
    if any(bound is None for bound in bounds):
        return None
    x_low, x_high, y_low, y_high = (Decimal(bound) for bound in bounds)
    return x_low, x_high, y_low, y_high, str(group["name"] or group["recipients"])


def _scale(values: list[Decimal]) -> tuple[Decimal, Decimal]:
    low, high = min(values), max(values)
    return (low, high) if low < high else (low - 1, high + 1)


def _mark(
    place: tuple[Decimal, Decimal, Decimal, Decimal, str], across: tuple[Decimal, Decimal], up: tuple[Decimal, Decimal]
) -> Markup:
    x = [_EDGE + (each - across[0]) / (across[1] - across[0]) * (100 - 2 * _EDGE) for each in place[:2]]
    y = [HEIGHT - 20 - float((each - up[0]) / (up[1] - up[0])) * (HEIGHT - 40) for each in place[2:4]]
    middle_x, middle_y = (x[0] + x[1]) / 2, (y[0] + y[1]) / 2
    return Markup(
        '<g><line class="cap" x1="{a}%" x2="{b}%" y1="{m}" y2="{m}" stroke="currentColor"/>'
        '<line class="cap" x1="{c}%" x2="{c}%" y1="{t}" y2="{u}" stroke="currentColor"/>'
        '<circle cx="{c}%" cy="{m}" r="4" fill="currentColor"><title>{words}</title></circle></g>'
    ).format(
        a=_digits(x[0]), b=_digits(x[1]), c=_digits(middle_x), m=_digits(middle_y), t=_digits(y[0]), u=_digits(y[1]),
        words=place[4],
    )  # fmt: skip


def _digits(number: Decimal | float) -> Markup:
    return escape(f"{number:.2f}")


def _figure(number: Decimal) -> str:
    return f"{number:.4f}".rstrip("0").rstrip(".")

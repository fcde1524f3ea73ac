"""How many lots were made each month, as columns, by hand in SVG; the facets beside it say the same in words."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask import url_for
from markupsafe import Markup

from web.language import _

FLOOR, NUMBERED = 130, 12
"""Where columns of counts stand, in pixels from the top, and how many may be so many that each says its number."""


def columns(counts: Sequence[tuple[str, int]], address: dict[str, str]) -> Markup:
    """How many lots were made each month; each column leads to its month and, while there is room, says its number."""
    if not counts:
        return Markup("")
    most, width = max(lots for month, lots in counts), Decimal(100) / max(len(counts), NUMBERED)
    body = Markup("").join(
        _column(month, lots, (index * width, width * Decimal("0.86")), round(108 * lots / most), address)
        for index, (month, lots) in enumerate(counts)
    )
    if len(counts) <= NUMBERED:
        body += Markup("").join(
            Markup('<text class="count" x="{x}%" y="{y}" text-anchor="middle" aria-hidden="true">{lots}</text>').format(
                x=f"{(index + Decimal('0.43')) * width:.2f}", y=FLOOR - 5 - max(3, round(108 * lots / most)), lots=lots
            )
            for index, (_month, lots) in enumerate(counts)
        )
    else:
        number = _("%(number)s at most", number=most)
        body += Markup('<text x="100%" y="12" text-anchor="end">{most}</text>').format(most=number)
    ends = Markup('<text x="0" y="{y}">{a}</text><text x="{at}%" y="{y}" text-anchor="end">{b}</text>').format(
        y=FLOOR + 20, a=counts[0][0], at=f"{len(counts) * width:.2f}", b=counts[-1][0] if len(counts) > 2 else ""
    )
    return Markup(
        '<svg class="chart" role="group" aria-label="{name}" width="100%" height="{height}">'
        '<line class="axis" x1="0" x2="100%" y1="{floor}" y2="{floor}"/>{body}{ends}</svg>'
    ).format(name=_("Lots by month of manufacture"), height=FLOOR + 26, floor=FLOOR, body=body, ends=ends)


def _column(month: str, lots: int, across: tuple[Decimal, Decimal], height: int, address: dict[str, str]) -> Markup:
    """One month: a column of at least three pixels, so that one lot among thousands is seen."""
    parts: dict[str, Any] = {**address, "since": month, "until": month}
    tall = max(3, height)
    return Markup(
        '<a href="{link}" aria-label="{month}: {lots}"><title>{month}: {lots}</title>'
        '<rect class="column" x="{x}%" width="{w}%" y="{y}" height="{h}"/></a>'
    ).format(
        link=url_for("explore.explore", **parts), month=month, lots=lots, x=f"{across[0]:.2f}", w=f"{across[1]:.2f}",
        y=FLOOR - tall, h=tall,
    )  # fmt: skip

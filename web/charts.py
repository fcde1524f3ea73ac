"""Charts by hand in SVG: a control chart of one criterion, and columns of counts.

Places are percentages and sizes pixels, so a chart is as wide as its page while its letters keep their size. A table
beside each says the same in words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from flask import url_for
from markupsafe import Markup

from web.language import _, several
from web.number_format import figure, signs
from web.pictures import HOLLOW, MARKS
from web.vocabulary import said

HEIGHT, TOP, CLEAR = 240, 14, 15
FLOOR, NUMBERED = 130, 12
"""Where columns of counts stand, in pixels from the top, and how many may be so many that each says its number."""
LEFT, RIGHT, TICKS = Decimal(5), Decimal(95), 6
"""Percent of the width where the first and the last lot stand, and how many steps of the axis there are about. Beside
the chart the style sheet keeps room: at the left for the axis' numbers, at the right for what each level is."""


def control(trend: Mapping[str, Any]) -> Markup:
    """Levey–Jennings: lots in order, mean and one, two, three standard deviations, the acceptance limits."""
    points = in_order(trend)
    known = [Decimal(point[end]) for point in points for end in ("low", "high") if point[end] is not None]
    lines = _levels(trend)
    values = known + [line[0] for line in lines]
    if not points or not values:
        return Markup("")
    low, high = min(values), max(values)
    room = (high - low) * Decimal("0.08") or Decimal(1)
    scale = _Scale(low - room, high + room)
    body = (
        _axis(scale) + Markup("").join(_level(scale, *level) for level in _apart(scale, lines)) + _path(scale, points)
    )
    body += Markup("").join(_point(scale, points, index) for index in range(len(points)))
    title = several(
        "%(characteristic)s of %(num)s lot. The table beneath says it in words.",
        "%(characteristic)s of %(num)s lots in the order they were registered. The table beneath says it in words.",
        len(points),
        characteristic=trend["label"],
    )
    return Markup(
        '<svg class="chart levels" role="img" aria-labelledby="chart-name" width="100%" height="{height}">'
        '<title id="chart-name">{title}</title>{body}{names}</svg>'
    ).format(height=HEIGHT + TOP + 46, title=title, body=body, names=_names(points))


def in_order(trend: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Every lot that has a value, as they were registered; one that was not asked for it has no verdict."""
    return sorted([*trend["points"], *trend.get("recorded", ())], key=lambda point: int(point.get("entry", 0)))


class _Scale:
    """From a value to pixels from the top."""

    def __init__(self, low: Decimal, high: Decimal) -> None:
        self.low, self.high = low, high

    def __call__(self, value: Decimal) -> str:
        share = (self.high - value) / (self.high - self.low)
        return f"{TOP + share * HEIGHT:.1f}"


def _levels(trend: Mapping[str, Any]) -> list[tuple[Decimal, str, str]]:
    """(value, style, what it is): limits, mean, and deviations."""
    unit = f" {trend['unit']}" if trend["unit"] else ""
    levels = [
        (Decimal(trend[name]), "limit", f"{words[trend[name + '_open']]} {figure(trend[name])}{unit}")
        for name, words in (("limit_low", "≥>"), ("limit_high", "≤<"))
        if trend[name] is not None
    ]
    if trend["mean"] is not None:
        mean, step = Decimal(trend["mean"]), Decimal(trend["deviation"])
        levels.append((mean, "mean", _("mean %(value)s", value=figure(f"{mean:.2f}"))))
        levels += [
            (mean + count * step, "deviation", f"{'+' if count > 0 else '−'}{abs(count)} s")
            for count in (-3, -2, 2, 3)
            if step
        ]
    return levels


def _axis(scale: _Scale) -> Markup:
    """Round numbers at the left, by steps of 1, 2 or 5 and a power of ten."""
    rough = (scale.high - scale.low) / TICKS
    power = Decimal(1).scaleb(rough.adjusted())
    step = next(power * count for count in (1, 2, 5, 10) if power * count >= rough)
    first = int((scale.low / step).to_integral_value(ROUND_CEILING))
    last = int((scale.high / step).to_integral_value(ROUND_FLOOR))
    return Markup("").join(
        Markup('<text class="number" x="0" dx="-6" y="{y}" dy="4" text-anchor="end">{number}</text>').format(
            y=scale(count * step), number=figure(f"{(count * step).normalize():f}")
        )
        for count in range(first, last + 1)
    )


def _apart(scale: _Scale, lines: Sequence[tuple[Decimal, str, str]]) -> list[tuple[Decimal, str, str, float]]:
    """The levels from the top, each with where its words stand: by its line, or as far off as the one above asks."""
    placed: list[tuple[Decimal, str, str, float]] = []
    for value, style, words in sorted(lines, key=lambda line: -line[0]):
        lowest = placed[-1][3] + CLEAR if placed else 0.0
        placed.append((value, style, words, max(float(scale(value)), lowest)))
    return placed


def _level(scale: _Scale, value: Decimal, style: str, words: str, at: float) -> Markup:
    return Markup(
        '<line class="{style}" x1="0" x2="100%" y1="{y}" y2="{y}"/><text'
        ' class="{style}-name" x="100%" dx="8" y="{at}" dy="4">{words}</text>'
    ).format(style=style, y=scale(value), at=f"{at:.1f}", words=words)


def _place(index: int, count: int) -> str:
    step = (RIGHT - LEFT) / max(count - 1, 1)
    return f"{LEFT + index * step:.2f}"


def _middle(point: Mapping[str, Any]) -> Decimal | None:
    """The value of a point that a line leads to; None for one that is not exact, or was not judged."""
    return _exact(point) if point["verdict"] else None


def _exact(point: Mapping[str, Any]) -> Decimal | None:
    low, high = point["low"], point["high"]
    return Decimal(low) if low is not None and low == high else None


def _path(scale: _Scale, points: Sequence[Mapping[str, Any]]) -> Markup:
    """Lines between neighbours that both have an exact value; a censored or an unjudged one breaks the line."""
    drawn, count = Markup(""), len(points)
    for index in range(count - 1):
        here, there = _middle(points[index]), _middle(points[index + 1])
        if here is not None and there is not None:
            drawn += Markup('<line class="path" x1="{a}%" y1="{b}" x2="{c}%" y2="{d}"/>').format(
                a=_place(index, count), b=scale(here), c=_place(index + 1, count), d=scale(there)
            )
    return drawn


def _point(scale: _Scale, points: Sequence[Mapping[str, Any]], index: int) -> Markup:
    point, x = points[index], _place(index, len(points))
    verdict = point["verdict"]
    kind = "recorded" if not verdict else verdict if verdict in MARKS else "undetermined"
    exact = _exact(point)
    if exact is not None:
        mark = MARKS.get(kind, HOLLOW)
        drawn = Markup('<svg class="mark" x="{x}%" y="{y}">{mark}</svg>').format(x=x, y=scale(exact), mark=mark)
    else:
        ends = [Decimal(point[end]) if point[end] is not None else None for end in ("low", "high")]
        low = scale.low if ends[0] is None else max(ends[0], scale.low)
        high = scale.high if ends[1] is None else min(ends[1], scale.high)
        drawn = Markup('<line class="span" x1="{x}%" x2="{x}%" y1="{a}" y2="{b}"/>').format(
            x=x, a=scale(low), b=scale(high)
        )
    return Markup('<g class="{kind}"><title>{lot}: {seen}, {verdict}</title>{drawn}</g>').format(
        kind=kind, lot=point["lot"], seen=signs(point["observed"]), drawn=drawn,
        verdict=said(verdict) if verdict else _("recorded, not asked for then"),
    )  # fmt: skip


def _names(points: Sequence[Mapping[str, Any]]) -> Markup:
    """The first and the last lot by name, one beneath the other, so that the order is plain and no name covers one."""
    y = HEIGHT + TOP + 22
    drawn = Markup('<text x="0" y="{y}">{name}</text>').format(y=y, name=points[0]["lot"])
    if len(points) > 1:
        drawn += Markup('<text x="100%" y="{y}" text-anchor="end">{name}</text>').format(
            y=y + 18, name=points[-1]["lot"]
        )
    return drawn


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

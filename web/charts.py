"""A control chart of one criterion, by hand in SVG.

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
from web.pictures.criteria import HOLLOW, MARKS
from web.vocabulary import said

HEIGHT, TOP, CLEAR = 240, 14, 15
LEFT, RIGHT, TICKS = Decimal(5), Decimal(95), 6
"""Percent of the width where the first and the last lot stand, and how many steps of the axis there are about. Beside
the chart the style sheet keeps room: at the left for the axis' numbers, at the right for what each level is."""


def control(trend: Mapping[str, Any]) -> Markup:
    """Levey–Jennings: lots in order, mean and one, two, three standard deviations, the limits that each was held to.

    Nothing is drawn where no value can be, such as above 100 %. Each lot is a link, and named when it has the focus.
    """
    points = in_order(trend)
    known = [Decimal(point[end]) for point in points for end in ("low", "high") if point[end] is not None]
    lines = [line for line in _levels(trend) if _possible(trend, line[0])]
    steps = _steps(points)
    values = known + [line[0] for line in lines] + [value for _first, _last, value in steps]
    if not points or not values:
        return Markup("")
    low, high = min(values), max(values)
    room = (high - low) * Decimal("0.08") or Decimal(1)
    scale = _Scale(*_within(trend, low - room, high + room))
    body = _axis(scale) + Markup("").join(_level(scale, *level) for level in _apart(scale, lines))
    body += Markup("").join(_step(scale, len(points), *step) for step in steps) + _path(scale, points)
    body += Markup("").join(_point(scale, points, index) for index in range(len(points)))
    title = several(
        "%(characteristic)s of %(num)s lot. The table beneath says it in words.",
        "%(characteristic)s of %(num)s lots in the order they were registered. The table beneath says it in words.",
        len(points),
        characteristic=trend["label"],
    )
    return Markup(
        '<svg class="chart levels" role="group" aria-labelledby="chart-name" width="100%" height="{height}">'
        '<title id="chart-name">{title}</title>{body}{names}{months}</svg>'
    ).format(height=HEIGHT + TOP + 64, title=title, body=body, names=_names(points), months=_months(points))


def _possible(trend: Mapping[str, Any], value: Decimal) -> bool:
    low, high = trend.get("range_low"), trend.get("range_high")
    return (low is None or value >= Decimal(low)) and (high is None or value <= Decimal(high))


def _within(trend: Mapping[str, Any], low: Decimal, high: Decimal) -> tuple[Decimal, Decimal]:
    """The ends of the axis, moved to where values can be."""
    least, most = trend.get("range_low"), trend.get("range_high")
    start = low if least is None else max(low, Decimal(least))
    end = high if most is None else min(high, Decimal(most))
    return (start, end) if start < end else (low, high)


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
    levels: list[tuple[Decimal, str, str]] = [
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


def _steps(points: Sequence[Mapping[str, Any]]) -> list[tuple[int, int, Decimal]]:
    """Limits of the past: (first lot, last lot, limit) of each stretch of lots held to another one than now."""
    steps: list[tuple[int, int, Decimal]] = []
    for name in ("limit_low", "limit_high"):
        held = [None if point.get(name) is None else Decimal(point[name]) for point in points]
        now = next((value for value in reversed(held) if value is not None), None)
        for place, value in enumerate(held):
            if value is None or value == now:
                continue
            if steps and steps[-1][1] == place - 1 and steps[-1][2] == value:
                steps[-1] = (steps[-1][0], place, value)
            else:
                steps.append((place, place, value))
    return steps


def _step(scale: _Scale, count: int, first: int, last: int, value: Decimal) -> Markup:
    """A limit of the past over the lots that it held for, with its figure."""
    half = (RIGHT - LEFT) / max(count - 1, 1) / 2
    start, end = Decimal(_place(first, count)) - half, Decimal(_place(last, count)) + half
    return Markup(
        '<line class="limit was" x1="{a}%" x2="{b}%" y1="{y}" y2="{y}"/>'
        '<text class="limit-name" x="{a}%" y="{y}" dy="-5">{value}</text>'
    ).format(a=f"{max(start, Decimal(0)):.2f}", b=f"{min(end, Decimal(100)):.2f}", y=scale(value),
             value=figure(f"{value.normalize():f}"))  # fmt: skip


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
    said_of_it = _said(point)
    at = scale(exact) if exact is not None else f"{TOP + HEIGHT / 2}"
    return Markup(
        '<a class="point" href="{link}" aria-label="{words}"><g class="{kind}"><title>{words}</title>{flag}{drawn}</g>'
        '<text class="lot-name" x="{x}%" y="{at}" dy="-14" text-anchor="{anchor}">{words}</text></a>'
    ).format(
        link=url_for("lots.lot", lot=point["lot"]), words=said_of_it, kind=kind, drawn=drawn, x=x, at=at,
        anchor="start" if index * 2 < len(points) else "end", flag=_flag(point, x, at),
    )  # fmt: skip


def _flag(point: Mapping[str, Any], x: str, at: str) -> Markup:
    """A ring around a value that is out of trend."""
    if not point.get("rules"):
        return Markup("")
    return Markup('<circle class="flag" cx="{x}%" cy="{y}" r="12"/>').format(x=x, y=at)


def _said(point: Mapping[str, Any]) -> str:
    """A lot on the chart in words: its value, its verdict, the rules of trend that it breaks."""
    words = [
        f"{point['lot']}: {signs(point['observed'])}",
        said(point["verdict"]) if point["verdict"] else _("recorded, not asked for then"),
        *([_("exactly at the limit")] if point.get("at_limit") else []),
        *([_("out of trend (%(rules)s)", rules=", ".join(point["rules"]))] if point.get("rules") else []),
    ]
    return ", ".join(words)


MONTHS = 5
"""Months that are named beneath a chart at most."""


def _months(points: Sequence[Mapping[str, Any]]) -> Markup:
    """When lots were made: the month of the first lot of some months, beneath it."""
    firsts = [
        (index, point["month"]) for index, point in enumerate(points)
        if point.get("month") and (not index or points[index - 1].get("month") != point["month"])
    ]  # fmt: skip
    every = max(1, -(-len(firsts) // MONTHS))
    return Markup("").join(
        Markup('<text class="month{between}" x="{x}%" y="{y}" text-anchor="{anchor}">{month}</text>').format(
            x=_place(index, len(points)), y=HEIGHT + TOP + 58, month=month, between=" between" if index else "",
            anchor="start" if index * 5 < len(points) else "end" if index * 5 > 4 * len(points) else "middle",
        )
        for index, month in firsts[::every]
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

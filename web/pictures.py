"""The criteria as a picture: each percentage on a 0–100 scale, the accepted part shaded, what was observed drawn.

SVG by hand, without a view box: places are percentages and sizes are pixels, so the picture is as wide as the page
while letters and strokes keep their size, on a phone too. Colours come from the style sheet. A known value is a
mark, a censored one a bar over everything it could be, a cocktail one bar for all its members.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from textwrap import wrap
from typing import Any

from markupsafe import Markup, escape

from web.language import _
from web.number_format import limit, signs
from web.vocabulary import said

LINE, SCALE, AXIS, FITS = 20, 38, 26, 36
"""Pixels of a line of text, of a scale, of the axis; letters that fit beside each other on the narrowest phone."""
# A mark's shape says the verdict as well as its colour does: disc, cross, diamond. The middle is 0 0.
MARKS = {
    "pass": Markup('<circle r="7"/>'),
    "fail": Markup('<path d="M-6-6 6 6M6-6-6 6"/>'),
    "undetermined": Markup('<path d="M0-8 8 0 0 8-8 0Z"/>'),
}

HOLLOW = Markup('<circle r="6"/>')
"""What was never judged: a ring."""


def criteria(verdicts: Sequence[Mapping[str, Any]]) -> Markup:
    """The picture of all criteria on a percentage; empty when there is none. The table beneath says it all in words."""
    rows = _merged([verdict for verdict in verdicts if _on_scale(verdict)])
    if not rows:
        return Markup("")
    body, top = Markup(""), 0
    for row in rows:
        drawn, height = _row(row, top)
        body, top = body + drawn, top + height
    return Markup(
        '<svg class="criteria" role="img" aria-labelledby="picture-name" width="100%" height="{height}">'
        '<title id="picture-name">{title}</title>{body}{axis}</svg>'
    ).format(height=top + AXIS, title=" ".join(_sentence(row) for row in rows), body=body, axis=_axis(top))


def _on_scale(verdict: Mapping[str, Any]) -> bool:
    """True for a criterion whose values lie between 0 and 100, both included: a percentage."""
    low, high = verdict.get("range_low"), verdict.get("range_high")
    limited = verdict.get("limit_low") is not None or verdict.get("limit_high") is not None
    return limited and low is not None and high is not None and Decimal(low) == 0 and Decimal(high) == 100


def _merged(verdicts: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """One row for each criterion, and one for all criteria that stand on the same cocktail figure and limit."""
    rows: dict[object, dict[str, Any]] = {}
    for index, verdict in enumerate(verdicts):
        bounds = [verdict.get(name) for name in ("low", "high", "limit_low", "limit_high", "verdict")]
        source = verdict.get("source")
        key: object = (str(source), *bounds) if verdict.get("cocktail") and source else index
        if key in rows:
            rows[key]["names"].append(verdict["characteristic"])
        else:
            rows[key] = {**verdict, "names": [verdict["characteristic"]]}
    return list(rows.values())


def _sentence(row: Mapping[str, Any]) -> str:
    return _(
        "%(characteristics)s: %(expected)s asked for, %(observed)s, %(verdict)s.",
        characteristics=", ".join(row["names"]),
        expected=limit(row["expected"]),
        observed=signs(row["observed"]) or _("no result"),
        verdict=said(row["verdict"]),
    )


def _row(row: Mapping[str, Any], top: int) -> tuple[Markup, int]:
    """The row and its height: names, what was asked for and seen, the scale. What is long takes lines of its own."""
    names, asked, seen = " · ".join(row["names"]), limit(row["expected"]), signs(row["observed"]) or _("no result")
    together = len(f"{names} {asked} {seen}") <= FITS
    lines = [("name", line) for line in ([] if together else wrap(names, FITS))]
    if not together:
        *above_it, asked = _beside(asked, seen)
        lines += [("asked", line) for line in above_it]
    last = top + LINE * (len(lines) + 1)
    above = Markup("").join(
        Markup('<text class="{kind}" y="{y}">{line}</text>').format(kind=kind, y=top + LINE * (index + 1), line=line)
        for index, (kind, line) in enumerate(lines)
    )
    drawn = Markup(
        '<g class="row {verdict}">{above}<text class="name" y="{y}">{name}<tspan class="asked">{asked}</tspan></text>'
        '<text class="seen" x="100%" y="{y}" text-anchor="end">{seen}</text>{track}{observed}</g>'
    ).format(
        verdict=row["verdict"],
        above=above,
        y=last,
        name=f"{names} " if together else "",
        asked=asked,
        seen=seen,
        track=_track(row, last + 9),
        observed=_seen(row, last + 16),
    )
    return drawn, LINE * (len(lines) + 1) + SCALE


def _beside(asked: str, seen: str) -> list[str]:
    """The limit in lines that fit, the last beside what was seen; empty where nothing fits beside that."""
    lines = wrap(asked, FITS) or [""]
    return lines if len(f"{lines[-1]} {seen}") <= FITS else [*lines, ""]


def _track(row: Mapping[str, Any], top: int) -> Markup:
    """The whole scale, the accepted part of it, and a line at each limit."""
    low, high = row.get("limit_low"), row.get("limit_high")
    start, end = Decimal(low or 0), Decimal(high if high is not None else 100)
    limits = Markup("").join(
        Markup('<line class="limit" x1="{at}%" x2="{at}%" y1="{top}" y2="{end}"/>').format(
            at=_place(limit), top=top - 4, end=top + 18
        )
        for limit in (low, high)
        if limit is not None
    )
    return Markup(
        '<rect class="track" width="100%" y="{y}" height="14" rx="2"/>'
        '<rect class="accepted" x="{start}%" width="{width}%" y="{y}" height="14"/>{limits}'
    ).format(y=top, start=_place(start), width=_place(end - start), limits=limits)


def _seen(row: Mapping[str, Any], middle: int) -> Markup:
    """What was observed: a mark for a known value, a bar for an interval; an open end of a bar is not capped."""
    if row.get("observed") is None or (row.get("low") is None and row.get("high") is None):
        return Markup("")
    low = Decimal(row["low"] if row.get("low") is not None else 0)
    high = Decimal(row["high"] if row.get("high") is not None else 100)
    if low == high:
        mark = MARKS.get(row["verdict"], MARKS["undetermined"])
        return Markup('<svg class="mark" x="{at}%" y="{y}">{mark}</svg>').format(at=_place(low), y=middle, mark=mark)
    caps = Markup("").join(
        Markup('<line class="cap" x1="{at}%" x2="{at}%" y1="{top}" y2="{end}"/>').format(
            at=_place(at), top=middle - 7, end=middle + 7
        )
        for at, is_open in ((low, row.get("low_open")), (high, row.get("high_open")))
        if not is_open
    )
    return Markup('<rect class="bar" x="{x}%" width="{width}%" y="{y}" height="6"/>{caps}').format(
        x=_place(low), width=_place(high - low), y=middle - 3, caps=caps
    )


def _place(value: Decimal | str) -> Markup:
    """A place on the scale, kept on it whatever the value is."""
    number = min(max(Decimal(value), Decimal(0)), Decimal(100))
    return escape(f"{number:.2f}".rstrip("0").rstrip("."))


def _axis(top: int) -> Markup:
    anchors = {0: "start", 100: "end"}
    ticks = Markup("").join(
        Markup(
            '<line class="tick" x1="{at}%" x2="{at}%" y1="{top}" y2="{end}"/>'
            '<text class="tick" x="{at}%" y="{text}" text-anchor="{anchor}">{label}</text>'
        ).format(
            at=at,
            top=top,
            end=top + 5,
            text=top + 20,
            anchor=anchors.get(at, "middle"),
            label=f"{at} %" if at == 100 else at,
        )
        for at in (0, 25, 50, 75, 100)
    )
    return Markup('<g class="axis">{ticks}</g>').format(ticks=ticks)

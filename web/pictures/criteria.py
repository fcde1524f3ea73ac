"""The criteria as a picture: each on the part of its scale that shows the margin, the accepted part shaded.

SVG by hand, without a view box: places are percentages and sizes are pixels, so the picture is as wide as the page
while letters and strokes keep their size, on a phone too. Colours come from the style sheet. A known value is a
mark, a censored one a bar over everything it could be, a cocktail one bar for all its members. Behind each stand the
values of earlier lots, as a light strip.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from textwrap import wrap
from typing import Any

from markupsafe import Markup

from web.language import _, language
from web.number_format import figure, limit, signs
from web.pictures.scale import Scale, scale_of
from web.vocabulary import said

LINE, SCALE, FITS = 20, 48, 36
"""Pixels of a line of text and of a scale with its ends; letters that fit beside each other on the narrowest phone."""
Before = Mapping[str, Sequence[str]]
"""Values of earlier lots, by criterion."""
# A mark's shape says the verdict as well as its colour does: disc, cross, diamond. The middle is 0 0.
MARKS = {
    "pass": Markup('<circle r="7"/>'),
    "fail": Markup('<path d="M-6-6 6 6M6-6-6 6"/>'),
    "undetermined": Markup('<path d="M0-8 8 0 0 8-8 0Z"/>'),
}

FIELDS = (
    "names", "before", "verdict", "expected", "observed", "unit", "low", "high", "low_open", "high_open",
    "limit_low", "limit_high", "range_low", "range_high",
)  # fmt: skip
"""What a row is drawn from."""
DRAWN = 1024
"""Rows that are kept as they were drawn: a page that is asked for again is most of its cost."""
HOLLOW = Markup('<circle r="6"/>')
"""What was never judged: a ring."""


def criteria(verdicts: Sequence[Mapping[str, Any]], before: Before | None = None) -> Markup:
    """The picture of all criteria that have a scale; empty when there is none. The table beneath says it all in words.

    ``before`` are values of earlier lots, drawn behind this one's.
    """
    shown = [(verdict, _earlier(verdict, before or {})) for verdict in verdicts]
    rows = _merged([{**verdict, "before": values} for verdict, values in shown if scale_of(verdict, values)])
    if not rows:
        return Markup("")
    drawn = [_drawn(language(), *(_hashable(row.get(field)) for field in FIELDS)) for row in rows]
    return Markup('<div class="criteria">{rows}</div>').format(rows=Markup("").join(drawn))


@lru_cache(maxsize=DRAWN)
def _drawn(_language: str, *fields: object) -> Markup:
    """One row in this language. It is drawn from ``FIELDS`` alone, so the same fields are the same picture."""
    return _row(dict(zip(FIELDS, fields, strict=True)))


def _hashable(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def _earlier(verdict: Mapping[str, Any], before: Before) -> list[Decimal]:
    return [Decimal(value) for value in before.get(verdict.get("id", ""), ())]


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


def _row(row: Mapping[str, Any]) -> Markup:
    """Names, what was asked for and seen, the scale. What is long takes lines of its own.

    Each is a picture of its own, so that a page on paper ends between two of them.
    """
    names, asked, seen = " · ".join(row["names"]), limit(row["expected"]), signs(row["observed"]) or _("no result")
    together = len(f"{names} {asked} {seen}") <= FITS
    lines = [("name", line) for line in ([] if together else wrap(names, FITS))]
    if not together:
        *above_it, asked = _beside(asked, seen)
        lines += [("asked", line) for line in above_it]
    last = LINE * (len(lines) + 1)
    above = Markup("").join(
        Markup('<text class="{kind}" y="{y}">{line}</text>').format(kind=kind, y=LINE * (index + 1), line=line)
        for index, (kind, line) in enumerate(lines)
    )
    scale = scale_of(row, row["before"]) or Scale(Decimal(0), Decimal(100))
    return Markup(
        '<svg class="row {verdict}" role="img" aria-label="{words}" width="100%" height="{height}">{above}'
        '<text class="name" y="{y}">{name}<tspan class="asked">{asked}</tspan></text>'
        '<text class="seen" x="100%" y="{y}" text-anchor="end">{seen}</text>{track}{observed}</svg>'
    ).format(
        words=_sentence(row),
        height=last + SCALE,
        verdict=row["verdict"],
        above=above,
        y=last,
        name=f"{names} " if together else "",
        asked=asked,
        seen=seen,
        track=_track(row, scale, last + 9),
        observed=_seen(row, scale, last + 16),
    )


def _beside(asked: str, seen: str) -> list[str]:
    """The limit in lines that fit, the last beside what was seen; empty where nothing fits beside that."""
    lines = wrap(asked, FITS) or [""]
    return lines if len(f"{lines[-1]} {seen}") <= FITS else [*lines, ""]


def _track(row: Mapping[str, Any], scale: Scale, top: int) -> Markup:
    """The scale with its ends, the accepted part of it, a line at each limit, and a line for each earlier lot."""
    low, high = row.get("limit_low"), row.get("limit_high")
    start = _place(scale, low) if low is not None else Decimal(0)
    end = _place(scale, high) if high is not None else Decimal(100)
    limits = Markup("").join(_upright("limit", _place(scale, limit), top - 4, top + 18)
                             for limit in (low, high) if limit is not None)  # fmt: skip
    earlier = Markup("").join(
        _upright("earlier", place, top + 1, top + 13)
        for place in sorted({_place(scale, value) for value in row["before"]})
    )
    return Markup(
        '<rect class="track" width="100%" y="{y}" height="14" rx="2"/>'
        '<rect class="accepted" x="{start}%" width="{width}%" y="{y}" height="14"/>{earlier}{limits}{ends}'
    ).format(
        y=top, start=_text(start), width=_text(max(end - start, Decimal(0))), earlier=earlier, limits=limits,
        ends=_ends(row, scale, top + 30),
    )  # fmt: skip


def _upright(kind: str, place: Decimal, top: int, end: int) -> Markup:
    return Markup('<line class="{kind}" x1="{at}%" x2="{at}%" y1="{top}" y2="{end}"/>').format(
        kind=kind, at=_text(place), top=top, end=end
    )


def _ends(row: Mapping[str, Any], scale: Scale, y: int) -> Markup:
    """What stands at the two ends of the scale: it begins at 90 as often as at 0, and every reader has to see that."""
    unit = f" {row['unit']}" if row.get("unit") else ""
    end = f"{_number(scale.end)}{unit}"
    words = _("%(end)s, by powers of ten", end=end) if scale.by_powers else end
    return Markup(
        '<text class="tick" x="0" y="{y}">{start}</text>'
        '<text class="tick" x="100%" y="{y}" text-anchor="end">{end}</text>'
    ).format(
        y=y,
        start=f"≤ {_number(scale.start)}" if scale.by_powers else _number(scale.start),
        end=words or f"{_number(scale.end)}{unit}",
    )


def _number(value: Decimal) -> str:
    return figure(f"{value.normalize():f}")


def _seen(row: Mapping[str, Any], scale: Scale, middle: int) -> Markup:
    """What was observed: a mark for a known value, a bar for an interval; an open end of a bar is not capped."""
    if row.get("observed") is None or (row.get("low") is None and row.get("high") is None):
        return Markup("")
    low = Decimal(row["low"]) if row.get("low") is not None else scale.start
    high = Decimal(row["high"]) if row.get("high") is not None else scale.end
    start, end = _place(scale, low), _place(scale, high)
    if low == high:
        mark = MARKS.get(row["verdict"], MARKS["undetermined"])
        return Markup('<svg class="mark" x="{at}%" y="{y}">{mark}</svg>').format(at=_text(start), y=middle, mark=mark)
    caps = Markup("").join(
        _upright("cap", at, middle - 7, middle + 7)
        for at, is_open in ((start, row.get("low_open")), (end, row.get("high_open")))
        if not is_open
    )
    return Markup('<rect class="bar" x="{x}%" width="{width}%" y="{y}" height="6"/>{caps}').format(
        x=_text(start), width=_text(end - start), y=middle - 3, caps=caps
    )


def _place(scale: Scale, value: Decimal | str) -> Decimal:
    """A place on the scale, kept on it whatever the value is."""
    return scale.place(Decimal(value)).quantize(Decimal("0.01"))


def _text(place: Decimal) -> str:
    return f"{place:.2f}".rstrip("0").rstrip(".")

"""An answer drawn: a bar or a mark a row for its numbers, its things joined as they stand beside each other, or the
origin of its lots.

of(table, {"as": "chart", "of": "mean"})   Drawn(ways=("table", "chart"), way="chart", of="mean", …)

SVG by hand, without a view box, as the other pictures: places are percentages and letters keep their size. The table
stands beneath and says it all in words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from markupsafe import Markup

from web.language import _
from web.lots.lineage import Node, below, picture
from web.number_format import signs
from web.queries import origin_map

AS, OF = "as", "of"
"""The parts of an address that choose a drawing, and the column that it is of."""
TABLE, CHART, GRAPH, MAP = "table", "chart", "graph", "map"
LOT = "lot"
"""The column that holds lots by their identifiers, where nothing else says which does."""
MOST = 60
"""Rows or things drawn: more of them no eye tells apart."""
ROW, LETTERS = 26, 18
"""Pixels of a row, and letters of a name that fit beside its bar."""
Table = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Drawn:
    """What may be drawn of an answer, what was chosen, and the picture; ``left_out`` rows are in the table alone."""

    ways: tuple[str, ...]
    way: str
    columns: tuple[str, ...]
    of: str
    picture: Markup
    left_out: int = 0


def of(table: Table, chosen: Mapping[str, str]) -> Drawn:
    """The drawing that the address chooses; a way or a column that there is none of is the table, or the first."""
    numbers, things, lots = _numbers(table), _things(table), _lots(table)
    ways = (TABLE, *((CHART,) if numbers else ()), *((GRAPH,) if things else ()), *((MAP,) if lots else ()))
    way = chosen.get(AS, TABLE) if chosen.get(AS) in ways else TABLE
    columns = tuple(table["vars"][place] for place in numbers)
    column = chosen.get(OF, "") if chosen.get(OF) in columns else next(iter(columns), "")
    if way == CHART:
        drawn = _chart(table, table["vars"].index(column), numbers)
    elif way == GRAPH:
        drawn = _joined(table, *things)
    elif way == MAP:
        drawn = origin_map.of(lots)
    else:
        drawn = Markup("")
    if way == MAP:
        return Drawn(ways, way, columns, column, drawn, max(len(lots) - origin_map.MOST, 0))
    left_out = max(len(table["rows"]) - MOST, 0) if way != TABLE else 0
    return Drawn(ways, way, columns, column, drawn, left_out)


def _numbers(table: Table) -> list[int]:
    """Columns whose every value is a number, and of which there are values; a name stands in another one."""
    columns = [
        place
        for place in range(len(table["vars"]))
        if (values := [row[place] for row in table["rows"] if row[place]["text"]])
        and all(cell.get("number") and _value(cell) is not None for cell in values)
    ]
    return columns if len(columns) < len(table["vars"]) else []


def _things(table: Table) -> tuple[int, int] | tuple[()]:
    """The first two columns of which every value is one thing: an IRI, or a lot."""
    columns = [
        place
        for place in range(len(table["vars"]))
        if table["rows"] and all(_thing(row[place]) for row in table["rows"])
    ]
    return (columns[0], columns[1]) if len(columns) > 1 else ()


def _lots(table: Table) -> list[str]:
    """Each lot of the answer once: of the first column whose every value is lots, else of the column ``lot``."""
    for place, name in enumerate(table["vars"]):
        cells = [row[place] for row in table["rows"] if row[place]["text"]]
        if cells and all(cell.get("lots") for cell in cells):
            return list(dict.fromkeys(lot for cell in cells for lot in cell["lots"]))
        if cells and name == LOT and not any(cell.get("iri") for cell in cells):
            return list(dict.fromkeys(cell["text"] for cell in cells))
    return []


def _thing(cell: Mapping[str, Any]) -> bool:
    return bool(cell.get("iri")) or len(cell.get("links", ())) == 1


def _value(cell: Mapping[str, Any]) -> Decimal | None:
    try:
        value = Decimal(cell["text"])
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def _chart(table: Table, column: int, numbers: Sequence[int]) -> Markup:
    """A row each: bars from nought for counts; marks on a scale of their own for measured values."""
    names = next(place for place in range(len(table["vars"])) if place not in numbers)
    rows = [(row[names], _value(row[column]), row[column]["text"]) for row in table["rows"][:MOST]]
    values = [value for _name, value, _text in rows if value is not None]
    are_counts = all(value == value.to_integral_value() and value >= 0 for value in values)
    low, high = (Decimal(0), max(values)) if are_counts else (min(values), max(values))
    body = Markup("").join(
        _row(index, name, None if value is None else _share(value, low, high), text, are_counts)
        for index, (name, value, text) in enumerate(rows)
    )
    title = _("%(column)s of each %(name)s", column=table["vars"][column], name=table["vars"][names])
    return Markup(
        '<svg class="drawn" role="img" aria-labelledby="drawn-name" width="100%" height="{height}">'
        '<title id="drawn-name">{title}</title>{body}{axis}</svg>'
    ).format(height=len(rows) * ROW + 34, title=title, body=body, axis=_axis(low, high, len(rows) * ROW + 8))


def _share(value: Decimal, low: Decimal, high: Decimal) -> Decimal:
    """Where a value stands, in percent of the drawing's width: between 34 and 86."""
    part = (value - low) / (high - low) if high > low else Decimal("0.5")
    return round(Decimal(34) + part * Decimal(52), 2)


def _row(index: int, name: Mapping[str, Any], at: Decimal | None, text: str, are_counts: bool) -> Markup:
    y = index * ROW + ROW // 2
    label = name["links"][0][0] if len(name.get("links", ())) == 1 else name["text"]
    short = label if len(label) <= LETTERS else f"{label[: LETTERS - 1]}…"
    if at is None:
        mark = Markup("")
    elif are_counts:
        mark = Markup('<rect class="bar" x="34%" y="{y}" width="{width}%" height="12"/>').format(y=y - 6, width=at - 34)
    else:
        mark = Markup('<circle class="dot" cx="{at}%" cy="{y}" r="5"/>').format(at=at, y=y)
    return Markup(
        '<g><text class="name" x="32%" y="{base}" text-anchor="end">{name}</text>'
        '<line class="track" x1="34%" x2="86%" y1="{y}" y2="{y}"/>{mark}'
        '<text class="value" x="88%" y="{base}">{value}</text></g>'
    ).format(base=y + 5, y=y, name=short, mark=mark, value=signs(text) or _("no result"))


def _axis(low: Decimal, high: Decimal, y: int) -> Markup:
    ends = [("34%", "start", low), ("86%", "end", high)] if high > low else [("60%", "middle", low)]
    return Markup("").join(
        Markup('<text class="end" x="{x}" y="{y}" text-anchor="{side}">{value}</text>').format(
            x=x, y=y + 16, side=side, value=f"{value.normalize():f}"
        )
        for x, side, value in ends
    )


def _joined(table: Table, first: int, second: int) -> Markup:
    """Each thing once, under those that stand at its left; a pair that would close a circle is in the table alone."""
    above: dict[str, list[str]] = {}
    cells: dict[str, Mapping[str, Any]] = {}
    for row in table["rows"][:MOST]:
        left, right = row[first], row[second]
        cells.setdefault(left["text"], left)
        cells.setdefault(right["text"], right)
        above.setdefault(left["text"], [])
        above.setdefault(right["text"], []).append(left["text"])
    nodes, places = list[Node](), dict[str, int]()
    for name in above:
        _place(name, above, cells, nodes, places, ())
    title = _("%(second)s under the %(first)s beside them", first=table["vars"][first], second=table["vars"][second])
    return picture(nodes, title)


def _place(
    name: str,
    above: Mapping[str, Sequence[str]],
    cells: Mapping[str, Mapping[str, Any]],
    nodes: list[Node],
    places: dict[str, int],
    under: tuple[str, ...],
) -> int | None:
    """Add a thing after those above it, and answer where; None within a circle."""
    if name in under:
        return None
    if name not in places:
        of_it = [_place(each, above, cells, nodes, places, (*under, name)) for each in dict.fromkeys(above[name])]
        parents = tuple(place for place in of_it if place is not None)
        text, address = next(iter(cells[name].get("links", ())), (_short(name), ""))
        nodes.append(Node(text, "", "", below(nodes, parents), parents, address=address))
        places[name] = len(nodes) - 1
    return places[name]


def _short(name: str) -> str:
    """The last part of an IRI that has no page here."""
    return name.rstrip("/#").replace("#", "/").rpartition("/")[2] or name

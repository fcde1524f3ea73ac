"""What a table can do, and what an address asks of it: which order, which rows, from which place on.

/lots?state=released&sort=-until&from=50     the released lots, those that last longest first, from the 51st on
/lots.csv?state=released&sort=-until         all of them, to save
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import request, url_for

from registry.errors import WrongUsage
from web import answers
from web.language import _

PAGE, MOST = 50, 100_000
"""Rows of a page, and of a file to save."""
DOWN = "-"
"""Before a column's name in an address: its greatest first."""
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: ``name`` in addresses and files, ``label`` (marked) above it, and whether rows are put in its order.

    ``greatest_first`` is how it is put in order by the first click, such as a time.
    """

    name: str
    label: str
    sorts: bool = False
    greatest_first: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """What narrows a table: ``name`` in the address, ``label`` (marked), and the values with what each is called.

    Without ``choices`` it is typed, as the ``kind`` of the field has it; ``listed`` are values that are offered.
    """

    name: str
    label: str
    choices: tuple[tuple[str, str], ...] = ()
    kind: str = "search"
    listed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """One table as this request asks for it.

    ``start`` is where the page begins, as the address says it under ``turned_by``: a number of rows, or for a list that
    is read from its end the entry before.
    """

    endpoint: str
    columns: tuple[Column, ...]
    filters: tuple[Filter, ...]
    chosen: dict[str, str]
    sort: str
    descending: bool
    start: int
    page: int
    kept: dict[str, str]
    turned_by: str = "from"

    def address(
        self, *, sort: str | None = None, start: int = 0, suffix: str = "", whole: bool = False, density: str = ""
    ) -> str:
        """The address of this table in another order, from another place on, in another form, or with closer rows."""
        order = sort if sort is not None else self.order
        parts = {**self.kept, **self.chosen, "sort": order, self.turned_by: str(start or ""), "suffix": suffix}
        more = {"rows": "all" if whole else "", "density": density}
        return url_for(self.endpoint, **_given(parts | more))  # type: ignore[arg-type]

    @property
    def order(self) -> str:
        """The order as an address says it; empty where none was chosen."""
        return f"{DOWN if self.descending else ''}{self.sort}" if self.sort else ""

    @property
    def bare(self) -> str:
        """The address of the whole table, nothing chosen."""
        return url_for(self.endpoint, **self.kept)  # type: ignore[arg-type]

    @property
    def is_narrowed(self) -> bool:
        """Whether fewer rows are shown than there are."""
        return bool(self.chosen)

    @property
    def is_asked(self) -> bool:
        """Whether anything was chosen beside what was typed: an order, a filter, a page."""
        return bool(self.sort or self.start or self.chosen.keys() - {"q"})

    @property
    def limit(self) -> int:
        """Rows that are wanted: a page, and one that shows that there are more; or all, to save."""
        return MOST if wants_all() else self.page + 1

    def more(self, rows: Sequence[object]) -> bool:
        """Whether there are rows after this page, of those that ``limit`` asked for."""
        return not wants_all() and len(rows) > self.page

    def shown(self, rows: Sequence[Row]) -> Sequence[Row]:
        """The rows of this page, or all of them to save."""
        return rows if wants_all() else rows[: self.page]

    def aria(self, column: Column) -> str:
        """What a screen reader says of a column's order."""
        if column.name != self.sort:
            return "none"
        return "descending" if self.descending else "ascending"

    def turned(self, column: Column) -> str:
        """Where a click on the column's name leads: its order, or that turned round."""
        down = not self.descending if column.name == self.sort else column.greatest_first
        return self.address(sort=f"{DOWN if down else ''}{column.name}")

    def arranged(
        self, rows: Sequence[Row], keys: dict[str, Callable[[Row], Any]], holds: Callable[[Row, str, str], bool]
    ) -> list[Row]:
        """Rows that are held in memory: those that every filter lets through, in the order that was chosen."""
        left = [row for row in rows if all(holds(row, name, value) for name, value in self.chosen.items())]
        if self.sort:
            left.sort(key=lambda row: _comparable(keys[self.sort](row)), reverse=self.descending)
        return left[self.start : self.start + self.limit]


def _given(parts: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in parts.items() if value}


def _comparable(value: Any) -> Any:
    """Words without regard to case."""
    return value.casefold() if isinstance(value, str) else value


def wants_all() -> bool:
    """Whether the request asks for every row: a CSV, or ``rows=all``."""
    suffix = (request.view_args or {}).get("suffix", "")
    return suffix == "csv" or request.args.get("rows") == "all"


def asked(
    endpoint: str, columns: tuple[Column, ...], filters: tuple[Filter, ...] = (), *, page: int = PAGE,
    kept: dict[str, str] | None = None, turned_by: str = "from",
) -> Table:  # fmt: skip
    """The table as the address asks for it; raises WrongUsage for an order or a choice that there is none of.

    ``kept`` are parts of the address that stay whatever is chosen.
    """
    order = request.args.get("sort", "").strip()
    sort = order.removeprefix(DOWN)
    sorting = [column.name for column in columns if column.sorts]
    if sort and sort not in sorting:
        raise WrongUsage(_("Nothing is put in such an order."), where="sort", expected=", ".join(sorting), found=order)
    chosen = {each.name: request.args.get(each.name, "").strip()[:200] for each in filters}
    for each in filters:
        values, value = [name for name, _label in each.choices], chosen[each.name]
        if value and values and value not in values:
            raise WrongUsage(_("There is no such choice."), where=each.name, expected=", ".join(values), found=value)
    return Table(
        endpoint, columns, filters, _given(chosen), sort, order.startswith(DOWN), answers.whole(turned_by, 0), page,
        kept or {}, turned_by,
    )  # fmt: skip

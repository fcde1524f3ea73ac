"""Results typed in a grid: one row a lot, one column a criterion; pasted from a spreadsheet, or typed cell by cell.

What is typed becomes a long table with a row for each filled cell, checked and submitted as any file is. Unit and stage
are those of the column's criterion and stand above it; how a result was obtained is typed once a column, for it is what
the results claim.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from flask import Blueprint, Response, jsonify, make_response, render_template, request

from registry.csv_text import csv_table
from registry.errors import RegistryError, WrongUsage
from registry.services.accounts import Permission
from registry.services.specifications.templates import Column
from web import answers
from web.access import allow, me, registry
from web.language import _, marked
from web.submissions import report
from web.submissions.upload import Chosen

pages = Blueprint("grid", __name__)
TABLE = ("lot", "stage", "characteristic", "value", "unit", "method", "duration", "parent_population", "events")
HOW = {
    "method": marked("Method"),
    "duration": marked("Duration of the test"),
    "parent_population": marked("Percent of"),
    "events": marked("Events counted"),
}
"""How a result was obtained, as far as a specification asks for it."""
FILE = "typed.csv"
FIELDS = ("lot-", "cell-", "how-")
START, MOST_FIELDS = 4, 900
"""Rows of an empty grid; fields of one form, which has at most 1,000."""


@dataclass(frozen=True, slots=True)
class Grid:
    """The grid of one product: its columns, what of ``HOW`` any of them asks for, and how many rows it has.

    ``typed`` holds what stands in its fields by their names; ``wrong`` says what is wrong with a field.
    """

    product: str
    specification: str
    version: str
    columns: tuple[Column, ...]
    how: tuple[tuple[str, str], ...]
    rows: int
    typed: Mapping[str, str]
    wrong: Mapping[str, str]

    @property
    def most(self) -> int:
        """Rows that it may have."""
        return max(1, MOST_FIELDS // (len(self.columns) + 1) - len(self.how))

    @property
    def lots(self) -> tuple[str, ...]:
        """The lots of the product, offered while one is typed."""
        return registry().products.get(self.product).lots


@pages.get("/submit/grid")
@allow(Permission.SUBMIT)
def grid() -> Response:
    """The grid of the product in ``product``, or of the lot in ``lot``; without either the choice of a product."""
    lot, product = request.args.get("lot", "").strip(), request.args.get("product", "").strip()
    if lot:
        known = registry().lots.get(lot, viewer=me()).product
        product = known.id if known else product
    made = _of(product, {"lot-0": lot} if lot else {}, answers.whole("rows", START)) if product else None
    return make_response(_page(made))


def _page(made: Grid | None, error: RegistryError | None = None) -> str:
    products = [product for product in registry().products.all() if not product.citation]
    return render_template("submissions/grid.html", grid=made, products=products, how=HOW, error=error)


def _of(product: str, typed: Mapping[str, str], rows: int) -> Grid:
    """The grid of a product by what is approved for it; raises Unknown, and WrongUsage where nothing is."""
    approvals = registry().products.get(product).approvals
    if not approvals:
        message = _("No specification is approved for %(product)s, so its grid has no columns.", product=product)
        todo = _("Send a table, or have a specification approved.")
        raise WrongUsage(message, where="product", found=product, todo=todo)
    approval = approvals[-1]
    columns = registry().specifications.tables.columns(approval.specification, approval.version)
    asked = {name for each in columns for name, _text in each.asks}
    how = tuple((name, _(label)) for name, label in HOW.items() if name in asked)
    made = Grid(product, approval.specification, approval.version, columns, how, rows, typed, {})
    return replace(made, rows=min(rows, made.most))


@pages.post("/submit/grid")
@allow(Permission.SUBMIT)
def send() -> Response:
    """Check what was typed and keep nothing; what is submitted is exactly that, from the page of the check."""
    made: Grid | None = None
    try:
        typed = {
            name: text.strip() for name, text in request.form.items() if name.startswith(("lot-", "cell-", "how-"))
        }
        made = _of(answers.field("product", _("Product")), typed, _rows(typed))
        if request.form.get("do") == "more":
            return make_response(_page(_of(made.product, typed, made.rows + START)))
        lines, fields = table(made)
        data = csv_table(TABLE, lines, end="\n")
        preview = registry().submissions.preview(FILE, data).as_dict()
    except RegistryError as error:
        return answers.form_refused(error, partial(_page, made, error))
    if answers.form_for("", answers.PAGE_AND_DATA) == "json":
        return make_response(jsonify(preview))
    chosen = Chosen(FILE, data, None, "")
    shown = replace(made, wrong=_wrong(preview["errors"], fields))
    return make_response(report.render("check", preview, FILE, data, chosen=chosen, grid=shown))


def _rows(typed: Iterable[str]) -> int:
    numbers = [int(number) for name in typed if (number := name.removeprefix("lot-")).isdecimal()]
    return max(numbers, default=START - 1) + 1


def table(grid: Grid) -> tuple[list[dict[str, str]], list[tuple[str, str]]]:
    """A line for each filled cell, and the fields (of the cell, of its lot) that it stands in.

    Raises WrongUsage where nothing is filled in, or results stand in a row without a lot.
    """
    lines, fields = [], []
    for row in range(grid.rows):
        lot = grid.typed.get(f"lot-{row}", "")
        filled = [at for at in range(len(grid.columns)) if grid.typed.get(f"cell-{row}-{at}")]
        if filled and not lot:
            message = _("Row %(row)s holds results and names no lot.", row=row + 1)
            raise WrongUsage(message, where=f"lot-{row}", todo=_("Name the lot that they are of."))
        lines += [_line(grid, row, at, lot) for at in filled]
        fields += [(f"cell-{row}-{at}", f"lot-{row}") for at in filled]
    if not lines:
        raise WrongUsage(_("No result is filled in."), where="lot-0", todo=_("Type at least one."))
    return lines, fields


def _line(grid: Grid, row: int, at: int, lot: str) -> dict[str, str]:
    column = grid.columns[at]
    how = {name: grid.typed.get(f"how-{name}-{at}", "") for name, _asked in column.asks}
    value = grid.typed[f"cell-{row}-{at}"]
    about = {"stage": column.stage, "characteristic": column.characteristic, "unit": column.unit}
    return {"lot": lot, "value": value, **about, **how}


def _wrong(errors: Sequence[Mapping[str, Any]], fields: Sequence[tuple[str, str]]) -> dict[str, str]:
    """What is wrong by the field that it stands in: an error of the lot at the lot, any other at the cell."""
    wrong: dict[str, str] = {}
    for error in errors:
        at = (error["row"] or 0) - 2
        if 0 <= at < len(fields):
            cell, lot = fields[at]
            wrong.setdefault(lot if error["column"] == "lot" else cell, error["message"])
    return wrong

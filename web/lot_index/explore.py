"""Facets over all lots, for who asks how many: each choice narrows, every count is a link, all of it can be saved."""

from __future__ import annotations

from dataclasses import asdict

from flask import Blueprint, Response, jsonify, render_template, request

from registry.csv_text import csv_text
from registry.errors import WrongUsage
from registry.services.accounts import Permission
from registry.services.lot_index.facets import STATES, VERDICTS, Selection, selection
from web import answers, security
from web.access import allow, registry
from web.language import _, marked
from web.lot_index.month_columns import columns

pages = Blueprint("explore", __name__)
PAGE, MOST = 50, 100_000
FACETS = {
    "state": marked("State"),
    "verdict": marked("Evidence"),
    "criterion": marked("Not shown"),
    "product": marked("Product"),
    "disease": marked("Disease"),
    "cell_type": marked("Cell type"),
    "source": marked("Source"),
    "stage": marked("Stage"),
}
"""What a page calls each facet."""
COLUMNS = ("lot", "product", "state", "may_be_injected", "verdict", "until", "made", "short_of", "panels")


@pages.get("/explore")
@allow(Permission.EXPLORE)
def explore() -> Response:
    """The facets, the lots that are left, and how many were made each month."""
    chosen = _chosen()
    counting = registry().lot_index.counting(chosen)
    start = answers.whole("from", 0)
    lines = registry().lot_index.page(counting.wanted(), PAGE + 1, start)
    address = {name: value for name, value in asdict(chosen).items() if value}
    facets = counting.facets()
    return Response(
        render_template(
            "lot_index/explore.html",
            facets=facets,
            names={name: _(text) for name, text in FACETS.items()},
            chosen=address,
            lots=answers.plain(lines[:PAGE]),
            start=start,
            page=PAGE,
            more=len(lines) > PAGE,
            columns=columns(facets.months, address),
            called={name: registry().terms.name(address.get(name, "")) for name in ("disease", "cell_type", "source")},
            undated=facets.lots - sum(lots for _month, lots in facets.months),
            labels=registry().lot_index.labels(registry().lot_index.products()),
            stale=registry().lot_index.stale(),
        )
    )


def _chosen() -> Selection:
    """What the address chooses; raises WrongUsage for a state or verdict that there is none of: not 0 lots."""
    chosen = selection(request.args)
    for name, value, known in (("state", chosen.state, STATES), ("verdict", chosen.verdict, VERDICTS)):
        if value and value not in known:
            raise WrongUsage(_("There is no such choice."), where=name, expected=", ".join(known), found=value)
    return chosen


@pages.get("/explore/lots.<any(json,csv):form>")
@allow(Permission.EXPLORE)
def save(form: str) -> Response:
    """Every lot that is left, and the counts, to save."""
    counting = registry().lot_index.counting(_chosen())
    lines = answers.plain(registry().lot_index.page(counting.wanted(), MOST))
    if form == "json":
        return jsonify({"facets": counting.facets().as_dict(), "lots": lines})
    rows = [[_cell(line[name]) for name in COLUMNS] for line in lines]  # type: ignore[index]
    return security.download(csv_text([COLUMNS, *rows]).encode(), "lots.csv", "text/csv")


def _cell(value: object) -> object:
    return " ".join(value) if isinstance(value, list) else value

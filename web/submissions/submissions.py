"""What one has submitted, the newest first."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, render_template

from registry.services.accounts import Permission
from web import answers
from web.access import allow, me, registry
from web.language import marked
from web.tables import rows
from web.tables.entries import entries
from web.tables.table import Column, Filter, Table, asked

pages = Blueprint("submissions", __name__)
PAGE = 30
COLUMNS = (
    Column("lot", marked("Lot")),
    Column("state", marked("The lot now")),
    Column("position", marked("Time"), sorts=True, greatest_first=True),
    Column("summary", marked("What")),
    Column("files", marked("File")),
    Column("next", marked("What next")),
)
FILTERS = (Filter("lot", marked("Lot")),)
SAVED = ("position", "at", "lots", "summary", "record")


@pages.get("/submissions")
@pages.get("/submissions.<any(json,html,csv):suffix>")
@allow(Permission.SUBMIT)
def submissions(suffix: str = "") -> Response:
    """One's own submissions, the newest first; each lot's panel leads to its lot."""
    table = asked("submissions.submissions", COLUMNS, FILTERS, page=PAGE, turned_by="before")
    wanted = {"kind": "panel", "actor": me().name, "lot": table.chosen.get("lot", "")}
    lines, following = entries(table, wanted)
    if suffix == "csv":
        return rows.save("submissions", SAVED, lines)
    return answers.answer(
        answers.form_for(suffix, answers.PAGE_AND_DATA),
        data=lambda: {"submissions": lines},
        page=lambda: _page(table, lines, following),
    )


def _page(table: Table, lines: list[Any], following: int) -> str:
    lots = list(dict.fromkeys(lot for line in lines for lot in line["lots"]))
    return render_template(
        "submissions/submissions.html",
        table=table,
        lines=lines,
        states=registry().lot_index.states(lots),
        now=registry().submissions.panels_now(lots),
        next=following,
    )

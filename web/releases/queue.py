"""The quality unit's queue: lots that wait, what each lacks, and everything to look at before signing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, render_template

from registry.services import LotLine
from registry.services.accounts import Permission
from registry.services.lot_index.facets import VERDICTS
from registry.services.lot_index.remarks import Remarks
from registry.services.lot_index.table import WAITING, Asked
from registry.services.releases.queue import Lacking
from web import answers
from web.access import allow, me, registry
from web.language import marked
from web.releases.queue_row import condition_row, waiting_row
from web.tables import rows
from web.tables.table import Column, Filter, asked

pages = Blueprint("queue", __name__)
PAGE = 24
COLUMNS = (
    Column("lot", marked("Lot"), sorts=True),
    Column("verdict", marked("How it stands")),
    Column("why", marked("What it lacks")),
    Column("since", marked("Waits"), sorts=True),
    Column("decide", marked("To do")),
)
WITHOUT = marked("without results")
FILTERS = (
    Filter("q", marked("Part of a lot's identifier")),
    Filter("state", marked("State"), tuple((state, state) for state in WAITING)),
    Filter("verdict", marked("Evidence"), tuple((verdict, verdict) for verdict in VERDICTS)),
    Filter("product", marked("Product's identifier")),
    Filter("results", marked("Results"), ((WITHOUT, WITHOUT),)),
)
SAVED = ("lot", "product", "state", "verdict", "short_of", "panels", "since", "fails", "not_shown", "due", "otherwise")


@pages.get("/review")
@pages.get("/review.<any(json,html,csv):suffix>")
@allow(Permission.REVIEW)
def queue(suffix: str = "") -> Response:
    """Lots whose release no longer stands, then lots that nobody has decided on, what lacks nothing first.

    Before them stand the lots that were released on condition, what fails or is overdue first.
    """
    table, after = asked("queue.queue", COLUMNS, FILTERS, page=PAGE), answers.whole("conditions", 0)
    overview = registry().lot_index
    narrowed = {name: value for name, value in table.chosen.items() if name not in ("q", "results")}
    wanted = Asked(text=table.chosen.get("q", ""), sort=table.sort, descending=table.descending, **narrowed)
    results = table.chosen.get("results") != WITHOUT
    lines = overview.table.waiting(table.limit, table.start, results=results, asked=wanted)
    waits = overview.conditions(PAGE + 1, after)
    shown = list(table.shown(lines))
    lacks = registry().releases.queue([*shown, *waits[:PAGE]])
    if not table.sort:
        shown.sort(key=lambda line: _urgency(line, lacks[line.lot]))
    remarks = overview.remarks((line.lot, line.product) for line in shown)
    told = [_data(line, lacks[line.lot], remarks) for line in shown]
    if suffix == "csv":
        return rows.save("review", SAVED, [line | line["lacking"] for line in told])
    found_late, deviations = registry().administrations.waiting(me())
    return answers.answer(
        answers.form_for(suffix, answers.PAGE_AND_DATA),
        data=lambda: {
            "from": table.start,
            "lots": told,
            "conditions": answers.plain(waits[:PAGE]),
            "found_late": found_late,
            "deviations": deviations,
        },
        page=lambda: render_template(
            "releases/queue.html",
            table=table,
            more=table.more(lines),
            **_rows(shown, waits[:PAGE], lacks, remarks),
            page=PAGE,
            after=after,
            more_conditions=len(waits) > PAGE,
            found_late=found_late,
            deviations=deviations,
        ),
    )


def _rows(
    shown: Sequence[LotLine], waits: Sequence[LotLine], lacks: Mapping[str, Lacking], remarks: Mapping[str, Remarks]
) -> dict[str, object]:
    """A lapsed conditional release stands among the conditions alone."""
    overview = registry().lot_index
    labels = overview.labels(line.product for line in [*shown, *waits])
    waiting = [line for line in shown if not line.condition]
    return {
        "rows": [waiting_row(line, lacks[line.lot], labels, remarks.get(line.lot)) for line in waiting],
        "conditions": [condition_row(line, lacks[line.lot], labels, overview.now()) for line in waits],
    }


def _data(line: LotLine, lack: Lacking, remarks: Mapping[str, Remarks]) -> dict[str, Any]:
    beside = remarks.get(line.lot)
    return {
        **line.as_dict(),
        "lacking": lack.as_dict(),
        "out_of_trend": answers.plain(beside.out_of_trend) if beside else [],
        "at_limit": list(beside.at_limit) if beside else [],
    }


def _urgency(line: LotLine, lacks: Lacking) -> tuple[bool, bool, bool, bool, int, bool]:
    """What was released and no longer stands, then what can be signed, a full release before a conditional one.

    A lot without an expiry comes last of those with panels: no result that is sent changes that it cannot be released.
    """
    much = len(lacks.fails) + len(lacks.not_shown)
    return line.state != "suspended", not line.panels, not lacks.nothing, lacks.no_expiry, much, bool(lacks.due)

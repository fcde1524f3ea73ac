"""The quality unit's first page: lots that wait, what each lacks, and everything to look at before signing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, render_template, request

from registry.services.accounts import Permission
from registry.services.answers import LotLine
from registry.services.releases.queue import Lacking
from web import answers
from web.access import allow, me, registry

pages = Blueprint("queue", __name__)
PAGE = 24


@pages.get("/review")
@pages.get("/review.<any(json,html):suffix>")
@allow(Permission.REVIEW)
def queue(suffix: str = "") -> Response:
    """Lots whose release no longer stands, then lots that nobody has decided on, what lacks nothing first.

    Before them stand the lots that were released on condition, what fails or is overdue first.
    """
    form = answers.form_for(suffix, answers.PAGE_AND_DATA)
    start, after = answers.whole("from", 0), answers.whole("conditions", 0)
    overview = registry().lot_index
    lines, waits = overview.waiting(PAGE + 1, start), overview.conditions(PAGE + 1, after)
    lacks = registry().releases.queue([*lines[:PAGE], *waits[:PAGE]])
    shown = sorted(lines[:PAGE], key=lambda one: _urgency(one, lacks[one.lot]))
    return answers.answer(
        form,
        data=lambda: {
            "from": start,
            "lots": [{**one.as_dict(), "lacking": lacks[one.lot].as_dict()} for one in shown],
            "conditions": answers.plain(waits[:PAGE]),
        },
        page=lambda: render_template(
            "releases/queue.html",
            lots=shown,
            lacks=lacks,
            start=start,
            more=len(lines) > PAGE,
            page=PAGE,
            conditions=waits[:PAGE],
            after=after,
            more_conditions=len(waits) > PAGE,
            now=overview.now(),
            labels=overview.labels(line.product for line in [*shown, *waits]),
        ),
    )


def _urgency(line: LotLine, lacks: Lacking) -> tuple[bool, bool, bool, bool, int, bool]:
    """What was released and no longer stands, then what can be signed, a full release before a conditional one.

    A lot without an expiry comes last of those with panels: no result that is sent changes that it cannot be released.
    """
    much = len(lacks.fails) + len(lacks.not_shown)
    return line.state != "suspended", not line.panels, not lacks.nothing, lacks.no_expiry, much, bool(lacks.due)


@pages.get("/evidence/<path:lot>")
@allow(Permission.READ_EVIDENCE)
def evidence(lot: str) -> Response:
    """What was judged beside the rows it was read from, and what earlier lots of the product showed."""
    from web.lots import source

    thing = registry().lots.get(lot, viewer=me()).as_dict()
    used = {(item["source"]["file"], item["source"]["row"]) for item in thing["criteria"] if item["source"]}
    files: dict[str, list[Any]] = {}
    for panel in thing["panels"]:
        if panel["file"]:
            files.setdefault(panel["file"], []).append(panel)
    current_first = sorted(files.items(), key=lambda file: all(panel["withdrawn"] for panel in file[1]))
    return Response(
        render_template(
            "lots/evidence.html",
            lot=thing,
            files=[
                (table, panels)
                for digest, panels in current_first
                for table in source.tables(*registry().submissions.file(digest), thing["lot"], used, _gone(panels))
            ],
            earlier=registry().lot_index.earlier(thing["lot"]),
        )
    )


def _gone(panels: Sequence[Mapping[str, Any]]) -> set[tuple[str, int | None]]:
    """The rows of one file that only withdrawn panels were read from, each with its file or sheet."""
    rows: dict[bool, set[tuple[str, int | None]]] = {True: set(), False: set()}
    for panel in panels:
        rows[panel["withdrawn"] is not None] |= {
            (one["source"]["file"], one["source"]["row"]) for one in panel["results"]
        }
    return rows[True] - rows[False]


@pages.get("/trends/<path:product>")
@allow(Permission.READ_TRENDS)
def trends(product: str) -> Response:
    """A control chart of one criterion over the product's lots."""
    from web import charts

    name, suffix = answers.split(product)
    form = answers.form_for(suffix, answers.PAGE_AND_DATA)
    found = registry().lot_index.trend(name, request.args.get("criterion", ""))
    described, drawn = registry().products.get(name), found.as_dict() if found else None
    return answers.answer(
        form,
        data=lambda: {"product": described.id, "trend": drawn},
        page=lambda: render_template(
            "lot_index/trends.html",
            product=described.as_dict(),
            trend=drawn,
            lots=charts.in_order(drawn) if drawn else [],
            unseen=_unseen(drawn) if drawn else [],
            picture=charts.control(drawn) if drawn else "",
        ),
    )


def _unseen(trend: Mapping[str, Any]) -> list[str]:
    """Lots that show the same under another criterion and are not drawn, not even as recorded."""
    drawn = {one["lot"] for one in trend["recorded"]}
    return [lot for lot in trend["elsewhere"] if lot not in drawn]

"""What a lot was judged by, beside the rows it was read from, and what earlier lots of the product showed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, render_template

from registry.services.accounts import Permission
from web.access import allow, me, registry
from web.submissions import source

pages = Blueprint("evidence", __name__)


@pages.get("/evidence/<path:lot>")
@allow(Permission.READ_EVIDENCE)
def evidence(lot: str) -> Response:
    """What was judged beside the rows it was read from, and what earlier lots of the product showed."""
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
            (result["source"]["file"], result["source"]["row"]) for result in panel["results"]
        }
    return rows[True] - rows[False]

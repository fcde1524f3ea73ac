"""The first page: one box that finds a lot by id, part of an id, product or disease; and what waits for a decision."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, request, url_for

from registry.services.accounts import Permission, may
from registry.services.lot_index.lists import WAITING
from web import answers
from web.access import allow, me, registry
from web.lots import scanned_label

pages = Blueprint("find", __name__)
LIMIT = 50
CONTROLS = "".join(map(chr, (*range(33), 127)))
"""What scanners put before and after a code, and nobody sees: text of nothing else is no text."""


@pages.get("/")
@pages.get("/lots")
@pages.get("/lots.<any(json,html):suffix>")
@allow(Permission.READ)
def find(suffix: str = "") -> Response:
    """Lots that match ``q``; without it the newest ones. A lot's whole id, typed or scanned, leads to its page.

    An id that is only like what was typed is listed as ``alike``, and never opened: it may be another lot's. So is a
    lot of the same id as one whose page stands at another host. A label that is not this registry's, or states more
    than its lot, goes on to the page, which compares it; a program is told at once what it would read there.
    """
    text = request.args.get("q", "").strip().strip(CONTROLS).strip()
    form = answers.form_for(suffix, answers.PAGE_AND_DATA)
    overview = registry().lot_index
    scan = overview.scanned(text, request.host_url) if text else None
    lines = overview.find(text, LIMIT, request.host_url) if text else registry().lot_index.recent()
    alike = answers.plain(overview.alike(text, lines, LIMIT) if text else [])
    named = scan.lot if scan is not None and not scan.elsewhere else text
    exact = [line for line in lines if line.lot.casefold() == named.casefold()]
    if form == "html" and text and len(exact) == 1:
        label = {"label": text} if scan is not None and (scan.foreign or scan.expires) else {}
        return redirect(url_for("lots.lot", lot=exact[0].lot, **label), 303)  # type: ignore[return-value,arg-type]
    matches = answers.plain(lines)
    known = registry().lots.get(exact[0].lot, viewer=me()) if scan is not None and len(exact) == 1 else None
    waiting = registry().lot_index.waiting(LIMIT) if may(me(), Permission.REVIEW) and not text else []
    return answers.answer(
        form,
        data=lambda: {
            "query": text,
            "limit": LIMIT,
            "label": scanned_label.said(scan, known),
            "lots": matches,
            "alike": alike,
        },
        page=lambda: render_template(
            "lot_index/find.html",
            query=text,
            lots=matches,
            alike=alike,
            label=text if scan is not None and (scan.foreign or scan.expires) else None,
            label_says=scanned_label.warnings(known, scan) if scan is not None else [],
            limit=LIMIT,
            waiting=answers.plain(waiting),
            wait=_wait() if len(waiting) == LIMIT else len(waiting),
        ),
    )


def _wait() -> int:
    """How many product lots wait for the quality unit in all."""
    cells = registry().lot_index.cells()
    return sum(cell.lots for cell in cells if cell.kind == "product lot" and cell.state in WAITING)

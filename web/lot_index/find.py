"""Every lot as one table, and one box that finds a lot by id, part of an id, label, product or disease."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, redirect, render_template, request, url_for

from registry.errors import RegistryError
from registry.services import LotAnswer, LotLine
from registry.services.accounts import Permission
from registry.services.lot_index.facets import STATES, VERDICTS
from registry.services.lot_index.table import Asked
from registry.services.lots.scanned_label import Scan
from web import answers
from web.access import allow, me, registry
from web.language import marked
from web.lots import scanned_label
from web.tables import rows
from web.tables.table import Column, Filter, Table, asked
from web.vocabulary import KINDS

pages = Blueprint("find", __name__)
LIMIT = 50
CONTROLS = "".join(map(chr, (*range(33), 127)))
"""What scanners put before and after a code, and nobody sees: text of nothing else is no text."""
COLUMNS = (
    Column("lot", marked("Lot"), sorts=True),
    Column("may_be_injected", marked("May it be injected?")),
    Column("product", marked("Product"), sorts=True),
    Column("verdict", marked("Evidence")),
    Column("until", marked("Until"), sorts=True),
    Column("since", marked("Last entry"), sorts=True, greatest_first=True),
)
SAVED = ("lot", "kind", "product", "state", "may_be_injected", "verdict", "until", "made", "short_of", "since")
FILTERS = (
    Filter("q", marked("Lot, product or disease")),
    Filter("state", marked("State"), tuple((state, state) for state in STATES)),
    Filter("verdict", marked("Evidence"), tuple((verdict, verdict) for verdict in VERDICTS)),
    Filter("kind", marked("Kind"), tuple((kind, kind) for kind in KINDS)),
    Filter("product", marked("Product's identifier")),
)


@dataclass(frozen=True, slots=True)
class Match:
    """What was typed and what it leads to: lots that hold it, ``alike`` ones that are only like it, a label's scan.

    ``refusal`` is why an identifier of others opens no lot; nothing is listed then.
    """

    text: str
    lines: Sequence[LotLine]
    alike: Sequence[LotLine]
    scan: Scan | None
    refusal: RegistryError | None = None

    @property
    def label(self) -> str | None:
        """The label, where it says more than a lot's page can be opened by."""
        return self.text if self.scan is not None and (self.scan.foreign or self.scan.expires) else None

    @property
    def exact(self) -> list[LotLine]:
        """The lot of exactly this identifier, as typed or as on the label."""
        scanned = self.scan is not None and not self.scan.foreign
        named = self.scan.lot if scanned and self.scan is not None else self.text
        return [line for line in self.lines if line.lot.casefold() == named.casefold()]


@pages.get("/lots")
@pages.get("/lots.<any(json,html,csv):suffix>")
@allow(Permission.READ)
def find(suffix: str = "") -> Response:
    """Lots that match ``q``; without it all of them, the newest first. A lot's whole id leads to its page.

    An id that is only like what was typed is listed as ``alike``, and never opened: it may be another lot's. So is a
    lot of the same id as one whose page stands at another host. A label that is not this registry's, or states more
    than its lot, goes on to the page, which compares it; a program is told at once what it would read there.
    """
    table = asked("find.find", COLUMNS, FILTERS, page=LIMIT)
    match = lots_for(table)
    if suffix == "csv":
        return rows.save("lots", SAVED, answers.plain(match.lines))  # type: ignore[arg-type]
    form = answers.form_for(suffix, answers.PAGE_AND_DATA)
    if form == "html" and match.text and len(match.exact) == 1 and not table.is_asked:
        label = {"label": match.label} if match.label else {}
        return redirect(url_for("lots.lot", lot=match.exact[0].lot, **label), 303)  # type: ignore[return-value,arg-type]
    return answers.answer(form, data=lambda: _data(table, match), page=lambda: _page(table, match))


def lots_for(table: Table) -> Match:
    """What the address asks for; of a scanned label the lots that it names."""
    text = request.args.get("q", "").strip().strip(CONTROLS).strip()
    overview = registry().lot_index
    scan, refusal = scanned_label.read(text) if text else (None, None)
    if refusal is not None:
        return Match(text, [], [], None, refusal)
    if scan is not None and not scan.foreign:
        lines = overview.find(scan.lot, LIMIT)
    elif scan is not None:
        lines = overview.find(text, LIMIT, request.host_url)
    else:
        narrowed = {name: value for name, value in table.chosen.items() if name != "q"}
        wanted = Asked(text=text, sort=table.sort, descending=table.descending, **narrowed)
        lines = overview.table.page(wanted, table.limit, table.start)
    return Match(text, lines, overview.alike(text, lines, LIMIT) if text and not table.is_asked else [], scan)


def _data(table: Table, match: Match) -> dict[str, object]:
    return {
        "query": match.text,
        "limit": LIMIT,
        "label": scanned_label.said(match.scan, _known(match), match.refusal),
        "lots": answers.plain(table.shown(match.lines)),
        "alike": answers.plain(match.alike),
    }


def _page(table: Table, match: Match) -> str:
    warnings = scanned_label.warnings(_known(match), match.scan) if match.scan is not None else []
    return render_template(
        "lot_index/find.html",
        table=table,
        query=match.text,
        lots=answers.plain(table.shown(match.lines)),
        alike=answers.plain(match.alike),
        label=match.label,
        label_says=warnings,
        refusal=match.refusal,
        more=table.more(match.lines),
    )


def _known(match: Match) -> LotAnswer | None:
    """The one lot that a scanned label names."""
    return registry().lots.get(match.exact[0].lot, viewer=me()) if match.scan and len(match.exact) == 1 else None

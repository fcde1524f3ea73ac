"""The quality unit's first page: what can be decided on, what ends, what is out of trend, what waits to be signed."""

from __future__ import annotations

from flask import url_for

from registry.services import LotLine
from registry.services.lot_index.remarks import Remarks
from registry.services.lot_index.table import Asked
from web.access import me, registry
from web.chips import Chip
from web.homes.rows import Action, Row, Section, beneath
from web.language import _
from web.releases.queue_row import condition_row, remarked, waiting_row

FEW, LOOKED_AT = 6, 50
"""Rows of a part of the page; lots that wait whose trend is looked at."""


def quality(product: str) -> list[Section]:
    """Found late first, then what can be signed, and so on."""
    waiting = registry().lot_index.table.waiting(LOOKED_AT, asked=Asked(product=product))
    remarks = registry().lot_index.remarks((line.lot, line.product) for line in waiting)
    labels = registry().lot_index.labels(line.product for line in waiting)
    return [
        _found_late(), _to_decide(waiting[:FEW], product, labels, remarks), _conditions(product), _drafts(),
        Section("trend", _("Out of trend, among those that wait"), [
            Row(line.lot, url_for("lots.lot", lot=line.lot), (Chip("undetermined", _("out of trend")),),
                remarked(remarks[line.lot], labels), beneath=beneath(line), since=line.since,
                action=Action(_("Look at its chart"), _chart(line, remarks[line.lot].out_of_trend[0].criterion)))
            for line in waiting if line.lot in remarks and remarks[line.lot].out_of_trend
        ][:FEW]),
    ]  # fmt: skip


def _chart(line: LotLine, criterion: str) -> str:
    return url_for("trends.trends", product=line.product, criterion=criterion)


def _found_late() -> Section:
    late, deviations = registry().administrations.waiting(me())
    action = Action(_("Read, and answer"), url_for("findings.findings"), firm=True)
    rows = [
        Row(_("Found late about a lot that was given"), chips=(Chip("fail", _("to tell")),), action=action)
    ] * bool(late) + [
        Row(_("Given although something stood against it"), chips=(Chip("undetermined", _("to look at")),),
            action=action)
    ] * bool(deviations)  # fmt: skip
    return Section("late", _("Found late"), rows, late + deviations)


def _to_decide(lines: list[LotLine], product: str, labels: dict[str, str], remarks: dict[str, Remarks]) -> Section:
    lacks = registry().releases.queue(lines)
    ready = sorted(lines, key=lambda line: (line.state != "suspended", not lacks[line.lot].nothing))
    rows = [waiting_row(line, lacks[line.lot], labels, remarks.get(line.lot), in_full=False) for line in ready]
    every = Action(_("All that wait"), url_for("queue.queue", product=product or None))
    count = registry().lot_index.table.waits() if not product else None
    return Section("decide", _("To decide"), rows, count, every)


def _conditions(product: str) -> Section:
    overview = registry().lot_index
    lines = [line for line in overview.conditions(50) if not product or line.product == product]
    shown = lines[:FEW]
    lacks, labels = registry().releases.queue(shown), overview.labels(line.product for line in shown)
    rows = [condition_row(line, lacks[line.lot], labels, overview.now()) for line in shown]
    every = Action(_("All of them"), url_for("queue.queue", _anchor="on-condition"))
    return Section("conditions", _("Conditions that end"), rows, len(lines), every if len(lines) > FEW else None)


def _drafts() -> Section:
    """Drafts of specifications and mappings that somebody else made, and that wait for this member's signature."""
    rows = [
        Row(draft.title, url_for("specifications.specification", name=draft.id, version=draft.version),
            (Chip("missing", _("specification")),), (_("Drafted by %(name)s.", name=draft.drafted_by),),
            beneath=f"{draft.id} {draft.version}", since=draft.drafted_at,
            action=Action(_("Read it, and approve it"), url_for("specifications.specification", name=draft.id,
                                                                version=draft.version)))
        for draft in registry().specifications.waiting() if draft.drafted_by != me().name
    ] + [
        Row(draft.name, url_for("mappings.draft", position=draft.position), (Chip("missing", _("mapping")),),
            (_("Drafted by %(name)s.", name=draft.drafted_by),), since=draft.at,
            action=Action(_("Read it, and approve it"), url_for("mappings.draft", position=draft.position)))
        for draft in registry().mappings.drafts.waiting() if draft.drafted_by != me().name
    ]  # fmt: skip
    return Section("drafts", _("Drafts that wait for a second person"), rows[:FEW], len(rows))

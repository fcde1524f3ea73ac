"""The clinic's first page: one field, and what it has to know. The laboratory's: what it sent and what is missing."""

from __future__ import annotations

from flask import url_for

from registry.services import LotLine
from registry.services.homes.laboratory import Short, ShortLot
from registry.services.lot_index.table import Asked
from web.access import me, registry
from web.chips import Chip, of_line
from web.homes import memory
from web.homes.rows import Action, Row, Section, beneath
from web.language import _, several
from web.number_format import moment, signs
from web.vocabulary import said

FEW = 8


def clinic(_product: str) -> list[Section]:
    """To be told of, then what changed since it was looked up, what was looked up lately, and what ends soonest."""
    return [_to_tell(), *_looked(), _lasting()]


def _to_tell() -> Section:
    """Something was found late about what was given: somebody has to be told."""
    late, _deviations = registry().administrations.waiting(me())
    text = several("Found late about a lot that %(num)s recipient received.",
                   "Found late about lots that %(num)s recipients received.", late)  # fmt: skip
    action = Action(_("Read, and tell them"), url_for("findings.findings"), firm=True)
    rows = [Row(_("Found late"), chips=(Chip("fail", _("to tell")),), texts=(text,), action=action)] if late else []
    return Section("to-tell", _("To be told of"), rows, late)


def _looked() -> list[Section]:
    seen = {look.lot: look for look in memory.looked()}
    lines = registry().lot_index.table.named(list(seen))
    changed = [line for line in lines if line.state != seen[line.lot].state]
    rows = [
        Row(
            line.lot, url_for("lots.lot", lot=line.lot), (of_line(line.as_dict()),),
            (_("It was: %(state)s.", state=said(seen[line.lot].state)),) if line in changed else (),
            beneath=beneath(line), since=seen[line.lot].at,
            action=Action(_("Look it up again"), url_for("lots.lot", lot=line.lot), firm=line in changed),
        )
        for line in lines
    ]  # fmt: skip
    fresh = [row for row, line in zip(rows, lines, strict=True) if line in changed]
    same = [row for row in rows if row not in fresh]
    return [
        Section("changed", _("Changed since you looked it up"), fresh, len(fresh)),
        Section("looked", _("Looked up lately"), same, len(same)),
    ]


def _lasting() -> Section:
    lines = registry().lot_index.table.page(Asked(state="released", kind="product lot", sort="until"), FEW + 1)
    rows = [
        Row(line.lot, url_for("lots.lot", lot=line.lot), (of_line(line.as_dict()),),
            (_("Until %(time)s.", time=moment(line.until)),) if line.until else (),
            beneath=beneath(line), action=Action(_("Look it up"), url_for("lots.lot", lot=line.lot)))
        for line in lines[:FEW]
    ]  # fmt: skip
    whole = Action(_("All that may be injected"), url_for("find.find", state="released", sort="until"))
    return Section("ends", _("May be injected, what ends first"), rows, all=whole if len(lines) > FEW else None)


def laboratory(product: str) -> list[Section]:
    """What this account sent that does not pass, what has no results, what is due, what waits for others."""
    return [_short(product), _untested(product), _due(product), _waiting_for_acceptance(), _mappings()]


def _short(product: str) -> Section:
    short = registry().homes.short_of(me().name, 50)
    lots = [lot for lot in short if not product or lot.line.product == product]
    labels = registry().lot_index.labels(lot.line.product for lot in lots)
    rows = [
        Row(
            lot.line.lot, url_for("lots.lot", lot=lot.line.lot), (Chip(lot.line.verdict or "incomplete"),),
            why_short(lot, labels), beneath=beneath(lot.line), since=lot.line.since,
            action=Action(_("Retest a result"), url_for("retests.form", lot=lot.line.lot)),
        )
        for lot in lots[:FEW]
    ]  # fmt: skip
    return Section("short", _("Sent by you, and does not pass"), rows, len(lots))


def why_short(lot: ShortLot, labels: dict[str, str]) -> tuple[str, ...]:
    """A sentence for what fails and one for what is not shown, each criterion with what was observed."""

    def listed(shorts: list[Short]) -> str:
        parts = (f"{labels.get(each.criterion, each.criterion)} {signs(each.observed)}".strip() for each in shorts)
        return ", ".join(parts)

    fails = [each for each in lot.short if each.verdict == "fail"]
    others = [each for each in lot.short if each.verdict != "fail"]
    texts = (_("Fails: %(criteria)s.", criteria=listed(fails)) if fails else "",
             _("Not shown: %(criteria)s.", criteria=listed(others)) if others else "")  # fmt: skip
    return tuple(text for text in texts if text)


def _untested(product: str) -> Section:
    table, wanted = registry().lot_index.table, Asked(product=product)
    lines = table.waiting(FEW, results=False, asked=wanted)
    rows = [
        Row(line.lot, url_for("lots.lot", lot=line.lot), (Chip("missing", _("no results")),), beneath=beneath(line),
            since=line.since, action=Action(_("Submit results"), url_for("submit.form")))
        for line in lines
    ]  # fmt: skip
    return Section("untested", _("Registered, without results"), rows, table.waits(results=False) if rows else 0)


def _due(product: str) -> Section:
    lines = [line for line in registry().lot_index.conditions(50) if line.condition and line.condition.due]
    lines = [line for line in lines if not product or line.product == product]
    labels = registry().lot_index.labels(line.product for line in lines)
    rows = [
        Row(line.lot, url_for("lots.lot", lot=line.lot), (_due_chip(line),),
            (_("Due by %(time)s: %(criteria)s.", time=moment(line.condition.complete_by),
               criteria=", ".join(labels.get(id, id) for id in line.condition.due)),),
            beneath=beneath(line), action=Action(_("Submit results"), url_for("submit.form"), firm=True))
        for line in lines[:FEW] if line.condition
    ]  # fmt: skip
    return Section("due", _("Tests that are due"), rows, len(lines))


def _due_chip(line: LotLine) -> Chip:
    late = line.condition is not None and line.condition.complete_by <= registry().lot_index.now()
    return Chip("suspended", _("overdue")) if late else Chip("missing", _("waits"))


def _waiting_for_acceptance() -> Section:
    """Retests and corrections among the newest panels of this account that nobody has accepted yet."""
    trail = registry().upkeep.inspection.trail(20, kind="panel", actor=me().name)
    panels = registry().submissions.panels_now(list(dict.fromkeys(lot for line in trail for lot in line.lots)))
    rows = [
        Row(line.lots[0], url_for("lots.lot", lot=line.lots[0]), (Chip("undetermined", _("waits to be accepted")),),
            (several("%(num)s retest or correction, which the quality unit accepts or leaves.",
                     "%(num)s retests or corrections, which the quality unit accepts or leaves.",
                     panels[line.position].waits),),
            since=line.at, action=Action(_("Look at it"), url_for("lots.lot", lot=line.lots[0])))
        for line in trail if line.position in panels and panels[line.position].waits
    ]  # fmt: skip
    return Section("retests", _("Retests and corrections of yours"), rows, len(rows))


def _mappings() -> Section:
    rows = [
        Row(draft.name, url_for("mappings.draft", position=draft.position),
            (Chip("missing", _("waits")) if draft.state == "waits" else Chip("fail", _("declined")),),
            english=(draft.reason,) if draft.reason else (), since=draft.at,
            action=Action(_("Look at it"), url_for("mappings.draft", position=draft.position)))
        for draft in registry().homes.drafted(me().name, FEW)
    ]  # fmt: skip
    return Section("mappings", _("Mappings of yours"), rows, len(rows))

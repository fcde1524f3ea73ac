"""Line, bank, lot, container, what was given: one picture of a trace. The list beneath it says all of it in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for
from markupsafe import Markup

from web.language import _, several
from web.lots.lineage import Node, below, picture
from web.vocabulary import said

SHOWN = 16
"""Lots that are drawn of a bank or line; those of which something was given come first."""
_AWAY = ("reserved", "returned", "destroyed", "retained")


def draw(trace: Mapping[str, Any]) -> Markup:
    """The picture; empty where there is nothing but what was asked for."""
    nodes: list[Node] = []
    rows: dict[str, int] = {}
    things, more = _drawn(trace["things"])
    for thing in things:
        parents = tuple(rows[origin] for origin in thing["derived_from"] if origin in rows)
        here = thing["direction"] == "asked"
        address = "" if here else url_for("lots.lot", lot=thing["id"])
        nodes.append(Node(thing["id"], thing["kind"], thing["state"], below(nodes, parents), parents, here, address))
        rows[thing["id"]] = len(nodes) - 1
        if thing["direction"] != "back":
            _containers(nodes, thing)
    if more:
        words = several("and %(num)s more lot", "and %(num)s more lots", more)
        nodes.append(Node("", words, "", max(node.depth for node in nodes) if nodes else 0))
    return picture(nodes, _("From the line to what was given, the oldest first"))


def _drawn(things: list[Mapping[str, Any]]) -> tuple[list[Mapping[str, Any]], int]:
    """What is drawn, in its order, and how many product lots are left out."""
    lots = [thing for thing in things if thing["direction"] == "forward" and thing["kind"] == "product lot"]
    chosen = sorted(lots, key=lambda thing: not thing["administrations"])[:SHOWN]
    names = {thing["id"] for thing in chosen}
    drawn = [thing for thing in things if thing["id"] in names or thing not in lots]
    return drawn, len(lots) - len(chosen)


def _containers(nodes: list[Node], thing: Mapping[str, Any]) -> None:
    """A row for each container that was given, with what was given beneath it, and one for all others."""
    lot, depth = len(nodes) - 1, nodes[-1].depth
    for given in thing["administrations"]:
        numbers = ", ".join(map(str, given["containers"]))
        many = len(given["containers"])
        name = several("container %(numbers)s", "containers %(numbers)s", many, numbers=numbers)
        nodes.append(Node(name, said("administered"), "", depth + 1, (lot,)))
        about = [str(given["at"])[:10], _("arm %(arm)s", arm=given["arm"]), given["recipient"] or ""]
        address = url_for("administrations.administration", key=given["administration"])
        words, above = ", ".join(filter(None, about)), (len(nodes) - 1,)
        nodes.append(Node(given["administration"], words, "", depth + 2, above, address=address))
    balance = thing["balance"]
    if balance is None or balance["made"] is None:
        return
    away = [_("%(count)s %(state)s", count=balance[state], state=said(state)) for state in _AWAY if balance[state]]
    rest = ", ".join([_("%(count)s in stock", count=balance["in_stock"]), *away])
    nodes.append(Node("", _("Containers: %(rest)s", rest=rest), "", depth + 1, (lot,)))

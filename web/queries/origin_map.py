"""The map of origin of an answer's lots: every donor, line, bank and lot above them once, the oldest first.

origin_map.of(("H-01", "H-02"))     the picture; a bank that both come from stands in it once

It is drawn from the ledger's own derivations, each with its state as the lots' pages say it; nothing is asked for
elsewhere. A name that no lot is registered under is drawn as what it is: not registered.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from flask import url_for
from markupsafe import Markup

from web.access import registry
from web.language import _
from web.lots.lineage import UNKNOWN, Node, below, picture

if TYPE_CHECKING:
    from registry.services import Origin

MOST = 40
"""Lots whose origin is drawn: each is looked up in the ledger, and more of them no eye tells apart."""


def of(lots: Sequence[str]) -> Markup:
    """The picture of the first ``MOST`` of these lots and of all that they derive from."""
    nodes, places = list[Node](), dict[str, int]()
    known = {lot: registry().lots.registered(lot) for lot in lots[:MOST]}
    states = registry().lot_index.states([spelled for spelled in known.values() if spelled is not None])
    for lot, spelled in known.items():
        if spelled is None:
            _add(nodes, places, lot, "", UNKNOWN, ())
        elif spelled.casefold() not in places:
            kind, origins = registry().lots.origin(spelled)
            parents = tuple(_place(nodes, places, origin) for origin in origins)
            _add(nodes, places, spelled, kind, states.get(spelled, ""), parents)
    return picture(nodes, _("What the lots of this answer derive from, the oldest first"))


def _place(nodes: list[Node], places: dict[str, int], origin: Origin) -> int:
    """Add an origin after all that it derives from, once, and answer where it stands."""
    if origin.lot.casefold() in places:
        return places[origin.lot.casefold()]
    parents = tuple(_place(nodes, places, older) for older in origin.derived_from)
    return _add(nodes, places, origin.lot, origin.kind, origin.state, parents)


def _add(nodes: list[Node], places: dict[str, int], lot: str, kind: str, state: str, parents: tuple[int, ...]) -> int:
    address = url_for("lots.lot", lot=lot) if state != UNKNOWN else ""
    nodes.append(Node(lot, kind, state, below(nodes, parents), parents, address=address))
    places[lot.casefold()] = len(nodes) - 1
    return len(nodes) - 1

"""The map of origin of an answer's lots: every donor, line, bank and lot above them once, the oldest first.

origin_map.of(("H-01", "H-02"))     the picture; a bank that both come from stands in it once

It is drawn from the ledger's own derivations, each with its state as the lots' pages say it; nothing is asked for
elsewhere. A name that no lot is registered under is drawn as what it is: not registered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
    things = dict[str, _Thing]()
    known = {lot: registry().lots.registered(lot) for lot in lots[:MOST]}
    states = registry().lot_index.states([spelled for spelled in known.values() if spelled is not None])
    for lot, spelled in known.items():
        if spelled is None:
            things.setdefault(lot.casefold(), _Thing(lot, "", UNKNOWN, ()))
            continue
        kind, origins = registry().lots.origin(spelled)
        _keep(things, _Thing(spelled, kind, states.get(spelled, ""), tuple(_gather(things, each) for each in origins)))
    return picture(_arranged(things), _("What the lots of this answer derive from, the oldest first"))


@dataclass(frozen=True, slots=True)
class _Thing:
    """A lot or an origin, and the keys of what it derives from."""

    name: str
    kind: str
    state: str
    parents: tuple[str, ...]


def _gather(things: dict[str, _Thing], origin: Origin) -> str:
    """Keep an origin and all above it; answers its key."""
    parents = tuple(_gather(things, older) for older in origin.derived_from)
    return _keep(things, _Thing(origin.lot, origin.kind, origin.state, parents))


def _keep(things: dict[str, _Thing], thing: _Thing) -> str:
    things.setdefault(thing.name.casefold(), thing)
    return thing.name.casefold()


def _arranged(things: Mapping[str, _Thing]) -> list[Node]:
    """Each thing beneath the last of what it derives from, so that a family stands together."""
    children: dict[str, list[str]] = {key: [] for key in things}
    for key, thing in things.items():
        for parent in thing.parents:
            children[parent].append(key)
    nodes, places = list[Node](), dict[str, int]()
    waiting = [key for key in reversed(list(things)) if not things[key].parents]
    while waiting:
        key = waiting.pop()
        thing = things[key]
        if key in places or not places.keys() >= set(thing.parents):
            continue
        places[key] = len(nodes)
        nodes.append(_node(thing, nodes, tuple(places[parent] for parent in thing.parents)))
        waiting += reversed(children[key])
    return nodes


def _node(thing: _Thing, nodes: Sequence[Node], parents: tuple[int, ...]) -> Node:
    address = url_for("lots.lot", lot=thing.name) if thing.state != UNKNOWN else ""
    return Node(thing.name, thing.kind, thing.state, below(nodes, parents), parents, address=address)

"""What a lot derives from, and what was made of it, as a picture: the oldest at the top, an elbow for each step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from flask import url_for
from markupsafe import Markup

from web.language import _, marked, several
from web.vocabulary import STATES, said

STEP, ROW, SHOWN = 24, 48, 12
"""Pixels a generation is set in, pixels a lot takes, and the number of descendants drawn."""
NAME, ABOUT = 10.0, 7.2
"""Pixels of a letter of a lot's name, and of what stands beneath it."""
STOP = Markup('<path class="stop" d="M-5-5 5 5M5-5-5 5"/>')
UNKNOWN = marked("not registered")
SAID = {
    "hold": marked("on hold"),
    "rejection": marked("rejected"),
    "recall": marked("recalled"),
    UNKNOWN: UNKNOWN,
}
STOPPED = {*SAID, *SAID.values(), "expired", "suspended"}


@dataclass(frozen=True)
class Node:
    """One thing of the picture: where it stands, and the rows of what it was made of.

    ``address`` is where its name leads; of what is asked about, and of what has no page, there is none.
    """

    name: str
    kind: str
    state: str
    depth: int
    parents: tuple[int, ...] = ()
    here: bool = False
    address: str = ""


def draw(lot: Mapping[str, Any], states: Mapping[str, str]) -> Markup:
    """The picture; empty for a lot that derives from nothing known and of which nothing was made.

    ``states`` are of the lots that were made of it, by identifier; of one that is not among them none is said.
    """
    title = _("What %(lot)s derives from and what was made of it, the oldest first", lot=lot["lot"])
    return picture(_nodes(lot, states), title)


def picture(nodes: Sequence[Node], title: str) -> Markup:
    """These things in their order, each a row, with an elbow from whatever it was made of; empty for fewer than two."""
    if len(nodes) < 2:
        return Markup("")
    lines = Markup("").join(
        _edge(nodes[parent], parent, node, row) for row, node in enumerate(nodes) for parent in node.parents
    )
    marks = Markup("").join(_node(node, row) for row, node in enumerate(nodes))
    return Markup(
        '<svg class="lineage" role="group" aria-labelledby="lineage-name" width="{width}" height="{height}">'
        '<title id="lineage-name">{title}</title>{lines}{marks}</svg>'
    ).format(
        width=max(map(_width, nodes)),
        height=len(nodes) * ROW + 8,
        title=title,
        lines=lines,
        marks=marks,
    )


def _nodes(lot: Mapping[str, Any], states: Mapping[str, str]) -> list[Node]:
    """Ancestors before the lots made of them, each once however many ways lead to it; the lot; what was made of it."""
    nodes: list[Node] = []
    known: dict[str, int] = {}

    def add(ancestor: Mapping[str, Any]) -> int:
        key = ancestor["lot"].casefold()
        if key not in known:
            parents = tuple(add(older) for older in ancestor.get("derived_from", ()))
            nodes.append(
                Node(ancestor["lot"], ancestor["kind"], ancestor["state"], below(nodes, parents), parents,
                     address=_page(ancestor["lot"]))
            )  # fmt: skip
            known[key] = len(nodes) - 1
        return known[key]

    parents = tuple(add(ancestor) for ancestor in lot["derived_from"])
    depth = below(nodes, parents)
    nodes.append(Node(lot["lot"], lot["kind"], lot["answer"]["state"], depth, parents, here=True))
    own = len(nodes) - 1
    made = list(lot["descendants"])
    nodes += [
        Node(name, _("made from it"), states.get(name, ""), depth + 1, (own,), address=_page(name))
        for name in made[:SHOWN]
    ]
    if len(made) > SHOWN:
        nodes.append(Node("", _("and %(number)s more", number=len(made) - SHOWN), "", depth + 1, (own,)))
    if lot["containers"]:
        held = several("%(num)s container", "%(num)s containers", lot["containers"])
        nodes.append(Node("", held, "", depth + 1, (own,)))
    return nodes


def _page(lot: str) -> str:
    return url_for("lots.lot", lot=lot)


def below(nodes: Sequence[Node], parents: tuple[int, ...]) -> int:
    """One generation beneath the youngest parent."""
    return max((nodes[parent].depth + 1 for parent in parents), default=0)


def _edge(parent: Node, above: int, node: Node, row: int) -> Markup:
    x, end = parent.depth * STEP + 9, node.depth * STEP + 9
    path = f"M{x} {_middle(above) + 9}V{_middle(row)}H{end - 9}"
    return Markup('<path class="edge" d="{path}"/>').format(path=path)


def _middle(row: int) -> int:
    return row * ROW + ROW // 2


def _width(node: Node) -> int:
    """Pixels that its words are sure to fit in: where the page is narrower, the picture scrolls."""
    return node.depth * STEP + 27 + ceil(max(NAME * len(node.name), ABOUT * len(_about(node))))


def _about(node: Node) -> str:
    """What stands beneath its name: its kind, and its state, but for an origin that is in order."""
    state = _(SAID[node.state]) if node.state in SAID else said(node.state) if node.state in STATES else ""
    return ", ".join(word for word in (said(node.kind), state) if word)


def _node(node: Node, row: int) -> Markup:
    x, y = node.depth * STEP + 9, _middle(row)
    stopped = node.state in STOPPED
    shape = STOP if stopped else Markup("")
    about = Markup('<tspan class="kind" x="{x}" y="{y}">{words}</tspan>').format(
        x=x + 18, y=y + 17 if node.name else y + 5, words=_about(node)
    )
    name = Markup('<tspan class="name" x="{x}" y="{y}">{lot}</tspan> ').format(x=x + 18, y=y - 1, lot=node.name)
    text = Markup("<text>{name}{about}</text>").format(name=name if node.name else "", about=about)
    if node.address:
        text = Markup('<a href="{href}">{text}</a>').format(href=node.address, text=text)
    return Markup('<g class="{kind}"><svg class="mark" x="{x}" y="{y}"><circle r="8"/>{shape}</svg>{text}</g>').format(
        kind="stopped" if stopped else "here" if node.here else "lot", x=x, y=y, shape=shape, text=text
    )

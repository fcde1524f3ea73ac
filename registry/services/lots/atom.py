"""What may have changed the state of lots as an Atom feed (RFC 4287): English, for programs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree

from registry.services.lots.changes import Change

ATOM = "http://www.w3.org/2005/Atom"
MEDIA = "application/atom+xml"
NOT_A_RELEASE = "The state is that of the time of reading; whether a lot may be injected, its own page answers."


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the feed stands, where what is older stands (empty: nowhere), and the page of a lot."""

    base: str
    here: str
    older: str
    page: Callable[[str], str]


def atom(changes: Sequence[Change], states: Mapping[str, str], at: Addresses) -> bytes:
    """The feed of ``changes`` as XML, each with the state that its lots have in ``states``."""
    ElementTree.register_namespace("", ATOM)
    root = ElementTree.Element(f"{{{ATOM}}}feed")
    _text(root, "id", f"{at.base}feed")
    _text(root, "title", "Cell product registry: states of lots")
    _text(root, "subtitle", NOT_A_RELEASE)
    _text(root, "updated", changes[0].as_dict()["at"] if changes else "1970-01-01T00:00:00Z")
    _text(ElementTree.SubElement(root, f"{{{ATOM}}}author"), "name", "Cell product registry")
    _link(root, "self", at.here, MEDIA)
    if at.older:
        _link(root, "next", at.older, MEDIA)
    for change in changes:
        _entry(root, change, states, at)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


def _entry(root: ElementTree.Element, change: Change, states: Mapping[str, str], at: Addresses) -> None:
    entry = ElementTree.SubElement(root, f"{{{ATOM}}}entry")
    named = f"{', '.join(change.lots[:3])}{' and others' if len(change.lots) > 3 else ''}" or "no lot"
    _text(entry, "id", f"{at.base}ledger/{change.position}")
    _text(entry, "title", f"{change.kind}: {named}")
    _text(entry, "updated", change.as_dict()["at"])
    for lot in change.lots:
        _link(entry, "alternate" if lot == change.lots[0] else "related", at.page(lot), "text/html", lot)
        ElementTree.SubElement(entry, f"{{{ATOM}}}category", term=states.get(lot, ""), label=lot)
    lines = [f"{lot}: {states[lot]}" if lot in states else f"{lot}: no stop on record" for lot in change.lots]
    if change.more:
        lines.append(f"and {change.more} more lots made of these or of their product")
    _text(entry, "summary", "; ".join(lines) or "no lot")


def _text(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, f"{{{ATOM}}}{name}").text = text


def _link(parent: ElementTree.Element, rel: str, href: str, media_type: str, title: str = "") -> None:
    link = ElementTree.SubElement(parent, f"{{{ATOM}}}link", rel=rel, href=href, type=media_type)
    if title:
        link.set("title", title)

"""What was entered that may have changed the state of lots, as an Atom feed: who reads one need not ask lot by lot.

GET /feed.atom
GET /feed.atom?before=41     what is older (RFC 5005, section 3)

Source: RFC 4287. It says no recipient and no reason, and is no release: each lot's address answers whether it may be
injected. Always English, for programs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from flask import Blueprint, Response, request, url_for

from registry.services.accounts import Permission
from web import answers
from web.access import allow, registry

if TYPE_CHECKING:
    from registry.services import Change

pages = Blueprint("feed", __name__)
ATOM = "http://www.w3.org/2005/Atom"
MEDIA = "application/atom+xml"
MOST = 50
"""Entries of one answer."""
NOT_A_RELEASE = "The state is that of the time of reading; whether a lot may be injected, its own page answers."


@pages.get("/feed.atom")
@allow(Permission.READ)
def feed() -> Response:
    """The newest fifty entries, or those before a position; 304 for whoever holds an answer that says the same."""
    changes = registry().lots.changes(MOST, answers.whole("before", 0) or None)
    states = registry().lot_index.states(sorted({lot for change in changes for lot in change.lots}))
    body = _written(changes, states)
    response = Response(body, mimetype=MEDIA)
    response.set_etag(sha256(body).hexdigest()[:32])
    response.headers["Cache-Control"] = "private, no-cache"
    return response.make_conditional(request)  # type: ignore[return-value]


def _written(changes: Sequence[Change], states: Mapping[str, str]) -> bytes:
    ElementTree.register_namespace("", ATOM)
    root = ElementTree.Element(f"{{{ATOM}}}feed")
    _text(root, "id", f"{registry().base}feed")
    _text(root, "title", "Cell product registry: states of lots")
    _text(root, "subtitle", NOT_A_RELEASE)
    _text(root, "updated", changes[0].as_dict()["at"] if changes else "1970-01-01T00:00:00Z")
    _text(ElementTree.SubElement(root, f"{{{ATOM}}}author"), "name", "Cell product registry")
    _link(root, "self", request.url, MEDIA)
    if len(changes) == MOST:
        _link(root, "next", url_for("feed.feed", before=changes[-1].position, _external=True), MEDIA)
    for change in changes:
        _entry(root, change, states)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def _entry(root: ElementTree.Element, change: Change, states: Mapping[str, str]) -> None:
    entry = ElementTree.SubElement(root, f"{{{ATOM}}}entry")
    named = f"{', '.join(change.lots[:3])}{' and others' if len(change.lots) > 3 else ''}" or "no lot"
    _text(entry, "id", f"{registry().base}ledger/{change.position}")
    _text(entry, "title", f"{change.kind}: {named}")
    _text(entry, "updated", change.as_dict()["at"])
    for lot in change.lots:
        _link(entry, "alternate" if lot == change.lots[0] else "related", _page(lot), "text/html", lot)
        ElementTree.SubElement(entry, f"{{{ATOM}}}category", term=states.get(lot, ""), label=lot)
    lines = [f"{lot}: {states[lot]}" if lot in states else f"{lot}: no stop on record" for lot in change.lots]
    if change.more:
        lines.append(f"and {change.more} more lots made of these or of their product")
    _text(entry, "summary", "; ".join(lines) or "no lot")


def _page(lot: str) -> str:
    return url_for("lots.lot", lot=lot, _external=True)


def _text(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, f"{{{ATOM}}}{name}").text = text


def _link(parent: ElementTree.Element, rel: str, href: str, media_type: str, title: str = "") -> None:
    link = ElementTree.SubElement(parent, f"{{{ATOM}}}link", rel=rel, href=href, type=media_type)
    if title:
        link.set("title", title)

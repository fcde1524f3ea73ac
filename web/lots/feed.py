"""What was entered that may have changed the state of lots, as an Atom feed: who reads one need not ask lot by lot.

GET /feed.atom
GET /feed.atom?before=41     what is older (RFC 5005, section 3)

Source: RFC 4287. It says no recipient and no reason, and is no release: each lot's address answers whether it may be
injected. Always English, for programs.
"""

from __future__ import annotations

from hashlib import sha256

from flask import Blueprint, Response, request, url_for

from registry.services import Addresses, atom
from registry.services.accounts import Permission
from web import answers
from web.access import allow, registry

pages = Blueprint("feed", __name__)
MOST = 50
"""Entries of one answer."""


@pages.get("/feed.atom")
@allow(Permission.READ)
def feed() -> Response:
    """The newest fifty entries, or those before a position; 304 for whoever holds an answer that says the same."""
    changes = registry().lots.changes(MOST, answers.whole("before", 0) or None)
    states = registry().lot_index.states(sorted({lot for change in changes for lot in change.lots}))
    older = url_for("feed.feed", before=changes[-1].position, _external=True) if len(changes) == MOST else ""
    body = atom(changes, states, Addresses(registry().base, request.url, older, _page))
    response = Response(body, mimetype="application/atom+xml")
    response.set_etag(sha256(body).hexdigest()[:32])
    response.headers["Cache-Control"] = ", ".join(("private", "no-cache"))
    return response.make_conditional(request)  # type: ignore[return-value]


def _page(lot: str) -> str:
    return url_for("lots.lot", lot=lot, _external=True)

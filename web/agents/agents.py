"""The Model Context Protocol over HTTP: one message a request, answered as JSON; stateless, read-only.

POST /mcp   Authorization: Bearer …   {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}

Source: modelcontextprotocol.io, specification 2026-07-28, "Transports", Streamable HTTP. It asks for a token: a page
of another site has none (a cookie's request needs the form's token besides), so none asks
through a reader's browser.
"""

from __future__ import annotations

from flask import Blueprint, Response, current_app, jsonify, request

from registry.services.accounts import Permission
from registry.services.agents.protocol import answer
from registry.services.agents.tools import Tools
from web.access import allow, me, registry

pages = Blueprint("agents", __name__)


@pages.post("/mcp")
@allow(Permission.QUERY)
def mcp() -> Response:
    """The answer to one message; 202 without a body to a notification."""
    current_app.config["QUERY_RATES"].count(me().name)
    told = answer(request.get_data(), Tools(registry(), me(), request.url_root))
    return Response(status=202) if told is None else jsonify(told)

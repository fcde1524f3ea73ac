"""The Model Context Protocol, as far as a read-only server of tools needs it: a message in, its answer out.

answer(b'{"jsonrpc": "2.0", "id": 1, "method": "tools/list"}', tools)   {"jsonrpc": "2.0", "id": 1, "result": {…}}

Stateless: nothing is kept between messages, so ``tools/list`` needs no ``initialize`` (revision 2026-07-28), and
whoever begins with the older handshake gets it (2024-11-05 to 2025-11-25). JSON-RPC 2.0; source:
modelcontextprotocol.io, specification 2026-07-28, "Base protocol" and "Tools".
"""

from __future__ import annotations

import json
from typing import Any

from registry import __version__
from registry.errors import RegistryError
from registry.services.agents.tools import TOOLS, Tools

STATELESS = "2026-07-28"
HANDSHAKES = ("2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05")
MOST = 1_000_000
"""Bytes of one message."""
INSTRUCTIONS = (
    "Call `guide` first, and read it: it names the traps. Prefer `ask` to SPARQL of your own. Quote the ledger size "
    "with every figure. Whether a lot may be injected is not yours to conclude: quote the sentence that `describe` "
    "gives of the lot, with its time and its address."
)
_VERSION = "io.modelcontextprotocol/protocolVersion"
_PARSE, _REQUEST, _METHOD, _PARAMS, _UNSUPPORTED = -32700, -32600, -32601, -32602, -32022
_FRESH = {"ttlMs": 0, "cacheScope": "private"}
Message = dict[str, Any]


def answer(data: bytes, tools: Tools) -> Message | None:
    """What is answered to one message; None to a notification, which asks for no answer. It never raises."""
    if len(data) > MOST:
        return _error(None, _REQUEST, f"The message is too long: at most {MOST:,} bytes.")
    try:
        message = json.loads(data)
    except (ValueError, RecursionError):
        return _error(None, _PARSE, "The message is not JSON.")
    if not isinstance(message, dict) or message.get("jsonrpc") != "2.0" or not isinstance(message.get("method"), str):
        return _error(None, _REQUEST, "The message is no request of JSON-RPC 2.0; one message is read at a time.")
    identifier = message.get("id")
    if identifier is None:
        return None
    if isinstance(identifier, bool) or not isinstance(identifier, str | int):
        return _error(None, _REQUEST, "The id of a request is a text or a whole number.")
    params = message.get("params", {})
    if not isinstance(params, dict):
        return _error(identifier, _PARAMS, "The parameters of a request are named.")
    return _answered(identifier, message["method"], params, tools)


def _answered(identifier: str | int, method: str, params: Message, tools: Tools) -> Message:
    meta = params.get("_meta")
    asked = meta.get(_VERSION) if isinstance(meta, dict) else None
    if asked is not None and asked != STATELESS:
        supported = {"supported": [STATELESS, *HANDSHAKES], "requested": str(asked)}
        return _error(identifier, _UNSUPPORTED, "This revision of the protocol is not spoken here.", supported)
    match method:
        case "initialize":
            wanted = params.get("protocolVersion")
            version = wanted if wanted in HANDSHAKES else HANDSHAKES[0]
            return _result(identifier, {"protocolVersion": version, **_about()})
        case "server/discover":
            return _result(identifier, {"supportedVersions": [STATELESS, *HANDSHAKES], **_about(), **_FRESH})
        case "ping":
            return _result(identifier, {})
        case "tools/list":
            return _result(identifier, {"tools": list(TOOLS), **_FRESH})
        case "tools/call":
            return _called(identifier, params, tools)
    return _error(identifier, _METHOD, "There is no such method here; there are tools and nothing else.")


def _about() -> Message:
    server = {"name": "cell-product-registry", "title": "Cell product registry", "version": __version__}
    return {"capabilities": {"tools": {"listChanged": False}}, "serverInfo": server, "instructions": INSTRUCTIONS}


def _called(identifier: str | int, params: Message, tools: Tools) -> Message:
    """A tool's answer, or the registry's refusal as one: a model reads it and asks better."""
    name, arguments = params.get("name"), params.get("arguments") or {}
    if not isinstance(name, str) or not isinstance(arguments, dict):
        return _error(identifier, _PARAMS, "A tool is called by its name, with named arguments.")
    if name not in {tool["name"] for tool in TOOLS}:
        names = ", ".join(tool["name"] for tool in TOOLS)
        return _error(identifier, _PARAMS, f"There is no such tool; there are {names}.")
    try:
        told, failed = tools.call(name, arguments), False
    except RegistryError as error:
        told, failed = {"error": error.as_dict()}, True
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    content = [{"type": "text", "text": text}]
    return _result(identifier, {"content": content, "structuredContent": told, "isError": failed})


def _result(identifier: str | int, result: Message) -> Message:
    return {"jsonrpc": "2.0", "id": identifier, "result": {"resultType": "complete", **result}}


def _error(identifier: str | int | None, code: int, message: str, data: Any = None) -> Message:
    error = {"code": code, "message": message, **({"data": data} if data is not None else {})}
    return {"jsonrpc": "2.0", "id": identifier, "error": error}

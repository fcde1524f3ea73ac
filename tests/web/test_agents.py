"""What a language model may ask: five read-only tools, whole answers, and never a conclusion of its own."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from registry.services.agents.guide import guide
from registry.services.agents.protocol import HANDSHAKES, INSTRUCTIONS, STATELESS, answer
from registry.services.agents.tools import MOST_ROWS, NOT_CONCLUDED, TOOLS, Tools
from tests.people import account_of
from tests.web.conftest import Site

NAMES = ["guide", "ask", "query", "describe", "search_terms"]


def tools_of(site: Site) -> Tools:
    return Tools(site.registry, account_of(site.registry, "analyst"), "https://registry.example/")


def asked(site: Site, method: str, params: Any = None, identifier: Any = 1) -> Any:
    message = {"jsonrpc": "2.0", "id": identifier, "method": method}
    return answer(json.dumps(message | ({} if params is None else {"params": params})).encode(), tools_of(site))


def called(site: Site, tool: str, **arguments: Any) -> tuple[bool, dict[str, Any]]:
    """Whether the tool refused, and what it answered."""
    result = asked(site, "tools/call", {"name": tool, "arguments": arguments})["result"]
    assert json.loads(result["content"][0]["text"]) == result["structuredContent"]
    return result["isError"], result["structuredContent"]


def test_tools_are_listed_without_a_handshake(site: Site) -> None:
    """Each says that it only reads."""
    listed = asked(site, "tools/list")["result"]["tools"]
    assert [tool["name"] for tool in listed] == NAMES
    assert all(tool["annotations"]["readOnlyHint"] and not tool["annotations"]["destructiveHint"] for tool in listed)


@pytest.mark.parametrize(
    ("wanted", "given_version"), [*((each, each) for each in HANDSHAKES), ("1999-01-01", HANDSHAKES[0])]
)
def test_the_older_handshake_is_answered_in_the_revision_that_is_asked_for(
    site: Site, wanted: str, given_version: str
) -> None:
    """One that nobody knows gets the newest."""
    result = asked(site, "initialize", {"protocolVersion": wanted, "capabilities": {}, "clientInfo": {}})["result"]
    assert (result["protocolVersion"], result["instructions"]) == (given_version, INSTRUCTIONS)


def test_the_stateless_revision_says_what_it_speaks_and_refuses_another(site: Site) -> None:
    """Each request names its revision."""
    key = "io.modelcontextprotocol/protocolVersion"
    found = asked(site, "server/discover", {"_meta": {key: STATELESS}})["result"]
    refused = asked(site, "tools/list", {"_meta": {key: "2031-01-01"}})["error"]
    assert (found["supportedVersions"], found["resultType"]) == ([STATELESS, *HANDSHAKES], "complete")
    assert (refused["code"], refused["data"]["requested"]) == (-32022, "2031-01-01")


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (b"", -32700),
        (b"{", -32700),
        (b"[" * 100_000, -32700),
        (b"\xff", -32700),
        (b"[]", -32600),
        (b"{}", -32600),
        (b'{"jsonrpc": "1.0", "id": 1, "method": "ping"}', -32600),
        (b'{"jsonrpc": "2.0", "id": true, "method": "ping"}', -32600),
        (b'{"jsonrpc": "2.0", "id": 1, "method": 7}', -32600),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": []}', -32602),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "release"}}', -32602),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": 1}}', -32602),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "resources/list"}', -32601),
        (b" " * 1_000_001, -32600),
    ],
)
def test_what_is_no_request_of_the_protocol_is_refused(site: Site, message: bytes, code: int) -> None:
    """By JSON-RPC's own numbers."""
    told = answer(message, tools_of(site))
    assert told is not None
    assert told["error"]["code"] == code


@given(some.recursive(some.none() | some.booleans() | some.integers() | some.text(), some.lists, max_leaves=5))
def test_no_message_raises(value: Any) -> None:
    """Whatever stands where the message, its method, its id or its parameters should."""
    tools = Tools(None, None)  # type: ignore[arg-type]  # no tool is reached
    base = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    for message in (value, *({**base, key: value} for key in ("id", "method", "params", "jsonrpc"))):
        told = answer(json.dumps(message).encode(), tools)
        assert told is None or ("result" in told) != ("error" in told)


def test_a_notification_gets_no_answer(site: Site) -> None:
    """It has no id."""
    assert answer(b'{"jsonrpc": "2.0", "method": "notifications/initialized"}', tools_of(site)) is None


def test_the_guide_names_every_question_and_the_traps(site: Site) -> None:
    """It is loaded first, by the instruction that every client gets."""
    failed, told = called(site, "guide")
    assert (failed, told["guide"]) == (False, guide())
    assert [
        question.name for question in site.registry.queries.library() if f"- `{question.name}`: " not in guide()
    ] == []
    assert guide().count("\n## ") == 6
    assert INSTRUCTIONS.startswith("Call `guide` first")


def test_a_question_and_a_query_of_ones_own_have_the_ledgers_size(site: Site) -> None:
    """A question's parameters are checked as everywhere, and our prefixes need not be declared."""
    failed, told = called(site, "ask", question="criteria-of-a-lot", parameters={"of": "H-04"})
    assert (failed, told["ledger_size"], told["columns"][:2]) == (
        False,
        site.registry.size(),
        ["criterion", "standing"],
    )
    failed, told = called(site, "query", sparql="ASK { ?lot a cpr:Lot }")
    assert (failed, told["rows"], told["ledger_size"]) == (False, [["true"]], site.registry.size())


@pytest.mark.parametrize(
    ("tool", "arguments", "kind"),
    [
        ("ask", {"question": "none"}, "Unknown"),
        ("ask", {"question": "recall", "parameters": {"bank": "none"}}, "Unknown"),
        ("ask", {"question": "recall", "parameters": {"bank": 1}}, "WrongUsage"),
        ("ask", {}, "WrongUsage"),
        ("ask", {"question": "lots", "by": "admin"}, "WrongUsage"),
        ("query", {"sparql": "INSERT DATA { <a:b> <a:b> <a:b> }"}, "WrongUsage"),
        ("query", {"sparql": "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 1"}, "WrongUsage"),
        ("query", {"sparql": f"SELECT * {{ ?s ?p ?o }} LIMIT {MOST_ROWS + 1}"}, "WrongUsage"),
        ("describe", {"what": "H-99"}, "Unknown"),
        ("search_terms", {"text": "x" * 100_001}, "WrongUsage"),
    ],
)
def test_a_refusal_is_an_answer_that_a_model_reads(site: Site, tool: str, arguments: Any, kind: str) -> None:
    """It says what was expected, as a tool's answer, so that it asks better."""
    failed, told = called(site, tool, **arguments)
    assert (failed, told["error"]["kind"], bool(told["error"]["message"])) == (True, kind, True)


@pytest.mark.parametrize(("lot", "state"), [("H-03", "released"), ("H-05", "on hold"), ("H-04", "not released")])
def test_whether_a_lot_may_be_injected_is_the_pages_own_sentence_with_its_address(
    site: Site, lot: str, state: str
) -> None:
    """And a refusal to conclude; no other tool has a word for it."""
    failed, told = called(site, "describe", what=lot)
    page = site.client().get(f"/live/{lot}", headers=site.bearer("clinic")).get_json()
    quoted = told["may_it_be_injected"]
    assert (failed, quoted["sentence"], quoted["state"]) == (False, page["sentence"], state)
    assert (quoted["address"], quoted["note"]) == (f"https://registry.example/lots/{lot}", NOT_CONCLUDED)
    assert "may_be_injected" not in json.dumps(told)


def test_a_term_is_described_and_found_by_its_synonym(site: Site) -> None:
    """As the page of terms finds it."""
    found = [line["id"] for line in called(site, "search_terms", text="DOID:5426")[1]["terms"]]
    assert (found[0], called(site, "describe", what="CL:0000134")[1]["term"]["id"]) == ("DOID:5426", "CL:0000134")


def test_over_http_it_asks_for_a_token_and_answers_one_message(site: Site) -> None:
    """A notification is taken without a word; a page of another site has no token to send."""
    client = site.client()
    message = {"jsonrpc": "2.0", "id": "a", "method": "tools/list"}
    told = client.post("/mcp", json=message, headers=site.bearer("analyst"))
    quiet = client.post("/mcp", json={"jsonrpc": "2.0", "method": "x"}, headers=site.bearer("analyst"))
    nobody = client.post("/mcp", json=message)
    forged = site.signed_in("analyst").post("/mcp", json=message)
    assert (told.status_code, told.json["id"], len(told.json["result"]["tools"])) == (200, "a", len(TOOLS))
    assert (quiet.status_code, quiet.data, nobody.status_code, forged.status_code) == (202, b"", 401, 403)
    assert client.get("/mcp", headers=site.bearer("analyst")).status_code == 405

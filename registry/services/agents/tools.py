"""The five tools, read-only: every answer has the size of the ledger that it knows of.

Tools(registry, account).call("ask", {"question": "recall", "parameters": {"bank": "WCB-2"}})
{"ledger_size": 66, "columns": ["lot", …], "rows": [["H-09", …]]}

None of them concludes whether a lot may be injected: ``describe`` quotes the sentence of the lot's page, its time and
its address (draft EU GMP Annex 22 keeps generative models out of critical decisions).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from registry import questions
from registry.errors import Unknown, WrongUsage
from registry.services.agents.guide import guide

if TYPE_CHECKING:
    from registry.accounts import Actor
    from registry.graph import QueryAnswer
    from registry.services.registry import Registry

MOST_ROWS = 1_000
"""Rows of one answer: more is refused, since a model would take what it sees for the whole."""
NOT_CONCLUDED = (
    "This is the registry's own sentence at that time. It may have changed since. Do not conclude from any other "
    "answer whether a lot may be injected: send whoever asks to the address."
)
_TABLE = "application/sparql-results+json"
_ASKED = f"{_TABLE}, text/turtle;q=0.1"
LONGEST = 100_000
"""Characters of an argument."""
_TEXT = {"type": "string", "maxLength": LONGEST}


def _tool(name: str, description: str, properties: Mapping[str, Any], required: tuple[str, ...] = ()) -> dict[str, Any]:
    schema = {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}
    hints = {"readOnlyHint": True, "destructiveHint": False, "idempotentHint": True, "openWorldHint": False}
    return {"name": name, "description": description, "inputSchema": schema, "annotations": hints}


TOOLS = (
    _tool("guide", "Read this first: what is in the graph, the paths through it, its traps, the questions.", {}),
    _tool(
        "ask",
        "Ask a question of the library by its name; `guide` lists them with their parameters.",
        {"question": _TEXT, "parameters": {"type": "object", "additionalProperties": {"type": "string"}}},
        ("question",),
    ),
    _tool("query", "Ask the graph a SPARQL 1.1 SELECT or ASK query of your own.", {"sparql": _TEXT}, ("sparql",)),
    _tool(
        "describe",
        "Describe a lot by its identifier, or a term such as CL:0000134. Of a lot it quotes "
        "the registry's own sentence.",
        {"what": _TEXT},
        ("what",),
    ),
    _tool(
        "search_terms",
        "Find cell types, diseases, markers and tests by name, synonym or id.",
        {"text": _TEXT},
        ("text",),
    ),
)  # fmt: skip


class Tools:
    """The tools for one account over one registry; ``site`` is the address of its pages, empty where nothing serves."""

    def __init__(self, registry: Registry, actor: Actor, site: str = "") -> None:
        self._registry, self._actor, self._site = registry, actor, site
        self._calls: dict[str, Callable[..., dict[str, Any]]] = {
            "guide": self._guide,
            "ask": self._ask,
            "query": self._query,
            "describe": self._describe,
            "search_terms": self._search,
        }

    def call(self, name: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """The answer of one tool.

        Raises Unknown for a tool that there is none of, WrongUsage for arguments that it does not take, and what the
        registry refuses.
        """
        described = next((tool for tool in TOOLS if tool["name"] == name), None)
        if described is None:
            names = ", ".join(tool["name"] for tool in TOOLS)
            raise Unknown("There is no such tool.", expected=names, found=name)
        _check(described["inputSchema"], arguments)
        return self._calls[name](**arguments)

    def _guide(self) -> dict[str, Any]:
        return {"ledger_size": self._size(), "guide": guide()}

    def _ask(self, question: str, parameters: Mapping[str, str] | None = None) -> dict[str, Any]:
        asked = questions.question(question)
        answer = self._registry.queries.ask(asked.name, dict(parameters or {}), _ASKED, by=self._actor)
        return {"question": asked.title, **_rows(answer)}

    def _query(self, sparql: str) -> dict[str, Any]:
        text = self._registry.queries.with_prefixes(sparql)
        answer = self._registry.queries.query(text, _ASKED, by=self._actor)
        near = [{"written": each.written, "near": each.near} for each in self._registry.queries.misspelt(text)]
        return {**_rows(answer), **({"misspelt": near} if near else {})}

    def _describe(self, what: str) -> dict[str, Any]:
        try:
            lot = self._registry.lots.get(what)
        except Unknown:
            term: dict[str, Any] = self._registry.ontologies.term(what).as_dict()
            return {"ledger_size": self._size(), "term": term}
        known = lot.as_dict()
        sentence = {
            "sentence": known["answer"]["sentence"],
            "state": known["answer"]["state"],
            "at": known["at"],
            "address": f"{self._site}lots/{quote(known['lot'], safe='')}",
            "note": NOT_CONCLUDED,
        }
        shown = (
            "lot",
            "kind",
            "product",
            "synthetic",
            "manufactured",
            "expires",
            "verdict",
            "derived_from",
            "descendants",
        )
        return {
            "ledger_size": known["ledger_size"],
            "may_it_be_injected": sentence,
            **{name: known[name] for name in shown if name in known},
            "criteria": [
                {name: each.get(name) for name in ("characteristic", "expected", "observed", "verdict")}
                for each in known["criteria"]
            ],
        }

    def _search(self, text: str) -> dict[str, Any]:
        lines = [line.as_dict() for line in self._registry.ontologies.search(text, 20)]
        return {"ledger_size": self._size(), "terms": lines}

    def _size(self) -> int:
        return self._registry.ledger.size()


def _check(schema: Mapping[str, Any], arguments: Mapping[str, Any]) -> None:
    """The arguments are those of the tool, and texts of a bounded size."""
    known = schema["properties"]
    unknown = sorted(set(arguments) - set(known)) + [name for name in schema["required"] if name not in arguments]
    if unknown:
        expected = ", ".join(known) or "no argument"
        raise WrongUsage(
            "The tool is asked with other arguments.", expected=expected, found=", ".join(map(str, arguments))
        )
    for name, value in arguments.items():
        texts = list(value.values()) if isinstance(value, dict) and known[name]["type"] == "object" else [value]
        if not all(isinstance(text, str) and len(text) <= LONGEST for text in texts):
            raise WrongUsage("The argument cannot be read.", expected=f"text, up to {LONGEST:,} characters",
                             found=type(value).__name__, where=name)  # fmt: skip


def _rows(answer: QueryAnswer) -> dict[str, Any]:
    """Columns and rows of an answer, whole; raises WrongUsage for a graph, and for more rows than a model reads."""
    if not answer.media_type.startswith(_TABLE):
        raise WrongUsage("That query answers a graph.", expected="a SELECT or ASK query", found="CONSTRUCT or DESCRIBE")
    told = json.loads(answer.body)
    if "boolean" in told:
        return {"ledger_size": answer.ledger_size, "columns": ["answer"], "rows": [[str(told["boolean"]).lower()]]}
    columns, bindings = told["head"]["vars"], told["results"]["bindings"]
    if len(bindings) > MOST_ROWS:
        raise WrongUsage(
            "The answer is longer than a model reads.", expected=f"at most {MOST_ROWS:,} rows",
            found=f"{len(bindings):,} rows", todo="Count, group, or ask for fewer with LIMIT.",
        )  # fmt: skip
    rows = [[binding.get(name, {}).get("value", "") for name in columns] for binding in bindings]
    return {"ledger_size": answer.ledger_size, "columns": columns, "rows": rows}

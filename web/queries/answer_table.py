"""The rows of an answer as a page shows them: terms as text, and where each leads.

table_of(b'{"head": {"vars": ["lot"]}, …}')   {"vars": ["lot"], "rows": [[{"text": "H-03", "links": […]}]], "total": 1}
"""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from flask import current_app, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from registry.errors import Unreadable
from web.access import registry
from web.language import _
from web.number_format import lot_of

SHOWN = 500
"""Rows a page shows; the downloads hold them all."""
OBO = "http://purl.obolibrary.org/obo/"
"""Where the ontologies of the OBO Foundry have their terms."""
NUMBERS = frozenset(("integer", "decimal", "double", "float"))


def table_of(body: bytes, lots: Collection[str] = ()) -> dict[str, Any]:
    """The rows of an answer in JSON, as far as a page shows them. The columns ``lots`` hold lots, by their ids."""
    try:
        answer = json.loads(body)
    except ValueError:
        raise Unreadable(_("The answer of the query is not JSON.")) from None
    if "boolean" in answer:
        word = _("yes") if answer["boolean"] else _("no")
        return {"vars": [_("answer")], "rows": [[{"text": word}]], "total": 1, "boolean": True}
    names, bindings = answer["head"]["vars"], answer["results"]["bindings"]
    rows = [[_cell(binding.get(name), name in lots) for name in names] for binding in bindings[:SHOWN]]
    return {"vars": names, "rows": rows, "total": len(bindings)}


def _cell(term: dict[str, str] | None, holds_lots: bool) -> dict[str, Any]:
    """A term as text, and as (name, address) each thing that it names and that has a page here."""
    if term is None:
        return {"text": ""}
    text = term["value"]
    if term["type"] == "uri":
        lot = lot_of(text, registry().base)
        return {"text": text, "links": _page_of(text), "iri": True, "lots": [lot] if lot else []}
    named = text.split(", ") if holds_lots and text else []
    return {
        "text": text,
        "language": term.get("xml:lang", ""),
        "links": [(lot, url_for("lots.lot", lot=lot)) for lot in named],
        "lots": named,
        "number": term.get("datatype", "").rpartition("#")[2] in NUMBERS,
    }


def _page_of(iri: str) -> list[tuple[str, str]]:
    """The page of a lot, a product and the like of this registry, or of a term of an ontology; none for another IRI."""
    base = registry().base
    if lot := lot_of(iri, base):
        return [(lot, url_for("lots.lot", lot=lot))]
    if iri.startswith((f"{OBO}CL_", f"{OBO}DOID_")):
        curie = iri.removeprefix(OBO).replace("_", ":", 1)
        return [(curie, url_for("terms.term", term=curie))]
    path = iri.removeprefix(base) if iri.startswith(base) else ""
    return [(path, f"/{path}")] if path and _answers(path) else []


def _answers(path: str) -> bool:
    """True where an address of this site answers a reader who asks for it."""
    try:
        current_app.url_map.bind("localhost").match(f"/{path}", method="GET")
    except RequestRedirect:
        return True
    except HTTPException:
        return False
    return True

"""JSON-LD made safe before anything that could fetch sees it.

A context named by its address is fetched by JSON-LD libraries, wherever in the file it stands. Here every string
context is refused except the registry's own, which is read from the installed ontology; so are ``@import``, and
every way of writing a key that would be dropped in silence. Numbers become the text that was printed: ``98.50``
stays ``98.50`` and never passes through a float.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from registry.errors import RegistryError, Unreadable
from registry.vocabulary.term_files import content

CONTEXT_IRIS = frozenset(
    {
        "https://w3id.org/cell-product-registry/context.jsonld",
        "https://w3id.org/cell-product-registry/context",
    }
)
_AS_PRINTED = (
    *("Panel", "Result", "lot", "stage", "characteristic", "comparator", "status", "relation", "supersedes"),
    *("passage", "events"),
)
MAX_DEPTH = 16
_DATA_KEYWORDS = frozenset({"@context", "@id", "@type", "@value", "@graph", "@set"})
_CONTEXT_KEYWORDS = frozenset({"@id", "@type", "@vocab", "@base", "@container", "@version", "@prefix", "@protected"})
_ALIASES = frozenset({"@id", "@type", "@value", "@vocab", "@set", "@json", "@none"})


def guarded(text: str, file: str) -> Any:
    """The document with its contexts inlined and its numbers as printed. ``Unreadable`` for anything else."""
    try:
        document = json.loads(
            text,
            object_pairs_hook=lambda pairs: _object(pairs, file),
            parse_constant=lambda name: _refuse(file, "a value that JSON has", f"the constant {name}"),
            parse_float=str,
            parse_int=str,
        )
    except RegistryError:
        raise
    except RecursionError:
        raise _deep(file) from None
    except ValueError as error:
        raise _broken(file, str(error)[:200]) from None
    return _data(document, file, depth=0)


def pairs_in(document: Any) -> Iterator[tuple[str, str]]:
    """Every key with its text, wherever it stands, for whoever looks for patients' data."""
    stack = [document]
    while stack:
        node = stack.pop()
        if isinstance(node, list):
            stack += node
        elif isinstance(node, dict):
            for key, value in node.items():
                values = value if isinstance(value, list) else [value]
                yield from ((key, item) for item in values if isinstance(item, str))
                inner = [item.get("@value") for item in values if isinstance(item, dict)]
                yield from ((key, item) for item in inner if isinstance(item, str))
                stack += [] if key == "@context" else values


def _object(pairs: Iterable[tuple[str, Any]], file: str) -> dict[str, Any]:
    members: dict[str, Any] = {}
    for key, value in pairs:
        if key in members:
            _refuse(file, "every key once", f"the key {key[:80]!r} twice in one object")
        members[key] = value
    return members


def _data(node: Any, file: str, depth: int) -> Any:
    if depth > MAX_DEPTH:
        raise _deep(file)
    if isinstance(node, list):
        return [_data(item, file, depth + 1) for item in node]
    if isinstance(node, str) and any(0xD800 <= ord(sign) < 0xE000 for sign in node):
        _refuse(file, "Unicode text", "half of a surrogate pair")
    if not isinstance(node, dict):
        return node
    strange = [key for key in node if key.startswith("@") and key not in _DATA_KEYWORDS]
    if strange:
        _refuse(file, ", ".join(sorted(_DATA_KEYWORDS)), strange[0][:80])
    if "@graph" in node and (depth > 1 or set(node) - {"@context", "@graph"}):
        _refuse(file, "@graph at the top, beside @context alone", "a named graph")
    return {
        key: _context(value, file, depth) if key == "@context" else _data(value, file, depth + 1)
        for key, value in node.items()
    }


def _context(context: Any, file: str, depth: int) -> Any:
    if isinstance(context, list):
        if depth > MAX_DEPTH:
            raise _deep(file)
        return [_context(part, file, depth + 1) for part in context]
    if isinstance(context, str):
        if context in CONTEXT_IRIS:
            return _ours()
        _refuse(
            file, f"the context written out, or {min(CONTEXT_IRIS, key=len)}", f"the remote context {context[:200]}"
        )
    if not isinstance(context, dict):
        _refuse(file, "a context written out as an object", f"{context!r}"[:80])
    return {key: _definition(key, value, file) for key, value in context.items()}


def _ours() -> dict[str, Any]:
    """The registry's context, where a panel may print a name as a table does: ``"lot": "P-07"`` is no address."""
    context: dict[str, Any] = json.loads(content("context.jsonld"))["@context"]
    return context | {name: {"@id": f"cpr:{name}"} for name in _AS_PRINTED}


def _definition(key: str, value: Any, file: str) -> Any:
    """One entry of a context: a keyword, a prefix or address, or an object of keywords."""
    if key.startswith("@") and key not in _CONTEXT_KEYWORDS:
        _refuse(file, "a context of prefixes and terms", f"{key[:80]} in a context")
    if key == "@version":
        return 1.1
    if isinstance(value, str):
        if value.startswith("@") and value not in _ALIASES:
            _refuse(file, "a term that stands for an address", f"{key[:80]}: {value[:80]}")
        return value
    if isinstance(value, bool) and key in {"@prefix", "@protected"}:
        return value
    if key.startswith("@") or not isinstance(value, dict):
        _refuse(file, "a context of prefixes and terms", f"{key[:80]}: {json.dumps(value)[:80]}")
    return {
        inner: _definition(inner, inner_value, file)
        for inner, inner_value in value.items()
        if _plain(inner, inner_value, file)
    }


def _plain(key: str, value: Any, file: str) -> bool:
    if isinstance(value, dict) or key not in _CONTEXT_KEYWORDS:
        _refuse(file, "a term with @id, @type and @container", f"{key[:80]} in a term")
    return True


def _refuse(file: str, expected: str, found: str) -> None:
    raise _refusal(file, expected, found)


def _refusal(file: str, expected: str, found: str) -> Unreadable:
    return Unreadable(
        f"{file} is not JSON-LD that can be read here.",
        expected=expected,
        found=found,
        where=file,
        todo="Write the panel as docs/ shows it, with its context inside the file. Nothing is ever fetched.",
    )


def _broken(file: str, found: str) -> Unreadable:
    return Unreadable(
        f"{file} is not JSON: it breaks off, or is misspelt.",
        expected='JSON: {"panels": [{"lot": …, "results": [{"characteristic": …, "value": …}]}]}, or JSON-LD',
        found=found,
        where=file,
        todo="Mend the place that is named, or export the file again.",
    )


def _deep(file: str) -> Unreadable:
    return _refusal(file, f"objects and lists at most {MAX_DEPTH} deep", "deeper nesting")

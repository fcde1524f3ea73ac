"""The lines ``PREFIX …`` that a typed query lacks: those of the registry's own prefixes, so that nobody types them."""

from __future__ import annotations

from itertools import pairwise

from registry.errors import WrongUsage
from registry.graph.query.lexer import Text, tokens
from registry.services.queries.description import PREFIXES


def with_prefixes(query: str) -> str:
    """``query`` with a line above it for each known prefix that it uses and does not declare; else as it was typed.

    Example: ``SELECT ?lot { ?lot a cpr:Lot }`` gets ``PREFIX cpr: <…>`` in front. What cannot be read stays as it is:
    the engine says where it is wrong.
    """
    try:
        written = list(tokens(Text(query)))
    except WrongUsage:
        return query
    declared = {name.text for word, name in pairwise(written) if word.text.casefold() == "prefix"}
    used = {token.text.partition(":")[0] for token in written if token.kind == "prefixed"}
    lines = [f"PREFIX {name}: <{iri}>" for name, iri in PREFIXES.items() if name in used and f"{name}:" not in declared]
    return "\n".join([*lines, query])

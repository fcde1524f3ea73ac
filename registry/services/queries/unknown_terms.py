"""Terms of ours that a query names and the vocabulary does not: a misspelt one matches nothing, and nobody is told."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from itertools import pairwise

from registry import vocabulary
from registry.graph.query.lexer import Text, Token, tokens
from registry.identifiers import CPR

_NAMED = re.compile(rf"(?:(?<![\w-])cpr:|{re.escape(CPR)})([A-Za-z][\w-]*)".encode())


@dataclass(frozen=True, slots=True)
class Misspelt:
    """A term as the query writes it, and the one of the vocabulary that is spelled most like it; empty for none."""

    written: str
    near: str


def misspelt(query: str) -> tuple[Misspelt, ...]:
    """The ``cpr:`` terms of ``query`` that nothing here declares, each once; raises WrongUsage for no SPARQL."""
    written = list(tokens(Text(query)))
    ours = {name.text for word, name, iri in _declarations(written) if iri.text == f"<{CPR}>"}
    named = dict[str, str]()
    for token in written:
        prefix, colon, local = token.text.partition(":")
        if token.kind == "prefixed" and local and prefix + colon in ours:
            named.setdefault(token.text, local)
        elif token.kind == "iri" and token.text.startswith(f"<{CPR}") and token.text != f"<{CPR}>":
            named.setdefault(token.text, token.text[len(CPR) + 1 : -1])
    return tuple(Misspelt(text, _near(local)) for text, local in named.items() if local not in _known())


def _declarations(written: list[Token]) -> list[tuple[Token, Token, Token]]:
    three = zip(pairwise(written), written[2:], strict=False)
    return [(word, name, iri) for (word, name), iri in three if word.text.casefold() == "prefix"]


def _near(local: str) -> str:
    by_case = {name.casefold(): name for name in sorted(_known())}
    close = get_close_matches(local.casefold(), by_case, n=1)
    return f"cpr:{by_case[close[0]]}" if close else ""


@cache
def _known() -> frozenset[str]:
    """Every local name of ours that the files of the vocabulary name."""
    return frozenset(name.decode() for _file, data in vocabulary.graph_files() for name in _NAMED.findall(data))

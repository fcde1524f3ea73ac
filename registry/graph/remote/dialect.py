"""What an engine is known to answer otherwise than SPARQL 1.1 says: rewritten where that is sure, else refused.

Found with Virtuoso 7.2.5 by asking both engines every question of the library (``tests/graph/test_remote.py``):

- a path that may have no length (``?`` and ``*``) leaves out the term itself, or holds for everything;
- ``COALESCE`` and ``BIND`` take an error for true, ``ABS`` of a decimal finds nothing;
- ``GRAPH ?g`` reads the engine's own graphs, and those that this registry keeps for itself, among the named ones;
- ``bif:`` and ``sql:`` call the engine's own functions, files and processes among them: they are no SPARQL at all;
- more rows than the engine's limit are left out: of a SELECT it says so in a header, of a CONSTRUCT it does not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from registry.errors import WrongUsage
from registry.graph.query.guard import ParsedQuery
from registry.graph.query.lexer import Text, Token, tokens

_OTHERWISE = frozenset({"coalesce", "abs", "bind"})
_WEB = ("http://", "https://", "urn:")
_OWN_NAMES = "openlinksw.com"
_OWN_PREFIXES = frozenset({"bif:", "sql:"})


def virtuoso(parsed: ParsedQuery, base: str, own_graphs: Sequence[str]) -> str:
    """``parsed`` as a Virtuoso is asked it; raises WrongUsage naming line and column for what it answers otherwise."""
    text = Text(parsed.text)
    cut = list(tokens(text))
    if parsed.form in ("construct", "describe"):
        raise WrongUsage(
            "The service that keeps the graph may leave out part of such an answer without saying so.",
            expected="SELECT or ASK", found=parsed.form.upper(), todo="Ask for the triples with SELECT.",
        )  # fmt: skip
    for before, token in pairwise(cut):
        _refuse(text, before, token)
    _refuse_functions(text, cut)
    return named_only(parsed.text, base, own_graphs)


def _refuse(text: Text, before: Token, token: Token) -> None:
    if token.kind == "word" and token.text.lower() in _OTHERWISE:
        text.refuse(
            token.at, "The service that keeps the graph answers this otherwise than SPARQL 1.1 says.", found=token.text,
            todo="Write it with IF and BOUND in SELECT or FILTER, or ask a question of the library.",
        )  # fmt: skip
    names = before.kind in ("prefixed", "iri") or before.text in (")", "a")
    if token.kind == "mark" and (token.text == "?" or (token.text == "*" and names)):
        text.refuse(
            token.at, "The service that keeps the graph answers a path that may have no length in a way of its own.",
            found=f"{before.text}{token.text}",
            todo="Write + and add the term itself: FILTER(?x = ?y || EXISTS { ?x rdfs:subClassOf+ ?y }).",
        )  # fmt: skip


def _refuse_functions(text: Text, cut: Sequence[Token]) -> None:
    """Names that could be read as a function of the engine: only declared prefixes, and whole IRIs of the web."""
    declared = {name.text for word, name in pairwise(cut) if word.text.lower() == "prefix"}
    for token in cut:
        iri = token.text[1:-1].lower() if token.kind == "iri" else ""
        prefix = token.text.partition(":")[0] + ":" if token.kind == "prefixed" else ""
        if (
            (token.kind == "iri" and (not iri.startswith(_WEB) or _OWN_NAMES in iri))
            or (prefix and (prefix not in declared or prefix.lower() in _OWN_PREFIXES))
        ):  # fmt: skip
            text.refuse(
                token.at, "The service that keeps the graph could read this name as a function of its own.",
                expected="http://…, https:// or urn: in <>, and prefixes that are declared", found=token.text[:100],
            )  # fmt: skip


def named_only(query: str, base: str, own_graphs: Sequence[str]) -> str:
    """``query`` with each ``GRAPH ?g { … }`` held to the registry's own named graphs."""
    cut = list(tokens(Text(query)))
    pieces, end = list[str](), 0
    for place, word in _places(query, cut, base, own_graphs):
        pieces += [query[end:place], word]
        end = place
    return "".join([*pieces, query[end:]])


def _places(query: str, cut: Sequence[Token], base: str, own_graphs: Sequence[str]) -> Iterator[tuple[int, str]]:
    """What is put where: a bracket before each such GRAPH; a filter and a bracket after its group."""
    pieces = list[tuple[int, str]]()
    for at, token in enumerate(cut):
        if token.kind == "word" and token.text.lower() == "graph" and cut[at + 1].kind == "variable":
            variable = cut[at + 1].text
            others = "".join(f" || {variable} = <{graph}>" for graph in own_graphs)
            rule = f'((STRSTARTS(STR({variable}), "{base}") && !STRSTARTS(STR({variable}), "{base}graph/")){others})'
            pieces += [(token.at, "{ "), (_after_group(cut, at + 2), f" FILTER({rule}) }}")]
    yield from sorted(pieces)


def _after_group(cut: Sequence[Token], at: int) -> int:
    depth = 0
    for token in cut[at:]:
        depth += (token.text == "{" and token.kind == "mark") - (token.text == "}" and token.kind == "mark")
        if depth == 0:
            return token.at + 1
    raise WrongUsage("A bracket is not closed.", expected="}")

"""Which queries may run: SPARQL 1.1 queries over the registry's own graphs, nothing that reaches out or writes.

Example: ``guard("ASK { SERVICE <http://x/> {} }", base)`` raises WrongUsage with ``where="line 1, column 7"``.

What is allowed is a list, not what is forbidden: a bare word that is no word of SPARQL 1.1 Query is refused. The guard
reads no grammar; the engine's parser does, in a child process that may also open no socket (``confine``), so a query
that slipped through here would still reach nobody.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import Literal, NoReturn
from urllib.parse import urljoin, urlsplit

from registry.errors import TooLarge, WrongUsage
from registry.graph.query.lexer import Text, Token, tokens

Form = Literal["select", "ask", "construct", "describe"]

MAX_BYTES = 100_000
MAX_DEPTH = 64

_KEYWORDS = frozenset(
    """
    a as asc ask base bind by construct desc describe distinct exists false filter from graph group having in limit
    minus named not offset optional order prefix reduced select separator true undef union values where

    abs avg bnode bound ceil coalesce concat contains count datatype day encode_for_uri floor group_concat hours if iri
    isblank isiri isliteral isnumeric isuri lang langmatches lcase max md5 min minutes month now rand regex replace
    round sameterm sample seconds sha1 sha256 sha384 sha512 str strafter strbefore strdt strends strlang strlen
    strstarts struuid substr sum timezone tz ucase uri uuid year
    """.split()  # noqa: SIM905 - a list of words reads better as words
)
_UPDATES = frozenset("add clear copy create delete drop insert load move with".split())  # noqa: SIM905
_FORMS: dict[str, Form] = {"select": "select", "ask": "ask", "construct": "construct", "describe": "describe"}
_OPEN, _CLOSE = frozenset("{(["), frozenset("})]")


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """A query that may run: its text with codepoint escapes decoded, its form, the graphs its FROM clauses name."""

    text: str
    form: Form
    graphs: tuple[str, ...] = ()


def guard(query: str, base: str, own_graphs: Container[str] = ()) -> ParsedQuery:
    """``query``, when it may run.

    ``base`` is the registry's base IRI, also of relative IRIs; ``own_graphs`` are graphs outside it that the registry
    holds (its ontologies). Raises WrongUsage naming line and column for SERVICE, LOAD, every update, FROM outside the
    registry and anything that is not SPARQL 1.1; TooLarge beyond 100,000 bytes.
    """
    _check_size(query)
    text = Text(query)
    token_list = list(tokens(text))
    _check_depth(text, token_list)
    prologue = _Prologue(text, base)
    form, start = prologue.read(token_list)
    for token in token_list:
        _check_word(text, token)
    return ParsedQuery(text.decoded, form, tuple(_from_clauses(prologue, token_list[start:], own_graphs)))


def check_dataset(graphs: Sequence[str], base: str, own_graphs: Container[str] = ()) -> tuple[str, ...]:
    """The ``default-graph-uri`` or ``named-graph-uri`` of a request (SPARQL 1.1 Protocol 2.1.4), when all are own.

    Raises WrongUsage for a graph outside the registry: nothing is ever fetched.
    """
    for graph in graphs:
        if not _is_own(graph, base, own_graphs):
            raise _outside(graph, base, "default-graph-uri or named-graph-uri")
    return tuple(graphs)


def _check_size(query: str) -> None:
    try:
        size = len(query.encode())
    except UnicodeEncodeError as error:
        raise WrongUsage("This query holds half a surrogate pair.", where=f"character {error.start + 1}") from error
    if size > MAX_BYTES:
        raise TooLarge(
            "This query is too long.", expected=f"at most {MAX_BYTES:,} bytes", found=f"{size:,} bytes",
            todo="Ask in several queries.",
        )  # fmt: skip


def _check_depth(text: Text, token_list: Sequence[Token]) -> None:
    depth = 0
    for token in token_list:
        if token.kind != "mark":
            continue
        depth += (token.text in _OPEN) - (token.text in _CLOSE)
        if depth > MAX_DEPTH:
            text.refuse(token.at, "This query is nested too deeply.", expected=f"at most {MAX_DEPTH} open brackets")


def _check_word(text: Text, token: Token) -> None:
    if token.kind != "word" or (word := token.text.lower()) in _KEYWORDS:
        return
    if word == "service":
        text.refuse(
            token.at,
            "A query may not call another server: SERVICE is refused.",
            found=token.text,
            todo="query the other server yourself and bring its rows in with VALUES",
        )
    if word in _UPDATES:
        text.refuse(
            token.at,
            f"A query may not change anything: {word.upper()} is refused.",
            expected="SELECT, ASK, CONSTRUCT or DESCRIBE",
            found=token.text,
            todo="what the registry knows changes by records only: submit one",
        )
    text.refuse(token.at, "This is no word of SPARQL 1.1.", expected="a keyword or function", found=token.text[:50])


class _Prologue:
    """BASE and PREFIX declarations, as far as the graphs in FROM clauses need them."""

    def __init__(self, text: Text, base: str) -> None:
        self.text = text
        self.home = self.base = base
        self.prefixes: dict[str, str] = {}

    def read(self, token_list: Sequence[Token]) -> tuple[Form, int]:
        """The query's form and the index of the token that says it."""
        at = 0
        while at < len(token_list):
            token, rest = token_list[at], token_list[at + 1 : at + 3]
            word = token.text.lower() if token.kind == "word" else ""
            if word == "base" and rest and rest[0].kind == "iri":
                self.base = urljoin(self.base, rest[0].text[1:-1])
                at += 2
            elif word == "prefix" and [part.kind for part in rest] == ["prefixed", "iri"]:
                self.prefixes[rest[0].text.removesuffix(":")] = urljoin(self.base, rest[1].text[1:-1])
                at += 3
            elif word in _FORMS:
                return _FORMS[word], at
            else:
                break
        self._refuse(token_list, at)

    def _refuse(self, token_list: Sequence[Token], at: int) -> NoReturn:
        if at < len(token_list):
            _check_word(self.text, token_list[at])
        place = token_list[at].at if at < len(token_list) else len(self.text.decoded)
        self.text.refuse(
            place,
            "This is not a query.",
            expected="SELECT, ASK, CONSTRUCT or DESCRIBE after BASE and PREFIX",
            found=token_list[at].text[:50] if at < len(token_list) else "the end",
        )

    def iri(self, token: Token) -> str:
        """The absolute IRI that ``token`` names."""
        if token.kind == "iri":
            return _absolute(self.base, token.text[1:-1])
        prefix, _, local = token.text.partition(":")
        if prefix not in self.prefixes:
            self.text.refuse(token.at, f"The prefix {prefix}: is not declared.", todo=f"add PREFIX {prefix}: <…>")
        return self.prefixes[prefix] + local.replace("\\", "")


def _absolute(base: str, reference: str) -> str:
    return reference if urlsplit(reference).scheme else urljoin(base, reference)


def _from_clauses(prologue: _Prologue, token_list: Sequence[Token], own_graphs: Container[str]) -> list[str]:
    graphs = []
    for at, token in enumerate(token_list):
        if token.kind != "word" or token.text.lower() != "from":
            continue
        named = at + 1 < len(token_list) and token_list[at + 1].text.lower() == "named"
        source = token_list[at + 1 + named] if at + 1 + named < len(token_list) else None
        if source is None or source.kind not in ("iri", "prefixed"):
            prologue.text.refuse(token.at, "FROM names no graph.", expected="FROM <graph> or FROM NAMED <graph>")
        graph = prologue.iri(source)
        if not _is_own(graph, prologue.home, own_graphs):
            raise _outside(graph, prologue.home, prologue.text.position(token.at))
        graphs.append(graph)
    return graphs


def _is_own(graph: str, base: str, own_graphs: Container[str]) -> bool:
    return graph.startswith(base) or graph in own_graphs


def _outside(graph: str, base: str, where: str) -> WrongUsage:
    return WrongUsage(
        "A query may only read the registry's own graphs; nothing is fetched.",
        expected=f"a graph whose IRI begins with {base}, or one of the registry's ontologies",
        found=graph[:200],
        where=where,
        todo="Leave FROM out to ask all that the registry knows.",
    )

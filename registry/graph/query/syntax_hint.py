"""Where a query stops being one, and what could stand there instead, in words a person can use.

Example: of ``SELECT * { ?s ?p }`` the part up to ``?p`` can begin a query and the part up to ``}`` cannot, so ``}`` is
named, with what may follow ``?p``.

The engine tells the furthest place that any rule of its grammar looked at. Its keywords look several letters ahead, so
that place is often past the fault. Therefore its parser is asked about beginnings of the query, each followed by
spaces that no keyword reaches over: what can begin a query fails at their very end, anything else before.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import pyoxigraph

from registry.graph.query.lexer import Text, Token, tokens

_PADDING = " " * 64
_PLACE = re.compile(r"error at ([0-9]+):([0-9]+): expected (?:one of )?")
_ITEM = re.compile(
    r"""(?P<quoted>"(?:\\.|[^"\\])*")|(?P<letters>\[(?:'(?:\\.|[^'\\])[^']*'|[^\]'])*\])|(?P<said>[^,\s][^,]*)"""
)
_DIGITS, _IRI = "['0'..='9']", "<…>"
_MEANT = (
    ("a variable", {"?", "$"}),
    ("an IRI", {_IRI}),
    ("a name with its prefix", {":"}),
    ("a text", {"'", '"'}),
    ("a number", {_DIGITS}),
    ("a blank node", {"_:", "["}),
)
"""What the engine's marks mean where they begin a term; other marks stand for themselves."""
_ENDS = (".", ";", ",", "(", ")", "]", "{", "}")
_NO_QUERY = "This is not a SPARQL 1.1 query."
_UNGROUPED = "The SELECT contains a variable that is unbound"


@dataclass(frozen=True, slots=True)
class Misread:
    """What is wrong at ``at``, an offset in the text; -1 where it concerns the query as a whole."""

    at: int
    message: str
    expected: str = ""
    found: str = ""
    todo: str = ""


def misread(query: str, base: str) -> Misread:
    """Why the engine does not take ``query``, a text that the guard let pass and the engine refused."""
    token_list = list(tokens(Text(query)))
    good, wanted = _beginning(query, token_list, base)
    whole = good == len(token_list)
    sentence = next((text for text in wanted if " " in text and text[0].isalpha()), "")
    if sentence and "SELECT" not in sentence:
        return Misread(token_list[max(good - 1, 0)].at, f"{sentence}.")
    if sentence and (whole or token_list[good].text == "}"):  # the end of the query, or of one within it
        return _about_select(sentence)
    if whole:
        return Misread(token_list[-1].at + len(token_list[-1].text), _NO_QUERY, _expected(wanted), "the end")
    wrong = token_list[good]
    prefix = wrong.text.partition(":")[0]
    if wrong.kind == "prefixed" and prefix not in _declared(token_list[:good]):
        return Misread(wrong.at, f"The prefix {prefix}: is not declared.", todo=f"add PREFIX {prefix}: <…>")
    if wrong.kind == "iri" and "IRI parsing failed" in _asked(query[: wrong.at + len(wrong.text)], base)[1]:
        return Misread(wrong.at, "This is no IRI.", found=wrong.text[:100])
    return Misread(wrong.at, _NO_QUERY, _expected(wanted), wrong.text[:50])


def _about_select(sentence: str) -> Misread:
    if sentence == _UNGROUPED:
        todo = "add it to GROUP BY, or take its COUNT, MIN or SAMPLE"
        return Misread(-1, "SELECT names a variable that is not grouped by.", todo=todo)
    return Misread(-1, f"{sentence}.")


def _beginning(query: str, token_list: Sequence[Token], base: str) -> tuple[int, list[str]]:
    """How many tokens can begin a query, and what the engine expects after them."""
    low, high, wanted = 0, len(token_list), _asked("", base)[1]
    while low < high:
        middle = (low + high + 1) // 2
        fits, expected = _asked(query[: token_list[middle - 1].at + len(token_list[middle - 1].text)], base)
        if fits:
            low, wanted = middle, expected
        else:
            high = middle - 1
    return low, wanted


def _asked(beginning: str, base: str) -> tuple[bool, list[str]]:
    """Whether a query can begin so, and what the engine expects then, or where it gave up."""
    padded = beginning + _PADDING
    try:
        pyoxigraph.Store().query(padded, base_iri=base)
    except SyntaxError as error:
        place = _PLACE.match(error.msg)
        if place is None:
            return False, [error.msg]
        lines = re.split(r"\n", padded)
        fits = (int(place[1]), int(place[2])) == (len(lines), len(lines[-1]) + 1)
        return fits, [match.group() for match in _ITEM.finditer(error.msg, place.end())]
    return True, []


def _declared(token_list: Sequence[Token]) -> set[str]:
    return {name.text.removesuffix(":") for word, name in pairwise(token_list) if word.text.lower() == "prefix"}


def _expected(wanted: Sequence[str]) -> str:
    """The engine's marks as a person calls them."""
    marks = {item[1:-1].replace('\\"', '"') if item.startswith('"') else item for item in wanted}
    operator = "=" in marks
    if "<" in marks and not operator:
        marks.add(_IRI)
    if _DIGITS in marks:
        marks.discard(".")  # of .5
    terms = [name for name, signs in _MEANT if marks & signs]
    named = [*terms, *(["an operator"] if operator else []), *(f"'{mark}'" for mark in _ENDS if mark in marks)]
    if not terms and "[_]" in marks:
        named.append("a keyword")
    return " or ".join(part for part in (", ".join(named[:-1]), *named[-1:]) if part)

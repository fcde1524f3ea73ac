r"""A SPARQL query cut into tokens, strictly enough that no engine can read a word of it that is not seen here.

Example: ``ASK { ?s a ex:C }`` is word, mark, variable, word, prefixed, mark.

The grammar is SPARQL 1.1 Query Language (W3C Recommendation 2013), section 19.8, rules 139-173, after the codepoint
escapes of section 19.2. The engine behind reads without token boundaries (``SERVICEex:a`` is a SERVICE clause to it,
``?a<?b)SERVICEex:c#>`` a comparison, a bracket, a SERVICE clause and a comment), so whatever two readers could cut
differently around a forbidden word is refused, not guessed at.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NoReturn

from registry.errors import WrongUsage

Kind = Literal["word", "prefixed", "iri", "variable", "string", "language", "blank", "number", "mark"]

_LETTER = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_NAME = f"{_LETTER}_0-9\u00b7\u0300-\u036f\u203f-\u2040-"
_PLX = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
# Bounded, so that a long run without a colon is not read again from each of its letters.
_PREFIX = f"[{_LETTER}](?:[{_NAME}.]{{0,100}}[{_NAME}])?"
_LOCAL = f"(?:[{_LETTER}_:0-9]|{_PLX})(?:(?:[{_NAME}.:]|{_PLX})*(?:[{_NAME}:]|{_PLX}))?"
_ESCAPE = r"\\[tbnrf\\\"']"
_TOKEN = re.compile(
    rf"""
      (?P<space>[ \t\r\n]+ | \#[^\r\n]*)
    | (?P<iri><[^\x00-\x20<>"{{}}|^`\\]*>)
    | (?P<string>'''(?:'{{0,2}}(?:[^'\\]|{_ESCAPE}))*''' | \"\"\"(?:"{{0,2}}(?:[^"\\]|{_ESCAPE}))*\"\"\"
               | '(?!'')(?:[^'\\\n\r]|{_ESCAPE})*' | "(?!"")(?:[^"\\\n\r]|{_ESCAPE})*")
    | (?P<variable>[?$][{_LETTER}_0-9][{_LETTER}_0-9\u00b7\u0300-\u036f\u203f-\u2040]*)
    | (?P<blank>_:[{_LETTER}_0-9](?:[{_NAME}.]*[{_NAME}])?)
    | (?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
    | (?P<prefixed>(?:{_PREFIX})?:(?:{_LOCAL})?)
    | (?P<number>(?:[0-9]+\.[0-9]*|\.?[0-9]+)(?:[eE][+-]?[0-9]+)?)
    | (?P<word>[A-Za-z_][A-Za-z_0-9]*)
    | (?P<mark>\^\^|&&|\|\||!=|<=|>=|[{{}}()\[\],;.*+/|^?!=<>-])
    """,
    re.VERBOSE,
)
_CODEPOINT = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})|\\\\[uU]|\\[uU]")
# A character that would change how the rest is cut must stand in the query as itself.
_NEVER_ESCAPED = frozenset("\\\"'<>#{}()\r\n\t ")
_HIDDEN = re.compile(r"service", re.IGNORECASE)
_PLAIN_NAME = re.compile(r"[?$][A-Za-z0-9_]+|(?![^:]*service)[A-Za-z0-9_.-]*:[A-Za-z0-9_-]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Token:
    """One token, where it stands in the decoded text."""

    kind: Kind
    text: str
    at: int


class Text:
    """A query with its codepoint escapes decoded, that can still say where each character stood."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._starts = [0]
        self._shifts = [0]
        pieces: list[str] = []
        length = end = 0
        for match in _CODEPOINT.finditer(source):
            character = self._decoded(match)
            pieces += [source[end : match.start()], character]
            length += match.start() - end + 1
            end = match.end()
            self._starts.append(length)
            self._shifts.append(end - length)
        self.decoded = "".join([*pieces, source[end:]])

    def _decoded(self, match: re.Match[str]) -> str:
        digits = match[1] or match[2]
        code = int(digits, 16) if digits else 0x110000
        if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF or (character := chr(code)) in _NEVER_ESCAPED or code < 0x20:
            raise WrongUsage(
                "This codepoint escape can be read in two ways, so it is not read at all.",
                expected="\\uXXXX or \\UXXXXXXXX for a character that is not a quote, bracket, space or backslash",
                found=match.group(),
                where=_position(self.source, match.start()),
                todo='Write the character itself (in a text a quote as \\", a backslash as \\\\).',
            )
        return character

    def position(self, at: int) -> str:
        """``line 1, column 5`` in the query as it was sent, for an offset in the decoded text."""
        return _position(self.source, at + self._shifts[bisect_right(self._starts, at) - 1])

    def refuse(self, at: int, message: str, *, expected: str = "", found: str = "", todo: str = "") -> NoReturn:
        """Raise WrongUsage naming the place."""
        raise WrongUsage(message, expected=expected, found=found, where=self.position(at), todo=todo)


def _position(text: str, at: int) -> str:
    before = re.split(r"\r\n|\r|\n", text[:at])
    return f"line {len(before)}, column {len(before[-1]) + 1}"


def tokens(text: Text) -> Iterator[Token]:
    """The tokens of ``text`` without spaces and comments; raises WrongUsage naming line and column."""
    at = 0
    while at < len(text.decoded):
        match = _TOKEN.match(text.decoded, at)
        if match is None or match.lastgroup is None:
            text.refuse(
                at,
                "This is not SPARQL 1.1.",
                expected="a keyword, name, variable, IRI, text, number or bracket",
                found=text.decoded[at : at + 20],
                todo="a text or IRI that is not closed is the usual cause",
            )
        if match.lastgroup != "space":
            token = Token(match.lastgroup, match.group(), at)  # type: ignore[arg-type]  # the group's names are the kinds
            _refuse_hidden(text, token)
            yield token
        at = match.end()


def _refuse_hidden(text: Text, token: Token) -> None:
    """A forbidden word inside a token that another reader could cut in two."""
    if token.kind in ("word", "string"):
        return
    hidden = _HIDDEN.search(token.text)
    if hidden is None or (token.kind in ("variable", "prefixed") and _PLAIN_NAME.fullmatch(token.text)):
        return
    if token.kind == "iri" and ")" not in token.text[: hidden.start()]:
        return
    text.refuse(
        token.at + hidden.start(),
        "This could be read as a SERVICE clause, and a query may not call another server.",
        found=token.text[:100],
        todo="write the full IRI in <>, with brackets percent-encoded, or choose another name",
    )

"""RDF terms as plain Python values, and the one written form of each literal.

Example: ``Literal("098.50", XSD_DECIMAL)`` has the canonical form ``Literal("98.5", XSD_DECIMAL)``.

Canonical forms are those of XML Schema 1.1 part 2 (``98``, not ``98.0``, for a decimal): they are also what an RDF
store gives back after it has read a number into its own representation. Texts are kept as they are, without Unicode
normalisation: a registry does not rewrite what was printed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import TypeAlias

import pyoxigraph

from registry.errors import Unreadable
from registry.namespaces import RDF, XSD

XSD_STRING = XSD + "string"
XSD_BOOLEAN = XSD + "boolean"
XSD_INTEGER = XSD + "integer"
XSD_DECIMAL = XSD + "decimal"
XSD_DATE = XSD + "date"
XSD_DATETIME = XSD + "dateTime"
RDF_LANG_STRING = RDF + "langString"


MAX_DIGITS = 100

_INTEGER = re.compile(r"([+-]?)0*([0-9]+)")
_DECIMAL = re.compile(r"([+-]?)(?:([0-9]+)(?:\.([0-9]*))?|\.([0-9]+))")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DATETIME = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]{1,9}))?"
    r"(?:(Z)|([+-])([0-9]{2}):([0-9]{2}))"
)
_LANGUAGE = re.compile(r"[a-z]{1,8}(?:-[a-z0-9]{1,8})*")
# Unicode category Cc, without tab and line feed.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class IRI(str):
    """An absolute IRI. A plain ``str`` as an object is refused, so that a text is never taken for a link."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"IRI({str(self)!r})"


RDF_TYPE = IRI(RDF + "type")


@dataclass(frozen=True, slots=True, order=True)
class Literal:
    """A value as written, with its datatype; a text with a language has ``language`` and rdf:langString."""

    value: str
    datatype: str = XSD_STRING
    language: str = ""


Object: TypeAlias = IRI | Literal
Triple: TypeAlias = tuple[IRI, IRI, Object]


def literal(value: str | bool | int | Decimal | date | datetime, language: str = "") -> Literal:
    """The canonical literal of a Python value: ``literal(Decimal("98.50"))`` is ``"98.5"^^xsd:decimal``.

    Raises Unreadable for a float (it has no exact decimal form), a time without zone, NaN and infinities.
    """
    if isinstance(value, str):
        return canonical(Literal(value, RDF_LANG_STRING, language) if language else Literal(value))
    if isinstance(value, bool):
        return Literal("true" if value else "false", XSD_BOOLEAN)
    if isinstance(value, int):
        return Literal(str(value), XSD_INTEGER)
    if isinstance(value, Decimal):
        return canonical(Literal(format(value, "f"), XSD_DECIMAL))
    if isinstance(value, datetime):
        return canonical(Literal(value.isoformat(), XSD_DATETIME))
    if isinstance(value, date):
        return Literal(value.isoformat(), XSD_DATE)
    raise Unreadable(
        "This Python value has no exact literal.",
        expected="str, bool, int, Decimal, date or datetime with a zone",
        found=f"{type(value).__name__} {value!r}",
    )


@lru_cache(maxsize=65_536)
def iri(text: str) -> IRI:
    """``text`` as an absolute IRI (RFC 3987); raises Unreadable for a relative or malformed one."""
    try:
        return IRI(pyoxigraph.NamedNode(text).value)
    except ValueError as error:
        raise Unreadable(
            "This is not an absolute IRI.", expected='scheme:… without spaces or <>"{}|^`\\', found=repr(text)[:300]
        ) from error


def canonical(term: Literal) -> Literal:
    """The same value in its one written form; raises Unreadable when the datatype or the form is not admitted."""
    if term.language or term.datatype == RDF_LANG_STRING:
        return _language_text(term)
    if term.datatype == XSD_STRING:
        _refuse_controls(term.value)
        return term
    rule = _RULES.get(term.datatype)
    if rule is None:
        admitted = ", ".join(sorted("xsd:" + name.removeprefix(XSD) for name in (*_RULES, XSD_STRING)))
        raise Unreadable(
            "A record holds no literal of this datatype.",
            expected=f"{admitted}, or a text with a language",
            found=f"{term.value[:100]!r}^^<{term.datatype}>",
        )
    written = rule(term.value)
    if written is None:
        name = term.datatype.removeprefix(XSD)
        raise Unreadable(f"This is not an xsd:{name}.", expected=_EXPECTED[term.datatype], found=repr(term.value[:200]))
    return Literal(written, term.datatype)


def _language_text(term: Literal) -> Literal:
    language = term.language.lower()
    if not _LANGUAGE.fullmatch(language) or term.datatype not in (RDF_LANG_STRING, XSD_STRING):
        raise Unreadable("This is not a language tag.", expected="en, de-ch …", found=repr(term.language[:100]))
    _refuse_controls(term.value)
    return Literal(term.value, RDF_LANG_STRING, language)


def _refuse_controls(text: str) -> None:
    control = _CONTROL.search(text)
    if control:
        raise Unreadable(
            "A text holds a control character.",
            expected="printable characters, tab and line feed",
            found=f"U+{ord(control.group()):04X} at character {control.start() + 1} of {text[:100]!r}",
        )
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise Unreadable(
            "A text holds half a surrogate pair, which is no character.",
            expected="Unicode characters",
            found=f"U+{ord(text[error.start]):04X} at character {error.start + 1}",
        ) from error


def _boolean(text: str) -> str | None:
    return {"true": "true", "1": "true", "false": "false", "0": "false"}.get(text)


def _integer(text: str) -> str | None:
    match = _INTEGER.fullmatch(text)
    if match is None or len(text) > MAX_DIGITS:
        return None
    sign, digits = match.groups()
    return "-" + digits if sign == "-" and digits != "0" else digits


def _decimal(text: str) -> str | None:
    match = _DECIMAL.fullmatch(text)
    if match is None or len(text) > MAX_DIGITS:
        return None
    sign, whole, fraction, bare_fraction = match.groups()
    whole = (whole or "").lstrip("0") or "0"
    fraction = (fraction or bare_fraction or "").rstrip("0")
    digits = f"{whole}.{fraction}" if fraction else whole
    return "-" + digits if sign == "-" and digits != "0" else digits


def _date(text: str) -> str | None:
    if not _DATE.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return None


def _datetime(text: str) -> str | None:
    match = _DATETIME.fullmatch(text)
    if match is None:
        return None
    seconds, fraction, _zulu, sign, hours, minutes = match.groups()
    offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    if offset > timedelta(hours=14) or int(minutes or 0) > 59:
        return None
    try:
        moment = datetime.fromisoformat(seconds).replace(tzinfo=UTC) + (offset if sign == "-" else -offset)
    except (ValueError, OverflowError):
        return None
    fraction = (fraction or "").rstrip("0")
    return moment.strftime("%Y").zfill(4) + moment.strftime("-%m-%dT%H:%M:%S") + (f".{fraction}" * bool(fraction)) + "Z"


_RULES: dict[str, Callable[[str], str | None]] = {
    XSD_BOOLEAN: _boolean,
    XSD_INTEGER: _integer,
    XSD_DECIMAL: _decimal,
    XSD_DATE: _date,
    XSD_DATETIME: _datetime,
}
_EXPECTED = {
    XSD_BOOLEAN: "true or false",
    XSD_INTEGER: f"digits with or without a sign, at most {MAX_DIGITS}",
    XSD_DECIMAL: f"digits with or without a sign and a point, no exponent, at most {MAX_DIGITS}",
    XSD_DATE: "YYYY-MM-DD without a zone",
    XSD_DATETIME: "YYYY-MM-DDThh:mm:ss, at most 9 decimals, and Z or an offset: without one a time is ambiguous",
}

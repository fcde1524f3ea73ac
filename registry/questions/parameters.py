"""Values bound to a question: typed, checked, and written as RDF terms, so that no value is ever read as SPARQL.

    bind(text, (Parameter("marker", "characteristic", "CD105", "The marker."),), {"marker": "CD73"}, resolvers)

puts ``VALUES (?marker) { (<http://purl.obolibrary.org/obo/PR_000001800>) }`` in the place of each
``#@parameters``: a subquery of its own needs its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation

from registry.errors import RegistryError, WrongUsage
from registry.namespaces import XSD, escaped

PLACE = "#@parameters"
LONGEST = 1000
Resolvers = Mapping[str, Callable[[str], str]]
"""For each type whose values are names of things: from the name to the IRI. They raise for a name of nothing."""

_NOT_IN_IRI = re.compile(r'[\x00-\x20<>"{}|\\^`]')
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One variable that a question lets its asker choose. ``default`` is as a person would type it."""

    name: str
    type: str
    default: str
    description: str


def parsed(line: str) -> Parameter:
    """``marker characteristic CD105 The marker.``: name, type, default (quoted when it has spaces), description."""
    match = re.fullmatch(r'(\w+) (\w+) (?:"([^"]*)"|(\S+)) (.+)', line)
    if match is None or match[2] not in TYPES:
        raise WrongUsage("A question's parameter line cannot be read.", expected="name type default text", found=line)
    return Parameter(match[1], match[2], match[3] if match[3] is not None else match[4], match[5])


def bind(text: str, parameters: Sequence[Parameter], given: Mapping[str, str], resolvers: Resolvers) -> str:
    """The question with its ``VALUES`` clause; a parameter that is not given has its default.

    Raises WrongUsage for a parameter that the question does not have and for a value that its type does not admit, and
    what ``resolvers`` raise for a name of nothing.
    """
    known = {parameter.name: parameter for parameter in parameters}
    for name in given:
        if name not in known:
            expected = ", ".join(known) or "no parameter"
            raise WrongUsage("The question has no such parameter.", expected=expected, found=name)
    if not parameters:
        return text
    terms = [_term(parameter, given.get(parameter.name, parameter.default), resolvers) for parameter in parameters]
    names = " ".join(f"?{parameter.name}" for parameter in parameters)
    return text.replace(PLACE, f"VALUES ({names}) {{ ({' '.join(terms)}) }}")


def _term(parameter: Parameter, value: str, resolvers: Resolvers) -> str:
    value = value.strip()
    if len(value) > LONGEST:
        raise _refused(parameter, f"at most {LONGEST:,} characters", f"{len(value):,} characters")
    if parameter.type in LITERALS:
        return LITERALS[parameter.type](parameter, value)
    try:
        return _iri(parameter, resolvers[parameter.type](value))
    except RegistryError as error:
        error.where = error.where or parameter.name
        raise


def _iri(parameter: Parameter, iri: str) -> str:
    if _NOT_IN_IRI.search(iri) or ":" not in iri:
        raise _refused(parameter, "an IRI", iri)
    return f"<{iri}>"


def _text(parameter: Parameter, value: str) -> str:
    if any(ord(letter) < 32 and letter not in "\n\r\t" for letter in value):
        raise _refused(parameter, "text without control characters", repr(value))
    return f'"{escaped(value)}"'


def _integer(parameter: Parameter, value: str) -> str:
    if not _INTEGER.fullmatch(value):
        raise _refused(parameter, "a whole number", value)
    return f'"{int(value)}"^^<{XSD}integer>'


def _decimal(parameter: Parameter, value: str) -> str:
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise _refused(parameter, "a decimal number such as 2.5", value) from None
    if not number.is_finite() or abs(number.adjusted()) > 18:
        raise _refused(parameter, "a decimal number such as 2.5", value)
    return f'"{number:f}"^^<{XSD}decimal>'


def _date(parameter: Parameter, value: str) -> str:
    try:
        day = datetime.now(UTC).date() if value == "today" else date.fromisoformat(value)
    except ValueError:
        raise _refused(parameter, "a date such as 2026-12-01, or today", value) from None
    return f'"{day.isoformat()}"^^<{XSD}date>'


def _refused(parameter: Parameter, expected: str, found: str) -> WrongUsage:
    return WrongUsage(
        f"This value cannot be the {parameter.name} of the question.",
        expected=expected,
        found=found[:100],
        where=parameter.name,
        todo=parameter.description,
    )


LITERALS: Mapping[str, Callable[[Parameter, str], str]] = {
    "text": _text,
    "integer": _integer,
    "decimal": _decimal,
    "date": _date,
}
THINGS = ("characteristic", "cell", "disease", "lot", "product", "specification")
"""Types whose values name a thing: a marker or test, ``CL:…``, ``DOID:…``, a lot, a product, ``ID/VERSION``."""
TYPES = (*LITERALS, *THINGS)

"""The extended marker profile of a cell type, as its ontology reports it in words: information only."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from registry.identifiers import CPR
from registry.vocabulary.facts import Facts, turtle
from registry.vocabulary.term_files import DEFINITION, SOURCE, content


@dataclass(frozen=True, slots=True)
class ProfileLine:
    """One reported marker: its name, the characteristic it is (if it is one), the sense, and what it is worth.

    ``status`` is ``identity``, ``reported``, ``disputed``, ``reported both ways``, ``mouse marker`` or
    ``several molecules``.
    """

    cell_type: str
    name: str
    characteristic: str | None
    positive: bool
    status: str
    note: str
    sources: tuple[str, ...]


@cache
def profile() -> tuple[ProfileLine, ...]:
    """Every line of ``ontology/profile.ttl``, in its order."""
    facts = Facts(turtle(content("profile.ttl")))
    return tuple(_line(facts, line) for line in sorted(facts.of_type(CPR + "ProfileLine")))


@dataclass(frozen=True, slots=True)
class SecretedProduct:
    """One molecule that cultured cells are capable of producing: no marker, and judged by nothing."""

    cell_type: str
    name: str
    note: str
    sources: tuple[str, ...]


@cache
def secreted() -> tuple[SecretedProduct, ...]:
    """Every product in ``ontology/profile.ttl``, in its order."""
    facts = Facts(turtle(content("profile.ttl")))
    return tuple(
        SecretedProduct(
            cell_type=facts.text(product, CPR + "identifies"),
            name=facts.text(product, CPR + "reportedName"),
            note=facts.text(product, DEFINITION),
            sources=tuple(sorted(facts.values(product, SOURCE))),
        )
        for product in sorted(facts.of_type(CPR + "SecretedProduct"))
    )


def _line(facts: Facts, line: str) -> ProfileLine:
    return ProfileLine(
        cell_type=facts.text(line, CPR + "identifies"),
        name=facts.text(line, CPR + "reportedName"),
        characteristic=facts.text(line, CPR + "characteristic") or None,
        positive=facts.text(line, CPR + "sense") == CPR + "Positive",
        status=facts.text(line, CPR + "profileStatus"),
        note=facts.text(line, DEFINITION),
        sources=tuple(sorted(facts.values(line, SOURCE))),
    )

"""What cells a panel's markers point to, beside those it should hold: advice, never a judgement.

    advise(Findings(carries={CD45, CD3}), patterns, kinds, is_a).conclusions     T cell, suspected

Only what was measured counts. A marker that nobody measured is neither there nor absent; to lack CD45RA is not to lack
CD45; a marker found both there and absent is a contradiction, and nothing is concluded from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

Certainty = Literal["classified", "suspected", "phenotype"]
CELL = "http://purl.obolibrary.org/obo/CL_0000000"


@dataclass(frozen=True, slots=True)
class Pattern:
    """What makes a cell be taken for one of a class: its kind, markers it carries and lacks, what it is capable of.

    ``iri`` is the class of ours (a bridge, with its ``source``) or the Cell Ontology's own, defined so. ``points_to``
    are the classes it is taken for: none for a phenotype, which is no class.
    """

    iri: str
    points_to: tuple[str, ...]
    genus: tuple[str, ...]
    carries: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    label: str = ""
    source: str = ""

    @property
    def is_bridge(self) -> bool:
        """True for one of ours, which says what to suspect and not what a cell is."""
        return bool(self.source)


@dataclass(frozen=True, slots=True)
class Findings:
    """What was measured: kinds that are known, markers shown to be there, markers shown to be absent, functions."""

    types: frozenset[str] = frozenset({CELL})
    carries: frozenset[str] = frozenset()
    lacks: frozenset[str] = frozenset()
    functions: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Conclusion:
    """One pattern that the findings fit, with the markers that it rests on."""

    pattern: Pattern
    certainty: Certainty
    because: tuple[str, ...]
    absent: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Open:
    """A pattern that nothing measured speaks against, and the markers that would decide it."""

    pattern: Pattern
    because: tuple[str, ...]
    unmeasured: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Advice:
    """Everything that the findings point to. With a contradiction there is nothing else: the findings are rejected."""

    contradictions: tuple[str, ...] = ()
    conclusions: tuple[Conclusion, ...] = ()
    undecided: tuple[Open, ...] = ()


@dataclass
class _State:
    types: set[str]
    suspected: set[str] = field(default_factory=set)


IsA = Callable[[str, str], bool]


def advise(findings: Findings, patterns: Iterable[Pattern], kinds: Mapping[str, frozenset[str]], is_a: IsA) -> Advice:
    """What the findings point to. ``kinds`` gives, for a marker, the markers that it is a kind of (CD45RA: CD45)."""
    there = present(findings.carries, kinds)
    contradictions = tuple(sorted(there & findings.lacks))
    if contradictions:
        return Advice(contradictions)
    everything = tuple(patterns)
    fitting = _fitting(findings, there, everything, is_a)
    open_ = [pattern for pattern in (_open(each, findings, there, is_a) for each in everything) if pattern is not None]
    return Advice((), _most_specific(fitting, is_a), tuple(open_))


def present(carries: Iterable[str], kinds: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """The markers that are there, those that they are kinds of included."""
    shown = frozenset(carries)
    return shown.union(*(kinds.get(marker, frozenset()) for marker in shown))


def _fitting(findings: Findings, there: frozenset[str], patterns: tuple[Pattern, ...], is_a: IsA) -> list[Conclusion]:
    """Every pattern that fits; what one points to may be the kind that another asks for."""
    state = _State(set(findings.types))
    left, conclusions = list(patterns), list[Conclusion]()
    while True:
        fitting = [pattern for pattern in left if _fits(pattern, findings, there, state.types, is_a)]
        if not fitting:
            return conclusions
        for pattern in fitting:
            left.remove(pattern)
            certainty = _certainty(pattern, findings, state, is_a)
            conclusions.append(Conclusion(pattern, certainty, pattern.carries, pattern.lacks))
            new = set(pattern.points_to) - state.types
            state.types |= new
            state.suspected |= new if certainty == "suspected" else set()


def _fits(pattern: Pattern, findings: Findings, there: frozenset[str], types: set[str], is_a: IsA) -> bool:
    markers = (
        set(pattern.carries) <= there
        and set(pattern.lacks) <= findings.lacks
        and bool(pattern.carries or pattern.lacks)
    )
    return markers and all(any(is_a(each, genus) for each in types) for genus in pattern.genus)


def _certainty(pattern: Pattern, findings: Findings, state: _State, is_a: IsA) -> Certainty:
    if not pattern.points_to:
        return "phenotype"
    sure = state.types - state.suspected
    known = all(any(is_a(each, genus) for each in sure) for genus in pattern.genus)
    whole = set(pattern.functions) <= findings.functions
    return "classified" if known and whole and not pattern.is_bridge else "suspected"


def _most_specific(conclusions: list[Conclusion], is_a: IsA) -> tuple[Conclusion, ...]:
    """Without those that only say less than another does."""
    named = {iri for conclusion in conclusions for iri in conclusion.pattern.points_to}

    def says_less(conclusion: Conclusion) -> bool:
        mine = conclusion.pattern.points_to
        return bool(mine) and all(any(other != iri and is_a(other, iri) for other in named) for iri in mine)

    return tuple(conclusion for conclusion in conclusions if not says_less(conclusion))


def _open(pattern: Pattern, findings: Findings, there: frozenset[str], is_a: IsA) -> Open | None:
    """A bridge or phenotype some of whose markers are shown, none refuted, and some unmeasured."""
    if (pattern.points_to and not pattern.is_bridge) or not all(
        any(is_a(t, g) for t in findings.types) for g in pattern.genus
    ):
        return None
    refuted = set(pattern.carries) & findings.lacks or set(pattern.lacks) & there
    shown = [marker for marker in pattern.carries if marker in there]
    unmeasured = [marker for marker in pattern.carries if marker not in there]
    unmeasured += [marker for marker in pattern.lacks if marker not in findings.lacks]
    if refuted or not shown or not unmeasured:
        return None
    return Open(pattern, tuple(shown), tuple(unmeasured))

"""The borrowed classes (CL, DO) and what stands under what, by the inferred hierarchy that the slices carry."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cached_property

from registry.vocabulary.values import Term


class Hierarchy:
    """Classes by IRI, with the closure of their parents. Reflexive: a class is among its own ancestors."""

    def __init__(self, terms: Mapping[str, Term]) -> None:
        self.terms = terms
        self._ancestors: dict[str, frozenset[str]] = {}

    def ancestors(self, iri: str) -> frozenset[str]:
        """The class and everything above it; empty if it is not in the slice."""
        if iri not in self.terms:
            return frozenset()
        if iri not in self._ancestors:
            seen, pending = {iri}, [iri]
            while pending:
                new = {parent for parent in self.terms[pending.pop()].parents if parent in self.terms} - seen
                seen |= new
                pending += new
            self._ancestors[iri] = frozenset(seen)
        return self._ancestors[iri]

    def descendants(self, iri: str) -> frozenset[str]:
        """The class and everything below it; empty if it is not in the slice."""
        if iri not in self.terms:
            return frozenset()
        seen, pending = {iri}, [iri]
        while pending:
            new = set(self._children.get(pending.pop(), ())) - seen
            seen |= new
            pending += new
        return frozenset(seen)

    def children(self, iri: str) -> tuple[str, ...]:
        """The classes that stand directly below, by IRI."""
        return tuple(sorted(self._children.get(iri, ())))

    @cached_property
    def _children(self) -> Mapping[str, list[str]]:
        below: dict[str, list[str]] = {}
        for child, term in self.terms.items():
            for parent in term.parents:
                below.setdefault(parent, []).append(child)
        return below

    def search(self, text: str) -> tuple[Term, ...]:
        """Current terms named by ``text`` first, then those one of whose names holds every word of it."""
        words = re.findall(r"\w+", text.casefold())
        if not words:
            return ()
        phrase = " ".join(words)
        hits = [term for term in self.terms.values() if not term.obsolete and _rank(term, phrase, words) < 3]
        return tuple(sorted(hits, key=lambda term: (_rank(term, phrase, words), term.label.casefold())))

    def named(self, text: str) -> tuple[Term, ...]:
        """Current terms whose label or id the text is; else those of which it is a synonym."""
        words = re.findall(r"\w+", text.casefold())
        phrase = " ".join(words)
        ranked = [(_rank(term, phrase, words), term) for term in self.search(text)]
        best = min((rank for rank, _term in ranked), default=2)
        return tuple(term for rank, term in ranked if rank == best) if best < 2 else ()


def _rank(term: Term, phrase: str, words: Iterable[str]) -> int:
    """0: the label or id itself, 1: a synonym itself, 2: a name holds every word from its beginning, 3: neither."""
    label, *synonyms = (" ".join(re.findall(r"\w+", name.casefold())) for name in (term.label, *term.synonyms))
    if phrase in {label, " ".join(re.findall(r"\w+", term.curie.casefold()))}:
        return 0
    if phrase in synonyms:
        return 1
    return 2 if any(all(f" {word}" in f" {name}" for word in words) for name in (label, *synonyms)) else 3

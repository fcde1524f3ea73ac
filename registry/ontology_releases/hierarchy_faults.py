"""What is wrong with a release's hierarchy, whatever it says: rings, parents that are not there, ids used twice.

No release of the Cell or Disease Ontology that was tried has any of these; a file that has is broken, or made up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from registry.ontology_releases.names import Triples, curie_of
from registry.ontology_releases.reasoning.closure import Closure
from registry.ontology_releases.slices.classes import Class
from registry.ontology_releases.slices.merged_ids import alternatives

SHOWN = 5


def faults(classes: Mapping[str, Class], closure: Closure, triples: Triples, prefix: str) -> Iterator[str]:
    """One sentence for each kind of fault and term, each kind's first few by name and the rest by number."""
    yield from _few(list(_rings(classes, closure)), "more rings")
    yield from _few(list(_missing_parents(classes, closure, prefix)), "more terms have a parent that is not there")
    yield from _few(list(_used_twice(classes, triples, prefix)), "more ids are used twice")


def _few(sentences: list[str], rest: str) -> Iterator[str]:
    yield from sentences[:SHOWN]
    if len(sentences) > SHOWN:
        yield f"And {len(sentences) - SHOWN} {rest}."


def _rings(classes: Mapping[str, Class], closure: Closure) -> Iterator[str]:
    """Terms each of which stands under the other, or under itself, without their being defined as the same."""
    told: set[str] = set()
    for iri in sorted(classes):
        ring = sorted(
            above for above in closure.subsumers.get(iri, ())
            if above in classes and above != iri and iri in closure.subsumers.get(above, ())
        )  # fmt: skip
        if ring and iri not in told:
            told |= {iri, *ring}
            names = ", ".join(curie_of(each) for each in (iri, *ring))
            yield f"Each of {names} stands under the other: a ring has no place in the hierarchy."
        if iri in closure.axioms.below.get(iri, ()):
            yield f"{curie_of(iri)} is said to be a kind of itself."


def _missing_parents(classes: Mapping[str, Class], closure: Closure, prefix: str) -> Iterator[str]:
    given = closure.axioms
    for iri, term in classes.items():
        if term.deprecated:
            continue
        parts = {part for above in given.below.get(iri, ()) for part in given.conjuncts(above)}
        for parent in sorted(part for part in parts if part.startswith(prefix)):
            name = f"{curie_of(iri)} {term.label}".strip()
            if parent not in classes:
                yield f"{name} stands under {curie_of(parent)}, which is not in the release."
            elif classes[parent].deprecated:
                yield f"{name} stands under {curie_of(parent)}, which is obsolete."


def _used_twice(classes: Mapping[str, Class], triples: Triples, prefix: str) -> Iterator[str]:
    """Ids that are a current term and were merged into another one as well."""
    for iri, terms in alternatives(triples, prefix).items():
        known = classes.get(iri)
        if known is not None and not known.deprecated:
            yield f"{curie_of(iri)} {known.label} is current, and said to be merged into {curie_of(terms[0])}."

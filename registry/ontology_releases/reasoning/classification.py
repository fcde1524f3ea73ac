"""What a release implies of the cells that matter here, together with our bridges: by HermiT, or by our own closure.

Unsatisfiable classes and inferred superclasses decide whether a release is let in, each refusal with the axioms that
it rests on. Of the Disease Ontology, a plain hierarchy, owlready2 looks at what is told.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field

from registry.identifiers import CPR, OBO
from registry.judgement.contaminants import CELL
from registry.namespaces import OWL, RDF
from registry.ontology_releases.names import (
    CARRIES,
    HUMAN,
    IN_TAXON,
    LACKS,
    RDF_TYPE,
    SUB_PROPERTY,
    Triples,
    curie_of,
)
from registry.ontology_releases.parser import turtle
from registry.ontology_releases.reasoning import hermit
from registry.ontology_releases.reasoning.closure import NOTHING, Closure, axioms
from registry.ontology_releases.reasoning.justification import because
from registry.ontology_releases.reasoning.module import Statement, module, statements
from registry.ontology_releases.slices.patterns import bridge_triples
from registry.vocabulary.sentinel_terms import DISEASE_SENTINELS, SENTINELS
from registry.vocabulary.term_files import content

PROBE = CPR + "any-human-cell"
MSC = OBO + "CL_0000134"
# What no human cell carries or lacks merely for being human: the six markers of the mesenchymal cell's identity.
_SIX = (*(f"PR_00000{number}" for number in ("1800", "1843", "1345", "1006", "1003")), "GO_0042613")
_FACTS = {
    f"{CPR}any-that-{verb}-{marker}": (relation, verb, OBO + marker)
    for relation, verb in ((CARRIES, "carries"), (LACKS, "lacks"))
    for marker in _SIX
}
Name = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Classification:
    """Who classified, in how long, what: the superclasses of each class of the module; and what is told wrongly."""

    reasoner: str
    note: str
    seconds: float
    axioms: int
    above: dict[str, frozenset[str]]
    told: tuple[str, ...] = ()
    statements: tuple[Statement, ...] = field(default=(), repr=False)

    def sentences(self) -> tuple[str, ...]:
        """What a person is told of it: who, how much, how long, and what was left out."""
        above = sorted(curie_of(iri) for iri in self.above.get(MSC, ()) if _is_class_here(iri) and iri != MSC)
        stands = f"CL:0000134 stands under {', '.join(above)}." if above else ""
        how = f"{self.reasoner} classified {self.axioms} axioms around the mesenchymal cell in {self.seconds:.1f} s."
        return tuple(filter(None, (how if self.axioms else "", stands, self.note)))


def classify(
    ontology: str, triples: Triples, permitted: Collection[str] = (), *, java: bool | None = None
) -> Classification:
    """What the triples of a release imply. ``java``: whether HermiT does it; where there is one, unless said otherwise.

    Raises what ``hermit.ask`` raises.
    """
    begun = time.monotonic()
    with_java = hermit.is_here() if java is None else java
    if ontology != "cl":
        told = hermit.ask(triples, (), (), DISEASE_SENTINELS, java=False).told
        note = "owlready2 looked at the hierarchy as it is told: the Disease Ontology has nothing to infer."
        return Classification("owlready2", note, time.monotonic() - begun, 0, {}, told)
    around = _around(triples, permitted)
    declared = _declared(around)
    names = sorted({name for statement in around for name in statement.names if _is_class_here(name)} | {PROBE})
    answer = hermit.ask(triples, declared, names, SENTINELS, java=with_java)
    if with_java:
        by, note, above = "HermiT", "", answer.above
    else:
        by, above = "The program's own closure", _by_closure(declared, names)
        note = "No Java is here: what follows from complements and universal restrictions was not looked at."
    return Classification(by, note, time.monotonic() - begun, len(around), above, answer.told, tuple(around))


def packaged_axioms() -> Triples:
    """The logical axioms of the Cell Ontology that the program carries."""
    return turtle(content("borrowed/cl-axioms.ttl"))


def _is_class_here(name: str) -> bool:
    return name.startswith((OBO + "CL_", CPR))


def _around(triples: Triples, permitted: Collection[str]) -> list[Statement]:
    """The module around the mesenchymal cell and what it must not be, with our bridges and the probe."""
    seeds = {OBO + name for child, ancestor, _expected in SENTINELS for name in (child, ancestor)}
    seeds |= {*permitted, MSC, CELL, HUMAN, IN_TAXON}
    bridges = statements(bridge_triples())
    seeds |= {name for bridge in bridges for name in bridge.names}
    return module([*statements(triples), *bridges, *statements(_probes())], seeds | {PROBE, *_FACTS})


def _probes() -> list[tuple[str, str, str]]:
    """Any human cell, as a class of ours: nothing may follow of it, least of all one of these facts."""
    both, taxon, first, second = "_:probe-both", "_:probe-taxon", "_:probe-first", "_:probe-second"
    facts = [
        triple
        for number, (iri, (relation, _verb, marker)) in enumerate(_FACTS.items())
        for triple in (
            (iri, OWL + "equivalentClass", f"_:probe-{number}"),
            (f"_:probe-{number}", RDF_TYPE, OWL + "Restriction"),
            (f"_:probe-{number}", OWL + "onProperty", relation),
            (f"_:probe-{number}", OWL + "someValuesFrom", marker),
        )
    ]
    return [
        *facts,
        (PROBE, OWL + "equivalentClass", both),
        (both, OWL + "intersectionOf", first),
        (first, RDF + "first", CELL),
        (first, RDF + "rest", second),
        (second, RDF + "first", taxon),
        (second, RDF + "rest", RDF + "nil"),
        (taxon, RDF_TYPE, OWL + "Restriction"),
        (taxon, OWL + "onProperty", IN_TAXON),
        (taxon, OWL + "someValuesFrom", HUMAN),
    ]


def _declared(around: list[Statement]) -> list[tuple[str, str, str]]:
    """The axioms with what HermiT needs beside them: which names are classes and which relations."""
    triples = [triple for statement in around for triple in statement.triples]
    relations = {value for _subject, predicate, value in triples if predicate == OWL + "onProperty"}
    relations |= {name for s, p, o in triples if p == SUB_PROPERTY for name in (s, o)}
    classes = {name for statement in around for name in statement.names} - relations
    expressions = {s for s, p, _o in triples if p in {OWL + "intersectionOf", OWL + "unionOf", OWL + "complementOf"}}
    kinds = [(name, RDF_TYPE, OWL + "ObjectProperty") for name in sorted(relations)]
    kinds += [(name, RDF_TYPE, OWL + "Class") for name in sorted(classes | expressions) if not name.startswith(OWL)]
    return list(dict.fromkeys([*kinds, *triples]))


def _by_closure(triples: Triples, names: Collection[str]) -> dict[str, frozenset[str]]:
    closure = Closure(axioms(triples), names)
    named = closure.axioms.is_named
    return {name: frozenset(above for above in closure.subsumers[name] if named(above)) for name in names}


def refusals(inferred: Classification, name: Name) -> Iterator[str]:
    """What the classification refuses the release for, each with the axioms that it follows from."""
    by = "as HermiT infers" if inferred.reasoner == "HermiT" else "as it follows"
    for term, above in sorted(inferred.above.items()):
        if NOTHING in above:
            yield f"{name(term)} can have no instance, {by} from: {_axioms(inferred, term, NOTHING, name)}."
    for child, ancestor, expected in SENTINELS if inferred.axioms else ():
        above = inferred.above.get(OBO + child, frozenset())
        if NOTHING in above or not above or (OBO + ancestor in above) == expected:
            continue
        if expected:
            yield f"{name(OBO + child)} does not stand under {name(OBO + ancestor)}, {by} from all that is said of it."
        else:
            why = _axioms(inferred, OBO + child, OBO + ancestor, name)
            yield f"{name(OBO + child)} stands under {name(OBO + ancestor)}, {by} from: {why}."
    yield from _of_any_human_cell(inferred, name, by)
    yield from (f"owlready2 reads: {sentence}" for sentence in inferred.told)


def _of_any_human_cell(inferred: Classification, name: Name, by: str) -> Iterator[str]:
    above = inferred.above.get(PROBE, frozenset())
    harmless = inferred.above.get(CELL, frozenset()) | {PROBE, CELL, OWL + "Thing"}
    by_axioms: dict[str, list[str]] = {}
    for wrong in sorted(above - harmless) if NOTHING not in above else ():
        if _is_class_here(wrong):
            _relation, verb, marker = _FACTS.get(wrong, ("", "is a", wrong))
            why = _axioms(inferred, PROBE, wrong, name, but=wrong)
            by_axioms.setdefault(why, []).append(f"{verb} {name(marker)}")
    for why, wrongs in by_axioms.items():
        yield f"Every human cell {', '.join(wrongs)}, {by} from: {why}."


def _axioms(inferred: Classification, child: str, ancestor: str, name: Name, but: str = "") -> str:
    """The axioms in words; those that only say what a probe of ours is are left out."""
    probes = {PROBE, but} & {PROBE, *_FACTS}
    return "; ".join(because(inferred.statements, child, ancestor, name, without=probes))

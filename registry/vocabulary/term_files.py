"""From the files of ``ontology/`` to values. The only place that knows which property says what."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from importlib.resources import files

from registry.domain import Interval
from registry.identifiers import CPR, OBO
from registry.vocabulary import ntriples as lines
from registry.vocabulary.facts import RDF_TYPE, Facts, turtle
from registry.vocabulary.values import Characteristic, Cocktail, IdentityMarker, Kind, Outcome, Term, Unit

RDFS = "http://www.w3.org/2000/01/rdf-schema#"
LABEL, SUB_CLASS = RDFS + "label", RDFS + "subClassOf"
OWL = "http://www.w3.org/2002/07/owl#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
DEFINITION = SKOS + "definition"
SOURCE = "http://purl.org/dc/terms/source"
OBO_IN_OWL = "http://www.geneontology.org/formats/oboInOwl#"
XREF = OBO_IN_OWL + "hasDbXref"
REPLACED_BY = OBO + "IAO_0100001"

NAMED_FILES = (
    *("kinds", "markers", "cd_antigens", "epitopes", "tests", "outcomes", "units", "stages"),
    *("populations", "cocktails", "identity", "cell_types", "diseases"),
)
OWN_FILES = ("product", *NAMED_FILES, "profile", "mechanisms")
BORROWED_FILES = ("cl", "cl-definitions", "doid", "doid-definitions", "terms")
_KINDS: dict[str, Kind] = {
    "SurfaceMarker": "surface marker",
    "IntracellularMarker": "intracellular marker",
    "CompositeMarker": "composite marker",
}
_CURIE = re.compile(r"([A-Za-z]+):([\w-]+)")
_SYNONYMS = ("hasExactSynonym", "hasRelatedSynonym", "hasNarrowSynonym", "hasBroadSynonym")


def content(name: str) -> bytes:
    """The bytes of one file of ``ontology/``: ``markers.ttl``, ``borrowed/cl.ttl``."""
    return files("ontology").joinpath(*name.split("/")).read_bytes()


@cache
def own() -> Facts:
    """What names are resolved by, parsed once: all of ours but the vocabulary of records."""
    return Facts(triple for name in NAMED_FILES for triple in turtle(content(f"{name}.ttl")))


def borrowed(name: str) -> Facts:
    """One borrowed slice, parsed now: ``cl`` or ``doid``."""
    return Facts(turtle(content(f"borrowed/{name}.ttl")))


@cache
def other_names() -> dict[str, str]:
    """What tissues, lines, species, assays and mechanisms are called, by IRI: of each nothing but its name is kept."""
    known = borrowed("terms").about | named_alone().about
    return {term: properties[LABEL][0] for term, properties in known.items() if LABEL in properties}


@cache
def named_alone() -> Facts:
    """Mechanisms and types of evidence, of which nothing but the name is borrowed."""
    return Facts(turtle(content("mechanisms.ttl")))


def _texts(facts: Facts, subject: str, predicate: str) -> tuple[str, ...]:
    return tuple(sorted(facts.values(subject, predicate)))


def _names(facts: Facts, subject: str, *first: str) -> tuple[str, ...]:
    """The preferred names first, then the other printed ones, none twice."""
    return tuple(dict.fromkeys([*filter(None, first), *_texts(facts, subject, CPR + "printedAs")]))


def _number(facts: Facts, subject: str, predicate: str) -> Decimal | None:
    value = facts.text(subject, predicate)
    if not value:
        return None
    number = Decimal(value)
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number


def units() -> Iterator[Unit]:
    """Every unit."""
    facts = own()
    for unit in facts.of_type(CPR + "Unit"):
        symbol, label = facts.text(unit, CPR + "symbol"), facts.text(unit, LABEL)
        factor = _number(facts, unit, CPR + "factor")
        quantity = facts.text(unit, CPR + "quantity")
        yield Unit(unit, symbol, _names(facts, unit, symbol, label), quantity, factor or Decimal(1))


def characteristics(*, of_recipients: bool = False) -> Iterator[Characteristic]:
    """Every marker and test of lots, or every outcome measure of recipients, with what its kind says of all of it."""
    facts = own()
    outcomes = {iri: _outcome(facts, iri) for iri in facts.of_type(CPR + "Outcome")}
    measured = set(facts.having(CPR + "symbol")) - set(facts.of_type(CPR + "Unit"))
    for iri in sorted(measured):
        kinds = _kinds(facts, tuple(facts.values(iri, RDF_TYPE)))
        if not _measured_on(kinds, of_recipients):
            continue
        symbol, label = facts.text(iri, CPR + "symbol"), facts.text(iri, LABEL)
        yield Characteristic(
            iri=iri,
            symbol=symbol,
            label=label,
            names=_names(facts, iri, symbol, label),
            kind=next((_KINDS[name] for kind in kinds if (name := kind.removeprefix(CPR)) in _KINDS), "test"),
            range=_range(facts, _stated(facts, iri, kinds, CPR + "range")),
            units=tuple(_stated(facts, iri, kinds, CPR + "admitsUnit")),
            outcomes=tuple(outcomes[name] for name in _stated(facts, iri, kinds, CPR + "admitsOutcome")),
            free_text="true" in _stated(facts, iri, kinds, CPR + "admitsFreeText"),
            evidence_for=_texts(facts, iri, CPR + "evidenceFor"),
            xrefs=_texts(facts, iri, XREF),
            better=facts.text(iri, CPR + "betterWhen"),
            in_part_for=_texts(facts, iri, CPR + "evidenceInPartFor"),
        )


def _measured_on(kinds: list[str], recipients: bool) -> bool:
    """Whether these kinds are seen of recipients, or of lots; what specifications ask for is both."""
    outcome = CPR + "OutcomeMeasure" in kinds
    return outcome if recipients else not outcome or CPR + "Test" in kinds


def _kinds(facts: Facts, kinds: tuple[str, ...]) -> list[str]:
    """These kinds and the kinds above them, nearest first."""
    pending, nearest = list(kinds), list[str]()
    while pending:
        kind = pending.pop(0)
        nearest.append(kind)
        pending += facts.values(kind, SUB_CLASS)
    return nearest


def _stated(facts: Facts, iri: str, kinds: list[str], predicate: str) -> list[str]:
    """What is said of the term itself, base unit first, and after it what its kinds say of each of theirs."""

    def order(value: str) -> tuple[Decimal, str]:
        return abs((_number(facts, value, CPR + "factor") or Decimal(1)).ln()), value

    stated = (facts.values(node, predicate) for node in (iri, *kinds))
    return list(dict.fromkeys(value for values in stated for value in sorted(values, key=order)))


def _outcome(facts: Facts, iri: str) -> Outcome:
    label = facts.text(iri, LABEL)
    return Outcome(iri, label, _names(facts, iri, label))


def _range(facts: Facts, ranges: list[str]) -> Interval | None:
    if not ranges:
        return None
    return Interval(_number(facts, ranges[0], CPR + "minimum"), _number(facts, ranges[0], CPR + "maximum"))


def ambiguous_names() -> Iterator[tuple[tuple[str, ...], str, tuple[str, ...]]]:
    """Names that are refused: the names, the reason, the IRIs to choose from."""
    facts = own()
    for iri in facts.of_type(CPR + "AmbiguousName"):
        why = facts.text(iri, DEFINITION)
        yield _texts(facts, iri, CPR + "printedAs"), why, _texts(facts, iri, CPR + "choice")


def stages() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Every stage: IRI, label, printed names."""
    facts = own()
    for iri in sorted(facts.of_type(CPR + "Stage")):
        label = facts.text(iri, LABEL)
        yield iri, label, _names(facts, iri, label)


def cocktails() -> Iterator[Cocktail]:
    """Every declared cocktail."""
    facts = own()
    for iri in sorted(facts.of_type(CPR + "DeclaredCocktail")):
        members = frozenset(_texts(facts, iri, CPR + "member"))
        yield Cocktail(iri, facts.text(iri, LABEL), members, facts.text(iri, SOURCE))


def identity() -> dict[str, tuple[IdentityMarker, ...]]:
    """For each cell type that is identified by markers: which, and in which sense; positive ones first."""
    facts = own()
    identified: dict[str, list[IdentityMarker]] = {}
    for iri in facts.of_type(CPR + "IdentityMarker"):
        positive = facts.text(iri, CPR + "sense") == CPR + "Positive"
        marker = IdentityMarker(facts.text(iri, CPR + "characteristic"), "positive" if positive else "negative")
        identified.setdefault(facts.text(iri, CPR + "identifies"), []).append(marker)
    return {
        cell: tuple(sorted(markers, key=lambda marker: (marker.sense != "positive", marker.characteristic)))
        for cell, markers in identified.items()
    }


def permitted_cell_types() -> tuple[str, ...]:
    """The IRIs of the cell types that a product may carry."""
    return _texts(own(), CPR + "PermittedCellTypes", CPR + "lists")


def own_names() -> dict[str, tuple[str, ...]]:
    """The names that ``diseases.ttl`` gives to classes of the borrowed ontologies, by IRI."""
    return {iri: _texts(own(), iri, SKOS + "altLabel") for iri in own().having(SKOS + "altLabel")}


def packaged_classes(name: str) -> dict[str, Term]:
    """Every class of the packaged slice (``cl`` or ``doid``) by IRI, obsolete ones included."""
    return _classes(Facts(packaged_triples(name)))


def packaged_triples(name: str) -> Iterator[tuple[str, str, str]]:
    """What the packaged slice (``cl`` or ``doid``) says, and what the ontology says of it in words."""
    for file in (name, f"{name}-definitions"):
        yield from turtle(content(f"borrowed/{file}.ttl"))


def loaded_classes(ntriples: bytes) -> dict[str, Term]:
    """Every class of a slice of a loaded release (``registry.ontology_releases.slices.slices``) by IRI."""
    return _classes(Facts(lines.read(ntriples)))


def _classes(facts: Facts) -> dict[str, Term]:
    return {iri: _class(iri, facts.about[iri]) for iri in facts.of_type(OWL + "Class")}


def _class(iri: str, about: dict[str, list[str]]) -> Term:
    label = min(about.get(LABEL, [""])) or "obsolete, without a name"
    synonyms = {text for kind in _SYNONYMS for text in about.get(OBO_IN_OWL + kind, ())}
    synonyms |= set(own().values(iri, SKOS + "altLabel"))
    return Term(
        iri=iri,
        curie=curie(iri),
        label=label,
        synonyms=tuple(sorted(synonyms - {label}, key=str.casefold)),
        parents=tuple(sorted(about.get(SUB_CLASS, ()))),
        obsolete=OWL + "deprecated" in about,
        replaced_by=min(about.get(REPLACED_BY, ()), default=None),
        xrefs=tuple(sorted(about.get(XREF, ()))),
        consider=tuple(sorted(about.get(OBO_IN_OWL + "consider", ()))),
        definition=min(about.get(OBO + "IAO_0000115", [""])),
    )


def curie(iri: str) -> str:
    """The short form: ``CL:0000134``, ``cpr:CD79a``; the IRI itself when it has none."""
    if iri.startswith(OBO):
        return iri.removeprefix(OBO).replace("_", ":", 1)
    return f"cpr:{iri.removeprefix(CPR)}" if iri.startswith(CPR) else iri


def expanded(curie_or_iri: str) -> str:
    """The IRI of a short form; anything else stays what it is."""
    parts = _CURIE.fullmatch(curie_or_iri.strip())
    if parts is None:
        return curie_or_iri.strip()
    prefix, local = parts.groups()
    return f"{CPR}{local}" if prefix == "cpr" else f"{OBO}{prefix}_{local}"

"""Everything about one term: what it is, where it stands, what our specifications ask of it, and who uses it."""

from __future__ import annotations

from dataclasses import dataclass

from registry.errors import Unknown
from registry.identifiers import CPR, OBO
from registry.judgement import combination
from registry.namespaces import OWL, RDFS
from registry.ontology_releases.parser import PREFIXES
from registry.records import IRI, RDF_TYPE, Triple, literal
from registry.services.answers import Answer, TermRef
from registry.services.context import Parts
from registry.services.ontologies.replacements import reference, resolution
from registry.services.ontologies.usage import NOBODY, Usage, using
from registry.specifications import shipped
from registry.vocabulary import Characteristic, Term, expanded
from registry.vocabulary.profile import profile

OIO = "http://www.geneontology.org/formats/oboInOwl#"


@dataclass(frozen=True, slots=True)
class Asked(Answer):
    """What one specification asks: of a marker its own criterion, of a cell type the criteria for its identity."""

    specification: str
    title: str
    criterion: str
    characteristic: str
    expected: str
    standing: str


@dataclass(frozen=True, slots=True)
class Reported(Answer):
    """One line of the extended profile: informative only, with what it is worth."""

    name: str
    sense: str
    term: TermRef | None
    status: str
    note: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TermAnswer(Answer):
    """A term. ``ancestors`` are nearest first, ``children`` direct; ``became`` says what an obsolete one became."""

    id: str
    iri: str
    label: str
    kind: str
    obsolete: bool
    became: str
    synonyms: tuple[str, ...]
    xrefs: tuple[str, ...]
    parents: tuple[TermRef, ...]
    ancestors: tuple[TermRef, ...]
    children: tuple[TermRef, ...]
    descendants: int
    permitted: bool
    carries: tuple[TermRef, ...]
    lacks: tuple[TermRef, ...]
    asked: tuple[Asked, ...]
    profile: tuple[Reported, ...]
    used_by: Usage
    release: str


@dataclass(frozen=True, slots=True)
class TermLine(Answer):
    """A term in a list, with the name that was found."""

    id: str
    label: str
    kind: str
    matched: str


def term_answer(parts: Parts, curie: str) -> TermAnswer:
    """Everything about a cell type, disease or characteristic; raises Unknown with what is near."""
    iri = expanded(curie)
    term = parts.terms.any_term(iri)
    if term is not None:
        return _class(parts, term)
    characteristic = parts.terms.characteristics.get(iri)
    if characteristic is not None:
        return _marker(parts, characteristic)
    raise Unknown(
        f"There is no term {curie} here.",
        expected="a cell type (CL:…), a disease (DOID:…), or a marker or test of ours",
        found=curie,
        todo="Search for it by name.",
    )


def _refs(parts: Parts, iris: list[str]) -> tuple[TermRef, ...]:
    return tuple(reference(parts, iri) for iri in iris)


def _class(parts: Parts, term: Term) -> TermAnswer:
    terms = parts.terms
    ontology = next(name for name, prefix in PREFIXES.items() if term.iri.startswith(prefix))
    made = parts.current.slice(ontology)
    became = resolution(parts, term.iri) if term.obsolete else None
    to = reference(parts, became.to).label if became and became.to else ""
    below = terms.descendants(term.iri) - {term.iri}
    surface = made.classes[term.iri].surface if term.iri in made.classes else ()
    return TermAnswer(
        id=term.curie,
        iri=term.iri,
        label=term.label,
        kind="cell type" if ontology == "cl" else "disease",
        obsolete=term.obsolete,
        became=became.sentence(to) if became else "",
        synonyms=term.synonyms,
        xrefs=term.xrefs,
        parents=_refs(parts, list(term.parents)),
        ancestors=_refs(parts, _upwards(parts, term)),
        children=_refs(parts, list(terms.children(term.iri))),
        descendants=len(below),
        permitted=term.iri in terms.permitted_iris(),
        carries=_surface(parts, [marker for fact, marker in surface if fact == CPR + "carries"]),
        lacks=_surface(parts, [marker for fact, marker in surface if fact == CPR + "lacks"]),
        asked=_asked_of_cell(parts, term.iri),
        profile=_profile(parts, term.iri),
        used_by=using(parts, term.iri),
        release=made.date or made.version,
    )


def _upwards(parts: Parts, term: Term) -> list[str]:
    """Everything above, nearest first, each once."""
    found: list[str] = []
    pending = list(term.parents)
    while pending:
        iri = pending.pop(0)
        above = parts.terms.any_term(iri)
        if iri not in found and above is not None:
            found.append(iri)
            pending += above.parents
    return found


def _surface(parts: Parts, markers: list[str]) -> tuple[TermRef, ...]:
    labels = parts.current.slice("cl").labels
    ours = parts.terms.characteristics
    return tuple(
        TermRef(parts.terms.curie(iri), ours[iri].symbol if iri in ours else labels.get(iri, ""))
        for iri in sorted(set(markers))
    )


def _asked_of_cell(parts: Parts, cell_type: str) -> tuple[Asked, ...]:
    """What the shipped specifications ask of the markers that identify a cell type."""
    wanted = {marker.characteristic for marker in parts.terms.identity_of(cell_type)}
    return _asked(parts, wanted)


def _asked(parts: Parts, characteristics: set[str]) -> tuple[Asked, ...]:
    if not characteristics:
        return ()
    return tuple(
        Asked(
            specification=f"{one.id}@{one.version}",
            title=one.title,
            criterion=criterion.id,
            characteristic=parts.terms.label(criterion.characteristic),
            expected=combination.expected_text(criterion, parts.terms),
            standing=criterion.standing,
        )
        for one in shipped()
        for criterion in one.criteria
        if criterion.characteristic in characteristics
    )


def _profile(parts: Parts, cell_type: str) -> tuple[Reported, ...]:
    return tuple(
        Reported(
            name=line.name,
            sense="positive" if line.positive else "negative",
            term=TermRef(parts.terms.curie(line.characteristic), parts.terms.label(line.characteristic))
            if line.characteristic
            else None,
            status=line.status,
            note=line.note,
            sources=line.sources,
        )
        for line in profile()
        if line.cell_type == cell_type
    )


def _marker(parts: Parts, one: Characteristic) -> TermAnswer:
    asked = _asked(parts, {one.iri})
    specifications = tuple(dict.fromkeys(line.specification for line in asked))
    return TermAnswer(
        id=parts.terms.curie(one.iri),
        iri=one.iri,
        label=f"{one.symbol}, {one.label}" if one.label != one.symbol else one.symbol,
        kind=one.kind,
        obsolete=False,
        became="",
        synonyms=tuple(name for name in one.names if name not in {one.symbol, one.label}),
        xrefs=one.xrefs,
        parents=(),
        ancestors=(),
        children=(),
        descendants=0,
        permitted=False,
        carries=(),
        lacks=(),
        asked=asked,
        profile=(),
        used_by=Usage(specifications=specifications) if specifications else NOBODY,
        release="ontology/ of this program",
    )


def search(parts: Parts, text: str, limit: int = 20) -> list[TermLine]:
    """Current terms by label, synonym or id, for completion: exact names first, then beginnings, then the rest."""
    wanted = " ".join(text.casefold().split())
    if not wanted:
        return []
    found: list[tuple[int, str, TermLine]] = []
    for term in parts.terms.everything():
        best = _best(wanted, (term.curie, term.label, *term.synonyms))
        if best is not None and not term.obsolete:
            kind = "cell type" if term.curie.startswith("CL:") else "disease"
            found.append((best[0], term.label.casefold(), TermLine(term.curie, term.label, kind, best[1])))
    for one in parts.terms.characteristics.values():
        curie = parts.terms.curie(one.iri)
        best = _best(wanted, (curie, one.symbol, *one.names))
        if best is not None:
            found.append((best[0], one.symbol.casefold(), TermLine(curie, one.symbol, one.kind, best[1])))
    return [line for _rank, _label, line in sorted(found, key=lambda item: item[:2])[:limit]]


def _best(wanted: str, names: tuple[str, ...]) -> tuple[int, str] | None:
    best: tuple[int, str] | None = None
    for name in names:
        folded = name.casefold()
        if wanted not in folded:
            continue
        rank = 0 if folded == wanted else 1 if folded.startswith(wanted) else 2 if f" {wanted}" in folded else 3
        if best is None or rank < best[0]:
            best = (rank, name)
    return best


def triples_of(parts: Parts, curie: str) -> list[Triple]:
    """What a term's page says of the term itself, as triples, for Turtle and JSON-LD."""
    one = term_answer(parts, curie)
    subject = IRI(one.iri)
    found: list[Triple] = [
        (subject, RDF_TYPE, IRI(OWL + "Class")),
        (subject, IRI(RDFS + "label"), literal(one.label)),
    ]
    found += [(subject, IRI(RDFS + "subClassOf"), IRI(expanded(parent.id))) for parent in one.parents]
    found += [(subject, IRI(OIO + "hasExactSynonym"), literal(name)) for name in one.synonyms]
    found += [(subject, IRI(OIO + "hasDbXref"), literal(xref)) for xref in one.xrefs]
    found += [(subject, IRI(CPR + "carries"), IRI(expanded(marker.id))) for marker in one.carries]
    found += [(subject, IRI(CPR + "lacks"), IRI(expanded(marker.id))) for marker in one.lacks]
    if one.obsolete:
        found.append((subject, IRI(OWL + "deprecated"), literal(True)))
        term = parts.terms.any_term(one.iri)
        if term is not None and term.replaced_by:
            found.append((subject, IRI(OBO + "IAO_0100001"), IRI(term.replaced_by)))
    parents = [(IRI(expanded(parent.id)), IRI(RDFS + "label"), literal(parent.label)) for parent in one.parents]
    return found + [triple for triple in parents if triple[2] != literal("")]

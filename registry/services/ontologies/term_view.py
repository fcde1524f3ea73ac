"""Everything about one term: what it is, where it stands, what our specifications ask of it, and who uses it."""

from __future__ import annotations

from dataclasses import dataclass

from registry.errors import Unknown
from registry.identifiers import CPR, OBO
from registry.judgement import combination
from registry.ledger.lots import LotReader
from registry.namespaces import OWL, RDFS
from registry.ontology_releases.parser import PREFIXES
from registry.records import IRI, RDF_TYPE, Triple, literal
from registry.services.answers import Answer, TermRef
from registry.services.ontologies.current import Current
from registry.services.ontologies.replacements import reference, resolution
from registry.services.ontologies.usage import NOBODY, Usage, used_terms, using
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
    definition: str = ""


@dataclass(frozen=True, slots=True)
class TermLine(Answer):
    """A term in a list, with the name that was found."""

    id: str
    label: str
    kind: str
    matched: str


class TermView:
    """What is answered of the terms that one registry knows."""

    def __init__(self, reader: LotReader, ontologies: Current) -> None:
        self._reader = reader
        self._ontologies = ontologies

    def get(self, curie: str) -> TermAnswer:
        """Everything about a cell type, disease or characteristic; raises Unknown with what is near."""
        iri = expanded(curie)
        term = self._ontologies.terms.any_term(iri)
        if term is not None:
            return self._class(term)
        characteristic = self._ontologies.terms.characteristics.get(iri)
        if characteristic is not None:
            return self._marker(characteristic)
        raise Unknown(
            f"There is no term {curie} here.",
            expected="a cell type (CL:…), a disease (DOID:…), or a marker or test of ours",
            found=curie,
            todo="Search for it by name.",
        )

    def _refs(self, iris: list[str]) -> tuple[TermRef, ...]:
        return tuple(reference(self._ontologies.terms, iri) for iri in iris)

    def _class(self, term: Term) -> TermAnswer:
        terms = self._ontologies.terms
        ontology = next(name for name, prefix in PREFIXES.items() if term.iri.startswith(prefix))
        made = self._ontologies.slice(ontology)
        became = resolution(self._ontologies, term.iri) if term.obsolete else None
        to = reference(self._ontologies.terms, became.to).label if became and became.to else ""
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
            parents=self._refs(list(term.parents)),
            ancestors=self._refs(self._upwards(term)),
            children=self._refs(list(terms.children(term.iri))),
            descendants=len(below),
            permitted=term.iri in terms.permitted_iris(),
            carries=self._surface([marker for fact, marker in surface if fact == CPR + "carries"]),
            lacks=self._surface([marker for fact, marker in surface if fact == CPR + "lacks"]),
            asked=self._asked_of_cell(term.iri),
            profile=self._profile(term.iri),
            used_by=using(terms, used_terms(self._reader), term.iri),
            release=made.date or made.version,
            definition=term.definition,
        )

    def _upwards(self, term: Term) -> list[str]:
        """Everything above, nearest first, each once."""
        above: list[str] = []
        pending = list(term.parents)
        while pending:
            iri = pending.pop(0)
            term_above = self._ontologies.terms.any_term(iri)
            if iri not in above and term_above is not None:
                above.append(iri)
                pending += term_above.parents
        return above

    def _surface(self, markers: list[str]) -> tuple[TermRef, ...]:
        labels = self._ontologies.slice("cl").labels
        ours = self._ontologies.terms.characteristics
        return tuple(
            TermRef(self._ontologies.terms.curie(iri), ours[iri].symbol if iri in ours else labels.get(iri, ""))
            for iri in sorted(set(markers))
        )

    def _asked_of_cell(self, cell_type: str) -> tuple[Asked, ...]:
        """What the shipped specifications ask of the markers that identify a cell type."""
        wanted = {marker.characteristic for marker in self._ontologies.terms.identity_of(cell_type)}
        return self._asked(wanted)

    def _asked(self, characteristics: set[str]) -> tuple[Asked, ...]:
        if not characteristics:
            return ()
        return tuple(
            Asked(
                specification=f"{asking.id}@{asking.version}",
                title=asking.title,
                criterion=criterion.id,
                characteristic=self._ontologies.terms.label(criterion.characteristic),
                expected=combination.expected_text(criterion, self._ontologies.terms),
                standing=criterion.standing,
            )
            for asking in shipped()
            for criterion in asking.criteria
            if criterion.characteristic in characteristics
        )

    def _profile(self, cell_type: str) -> tuple[Reported, ...]:
        return tuple(
            Reported(
                name=line.name,
                sense="positive" if line.positive else "negative",
                term=TermRef(
                    self._ontologies.terms.curie(line.characteristic), self._ontologies.terms.label(line.characteristic)
                )
                if line.characteristic
                else None,
                status=line.status,
                note=line.note,
                sources=line.sources,
            )
            for line in profile()
            if line.cell_type == cell_type
        )

    def _marker(self, marker: Characteristic) -> TermAnswer:
        asked = self._asked({marker.iri})
        specifications = tuple(dict.fromkeys(line.specification for line in asked))
        return TermAnswer(
            id=self._ontologies.terms.curie(marker.iri),
            iri=marker.iri,
            label=f"{marker.symbol}, {marker.label}" if marker.label != marker.symbol else marker.symbol,
            kind=marker.kind,
            obsolete=False,
            became="",
            synonyms=tuple(name for name in marker.names if name not in {marker.symbol, marker.label}),
            xrefs=marker.xrefs,
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

    def search(self, text: str, limit: int = 20) -> list[TermLine]:
        """Current terms by label, synonym or id, for completion: exact names first, then beginnings, then the rest."""
        wanted = " ".join(text.casefold().split())
        if not wanted:
            return []
        ranked: list[tuple[int, str, TermLine]] = []
        for term in self._ontologies.terms.everything():
            best = _best(wanted, (term.curie, term.label, *term.synonyms))
            if best is not None and not term.obsolete:
                kind = "cell type" if term.curie.startswith("CL:") else "disease"
                ranked.append((best[0], term.label.casefold(), TermLine(term.curie, term.label, kind, best[1])))
        for marker in self._ontologies.terms.characteristics.values():
            curie = self._ontologies.terms.curie(marker.iri)
            best = _best(wanted, (curie, marker.symbol, *marker.names))
            if best is not None:
                ranked.append((best[0], marker.symbol.casefold(), TermLine(curie, marker.symbol, marker.kind, best[1])))
        return [line for _rank, _label, line in sorted(ranked, key=lambda item: item[:2])[:limit]]

    def triples(self, curie: str) -> list[Triple]:
        """What a term's page says of the term itself, as triples, for Turtle and JSON-LD."""
        answer = self.get(curie)
        subject = IRI(answer.iri)
        stated: list[Triple] = [
            (subject, RDF_TYPE, IRI(OWL + "Class")),
            (subject, IRI(RDFS + "label"), literal(answer.label)),
        ]
        stated += [(subject, IRI(RDFS + "subClassOf"), IRI(expanded(parent.id))) for parent in answer.parents]
        stated += [(subject, IRI(OIO + "hasExactSynonym"), literal(name)) for name in answer.synonyms]
        stated += [(subject, IRI(OIO + "hasDbXref"), literal(xref)) for xref in answer.xrefs]
        stated += [(subject, IRI(OBO + "IAO_0000115"), literal(answer.definition))] if answer.definition else []
        stated += [(subject, IRI(CPR + "carries"), IRI(expanded(marker.id))) for marker in answer.carries]
        stated += [(subject, IRI(CPR + "lacks"), IRI(expanded(marker.id))) for marker in answer.lacks]
        if answer.obsolete:
            stated.append((subject, IRI(OWL + "deprecated"), literal(True)))
            term = self._ontologies.terms.any_term(answer.iri)
            if term is not None and term.replaced_by:
                stated.append((subject, IRI(OBO + "IAO_0100001"), IRI(term.replaced_by)))
        parents = [(IRI(expanded(parent.id)), IRI(RDFS + "label"), literal(parent.label)) for parent in answer.parents]
        return stated + [triple for triple in parents if triple[2] != literal("")]


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

"""Keeping the ontologies: what is current, whether it is in order, what a release would change, and letting it in."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from registry.accounts import Accounts, Actor, Permission, require
from registry.errors import Conflict, GateRefused, Unknown
from registry.identifiers import Names
from registry.judgement import shacl
from registry.ledger import Ledger, NewEntry, View
from registry.ledger.lots import LotReader
from registry.ontology_releases import admission, parser
from registry.ontology_releases.difference import Difference, difference
from registry.ontology_releases.names import curie_of
from registry.ontology_releases.reasoning.classification import Classification, classify, packaged_axioms
from registry.ontology_releases.reasoning.classification import refusals as refused
from registry.ontology_releases.reasoning.closure import Closure
from registry.ontology_releases.slices import slices
from registry.ontology_releases.slices.slices import Slice
from registry.records import Triple, digest_of
from registry.records.keys import keys
from registry.records.ontology import write_load
from registry.services.append import Entries, Receipt
from registry.services.ontologies.carried import CarriedTerms
from registry.services.ontologies.current import KIND, Current
from registry.services.ontologies.load_answers import Examination, LoadAnswer, OntologyStatus
from registry.services.ontologies.replacements import Proposal, Replacements
from registry.services.ontologies.term_view import TermAnswer, TermLine, TermView
from registry.services.ontologies.usage import Usage, used_terms
from registry.vocabulary import term_files

Step = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class _Candidate:
    made: Slice
    closure: Closure
    difference: Difference
    findings: admission.Findings
    inferred: Classification


class Ontologies:
    """The ontologies of one registry: kept, and answered from."""

    def __init__(
        self,
        ledger: Ledger,
        reader: LotReader,
        ontologies: Current,
        names: Names,
        entries: Entries,
        accounts: Accounts,
    ) -> None:
        self._ledger = ledger
        self._reader = reader
        self._ontologies = ontologies
        self._names = names
        self._replacements = Replacements(ledger, reader, ontologies, names, entries, accounts)
        self._carried = CarriedTerms(ledger, ontologies, names, entries, accounts)
        self._terms = TermView(reader, ontologies)

    def term(self, curie: str) -> TermAnswer:
        """Everything about a cell type, disease or characteristic, by CURIE or IRI; raises Unknown."""
        return self._terms.get(curie)

    def search(self, text: str, limit: int = 20) -> list[TermLine]:
        """Terms by label, synonym or id, for completion."""
        return self._terms.search(text, limit)

    def other_names(self, prefix: str) -> dict[str, str]:
        """Ids with this prefix, ``CLO:``, that no ontology here is searched for, and what they are called."""
        named = {term_files.curie(iri): label for iri, label in term_files.other_names().items()}
        return {curie: label for curie, label in named.items() if curie.startswith(prefix)}

    def triples(self, curie: str) -> list[Triple]:
        """What a term's page says of the term itself, as triples, for Turtle and JSON-LD."""
        return self._terms.triples(curie)

    def replacements(self) -> list[Proposal]:
        """Obsolete terms in our data that wait for a person's word."""
        return self._replacements.proposals()

    def replace(self, old: str, new: str, *, reason: str = "", name: str, password: str) -> Receipt:
        """Replace an obsolete term by a signed word; see ``Replacements.replace_term``."""
        return self._replacements.replace_term(old, new, reason=reason, name=name, password=password)

    def carry(self, term: str, label: str, *, reason: str, name: str, password: str) -> Receipt:
        """Sign that a term means what it did under a new name; see ``CarriedTerms.carry``."""
        return self._carried.carry(term, label, reason=reason, name=name, password=password)

    def status(self) -> list[OntologyStatus]:
        """Every ontology that is kept."""
        return [self._status(name) for name in parser.ACCEPTED]

    def _status(self, ontology: str) -> OntologyStatus:
        made, loaded = self._ontologies.slice(ontology), self._ontologies.loaded.get(ontology)
        return OntologyStatus(
            ontology=ontology,
            title=parser.ACCEPTED[ontology],
            version=made.version,
            date=made.date,
            source=made.source,
            digest=made.digest,
            terms=made.live,
            obsolete=len(made.classes) - made.live,
            classes=len(made.classes),
            packaged=loaded is None,
            loaded_by=loaded.actor if loaded else None,
            loaded_at=loaded.at.isoformat().replace("+00:00", "Z") if loaded else None,
            position=loaded.position if loaded else None,
        )

    def load(
        self, name: str, data: bytes, announced: Collection[str] = (), step: Step = lambda _: None, *, by: Actor
    ) -> LoadAnswer:
        """Make a full release the current one, if the gate lets it in; otherwise GateRefused, and nothing has changed.

        ``name`` is the file's name or address, ``announced`` the IRIs of cell types whose change of marker polarity was
        announced, ``step`` is told what is being done. Raises also NotAllowed, what reading a release raises, and
        Conflict when another release was loaded meanwhile.
        """
        require(by, Permission.LOAD_ONTOLOGY)
        step("reading")
        release = parser.read(name, data)
        before = dict(self._ontologies.positions())
        step("inferring")
        candidate = self._examined(release, announced)
        made, changed = candidate.made, candidate.difference
        if candidate.findings.refusals:
            raise GateRefused(
                f"This release of {parser.ACCEPTED[made.ontology]} is not let in; nothing has changed.",
                where=name,
                found=f"version {made.version}",
                details=[
                    *candidate.findings.refusals,
                    *(f"To know: {notice}" for notice in candidate.findings.notices),
                ],
                todo="Tell its publisher. What means the same under its new name, carry over by a signed word.",
            )
        if made.date == changed.old.date and made.classes == changed.old.classes:
            return self._answer("already current", candidate)
        step("keeping")
        self._enter(candidate, name, by, before, announced)
        self._ontologies.again()
        return self._answer("loaded", candidate)

    def _examined(self, release: parser.Release, announced: Collection[str]) -> _Candidate:
        closure = slices.closed(release)
        made = slices.cut(release, closure)
        changed = difference(self._ontologies.slice(made.ontology), made)
        inferred = classify(release.ontology, release.triples, self._ontologies.terms.permitted_iris())
        findings = self._findings(release, changed, closure, announced, inferred)
        return _Candidate(made, closure, changed, findings, inferred)

    def _findings(
        self,
        release: parser.Release,
        changed: Difference,
        closure: Closure,
        announced: Collection[str],
        inferred: Classification,
    ) -> admission.Findings:
        prefix = parser.PREFIXES[changed.new.ontology]
        used = {iri: usage.words() for iri, usage in used_terms(self._reader).items() if iri.startswith(prefix)}
        return admission.examine(
            changed,
            closure,
            permitted=self._ontologies.terms.permitted_iris(),
            used=used,
            announced=announced,
            names={marker.iri: marker.symbol for marker in self._ontologies.terms.characteristics.values()},
            triples=release.triples,
            ours=self._ontologies.terms.own_names(),
            carried=self._carried.of(changed.new),
            classification=inferred,
        )

    def _enter(
        self, candidate: _Candidate, name: str, by: Actor, before: Mapping[str, int], announced: Collection[str]
    ) -> None:
        made = candidate.made
        packed = gzip.compress(made.ntriples, 6, mtime=0)
        kept = digest_of(packed)
        kept_as = {"version": made.version, "release": made.digest, "kept": kept, "file_name": name[-1000:]}
        record = write_load(made.ontology, **kept_as, at=self._ledger.now(), names=self._names)
        shacl.check_form(KIND, record.ntriples)

        def nobody_else_loaded(view: View) -> None:
            if view.newest("ontology", [made.ontology]).get(made.ontology, 0) != before.get(made.ontology, 0):
                raise Conflict(
                    "Another release was loaded meanwhile.",
                    found=made.ontology,
                    todo="Look at the status, and load again.",
                )

        entry = NewEntry(
            KIND,
            record,
            details={
                "summary": f"{made.ontology.upper()} of {made.date or made.version} loaded: {made.live} current terms",
                **({"announced": [curie_of(iri) for iri in announced]} if announced else {}),
            },
            index=keys(KIND, record, self._names),
            files=(kept,),
        )
        file_name = f"{made.ontology}-{made.date or 'undated'}-slice.nt.gz"
        self._ledger.append([entry], actor=by.name, files={kept: (file_name, packed)}, expect=nobody_else_loaded)

    def _answer(self, outcome: str, candidate: _Candidate) -> LoadAnswer:
        waiting = tuple(proposal.sentence for proposal in self._replacements.proposals())
        changed = _counts(candidate.difference)
        return LoadAnswer(outcome, self._status(candidate.made.ontology), changed, candidate.findings.notices, waiting)

    def examine(self, name: str, data: bytes, announced: Collection[str] = ()) -> Examination:
        """What the gate would say of a release; nothing is changed."""
        candidate = self._examined(parser.read(name, data), announced)
        made, findings = candidate.made, candidate.findings
        reasoning = candidate.inferred.sentences()
        return Examination(made.ontology, made.date, findings.refusals, findings.notices, reasoning)

    def check(self, *, reason: bool = False) -> list[Examination]:
        """Whether what is current is in order: sentinels, permitted cell types, terms in our data.

        With ``reason`` the packaged axioms are classified too; of a loaded release the axioms are not kept.
        """
        used, examinations = used_terms(self._reader), []
        for ontology in parser.ACCEPTED:
            made = self._ontologies.slice(ontology)
            mine = {iri: usage.words() for iri, usage in used.items() if iri.startswith(parser.PREFIXES[ontology])}
            refusals = admission.standing(made, permitted=self._ontologies.terms.permitted_iris(), used=mine)
            notices = [
                f"{curie_of(iri)} is obsolete; used by {', '.join(users)}."
                for iri, users in sorted(mine.items())
                if iri in made.classes and made.classes[iri].deprecated
            ]
            more, reasoning = self._classified(ontology) if reason else ((), ())
            examinations.append(Examination(ontology, made.date, (*refusals, *more), tuple(notices), reasoning))
        return examinations

    def _classified(self, ontology: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What is refused of the packaged axioms, and how that was found."""
        if ontology != "cl":
            return (), ("The Disease Ontology is a plain hierarchy: there is nothing to infer.",)
        if ontology in self._ontologies.loaded:
            return (), ("Axioms of what is in force are not kept here: check its file, with --reason.",)
        terms = self._ontologies.terms
        inferred = classify("cl", packaged_axioms(), terms.permitted_iris())
        return tuple(refused(inferred, lambda iri: f"{curie_of(iri)} {terms.name(iri)}".strip())), inferred.sentences()

    def difference(self, old: str, new: str) -> tuple[Difference, Mapping[str, Usage]]:
        """What changed between two releases: each a file's path, ``cl`` or ``doid`` for the current, or a date."""
        after = self._slice_of(new)
        before = self._slice_of(old, after.ontology)
        return difference(before, after), used_terms(self._reader)

    def _slice_of(self, what: str, ontology: str = "") -> Slice:
        """The slice of a release: of a file, of ``current``, or of a version that was loaded earlier (its date)."""
        if (read := file_slice(what)) is not None:
            return read
        name = what if what in parser.ACCEPTED else ontology
        if name and what in {"current", name}:
            return self._ontologies.slice(name)
        for entry in self._ledger.entries(kind=KIND):
            digest, file_name = next(iter(entry.files.items()))
            if what in file_name:
                return slices.read(gzip.decompress(self._ledger.file(digest)[1]))
        raise Unknown(
            "There is no such release here.",
            expected="a file, current, cl, doid, or the date of a loaded release",
            found=what,
        )


def _counts(changed: Difference) -> dict[str, int]:
    return {
        "new": len(changed.added),
        "obsolete": len(changed.obsolete),
        "replaced": len(changed.replaced),
        "relabelled": len(changed.relabelled),
        "moved": len(changed.moved),
        "reused": len(changed.reused),
    }


def file_slice(path: str) -> Slice | None:
    """The slice of a release in a file; None where there is no such file."""
    file = Path(path)
    return slices.cut(parser.read(file.name, file.read_bytes())) if file.is_file() else None

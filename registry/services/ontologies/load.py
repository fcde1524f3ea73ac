"""Keeping the ontologies: what is current, whether it is in order, what a release would change, and letting it in."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from registry.errors import Conflict, GateRefused, Unknown
from registry.judgement import shacl
from registry.ledger import NewEntry, View
from registry.ontology_releases import admission, parser, slices
from registry.ontology_releases.closure import Closure
from registry.ontology_releases.difference import Difference, difference
from registry.ontology_releases.names import curie_of
from registry.ontology_releases.slices import Slice
from registry.records import digest_of
from registry.records.keys import keys
from registry.records.ontology import write_load
from registry.services.answers import Answer
from registry.services.context import Parts
from registry.services.ontologies.current import KIND
from registry.services.ontologies.usage import Usage, used_terms

Step = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class OntologyStatus(Answer):
    """One ontology as it is current. ``terms`` are current ones, ``classes`` those and the obsolete ones.

    ``digest`` is of the release's file as it came; ``loaded_at`` is None for the packaged slice.
    """

    ontology: str
    title: str
    version: str
    date: str
    source: str
    digest: str
    terms: int
    obsolete: int
    classes: int
    packaged: bool
    loaded_by: str | None
    loaded_at: str | None
    position: int | None


@dataclass(frozen=True, slots=True)
class LoadAnswer(Answer):
    """What loading came to: ``loaded`` or ``already current``; ``waiting`` are replacements for a person to approve."""

    outcome: str
    status: OntologyStatus
    changes: dict[str, int]
    notices: tuple[str, ...]
    waiting: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Examination(Answer):
    """What the gate says of a release, or of what is current: in order when nothing is refused."""

    ontology: str
    date: str
    refusals: tuple[str, ...]
    notices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Candidate:
    made: Slice
    closure: Closure
    difference: Difference
    findings: admission.Findings


def status(parts: Parts) -> list[OntologyStatus]:
    """Every ontology that is kept."""
    return [_status(parts, name) for name in parser.ACCEPTED]


def _status(parts: Parts, ontology: str) -> OntologyStatus:
    made, loaded = parts.current.slice(ontology), parts.current.loaded.get(ontology)
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
    parts: Parts, name: str, data: bytes, actor: str, *, announced: Collection[str] = (), step: Step = lambda _: None
) -> LoadAnswer:
    """Make a full release the current one, if the gate lets it in; otherwise GateRefused, and nothing has changed.

    ``name`` is the file's name or address, ``announced`` the IRIs of cell types whose change of marker polarity was
    announced, ``step`` is told what is being done. Raises also what reading a release raises, and Conflict when another
    release was loaded meanwhile.
    """
    step("reading")
    release = parser.read(name, data)
    before = dict(parts.current.positions())
    step("inferring")
    candidate = _examined(parts, release, announced)
    made, changed = candidate.made, candidate.difference
    if candidate.findings.refusals:
        raise GateRefused(
            f"This release of {parser.ACCEPTED[made.ontology]} is not let in; nothing has changed.",
            where=name,
            found=f"version {made.version}",
            details=[*candidate.findings.refusals, *(f"To know: {one}" for one in candidate.findings.notices)],
        )
    if made.date == changed.old.date and made.classes == changed.old.classes:
        return _answer(parts, "already current", candidate)
    step("keeping")
    _enter(parts, candidate, name, actor, before, announced)
    parts.current.again()
    return _answer(parts, "loaded", candidate)


def _examined(parts: Parts, release: parser.Release, announced: Collection[str]) -> _Candidate:
    closure = slices.closed(release)
    made = slices.cut(release, closure)
    changed = difference(parts.current.slice(made.ontology), made)
    return _Candidate(made, closure, changed, _findings(parts, changed, closure, announced))


def _findings(parts: Parts, changed: Difference, closure: Closure, announced: Collection[str]) -> admission.Findings:
    prefix = parser.PREFIXES[changed.new.ontology]
    used = {iri: usage.words() for iri, usage in used_terms(parts).items() if iri.startswith(prefix)}
    return admission.examine(
        changed,
        closure,
        permitted=parts.terms.permitted_iris(),
        used=used,
        announced=announced,
        names={one.iri: one.symbol for one in parts.terms.characteristics.values()},
    )


def _enter(
    parts: Parts, candidate: _Candidate, name: str, actor: str, before: Mapping[str, int], announced: Collection[str]
) -> None:
    made = candidate.made
    packed = gzip.compress(made.ntriples, 6, mtime=0)
    kept = digest_of(packed)
    said = {"version": made.version, "release": made.digest, "kept": kept, "file_name": name[-1000:]}
    record = write_load(made.ontology, **said, at=parts.ledger.now(), names=parts.names)
    shacl.check_form(KIND, record.ntriples)

    def nobody_else_loaded(view: View) -> None:
        if view.newest("ontology", [made.ontology]).get(made.ontology, 0) != before.get(made.ontology, 0):
            raise Conflict(
                "Another release was loaded meanwhile.", found=made.ontology, todo="Look at the status, and load again."
            )

    entry = NewEntry(
        KIND,
        record,
        details={
            "summary": f"{made.ontology.upper()} of {made.date or made.version} loaded: {made.live} current terms",
            **({"announced": [curie_of(iri) for iri in announced]} if announced else {}),
        },
        index=keys(KIND, record, parts.names),
        files=(kept,),
    )
    file_name = f"{made.ontology}-{made.date or 'undated'}-slice.nt.gz"
    parts.ledger.append([entry], actor=actor, files={kept: (file_name, packed)}, expect=nobody_else_loaded)


def _answer(parts: Parts, outcome: str, candidate: _Candidate) -> LoadAnswer:
    from registry.services.ontologies.replacements import proposals

    waiting = tuple(one.sentence for one in proposals(parts))
    changed = _counts(candidate.difference)
    return LoadAnswer(outcome, _status(parts, candidate.made.ontology), changed, candidate.findings.notices, waiting)


def _counts(changed: Difference) -> dict[str, int]:
    return {
        "new": len(changed.added),
        "obsolete": len(changed.obsolete),
        "replaced": len(changed.replaced),
        "relabelled": len(changed.relabelled),
        "moved": len(changed.moved),
        "reused": len(changed.reused),
    }


def examine(parts: Parts, name: str, data: bytes, announced: Collection[str] = ()) -> Examination:
    """What the gate would say of a release; nothing is changed."""
    candidate = _examined(parts, parser.read(name, data), announced)
    return Examination(
        candidate.made.ontology, candidate.made.date, candidate.findings.refusals, candidate.findings.notices
    )


def check(parts: Parts) -> list[Examination]:
    """Whether what is current is in order: canaries, permitted cell types, terms in our data."""
    used, found = used_terms(parts), []
    for ontology in parser.ACCEPTED:
        made = parts.current.slice(ontology)
        mine = {iri: usage.words() for iri, usage in used.items() if iri.startswith(parser.PREFIXES[ontology])}
        refusals = admission.standing(made, permitted=parts.terms.permitted_iris(), used=mine)
        notices = [
            f"{curie_of(iri)} is obsolete; used by {', '.join(users)}"
            for iri, users in sorted(mine.items())
            if iri in made.classes and made.classes[iri].deprecated
        ]
        found.append(Examination(ontology, made.date, refusals, tuple(notices)))
    return found


def compared(parts: Parts, old: str, new: str) -> tuple[Difference, Mapping[str, Usage]]:
    """What changed between two releases, each a file's path, ``cl`` or ``doid`` for the current, or a loaded date."""
    after = slice_of(parts, new)
    before = slice_of(parts, old, after.ontology)
    return difference(before, after), used_terms(parts)


def slice_of(parts: Parts | None, what: str, ontology: str = "") -> Slice:
    """The slice of a release: of a file, of ``current``, or of a version that was loaded earlier (its date)."""
    if Path(what).is_file():
        return slices.cut(parser.read(Path(what).name, Path(what).read_bytes()))
    name = what if what in parser.ACCEPTED else ontology
    if parts is not None and name and what in {"current", name}:
        return parts.current.slice(name)
    for entry in parts.ledger.entries(kind=KIND) if parts is not None else ():
        kept, bytes_ = next(iter(entry.files.items()))
        if what in bytes_ and parts is not None:
            return slices.read(gzip.decompress(parts.ledger.file(kept)[1]))
    raise Unknown(
        "There is no such release here.",
        expected="a file, current, cl, doid, or the date of a loaded release",
        found=what,
    )

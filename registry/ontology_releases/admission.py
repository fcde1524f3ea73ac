"""Whether a release may become the current one: sentinels inferred and compared, before anything is changed.

The Cell Ontology's release of 2020-10-02 is why: a definition lost its kind of cell, so that everything human was
inferred to carry CD73 and CD105 and to lack CD45.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from registry.identifiers import CPR, OBO
from registry.ontology_releases.difference import Difference
from registry.ontology_releases.hierarchy_faults import faults
from registry.ontology_releases.meanings import ChangedMeaning, changed_meanings
from registry.ontology_releases.names import FORMER, MARKER_FACTS, Triples, curie_of
from registry.ontology_releases.parser import PREFIXES
from registry.ontology_releases.reasoning.classification import Classification
from registry.ontology_releases.reasoning.classification import refusals as of_classification
from registry.ontology_releases.reasoning.closure import NOTHING, Closure
from registry.ontology_releases.slices.slices import HUMAN_CELL, Slice, packaged, told_markers
from registry.vocabulary.sentinel_terms import DISEASE_SENTINELS, SENTINELS

ROOTS = {"cl": OBO + "CL_0000000", "doid": OBO + "DOID_4"}
PART_OF = OBO + "BFO_0000050"
# The relations that our slices, specifications and patterns are made with.
USED_RELATIONS = (*MARKER_FACTS, PART_OF)
_VERBS = {
    CPR + "carries": "carries",
    CPR + "carriesHigh": "carries much",
    CPR + "carriesLow": "carries little",
    CPR + "lacks": "lacks",
}


@dataclass(frozen=True, slots=True)
class Findings:
    """What the gate found: each refusal and each notice is one sentence for a person."""

    refusals: tuple[str, ...]
    notices: tuple[str, ...]


def examine(
    difference: Difference,
    closure: Closure,
    *,
    permitted: Collection[str] = (),
    used: Mapping[str, Collection[str]] | None = None,
    announced: Collection[str] = (),
    names: Mapping[str, str] | None = None,
    triples: Triples = (),
    ours: Mapping[str, Collection[str]] | None = None,
    carried: Collection[str] = (),
    classification: Classification | None = None,
) -> Findings:
    """Look at a release (``difference.new``, with its closure) against the current one.

    ``permitted`` are the cell types that products may carry; ``used`` the terms in our data, each with who uses it (in
    words); ``announced`` the cell types whose change of marker polarity somebody announced; ``names`` what we call
    markers; ``triples`` what the release says; ``ours`` the names that we have for terms ourselves; ``carried`` the
    terms that a person signed for: they mean what they meant, whatever they are called now; ``classification`` what a
    reasoner infers, whose refusals stand in the place of those that say the same without their axioms.
    """
    new, names_ = difference.new, _Names(difference.new, names or {})
    refusals = [*_emptiness(difference), *_sentinels(new, names_)]
    if new.ontology == "cl":
        refusals += [*_human(closure, names_), *_contradictions(closure, names_), *_relations(difference)]
        refusals += list(_permitted(new, permitted))
    refusals += list(_flipped(difference, names_, announced))
    refusals += faults(new.classes, closure, triples, PREFIXES[new.ontology])
    refusals += [*_vanished(new, used or {}), *_uprooted(difference, used or {})]
    if classification is not None:
        refusals = _with_axioms(refusals, list(of_classification(classification, names_.of)))
    meanings = list(_meanings(difference, used or {}, permitted, ours or {}))
    refusals += [sentence for change, sentence in meanings if change.iri not in carried]
    notices = list(_notices(difference, names_, used or {}, announced))
    notices += [f"Carried over by a signed word: {sentence}" for change, sentence in meanings if change.iri in carried]
    return Findings(tuple(dict.fromkeys(refusals)), tuple(notices))


def _with_axioms(plain: list[str], with_axioms: list[str]) -> list[str]:
    """Both, without those plain sentences that another one begins with and goes on to say why."""
    begun = [sentence.split(": what is said of it")[0].removesuffix(".") for sentence in plain]
    kept = [
        sentence
        for sentence, start in zip(plain, begun, strict=True)
        if not any(longer.startswith(start + ",") for longer in with_axioms)
    ]
    return kept + with_axioms


def _meanings(
    difference: Difference,
    used: Mapping[str, Collection[str]],
    permitted: Collection[str],
    ours: Mapping[str, Collection[str]],
) -> Iterator[tuple[ChangedMeaning, str]]:
    """Terms that our data, our list of cell types or our own names rest on, and that may mean another thing now."""
    users: dict[str, list[str]] = {iri: list(words) for iri, words in used.items()}
    for iri in permitted:
        users.setdefault(iri, []).append("the list of permitted cell types")
    for iri in ours:
        users.setdefault(iri, []).append("the names that are kept here for it")
    for change in changed_meanings(difference.old, difference.new, users, ours, packaged(difference.new.ontology)):
        yield change, change.sentence(users[change.iri])


@dataclass(frozen=True, slots=True)
class _Names:
    slice: Slice
    known: Mapping[str, str]

    def of(self, iri: str) -> str:
        if iri in self.known:
            return self.known[iri]
        term = self.slice.classes.get(iri)
        label = term.label if term else self.slice.labels.get(iri, "")
        return f"{curie_of(iri)} {label}".strip()


def _emptiness(difference: Difference) -> Iterator[str]:
    if difference.new.live == 0:
        yield "The release holds no current term of its own: it is no full release."
    elif difference.old.date == difference.new.date and difference.old.live > difference.new.live:
        lost = [resolution for resolution in difference.obsolete if resolution.outcome == "unknown"]
        if lost:
            yield (
                f"The file is a part of the current release of {difference.new.date}: it lacks {len(lost)} of its "
                f"terms, such as {curie_of(lost[0].iri)}."
            )


def _above(new: Slice, iri: str) -> frozenset[str]:
    seen, pending = {iri}, [iri]
    while pending:
        term = new.classes.get(pending.pop())
        fresh = set(term.parents) - seen if term else set()
        seen |= fresh
        pending += fresh
    return frozenset(seen)


def _sentinels(new: Slice, names: _Names) -> Iterator[str]:
    for child, ancestor, expected in SENTINELS if new.ontology == "cl" else DISEASE_SENTINELS:
        term = new.classes.get(OBO + child)
        if term is None or term.deprecated:
            yield f"{curie_of(OBO + child)} is {'obsolete' if term else 'gone'}."
        elif (OBO + ancestor in _above(new, term.iri)) != expected:
            stands = "does not stand" if expected else "stands"
            yield f"{names.of(term.iri)} {stands} under {names.of(OBO + ancestor)}."


def _human(closure: Closure, names: _Names) -> Iterator[str]:
    """No human cell is a mesenchymal stem cell, or carries or lacks anything, merely for being human."""
    facts = sorted(told_markers(closure, [HUMAN_CELL])[HUMAN_CELL])
    msc = OBO + "CL_0000134"
    words = [f"{_VERBS[fact]} {names.of(marker)}" for fact, marker in facts]
    words += [f"is a {names.of(msc)}"] if msc in closure.subsumers[HUMAN_CELL] else []
    if words:
        yield (
            f"Every human cell is inferred to be one that {', '.join(words)}: the release says so of everything human, "
            "without naming a kind of cell."
        )


def _contradictions(closure: Closure, names: _Names) -> Iterator[str]:
    """Classes that nothing can be an instance of: the release contradicts itself."""
    for name in sorted(subsumer for subsumer in closure.subsumers if subsumer.startswith(OBO + "CL_")):
        if NOTHING in closure.subsumers[name]:
            yield f"{names.of(name)} can have no instance: what is said of it contradicts itself."


def _relations(difference: Difference) -> Iterator[str]:
    known = difference.old.relations or frozenset(USED_RELATIONS)
    for relation in USED_RELATIONS:
        if relation not in known or relation in difference.new.relations:
            continue
        older = [former for former, now in FORMER.items() if now == relation and former in difference.new.relations]
        instead = f" It uses the older {curie_of(older[0])} instead." if older else ""
        yield f"The relation {curie_of(relation)}, which our data is made with, is no longer used.{instead}"


def _permitted(new: Slice, permitted: Collection[str]) -> Iterator[str]:
    msc = OBO + "CL_0000134"
    for iri in sorted(permitted):
        term = new.classes.get(iri)
        if term is None or term.deprecated:
            yield f"The permitted cell type {curie_of(iri)} is {'obsolete' if term else 'not in it'}."
        elif msc not in _above(new, iri):
            yield f"The permitted cell type {curie_of(iri)} {term.label} no longer stands under {curie_of(msc)}."


def _flipped(difference: Difference, names: _Names, announced: Collection[str]) -> Iterator[str]:
    for flip in difference.flips:
        if flip.iri not in announced:
            cell, marker = names.of(flip.iri), names.of(flip.marker)
            yield f"{cell} {flip.before} {marker} until now, and {flip.after} it in this release, unannounced."


def _vanished(new: Slice, used: Mapping[str, Collection[str]]) -> Iterator[str]:
    """Terms in our data that the release does not know at all; obsolete ones wait for a person instead."""
    for iri, users in sorted(used.items()):
        if iri not in new.classes:
            yield f"{curie_of(iri)} is not in it, and is used by {', '.join(sorted(users))}."


def _uprooted(difference: Difference, used: Mapping[str, Collection[str]]) -> Iterator[str]:
    """Terms in our data that stood under the whole ontology's root until now, and stand under nothing."""
    old, new, root = difference.old, difference.new, ROOTS[difference.new.ontology]
    for iri, users in sorted(used.items()):
        term = new.classes.get(iri)
        if term is None or term.deprecated or root in _above(new, iri) or root not in _above(old, iri):
            continue
        name = f"{curie_of(iri)} {term.label}".strip()
        yield f"{name} no longer stands under {curie_of(root)}, and is used by {', '.join(sorted(users))}."


def _notices(
    difference: Difference, names: _Names, used: Mapping[str, Collection[str]], announced: Collection[str]
) -> Iterator[str]:
    old, new = difference.old, difference.new
    if new.date and old.date and new.date < old.date:
        yield f"This release, of {new.date}, is older than the current one, of {old.date}."
    for former, now in FORMER.items():
        if former in old.relations and now in new.relations and former not in new.relations:
            yield f"{curie_of(former)} is now {curie_of(now)}: the same relation under a new IRI."
    gone = [resolution.iri for resolution in difference.obsolete if resolution.outcome == "unknown"]
    if gone:
        yield f"Terms of the current release that are not in this one at all: {len(gone)}, such as {curie_of(gone[0])}."
    yield from _definitions(old, new, names)
    for resolution in difference.obsolete:
        if resolution.iri in used:
            label = new.classes[resolution.to].label if resolution.to and resolution.to in new.classes else ""
            users = ", ".join(sorted(used[resolution.iri]))
            yield f"{resolution.sentence(label)} Used by {users}: a person decides what replaces it."
    for iri in difference.reused:
        if iri in used:
            users = ", ".join(sorted(used[iri]))
            yield f"{names.of(iri)} is a number that means something else than it did; used by {users}."
    for flip in difference.flips:
        if flip.iri in announced:
            cell, marker = names.of(flip.iri), names.of(flip.marker)
            yield f"Announced: {cell} {flip.before} {marker} until now, and {flip.after} it from now on."


def _definitions(old: Slice, new: Slice, names: _Names) -> Iterator[str]:
    """Whether the mesenchymal stem cell is defined by markers, where that changed: it was until early 2020."""
    msc = OBO + "CL_0000134"
    before, after = ({pattern.iri: pattern for pattern in made.patterns}.get(msc) for made in (old, new))
    if before != after:
        for pattern, words in ((before, "no longer defined"), (after, "defined")):
            if pattern is not None and (pattern is after or after is None):
                carried, lacking = (", ".join(map(names.of, markers)) for markers in (pattern.carries, pattern.lacks))
                yield f"{names.of(msc)} is {words} by its surface: carries {carried}; lacks {lacking}."


def standing(made: Slice, *, permitted: Collection[str], used: Mapping[str, Collection[str]]) -> tuple[str, ...]:
    """What is wrong with a slice that is current already: sentinels, cell types, terms in use that are gone."""
    names = _Names(made, {})
    wrong = [*_sentinels(made, names), *_vanished(made, used)]
    return tuple(wrong + (list(_permitted(made, permitted)) if made.ontology == "cl" else []))

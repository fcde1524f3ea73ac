"""Whether an id still means what it did: a term whose new name is none of its old ones may be another thing.

DOID:5426 primary ovarian insufficiency → ovarian clear cell carcinoma      another disease, under the same id
CL:0000134 mesenchymal stem cell → mesenchymal stromal cell                 the same: it was a synonym
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from registry.ontology_releases.names import OIO, curie_of
from registry.ontology_releases.slices.classes import Class, Slice

# A broader name is another thing's: "disease" is no name of osteoarthritis.
_NAMES = {OIO + kind for kind in ("hasExactSynonym", "hasNarrowSynonym", "hasRelatedSynonym")}


@dataclass(frozen=True, slots=True)
class ChangedMeaning:
    """A current term that shares no name with what it was called until now."""

    iri: str
    before: str
    after: str

    def sentence(self, users: Collection[str]) -> str:
        """What to tell a person."""
        return (
            f"{curie_of(self.iri)} was {self.before!r} and is {self.after!r} in this release, and no name of the one "
            f"is a name of the other: is it still what {', '.join(sorted(users))} means?"
        )


def folded(name: str) -> str:
    """The form in which two names are equal: case, punctuation and a leading ``obsolete`` do not count."""
    return " ".join(re.findall(r"[^\W_]+", name.casefold().removeprefix("obsolete ")))


def names_of(term: Class, more: Collection[str] = ()) -> frozenset[str]:
    """The label and the synonyms that are names of it, folded; ``more`` are names of ours for the same term."""
    synonyms = (text for kind, text in term.synonyms if kind in _NAMES)
    return frozenset(filter(None, map(folded, (term.label, *synonyms, *more))))


def changed_meanings(
    old: Slice, new: Slice, watched: Collection[str], ours: Mapping[str, Collection[str]], trusted: Slice
) -> Iterator[ChangedMeaning]:
    """Of the watched terms, those current in both releases that share no name; ``ours`` are our own names by IRI, and
    ``trusted`` is the slice that the program carries: what either calls a term counts among its old names.

    A term without a name in either release shares none. What was obsolete and is current again is judged alike.
    """
    for iri in sorted(watched):
        was, now = old.classes.get(iri), new.classes.get(iri)
        if was is None or now is None or now.deprecated or was.label == now.label:
            continue
        carried = trusted.classes.get(iri)
        known = names_of(was, ours.get(iri, ())) | (names_of(carried) if carried is not None else frozenset())
        if not known & names_of(now):
            yield ChangedMeaning(iri, was.label, now.label)

"""Ids that were merged into another term's, ``alt_id`` in OBO: obsolete terms that the other one replaces.

id: DOID:0080999
alt_id: DOID:0080208        DOID:0080208 is obsolete, and replaced by DOID:0080999
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

from registry.ontology_releases.names import ALTERNATIVE_ID, TERMS_MERGED, Triples, iri_of
from registry.ontology_releases.slices.classes import Class


def alternatives(triples: Triples, prefix: str) -> dict[str, list[str]]:
    """Each merged id with the terms that say it was merged into them; ids of other ontologies are left alone."""
    into: dict[str, set[str]] = defaultdict(set)
    for subject, predicate, value in triples:
        if predicate == ALTERNATIVE_ID and subject.startswith(prefix) and iri_of(value).startswith(prefix):
            into[iri_of(value)].add(subject)
    return {iri: sorted(terms - {iri}) for iri, terms in sorted(into.items()) if terms - {iri}}


def merged(triples: Triples, classes: Mapping[str, Class], prefix: str) -> dict[str, Class]:
    """The classes with those that were merged: replaced by the one term that took each in; of several, to consider.

    An id that is a current term too is left current: the hierarchy's faults name it. What an obsolete class says of its
    replacement itself stands.
    """
    whole = dict(classes)
    for iri, terms in alternatives(triples, prefix).items():
        known = whole.get(iri)
        if known is not None and (not known.deprecated or known.replaced_by or known.consider):
            continue
        gone = replace(known or Class(iri), deprecated=True, reason=TERMS_MERGED, parents=(), surface=())
        whole[iri] = replace(gone, replaced_by=terms[0]) if len(terms) == 1 else replace(gone, consider=tuple(terms))
    return dict(sorted(whole.items()))

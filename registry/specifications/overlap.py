"""What a criterion asks about, beside the characteristic it names: two that share any of it are akin."""

from __future__ import annotations

from registry.domain import Criterion
from registry.vocabulary import Terms


def asked_about(criterion: Criterion, terms: Terms) -> frozenset[str]:
    """The IRIs of its characteristic, of a cocktail's members, and of what each is evidence for (HLA-DR: MHC II)."""
    members = next((one.members for one in terms.cocktails if one.iri == criterion.characteristic), frozenset[str]())
    named = frozenset({criterion.characteristic, *members})
    return named.union(*(terms.characteristics[one].evidence_for for one in named if one in terms.characteristics))


def akin(one: Criterion, other: Criterion, terms: Terms) -> bool:
    """Whether evidence for the one may bear on the other."""
    return not asked_about(one, terms).isdisjoint(asked_about(other, terms))

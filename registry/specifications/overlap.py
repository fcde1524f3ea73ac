"""What a criterion asks about, beside the characteristic it names: two that share any of it are akin."""

from __future__ import annotations

from registry.domain import Criterion
from registry.vocabulary import Terms


def asked_about(criterion: Criterion, terms: Terms) -> frozenset[str]:
    """The IRIs of its characteristic, of a cocktail's members, and of what each is evidence for (HLA-DR: MHC II)."""
    members = next(
        (cocktail.members for cocktail in terms.cocktails if cocktail.iri == criterion.characteristic), frozenset[str]()
    )
    named = frozenset({criterion.characteristic, *members})
    return named.union(*(terms.characteristics[iri].evidence_for for iri in named if iri in terms.characteristics))


def akin(criterion: Criterion, other: Criterion, terms: Terms) -> bool:
    """Whether evidence for the one may bear on the other."""
    return not asked_about(criterion, terms).isdisjoint(asked_about(other, terms))

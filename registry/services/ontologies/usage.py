"""Who uses a term: products by their cell type, source and indications; their lots; the specifications they go by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from registry import specifications as specification
from registry.domain import Product, Specification
from registry.services.answers import Answer
from registry.services.context import Parts


@dataclass(frozen=True, slots=True)
class Usage(Answer):
    """What uses one term: identifiers of products and lots, ``ID@VERSION`` of specifications."""

    products: tuple[str, ...] = ()
    lots: tuple[str, ...] = ()
    specifications: tuple[str, ...] = ()

    def words(self) -> tuple[str, ...]:
        """Each user in words: ``product POI-M``, ``lots H-03, H-04 and 7 more``."""
        found = [f"product {one}" for one in self.products]
        if self.lots:
            more = len(self.lots) - 5
            found.append(f"lots {', '.join(self.lots[:5])}" + (f" and {more} more" if more > 0 else ""))
        return (*found, *(f"specification {one}" for one in self.specifications))

    def __bool__(self) -> bool:
        return bool(self.products or self.lots or self.specifications)


NOBODY = Usage()


def terms_of(product: Product) -> tuple[str, ...]:
    """The cell type, source and indications of a product, as IRIs."""
    source = (product.source,) if product.source.startswith("http") else ()
    return tuple(dict.fromkeys((product.cell_type, *source, *product.indications)))


def used_terms(parts: Parts) -> dict[str, Usage]:
    """Every term that a product uses, with its users."""
    products: dict[str, list[str]] = {}
    for name in parts.lots.products():
        for iri in terms_of(parts.lots.product(name)):
            products.setdefault(iri, []).append(name)
    return {iri: _usage(parts, names) for iri, names in products.items()}


def _usage(parts: Parts, products: Iterable[str]) -> Usage:
    names = tuple(products)
    lots = tuple(lot for name in names for lot in parts.lots.lots_of(name))
    approved = {f"{one.specification}@{one.version}" for name in names for one in parts.lots.approvals(name)[-1:]}
    return Usage(names, lots, tuple(sorted(approved)))


def using(parts: Parts, iri: str, used: Mapping[str, Usage] | None = None) -> Usage:
    """Who uses a cell type or a disease, or anything below it; of a marker, the specifications that ask for it."""
    everything = used_terms(parts) if used is None else used
    if iri in parts.terms.characteristics:
        asking = (f"{one.id}@{one.version}" for one in specification.shipped() if _asks(one, iri))
        return Usage(specifications=tuple(sorted(asking)))
    below = parts.terms.descendants(iri) | {iri}
    found = [usage for term, usage in everything.items() if term in below]
    return Usage(
        tuple(sorted({name for one in found for name in one.products})),
        tuple(sorted({lot for one in found for lot in one.lots})),
        tuple(sorted({name for one in found for name in one.specifications})),
    )


def _asks(one: Specification, iri: str) -> bool:
    return any(criterion.characteristic == iri for criterion in one.criteria)

"""Who uses a term: products by their cell type, source and indications; their lots; the specifications they go by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from registry import specifications as specification
from registry.domain import Product, Specification
from registry.ledger.lots import LotReader
from registry.services.answers import Answer
from registry.vocabulary import Terms


@dataclass(frozen=True, slots=True)
class Usage(Answer):
    """What uses one term: identifiers of products and lots, ``ID@VERSION`` of specifications."""

    products: tuple[str, ...] = ()
    lots: tuple[str, ...] = ()
    specifications: tuple[str, ...] = ()

    def words(self) -> tuple[str, ...]:
        """Each user in words: ``product POI-M``, ``lots H-03, H-04 and 7 more``."""
        users = [f"product {product}" for product in self.products]
        if self.lots:
            more = len(self.lots) - 5
            users.append(f"lots {', '.join(self.lots[:5])}" + (f" and {more} more" if more > 0 else ""))
        return (*users, *(f"specification {name}" for name in self.specifications))

    def __bool__(self) -> bool:
        return bool(self.products or self.lots or self.specifications)


NOBODY = Usage()


def terms_of(product: Product) -> tuple[str, ...]:
    """The cell type, source and indications of a product, as IRIs."""
    source = (product.source,) if product.source.startswith("http") else ()
    return tuple(dict.fromkeys((product.cell_type, *source, *product.indications)))


def used_terms(reader: LotReader) -> dict[str, Usage]:
    """Every term that a product uses, with its users."""
    products: dict[str, list[str]] = {}
    for name in reader.products():
        for iri in terms_of(reader.product(name)):
            products.setdefault(iri, []).append(name)
    return {iri: _usage(reader, names) for iri, names in products.items()}


def _usage(reader: LotReader, products: Iterable[str]) -> Usage:
    names = tuple(products)
    lots = tuple(lot for name in names for lot in reader.lots_of(name))
    newest = [approval for name in names for approval in reader.approvals(name)[-1:]]
    approved = {f"{approval.specification}@{approval.version}" for approval in newest}
    return Usage(names, lots, tuple(sorted(approved)))


def using(terms: Terms, used: Mapping[str, Usage], iri: str) -> Usage:
    """Who uses a cell type or a disease, or anything below it; of a marker, the specifications that ask for it."""
    if iri in terms.characteristics:
        asking = (f"{shipped.id}@{shipped.version}" for shipped in specification.shipped() if _asks(shipped, iri))
        return Usage(specifications=tuple(sorted(asking)))
    below = terms.descendants(iri) | {iri}
    users = [usage for term, usage in used.items() if term in below]
    return Usage(
        tuple(sorted({name for usage in users for name in usage.products})),
        tuple(sorted({lot for usage in users for lot in usage.lots})),
        tuple(sorted({name for usage in users for name in usage.specifications})),
    )


def _asks(shipped: Specification, iri: str) -> bool:
    return any(criterion.characteristic == iri for criterion in shipped.criteria)

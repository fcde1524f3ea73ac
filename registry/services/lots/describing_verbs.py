"""What is described before anything is judged, as verbs of the registry: products, lots, specifications.

``Registry`` inherits these verbs; they need nothing of it but its parts.
"""

from __future__ import annotations

from collections.abc import Sequence

from registry.domain import Lot, Product
from registry.ledger.lots import look_alikes
from registry.look_alikes import LookAlike
from registry.services.answers import ProductAnswer
from registry.services.append import Receipt
from registry.services.context import Parts
from registry.services.lots import lot_view, register


class DescribingVerbs:
    """Products and lots, and the specifications they are held against."""

    parts: Parts

    def add_product(self, draft: Product, actor: str) -> Receipt:
        """Register a product; see ``describing.add_product``."""
        return register.add_product(self.parts, draft, actor)

    def add_lot(self, draft: Lot, actor: str, distinct_from: Sequence[str] = ()) -> Receipt:
        """Register a lot or its origin; see ``describing.add_lot``."""
        return register.add_lot(self.parts, draft, actor, distinct_from)

    def look_alikes(self, lot: str) -> tuple[LookAlike, ...]:
        """Registered lots that are easily taken for ``lot``, which need not be registered itself."""
        return look_alikes(self.parts.ledger, lot)

    def products(self) -> list[ProductAnswer]:
        """Every product, without approvals and lots."""
        parts = self.parts
        return [lot_view.product_answer(parts, parts.lots.product(name), whole=False) for name in parts.lots.products()]

    def product(self, product: str) -> ProductAnswer:
        """One product with its approvals and lots; raises Unknown."""
        return lot_view.product_answer(self.parts, self.parts.lots.product(product))

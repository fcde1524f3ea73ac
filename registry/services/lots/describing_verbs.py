"""What is described before anything is judged, as verbs of the registry: products, lots, specifications.

``Registry`` inherits these verbs; they need nothing of it but its parts.
"""

from __future__ import annotations

from registry import specifications
from registry.domain import Departure, Specification
from registry.identifiers import OBO
from registry.services.append import Receipt
from registry.services.context import Parts
from registry.services.specifications import draft as drafting
from registry.services.specifications.draft import Draft
from registry.services.specifications.library import Shelf
from registry.services.specifications.templates import Tables


class DescribingVerbs:
    """Products and lots, and the specifications they are held against."""

    parts: Parts

    @property
    def shelf(self) -> Shelf:
        """Specifications before anybody signs: checked, compared, waiting for a second person."""
        return Shelf(self.parts)

    @property
    def tables(self) -> Tables:
        """Templates to fill in, and refused rows to mend."""
        return Tables(self.parts, self.specification)

    def template(self, identifier: str, version: str | None = None, form: str = "csv") -> tuple[str, bytes]:
        """(file name, bytes) of the table to fill in for a specification; see ``Tables.template``."""
        return self.tables.template(identifier, version, form)

    def specifications(self) -> list[Specification]:
        """Every specification, shipped or drafted here."""
        return drafting.everything(self.parts)

    def specification(self, identifier: str, version: str | None = None) -> Specification:
        """A specification, shipped or drafted here, the newest version unless one is named; raises Unknown."""
        return drafting.find(self.parts, identifier, version)

    def draft(self, file: str, data: bytes, *, name: str, password: str) -> Receipt:
        """Record a specification that a member of the quality unit has written; see ``drafting.draft``."""
        return drafting.draft(self.parts, file, data, name=name, password=password)

    def drafts(self) -> list[Draft]:
        """The specifications drafted here, oldest first."""
        return drafting.drafts(self.parts)

    def departures(self, against: Specification, product: str | None = None) -> tuple[Departure, ...]:
        """How it falls short of the identity of the product's cell type, else of the human MSC's (CL:0000134)."""
        cell_type = self.parts.lots.product(product).cell_type if product else OBO + "CL_0000134"
        return specifications.departures(against, self.parts.terms.identity_of(cell_type), self.parts.terms)

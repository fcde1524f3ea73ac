"""Specifications as a quality unit reads, checks and compares them before anybody signs: ``registry.shelf``.

registry.shelf.check("ours.csv", data, name="quality.berg")     what it says, every wrong cell, what would be refused
registry.shelf.waiting()                                        drafts that wait for a second person
registry.shelf.review("hESC-M", "ours", "2", "quality.okafor")  what to read before approving it
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from registry import specifications as specification
from registry.domain import Criterion, Departure, Product, RowError, Specification
from registry.errors import RegistryError, WrongUsage
from registry.identifiers import CPR
from registry.records.keys import PRODUCT, SPECIFICATION
from registry.services.answers import Answer
from registry.services.context import Parts
from registry.services.specifications import approve
from registry.services.specifications import draft as drafting
from registry.services.specifications.approve import Review
from registry.services.specifications.draft import Draft
from registry.specifications import Difference, Finding


@dataclass(frozen=True, slots=True)
class Checked:
    """What a table says, and what would come of drafting it; nothing is kept.

    ``errors`` are wrong cells: with any, there is no ``specification``. ``obstacles`` are refusals of the draft. It is
    held against ``base``: the one that was named, else the newest of its id, else None.
    """

    specification: Specification | None
    errors: tuple[RowError, ...] = ()
    findings: tuple[Finding, ...] = ()
    obstacles: tuple[RegistryError, ...] = ()
    base: Specification | None = None
    differences: tuple[Difference, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """As JSON; the specification and its base by id and version."""
        named = {"specification": self.specification, "base": self.base}
        return {
            **{name: {"id": one.id, "version": one.version} if one else None for name, one in named.items()},
            "errors": [one.as_dict() for one in self.errors],
            "findings": [one.as_dict() for one in self.findings],
            "obstacles": [one.as_dict() for one in self.obstacles],
            "differences": [one.as_dict() for one in self.differences],
        }


@dataclass(frozen=True, slots=True)
class ApprovedFor(Answer):
    """A product that a specification was approved for, by whom, since when; and whether it is in force there."""

    product: str
    label: str
    printed_name: str
    signed_at: datetime
    in_force: bool


MANY = 10_000
State = Literal["waiting", "approved", "replaced"]


@dataclass(frozen=True, slots=True)
class Drafted(Answer):
    """A draft, and whether it waits for a second person, was approved, or a later draft of its id took its place."""

    draft: Draft
    state: State


@dataclass(frozen=True, slots=True)
class Candidate:
    """A specification that might be approved for a product: what keeps one from it, and how it departs."""

    specification: Specification
    obstacles: tuple[str, ...]
    departures: tuple[Departure, ...]


@dataclass(frozen=True, slots=True)
class Shelf:
    """What is known of the specifications of one registry."""

    parts: Parts

    def check(self, file: str, data: bytes, *, name: str, base: str = "") -> Checked:
        """What a table says and what would come of drafting it by this account, held against ``base`` (ID@VERSION).

        Raises what reading it raises, but for wrong cells; Unknown for a base that there is not.
        """
        from registry.specifications.table import Misread  # it loads readers of workbooks and YAML

        chosen = self.named(base) if base else None
        try:
            said = replace(drafting.said(self.parts, file, data), drafted_by=name, published=False)
        except Misread as misread:
            return Checked(None, misread.errors, base=chosen)
        findings = specification.lint(said, self.parts.terms)
        earlier = drafting.versions(self.parts, said.id)
        against = chosen or (earlier[-1] if earlier else None)
        return Checked(
            said if specification.problems(said) else specification.build(said),
            findings=findings,
            obstacles=tuple(drafting.obstacles(said, earlier, findings)),
            base=against,
            differences=specification.differences(against, said, self.parts.terms) if against else (),
        )

    def named(self, wanted: str) -> Specification:
        """The specification of ``ID@VERSION``, the newest of ``ID``; raises Unknown, WrongUsage for neither."""
        identifier, _, version = wanted.partition("@")
        if not identifier:
            raise WrongUsage("No specification is named.", expected="ID@VERSION", found=wanted)
        return drafting.find(self.parts, identifier, version or None)

    def findings(self, one: Specification) -> tuple[Finding, ...]:
        """What ``specification lint`` says of it."""
        return specification.lint(one, self.parts.terms)

    def own_words(self, criterion: Criterion) -> tuple[str, str]:
        """(description, message) of the author's own; empty where they only say marker and limit again."""
        from registry.specifications.table.names import Naming

        terms = self.parts.terms
        names, known = Naming(terms), terms.characteristics.get(criterion.characteristic)
        known = known or terms.characteristics[CPR + "Cocktail"]
        plain = (names.description(terms.label(criterion.characteristic), known), names.message(criterion, known))
        said = (criterion.description, criterion.message)
        return tuple("" if own == usual else own for own, usual in zip(said, plain, strict=True))  # type: ignore[return-value]

    def differences(self, old: Specification, new: Specification) -> tuple[Difference, ...]:
        """Everything that differs, what is looser first."""
        return specification.differences(old, new, self.parts.terms)

    def compared(self, old: Specification, new: Specification) -> dict[str, object]:
        """The same as ``specification diff --format json`` has it."""
        return specification.compared(old, new, self.differences(old, new))

    def versions(self, identifier: str) -> list[Specification]:
        """Every version of a specification, oldest first."""
        return drafting.versions(self.parts, identifier)

    def table(self, one: Specification, form: str) -> tuple[str, bytes]:
        """(file name, bytes) of the table that compiles to it; raises UnsupportedKind for another form."""
        from registry.specifications import table

        return f"{one.id}-{one.version}.{form}", table.write(one, form, self.parts.terms)

    def next_version(self, one: Specification) -> str:
        """Its table as CSV under the next free number, to be changed and drafted."""
        from registry.specifications import table

        numbers = [int(each.version) for each in self.versions(one.id) if each.version.isdecimal()]
        version = str(max(numbers) + 1) if numbers else one.version
        begun = replace(one, version=version, drafted_by="", published=False)
        return table.write(begun, "csv", self.parts.terms).decode("utf-8")

    def approved_for(self, one: Specification) -> list[ApprovedFor]:
        """Every approval of this version, the newest first."""
        lots, found = self.parts.lots, []
        for product in dict.fromkeys(self.parts.ledger.beside(SPECIFICATION, one.id, PRODUCT)):
            approvals = lots.approvals(product)
            for approval in approvals:
                if approval.digest == one.digest:
                    label, in_force = lots.product(product).label, approval is approvals[-1]
                    found.append(ApprovedFor(product, label, approval.printed_name, approval.signed_at, in_force))
        return sorted(found, key=lambda line: line.signed_at, reverse=True)

    def in_force(self) -> dict[str, list[str]]:
        """Digest → the products whose lots are judged by it now."""
        ledger, found = self.parts.ledger, dict[str, list[str]]()
        named = ledger.matching(SPECIFICATION, limit=MANY, entry_kind="approval")
        for product in sorted({product for name in named for product in ledger.beside(SPECIFICATION, name, PRODUCT)}):
            found.setdefault(self.parts.lots.approvals(product)[-1].digest, []).append(product)
        return found

    def products_for(self, one: Specification) -> list[Product]:
        """Every product that it is fit for; those that had a version of it approved come first."""
        lots, had = self.parts.lots, self.parts.ledger.beside(SPECIFICATION, one.id, PRODUCT)
        products = [lots.product(name) for name in dict.fromkeys((*had, *lots.products()))]
        return [product for product in products if not any(approve.unfit(self.parts, one, product, ""))]

    def drafts(self) -> list[Drafted]:
        """Every draft and what became of it, the newest first."""
        drafts = drafting.drafts(self.parts)
        newest = {one.id: one.version for one in drafts}
        found = []
        for one in reversed(drafts):
            approved = self.approved_for(drafting.find(self.parts, one.id, one.version))
            state: State = "approved" if approved else "waiting" if newest[one.id] == one.version else "replaced"
            found.append(Drafted(one, state))
        return found

    def waiting(self) -> list[Draft]:
        """The drafts that wait for a second person: approved for no product, and no later draft took their place."""
        return [one.draft for one in self.drafts() if one.state == "waiting"]

    def review(self, product: str, identifier: str, version: str | None, account: str) -> Review:
        """What to read before this account approves it for a product; see ``approving.review``."""
        return approve.review(self.parts, product, identifier, version, account)

    def candidates(self, product: str, account: str) -> list[Candidate]:
        """Every specification, with what keeps this account from approving it for the product."""
        described, parts = self.parts.lots.product(product), self.parts
        return [
            Candidate(
                one,
                tuple(refusal.message for refusal in approve.unfit(parts, one, described, account)),
                parts.departures(one, described, {}),
            )
            for one in drafting.everything(parts)
        ]

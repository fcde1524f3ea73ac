"""Specifications as a quality unit reads, checks, compares, drafts and approves them: ``registry.specifications``.

specifications.check("ours.csv", data, name="quality.berg")     what it says, every wrong cell, what would be refused
specifications.waiting()                                        drafts that wait for a second person
specifications.review("hESC-M", "ours", "2", "quality.okafor")  what to read before approving it
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from registry import specifications as specification
from registry.accounts import Accounts
from registry.domain import Criterion, Departure, Intake, Product, RowError, Specification
from registry.errors import RegistryError, WrongUsage
from registry.identifiers import CPR, OBO, Names
from registry.ledger import Ledger
from registry.ledger.lots import LotReader
from registry.records.keys import PRODUCT, SPECIFICATION
from registry.services.answers import Answer
from registry.services.append import Entries, Receipt
from registry.services.lot_index.lists import LotIndex
from registry.services.mappings.approved import Beside, Mappings
from registry.services.ontologies.current import Current
from registry.services.specifications.approve import Approvals, Review
from registry.services.specifications.draft import Draft, Drafts, obstacles
from registry.services.specifications.templates import Tables
from registry.services.specifications.trial import Trial, Trials, with_limit
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
            **{name: {"id": each.id, "version": each.version} if each else None for name, each in named.items()},
            "errors": [each.as_dict() for each in self.errors],
            "findings": [each.as_dict() for each in self.findings],
            "obstacles": [each.as_dict() for each in self.obstacles],
            "differences": [each.as_dict() for each in self.differences],
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


class Specifications:
    """The specifications of one registry; ``tables`` are files to fill in and rows to mend."""

    def __init__(
        self,
        ledger: Ledger,
        reader: LotReader,
        ontologies: Current,
        names: Names,
        entries: Entries,
        accounts: Accounts,
        mappings: Mappings,
        read: Callable[[str, bytes, Beside], Intake],
        lots: LotIndex,
    ) -> None:
        self._ledger = ledger
        self._reader = reader
        self._ontologies = ontologies
        self._drafts = Drafts(ledger, reader, ontologies, entries, accounts)
        self._approvals = Approvals(ledger, reader, ontologies, names, entries, accounts, self._drafts)
        self.trials = Trials(reader, ontologies, lots, self._drafts.find)
        self.tables = Tables(ledger, ontologies, mappings, self._drafts.find, read)

    def all(self) -> list[Specification]:
        """Every specification, shipped or drafted here."""
        return self._drafts.all()

    def get(self, identifier: str, version: str | None = None) -> Specification:
        """A specification, shipped or drafted here, the newest version unless one is named; raises Unknown."""
        return self._drafts.find(identifier, version)

    def draft(self, file: str, data: bytes, *, name: str, password: str) -> Receipt:
        """Record a specification that a member of the quality unit has written; see ``Drafts.draft``."""
        return self._drafts.draft(file, data, name=name, password=password)

    def drafted(self) -> list[Draft]:
        """The specifications drafted here, oldest first."""
        return self._drafts.drafted()

    def approve(
        self,
        product: str,
        identifier: str,
        version: str | None = None,
        *,
        name: str,
        password: str,
        meaning: str = "",
        justifications: Mapping[str, str] | None = None,
        seen: int | None = None,
    ) -> Receipt:
        """Approve a specification for a product; see ``Approvals.approve``."""
        return self._approvals.approve(
            product, identifier, version, name=name, password=password, meaning=meaning,
            justifications=justifications or {}, seen=seen,
        )  # fmt: skip

    def departures(self, against: Specification, product: str | None = None) -> tuple[Departure, ...]:
        """How it falls short of the identity of the product's cell type, else of the human MSC's (CL:0000134)."""
        cell_type = self._reader.product(product).cell_type if product else OBO + "CL_0000134"
        terms = self._ontologies.terms
        return specification.departures(against, terms.identity_of(cell_type), terms)

    def check(self, file: str, data: bytes, *, name: str, base: str = "") -> Checked:
        """What a table says and what would come of drafting it by this account, held against ``base`` (ID@VERSION).

        Raises what reading it raises, but for wrong cells; Unknown for a base that there is not.
        """
        from registry.specifications.table import Misread  # it loads readers of workbooks and YAML

        chosen = self.named(base) if base else None
        try:
            read = replace(self._drafts.read(file, data), drafted_by=name, published=False)
        except Misread as misread:
            return Checked(None, misread.errors, base=chosen)
        findings = specification.lint(read, self._ontologies.terms)
        earlier = self._drafts.versions(read.id)
        against = chosen or (earlier[-1] if earlier else None)
        return Checked(
            read if specification.problems(read) else specification.build(read),
            findings=findings,
            obstacles=tuple(obstacles(read, earlier, findings)),
            base=against,
            differences=specification.differences(against, read, self._ontologies.terms) if against else (),
        )

    def try_out(self, draft: Specification) -> Trial:
        """What it would change over every product lot, were it approved for each; see ``Trials``."""
        return self.trials.run(draft)

    def quick_trial(self, draft: Specification) -> Trial | None:
        """The same for a page; None while more lots are to be judged first than a page waits for."""
        return self.trials.run(draft) if self.trials.is_quick() else None

    def try_limit(self, against: Specification, criterion: str, printed: str) -> Trial | None:
        """``quick_trial`` with one limit as somebody typed it; raises WrongUsage for what is no limit."""
        return self.quick_trial(with_limit(against, criterion, printed))

    def compiled(self, file: str, data: bytes) -> Specification:
        """The specification of a table, or of a compiled one; raises what reading it raises."""
        return specification.build(self._drafts.read(file, data))

    def named(self, wanted: str) -> Specification:
        """The specification of ``ID@VERSION``, the newest of ``ID``; raises Unknown, WrongUsage for neither."""
        identifier, _, version = wanted.partition("@")
        if not identifier:
            raise WrongUsage("No specification is named.", expected="ID@VERSION", found=wanted)
        return self._drafts.find(identifier, version or None)

    def findings(self, asked: Specification) -> tuple[Finding, ...]:
        """What ``specification lint`` says of it."""
        return specification.lint(asked, self._ontologies.terms)

    def own_words(self, criterion: Criterion) -> tuple[str, str]:
        """(description, message) of the author's own; empty where they only say marker and limit again."""
        from registry.specifications.table.names import Naming

        terms = self._ontologies.terms
        names, known = Naming(terms), terms.characteristics.get(criterion.characteristic)
        known = known or terms.characteristics[CPR + "Cocktail"]
        plain = (names.description(terms.label(criterion.characteristic), known), names.message(criterion, known))
        own = (criterion.description, criterion.message)
        return tuple("" if word == usual else word for word, usual in zip(own, plain, strict=True))  # type: ignore[return-value]

    def differences(self, old: Specification, new: Specification) -> tuple[Difference, ...]:
        """Everything that differs, what is looser first."""
        return specification.differences(old, new, self._ontologies.terms)

    def compared(self, old: Specification, new: Specification) -> dict[str, object]:
        """The same as ``specification diff --format json`` has it."""
        return specification.compared(old, new, self.differences(old, new))

    def versions(self, identifier: str) -> list[Specification]:
        """Every version of a specification, oldest first."""
        return self._drafts.versions(identifier)

    def table(self, asked: Specification, form: str) -> tuple[str, bytes]:
        """(file name, bytes) of the table that compiles to it; raises UnsupportedKind for another form."""
        from registry.specifications import table

        return f"{asked.id}-{asked.version}.{form}", table.write(asked, form, self._ontologies.terms)

    def next_version(self, old: Specification) -> str:
        """Its table as CSV under the next free number, to be changed and drafted."""
        from registry.specifications import table

        numbers = [int(each.version) for each in self.versions(old.id) if each.version.isdecimal()]
        version = str(max(numbers) + 1) if numbers else old.version
        begun = replace(old, version=version, drafted_by="", published=False)
        return table.write(begun, "csv", self._ontologies.terms).decode("utf-8")

    def approved_for(self, asked: Specification) -> list[ApprovedFor]:
        """Every approval of this version, the newest first."""
        lines = []
        for product in dict.fromkeys(self._ledger.beside(SPECIFICATION, asked.id, PRODUCT)):
            approvals = self._reader.approvals(product)
            for approval in approvals:
                if approval.digest == asked.digest:
                    label, in_force = self._reader.product(product).label, approval is approvals[-1]
                    lines.append(ApprovedFor(product, label, approval.printed_name, approval.signed_at, in_force))
        return sorted(lines, key=lambda line: line.signed_at, reverse=True)

    def in_force(self) -> dict[str, list[str]]:
        """Digest → the products whose lots are judged by it now."""
        ledger, products = self._ledger, dict[str, list[str]]()
        named = ledger.matching(SPECIFICATION, limit=MANY, entry_kind="approval")
        for product in sorted({product for name in named for product in ledger.beside(SPECIFICATION, name, PRODUCT)}):
            products.setdefault(self._reader.approvals(product)[-1].digest, []).append(product)
        return products

    def products_for(self, asked: Specification) -> list[Product]:
        """Every product that it is fit for; those that had a version of it approved come first."""
        had = self._ledger.beside(SPECIFICATION, asked.id, PRODUCT)
        names = dict.fromkeys((*had, *self._reader.products()))
        products = [self._reader.product(name) for name in names]
        return [product for product in products if not any(self._approvals.unfit(asked, product, ""))]

    def drafts(self) -> list[Drafted]:
        """Every draft and what became of it, the newest first."""
        drafts = self._drafts.drafted()
        newest = {draft.id: draft.version for draft in drafts}
        states = []
        for draft in reversed(drafts):
            approved = self.approved_for(self._drafts.find(draft.id, draft.version))
            state: State = "approved" if approved else "waiting" if newest[draft.id] == draft.version else "replaced"
            states.append(Drafted(draft, state))
        return states

    def waiting(self) -> list[Draft]:
        """The drafts that wait for a second person: approved for no product, and no later draft took their place."""
        return [drafted.draft for drafted in self.drafts() if drafted.state == "waiting"]

    def review(self, product: str, identifier: str, version: str | None, account: str) -> Review:
        """What to read before this account approves it for a product; see ``Approvals.review``."""
        return self._approvals.review(product, identifier, version, account)

    def candidates(self, product: str, account: str) -> list[Candidate]:
        """Every specification, with what keeps this account from approving it for the product."""
        described = self._reader.product(product)
        return [
            Candidate(
                each,
                tuple(refusal.message for refusal in self._approvals.unfit(each, described, account)),
                specification.departures_of(each, described, self._ontologies.terms, {}),
            )
            for each in self._drafts.all()
        ]

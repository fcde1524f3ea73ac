"""Obsolete terms in our data: what their authors propose, and a person's word on it. Nothing is replaced silently."""

from __future__ import annotations

from dataclasses import dataclass, replace

from registry.accounts import Accounts, Permission
from registry.domain import Product
from registry.errors import Conflict, Refused, Unknown, WrongUsage
from registry.identifiers import Names
from registry.judgement import shacl
from registry.ledger import Ledger, NewEntry, View
from registry.ledger.lots import LotReader
from registry.ontology_releases.names import curie_of
from registry.ontology_releases.parser import PREFIXES
from registry.ontology_releases.successor import Resolution, resolve
from registry.records.keys import keys
from registry.records.lot import write_product
from registry.records.ontology import write_replacement
from registry.services.answers import Answer, TermRef
from registry.services.append import Entries, Receipt, signer
from registry.services.ontologies.current import Current
from registry.services.ontologies.usage import Usage, terms_of, used_terms
from registry.vocabulary import Terms, expanded


@dataclass(frozen=True, slots=True)
class Proposal(Answer):
    """An obsolete term in our data, what became of it, who uses it, and what a person may approve."""

    old: TermRef
    outcome: str
    sentence: str
    proposed: TermRef | None
    consider: tuple[TermRef, ...]
    used_by: Usage


class Replacements:
    """Obsolete terms in the data of one registry, and the words on them."""

    def __init__(
        self,
        ledger: Ledger,
        reader: LotReader,
        ontologies: Current,
        names: Names,
        entries: Entries,
        accounts: Accounts,
    ) -> None:
        self._ledger = ledger
        self._reader = reader
        self._ontologies = ontologies
        self._names = names
        self._entries = entries
        self._accounts = accounts

    def proposals(self) -> list[Proposal]:
        """Every obsolete term in our data that nobody has replaced yet."""
        waiting = []
        for iri, usage in sorted(used_terms(self._reader).items()):
            became = resolution(self._ontologies, iri)
            if became is not None and became.outcome != "current":
                waiting.append(self._proposal(became, usage))
        return waiting

    def _proposal(self, became: Resolution, usage: Usage) -> Proposal:
        to = reference(self._ontologies.terms, became.to) if became.to and became.outcome == "replaced" else None
        users = ", ".join(usage.words())
        return Proposal(
            old=reference(self._ontologies.terms, became.iri),
            outcome=became.outcome,
            sentence=f"{became.sentence(to.label if to else '')} Used by {users}.",
            proposed=to,
            consider=tuple(reference(self._ontologies.terms, iri) for iri in became.consider),
            used_by=usage,
        )

    def replace_term(self, old: str, new: str, *, reason: str, name: str, password: str) -> Receipt:
        """Replace an obsolete term in every product that uses it, by a member of the quality unit's signed word.

        One transaction: the signed replacement, and each product described anew. Raises NotAllowed, Refused for a term
        that is not obsolete or that nothing uses, WrongUsage for a new one that is obsolete, of another ontology or not
        permitted.
        """
        account = signer(self._accounts, name, password, Permission.REPLACE_TERM)
        before, after = expanded(old), self._ontologies.terms.term(new).iri
        users = self._users(before, after)
        at = self._ledger.now()
        became = resolution(self._ontologies, before)
        why = reason.strip() or (became.sentence(self._ontologies.terms.term(after).label) if became else "")
        record = write_replacement(
            before, after, reason=why, by=account.name, printed_name=account.printed_name, at=at, names=self._names
        )
        shacl.check_form("replacement", record.ntriples)
        summary = f"{curie_of(before)} replaced by {curie_of(after)}, signed by {account.printed_name}: {why}"
        entry = NewEntry(
            "replacement", record, details={"summary": summary}, index=keys("replacement", record, self._names)
        )
        entries = [
            self._entries.signed(entry, account),
            *(self._described(product, before, after) for product in users),
        ]
        heads = self._ledger.newest("product", [product.id for product in users])

        def products_unchanged(view: View) -> None:
            if view.newest("product", [product.id for product in users]) != heads:
                raise Conflict("A product was described anew meanwhile.", todo="Look at the replacements again.")

        answer = self._ledger.append(entries, actor=account.name, expect=products_unchanged)
        return Receipt("replacement", curie_of(before), record.digest, answer.positions[0], answer.size)

    def _users(self, old: str, new: str) -> list[Product]:
        became = resolution(self._ontologies, old)
        if became is None or became.outcome == "unknown":
            raise Unknown("There is no such term in the ontologies kept here.", found=curie_of(old))
        if became.outcome == "current":
            raise Refused(f"{curie_of(old)} is current.", expected="an obsolete term", found=curie_of(old))
        if old.rsplit("_", 1)[0] != new.rsplit("_", 1)[0]:
            raise WrongUsage(
                "A term is replaced by one of its own ontology.", expected=curie_of(old)[:4], found=curie_of(new)
            )
        products = [self._reader.product(name) for name in self._reader.products()]
        users = [product for product in products if old in terms_of(product)]
        if not users:
            raise Refused(f"Nothing here uses {curie_of(old)}.", expected="a term that a product uses", found="none")
        if any(product.cell_type == old for product in users) and new not in self._ontologies.terms.permitted_iris():
            raise WrongUsage(
                f"A product may not carry the cell type {curie_of(new)}.",
                expected=", ".join(map(curie_of, self._ontologies.terms.permitted_iris())),
                found=curie_of(new),
            )
        return users

    def _described(self, product: Product, old: str, new: str) -> NewEntry:
        def now(iri: str) -> str:
            return new if iri == old else iri

        whole = replace(
            product,
            cell_type=now(product.cell_type),
            source=now(product.source),
            indications=tuple(dict.fromkeys(now(iri) for iri in product.indications)),
            entry=None,
        )
        record = write_product(whole, self._names)
        shacl.check_form("product", record.ntriples)
        summary = f"Product {product.id} described anew: {curie_of(new)} in the place of {curie_of(old)}"
        return NewEntry("product", record, details={"summary": summary}, index=keys("product", record, self._names))


def resolution(ontologies: Current, iri: str) -> Resolution | None:
    """What became of a cell type or disease; None for a term of another ontology."""
    ontology = next((name for name, prefix in PREFIXES.items() if iri.startswith(prefix)), None)
    return resolve(ontologies.slice(ontology).classes, iri) if ontology else None


def reference(terms: Terms, iri: str) -> TermRef:
    """CURIE and label, of an obsolete term too."""
    term = terms.any_term(iri)
    return TermRef(curie_of(iri), term.label if term else "")

"""Terms that a release gives another name, and a person's word that they mean what they did: before it is loaded."""

from __future__ import annotations

from registry.accounts import Accounts, Permission
from registry.errors import Unknown, WrongUsage
from registry.identifiers import Names
from registry.judgement import shacl
from registry.ledger import Ledger, NewEntry
from registry.ontology_releases.names import curie_of
from registry.ontology_releases.slices.slices import Slice
from registry.records.keys import keys
from registry.records.ontology import read_carried, write_carried
from registry.services.append import Entries, Receipt, signer
from registry.services.ontologies.current import Current
from registry.vocabulary import expanded


class CarriedTerms:
    """The signed words on terms that change their names."""

    def __init__(self, ledger: Ledger, ontologies: Current, names: Names, entries: Entries, accounts: Accounts) -> None:
        self._ledger = ledger
        self._ontologies = ontologies
        self._names = names
        self._entries = entries
        self._accounts = accounts

    def carry(self, term: str, label: str, *, reason: str, name: str, password: str) -> Receipt:
        """Sign that a term means what it did under this new name, which a release that is held back gives it.

        Raises NotAllowed, Unknown for a term that is not kept here, WrongUsage without a new name or a reason.
        """
        account = signer(self._accounts, name, password, Permission.REPLACE_TERM)
        iri, now = expanded(term), label.strip()
        known = self._ontologies.terms.any_term(iri)
        if known is None:
            raise Unknown("There is no such term in the ontologies kept here.", found=term)
        if not now or not reason.strip() or now == known.label:
            raise WrongUsage(
                "A term is carried over under a new name, for a reason.",
                expected="the name that the release gives it, and why it is the same",
                found=now or "no name",
            )
        record = write_carried(
            iri, now, reason=reason.strip(), by=account.name, printed_name=account.printed_name,
            at=self._ledger.now(), names=self._names,
        )  # fmt: skip
        shacl.check_form("replacement", record.ntriples)
        summary = f"{curie_of(iri)} means what it did as {now!r}, signed by {account.printed_name}: {reason.strip()}"
        entry = NewEntry(
            "replacement", record, details={"summary": summary}, index=keys("replacement", record, self._names)
        )
        answer = self._ledger.append([self._entries.signed(entry, account)], actor=account.name)
        return Receipt("replacement", curie_of(iri), record.digest, answer.positions[0], answer.size)

    def of(self, release: Slice) -> frozenset[str]:
        """The terms of this release whose names in it somebody signed for."""
        entries = self._ledger.entries(kind="replacement")
        words = (read_carried(self._ledger.record(entry.record)) for entry in entries if entry.record is not None)
        return frozenset(
            word[0] for word in words if word and getattr(release.classes.get(word[0]), "label", None) == word[1]
        )

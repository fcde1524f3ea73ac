"""Claims and publications: cited, claimed with a signature, withdrawn with another. Nothing here is edited afterwards.

registry.claims.cite(CitedPublication("10.1016/j.jogoh.2025.103031", year=2025), actor)
registry.claims.make(ClaimDraft("msc-angiogenesis", "CL:0000134", "GO:0045766", (…,)), name="q.okafor", password=…)
registry.claims.of_lot("H-01")[0].stands_on        "literature"
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from registry.accounts import Accounts, Actor, Permission, require
from registry.domain import CitedPublication, Claim, ClaimEvidence, ClaimWithdrawal, Specification
from registry.errors import Conflict, RegistryError, Unknown, WrongUsage
from registry.identifiers import SPECIFICATIONS, Names, check_id
from registry.intake.checks.free_text_privacy import refuse_persons
from registry.ledger import Ledger, NewEntry, View
from registry.ledger.lots import LotReader
from registry.records.literature.claim import CLAIM, CLAIM_WITHDRAWAL, write_claim, write_claim_withdrawal
from registry.records.literature.publication import write_publication
from registry.services.append import Entries, Receipt, new, signer
from registry.services.claims import refusals
from registry.services.claims.book import ClaimBook
from registry.services.claims.claim_view import (
    ClaimAnswer,
    EvidenceAnswer,
    PublicationAnswer,
    claim_answer,
    evidence_answer,
    named_by,
    publication_answer,
)
from registry.services.claims.standing import Shown, about, shown, stands_on
from registry.services.lot_state import LotState, LotStates
from registry.services.ontologies.current import Current

MEANING = "I claim this of these cells, on what it names and on nothing else."


@dataclass(frozen=True, slots=True)
class ClaimDraft:
    """What somebody means to claim: ``of`` a product's identifier or a cell type, ``process`` a CURIE or IRI."""

    id: str
    of: str
    process: str
    evidence: tuple[ClaimEvidence, ...]
    meaning: str = ""


class Claims:
    """The claims and publications of one registry."""

    def __init__(
        self, ledger: Ledger, reader: LotReader, states: LotStates, ontologies: Current, names: Names,
        accounts: Accounts, entries: Entries, specifications: Callable[[], Sequence[Specification]],
    ) -> None:  # fmt: skip
        self._ledger = ledger
        self._reader = reader
        self._states = states
        self._ontologies = ontologies
        self._names = names
        self._accounts = accounts
        self._entries = entries
        self._specifications = specifications
        self._book = ClaimBook(ledger, names)

    # --- publications

    def cite(self, draft: CitedPublication, actor: Actor) -> Receipt:
        """Enter a publication, or more that cites one that is on record.

        Raises NotAllowed, WrongUsage, Unknown or PatientData for what it may not hold, Refused where it contradicts.
        """
        require(actor, Permission.CITE)
        whole = refusals.publication(draft, self._ontologies.terms, self._ledger.now().year)
        products = tuple(sorted({self._reader.product(each).id for each in draft.products}))
        criteria = tuple(sorted({self._criterion(each) for each in draft.criteria}))
        whole = replace(whole, products=products, indications=whole.indications, criteria=criteria, entry=None)
        with suppress(Unknown):  # the first word on a publication contradicts nothing
            refusals.agree(self._book.publication(whole.doi), whole)
        entry = NewEntry(
            "publication", write_publication(whole, self._names),
            details={"summary": f"Publication {whole.doi}: {whole.title[:200] or 'title not known here'}"},
        )  # fmt: skip
        return self._entries.enter(entry, actor.name, whole.doi)

    def _criterion(self, text: str) -> str:
        """The IRI of ``isct-2006/1#cd73``; raises Unknown."""
        known = {
            criterion.iri.removeprefix(SPECIFICATIONS): criterion.iri
            for against in self._specifications()
            for criterion in against.criteria
        }
        short = text.strip().removeprefix(SPECIFICATIONS)
        if short not in known:
            raise Unknown("No specification has this criterion.", expected="SPECIFICATION/VERSION#CRITERION, such as "
                          "isct-2006/1#cd73", found=text, where="criterion")  # fmt: skip
        return known[short]

    def publications(self) -> list[PublicationAnswer]:
        """Every publication."""
        claims = self._book.claims()
        return [self._publication(each, claims) for each in self._book.publications()]

    def publication(self, doi: str) -> PublicationAnswer:
        """One publication by its DOI, with everything here that cites it; raises Unknown."""
        return self._publication(self._book.publication(doi), self._book.claims())

    def _publication(self, known: CitedPublication, claims: Sequence[Claim]) -> PublicationAnswer:
        criteria = [
            criterion.iri.removeprefix(SPECIFICATIONS)
            for against in self._specifications()
            for criterion in against.criteria
            if known.doi in criterion.source.casefold()
        ]
        studies = [study for study in self._reader.studies() if known.doi in self._dois(study)]
        named = [claim.id for claim in claims if any(each.about == known.doi for each in claim.on("literature"))]
        return publication_answer(self._ontologies.terms, self._names, known, criteria, studies, named)

    def _dois(self, study: str) -> set[str]:
        return {publication.doi.casefold() for publication in self._reader.study(study).publications}

    # --- claims

    def all(self) -> list[ClaimAnswer]:
        """Every claim, oldest first, those withdrawn too."""
        return [self._claim(each) for each in self._book.claims()]

    def get(self, claim: str) -> ClaimAnswer:
        """One claim; raises Unknown."""
        return self._claim(self._book.claim(claim))

    def of_study(self, study: str) -> list[ClaimAnswer]:
        """The claims about the study's products, its cells, or on the study itself; raises Unknown."""
        known = self._reader.study(study)
        products = [each for name in self._reader.products() if (each := self._reader.product(name)).study == known.id]
        return [
            answer
            for claim in self._book.claims()
            if claim.withdrawn is None
            and (
                named_by(answer := self._claim(claim), "study", known.id)
                or any(refusals.is_about(claim, product, self._ontologies.terms) for product in products)
            )
        ]

    def of_product(self, product: str) -> list[ClaimAnswer]:
        """The claims that stand about a product or its cells; raises Unknown."""
        described, terms = self._reader.product(product), self._ontologies.terms
        claims = self._book.claims()
        return [self._claim(c) for c in claims if c.withdrawn is None and refusals.is_about(c, described, terms)]

    def of_lot(self, lot: str) -> list[ClaimAnswer]:
        """The claims that stand about a lot's product or its cells, each with what the lot itself shows."""
        claims = self._book.claims()
        state = self._states.one(lot) if claims else None
        return [self._claim(claim, state) for claim in about(claims, state, self._ontologies.terms)] if state else []

    def _claim(self, claim: Claim, state: LotState | None = None) -> ClaimAnswer:
        evidence = tuple(self._evidence(claim, state))
        of_lot: tuple[Shown, ...] = tuple(each.shown for each in evidence if each.shown is not None)
        label = self._reader.product(claim.product).label if claim.product else ""
        criteria = tuple(
            criterion.iri.removeprefix(SPECIFICATIONS)
            for against in self._specifications()
            for criterion in against.criteria
            if criterion.claim == claim.id
        )
        return claim_answer(
            self._ontologies.terms, self._names, claim, evidence, stands_on(claim, of_lot), criteria, label,
            state.facts.lot.id if state else None,
        )  # fmt: skip

    def _evidence(self, claim: Claim, state: LotState | None) -> Iterator[EvidenceAnswer]:
        for each in claim.evidence:
            if each.basis == "lot result" and state is not None:
                yield evidence_answer(self._ontologies.terms, each, "", *shown(claim, each, state))
            else:
                yield evidence_answer(self._ontologies.terms, each, self._title(each))

    def _title(self, each: ClaimEvidence) -> str:
        if each.basis == "study":
            return self._reader.study(each.about).title
        return self._book.publication(each.about).title if each.basis == "literature" else ""

    def make(self, draft: ClaimDraft, *, name: str, password: str) -> Receipt:
        """Sign a claim.

        Raises NotSignedIn, NotAllowed; WrongUsage, Unknown, Refused or PatientData for what it may not stand on;
        Conflict when its identifier was used.
        """
        account = signer(self._accounts, name, password, Permission.MAKE_CLAIM)
        terms, identifier = self._ontologies.terms, check_id(draft.id, "claim", "id")
        refuse_persons(self._ledger.now().year, meaning=draft.meaning, **{
            f"note {place}": each.note for place, each in enumerate(draft.evidence, start=1)
        })  # fmt: skip
        product = None if self._is_cell(draft.of) else self._reader.product(draft.of)
        claim = Claim(
            id=identifier,
            process=refusals.process(draft.process),
            evidence=draft.evidence,
            signed_by=account.name,
            printed_name=account.printed_name,
            signed_at=self._ledger.now(),
            meaning=draft.meaning.strip() or MEANING,
            product=product.id if product else "",
            cell_type="" if product else terms.term(draft.of).iri,
        )
        given = refusals.evidence(claim, terms, product, self._reader.study, self._book.publication)
        whole = replace(claim, evidence=tuple(given))
        of = whole.product or terms.name(whole.cell_type)
        entry = NewEntry(
            "claim", write_claim(whole, self._names),
            details={"summary": f"Claim {identifier}: {of}, {terms.name(whole.process)}, by {account.printed_name}"},
        )  # fmt: skip
        return self._entries.enter(
            self._entries.signed(entry, account), account.name, identifier, expect=new(CLAIM, identifier, "claim")
        )

    def _is_cell(self, text: str) -> bool:
        try:
            return self._ontologies.terms.term(text).curie.startswith("CL:")
        except RegistryError:
            return False

    def withdraw(self, claim: str, *, reason: str, name: str, password: str) -> Receipt:
        """Sign that a claim no longer stands; raises NotSignedIn, NotAllowed, Unknown, WrongUsage, Conflict."""
        account = signer(self._accounts, name, password, Permission.MAKE_CLAIM)
        known = self._book.claim(claim)
        if not reason.strip():
            raise WrongUsage("A claim is withdrawn for a reason.", expected="why it no longer stands", where="reason")
        refuse_persons(self._ledger.now().year, reason=reason)
        word = ClaimWithdrawal(known.id, reason.strip(), account.name, account.printed_name, self._ledger.now())
        entry = NewEntry(
            CLAIM_WITHDRAWAL, write_claim_withdrawal(word, self._names),
            details={"summary": f"Claim {known.id} withdrawn by {account.printed_name}: {word.reason[:200]}"},
        )  # fmt: skip

        def still_stands(view: View) -> None:
            if any(True for _ in view.entries(kind=CLAIM_WITHDRAWAL, key=(CLAIM, known.id))):
                raise Conflict(f"The claim {known.id} was withdrawn before.", expected="a claim that stands",
                               found=known.id)  # fmt: skip

        return self._entries.enter(self._entries.signed(entry, account), account.name, known.id, expect=still_stands)

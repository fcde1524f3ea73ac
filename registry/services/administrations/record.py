"""Something given to somebody, asked at that minute, and entered.

How it is recorded (``Recording.record``):

1. may this account record it, and is the code a pseudonym       ``require``, ``check_code``
2. the arm, its sites, and the cells as they were typed          ``Recording._arm``, ``site_doses``
3. the lot's state when it was given and now                     ``LotStates.of``
4. containers, cells, expiry, thaw, recipient: every reason      ``release.administration.against``
5. what cannot have happened is refused in any case              ``Stock.impossible``
6. refused with every reason at once, or entered as a deviation  ``GateRefused``
7. entered, if nothing about the lot was entered meanwhile       ``unchanged``
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from registry.accounts import Actor, Permission, require
from registry.domain import Administration, Arm, Study
from registry.errors import GateRefused, Unknown, WrongUsage
from registry.instants import moment
from registry.intake.checks.free_text_privacy import check_code, refuse_persons
from registry.ledger import Json, NewEntry
from registry.ledger.lots import LOT, LotReader
from registry.records.clinic.administration import write_administration
from registry.release import Status
from registry.release.administration import Given, against, early
from registry.services.administrations.book import Book, cells_per_container, counts_viable
from registry.services.administrations.findings import finding_of
from registry.services.administrations.sites import site_doses
from registry.services.append import Entries, Receipt, unchanged
from registry.services.lot_state import LotState, LotStates
from registry.services.ontologies.current import Current


@dataclass(frozen=True, slots=True)
class AdministrationDraft:
    """What somebody says was given. ``sites`` are typed: ``left=2000000``; times have their zone."""

    lot: str
    study: str
    arm: str
    recipient: str
    sites: tuple[str, ...]
    containers: tuple[int, ...]
    at: datetime
    thawed_at: datetime | None = None
    viability: Decimal | None = None
    deviation: str = ""


@dataclass(frozen=True, slots=True)
class Recording:
    """What asks, and enters what was given."""

    reader: LotReader
    states: LotStates
    ontologies: Current
    entries: Entries
    book: Book

    def record(self, draft: AdministrationDraft, actor: Actor) -> Receipt:
        """Enter what was given. With ``deviation``, why it was given although something stood against it.

        Raises GateRefused with every reason at once; even with a deviation for a container that was given before, or
        that there is not: that cannot have happened. WrongUsage for what is missing or cannot be read, PatientData,
        Unknown for the lot, NotAllowed, Conflict when something about the lot was entered meanwhile.
        """
        require(actor, Permission.ADMINISTER)
        self._check(draft)
        given, state = self.given(draft)
        reasons, asked = against(given), given.administration
        impossible = given.stock.impossible(asked.containers)
        if impossible or (reasons and not draft.deviation.strip()):
            raise GateRefused(
                f"{asked.lot} cannot be recorded as given." if impossible else f"{asked.lot} must not be given.",
                where=asked.lot,
                todo="" if impossible else "If it was given all the same, say why, and it is entered as a deviation.",
                details=tuple(dict.fromkeys((*impossible, *reasons))),
            )
        whole = replace(asked, deviation=draft.deviation.strip() if reasons else "")
        entry = NewEntry(
            "administration",
            write_administration(whole, self.entries.names),
            lots=(whole.lot,),
            details={**_details(whole, reasons), "seen": finding_of(state.status)},
        )
        receipt = self.entries.enter(entry, actor.name, whole.id, expect=unchanged(state.facts.heads, whole.lot))
        return replace(receipt, notes=_notes(draft, reasons))

    def given(self, draft: AdministrationDraft) -> tuple[Given, LotState]:
        """What is known at that minute of the lot, its containers, the study and the recipient; and the lot's state."""
        state = self.states.one(draft.lot)
        lot, product = state.facts.lot, state.facts.product
        study = self._study(draft.study)
        asked = self._administration(draft, lot.id, study.arm(draft.arm) if study else None)
        supply = self._supplied_to(lot.id) if self._supplied(state) else None
        autologous = product is not None and product.donor_relation == "autologous"
        viable, cells = cells_per_container(state.facts, self.ontologies.terms)
        if draft.viability is not None and cells is not None and not counts_viable(state.facts):
            viable = None  # the viability before use is later than the one on record
        given = Given(
            administration=asked,
            status=self._status_then(lot.id, asked.at, state),
            status_now=state.status,
            stock=self.book.stock(lot),
            now=state.at,
            expires_at=lot.expires_at,
            study=study,
            product_study=product.study if product else "",
            viable=viable,
            cells=cells,
            thaw_limit=timedelta(hours=lot.usable_hours) if lot.usable_hours else None,
            for_one=autologous,
            made_for=lot.recipient if autologous else supply,
            supplied=supply is not None,
        )
        if early(given):
            raise WrongUsage(
                "What was given is recorded when it was, not before.",
                expected=f"a time no later than {moment(state.at)}",
                found=moment(asked.at),
                where="at",
            )
        return given, state

    def _status_then(self, lot: str, at: datetime, state: LotState) -> Status | None:
        """The answer as the ledger stood when it was given; None when the lot was not on record then.

        A lot that was made up is told in one sitting: the ledger's times are those of the telling, and say nothing.
        """
        if at >= state.at or state.facts.lot.synthetic:
            return state.status
        try:
            return self.states.one(lot, at).status
        except Unknown:
            return None

    def _study(self, study: str) -> Study | None:
        try:
            return self.reader.study(study)
        except Unknown:
            return None

    def _supplied(self, state: LotState) -> bool:
        """Whether the lot is supplied out of specification on exactly the evidence that there is now."""
        supply, against_ = state.facts.supply, state.specification
        if supply is None or against_ is None:
            return False
        return set(supply.evidence) == set(self.states.evidence(state.facts, against_))

    def _supplied_to(self, lot: str) -> str | None:
        """The code of the recipient for whom the lot was last supplied out of specification."""
        codes = [
            str(entry.details["recipient"])
            for entry in self.reader.ledger.entries(key=(LOT, lot), kind="decision")
            if entry.details.get("decision") == "OOS supply" and entry.details.get("recipient")
        ]
        return codes[-1] if codes else None

    def _administration(self, draft: AdministrationDraft, lot: str, arm: Arm | None) -> Administration:
        return Administration(
            id=f"A-{secrets.token_hex(8)}",
            lot=lot,
            study=draft.study.strip(),
            arm=arm.id if arm else draft.arm.strip(),
            containers=draft.containers,
            at=draft.at.astimezone(UTC),
            sites=site_doses(draft.sites, arm, self.ontologies.terms),
            thawed_at=draft.thawed_at.astimezone(UTC) if draft.thawed_at else None,
            viability=draft.viability,
            recipient=draft.recipient.strip(),
        )

    def _check(self, draft: AdministrationDraft) -> None:
        year = self.entries.ledger.now().year
        check_code(year, draft.recipient.strip())
        refuse_persons(year, deviation=draft.deviation, study=draft.study, arm=draft.arm)
        for name, time in (("at", draft.at), ("thawed_at", draft.thawed_at)):
            if time is not None and time.tzinfo is None:
                raise WrongUsage(
                    "A time without a zone is ambiguous.",
                    expected="a time with its zone, such as 2026-12-01T12:00+01:00",
                    found=str(time),
                    where=name,
                )
        for name, text in (("study", draft.study), ("arm", draft.arm)):
            if not 1 <= len(text.strip()) <= 64:
                raise WrongUsage(f"What was given names its {name}.", expected=f"a {name}", found=text, where=name)
        if draft.viability is not None and not (draft.viability.is_finite() and 0 <= draft.viability <= 100):
            raise WrongUsage(
                "Viability is a percentage.", expected="0 to 100", found=str(draft.viability), where="viability"
            )
        if not draft.sites:
            raise WrongUsage(
                "What was given names each site and its viable cells.",
                expected="SITE=CELLS for each site",
                found="none",
                where="site",
            )


def _details(given: Administration, reasons: tuple[str, ...]) -> Mapping[str, Json]:
    """Beside the record: the code, with a salt that keeps it from being guessed, and what stood against it.

    The summary says neither where nor how much: every role reads a lot's history.
    """
    words = "Something was given of this lot" + (", as a deviation." if given.deviation else ".")
    details: dict[str, Json] = {
        "summary": words,
        "recipient": given.recipient or "",
        "salt": secrets.token_hex(16),
    }
    return {**details, "against": list(reasons)} if reasons else details


def _notes(draft: AdministrationDraft, reasons: tuple[str, ...]) -> tuple[str, ...]:
    if reasons:
        return ("Entered as a deviation: the quality unit is told.", *reasons)
    if draft.deviation.strip():
        return ("Nothing stood against it, so that it is not entered as a deviation.",)
    return ()

"""Panels taken back: by whom, with a reason, and never a failure by one person alone."""

from __future__ import annotations

from dataclasses import dataclass

from registry.accounts import Account, Accounts, Permission, require
from registry.accounts.permissions import may
from registry.domain import LotFacts, LotVerdict, PanelOnRecord, Specification
from registry.errors import Conflict, NotAllowed, Refused, WrongUsage
from registry.intake.checks.free_text_privacy import refuse_persons
from registry.ledger import Ledger, NewEntry
from registry.ledger.lots import LotReader
from registry.records.decision import write_withdrawal
from registry.services.answers import Answer
from registry.services.append import Entries, Receipt
from registry.services.lot_state import LotStates
from registry.services.releases.set_aside import failing
from registry.services.specifications.in_force import specification_of


@dataclass(frozen=True, slots=True)
class Withdrawable(Answer):
    """A panel that counts: what it fails by itself, in sentences, and the lot's verdict without it (None: unjudged)."""

    panel: str
    fails: tuple[str, ...]
    without: str | None


class Withdrawals:
    """What takes panels back."""

    def __init__(
        self, ledger: Ledger, reader: LotReader, states: LotStates, accounts: Accounts, entries: Entries
    ) -> None:
        self._ledger = ledger
        self._reader = reader
        self._states = states
        self._accounts = accounts
        self._entries = entries

    def withdraw(self, panel: str, *, reason: str, name: str, password: str) -> Receipt:
        """Take a panel back: its submitter or the quality unit, with a reason. Nothing is erased."""
        account = self._accounts.people.verify_to_sign(name, password)
        if not reason.strip():
            raise WrongUsage("A withdrawal needs a reason.", expected="a sentence that says why", found="nothing")
        refuse_persons(self._ledger.now().year, reason=reason)
        on_record = self._reader.panel(panel)
        _check_may_withdraw(account, on_record)
        facts = self._reader.facts(on_record.lot)
        if any(each.id == on_record.id and each.withdrawn for each in facts.panels):
            raise Conflict(f"The panel {panel} is withdrawn already.", found=panel)
        if not may(account, Permission.WITHDRAW_ANY):
            self._refuse_taking_back_a_failure(facts, on_record)
        at, names = self._ledger.now(), self._entries.names
        record = write_withdrawal(on_record.id, reason.strip(), account.name, account.printed_name, at, names)
        details = {"summary": f"Panel {on_record.id} withdrawn: {reason.strip()}", "panel": on_record.id}
        entry = NewEntry("withdrawal", record, lots=(on_record.lot,), details=details)
        return self._entries.enter(self._entries.signed(entry, account), account.name, on_record.id)

    def withdrawable(self, lot: str) -> tuple[Withdrawable, ...]:
        """The panels of a lot that count, each as whoever takes it back should know it; raises Unknown.

        Held against what a release would name now.
        """
        (state,) = self._states.for_decision([self._states.one(lot)], "release")
        facts, against = state.facts, state.specification
        return tuple(
            Withdrawable(
                panel.id,
                tuple(failing(self._states, facts, against, panel.results)) if against else (),
                self._without(facts, against, panel).verdict if against else None,
            )
            for panel in facts.current_panels
        )

    def _without(self, facts: LotFacts, against: Specification, panel: PanelOnRecord) -> LotVerdict:
        left = [result for each in facts.current_panels if each.id != panel.id for result in each.results]
        return self._states.judged([(facts, against, left)])[0]

    def _refuse_taking_back_a_failure(self, facts: LotFacts, panel: PanelOnRecord) -> None:
        """No testing into compliance: a result that fails its criterion is not taken back by whoever submitted it."""
        approved = self._reader.specification(facts.approval.digest) if facts.approval else None
        for against in (approved, specification_of(self._reader, facts)[0]):
            if against is not None and (fails := failing(self._states, facts, against, panel.results)):
                raise Refused(
                    "This panel holds a result that fails its criterion: only the quality unit withdraws it.",
                    expected="a member of the quality unit, or a retest with its reason",
                    found=panel.id,
                    todo="Submit a retest that names the result; the quality unit decides whether it counts.",
                    details=fails,
                )


def _check_may_withdraw(account: Account, panel: PanelOnRecord) -> None:
    """Its submitter or the quality unit; raises NotAllowed."""
    if not may(account, Permission.WITHDRAW_ANY) and account.name != panel.entry.actor:
        raise NotAllowed(
            f"{account.name} may not withdraw this panel.",
            expected=f"its submitter ({panel.entry.actor}) or the quality unit",
            found=f"a {account.role}",
        )
    require(account, Permission.WITHDRAW)

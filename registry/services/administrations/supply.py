"""Supply out of specification: a lot that does not conform, for one recipient, at the physician's request.

EU GMP Part IV, 11.53 and 11.54: only where it is necessary to avoid an immediate significant hazard, at the treating
physician's request, after the manufacturer gave an evaluation of the risk. It is signed by the quality unit, it is a
state of its own, and it is never a release: every answer about the lot says it.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass

from registry.accounts import Account, Accounts, Permission
from registry.domain import Decision
from registry.errors import GateRefused, WrongUsage
from registry.instants import moment
from registry.intake.checks.free_text_privacy import check_code, refuse_persons
from registry.ledger import NewEntry
from registry.records.decision import write_decision
from registry.release import out_of_order
from registry.release.may_be_injected import inherited_stops, own_stop
from registry.services.append import Entries, Receipt, signer, unchanged
from registry.services.lot_state import LotState, LotStates

MEANING = "I supply this lot out of specification, at the treating physician's request, for the recipient named."


@dataclass(frozen=True, slots=True)
class Supplying:
    """What signs a supply out of specification."""

    states: LotStates
    accounts: Accounts
    entries: Entries

    def supply(
        self, lot: str, *, recipient: str, request: str, reason: str, risk: str, name: str, password: str,
        meaning: str = "",
    ) -> Receipt:  # fmt: skip
        """Sign it. ``request`` is the physician's, ``risk`` the evaluation that the physician was given and accepted.

        Raises NotSignedIn, NotAllowed, WrongUsage for a word that is missing, PatientData, GateRefused with everything
        that stands against it, Conflict when something about the lot was entered meanwhile.
        """
        account = signer(self.accounts, name, password, Permission.SIGN_RELEASE)
        now = self.entries.ledger.now()
        for field, text in (("request", request), ("reason", reason), ("risk", risk)):
            if not text.strip():
                raise WrongUsage(
                    f"A supply out of specification needs the {field}.", expected="a sentence", found="nothing",
                    where=field,
                )  # fmt: skip
        check_code(now.year, recipient.strip())
        refuse_persons(now.year, request=request, reason=reason, risk=risk, meaning=meaning)
        (state,) = self.states.for_decision([self.states.one(lot)], "OOS supply")
        facts, held = state.facts, state.specification
        if refused := tuple(_against(state, account)):
            raise GateRefused(f"{facts.lot.id} cannot be supplied out of specification.", where=facts.lot.id,
                              details=refused)  # fmt: skip
        decision = Decision(
            kind="OOS supply", lot=facts.lot.id, signed_by=account.name, printed_name=account.printed_name,
            signed_at=now, meaning=meaning.strip() or MEANING, reason=reason.strip(),
            specification=held.iri if held else None, specification_digest=held.digest if held else None,
            evidence=self.states.evidence(facts, held) if held else (), ledger_size=facts.size,
            request=request.strip(), risk=risk.strip(),
        )  # fmt: skip
        entry = NewEntry(
            "decision",
            write_decision(decision, self.entries.names),
            lots=(decision.lot,),
            details={
                "summary": f"Supply out of specification signed by {decision.printed_name}: {decision.reason}",
                "decision": "OOS supply", "recipient": recipient.strip(), "salt": secrets.token_hex(16),
            },
        )  # fmt: skip
        seen = unchanged(facts.heads, decision.lot)
        return self.entries.enter(self.entries.signed(entry, account), account.name, decision.lot, expect=seen)


def _against(state: LotState, account: Account) -> Iterator[str]:
    facts, verdict = state.facts, state.verdict
    lot, newest = facts.lot, facts.decision_in_force
    if lot.kind != "product lot":
        yield f"{lot.id} is a {lot.kind}, not a lot for injection."
    if lot.expires_at is None or lot.expires_at <= state.at:
        yield f"The lot expired at {moment(lot.expires_at)}." if lot.expires_at else "The lot has no expiry."
    if refused := out_of_order(newest, "OOS supply"):
        yield refused
    yield from (reason.message for _, reason in [*own_stop(facts), *inherited_stops(facts)])
    if state.specification is None or verdict is None or not facts.current_panels:
        yield "There is no evidence that could be held against a specification: what it lacks cannot be said."
    elif verdict.verdict == "pass":
        yield "The evidence passes: the lot is released, or it is not given."
    if any(panel.entry.actor == account.name for panel in facts.current_panels):
        yield f"{account.name} submitted results of this lot: another member signs."

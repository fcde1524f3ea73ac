"""Panels taken back: by whom, with a reason, and never a failure by one person alone."""

from __future__ import annotations

from registry.errors import Conflict, NotAllowed, Refused, WrongUsage
from registry.kinds.decision import write_withdrawal
from registry.ledger import NewEntry
from registry.registry.entering import Receipt, enter, signed
from registry.registry.parts import Parts
from registry.registry.persons import refuse_persons
from registry.registry.set_aside import failing
from registry.standing import LotFacts, PanelOnRecord


def withdraw(parts: Parts, panel: str, *, reason: str, name: str, password: str) -> Receipt:
    """Take a panel back: its submitter or the quality unit, with a reason. Nothing is erased."""
    account = parts.accounts.people.verify_to_sign(name, password)
    if not reason.strip():
        raise WrongUsage("A withdrawal needs a reason.", expected="a sentence that says why", found="nothing")
    refuse_persons(parts, reason=reason)
    stands = parts.lots.panel(panel)
    if account.role != "quality unit" and account.name != stands.entry.actor:
        raise NotAllowed(
            f"{account.name} may not withdraw this panel.",
            expected=f"its submitter ({stands.entry.actor}) or the quality unit",
            found=f"a {account.role}",
        )
    facts = parts.lots.facts(stands.lot)
    if any(one.id == stands.id and one.withdrawn for one in facts.panels):
        raise Conflict(f"The panel {panel} is withdrawn already.", found=panel)
    if account.role != "quality unit":
        _refuse_taking_back_a_failure(parts, facts, stands)
    at = parts.ledger.now()
    record = write_withdrawal(stands.id, reason.strip(), account.name, account.printed_name, at, parts.names)
    details = {"summary": f"Panel {stands.id} withdrawn: {reason.strip()}", "panel": stands.id}
    entry = NewEntry("withdrawal", record, lots=(stands.lot,), details=details)
    return enter(parts, signed(parts, entry), account.name, stands.id)


def _refuse_taking_back_a_failure(parts: Parts, facts: LotFacts, panel: PanelOnRecord) -> None:
    """No testing into compliance: a result that fails its criterion is not taken back by whoever submitted it."""
    approved = parts.specification(facts.approval.digest) if facts.approval else None
    for against in (approved, parts.held_against(facts)[0]):
        if against is not None and (fails := failing(parts, facts, against, panel.results)):
            raise Refused(
                "This panel holds a result that fails its criterion: only the quality unit withdraws it.",
                expected="a member of the quality unit, or a retest with its reason",
                found=panel.id,
                todo="Submit a retest that names the result; the quality unit decides whether it counts.",
                details=fails,
            )

"""Panels taken back: by whom, with a reason, and never a failure by one person alone."""

from __future__ import annotations

from dataclasses import dataclass

from registry.domain import LotFacts, LotVerdict, PanelOnRecord, Specification
from registry.errors import Conflict, NotAllowed, Refused, WrongUsage
from registry.intake.checks.free_text_privacy import refuse_persons
from registry.ledger import NewEntry
from registry.records.decision import write_withdrawal
from registry.services.answers import Answer
from registry.services.append import Receipt, enter, signed
from registry.services.context import Parts
from registry.services.releases.check import judged_for
from registry.services.releases.set_aside import failing


def withdraw(parts: Parts, panel: str, *, reason: str, name: str, password: str) -> Receipt:
    """Take a panel back: its submitter or the quality unit, with a reason. Nothing is erased."""
    account = parts.accounts.people.verify_to_sign(name, password)
    if not reason.strip():
        raise WrongUsage("A withdrawal needs a reason.", expected="a sentence that says why", found="nothing")
    refuse_persons(parts.ledger.now().year, reason=reason)
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


@dataclass(frozen=True, slots=True)
class Withdrawable(Answer):
    """A panel that counts: what it fails by itself, in sentences, and the lot's verdict without it (None: unjudged)."""

    panel: str
    fails: tuple[str, ...]
    without: str | None


def withdrawable(parts: Parts, lot: str) -> tuple[Withdrawable, ...]:
    """The panels of a lot that count, each as whoever takes it back should know it; raises Unknown.

    Held against what a release would name now.
    """
    judged = judged_for(parts, lot, "release")
    facts, against = judged.facts, judged.specification
    return tuple(
        Withdrawable(
            panel.id,
            tuple(failing(parts, facts, against, panel.results)) if against else (),
            _without(parts, facts, against, panel).verdict if against else None,
        )
        for panel in facts.current_panels
    )


def _without(parts: Parts, facts: LotFacts, against: Specification, panel: PanelOnRecord) -> LotVerdict:
    left = [result for one in facts.current_panels if one.id != panel.id for result in one.results]
    return parts.judge_results(against, facts, left)


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

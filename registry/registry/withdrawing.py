"""Panels taken back: by whom, with a reason, and never a failure by one person alone."""

from __future__ import annotations

from registry.errors import Conflict, NotAllowed, Refused, WrongUsage
from registry.kinds.decision import write_withdrawal
from registry.ledger import NewEntry
from registry.model import Specification
from registry.registry.entering import Receipt, enter, signed
from registry.registry.parts import Parts
from registry.registry.persons import refuse_persons
from registry.release import criterion_sentence
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
    if failing := _failing(parts, facts, approved, panel) or _failing(
        parts, facts, parts.held_against(facts)[0], panel
    ):
        raise Refused(
            "This panel holds a result that fails its criterion: only the quality unit withdraws it.",
            expected="a member of the quality unit, or a retest with its reason",
            found=panel.id,
            todo="Submit a retest that names the result; the quality unit decides whether it counts.",
            details=failing,
        )


def set_aside(parts: Parts, facts: LotFacts, against: Specification | None) -> tuple[str, ...]:
    """Panels taken back that fail what a release would name, for whoever signs to know, and by whose word.

    An out-of-specification result stays part of the lot's story, and whoever releases on what came after it answers for
    having read why it was set aside (EU GMP 6.35; FDA, Investigating OOS Test Results, 2022, part IV).
    """
    return tuple(
        f"{panel.withdrawn.entry.actor} withdrew the panel {panel.id} ({panel.withdrawn.reason}), "
        f"which fails: {' '.join(failing)} Read why before you sign; better another member signs than who withdrew it."
        for panel in facts.panels
        if panel.withdrawn is not None and (failing := _failing(parts, facts, against, panel))
    )


def _failing(parts: Parts, facts: LotFacts, against: Specification | None, panel: PanelOnRecord) -> list[str]:
    if against is None:
        return []
    verdict = parts.judge_results(against, facts, panel.results)
    return [criterion_sentence(item) for item in verdict.criteria if item.verdict == "fail"]

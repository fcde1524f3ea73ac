"""The quality unit's word on a lot: decided, accepted, withdrawn; each signed, each with its reason.

Every verb here asks for name and password again (21 CFR 11.200): a live session is not enough to sign.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from registry.errors import Conflict, GateRefused, NotAllowed, Refused, WrongUsage
from registry.kinds.decision import write_acceptance, write_decision, write_withdrawal
from registry.ledger import NewEntry, View
from registry.registry.entering import Receipt, enter, quality_unit, signed
from registry.registry.parts import Judged, Parts
from registry.release import criterion_sentence, missing_for_release
from registry.standing import Acceptance, Decision, DecisionKind, LotFacts, PanelOnRecord

_NEEDS_REASON = frozenset({"hold", "rejection", "recall", "hold lifted"})
_DECISIONS = frozenset({"release", *_NEEDS_REASON})


def release_check(parts: Parts, lot: str, signer: str, role: str, meaning: str) -> list[str]:
    """Everything that stands between the lot and a release signed by this person; empty when nothing does."""
    return _missing(parts, parts.judged_for_release(lot), signer, role, meaning, compare=False)


def _missing(parts: Parts, judged: Judged, signer: str, role: str, meaning: str, *, compare: bool) -> list[str]:
    facts, against = judged.facts, judged.specification
    verdict = parts.judge(facts, against, compare=compare) if against else None
    found = missing_for_release(facts, verdict, signer=signer, signer_role=role, meaning=meaning, now=datetime.now(UTC))
    if facts.newest is not None and facts.newest.kind == "release" and judged.status.may_be_injected:
        found.append("The lot is released already, on this evidence.")
    return found


def decide(
    parts: Parts, lot: str, kind: DecisionKind, *, name: str, password: str, meaning: str, reason: str
) -> Receipt:
    """Sign a decision on a lot. A release is appended only if the lot's evidence is still what was judged.

    Raises NotSignedIn, NotAllowed, WrongUsage without a reason where one is due, GateRefused with everything missing,
    Conflict when something about the lot was entered meanwhile.
    """
    account = quality_unit(parts, name, password)
    if kind not in _DECISIONS:
        raise WrongUsage("This is no decision that can be signed here.", expected=", ".join(_DECISIONS), found=kind)
    if kind in _NEEDS_REASON and not reason.strip():
        raise WrongUsage(f"A {kind} needs a reason.", expected="a sentence that says why", found="nothing")
    judged = parts.judged_for_release(lot)
    facts = judged.facts
    if kind == "release":
        missing = _missing(parts, judged, account.name, account.role, meaning, compare=True)
        if missing:
            raise GateRefused(f"{facts.lot.id} cannot be released.", where=facts.lot.id, details=missing)
    _check_order(kind, facts.newest)
    against = judged.specification if kind == "release" else None
    decision = Decision(
        kind=kind,
        lot=facts.lot.id,
        signed_by=account.name,
        printed_name=account.printed_name,
        signed_at=parts.ledger.now(),
        meaning=meaning.strip() or f"I decide: {kind}.",
        reason=reason.strip(),
        specification=against.iri if against else None,
        specification_digest=against.digest if against else None,
        evidence=parts.evidence(facts, against) if against else (),
        ledger_size=facts.size,
    )
    words = f"{kind.capitalize()} signed by {account.printed_name}" + (
        f": {decision.reason}" if decision.reason else ""
    )
    entry = NewEntry(
        "decision",
        write_decision(decision, parts.names),
        lots=(facts.lot.id,),
        details={"summary": words, "decision": kind},
    )
    return enter(parts, signed(parts, entry), account.name, facts.lot.id, expect=_unchanged(facts.heads, facts.lot.id))


def _unchanged(heads: Mapping[tuple[str, str], int], lot: str) -> Callable[[View], None]:
    """A condition of the append: nothing about the lot, its origins or its product was entered since it was judged."""

    def nothing_new(view: View) -> None:
        for (kind, key), position in heads.items():
            newest = view.newest(kind, [key]).get(key, 0)
            if newest != position:
                raise Conflict(
                    f"Something about {kind} {key} was recorded while {lot} was being decided on.",
                    expected=f"entry {position} to be the newest",
                    found=f"entry {newest}",
                    todo="Look at the lot again, then decide.",
                )

    return nothing_new


def _check_order(kind: DecisionKind, newest: Decision | None) -> None:
    """Rejection and recall are final; only a hold is lifted (21 CFR 11.10(f): order is enforced)."""
    if newest is not None and newest.kind in {"rejection", "recall"} and kind != "recall":
        raise Refused(f"The lot was given a {newest.kind}, which is final.", expected="no further decision", found=kind)
    if kind == "hold lifted" and (newest is None or newest.kind != "hold"):
        raise Refused(
            "There is no hold to lift.", expected="a lot on hold", found=newest.kind if newest else "no decision"
        )


def withdraw(parts: Parts, panel: str, *, reason: str, name: str, password: str) -> Receipt:
    """Take a panel back: its submitter or the quality unit, with a reason. Nothing is erased."""
    account = parts.accounts.people.verify(name, password)
    if not reason.strip():
        raise WrongUsage("A withdrawal needs a reason.", expected="a sentence that says why", found="nothing")
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
    if facts.approval is None:
        return
    verdict = parts.judge_results(parts.specification(facts.approval.digest), facts, panel.results)
    failing = [criterion_sentence(item) for item in verdict.criteria if item.verdict == "fail"]
    if failing:
        raise Refused(
            "This panel holds a result that fails its criterion: only the quality unit withdraws it.",
            expected="a member of the quality unit, or a retest with its reason",
            found=panel.id,
            todo="Submit a retest that names the result; the quality unit decides whether it counts.",
            details=failing,
        )


def accept(parts: Parts, lot: str, what: str, *, reason: str, name: str, password: str) -> Receipt:
    """Accept a retest or correction of a result that did not pass, or a reference criterion that is not shown.

    ``what`` is the result's IRI or the criterion's id. No testing into compliance: the reason is required.
    """
    account = quality_unit(parts, name, password)
    if not reason.strip():
        raise WrongUsage("An acceptance needs a reason.", expected="a sentence that says why", found="nothing")
    judged = parts.judged_for_release(lot)
    facts, against = judged.facts, judged.specification
    results = {one.iri for one in facts.results if one.relation in {"retest", "correction"}}
    criteria = {one.id: one.iri for one in against.criteria if one.standing == "reference"} if against else {}
    target = what if what in results else criteria.get(what)
    if target is None:
        choices = sorted(filter(None, results)) + sorted(criteria)
        raise WrongUsage(
            f"There is nothing to accept under this name on {facts.lot.id}.",
            expected=", ".join(choices) or "a retest, a correction or a reference criterion",
            found=what,
        )
    acceptance = Acceptance(
        facts.lot.id, target, reason.strip(), account.name, account.printed_name, parts.ledger.now()
    )
    details = {"summary": f"{what} accepted by {account.printed_name}: {reason.strip()}"}
    entry = NewEntry("acceptance", write_acceptance(acceptance, parts.names), lots=(facts.lot.id,), details=details)
    return enter(parts, signed(parts, entry), account.name, facts.lot.id)

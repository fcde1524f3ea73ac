"""The quality unit's word on a lot: decided, accepted; each signed, each with its reason.

Every verb here asks for name and password again (21 CFR 11.200): a live session is not enough to sign.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from registry.accounts import Account
from registry.domain import FINAL, RELEASES, Acceptance, Decision, DecisionKind, LotFacts
from registry.errors import Conflict, GateRefused, Refused, WrongUsage
from registry.instants import moment
from registry.intake.checks.free_text_privacy import refuse_persons
from registry.ledger import NewEntry, View
from registry.records.decision import write_acceptance, write_decision
from registry.release import LONGEST, out_of_order
from registry.services.append import Receipt, enter, quality_unit, signed
from registry.services.context import Judged, Parts
from registry.services.releases.check import judged_for, missing_of, too_soon, what_to_know

_NEEDS_REASON = frozenset({"conditional release", "hold", "rejection", "recall", "hold lifted"})
_DECISIONS = frozenset({"release", *_NEEDS_REASON})


def decide(
    parts: Parts,
    lot: str,
    kind: DecisionKind,
    *,
    name: str,
    password: str,
    meaning: str,
    reason: str,
    complete_by: datetime | None = None,
) -> Receipt:
    """Sign a decision on a lot. A release is appended only if the lot's evidence is still what was judged.

    ``complete_by`` is required for a conditional release, and of no other decision: the time by which what is due
    after it must be there. Raises NotSignedIn, NotAllowed, WrongUsage without a reason or that time where one is due,
    GateRefused with everything missing, Conflict when something about the lot was entered meanwhile.
    """
    account = quality_unit(parts, name, password)
    at = parts.ledger.now()
    _check_asked(kind, reason, complete_by, at)
    refuse_persons(parts.ledger.now().year, reason=reason, meaning=meaning)
    judged = _let_through(parts, lot, kind, account, meaning) if kind in RELEASES else None
    facts, against = (judged.facts, judged.specification) if judged else (parts.lots.facts(lot), None)
    _check_order(kind, facts.decision_in_force)
    decision = Decision(
        kind=kind,
        lot=facts.lot.id,
        signed_by=account.name,
        printed_name=account.printed_name,
        signed_at=at,
        meaning=meaning.strip() or f"I decide: {kind}.",
        reason=reason.strip(),
        specification=against.iri if against else None,
        specification_digest=against.digest if against else None,
        evidence=parts.evidence(facts, against) if against else (),
        ledger_size=facts.size,
        complete_by=complete_by.astimezone(UTC) if complete_by else None,
    )
    notes = (*too_soon(judged, complete_by), *what_to_know(parts, judged, account.name, kind)) if judged else ()
    return replace(_entered(parts, decision, facts), notes=notes)


def _let_through(parts: Parts, lot: str, kind: DecisionKind, account: Account, meaning: str) -> Judged:
    """The lot held against what a release pins; raises GateRefused with everything missing."""
    judged = judged_for(parts, lot, kind, compare=True)
    missing = missing_of(parts, judged, account.name, account.role, meaning, kind)
    if missing:
        how = "cannot be released" if kind == "release" else "cannot be released on condition"
        raise GateRefused(f"{judged.facts.lot.id} {how}.", where=judged.facts.lot.id, details=missing)
    return judged


def _entered(parts: Parts, decision: Decision, facts: LotFacts) -> Receipt:
    words = f"{decision.kind.capitalize()} signed by {decision.printed_name}"
    words += f": {decision.reason}" if decision.reason else ""
    if decision.complete_by is not None:
        words += f" (what is due must be there by {moment(decision.complete_by)})"
    entry = NewEntry(
        "decision",
        write_decision(decision, parts.names),
        lots=(decision.lot,),
        details={"summary": words, "decision": decision.kind},
    )
    unchanged = _unchanged(facts.heads, decision.lot)
    return enter(parts, signed(parts, entry), decision.signed_by, decision.lot, expect=unchanged)


def _check_asked(kind: DecisionKind, reason: str, complete_by: datetime | None, now: datetime) -> None:
    if kind not in _DECISIONS:
        raise WrongUsage("This is no decision that can be signed here.", expected=", ".join(_DECISIONS), found=kind)
    if kind in _NEEDS_REASON and not reason.strip():
        raise WrongUsage(
            f"A {kind} needs a reason.", expected="a sentence that says why", found="nothing", where="reason"
        )
    if (kind == "conditional release") != (complete_by is not None):
        raise WrongUsage(
            "A conditional release says by when what is due must be there; no other decision does.",
            expected="a time with its zone for a conditional release, none otherwise",
            found="no time" if complete_by is None else f"a time for a {kind}",
            where="complete_by",
        )
    if complete_by is not None and complete_by.tzinfo is None:
        raise WrongUsage(
            "The time by which what is due must be there says no zone, and nobody guesses one.",
            expected=f"a time with its zone, such as {moment(now + timedelta(days=14))}",
            found=f"{complete_by:%Y-%m-%d %H:%M} without a zone",
            where="complete_by",
        )
    if complete_by is not None and complete_by <= now:
        raise WrongUsage(
            "What is due after a release is due in the future.",
            expected=f"a time with its zone, later than {moment(now)}",
            found=moment(complete_by),
            where="complete_by",
        )
    if complete_by is not None and complete_by > now + LONGEST:
        raise WrongUsage(
            "What is due after a release is due within a year: this looks like a mistyped one.",
            expected=f"a time no later than {moment(now + LONGEST)}",
            found=moment(complete_by),
            where="complete_by",
        )


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
    refused = out_of_order(newest, kind)
    if refused and kind == "hold lifted" and (newest is None or newest.kind not in FINAL):
        raise Refused(refused, expected="a lot on hold", found=newest.kind if newest else "no decision")
    if refused:
        raise Refused(refused, expected="no further decision", found=kind)


def accept(parts: Parts, lot: str, what: str, *, reason: str, name: str, password: str) -> Receipt:
    """Accept a retest or correction of a result that did not pass, or a reference criterion that is not shown.

    ``what`` is the result's IRI or the criterion's id. No testing into compliance: the reason is required.
    """
    account = quality_unit(parts, name, password)
    if not reason.strip():
        raise WrongUsage("An acceptance needs a reason.", expected="a sentence that says why", found="nothing")
    refuse_persons(parts.ledger.now().year, reason=reason)
    judged = judged_for(parts, lot, "release")
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
    _check_another_accepts(facts, what, account.name)
    acceptance = Acceptance(
        facts.lot.id, target, reason.strip(), account.name, account.printed_name, parts.ledger.now()
    )
    details = {"summary": f"{what} accepted by {account.printed_name}: {reason.strip()}"}
    entry = NewEntry("acceptance", write_acceptance(acceptance, parts.names), lots=(facts.lot.id,), details=details)
    return enter(parts, signed(parts, entry), account.name, facts.lot.id)


def _check_another_accepts(facts: LotFacts, what: str, signer: str) -> None:
    """Two persons: whoever submitted a retest does not say that it counts."""
    for panel in facts.current_panels:
        mine = [one for one in panel.results if one.iri == what and panel.entry.actor == signer]
        if mine:
            raise Refused(
                f"{signer} submitted this {mine[0].relation}: another member accepts it.",
                expected="another signer",
                found=signer,
                where=what,
            )

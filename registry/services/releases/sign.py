"""The quality unit's word on a lot: decided, accepted; each signed, each with its reason.

Every verb here asks for name and password again (21 CFR 11.200): a live session is not enough to sign.

How a decision is signed (``Signing.sign``):

1. name and password, and whether that account may sign      ``signer``
2. reason and time as this decision needs them                ``_check_asked``
3. no person's name in the free texts                         ``refuse_persons``
4. the lot's state, held against what a release pins          ``LotStates.for_decision``
5. everything that stands against it, at once                 ``ReleaseChecks.missing``
6. whether it may follow the decision in force                ``_check_order``
7. the decision as a record, over exactly this evidence       ``write_decision``, ``LotStates.evidence``
8. signed and entered, if nothing was entered meanwhile       ``Entries.signed``, ``unchanged``
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from registry.accounts import Account, Accounts, Permission
from registry.domain import FINAL, RELEASES, Acceptance, Decision, DecisionKind, LotFacts
from registry.errors import GateRefused, Refused, WrongUsage
from registry.instants import moment
from registry.intake.checks.free_text_privacy import refuse_persons
from registry.ledger import Ledger, NewEntry
from registry.ledger.lots import LotReader
from registry.records.decision import write_acceptance, write_decision
from registry.release import LONGEST, out_of_order
from registry.release.second_person import check_another_accepts
from registry.services.append import Entries, Receipt, signer, unchanged
from registry.services.lot_state import LotState, LotStates
from registry.services.lots.answer_in_words import signed_for
from registry.services.releases.check import ReleaseChecks, too_soon

_NEEDS_REASON = frozenset({"conditional release", "hold", "rejection", "recall", "hold lifted"})
_DECISIONS = frozenset({"release", *_NEEDS_REASON})


class Signing:
    """What enters signed decisions and acceptances."""

    def __init__(
        self, ledger: Ledger, reader: LotReader, states: LotStates, accounts: Accounts, checks: ReleaseChecks,
        entries: Entries,
    ) -> None:  # fmt: skip
        self._ledger = ledger
        self._reader = reader
        self._states = states
        self._accounts = accounts
        self._checks = checks
        self._entries = entries

    def sign(
        self,
        lot: str,
        kind: DecisionKind,
        *,
        name: str,
        password: str,
        meaning: str = "",
        reason: str = "",
        complete_by: datetime | None = None,
    ) -> Receipt:
        """Sign a decision on a lot. A release is appended only if the lot's evidence is still what was judged.

        ``complete_by`` is required for a conditional release, and of no other decision: the time by which what is due
        after it must be there. Raises NotSignedIn, NotAllowed, WrongUsage without a reason or that time where one is
        due, GateRefused with everything missing, Conflict when something about the lot was entered meanwhile.
        """
        account = signer(self._accounts, name, password, Permission.SIGN_RELEASE)
        at = self._ledger.now()
        _check_asked(kind, reason, complete_by, at)
        refuse_persons(self._ledger.now().year, reason=reason, meaning=meaning)
        state = self._let_through(lot, kind, account, meaning) if kind in RELEASES else None
        facts, against = (state.facts, state.specification) if state else (self._reader.facts(lot), None)
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
            evidence=self._states.evidence(facts, against) if against else (),
            ledger_size=facts.size,
            complete_by=complete_by.astimezone(UTC) if complete_by else None,
            signed_for=signed_for(self._states.terms, facts.product) if kind in RELEASES else (),
        )
        notes = (*too_soon(state, complete_by), *self._checks.to_know(state, account, kind)) if state else ()
        return replace(self._entered(decision, facts, account), notes=notes)

    def _let_through(self, lot: str, kind: DecisionKind, account: Account, meaning: str) -> LotState:
        """The lot held against what a release pins; raises GateRefused with everything missing."""
        (state,) = self._states.for_decision([self._states.one(lot)], kind, compare=True)
        missing = self._checks.missing(state, account, meaning, kind)
        if missing:
            how = "cannot be released" if kind == "release" else "cannot be released on condition"
            raise GateRefused(f"{state.facts.lot.id} {how}.", where=state.facts.lot.id, details=missing)
        return state

    def _entered(self, decision: Decision, facts: LotFacts, account: Account) -> Receipt:
        words = f"{decision.kind.capitalize()} signed by {decision.printed_name}"
        words += f": {decision.reason}" if decision.reason else ""
        if decision.complete_by is not None:
            words += f" (what is due must be there by {moment(decision.complete_by)})"
        entry = NewEntry(
            "decision",
            write_decision(decision, self._entries.names),
            lots=(decision.lot,),
            details={"summary": words, "decision": decision.kind},
        )
        seen = unchanged(facts.heads, decision.lot)
        return self._entries.enter(self._entries.signed(entry, account), account.name, decision.lot, expect=seen)

    def accept(self, lot: str, what: str, *, reason: str, name: str, password: str) -> Receipt:
        """Accept a retest or correction of a result that did not pass, or a reference criterion that is not shown.

        ``what`` is the result's IRI or the criterion's id. No testing into compliance: the reason is required.
        """
        account = signer(self._accounts, name, password, Permission.ACCEPT)
        if not reason.strip():
            raise WrongUsage("An acceptance needs a reason.", expected="a sentence that says why", found="nothing")
        refuse_persons(self._ledger.now().year, reason=reason)
        (state,) = self._states.for_decision([self._states.one(lot)], "release")
        facts = state.facts
        target = _acceptable(state, what)
        check_another_accepts(facts, what, account.name)
        acceptance = Acceptance(
            facts.lot.id, target, reason.strip(), account.name, account.printed_name, self._ledger.now()
        )
        details = {"summary": f"{what} accepted by {account.printed_name}: {reason.strip()}"}
        record = write_acceptance(acceptance, self._entries.names)
        entry = NewEntry("acceptance", record, lots=(facts.lot.id,), details=details)
        return self._entries.enter(self._entries.signed(entry, account), account.name, facts.lot.id)


def _acceptable(state: LotState, what: str) -> str:
    """The IRI of the retest, correction or reference criterion of this name; raises WrongUsage with those there are."""
    facts, against = state.facts, state.specification
    results = {result.iri for result in facts.results if result.relation in {"retest", "correction"}}
    reference = [each for each in against.criteria if each.standing == "reference"] if against else []
    criteria = {criterion.id: criterion.iri for criterion in reference}
    target = what if what in results else criteria.get(what)
    if target is None:
        choices = sorted(filter(None, results)) + sorted(criteria)
        raise WrongUsage(
            f"There is nothing to accept under this name on {facts.lot.id}.",
            expected=", ".join(choices) or "a retest, a correction or a reference criterion",
            found=what,
        )
    return target


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


def _check_order(kind: DecisionKind, newest: Decision | None) -> None:
    """Rejection and recall are final; only a hold is lifted (21 CFR 11.10(f): order is enforced)."""
    refused = out_of_order(newest, kind)
    if refused and kind == "hold lifted" and (newest is None or newest.kind not in FINAL):
        raise Refused(refused, expected="a lot on hold", found=newest.kind if newest else "no decision")
    if refused:
        raise Refused(refused, expected="no further decision", found=kind)

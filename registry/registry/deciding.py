"""The quality unit's word on a lot: decided, accepted; each signed, each with its reason.

Every verb here asks for name and password again (21 CFR 11.200): a live session is not enough to sign.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from registry.accounts import Account
from registry.errors import Conflict, GateRefused, Refused, WrongUsage
from registry.kinds.decision import write_acceptance, write_decision
from registry.ledger import NewEntry, View
from registry.lots import look_alikes
from registry.model import Specification
from registry.registry.answers import Answer
from registry.registry.entering import Receipt, enter, quality_unit, signed
from registry.registry.parts import Judged, Parts
from registry.registry.withdrawing import withdrew_failures
from registry.release import awaited, completes, missing_for_release, moment
from registry.standing import FINAL, RELEASES, Acceptance, Decision, DecisionKind, Lot, LotFacts

_NEEDS_REASON = frozenset({"conditional release", "hold", "rejection", "recall", "hold lifted"})
_DECISIONS = frozenset({"release", *_NEEDS_REASON})
NO_ORIGIN = "No origin is recorded: nothing above this lot can stop it."


@dataclass(frozen=True, slots=True)
class Due:
    """A criterion that is due after release and not known yet; ``expected`` says for how long it is tested."""

    id: str
    characteristic: str
    expected: str
    observed: str | None


@dataclass(frozen=True, slots=True)
class Pinned:
    """The specification that the signature would name."""

    id: str
    version: str
    digest: str


@dataclass(frozen=True, slots=True)
class ReleaseCheck(Answer):
    """Which release could be signed (``release`` or ``conditional release``), and everything that stands against it.

    ``notes`` stand against nothing, and are for whoever signs to know.
    """

    lot: str
    kind: DecisionKind
    missing: tuple[str, ...]
    due: tuple[Due, ...]
    specification: Pinned | None
    notes: tuple[str, ...] = ()


def release_check(
    parts: Parts, lot: str, signer: str, role: str, meaning: str, kind: DecisionKind | None = None
) -> ReleaseCheck:
    """What stands between the lot and a release signed by this person; on condition while something is still due.

    ``kind`` asks about that one, whether or not it is the one that could be signed.
    """
    judged = _judged_for(parts, lot, "release")
    due = awaited(judged.facts, judged.verdict) if judged.verdict is not None else ()
    wanted: DecisionKind = kind or ("conditional release" if due else "release")
    judged = _judged_for(parts, lot, wanted)
    missing = _missing(parts, judged, signer, role, meaning, wanted)
    shown = tuple(Due(one.id, one.characteristic, one.expected, one.observed) for one in due)
    named = Pinned(against.id, against.version, against.digest) if (against := judged.specification) else None
    return ReleaseCheck(judged.facts.lot.id, wanted, tuple(missing), shown, named, _notes(parts, judged.facts.lot))


def _notes(parts: Parts, lot: Lot) -> tuple[str, ...]:
    """What a release rests on without being asked: where the lot comes from, and that it is this lot."""
    alike = look_alikes(parts.ledger, lot.id)
    notes = [f"Not to be confused with {one.lot}: {one.difference} Compare the label." for one in alike]
    if lot.kind == "product lot" and not lot.derived_from:
        notes.append(NO_ORIGIN)
    return tuple(notes)


def _judged_for(parts: Parts, lot: str, kind: DecisionKind, *, compare: bool = False) -> Judged:
    """The lot held against what a decision on it would pin: the specification approved for its product now.

    A release that completes a conditional release keeps to the specification that that one names. Once the lot has
    expired nobody is given it on the strength of this, and its evidence need be no fresher than when it was given.
    """
    judged = parts.judged(lot)
    first, state = judged.facts.on_condition, judged.status.state
    if first is not None and completes(judged.facts, kind) and state in {"released", "expired"}:
        digest, at = first.specification_digest, first.signed_at if state == "expired" else judged.at
    else:
        digest, at = judged.facts.approval.digest if judged.facts.approval else None, judged.at
    against = parts.specification(digest) if digest else None
    verdict = parts.judge(judged.facts, against, compare=compare, at=at) if against else None
    return replace(judged, specification=against, verdict=verdict, pinned=False)


def _missing(parts: Parts, judged: Judged, signer: str, role: str, meaning: str, kind: DecisionKind) -> list[str]:
    facts = judged.facts
    found = missing_for_release(
        facts, judged.verdict, signer=signer, signer_role=role, meaning=meaning, now=judged.at, kind=kind
    )
    found += withdrew_failures(parts, facts, judged.specification, signer)
    if kind == "release" and judged.status.may_be_injected and facts.newest and facts.newest.kind == "release":
        found.append("The lot is released already, on this evidence.")
    return found


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
    if kind in RELEASES:
        facts, against = _let_through(parts, lot, kind, account, meaning)
    else:
        facts, against = parts.lots.facts(lot), None
    _check_order(kind, facts.newest)
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
    return replace(_entered(parts, decision, facts), notes=_notes(parts, facts.lot) if kind in RELEASES else ())


def _let_through(
    parts: Parts, lot: str, kind: DecisionKind, account: Account, meaning: str
) -> tuple[LotFacts, Specification | None]:
    """The facts and the specification that a release pins; raises GateRefused with everything missing."""
    judged = _judged_for(parts, lot, kind, compare=True)
    missing = _missing(parts, judged, account.name, account.role, meaning, kind)
    if missing:
        how = "cannot be released" if kind == "release" else "cannot be released on condition"
        raise GateRefused(f"{judged.facts.lot.id} {how}.", where=judged.facts.lot.id, details=missing)
    return judged.facts, judged.specification


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
    if complete_by is not None and (complete_by.tzinfo is None or complete_by <= now):
        raise WrongUsage(
            "What is due after a release is due in the future.",
            expected=f"a time with its zone, later than {moment(now)}",
            found=moment(complete_by) if complete_by.tzinfo else f"{complete_by} without a zone",
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
    if newest is not None and newest.kind in FINAL and kind != "recall":
        raise Refused(f"The lot was given a {newest.kind}, which is final.", expected="no further decision", found=kind)
    if kind == "hold lifted" and (newest is None or newest.kind != "hold"):
        raise Refused(
            "There is no hold to lift.", expected="a lot on hold", found=newest.kind if newest else "no decision"
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

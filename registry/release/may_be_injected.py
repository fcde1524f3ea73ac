"""May this lot be injected at this moment, and if not, every reason and what would change it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from registry.domain import FINAL, Ancestor, CriterionVerdict, Decision, Lot, LotFacts, LotVerdict
from registry.instants import moment
from registry.release.conditional import Condition, Lapse, condition, in_time, stands
from registry.release.shortfall import awaited, criterion_sentence, mixed_up, passes, short_of

State = Literal["released", "not released", "on hold", "rejected", "recalled", "expired", "suspended"]

_STOPS: dict[str, State] = {"hold": "on hold", "rejection": "rejected", "recall": "recalled"}
_CALLED_BACK = "return or destroy what is left, and follow up those who received it"
_DONE = {"hold": "put on hold", "rejection": "rejected", "recall": "recalled"}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a lot must not be injected, and what would change it."""

    code: str
    message: str
    todo: str


@dataclass(frozen=True, slots=True)
class Status:
    """The answer: ``released`` is the only state in which a lot may be injected.

    ``until`` is the first of its expiry, the time by which a conditional release must be complete, and the moment at
    which evidence that the release rests on is too old.
    """

    state: State
    reasons: tuple[Reason, ...]
    until: datetime | None
    condition: Condition | None = None

    @property
    def may_be_injected(self) -> bool:
        """True only for a released lot."""
        return self.state == "released"


def status(
    facts: LotFacts,
    verdict: LotVerdict | None,
    now: datetime,
    lapse: Lapse | None = None,
    fresh: datetime | None = None,
) -> Status:
    """Whether the lot may be injected at ``now``, with every reason why not.

    ``verdict`` is the current evidence judged by the specification that the newest release pinned, and while no
    release stands by the one now approved for the product: it then only says what a release would lack. Released
    means: the newest decision is a release; no hold, rejection or recall on the lot or on anything it derives from;
    not expired; the current evidence still passes the pinned specification, and has passed it ever since: ``lapse`` is
    the first moment since that release at which it did not stand. A release on condition stands without what is due
    after it until the time that it names. ``fresh`` is when evidence outlives its window, as ``fresh_until`` has it.
    """
    stops: list[tuple[State, Reason]] = [*own_stop(facts), *inherited_stops(facts)]
    if facts.lot.kind != "product lot":
        text = f"{facts.lot.id} is a {facts.lot.kind}, not a lot for injection."
        stops.append(("not released", Reason("not a product lot", text, "Look up the lot that was made from it.")))
    stops += _expiry(facts, now)
    stops += _supplied(facts)
    if facts.lot.kind == "product lot":
        stops += _release_standing(facts, verdict, now, lapse)
    waits = condition(facts, verdict, lapse)
    if not stops:
        ends = (facts.lot.expires_at, waits.complete_by if waits and waits.due else None, fresh)
        return Status("released", (), min((at for at in ends if at is not None), default=None), waits)
    order: tuple[State, ...] = ("recalled", "rejected", "on hold", "expired", "suspended", "not released")
    worst = min((state for state, _ in stops), key=order.index)
    return Status(worst, tuple(reason for _, reason in stops), None, waits)


def own_stop(facts: LotFacts) -> list[tuple[State, Reason]]:
    """The hold, rejection or recall that stands on the lot itself."""
    newest = facts.decision_in_force
    if newest is None or newest.kind not in _STOPS:
        return []
    todo = {
        "hold": "The quality unit lifts the hold, then decides again.",
        "rejection": "Nothing: a rejected lot is never injected.",
        "recall": f"Nothing: {_CALLED_BACK}.",
    }[newest.kind]
    return [(_STOPS[newest.kind], Reason(_STOPS[newest.kind], _stop_text(_called(facts.lot), newest), todo))]


def _called(lot: Lot) -> str:
    return f"The lot {lot.id}" if lot.kind == "product lot" else f"The {lot.kind} {lot.id}"


def _stop_text(what: str, decision: Decision) -> str:
    by = f"{decision.printed_name} ({decision.signed_by})"
    why = f": {decision.reason}" if decision.reason else ""
    return f"{what} was {_DONE[decision.kind]} by {by} at {moment(decision.signed_at)}{why}"


def inherited_stops(facts: LotFacts) -> list[tuple[State, Reason]]:
    """Those that stand on what it derives from, and origins that nobody has registered."""
    stops: list[tuple[State, Reason]] = []
    for ancestor in facts.ancestors:
        if (newest := blocking(ancestor)) is not None:
            text = _stop_text(f"The {ancestor.kind} {ancestor.id}, from which {facts.lot.id} derives,", newest)
            code = f"{_STOPS[newest.kind]} by derivation"
            stops.append((_STOPS[newest.kind], Reason(code, text, _after_stop(facts, ancestor.id, newest))))
    for unknown in facts.missing_ancestors:
        text = f"{facts.lot.id} derives from {unknown}, which is not registered, so its state is unknown."
        stops.append(("suspended", Reason("unknown origin", text, f"Register {unknown}.")))
    return stops


def _after_stop(facts: LotFacts, ancestor: str, stop: Decision) -> str:
    """What to do about a lot whose origin is stopped; of one that was released, containers may be anywhere."""
    if stop.kind == "hold":
        return f"The quality unit lifts the hold on {ancestor}, when it is over."
    never = f"Nothing: what derives from {ancestor} is never injected."
    called_back = f" {_CALLED_BACK.capitalize()}." if any(decision.releases for decision in facts.decisions) else ""
    return never + called_back


def blocking(ancestor: Ancestor) -> Decision | None:
    """The hold, rejection or recall that stands on an ancestor, or None."""
    newest = ancestor.decision_in_force
    return newest if newest is not None and newest.kind in _STOPS else None


def _supplied(facts: LotFacts) -> list[tuple[State, Reason]]:
    """That the lot is supplied out of specification: it is never released (EU GMP Part IV, 11.53 and 11.54)."""
    supply = facts.supply
    if supply is None:
        return []
    text = (
        f"The lot {facts.lot.id} is supplied out of specification, for one recipient at the treating physician's "
        f"request, signed by {supply.printed_name} ({supply.signed_by}) at {moment(supply.signed_at)}: {supply.reason}"
    )
    return [("not released", Reason("OOS supply", text, "It is given to that recipient alone, and is never released."))]


def _expiry(facts: LotFacts, now: datetime) -> list[tuple[State, Reason]]:
    expires = facts.lot.expires_at
    if expires is None or now < expires:
        return []
    text = f"The lot {facts.lot.id} expired at {moment(expires)}."
    return [("expired", Reason("expired", text, "Nothing: an expired lot is never injected."))]


def _release_standing(
    facts: LotFacts, verdict: LotVerdict | None, now: datetime, lapse: Lapse | None
) -> list[tuple[State, Reason]]:
    newest = facts.decision_in_force
    over = _over(facts, now)
    lacking = [replace(shortfall, todo=over) if over else shortfall for shortfall in _shortfalls(verdict)]
    if newest is not None and newest.kind in FINAL:
        return [("not released", reason) for reason in lacking]
    if newest is None or not newest.releases:
        todo = "See what is lacking below." if lacking else "The quality unit reviews the evidence and signs."
        if facts.lot.kind == "product lot" and facts.lot.expires_at is None:
            todo = "Nothing: this lot has no expiry, and a lot without one is never released."
        first = [] if own_stop(facts) else [Reason("not released", _unreleased(facts), over or todo)]
        return [("not released", reason) for reason in (*first, *_worsened(facts, verdict), *lacking)]
    if verdict is None:
        text = "The evidence could not be judged by the specification that the release names."
        return [("suspended", Reason("not judged", text, "The quality unit decides again."))]
    if lapse is None and stands(facts, verdict, now):
        return []
    return [("suspended", reason) for reason in _no_longer(facts, newest, verdict, now, lapse)]


def _over(facts: LotFacts, now: datetime) -> str:
    """Why nothing that is shown of the lot any more lets it be injected; empty when something could."""
    newest, expires = facts.decision_in_force, facts.lot.expires_at
    if newest is not None and newest.kind in FINAL:
        return f"Nothing: a {_STOPS[newest.kind]} lot is never injected."
    expired = expires is not None and now >= expires
    return "Nothing: an expired lot is never injected." if expired else ""


def _unreleased(facts: LotFacts) -> str:
    newest = facts.decision_in_force
    if newest is None:
        return "Nobody has released this lot."
    if newest.kind != "hold lifted":
        return f"The newest decision is: {newest.kind}."
    again = " again" if any(decision.releases for decision in facts.decisions) else ""
    return f"The hold was lifted, and nobody has released the lot{again}."


def _worsened(facts: LotFacts, verdict: LotVerdict | None) -> list[Reason]:
    """That the evidence of a lot which was released, and then held, does not pass: what was taken may be injected."""
    released = [decision for decision in facts.decisions if decision.releases]
    if not released or verdict is None or passes(facts, verdict):
        return []
    how = "released" if released[-1].kind == "release" else "released on condition"
    now = "fails" if verdict.verdict == "fail" else "does not pass"
    text = f"The lot was {how} at {moment(released[-1].signed_at)}, and its evidence {now} now."
    todo = "The quality unit considers a recall."
    return [Reason("worsened", f"{text} Containers may have been injected.", todo)]


def _no_longer(
    facts: LotFacts, newest: Decision, verdict: LotVerdict, now: datetime, lapse: Lapse | None
) -> list[Reason]:
    """Why a release that was signed does not stand."""
    how = f"The lot was {'released' if newest.kind == 'release' else 'released on condition'}"
    signed = f"{how} at {moment(newest.signed_at)}"
    again, reasons = "The quality unit decides again.", []
    if not passes(facts, verdict):
        text, todo = f"{signed}, but its evidence no longer passes.", again
        if newest.complete_by is not None and verdict.verdict == "fail":
            text += " Containers may have been injected."
            todo = "The quality unit decides again, and considers a recall."
        look = "The laboratory looks which cells they are."
        mixed = [Reason("other cells", sentence, look) for sentence in mixed_up(facts)]
        reasons = [Reason("suspended", text, todo), *mixed, *_shortfalls(verdict)]
    due = () if in_time(facts, now) else awaited(facts, verdict)
    if due and newest.complete_by is not None:
        text = f"{signed}. What had to be there by {moment(newest.complete_by)} is not: {_names(due)}."
        todo = "The laboratory submits what is missing; the quality unit then decides again."
        reasons.append(Reason("overdue", text, todo))
    elif due:
        text = f"{signed}, and this is not known: {_names(due)}."
        reasons.append(Reason("suspended", text, "The quality unit decides again: a conditional release, or none."))
    if reasons or lapse is None:
        return reasons
    if lapse.overdue and newest.complete_by is not None:
        text = f"{signed}. What had to be there by {moment(newest.complete_by)} came later: {_names(lapse.overdue)}."
        return [Reason("overdue", text, again)]
    return [Reason("suspended", f"{signed}; its evidence did not pass for a time since, and does now.", again)]


def _names(items: Iterable[CriterionVerdict]) -> str:
    return ", ".join(item.characteristic for item in items)


_MENDS = {
    "fail": "A retest with its reason, accepted by the quality unit, shows otherwise; else the lot is rejected.",
    "missing": "The laboratory submits this result.",
    "undetermined": "The laboratory submits a result that decides it.",
}


def _shortfalls(verdict: LotVerdict | None) -> list[Reason]:
    """One reason for each gating criterion that the evidence does not show."""
    items = short_of(verdict) if verdict is not None else []
    return [Reason("criterion", criterion_sentence(item), _MENDS[item.verdict]) for item in items]

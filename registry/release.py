"""May this lot be injected, and may this person release it: pure rules over facts, verdict and clock.

Nothing here reads a ledger, a graph or the time. Both verbs list everything that is wrong, not the first thing
(21 CFR 11.10(f), (g): order and authority are enforced on the server).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from registry.model import CriterionVerdict, LotVerdict
from registry.standing import Ancestor, Decision, LotFacts

State = Literal["released", "not released", "on hold", "rejected", "recalled", "expired", "suspended"]

_STOPS: dict[str, State] = {"hold": "on hold", "rejection": "rejected", "recall": "recalled"}
_DONE = {"hold": "put on hold", "rejection": "rejected", "recall": "recalled"}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a lot must not be injected, and what would change it."""

    code: str
    message: str
    todo: str


@dataclass(frozen=True, slots=True)
class Status:
    """The answer: ``released`` is the only state in which a lot may be injected."""

    state: State
    reasons: tuple[Reason, ...]
    until: datetime | None

    @property
    def may_be_injected(self) -> bool:
        """True only for a released lot."""
        return self.state == "released"


def moment(at: datetime) -> str:
    """A time nobody can misread: ``2026-11-21 14:05 +00:00``."""
    offset = at.strftime("%z") or "+0000"
    return f"{at:%Y-%m-%d %H:%M} {offset[:3]}:{offset[3:5]}"


def status(facts: LotFacts, verdict: LotVerdict | None, now: datetime, lapse: LotVerdict | None = None) -> Status:
    """Whether the lot may be injected at ``now``, with every reason why not.

    ``verdict`` is the current evidence judged by the specification that the newest release pinned, and while no
    release stands by the one now approved for the product: it then only says what a release would lack. Released
    means: the newest decision is a release; no hold, rejection or recall on the lot or on anything it derives from;
    not expired; the current evidence still passes the pinned specification, and has passed it ever since: ``lapse`` is
    the first verdict since that release which did not.
    """
    found: list[tuple[State, Reason]] = [*_own_stop(facts), *_inherited_stops(facts)]
    if facts.lot.kind != "product lot":
        text = f"{facts.lot.id} is a {facts.lot.kind}, not a lot for injection."
        found.append(("not released", Reason("not a product lot", text, "Look up the lot that was made from it.")))
    found += (expired := _expiry(facts, now))
    if facts.lot.kind == "product lot" and not (expired and facts.newest is None):
        found += _release_standing(facts, verdict, lapse)
    if not found:
        return Status("released", (), facts.lot.expires_at)
    order: tuple[State, ...] = ("recalled", "rejected", "on hold", "expired", "suspended", "not released")
    worst = min((state for state, _ in found), key=order.index)
    return Status(worst, tuple(reason for _, reason in found), None)


def _own_stop(facts: LotFacts) -> list[tuple[State, Reason]]:
    newest = facts.newest
    if newest is None or newest.kind not in _STOPS:
        return []
    todo = {
        "hold": "The quality unit lifts the hold, then decides again.",
        "rejection": "Nothing: a rejected lot is never injected.",
        "recall": "Nothing: return or destroy what is left, and follow up those who received it.",
    }[newest.kind]
    return [(_STOPS[newest.kind], Reason(_STOPS[newest.kind], _stop_text(f"The lot {facts.lot.id}", newest), todo))]


def _stop_text(what: str, decision: Decision) -> str:
    by = f"{decision.printed_name} ({decision.signed_by})"
    why = f": {decision.reason}" if decision.reason else ""
    return f"{what} was {_DONE[decision.kind]} by {by} at {moment(decision.signed_at)}{why}"


def _inherited_stops(facts: LotFacts) -> list[tuple[State, Reason]]:
    found: list[tuple[State, Reason]] = []
    for ancestor in facts.ancestors:
        if (newest := blocking(ancestor)) is not None:
            text = _stop_text(f"The {ancestor.kind} {ancestor.id}, from which {facts.lot.id} derives,", newest)
            todo = (
                f"The quality unit lifts the hold on {ancestor.id}, when it is over."
                if newest.kind == "hold"
                else f"Nothing: what derives from {ancestor.id} is never injected."
            )
            found.append((_STOPS[newest.kind], Reason(f"{_STOPS[newest.kind]} by derivation", text, todo)))
    for unknown in facts.missing_ancestors:
        text = f"{facts.lot.id} derives from {unknown}, which is not registered, so its state is unknown."
        found.append(("suspended", Reason("unknown origin", text, f"Register {unknown}.")))
    return found


def blocking(ancestor: Ancestor) -> Decision | None:
    """The hold, rejection or recall that stands on an ancestor, or None."""
    newest = ancestor.newest
    return newest if newest is not None and newest.kind in _STOPS else None


def _expiry(facts: LotFacts, now: datetime) -> list[tuple[State, Reason]]:
    expires = facts.lot.expires_at
    if expires is None or now < expires:
        return []
    text = f"The lot {facts.lot.id} expired at {moment(expires)}."
    return [("expired", Reason("expired", text, "Nothing: an expired lot is never injected."))]


def _release_standing(
    facts: LotFacts, verdict: LotVerdict | None, lapse: LotVerdict | None
) -> list[tuple[State, Reason]]:
    newest = facts.newest
    if newest is not None and newest.kind in _STOPS:
        return []
    if newest is None or newest.kind != "release":
        what = "Nobody has released this lot." if newest is None else f"The newest decision is: {newest.kind}."
        lacking = _shortfalls(verdict)
        todo = "See what is lacking below." if lacking else "The quality unit reviews the evidence and signs."
        first = Reason("not released", what, todo)
        return [("not released", reason) for reason in (first, *lacking)]
    if verdict is None:
        text = "The evidence could not be judged by the specification that the release names."
        return [("suspended", Reason("not judged", text, "The quality unit decides again."))]
    if passes(facts, verdict) and lapse is None:
        return []
    if passes(facts, verdict):
        signed = moment(newest.signed_at)
        text = f"The lot was released at {signed}; its evidence did not pass for a time since, and does now."
        return [("suspended", Reason("suspended", text, "The quality unit decides again."))]
    text = (
        f"The lot was released at {moment(newest.signed_at)}, but its evidence has changed since and no longer passes."
    )
    first = Reason("suspended", text, "The quality unit decides again.")
    return [("suspended", reason) for reason in (first, *_shortfalls(verdict))]


_MENDS = {
    "fail": "A retest with its reason, accepted by the quality unit, shows otherwise; else the lot is rejected.",
    "missing": "The laboratory submits this result.",
    "undetermined": "The laboratory submits a result that decides it.",
}


def _shortfalls(verdict: LotVerdict | None) -> list[Reason]:
    """One reason for each gating criterion that the evidence does not show."""
    items = short_of(verdict) if verdict is not None else []
    return [Reason("criterion", criterion_sentence(item), _MENDS[item.verdict]) for item in items]


def passes(facts: LotFacts, verdict: LotVerdict) -> bool:
    """True when the verdict is pass and every reference criterion that is not shown was accepted."""
    return verdict.verdict == "pass" and all(_accepted(facts, item) for item in verdict.held)


def _accepted(facts: LotFacts, criterion: str) -> bool:
    return any(accepts.endswith(f"#{criterion}") for accepts in facts.accepted)


def not_shown(verdict: LotVerdict) -> list[str]:
    """One sentence for each gating criterion that keeps the lot from passing; groups by their members."""
    return [criterion_sentence(item) for item in short_of(verdict)]


def short_of(verdict: LotVerdict) -> list[CriterionVerdict]:
    """The gating criteria that keep the lot from passing; of a group that passes by another member, none."""
    passing = {member for group in verdict.groups if group.verdict == "pass" for member in group.members}
    return [
        item
        for item in verdict.criteria
        if item.standing == "gating" and item.verdict != "pass" and not item.due and item.id not in passing
    ]


def criterion_sentence(item: CriterionVerdict) -> str:
    """``CD105: fail: expected >= 95 %, found 93.1 % (panel.csv, row 4).``"""
    where = ""
    if item.source is not None:
        row = f", row {item.source.row}" if item.source.row is not None else ""
        where = f" ({item.source.file}{row})"
    note = f" {item.note}" if item.note else ""
    found = item.observed if item.observed is not None else "no result"
    return f"{item.characteristic}: {item.verdict}: expected {item.expected}, found {found}{where}.{note}"


def missing_for_release(
    facts: LotFacts, verdict: LotVerdict | None, *, signer: str, signer_role: str, meaning: str, now: datetime
) -> list[str]:
    """Everything that stands between this lot and a release signed by this person, at once; empty when nothing does.

    ``verdict`` is the current evidence judged by the specification now approved for the product. Who submitted a
    lot's results cannot release it (EU GMP Part IV; 21 CFR 11.10(g)).
    """
    lot = facts.lot
    found: list[str] = []
    if signer_role != "quality unit":
        found.append(f"{signer} is a {signer_role}: only the quality unit releases a lot.")
    if submitted := sorted({panel.id for panel in facts.current_panels if panel.entry.actor == signer}):
        found.append(f"{signer} submitted results of this lot (panel {', '.join(submitted)}): another member signs.")
    if not meaning.strip():
        found.append("The meaning of the signature is missing, such as: I have reviewed the evidence and release it.")
    found += _description_gaps(facts, now)
    found += [reason.message for _, reason in [*_own_stop(facts), *_inherited_stops(facts)]]
    if facts.approval is None:
        found.append(f"No specification is approved for the product {lot.product or '(none)'}.")
    elif verdict is None:
        found.append("The evidence could not be judged.")
    else:
        found += not_shown(verdict)
        found += [
            f"The reference criterion {item} is not shown and nobody has accepted that with a reason."
            for item in verdict.held
            if not _accepted(facts, item)
        ]
        if verdict.verdict != "pass" and not not_shown(verdict):
            found.append(f"The verdict is {verdict.verdict}, not pass.")
    return found


def _description_gaps(facts: LotFacts, now: datetime) -> list[str]:
    lot, found = facts.lot, []
    if lot.kind != "product lot":
        found.append(f"{lot.id} is a {lot.kind}: only a product lot is released for injection.")
    if lot.expires_at is None:
        found.append("The lot has no expiry: a lot without one is never released.")
    elif now.astimezone(UTC) >= lot.expires_at:
        found.append(f"The lot expired at {moment(lot.expires_at)}.")
    if facts.product is not None and facts.product.donor_relation == "autologous" and not lot.recipient:
        found.append("The product is autologous and the lot names no recipient's code.")
    if not facts.current_panels:
        found.append("The lot has no panel.")
    return found

"""What stands between a lot and a release signed by this person: everything, at once."""

from __future__ import annotations

from datetime import UTC, datetime

from registry.domain import DecisionKind, LotFacts, LotVerdict
from registry.instants import moment
from registry.release.may_be_injected import inherited_stops, own_stop
from registry.release.second_person import submitted_here
from registry.release.shortfall import asked_and_found, awaited, held, mixed_up, not_shown

NO_EXPIRY = "The lot has no expiry: a lot without one is never released."


def missing_for_release(
    facts: LotFacts,
    verdict: LotVerdict | None,
    *,
    signer: str,
    signer_role: str,
    meaning: str,
    now: datetime,
    kind: DecisionKind = "release",
) -> list[str]:
    """Everything that stands between this lot and a release signed by this person, at once; empty when nothing does.

    ``verdict`` is the current evidence judged by the specification now approved for the product, or by the pinned one
    where a release completes a conditional release. Who submitted a lot's results cannot release it (EU GMP Part IV;
    21 CFR 11.10(g)). ``release`` says that everything is known: while something that is due after release is not, only
    a ``conditional release`` may be signed, and afterwards only a release.
    """
    lot = facts.lot
    lacking: list[str] = []
    if signer_role != "quality unit":
        lacking.append(f"{signer} is a {signer_role}: only the quality unit releases a lot.")
    lacking += submitted_here(facts, signer)
    if not meaning.strip():
        lacking.append("The meaning of the signature is missing, such as: I have reviewed the evidence and release it.")
    lacking += _description_gaps(facts, now, may_be_expired=completes(facts, kind))
    lacking += mixed_up(facts)
    lacking += [reason.message for _, reason in [*own_stop(facts), *inherited_stops(facts)]]
    if facts.supply is not None:
        lacking.append(f"{lot.id} was supplied out of specification: it is never released.")
    if facts.approval is None:
        lacking.append(f"No specification is approved for the product {lot.product or '(none)'}.")
    elif verdict is None:
        lacking.append("The evidence could not be judged.")
    else:
        lacking += _evidence_gaps(facts, verdict, kind)
    return lacking


def completes(facts: LotFacts, kind: DecisionKind) -> bool:
    """True of a release that completes a conditional release.

    It says that all that was due has come, which is said of an expired lot too: that lot is not injected for it.
    """
    return kind == "release" and facts.on_condition is not None


def _evidence_gaps(facts: LotFacts, verdict: LotVerdict, kind: DecisionKind) -> list[str]:
    lacking = not_shown(verdict)
    lacking += [
        f"The reference criterion {item} is not shown and nobody has accepted that with a reason."
        for item in held(facts, verdict)
    ]
    if verdict.verdict != "pass" and not not_shown(verdict):
        lacking.append(f"The verdict is {verdict.verdict}, not pass.")
    due = awaited(facts, verdict)
    if kind == "release":
        lacking += [
            f"{item.characteristic} is not known yet: {asked_and_found(item)} Sign a conditional release, or wait."
            for item in due
        ]
    elif not due:
        lacking.append("Nothing that is due after release is still to come: sign a release.")
    return lacking


def _description_gaps(facts: LotFacts, now: datetime, *, may_be_expired: bool) -> list[str]:
    lot, lacking = facts.lot, []
    if lot.kind != "product lot":
        lacking.append(f"{lot.id} is a {lot.kind}: only a product lot is released for injection.")
    if lot.expires_at is None:
        lacking.append(NO_EXPIRY)
    elif now.astimezone(UTC) >= lot.expires_at and not may_be_expired:
        lacking.append(f"The lot expired at {moment(lot.expires_at)}.")
    if facts.product is not None and facts.product.donor_relation == "autologous" and not lot.recipient:
        lacking.append("The product is autologous and the lot names no recipient's code.")
    if facts.product is not None and facts.product.citation:
        lacking.append(
            f"{facts.product.id} only cites a publication ({facts.product.citation}): no lot of it is released."
        )
    if not facts.current_panels:
        lacking.append("The lot has no panel.")
    return lacking

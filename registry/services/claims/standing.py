"""On what a claim stands for one lot: its own result, the product's studies, or literature, the strongest first.

A lot shows a claim by its current evidence alone: the verdict of a criterion, in the specification that the lot is held
against, which names the claim. A result that no criterion judges shows nothing, whatever its figure.
"""

from __future__ import annotations

from typing import Literal

from registry.domain import Claim, ClaimEvidence
from registry.services.claims.refusals import is_about
from registry.services.lot_state import LotState
from registry.vocabulary import Terms

Shown = Literal["shown", "not shown", "undetermined", "not measured", "judged by no criterion"]
StandsOn = Literal["result of this lot", "studies", "literature", "nothing"]


def about(claims: tuple[Claim, ...], state: LotState, terms: Terms) -> tuple[Claim, ...]:
    """The claims that stand about the lot's product or its cells."""
    product = state.facts.product
    return tuple(claim for claim in claims if claim.withdrawn is None and is_about(claim, product, terms))


def shown(claim: Claim, evidence: ClaimEvidence, state: LotState) -> tuple[Shown, tuple[str, ...]]:
    """What the lot says of one potency assay of a claim, and what was observed, criterion by criterion.

    Of several criteria that name the claim, every one must pass.
    """
    criteria = state.specification.criteria if state.specification else ()
    asked = {each.id for each in criteria if each.claim == claim.id and each.characteristic == evidence.about}
    judged = [item for item in (state.verdict.criteria if state.verdict else ()) if item.id in asked]
    seen = tuple(f"{item.observed or 'no result'}, {item.expected} asked for" for item in judged)
    verdicts = {item.verdict for item in judged}
    if not judged:
        measured = any(result.characteristic == evidence.about for result in state.facts.results)
        return ("judged by no criterion" if measured else "not measured"), ()
    if "fail" in verdicts:
        return "not shown", seen
    if verdicts == {"pass"}:
        return "shown", seen
    return ("not measured" if verdicts == {"missing"} else "undetermined"), seen


def stands_on(claim: Claim, of_lot: tuple[Shown, ...] = ()) -> StandsOn:
    """The strongest thing that the claim stands on; for a lot, what its own assays say comes first.

    A lot whose own result speaks against a claim does not show it, and what it stands on elsewhere is said as that.
    """
    if "shown" in of_lot and "not shown" not in of_lot:
        return "result of this lot"
    if claim.on("study"):
        return "studies"
    return "literature" if claim.on("literature") else "nothing"

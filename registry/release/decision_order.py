"""In which order decisions follow one another (21 CFR 11.10(f)): what is final ends it, and only a hold is lifted."""

from __future__ import annotations

from registry.domain import FINAL, Decision, DecisionKind


def out_of_order(newest: Decision | None, kind: DecisionKind) -> str:
    """Why a decision of this kind cannot follow the newest one, whoever signs, in a sentence; empty when it can.

    A lot that was rejected may be recalled still, for containers may have been given out before. What the evidence
    lacks for a release is the gate's question.
    """
    if newest is not None and newest.kind in FINAL and not (newest.kind == "rejection" and kind == "recall"):
        return f"The lot was given a {newest.kind}, which is final."
    if kind == "hold lifted" and (newest is None or newest.kind != "hold"):
        return "There is no hold to lift."
    return ""

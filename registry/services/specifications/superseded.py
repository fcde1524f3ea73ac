"""What has become of a release since: the specification in force by now, and what a lot shows of it."""

from __future__ import annotations

from registry.release import short_of
from registry.services.context import Judged, Parts
from registry.services.lots.evidence_view import InForce


def in_force(parts: Parts, judged: Judged) -> InForce | None:
    """The specification in force, where a lot that may be injected does not pass it; None where there is no news.

    The lot keeps to the specification that its release names (see ``LotFacts.settled_by``): this changes no answer.
    """
    approval, named = judged.facts.approval, judged.specification
    if not judged.status.may_be_injected or approval is None or named is None or approval.digest == named.digest:
        return None
    against = parts.specification(approval.digest)
    verdict = parts.judge(judged.facts, against, at=judged.at)
    if verdict.verdict == "pass":
        return None
    short = short_of(verdict)
    fails = tuple(one.characteristic for one in short if one.verdict == "fail")
    not_shown = tuple(one.characteristic for one in short if one.verdict != "fail")
    said = [
        *([f"fails {', '.join(fails)}"] if fails else []),
        *([f"does not show {', '.join(not_shown)}"] if not_shown else []),
    ] or [f"is {verdict.verdict}"]
    message = (
        f"The specification in force now is {against.id} version {against.version}; against it this lot "
        f"{' and '.join(said)}. It was released under {named.id} version {named.version}."
    )
    return InForce(against.id, against.version, against.digest, verdict.verdict, fails, not_shown, message)

"""May this lot be injected, and may this person release it: pure rules over facts, verdict and clock.

Nothing here reads a ledger, a graph or the time. Both verbs list everything that is wrong, not the first thing
(21 CFR 11.10(f), (g): order and authority are enforced on the server).

``shortfall``       what the evidence shows, and what is not known yet
``conditional``     release in two steps: what a conditional release waits for, and when it lapses
``lapse``           the first moment since a release at which it did not stand
``may_be_injected``  ``status``: may it be injected, and every reason why not
``decision_order``  which decision may follow which
``requirements``    ``missing_for_release``: everything that stands between a lot and a signature
``containers``      where each of a lot's containers is, and what may become of it
``administration``  what stands against giving a lot to a recipient at this minute
``second_person``   what nobody does alone
``trail_review``    what changed of a lot's data, and who may have reviewed that
``dose_supply``     for which arms of a study a lot suffices, and for how many recipients
"""

from __future__ import annotations

from registry.instants import moment
from registry.release.conditional import (
    LONGEST,
    Condition,
    Lapse,
    condition_sentence,
    known_not_before,
    lapsed,
    stands,
)
from registry.release.decision_order import out_of_order
from registry.release.dose_supply import ArmSupply, Holding, Supply, arm_supply
from registry.release.lapse import first_lapse
from registry.release.may_be_injected import Reason, State, Status, blocking, status
from registry.release.requirements import NO_EXPIRY, completes, missing_for_release
from registry.release.shortfall import (
    accepted,
    awaited,
    criterion_sentence,
    fresh_until,
    held,
    not_shown,
    passes,
    short_of,
)

__all__ = [
    "LONGEST", "NO_EXPIRY", "ArmSupply", "Condition", "Holding", "Lapse", "Reason", "State", "Status", "Supply",
    "accepted", "arm_supply", "awaited", "blocking", "completes", "condition_sentence", "criterion_sentence",
    "first_lapse", "fresh_until", "held", "known_not_before", "lapsed", "missing_for_release", "moment", "not_shown",
    "out_of_order", "passes", "short_of", "stands", "status",
]  # fmt: skip

"""What has to be done, in which order, before the first lot of a registry is given; and whose each step is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from registry.accounts import Accounts
from registry.ledger import Ledger
from registry.services.answers import Answer

Step = Literal["accounts", "product", "specification", "lot", "results", "decision"]
FEW = 300
"""Entries of a ledger up to which somebody may still be at the beginning."""
_ENTERED: tuple[tuple[Step, str, tuple[str, ...]], ...] = (
    ("product", "product", ("quality unit",)),
    ("specification", "approval", ("quality unit",)),
    ("lot", "lot", ("submitter", "quality unit")),
    ("results", "panel", ("submitter",)),
    ("decision", "decision", ("quality unit",)),
)
"""Each step after the accounts, the kind of entry that shows it to be done, and whose it is."""
WORKING = ("submitter", "quality unit", "clinician")
"""The roles that a lot passes through: without somebody in each, the way is not open."""


@dataclass(frozen=True, slots=True)
class FirstStep(Answer):
    """One step: whether it is done, and the roles that do it. ``lacking`` are roles that nobody has yet."""

    step: Step
    done: bool
    roles: tuple[str, ...]
    lacking: tuple[str, ...] = ()


def first_steps(ledger: Ledger, accounts: Accounts) -> tuple[FirstStep, ...]:
    """The steps in their order; nothing once the last of them was taken, or where the ledger is long."""
    if ledger.size() > FEW:
        return ()
    kinds = set(ledger.entry_kinds())
    held = {account.role for account in accounts.people.all() if not account.disabled}
    lacking = tuple(role for role in WORKING if role not in held)
    steps = [FirstStep("accounts", not lacking, ("administrator",), lacking)]
    steps += [FirstStep(step, kind in kinds, roles) for step, kind, roles in _ENTERED]
    return () if all(step.done for step in steps) else tuple(steps)

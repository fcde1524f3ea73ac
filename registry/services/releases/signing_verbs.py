"""What the quality unit signs, as verbs of the registry: name and password are given again each time (21 CFR 11.200).

``Registry`` inherits these verbs; they need nothing of it but its parts.
"""

from __future__ import annotations

from datetime import datetime

from registry.accounts import Account
from registry.domain import DecisionKind
from registry.services.append import Receipt
from registry.services.context import Parts
from registry.services.releases import check as release_check
from registry.services.releases import sign
from registry.services.releases.check import ReleaseCheck
from registry.services.submissions import withdraw as withdrawing
from registry.services.submissions.withdraw import Withdrawable


class SigningVerbs:
    """Decisions, approvals, withdrawals, acceptances."""

    parts: Parts

    def release_check(
        self, lot: str, account: Account, meaning: str = "", kind: DecisionKind | None = None
    ) -> ReleaseCheck:
        """Which release this account could sign, and everything that stands against it; see ``release_check``."""
        words = meaning or "asked before signing"
        return release_check.release_check(self.parts, lot, account.name, account.role, words, kind)

    def withdrawable(self, lot: str) -> tuple[Withdrawable, ...]:
        """The panels of a lot that count, and what each withdrawal would leave; see ``withdrawing.withdrawable``."""
        return withdrawing.withdrawable(self.parts, lot)

    def decide(
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
        """Sign a decision; see ``deciding.decide``."""
        return sign.decide(
            self.parts, lot, kind, name=name, password=password, meaning=meaning, reason=reason, complete_by=complete_by
        )

    def withdraw(self, panel: str, *, reason: str, name: str, password: str) -> Receipt:
        """Take a panel back; see ``withdrawing.withdraw``."""
        return withdrawing.withdraw(self.parts, panel, reason=reason, name=name, password=password)

    def accept(self, lot: str, what: str, *, reason: str, name: str, password: str) -> Receipt:
        """Accept a retest or a held reference criterion; see ``deciding.accept``."""
        return sign.accept(self.parts, lot, what, reason=reason, name=name, password=password)

"""Releases and every other decision on a lot: what could be signed, what stands against it, and the signature.

registry.releases.check("H-03", account).missing
registry.releases.sign("H-03", "release", name="quality.okafor", password=…, meaning="I have reviewed the evidence.")
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from registry.accounts import Account, Accounts
from registry.domain import DecisionKind
from registry.ledger import Ledger
from registry.ledger.lots import LotReader
from registry.services.answers import LotLine
from registry.services.append import Entries, Receipt
from registry.services.lot_state import LotStates
from registry.services.releases.check import ReleaseCheck, ReleaseChecks
from registry.services.releases.queue import Lacking, lacking
from registry.services.releases.sign import Signing
from registry.services.releases.trail_review import TrailReviews


class Releases:
    """Decisions on the lots of one registry."""

    def __init__(
        self, ledger: Ledger, reader: LotReader, states: LotStates, accounts: Accounts, entries: Entries
    ) -> None:
        self._ledger, self._states = ledger, states
        self.trail = TrailReviews(ledger, reader, accounts, entries)
        self._checks = ReleaseChecks(ledger, reader, states, accounts, self.trail)
        self._signing = Signing(ledger, reader, states, accounts, self._checks, entries)

    def check(self, lot: str, account: Account, meaning: str = "", kind: DecisionKind | None = None) -> ReleaseCheck:
        """Which release this account could sign, and everything that stands against it; see ``ReleaseChecks``."""
        return self._checks.check(lot, account, meaning or "asked before signing", kind)

    def queue(self, lots: Iterable[LotLine]) -> dict[str, Lacking]:
        """What each of these lots lacks for a release, by the requirements that a release meets."""
        with self._ledger.one_moment():
            return lacking(self._states, [line.lot for line in lots], self.trail.due)

    def sign(
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
        """Sign a decision; see ``Signing.sign``."""
        return self._signing.sign(
            lot, kind, name=name, password=password, meaning=meaning, reason=reason, complete_by=complete_by
        )

    def accept(self, lot: str, what: str, *, reason: str, name: str, password: str) -> Receipt:
        """Accept a retest or a held reference criterion; see ``Signing.accept``."""
        return self._signing.accept(lot, what, reason=reason, name=name, password=password)

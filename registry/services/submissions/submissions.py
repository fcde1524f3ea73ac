"""Submissions: what a laboratory sends, shown before it is kept, recorded, and taken back.

registry.submissions.preview("panel.csv", data).lots
registry.submissions.submit("panel.csv", data, account).recorded
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from registry.accounts import Accounts, Actor, Permission, expected, may
from registry.errors import NotAllowed
from registry.identifiers import Names
from registry.ledger import Ledger
from registry.ledger.lots import LotReader
from registry.services.append import Entries, Receipt
from registry.services.lot_state import LotStates
from registry.services.mappings.approved import NOTHING, Beside
from registry.services.ontologies.current import Current
from registry.services.submissions.preview import Preview, Previewer, StateChange
from registry.services.submissions.read_file import FileReader
from registry.services.submissions.receipt import SubmissionReceipt
from registry.services.submissions.shortfall import Shortfall
from registry.services.submissions.submit import Recorder
from registry.services.submissions.withdraw import Withdrawable, Withdrawals
from registry.services.submissions.withdrawn_panels import PanelNow, panels_now


class Submissions:
    """The submissions of one registry."""

    def __init__(
        self, ledger: Ledger, reader: LotReader, states: LotStates, ontologies: Current, names: Names,
        accounts: Accounts, entries: Entries,
    ) -> None:  # fmt: skip
        files = FileReader(reader, ontologies, names)
        self._ledger = ledger
        self._reader = reader
        self._recorder = Recorder(ledger, reader, states, files, ontologies, names)
        self._previewer = Previewer(ledger, reader, states, files, self._recorder, ontologies, names)
        self._withdrawals = Withdrawals(ledger, reader, states, accounts, entries)

    def preview(self, name: str, data: bytes, beside: Beside = NOTHING) -> Preview:
        """What a file says and would be judged to be; nothing is kept. See ``Previewer.preview``."""
        return self._previewer.preview(name, data, beside)

    def submit(
        self, name: str, data: bytes, actor: Actor, idempotency_key: str | None = None, beside: Beside = NOTHING
    ) -> SubmissionReceipt:
        """Record a file's panels; see ``Recorder.submit``."""
        return self._recorder.submit(name, data, actor, idempotency_key, beside)

    def state_changes(self, receipt: SubmissionReceipt) -> tuple[StateChange, ...]:
        """What a submission did to its lots: the state of each before it, and now."""
        return self._previewer.state_changes(receipt)

    def shortfalls(self, lots: Sequence[str]) -> tuple[Shortfall, ...]:
        """Which criteria keep these lots from passing, and by how much; see ``shortfall``."""
        return self._previewer.shortfalls(lots)

    def withdraw(self, panel: str, *, reason: str, name: str, password: str) -> Receipt:
        """Take a panel back; see ``Withdrawals.withdraw``."""
        return self._withdrawals.withdraw(panel, reason=reason, name=name, password=password)

    def withdrawable(self, lot: str) -> tuple[Withdrawable, ...]:
        """The panels of a lot that count, and what each withdrawal would leave; raises Unknown."""
        return self._withdrawals.withdrawable(lot)

    def panels_now(self, lots: Iterable[str]) -> dict[int, PanelNow]:
        """What became of the panels of these lots, by where each stands in the ledger."""
        return panels_now(self._reader, lots)

    def file(self, digest: str, viewer: Actor | None = None) -> tuple[str, bytes]:
        """(name, bytes) of a submitted file; raises Unknown, and NotAllowed for what was seen of single recipients."""
        outcomes = next(iter(self._ledger.entries(key=("file", digest), kind="recipient-outcome")), None)
        if outcomes is not None and (viewer is None or not may(viewer, Permission.READ_OUTCOMES)):
            raise NotAllowed(
                "This file says what was seen of single recipients.",
                expected=expected(Permission.READ_OUTCOMES),
                found=viewer.name if viewer is not None else "nobody who is signed in",
            )
        return self._ledger.file(digest)

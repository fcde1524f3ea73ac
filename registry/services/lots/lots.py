"""Lots: registered, looked up, and everything that is on record about one.

How a lot is looked up (``Lots.get``):

1. its state: on record, judged, answered             ``LotStates.one``
2. the answer in a sentence, for whoever asks         ``answer_in_words``
3. its product and origins, with what stands on them  ``product_answer``, ``LotView._origins``
4. the specification, and how it departs              ``LotView._specification``
5. criteria, panels and results, as printed           ``_criteria``, ``_panel``
6. decisions, each signature verified                 ``decision_answer``
7. what its markers point to beside the verdict       ``contaminants``
8. what has become of its specification since         ``superseded``
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from registry.accounts import Account, Actor
from registry.domain import Lot
from registry.errors import Unknown
from registry.identifiers import Names
from registry.instants import moment
from registry.ledger import Ledger
from registry.ledger.lots import LOT, LotReader, look_alikes
from registry.look_alikes import LookAlike
from registry.services.answers import HistoryLine, LotAnswer
from registry.services.append import Entries, Receipt
from registry.services.lot_state import LotStates
from registry.services.lots.changes import Change, changes
from registry.services.lots.evidence_view import Origin
from registry.services.lots.history import history
from registry.services.lots.inherited import InheritedDecision, InheritedEntry, inherited, rests_on
from registry.services.lots.kept_answers import KeptAnswer, KeptAnswers
from registry.services.lots.kept_entries import KeptEntries, Told
from registry.services.lots.lot_view import LotView
from registry.services.lots.register import register
from registry.services.ontologies.current import Current


class Lots:
    """The lots of one registry, one at a time; ``registry.lot_index`` has the many."""

    def __init__(
        self,
        ledger: Ledger,
        reader: LotReader,
        states: LotStates,
        ontologies: Current,
        names: Names,
        entries: Entries,
    ) -> None:
        self._ledger = ledger
        self._reader = reader
        self._states = states
        self._names = names
        self._entries = entries
        self.view = LotView(ledger, reader, states, ontologies, names)
        self._told = KeptEntries(ledger, lambda lot: Told(tuple(self.history(lot)), tuple(self.inherited(lot))))
        self._kept = KeptAnswers(ledger, reader, lambda lot, viewer: self.get(lot, viewer=viewer))

    def get(self, lot: str, at: datetime | None = None, viewer: Account | None = None) -> LotAnswer:
        """Everything about a lot, the answer first, now or at an earlier time of the ledger; raises Unknown."""
        try:
            state = self._states.one(lot, at)
        except Unknown:
            self._refuse_time_before(lot, at)
            raise
        return self.view.of(state, viewer.role if viewer else None, now=at is None)

    def _refuse_time_before(self, lot: str, at: datetime | None) -> None:
        """Say that a lot was registered only later, where there is one and the time is before it."""
        spelled = self._reader.registered(lot) if at is not None else None
        if at is None or spelled is None:
            return
        since = next(entry.at for entry in self._ledger.entries(kind="lot", key=(LOT, spelled)))
        raise Unknown(
            f"The lot {spelled} was registered only later: at {moment(at)} this registry knew nothing of it.",
            expected=f"a time from {moment(since)} on",
            found=moment(at),
            todo="Ask for a later time, or for the lot as it is now.",
            code="lot-registered-later",
        )

    def kept(self, lot: str, viewer: Account | None = None) -> KeptAnswer:
        """The same now, kept from the last time it was asked while it is true; raises Unknown. See ``KeptAnswers``."""
        return self._kept.get(lot, viewer)

    def fhir(self, lot: str) -> str:
        """The lot as a FHIR R5 bundle of batch analysis, as JSON. Raises Unknown, Refused for one without results."""
        from registry.exchange.fhir.exact_json import dumped
        from registry.exchange.fhir.lot_bundle import bundle

        return dumped(bundle(self.get(lot).as_dict(), self._names.base))

    def history(self, lot: str) -> list[HistoryLine]:
        """Every ledger entry about a lot, in words; raises Unknown."""
        return history(self._ledger, self._reader, lot)

    def changes(self, limit: int, before: int | None = None) -> Sequence[Change]:
        """What was entered that may have changed the state of lots, the newest first; see ``changes``."""
        return changes(self._ledger, self._reader, limit, before)

    def inherited(self, lot: str, until: int | None = None) -> list[InheritedDecision]:
        """Every decision on what a lot derives from, oldest first; raises Unknown."""
        return inherited(self._ledger, self._reader, self._names, lot, until)

    def told(self, lot: str) -> Told:
        """``history`` and ``inherited``, kept while nothing is entered; raises Unknown. See ``KeptEntries``."""
        return self._told.get(lot)

    def rests_on(self, answer: LotAnswer) -> list[InheritedEntry]:
        """Entries about a lot's origins, its product, and each specification that was decided by, with its approval."""
        return rests_on(self._ledger, self._reader, answer)

    def origin(self, lot: str) -> tuple[str, tuple[Origin, ...]]:
        """A lot's kind, and all that it derives from, up to its donors; nothing is judged. Raises Unknown."""
        facts = self._reader.facts(lot)
        return facts.lot.kind, self.view.origins(facts)

    def registered(self, lot: str) -> str | None:
        """The identifier of a registered lot as it was registered; None for a lot that nobody registered."""
        return self._reader.registered(lot)

    def look_alikes(self, lot: str) -> tuple[LookAlike, ...]:
        """Registered lots that are easily taken for ``lot``, which need not be registered itself."""
        return look_alikes(self._ledger, lot)

    def register(self, draft: Lot, actor: Actor, distinct_from: Sequence[str] = ()) -> Receipt:
        """Register a lot or its origin; see ``register``."""
        return register(self._reader, self._ledger, self._entries, draft, actor, distinct_from)

"""What becomes of a lot after its release: containers, what was given, what was found late, where everything went.

registry.administrations.record(AdministrationDraft("H-01", "NCT03877471", "low", "R-0042", …), actor)
registry.administrations.balance("H-01").in_stock
registry.administrations.trace("WCB-1", viewer).given
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from registry.accounts import Accounts, Actor, Permission, require
from registry.errors import NotSignedIn, Unknown
from registry.identifiers import Names
from registry.ledger import Ledger
from registry.ledger.lots import LotReader
from registry.namespaces import prefixes
from registry.records import serialise, triples
from registry.services.administrations.book import Book
from registry.services.administrations.findings import Finding, Findings
from registry.services.administrations.move import Moving
from registry.services.administrations.record import AdministrationDraft, Recording
from registry.services.administrations.supply import Supplying
from registry.services.administrations.trace import Trace, Tracing
from registry.services.administrations.views import AdministrationAnswer, Balance
from registry.services.append import Entries, Receipt
from registry.services.lot_state import LotStates
from registry.services.ontologies.current import Current

LONGEST = timedelta(minutes=1)
"""For how long what waits is not counted again while nothing is entered."""


class Administrations:
    """What was given of one registry's lots."""

    def __init__(
        self, ledger: Ledger, reader: LotReader, states: LotStates, ontologies: Current, names: Names,
        accounts: Accounts, entries: Entries,
    ) -> None:  # fmt: skip
        self._ledger = ledger
        self._book = Book(reader)
        self._reader = reader
        self._recording = Recording(reader, states, ontologies, entries, self._book)
        self._moving = Moving(reader, entries, self._book)
        self._supplying = Supplying(states, accounts, entries)
        self._findings = Findings(reader, states, ontologies, names, entries, self._book)
        self._tracing = Tracing(reader, states, self._book, self._moving, self._findings)
        self._waits: tuple[tuple[int, str], datetime, tuple[int, int]] | None = None

    def record(self, draft: AdministrationDraft, actor: Actor) -> Receipt:
        """Enter what was given; see ``Recording.record``."""
        return self._recording.record(draft, actor)

    def get(self, administration: str, viewer: Actor | None) -> AdministrationAnswer:
        """One administration; the code for whoever may see codes. Raises Unknown, NotAllowed."""
        _may_see(viewer)
        return self._findings.given(*self._book.one(administration), viewer)

    def of_lot(self, lot: str, viewer: Actor | None) -> tuple[AdministrationAnswer, ...]:
        """Everything that was given of a lot, oldest first; raises Unknown, NotAllowed."""
        _may_see(viewer)
        return self._findings.given_of(self._reader.lot(lot).id, viewer)

    def rdf(self, administration: str, media_type: str, viewer: Actor | None) -> bytes:
        """The record of an administration in one media type; it holds no code. Raises Unknown, NotAllowed."""
        record = self._ledger.record(self.get(administration, viewer).record)
        return serialise(triples(record), media_type, prefixes("cpr", "obo", "dcterms", "xsd"))

    def move(
        self, lot: str, state: str, *, numbers: Sequence[int] = (), count: int | None = None, reason: str, actor: Actor
    ) -> Receipt:
        """Bring containers into another state; see ``Moving.move``."""
        return self._moving.move(lot, state, numbers=numbers, count=count, reason=reason, actor=actor)

    def balance(self, lot: str) -> Balance:
        """Where the lot's containers are; raises Unknown."""
        return self._moving.balance(lot)

    def supply(
        self, lot: str, *, recipient: str, request: str, reason: str, risk: str, name: str, password: str,
        meaning: str = "",
    ) -> Receipt:  # fmt: skip
        """Sign a supply out of specification; see ``Supplying.supply``."""
        return self._supplying.supply(
            lot, recipient=recipient, request=request, reason=reason, risk=risk, name=name, password=password,
            meaning=meaning,
        )  # fmt: skip

    def findings(self, viewer: Actor | None) -> tuple[Finding, ...]:
        """What was found late about what was given, answered or not; raises NotAllowed."""
        _may_see(viewer)
        return self._findings.all(viewer)

    def reached(self, lot: str, viewer: Actor | None) -> tuple[tuple[str, AdministrationAnswer], ...]:
        """Whom something found about a lot concerns: (how, what was given) of it and all that shares its origin."""
        _may_see(viewer)
        return self._findings.reached(lot, viewer)

    def answer(self, administration: str, what: str, *, note: str = "", actor: Actor) -> Receipt:
        """Answer what was found late: seen, or told; see ``Findings.answer``."""
        return self._findings.answer(administration, what, note=note, actor=actor)

    def deviations(self, viewer: Actor | None) -> tuple[AdministrationAnswer, ...]:
        """What was given although something stood against it, newest first: the quality unit is told."""
        _may_see(viewer)
        given = [(each, entry) for each, entry in self._book.entries() if each.deviation]
        return tuple(self._findings.given(each, entry, viewer) for each, entry in reversed(given))

    def waiting(self, viewer: Actor | None) -> tuple[int, int]:
        """How many findings wait to be told, and how many deviations nobody of the quality unit has seen.

        Counted anew when something was entered, and after a minute: a lot may be stopped by time alone.
        """
        _may_see(viewer)
        head, now = self._ledger.head(), self._ledger.now()
        kept = self._waits
        if kept is None or kept[0] != head or not kept[1] <= now < kept[1] + LONGEST:
            findings = sum(each.open for each in self.findings(viewer))
            unseen = [
                each for each in self.deviations(viewer) if not self._findings.deviation_seen(each.administration)
            ]
            kept = self._waits = (head, now, (findings, len(unseen)))
        return kept[2]

    def trace(self, what: str, viewer: Actor) -> Trace:
        """Everything forward and back of a lot, bank, line, donor or administration; see ``Tracing.trace``."""
        return self._tracing.trace(what, viewer)

    def trace_any(self, what: str, viewer: Actor) -> Trace:
        """What somebody typed: a lot or administration where there is one, else a recipient's code."""
        try:
            return self._tracing.trace(what, viewer)
        except Unknown:
            return self._tracing.of_recipient(what, viewer)


def _may_see(viewer: Actor | None) -> None:
    """What was given is not for everybody; whoever is nobody sees nothing."""
    if viewer is None:
        raise NotSignedIn("What was given is shown to somebody who is signed in.", expected="an account")
    require(viewer, Permission.READ_ADMINISTRATIONS)

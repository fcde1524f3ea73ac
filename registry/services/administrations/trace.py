"""Everything forward and back: line, bank, lot, containers, what was given; from any of them, or from a code.

A code is asked for by ``of_recipient`` alone: what follows a name that may stand in an address never looks for one.
"""

from __future__ import annotations

from dataclasses import dataclass

from registry.accounts import Account, Actor, Permission, require
from registry.domain import Administration
from registry.errors import NotSignedIn, Unknown
from registry.ledger.lots import LotReader
from registry.services.administrations.book import Book
from registry.services.administrations.findings import Findings
from registry.services.administrations.move import Moving
from registry.services.administrations.views import AdministrationAnswer, Balance
from registry.services.answers import Answer
from registry.services.lot_state import LotStates


@dataclass(frozen=True, slots=True)
class Traced(Answer):
    """One thing on the way: ``direction`` is ``back`` for what it comes from, ``forward`` for what comes from it."""

    id: str
    kind: str
    direction: str
    derived_from: tuple[str, ...]
    state: str
    balance: Balance | None
    administrations: tuple[AdministrationAnswer, ...]


@dataclass(frozen=True, slots=True)
class Trace(Answer):
    """What was asked, and everything back and forward of it. ``asked`` is a lot, an administration, or a code."""

    asked: str
    kind: str
    things: tuple[Traced, ...]

    @property
    def given(self) -> tuple[AdministrationAnswer, ...]:
        """Everything that was given on the way."""
        return tuple(each for thing in self.things for each in thing.administrations)


@dataclass(frozen=True, slots=True)
class Tracing:
    """What follows derivation and administrations."""

    reader: LotReader
    states: LotStates
    book: Book
    moving: Moving
    findings: Findings

    def trace(self, what: str, viewer: Actor) -> Trace:
        """Of a lot, bank, line or donor, or of an administration; raises Unknown, NotAllowed."""
        require(viewer, Permission.READ_ADMINISTRATIONS)
        lot = self.reader.registered(what)
        if lot is not None:
            return self._of_lot(lot, viewer)
        given, _entry = self.book.one(what.strip())
        return Trace(given.id, "administration", self._things([given.lot], [given], viewer))

    def of_recipient(self, code: str, viewer: Actor) -> Trace:
        """Of a recipient's code, for an account that may see codes; raises NotSignedIn, NotAllowed and Unknown.

        The code does not stand in what is raised: a refusal is kept and sent where a code is not.
        """
        require(viewer, Permission.READ_ADMINISTRATIONS)
        return self._of_code(code.strip(), viewer)

    def _of_lot(self, lot: str, viewer: Actor) -> Trace:
        back = [each.id for each in self.reader.ancestors(lot)]
        forward = self.reader.descendants(lot)
        names = [*((name, "back") for name in back), (lot, "asked"), *((name, "forward") for name in forward)]
        things = tuple(self._traced(name, direction, viewer, given=direction != "back") for name, direction in names)
        return Trace(lot, self.reader.lot(lot).kind, things)

    def _of_code(self, code: str, viewer: Actor) -> Trace:
        if not isinstance(viewer, Account):
            raise NotSignedIn(
                "This is no lot, and a recipient's code is traced with an account.",
                expected="a registered lot, bank, line, donor or administration, or an account that asks for a code",
                todo="Name the account that asks, or look at the lot's identifier.",
            )
        require(viewer, Permission.SEE_RECIPIENTS)
        given = [each for each in self.book.every() if each.recipient == code]
        made = [
            entry.lots[0] for entry in self.reader.ledger.entries(kind="lot") if entry.details.get("recipient") == code
        ]
        if not given and not made:
            raise Unknown(
                "There is no such lot, no such administration and no such recipient in this registry.",
                expected="a registered lot, bank, line, donor or administration, or a recipient's code",
            )
        lots = list(dict.fromkeys([*made, *(each.lot for each in given)]))
        return Trace(code, "recipient", self._things(lots, given, viewer))

    def _things(self, lots: list[str], given: list[Administration], viewer: Actor) -> tuple[Traced, ...]:
        """The lots with these administrations alone, after everything that they come from."""
        back = list(dict.fromkeys(each.id for lot in lots for each in self.reader.ancestors(lot)))
        things = [self._traced(name, "back", viewer, given=False) for name in back if name not in lots]
        return (*things, *(self._traced(lot, "forward", viewer, only=given) for lot in lots))

    def _traced(
        self, name: str, direction: str, viewer: Actor, *, given: bool = True, only: list[Administration] | None = None
    ) -> Traced:
        state = self.states.one(name)
        lot = state.facts.lot
        administrations = self.findings.given_of(name, viewer) if given else ()
        if only is not None:
            keys = {each.id for each in only}
            administrations = tuple(each for each in administrations if each.administration in keys)
        return Traced(
            id=lot.id,
            kind=lot.kind,
            direction=direction,
            derived_from=lot.derived_from,
            state=state.status.state if lot.kind == "product lot" else _stop(state.status.state),
            balance=self.moving.balance(name) if lot.kind == "product lot" else None,
            administrations=administrations,
        )


def _stop(state: str) -> str:
    """A bank or line is never released: only what stops it is said."""
    return state if state in {"on hold", "rejected", "recalled"} else "in order"

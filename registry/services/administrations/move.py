"""Containers moved from state to state: reserved, returned, destroyed, retained, back in stock. Numbered or counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from registry.accounts import Actor, Permission, require
from registry.domain import CONTAINER_STATES, ContainerMove, ContainerState
from registry.errors import Refused, WrongUsage
from registry.intake.checks.free_text_privacy import refuse_persons
from registry.ledger import NewEntry
from registry.ledger.lots import LotReader
from registry.records.clinic.administration import write_container_move
from registry.release.containers import Stock
from registry.services.administrations.book import Book
from registry.services.administrations.views import Balance
from registry.services.append import Entries, Receipt, unchanged

MOVED_BY_HAND = tuple(state for state in CONTAINER_STATES if state != "administered")
"""The states into which containers are moved; ``administered`` is what an administration does."""
_FROM: dict[str, tuple[ContainerState, ...]] = {
    "reserved": ("in stock",),
    "returned": ("reserved",),
    "destroyed": ("returned", "in stock"),
    "retained": ("in stock",),
    "in stock": ("reserved", "returned"),
}
"""Whence they are taken when somebody counts and does not number: from the first of these that has any."""


@dataclass(frozen=True, slots=True)
class Moving:
    """What moves containers, and says where they are."""

    reader: LotReader
    entries: Entries
    book: Book

    def move(
        self, lot: str, state: str, *, numbers: Sequence[int] = (), count: int | None = None, reason: str, actor: Actor
    ) -> Receipt:
        """Bring containers into a state, by their ``numbers`` or so many of them; the reason is kept.

        Raises Refused with everything that stands against it, WrongUsage for what is missing, Unknown, NotAllowed,
        Conflict when something about the lot was entered meanwhile.
        """
        require(actor, Permission.MOVE_CONTAINERS)
        wanted = _checked(state, numbers, count, reason)
        refuse_persons(self.entries.ledger.now().year, reason=reason)
        facts = self.reader.facts(lot)
        stock = self.book.stock(facts.lot)
        chosen = tuple(numbers) or _counted(stock, wanted, count or 0)
        if refused := stock.refused(chosen, wanted):
            raise Refused(
                f"These containers of {facts.lot.id} cannot be moved.", where=facts.lot.id, details=refused,
                expected="containers that are there", found=", ".join(map(str, chosen)) or "none",
            )  # fmt: skip
        move = ContainerMove(facts.lot.id, tuple(sorted(chosen)), wanted, reason.strip())
        named = ", ".join(map(str, move.numbers))
        entry = NewEntry(
            "container-move",
            write_container_move(move, self.entries.ledger.now(), self.entries.names),
            lots=(move.lot,),
            details={"summary": f"Containers {named}: {wanted}. {move.reason}"},
        )
        return self.entries.enter(entry, actor.name, move.lot, expect=unchanged(facts.heads, move.lot))

    def balance(self, lot: str) -> Balance:
        """Where the lot's containers are; raises Unknown."""
        described = self.reader.lot(lot)
        stock = self.book.stock(described)
        counts = stock.balance()
        away: dict[str, list[int]] = {state: [] for state in CONTAINER_STATES if state != "in stock"}
        for number, state in sorted(stock.moved.items()):
            away[state].append(number)
        return Balance(
            lot=described.id,
            made=described.containers,
            in_stock=counts["in stock"],
            reserved=len(away["reserved"]),
            administered=len(away["administered"]),
            returned=len(away["returned"]),
            destroyed=len(away["destroyed"]),
            retained=len(away["retained"]),
            numbers={state: tuple(numbers) for state, numbers in away.items() if numbers},
        )


def _checked(state: str, numbers: Sequence[int], count: int | None, reason: str) -> ContainerState:
    if state not in MOVED_BY_HAND:
        raise WrongUsage(
            "Containers are not moved into such a state.", expected=", ".join(MOVED_BY_HAND), found=state,
            where="state", todo="What was given is recorded as an administration." if state == "administered" else "",
        )  # fmt: skip
    if bool(numbers) == (count is not None) or (count is not None and count < 1):
        raise WrongUsage(
            "Containers are numbered, or counted.", expected="numbers, or a count of 1 or more",
            found="both" if numbers and count is not None else "neither", where="containers",
        )  # fmt: skip
    if not reason.strip():
        raise WrongUsage(
            "A move of containers needs a reason.", expected="a sentence that says why", found="nothing", where="reason"
        )
    return cast(ContainerState, state)


def _counted(stock: Stock, state: ContainerState, count: int) -> tuple[int, ...]:
    """So many, from the first state that has as many; raises Refused when none has."""
    for source in _FROM[state]:
        chosen = stock.first(count, (source,))
        if len(chosen) == count:
            return chosen
    raise Refused(
        f"There are not {count} containers that could be {state}.",
        expected=f"{count} {' or '.join(_FROM[state])}",
        found=", ".join(f"{number} {name}" for name, number in stock.balance().items() if number),
        where="containers",
    )

"""Any list of lots: filtered, in an order that a reader chooses, page by page; and the quality unit's queue.

registry.lot_index.table.page(Asked(text="H-0", sort="lot"), limit=50)
registry.lot_index.table.waiting(limit=24)      what can be decided on, the most urgent first
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case

from registry.domain import Product
from registry.ledger import Ledger
from registry.services.answers import LotLine
from registry.services.lot_index import Line, Wanted, count, lines, named
from registry.services.lot_index.query import LINE, Order, state_at

WAITING = ("not released", "suspended")
"""States of a lot that waits for the quality unit."""
MOST = 10_000
"""Lots up to which a page counts them."""
SORTS: Mapping[str, Order] = {"lot": LINE.key, "product": LINE.product, "until": LINE.expires, "since": LINE.newest}
"""What a list of lots is put in order by."""
Shown = Callable[[Callable[[datetime], list[Line]]], list[LotLine]]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader asks of a list: each narrows. ``sort`` is one of ``SORTS``; ``descending`` turns it round.

    Without ``sort`` the lots spoken of newest come first; of a ``text``, those whose identifier it is or begins.
    """

    text: str = ""
    state: str = ""
    verdict: str = ""
    kind: str = ""
    product: str = ""
    sort: str = ""
    descending: bool = False


class LotTable:
    """The lists of one registry's lots. Safe for threads."""

    def __init__(
        self, ledger: Ledger, shown: Shown, products: Callable[[], Mapping[str, Product]],
        products_about: Callable[[str], list[str]], judged: Callable[[], int],
    ) -> None:  # fmt: skip
        self._ledger = ledger
        self._shown = shown
        self._products = products
        self._products_about = products_about
        self._judged = judged

    def follow(self) -> None:
        """Bring the lists up to the ledger, for whoever asks their tables another question."""
        self._judged()

    def page(self, asked: Asked, limit: int, offset: int = 0) -> list[LotLine]:
        """The lots that are asked for, from one place of their order on."""
        text = asked.text.strip()
        wanted = Wanted(
            kind=asked.kind, states=(asked.state,) if asked.state else (), verdict=asked.verdict,
            products=(asked.product,) if asked.product else None, text=text,
            about=tuple(self._products_about(text)) if text else (),
        )  # fmt: skip
        return self._page(wanted, limit, offset, _order(asked.sort, text, descending=asked.descending))

    def about(self, name: str, products: Sequence[str], limit: int) -> list[LotLine]:
        """Lots whose identifier is or holds this name, without regard to case; then those of these products."""
        return self._page(Wanted(text=name, about=tuple(products)), limit, 0, _order("", name, descending=False))

    def named(self, lots: Sequence[str]) -> list[LotLine]:
        """The lots of these identifiers, in their order; those that are not known are left out."""
        return self._shown(lambda now: named(self._ledger, lots, now)) if lots else []

    def waiting(self, limit: int = 50, offset: int = 0, *, results: bool = True, asked: Asked | None = None
                ) -> list[LotLine]:  # fmt: skip
        """Product lots that wait for the quality unit, what no longer stands first, then what passes, the oldest first.

        Lots of a product that is only cited can never be released, and are none of them. ``results``: those that have
        some, or those that still have none, which nobody can decide on.
        """
        narrowed = asked or Asked()
        order = _order(narrowed.sort, "", descending=narrowed.descending)
        return self._shown(
            lambda now: lines(
                self._ledger, self._waits(results=results, asked=narrowed), now, limit=limit, offset=offset,
                order=order or _urgency(now),
            )
        )  # fmt: skip

    def waits(self, *, results: bool = True, verdict: str = "") -> int:
        """How many those are; at most ``MOST``. ``verdict`` narrows, such as to what passes."""
        self.follow()
        wanted = self._waits(results=results, asked=Asked(verdict=verdict))
        return count(self._ledger, wanted, self._ledger.now(), MOST)

    def _waits(self, *, results: bool, asked: Asked) -> Wanted:
        cited = tuple(product.id for product in self._products().values() if product.citation)
        return Wanted(
            kind="product lot", states=(asked.state,) if asked.state else WAITING, verdict=asked.verdict,
            products=(asked.product,) if asked.product else None, text=asked.text.strip(), without=cited,
            with_results=results,
        )  # fmt: skip

    def _page(self, wanted: Wanted, limit: int, offset: int, order: tuple[Order, ...]) -> list[LotLine]:
        return self._shown(lambda now: lines(self._ledger, wanted, now, limit=limit, offset=offset, order=order))


def _order(sort: str, text: str, *, descending: bool) -> tuple[Order, ...]:
    if sort in SORTS:
        return (SORTS[sort].desc() if descending else SORTS[sort].asc(),)
    if not text:
        return ()
    key = text.casefold()
    near = ((LINE.key == key, 0), (LINE.key.startswith(key, autoescape=True), 1),
            (LINE.key.contains(key, autoescape=True), 2))  # fmt: skip
    return case(*near, else_=3), LINE.key


def _urgency(now: datetime) -> tuple[Order, ...]:
    """What was released and stands no longer; then what could be signed, that which waits longest first."""
    ready = case((LINE.expires == "", 3), (LINE.verdict == "pass", 0), (LINE.verdict == "incomplete", 1), else_=2)
    return case((state_at(now) == "suspended", 0), else_=1), ready, LINE.newest.asc()

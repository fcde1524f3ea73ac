"""Many lots: lists, counts and charts, from the projection that ``index`` keeps; nothing here decides anything.

None of them is stale when it is shown: ``refresh`` sees to that.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from registry.domain import Departure, Product
from registry.identifiers import Names
from registry.ledger import Ledger
from registry.ledger.lots import LotReader, recorded
from registry.records.decision import read_approval
from registry.services.answers import Answer, LotLine
from registry.services.cores import Cores
from registry.services.lot_index import (
    Cell,
    Line,
    Wanted,
    cube,
    earlier,
    every_state,
    judged_otherwise,
    lines,
    named,
    not_released,
    on_condition,
    points,
    stale_lines,
)
from registry.services.lot_index.chosen_rules import ChosenRules
from registry.services.lot_index.columns import LotColumns
from registry.services.lot_index.comparison import held_and_expected
from registry.services.lot_index.facets import Counting, Selection
from registry.services.lot_index.line_answer import entered_at, line_answer
from registry.services.lot_index.refresh import KeptLines
from registry.services.lot_index.remarks import WINDOW, KeptRemarks, Remarks
from registry.services.lot_index.table import LotTable
from registry.services.lot_index.trends import Trend, trend
from registry.services.lot_index.trends import recorded as recorded_beside
from registry.services.lot_state import LotStates
from registry.services.lots.answer_in_words import other_limits
from registry.services.lots.scanned_label import Scan, read_label
from registry.services.ontologies.current import Current
from registry.services.specifications.in_force import specification_of
from registry.vocabulary import Terms


@dataclass(frozen=True, slots=True)
class Earlier(Answer):
    """An earlier lot: criterion → (what was observed, the verdict). ``state`` does not know of an expiry.

    ``recorded``: criterion → what is on record where the lot's own specification asks for something else.
    """

    lot: str
    state: str
    shown: dict[str, tuple[str, str]]
    recorded: dict[str, str]


class LotIndex:
    """Many lots of one registry. Safe for threads."""

    def __init__(
        self, ledger: Ledger, reader: LotReader, states: LotStates, ontologies: Current, names: Names,
        rules: ChosenRules, cores: Cores,
    ) -> None:  # fmt: skip
        self._ledger = ledger
        self._reader = reader
        self._states = states
        self._ontologies = ontologies
        self._names = names
        self._lines = KeptLines(ledger, states, ontologies, names, cores)
        self.columns = LotColumns(ledger, self._lines)
        self.rules = rules
        self._remarks = KeptRemarks(ledger, reader, rules)
        self.table = LotTable(ledger, self._shown, self.products, self.products_about, self._lines.judged)
        self._products: dict[str, Product] = {}
        self._products_at = 0
        self._called: dict[str, dict[str, str]] = {}
        self._called_at = 0
        self._departing: tuple[Terms | None, dict[tuple[str, str], tuple[Departure, ...]]] = (None, {})
        self._counted: tuple[int, int, datetime, list[Cell]] | None = None
        self._lock = threading.Lock()

    def find(self, text: str, limit: int = 50, served: str = "") -> list[LotLine]:
        """Lots by a label (see ``scanned``), an id or part of one, a product, or a disease with its sub-diseases."""
        wanted = text.strip()
        if not wanted:
            return self.page(Wanted(), limit)
        scan = self.scanned(wanted, served)
        name = scan.lot if scan is not None and not scan.elsewhere else wanted
        return self.table.about(name, self.products_about(wanted), limit)

    def alike(self, text: str, known: Iterable[LotLine], limit: int) -> list[LotLine]:
        """Lots that ``text`` names when it is read carelessly, beside those that are ``known`` to hold it as typed.

        ``h 07`` and ``H–07`` may mean H-07, or H-O7: whoever asked compares the label. Where nothing is known, part of
        an identifier will do.
        """
        scan = self.scanned(text)
        wanted = scan.lot if scan is not None else text
        shown = {line.lot for line in known}
        names = self._reader.typed_as(wanted, limit, part=not shown)
        near = [name for name in names if name not in shown]
        return self._shown(lambda now: named(self._ledger, near, now)) if near else []

    def scanned(self, text: str, served: str = "") -> Scan | None:
        """What a label's content says (see ``read_label``); ``served`` is where this is served, if not at its base.

        A registered lot's own identifier is never read as a label's content.
        """
        scan = read_label(text, [base for base in (self._names.base, served) if base], self.now().date())
        ours = map(str.casefold, self._reader.typed_as(text)) if scan is not None and scan.bare else ()
        return None if text.strip().casefold() in ours else scan

    def recent(self, limit: int = 20) -> list[LotLine]:
        """The lots that the newest entries speak of."""
        return self.page(Wanted(), limit)

    def page(self, wanted: Wanted, limit: int, offset: int = 0) -> list[LotLine]:
        """The lots that are wanted, those spoken of newest first."""
        return self._shown(lambda now: lines(self._ledger, wanted, now, limit=limit, offset=offset))

    def states(self, lots: Sequence[str]) -> dict[str, str]:
        """The state of each of these lots as it is now, by its identifier; of a bank, that nobody releases, a stop."""
        known = self._shown(lambda now: named(self._ledger, lots, now))
        return {line.lot: line.state for line in known if line.kind == "product lot" or line.state != "not released"}

    def not_released(self) -> list[tuple[int, str]]:
        """(position of its first entry, state) of every product lot that may not be injected now."""
        self._lines.judged()
        return not_released(self._ledger, self._ledger.now())

    def every_state(self) -> list[tuple[str, str, str]]:
        """(lot, kind, state) of every lot now, whatever is stale judged first."""
        self._lines.settle()
        return every_state(self._ledger, self._ledger.now())

    def now(self) -> datetime:
        """Ledger time, by which lists say what has expired and what is overdue."""
        return self._ledger.now()

    def conditions(self, limit: int, offset: int = 0) -> list[LotLine]:
        """Lots under a conditional release, expired or not: alerts first, then what waits, nearest first."""
        self._lines.judged()
        return self._shown(lambda now: on_condition(self._ledger, now, limit=limit, offset=offset))

    def cells(self) -> list[Cell]:
        """Every lot counted once; kept until something is entered or judged, or a minute has passed."""
        size, kept = self._lines.judged(), self._lines.kept
        now = self.now()
        with self._lock:
            counted = self._counted
        if counted is None or counted[:2] != (size, kept) or (now - counted[2]).total_seconds() > 60:
            counted = (size, kept, now, cube(self._ledger, now))
            with self._lock:
                self._counted = counted
        return counted[3]

    def lots_of_products(self) -> dict[str, int]:
        """How many product lots each product has; one without lots is not named."""
        lots: dict[str, int] = {}
        for cell in self.cells():
            if cell.kind == "product lot":
                lots[cell.product] = lots.get(cell.product, 0) + cell.lots
        return lots

    def counting(self, chosen: Selection) -> Counting:
        """Every facet counted for a selection, and the same selection for ``page``."""
        return Counting(self._ontologies.terms, self.products(), self.cells(), chosen)

    def stale(self) -> int:
        """How many lots were not judged since something about them was entered."""
        return stale_lines(self._ledger)

    def products(self) -> dict[str, Product]:
        """Every product by its identifier, as it is described now."""
        with self._lock:
            since, known = self._products_at, self._products
        entries = list(self._ledger.entries(since=since, kind="product"))
        if entries:
            names = {str(key) for key in self._reader.products()}
            known = {name: self._reader.product(name) for name in sorted(names)}
            with self._lock:
                self._products, self._products_at = known, entries[-1].position
        return known

    def products_about(self, text: str) -> list[str]:
        """Products whose name, study, indication or cell type (its synonyms, its subclasses) the text names."""
        terms, diseases, wanted = self._ontologies.terms, set[str](), text.casefold()
        cells = {iri for cell in terms.named(text) for iri in terms.descendants(cell.iri)}
        for disease in terms.diseases(text):
            diseases |= {disease.iri, *terms.descendants(disease.iri)}
        return [
            product.id
            for product in self.products().values()
            if any(wanted in word.casefold() for word in (product.id, product.label, product.study))
            or diseases.intersection(product.indications)
            or product.cell_type in cells
        ]

    def trend(self, product: str, criterion: str = "", limit: int = WINDOW) -> Trend | None:
        """One criterion over the product's newest lots; the first criterion that has a number unless one is named."""
        self._lines.judged()
        described, ledger = self._reader.product(product), self._ledger
        return trend(
            self._reader, self._states, self._ontologies.terms, described, criterion, self.rules.of(described.id),
            lambda name: points(ledger, described.id, name, limit),
            lambda digest: judged_otherwise(ledger, described.id, digest, limit),
        )  # fmt: skip

    def remarks(self, lots: Iterable[tuple[str, str | None]]) -> dict[str, Remarks]:
        """What is said of these lots, each named with its product, beside their verdicts; see ``KeptRemarks``."""
        self._lines.judged()
        return self._remarks.on(lots)

    def earlier(self, lot: str, limit: int = 4) -> list[Earlier]:
        """What the lots of the same product that were registered before this one showed, the newest of them first."""
        self._lines.judged()
        before = earlier(self._ledger, lot, limit)
        against, _pinned = specification_of(self._reader, self._reader.facts(lot))
        lots = [name for name, _state, _kept in before]
        unasked = recorded_beside(self._reader, self._states, lots, against) if against else {}
        return [
            Earlier(
                name, state, {value.criterion: (value.observed, value.verdict) for value in kept},
                {id: evidence.observed for id, evidence in unasked.get(name, {}).items()},
            )
            for name, state, kept in before
        ]  # fmt: skip

    def labels(self, products: Iterable[str | None]) -> dict[str, str]:
        """What to call the criteria of these products' specifications: ``mhc-ii`` is MHC II / HLA-DR."""
        with self._lock:
            since, known = self._called_at, self._called
        for entry, record in self._ledger.entries_with_records(since, kind="approval"):
            if record is not None:
                approval = read_approval(record, recorded(entry), self._names)
                criteria = self._reader.specification(approval.digest).criteria
                known, since = (
                    known | {approval.product: {criterion.id: criterion.label for criterion in criteria}},
                    entry.position,
                )
        with self._lock:
            self._called_at, self._called = since, known
        labels: dict[str, str] = {}
        for product in {product for product in products if product}:
            labels |= known.get(product, {})
        return labels

    def held_and_expected(self) -> tuple[list[Hashable], list[Hashable]]:
        """The rows that lists are read from, as they are kept and as they would be made anew; for the audit."""
        if self._ledger.writable:
            self._lines.judged()
        terms = self._ontologies.terms
        read_anew = LotColumns(self._ledger, self._lines)
        return held_and_expected(self._ledger, self._reader, self._states, terms, read_anew)

    def rebuild(self) -> None:
        """Throw the lines away, and make and judge them anew."""
        self._lines.rebuild()

    @contextmanager
    def following(self) -> Iterator[None]:
        """For a server: judge in a thread what has become stale."""
        with self._lines.following():
            yield

    def _shown(self, read: Callable[[datetime], list[Line]]) -> list[LotLine]:
        rows, products, terms = self._lines.rows(read), self.products(), self._ontologies.terms
        times = entered_at(self._ledger, [line.newest for line in rows])
        return [
            line_answer(
                line,
                products.get(line.product),
                self._departures(line, products.get(line.product), terms),
                times.get(line.newest),
            )
            for line in rows
        ]

    def _departures(self, line: Line, product: Product | None, terms: Terms) -> tuple[Departure, ...]:
        """Where the lot is held to other limits than ISCT's; asked once for a specification and a cell type."""
        if product is None or not line.against:
            return ()
        known_terms, known = self._departing
        if known_terms is not terms:
            known = {}
            self._departing = (terms, known)
        key = (line.against, product.cell_type)
        if key not in known:
            known[key] = other_limits(terms, self._reader.specification(line.against), product)
        return known[key]

"""Facets over all lots: how many of each product, disease, cell type, source, stage, state, verdict, shortfall.

Counts are sums over the cells of ``lot_lines.cube``. Each facet is counted among the lots that every *other* chosen
facet leaves, so that a choice can be changed without being taken back first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace

from registry.errors import RegistryError
from registry.lot_lines import Cell, Wanted
from registry.registry.answers import Answer
from registry.registry.parts import Parts
from registry.standing import Product

STATES = ("released", "not released", "suspended", "on hold", "rejected", "recalled", "expired")
VERDICTS = ("pass", "incomplete", "fail")


@dataclass(frozen=True, slots=True)
class Selection:
    """What was chosen: one value of each facet, or an empty text. Months as ``2026-04``, both ends included."""

    product: str = ""
    disease: str = ""
    cell_type: str = ""
    source: str = ""
    stage: str = ""
    state: str = ""
    verdict: str = ""
    criterion: str = ""
    since: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a facet. ``depth`` is how deep it stands in its hierarchy."""

    value: str
    label: str
    lots: int
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Facet:
    """One facet with the values that occur."""

    name: str
    label: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Facets(Answer):
    """Every facet, the number of lots that are chosen, and those by month of manufacture."""

    lots: int
    facets: tuple[Facet, ...]
    months: tuple[tuple[str, int], ...]


class Counting:
    """The cells of a registry, counted for one selection."""

    def __init__(self, parts: Parts, products: Mapping[str, Product], cells: Iterable[Cell], chosen: Selection) -> None:
        self._parts = parts
        self._products = products
        self._chosen = chosen
        self._fits: dict[tuple[str, str], bool] = {}
        own = [cell for cell in cells if cell.kind == "product lot"]
        self._months = Counter[str]()
        left = Counter[Cell]()
        for cell in own:
            if not self._in_time(cell):
                continue
            left[replace(cell, month="", lots=0)] += cell.lots
            if self._matches(cell, ""):
                self._months[cell.month] += cell.lots
        # Without the months there are few cells, and each facet walks over all of them.
        self._cells = [replace(cell, lots=lots) for cell, lots in left.items()]

    def wanted(self) -> Wanted:
        """The same selection for the list of lots."""
        chosen = self._chosen
        described = any((chosen.product, chosen.disease, chosen.cell_type, chosen.source))
        products = [name for name in self._products if self._of_product(name, "")] if described else None
        return Wanted(
            kind="product lot",
            products=None if products is None or len(products) == len(self._products) else tuple(products),
            states=(chosen.state,) if chosen.state else (),
            verdict=chosen.verdict,
            stage=chosen.stage,
            criterion=chosen.criterion,
            since=chosen.since,
            until=chosen.until,
        )

    def facets(self) -> Facets:
        """All of them."""
        return Facets(
            lots=self._months.total(),
            facets=(
                self._facet("state", "State", STATES),
                self._facet("verdict", "Evidence", VERDICTS),
                self._facet("criterion", "Not shown"),
                self._facet("product", "Product"),
                Facet("disease", "Disease", self._diseases()),
                self._facet("cell_type", "Cell type"),
                self._facet("source", "Source"),
                self._facet("stage", "Stage"),
            ),
            months=tuple(sorted((month, lots) for month, lots in self._months.items() if month)),
        )

    def _facet(self, name: str, label: str, order: tuple[str, ...] = ()) -> Facet:
        counted = Counter[str]()
        for cell in self._cells:
            if self._matches(cell, name):
                for value in self._values(cell, name):
                    counted[value] += cell.lots
        ranked = sorted(counted, key=lambda one: (order.index(one) if one in order else 99, -counted[one], one))
        return Facet(name, label, tuple(Choice(one, self._label(name, one), counted[one]) for one in ranked if one))

    def _values(self, cell: Cell, name: str) -> tuple[str, ...]:
        product = self._products.get(cell.product)
        match name:
            case "stage":
                return cell.stages
            case "criterion":
                return cell.short_of
            case "cell_type":
                return (self._parts.terms.curie(product.cell_type),) if product else ()
            case "source":
                return (self._parts.terms.curie(product.source),) if product else ()
            case "product":
                return (cell.product,)
            case _:
                return (cell.state if name == "state" else cell.verdict,)

    def _label(self, name: str, value: str) -> str:
        match name:
            case "product":
                return self._products[value].label if value in self._products else value
            case "cell_type" | "source" if ":" in value:
                try:
                    return self._parts.terms.term(value).label
                except RegistryError:
                    return value
            case _:
                return value

    def _in_time(self, cell: Cell) -> bool:
        since, until = self._chosen.since, self._chosen.until
        return cell.month >= since and (not until or "" < cell.month <= until)

    def _matches(self, cell: Cell, but: str) -> bool:
        chosen = self._chosen
        if not self._of_product(cell.product, but):
            return False
        return all(
            name == but or not getattr(chosen, name) or getattr(chosen, name) in self._values(cell, name)
            for name in ("stage", "state", "verdict", "criterion")
        )

    def _of_product(self, name: str, but: str) -> bool:
        if (name, but) not in self._fits:
            self._fits[name, but] = self._fitting(name, but)
        return self._fits[name, but]

    def _fitting(self, name: str, but: str) -> bool:
        chosen, product = self._chosen, self._products.get(name)
        if chosen.product and but != "product" and name != chosen.product:
            return False
        if product is None:
            return not any((chosen.disease, chosen.cell_type, chosen.source))
        curie = self._parts.terms.curie
        return (
            (but == "cell_type" or chosen.cell_type in {"", curie(product.cell_type)})
            and (but == "source" or chosen.source in {"", curie(product.source)})
            and (
                but == "disease" or not chosen.disease or chosen.disease in {curie(one) for one in self._above(product)}
            )
        )

    def _above(self, product: Product) -> set[str]:
        """The product's indications and every disease above one."""
        found, waiting = set[str](), list(product.indications)
        while waiting:
            iri = waiting.pop()
            if iri not in found:
                found.add(iri)
                waiting += self._parts.terms.term(iri).parents
        return found

    def _diseases(self) -> tuple[Choice, ...]:
        counted = Counter[str]()
        above = {name: self._above(product) for name, product in self._products.items()}
        for cell in self._cells:
            if self._matches(cell, "disease"):
                for iri in above.get(cell.product, ()):
                    counted[iri] += cell.lots
        terms = self._parts.terms
        below: dict[str, list[str]] = {}
        for iri in counted:
            for parent in [one for one in terms.term(iri).parents if one in counted] or [""]:
                below.setdefault(parent, []).append(iri)
        found: list[Choice] = []

        def walk(parent: str, depth: int) -> None:
            for iri in sorted(below.get(parent, ()), key=lambda one: terms.term(one).label):
                found.append(Choice(terms.curie(iri), terms.term(iri).label, counted[iri], depth))
                walk(iri, depth + 1)

        walk("", 0)
        return tuple(found)


def selection(given: Mapping[str, str]) -> Selection:
    """The selection that an address holds; anything else in it is not read."""
    return Selection(**{one.name: given.get(one.name, "").strip()[:200] for one in fields(Selection)})

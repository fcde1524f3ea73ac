"""Facets over all lots: how many of each product, disease, cell type, source, stage, state, verdict, shortfall.

Counts are sums over the cells of ``lot_lines.cube``. Each facet is counted among the lots that every *other* chosen
facet leaves, so that a choice can be changed without being taken back first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields

from registry.domain import Product
from registry.services.answers import Answer
from registry.services.lot_index import Cell, Wanted
from registry.vocabulary import Term, Terms, expanded

STATES = ("released", "not released", "suspended", "on hold", "rejected", "recalled", "expired")
VERDICTS = ("pass", "incomplete", "fail")
OF_PRODUCT = ("product", "disease", "cell_type", "source")
FACETS = (*OF_PRODUCT, "state", "verdict", "criterion", "stage")


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
    """The cells of a registry, counted for one selection in one walk.

    A cell that misses one chosen value is counted in that value's facet alone; one that misses two, in none.
    """

    def __init__(self, terms: Terms, products: Mapping[str, Product], cells: Iterable[Cell], chosen: Selection) -> None:
        self._terms = terms
        self._products = products
        self._chosen = {
            name: _by_name(terms, name, value) for name, value in asdict(chosen).items() if value and name in FACETS
        }
        self._since, self._until = chosen.since, chosen.until
        self._of_products = {name: self._of_product(product) for name, product in products.items()}
        self._counts = {name: Counter[str]() for name in FACETS}
        self._months = Counter[str]()
        for cell in cells:
            if cell.kind == "product lot":
                self._count(cell)

    def _of_product(self, product: Product) -> dict[str, tuple[str, ...]]:
        """What the product's lots have of it; a disease and a cell type with what stands above it."""
        curie = self._terms.curie
        return {
            "product": (product.id,),
            "disease": tuple(curie(disease) for disease in self._above(product)),
            "cell_type": tuple(curie(cell) for cell in self._cells_above(product)),
            "source": (curie(product.source),),
        }

    def _cells_above(self, product: Product) -> list[str]:
        """The product's cell type, and of those above it each that a product here has, or that was chosen."""
        here = {each.cell_type for each in self._products.values()} | {expanded(self._chosen.get("cell_type", ""))}
        return sorted({product.cell_type, *(here & self._terms.ancestors(product.cell_type))})

    def _above(self, product: Product) -> set[str]:
        """The product's indications and every disease above one."""
        above, waiting = set[str](), list(product.indications)
        while waiting:
            iri = waiting.pop()
            if iri not in above:
                above.add(iri)
                waiting += self._terms.term(iri).parents
        return above

    def _count(self, cell: Cell) -> None:
        months = self._in_time(cell.months)
        values: dict[str, tuple[str, ...]] = {
            **(self._of_products.get(cell.product) or dict.fromkeys(OF_PRODUCT, ()) | {"product": (cell.product,)}),
            "state": (cell.state,), "verdict": (cell.verdict,), "criterion": cell.short_of, "stage": cell.stages,
        }  # fmt: skip
        missed = [name for name, value in self._chosen.items() if value not in values[name]]
        if not months or len(missed) > 1:
            return
        if not missed:
            self._months.update(months)
        lots = sum(months.values())
        for name in missed or FACETS:
            counted = self._counts[name]
            for value in values[name]:
                counted[value] += lots

    def _in_time(self, months: Mapping[str, int]) -> Mapping[str, int]:
        since, until = self._since, self._until
        if not since and not until:
            return months
        return {month: lots for month, lots in months.items() if month >= since and (not until or "" < month <= until)}

    def wanted(self) -> Wanted:
        """The same selection for the list of lots."""
        chosen = self._chosen
        described = [name for name in OF_PRODUCT if name in chosen]
        products = tuple(
            product
            for product, values in self._of_products.items()
            if all(chosen[name] in values[name] for name in described)
        )
        return Wanted(
            kind="product lot",
            products=None if len(products) == len(self._products) else products,
            states=(chosen["state"],) if "state" in chosen else (),
            verdict=chosen.get("verdict", ""),
            stage=chosen.get("stage", ""),
            criterion=chosen.get("criterion", ""),
            since=self._since,
            until=self._until,
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
        counted = self._counts[name]
        ranked = sorted(
            counted, key=lambda value: (order.index(value) if value in order else 99, -counted[value], value)
        )
        return Facet(
            name, label, tuple(Choice(value, self._label(name, value), counted[value]) for value in ranked if value)
        )

    def _label(self, name: str, value: str) -> str:
        match name:
            case "product":
                return self._products[value].label if value in self._products else value
            case "cell_type" | "source" if ":" in value:
                return self._terms.name(value) or value
            case _:
                return value

    def _diseases(self) -> tuple[Choice, ...]:
        counted, terms = self._counts["disease"], self._terms
        below: dict[str, list[Term]] = {}
        for disease in map(terms.term, counted):
            above = [terms.curie(iri) for iri in disease.parents]
            for parent in [curie for curie in above if curie in counted] or [""]:
                below.setdefault(parent, []).append(disease)
        choices: list[Choice] = []

        def walk(parent: str, depth: int) -> None:
            for disease in sorted(below.get(parent, ()), key=lambda term: term.label):
                choices.append(Choice(disease.curie, disease.label, counted[disease.curie], depth))
                walk(disease.curie, depth + 1)

        walk("", 0)
        return tuple(choices)


def selection(given: Mapping[str, str]) -> Selection:
    """The selection that an address holds; anything else in it is not read."""
    return Selection(**{field.name: given.get(field.name, "").strip()[:200] for field in fields(Selection)})


def _by_name(terms: Terms, facet: str, value: str) -> str:
    """The CURIE of a disease or cell type that is chosen by a name, ``POF`` or ``mesenchymal stem cell``."""
    prefix = {"disease": "DOID:", "cell_type": "CL:"}.get(facet)
    named = [term.curie for term in terms.named(value) if term.curie.startswith(prefix)] if prefix else []
    return named[0] if len(named) == 1 else value

"""Facets count lots, never judge them: what they say is what the lots' own pages say, added up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from pathlib import Path

import pytest

from registry.services import LotAnswer, LotDraft, ProductDraft, Registry
from registry.services.lot_index import Wanted
from registry.services.lot_index.facets import FACETS, Facets, selection
from tests.people import LOCAL, account_of

from .conftest import SECRET, House, copied

OVARY, KNEE = "DOID:5426", "DOID:8398"
SELECTIONS = 5
"""Values of each facet that are chosen, alone and beside each other facet's."""


@dataclass(frozen=True)
class Counted:
    """A lot as its own page has it: the values of each facet, and its month."""

    lot: str
    values: Mapping[str, frozenset[str]]
    month: str


@pytest.fixture(scope="module")
def various(furnished: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Two products, and lots of every state, with and without evidence, over four months. Nothing is entered later."""
    with copied(furnished, tmp_path_factory.mktemp("various") / "data") as house:
        tell(house)
        size = house.registry.size()
        yield house
        assert house.registry.size() == size


def tell(house: House) -> None:
    house.registry.products.register(
        ProductDraft("KNEE", "MSC for knees", "CL:0002570", "fat", "allogeneic", "NCBITaxon:9606", (KNEE,)),
        account_of(house.registry, "q.two"),
    )
    house.registry.specifications.approve("KNEE", "msc-identity", name="q.two", password=SECRET)
    for number in range(14):
        over = number in {3, 11, 12}
        expires = datetime.now(UTC) + timedelta(days=-1 if over else 90)
        product = "KNEE" if number % 3 == 0 else "POI-M"
        made = date(2026, 1 + number % 4, 5) if number != 13 else None
        house.lot(f"F-{number:02d}", product=product, expires_at=expires, manufactured_on=made)
    house.registry.lots.register(LotDraft("BANK", kind="cell bank"), account_of(house.registry, "q.two"))
    for number, changed in enumerate(
        [{}, {}, {"CD105": "60"}, {}, {"CD34": None}, {"CD34": "9", "CD45": "9"}, {}, {}, {}, {"CD73": "12"}, {}]
    ):
        house.submit(f"F-{number:02d}", **changed)  # type: ignore[arg-type]
    text = "lot,characteristic,value,unit,stage\nF-12,CD73,99,%,after thaw\n"
    house.registry.submissions.submit("thawed.csv", text.encode(), house.account("lab.one"))
    for lot in ("F-00", "F-01", "F-06", "F-07", "F-08"):
        house.decide(lot, "release")
    house.decide("F-06", "hold")
    house.decide("F-07", "recall")
    house.decide("F-09", "rejection")
    house.submit("F-08", name="later.csv", CD105="20")


def as_counted(house: House, lot: LotAnswer) -> Counted:
    """Read from the lot's page: nothing here comes from the lines."""
    assert lot.product is not None
    product, terms = house.registry.reader.product(lot.product.id), house.registry.terms
    diseases, waiting = set[str](), [terms.term(one) for one in product.indications]
    while waiting:
        disease = waiting.pop()
        diseases.add(disease.curie)
        waiting += [terms.term(one) for one in disease.parents]
    products = [house.registry.reader.product(name) for name in house.registry.reader.products()]
    cells = {terms.curie(one.cell_type) for one in products if terms.is_a(product.cell_type, one.cell_type)}
    short = {item.id for item in lot.criteria if item.standing == "gating" and item.verdict != "pass"}
    values = {
        "product": {product.id}, "disease": diseases, "cell_type": cells,
        "source": {terms.curie(product.source)}, "state": {lot.answer.state}, "verdict": {lot.verdict or ""},
        "criterion": short, "stage": {panel.stage for panel in lot.panels if panel.stage},
    }  # fmt: skip
    month = lot.manufactured_on.isoformat()[:7] if lot.manufactured_on else ""
    return Counted(lot.lot, {name: frozenset(of) for name, of in values.items()}, month)


def choices(lots: list[Counted]) -> Iterator[dict[str, str]]:
    """Nothing, one value, two values of two facets, months."""
    known = {name: sorted({value for one in lots for value in one.values[name]})[:SELECTIONS] for name in FACETS}
    yield {}
    yield from ({name: value} for name in FACETS for value in known[name])
    yield from ({"since": "2026-02", "until": "2026-03", "state": state} for state in ("released", "expired"))
    yield from ({"since": "2026-03"}, {"until": "2026-02"}, {"product": "NONE"}, {"product": "NONE", "stage": "none"})
    for one, other in combinations(FACETS, 2):
        yield from ({one: value, other: beside} for value in known[one] for beside in known[other])


def fits(lot: Counted, chosen: Mapping[str, str], but: str = "") -> bool:
    """Whether a lot is left by everything that is chosen, one facet aside."""
    since, until = chosen.get("since", ""), chosen.get("until", "")
    if lot.month < since or (until and not "" < lot.month <= until):
        return False
    return all(value in lot.values[name] for name, value in chosen.items() if name in FACETS and name != but)


def as_counts(facets: Facets) -> dict[str, dict[str, int]]:
    """Facet → value → lots. A disease stands under each of its parents, with the same count."""
    return {facet.name: {choice.value: choice.lots for choice in facet.choices} for facet in facets.facets}


def test_each_facet_counts_the_lots_that_all_other_choices_leave(various: House) -> None:
    """For every choice of two values: the counts, the months and the list are those of the lots' own pages."""
    names = [line.lot for line in various.registry.lot_index.page(Wanted(kind="product lot"), 100)]
    lots = [as_counted(various, various.registry.lots.get(name)) for name in sorted(names)]
    assert len(lots) == 14
    states = {value for one in lots for value in one.values["state"]}
    assert states == {"released", "not released", "suspended", "on hold", "rejected", "recalled", "expired"}
    for chosen in choices(lots):
        counting = various.registry.lot_index.counting(selection(chosen))
        facets, left = counting.facets(), [one for one in lots if fits(one, chosen)]
        expected = {
            name: dict(Counter(v for one in lots if fits(one, chosen, name) for v in one.values[name] if v))
            for name in FACETS
        }
        assert as_counts(facets) == expected, chosen
        assert facets.lots == len(left), chosen
        assert dict(facets.months) == dict(Counter(one.month for one in left if one.month)), chosen
        listed = [line.lot for line in various.registry.lot_index.page(counting.wanted(), 100)]
        assert sorted(listed) == [one.lot for one in left], chosen


def test_a_disease_stands_beneath_the_disease_that_it_is_a_kind_of(various: House) -> None:
    """Each as deep as the Disease Ontology has it, siblings by name, with the lots of everything beneath it."""
    facets = various.registry.lot_index.counting(selection({})).facets().facets
    (diseases,) = (facet for facet in facets if facet.name == "disease")
    assert [(one.depth, one.label, one.lots) for one in diseases.choices] == [
        (0, "disease", 14),
        (1, "disease of anatomical entity", 14),
        (2, "musculoskeletal system disease", 5),
        (3, "connective tissue disease", 5),
        (4, "bone disease", 5),
        (5, "bone inflammation disease", 5),
        (6, "arthritis", 5),
        (7, "osteoarthritis", 5),
        (2, "reproductive system disease", 9),
        (3, "female reproductive system disease", 9),
        (4, "ovarian disease", 9),
        (5, "primary ovarian insufficiency", 9),
    ]


def test_what_time_changes_is_counted_without_any_entry(house: House) -> None:
    """A released lot is counted as expired once its expiry is over."""
    house.lot("F-01", expires_at=house.now() + timedelta(days=1))
    house.submit("F-01")
    house.decide("F-01", "release")
    counted = {cell.state: cell.lots for cell in house.registry.lot_index.cells()}
    assert counted == {"released": 1}
    house.pass_time(timedelta(days=2))
    counted = {cell.state: cell.lots for cell in house.registry.lot_index.cells()}
    assert counted == {"expired": 1}


def test_criteria_are_called_as_the_specification_calls_them_that_was_approved_last(house: House) -> None:
    """An approval that another process entered is seen as well; a product without one has no labels."""
    six = ["CD105", "CD34", "CD45", "CD73", "CD90", "MHC II / HLA-DR"]
    assert sorted(house.registry.lot_index.labels(["POI-M", None]).values()) == six
    other = Registry.open(house.registry.directory)
    other.specifications.approve("POI-M", "isct-2006-immunophenotype", name="q.two", password=SECRET)
    other.close()
    ten = sorted([*six, "CD11b", "CD14", "CD19", "CD79a"])
    assert sorted(house.registry.lot_index.labels(["POI-M"]).values()) == ten
    assert house.registry.lot_index.labels(["NONE"]) == {}


NAMES = ["POF", "POI", "premature ovarian failure", "primary ovarian insufficiency", "ovarian disease", "DOID:5426"]


@pytest.mark.parametrize("name", NAMES)
def test_the_lots_of_a_disease_are_found_by_each_of_its_names(various: House, name: str) -> None:
    """Alike by whoever finds, explores or asks: its id, its old names, the disease above it."""
    index, expected = various.registry.lot_index, {f"F-{number:02d}" for number in range(14) if number % 3}
    assert {line.lot for line in index.find(name)} == expected
    counting = index.counting(selection({"disease": name}))
    assert {line.lot for line in index.page(counting.wanted(), 100)} == expected
    assert counting.facets().lots == len(expected)
    answer = various.registry.queries.ask("lots-for-a-disease", {"disease": name}, "text/csv", by=LOCAL).body.decode()
    assert {row.split(",")[0] for row in answer.splitlines()[1:]} == expected


@pytest.mark.parametrize("name", ["mesenchymal stem cell", "CL:0000134", "mesenchymal stromal cell"])
def test_the_lots_of_a_cell_type_are_found_by_its_names_with_its_subclasses(various: House, name: str) -> None:
    """Those of fat are mesenchymal stem cells too; of stem cells from fat alone, the others are not found."""
    index, everyone = various.registry.lot_index, {f"F-{number:02d}" for number in range(14)}
    assert {line.lot for line in index.find(name)} == everyone
    counting = index.counting(selection({"cell_type": name}))
    assert {line.lot for line in index.page(counting.wanted(), 100)} == everyone
    answer = various.registry.queries.ask("lots-of-a-cell-type", {"cell": name}, "text/csv", by=LOCAL).body.decode()
    assert {row.split(",")[0] for row in answer.splitlines()[1:]} == everyone
    below = index.counting(selection({"cell_type": "CL:0002570"}))
    assert {line.lot for line in index.page(below.wanted(), 100)} == {f"F-{number:02d}" for number in range(0, 14, 3)}

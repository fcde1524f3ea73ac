"""The published lots of the demonstration: figures as their sources print them, cited, judged, never released."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import pytest

from registry.demo import published
from registry.services import Account, Registry
from tests.services.conftest import SECRET

SOURCES = {
    "CID06-Milczarek2018": "Milczarek-2018",
    "CID12-Whitehouse2017": "Whitehouse-2017",
    "CID25-Pers2016": "Pers-2016",
    "CID44-Chullikana2015": "Chullikana-2015",
    "CID49-Honmou2011": "Honmou-2011",
    "CID55-Karantalis2014": "Karantalis-2014",
    "JTM2020-BPD-T2": "Nguyen-2020",
}
NOT_CHARACTERISTICS = {"dose", "CFU"}


def lot_of(row: dict[str, str]) -> str:
    """What a source calls a lot, and what it is called here."""
    name = row["lot"].removeprefix("patient ")
    name = {"ALL (one cell line)": "line", "pooled product": "pool"}.get(name, name)
    return f"{SOURCES[row['source_id']]}-{name.zfill(2) if name.isdigit() else name}"


def facts(shared: Path, name: str) -> list[dict[str, str]]:
    with (shared / "facts" / "panels" / name).open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["source_id"] in SOURCES]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    """A registry to which the published lots were told."""
    registry, _password = Registry.create(tmp_path_factory.mktemp("cited") / "data")
    registry.accounts._accounts.people.create(
        "q.one", "quality unit", by="admin", printed_name="Q. One", password=SECRET, must_change=False
    )
    steps = list(published.tell(registry, ("q.one", SECRET), Account("lab.one", "Lab One", "submitter")))
    assert steps == [f"Citing the lots of {product}" for product in SOURCES.values()]
    yield registry
    registry.close()


def test_every_figure_is_the_sources(shared: Path) -> None:
    """Row by row: 291 figures of seven sources, names and units aside."""
    printed = Counter(
        (lot_of(row), row["value_as_printed"])
        for row in facts(shared, "panels.csv")
        if row["marker"] not in NOT_CHARACTERISTICS
    )
    held: Counter[tuple[str, str]] = Counter()
    for product in SOURCES.values():
        text = (resources.files("registry.demo") / "published" / f"{product}.csv").read_text(encoding="utf-8")
        rows = csv.DictReader(io.StringIO(text))
        held.update((row["lot"], "Pass" if (row.get("note") or "").endswith(" Pass") else row["value"]) for row in rows)
    assert held == printed


def test_every_lot_has_the_verdict_worked_out_by_hand(told: Registry, shared: Path) -> None:
    """54 lots: by their own specification where it is published, else by the ISCT's; each was recorded whole."""
    expected = {
        lot_of(row): row["own_spec_verdict"] or row["isct2006_immunophenotype"] for row in facts(shared, "verdicts.csv")
    }
    lots = [lot for product in SOURCES.values() for lot in told.products.get(product).lots]
    assert (len(lots), {lot: told.lots.get(lot).verdict for lot in lots}) == (54, expected)


def test_each_is_cited_and_none_is_released(told: Registry) -> None:
    for product in SOURCES.values():
        described = told.products.get(product)
        assert described.note.startswith("Cited evidence, not a product of this registry: ")
        for lot in described.lots:
            answer = told.lots.get(lot)
            assert (answer.synthetic, answer.answer.state, answer.decisions) == (False, "not released", ())
            assert answer.note.startswith("Cited evidence, as printed: ")


def test_what_is_printed_once_for_all_lots_stands_with_their_cell_line(told: Registry) -> None:
    line = told.lots.get("Nguyen-2020-line")
    assert (line.kind, len(line.descendants), len(line.panels[0].results)) == ("cell line", 8, 4)

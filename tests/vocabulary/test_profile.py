"""The marker profile says what the comment on CL:0000134 says, line by line, and never more."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from registry import vocabulary
from registry.vocabulary.profile import profile, secreted

TERMS = vocabulary.load()
# The comment as the Cell Ontology has it at fd61b954, each name with its sense; a table of facts, not its text.
NEGATIVE = [
    *("CD3", "CD4", "CD5", "CD8", "CD11a", "CD11b", "CD14", "CD19", "CD31", "CD34", "CD38", "CD40", "CD45", "CD66b"),
    *("CD79a", "CD80", "CD133", "B220", "Gr1", "MHCII", "SSEA4", "Ter119", "glycophorin A"),
]
POSITIVE = [
    *("CD29", "CD44", "CD49", "CD54", "CD102", "CD106", "CD117", "CD121a", "CD121b", "CD123", "CD124", "CD146"),
    *("CD166", "CD271", "MHCI", "sca1"),
]
PRODUCTS = [
    *("stem cell factor", "IL7", "IL8", "IL11", "TGF-beta", "cofilin", "galectin-1", "laminin-receptor 1"),
    *("cyclophilin A", "MMP-2"),
]


def test_every_line_has_the_sense_of_the_comment() -> None:
    """CD123 is positive, as the comment says."""
    senses = {line.name: line.positive for line in profile()}
    assert senses == {**dict.fromkeys(NEGATIVE, False), **dict.fromkeys(POSITIVE, True)}
    assert len(profile()) == len(senses) == 39


def test_the_ten_products_of_cultured_cells_are_there_and_are_no_markers() -> None:
    assert [product.name for product in secreted()] == PRODUCTS
    assert {product.name for product in secreted()} & {line.name for line in profile()} == set()


def test_a_line_names_the_characteristic_that_its_name_means() -> None:
    """Where the comment's name is known and means one thing, it is that one; a mouse's marker is none."""
    for line in profile():
        if line.status in {"mouse marker", "several molecules"}:
            assert line.characteristic is None, line.name
        else:
            assert line.characteristic is not None, line.name
            printed = {"MHCI": "HLA-ABC", "SSEA4": "SSEA-4"}.get(line.name, line.name)
            assert TERMS.characteristic(printed).iri == line.characteristic, line.name


def test_every_line_says_where_it_was_read() -> None:
    for entry in (*profile(), *secreted()):
        assert any("comment on CL:0000134, Cell Ontology (obophenotype/cell-ontology fd61b954)" in one
                   for one in entry.sources)  # fmt: skip


def test_the_table_of_facts_is_the_shared_one(shared: Path) -> None:
    text = (shared / "facts/cl-comment-markers.tsv").read_text("utf-8")
    rows = list(csv.DictReader(text.splitlines(), delimiter="\t"))
    told = {
        sense: [row["name_as_printed"] for row in rows if row["sense"] == sense] for sense in {r["sense"] for r in rows}
    }
    assert sorted(told["negative"]) == sorted(NEGATIVE)
    assert sorted(told["positive"]) == sorted(POSITIVE)
    assert told["produced by cultured cells"] == PRODUCTS


def test_the_labels_say_the_sense() -> None:
    """The label of each line of the file ends with the word of its sense."""
    text = vocabulary.graph_files()
    data = dict(text)["profile.ttl"].decode()
    labels = re.findall(r'ProfileLine ;\n    rdfs:label "(.+) (positive|negative)" ;', data)
    assert {name: sense == "positive" for name, sense in labels} == {line.name: line.positive for line in profile()}

"""A marker has one canonical id, and it is the one that was seen."""

from __future__ import annotations

import csv
from pathlib import Path

from registry import vocabulary

TERMS = vocabulary.load()
# markers.tsv lists the protein that carries TRA-1-60; the epitope is a term of its own.
CARRIER = {"TRA-1-60 carrier": "PODXL"}


def table(shared: Path) -> list[dict[str, str]]:
    text = (shared / "data/ontologies/markers.tsv").read_text("utf-8")
    return list(csv.DictReader(text.splitlines(), delimiter="\t"))


def test_a_verified_marker_has_its_generic_id_and_any_other_a_term_of_ours(shared: Path) -> None:
    found, expected = {}, {}
    for row in table(shared):
        characteristic = TERMS.characteristic(CARRIER.get(row["marker"], row["marker"]))
        found[row["marker"]] = TERMS.curie(characteristic.iri).partition(":")[0]
        expected[row["marker"]] = "PR" if row["status"] == "verified" else "cpr"
        if row["status"] == "verified":
            assert TERMS.curie(characteristic.iri) == row["PR_generic"]
            assert characteristic.label == row["PR_generic_label"].removesuffix(" (OBI PR import)")
    assert len(found) == 63
    assert found == expected


def test_every_marker_has_the_cross_references_that_were_verified(shared: Path) -> None:
    for row in table(shared):
        characteristic = TERMS.characteristic(CARRIER.get(row["marker"], row["marker"]))
        accessions = [f"UniProtKB:{accession}" for accession in row["UniProt"].split("|")]
        assert characteristic.xrefs == tuple(sorted([row["HGNC_id"], *accessions]))


def test_every_marker_is_found_by_its_gene_symbol(shared: Path) -> None:
    for row in table(shared):
        by_marker = TERMS.characteristic(CARRIER.get(row["marker"], row["marker"]))
        assert TERMS.characteristic(row["HGNC_symbol"]) == by_marker


def test_no_cross_reference_belongs_to_two_proteins() -> None:
    owners: dict[str, list[str]] = {}
    for characteristic in TERMS.characteristics.values():
        for xref in characteristic.xrefs:
            owners.setdefault(xref, []).append(characteristic.symbol)
    shared_ones = {xref: sorted(symbols) for xref, symbols in owners.items() if len(symbols) > 1}
    assert shared_ones == {
        "HGNC:1673": ["CD3", "CD3d"], "HGNC:1674": ["CD3", "CD3e"], "HGNC:1675": ["CD3", "CD3g"],
        "HGNC:4931": ["HLA-A", "HLA-ABC"], "HGNC:4932": ["HLA-ABC", "HLA-B"], "HGNC:4933": ["HLA-ABC", "HLA-C"],
    }  # fmt: skip


def test_every_marker_is_a_percent_of_cells_or_a_word() -> None:
    for characteristic in TERMS.characteristics.values():
        if characteristic.is_marker:
            assert [TERMS.label(unit) for unit in characteristic.units] == ["%"]
            assert [outcome.label for outcome in characteristic.outcomes] == ["negative", "positive"]

"""Every CD antigen is known, by its CD name and its gene's, and a carbohydrate is never taken for the enzyme."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from registry import vocabulary
from registry.errors import WrongUsage

TERMS = vocabulary.load()

# Names of the shared table that are no antigen's own name: each with why.
NO_ANTIGENS_NAME = {
    **dict.fromkeys(["CD2AP", "CD27BP", "CD40bp"], "binds the antigen inside the cell"),
    **dict.fromkeys(["CD5L", "CD20L", "CD33L", "CD99B", "CD163B", "CD209L", "CD28H"], "another gene, like the antigen"),
    **dict.fromkeys(["CD27L", "CD27LG", "CD28LG", "CD30LG", "CD40L", "CD40LG", "CD137L", "CD112R"], "its partner"),
    **dict.fromkeys(["CD3H", "CD3Q", "CD8BP", "CD23A", "CD24A", "CD41B", "CD44R", "CD72b", "CD64A", "CD236R"], "older"),
    **dict.fromkeys(["CD15", "CD57", "CD174"], "HGNC's name of an enzyme; the antigen is a carbohydrate"),
    **dict.fromkeys(["CD300LB", "CD300LD", "CD300LE", "CD300LF", "CD300LG"], "a gene symbol"),
}
# Names that mean several antigens: refused, with the choices.
SEVERAL = {"CD62", "CD8", "CD156"}
CARBOHYDRATES = [
    *("CD15", "CD15s", "CD15u", "CD17", "CD57", "CD60a", "CD60b", "CD60c", "CD65", "CD65s", "CD75", "CD75s", "CD77"),
    *("CD173", "CD174", "CD175", "CD175s", "CD176"),
]


def table(shared: Path) -> list[dict[str, str]]:
    text = (shared / "facts/cd-antigens.tsv").read_text("utf-8")
    return list(csv.DictReader(text.splitlines(), delimiter="\t"))


def test_every_cd_name_leads_to_its_gene(shared: Path) -> None:
    """428 names; KIR2DL2 is CD158b1, and CD158k is KIR3DL2 alone."""
    rows = [row for row in table(shared) if row["cd"] not in NO_ANTIGENS_NAME and row["cd"] not in SEVERAL]
    rows = [row for row in rows if row["hgnc_symbol"] != "KIR2DL2"]
    led = {row["cd"]: row["hgnc_id"] in TERMS.characteristic(row["cd"]).xrefs for row in rows}
    assert len(led) > 370
    assert [name for name, right in led.items() if not right] == []


def test_every_gene_of_a_cd_antigen_has_its_protein(shared: Path) -> None:
    proteins = {row["hgnc_id"]: row["uniprot"] for row in table(shared) if row["cd"] not in NO_ANTIGENS_NAME}
    for characteristic in TERMS.characteristics.values():
        accessions = {xref.removeprefix("UniProtKB:") for xref in characteristic.xrefs if "UniProtKB" in xref}
        genes = [xref for xref in characteristic.xrefs if xref in proteins]
        if len(genes) == 1 and accessions:
            assert accessions & set(proteins[genes[0]].split("|")), characteristic.symbol


@pytest.mark.parametrize("name", sorted(SEVERAL))
def test_a_number_of_several_antigens_is_refused_with_them(name: str) -> None:
    with pytest.raises(WrongUsage) as refusal:
        TERMS.characteristic(name)
    assert f"{name}a" in refusal.value.expected or f"{name}E" in refusal.value.expected


@pytest.mark.parametrize("name", CARBOHYDRATES)
def test_a_carbohydrate_is_no_genes_product(name: str) -> None:
    """HGNC calls FUT4 CD15: it is the enzyme that makes it."""
    characteristic = TERMS.characteristic(name)
    assert (characteristic.symbol, characteristic.kind, characteristic.xrefs) == (name, "surface marker", ())


@pytest.mark.parametrize(("printed", "symbol"), [
    ("SH2", "CD105"), ("SH-2", "CD105"), ("SH3", "CD73"), ("SH4", "CD73"), ("TRA-1-81", "TRA-1-81"),
    ("W8B2", "MSCA-1"), ("TNAP", "MSCA-1"), ("PD-L1", "CD274"), ("PDL1", "CD274"), ("tissue factor", "CD142"),
    ("STRO-1", "STRO-1"), ("Stro1", "STRO-1"), ("SSEA-1", "CD15"), ("HNK-1", "CD57"), ("CDw198", "CD198"),
    ("CD25", "CD25"), ("CD16", "CD16"), ("CD64", "CD64"), ("CD45RO", "CD45RO"), ("CXCR4", "CD184"),
    ("CD62L", "CD62L"), ("CD158k", "CD158k"),
])  # fmt: skip
def test_a_name_of_the_tradition_leads_to_its_antigen(printed: str, symbol: str) -> None:
    assert TERMS.characteristic(printed).symbol == symbol


def test_an_isoform_is_never_evidence_for_the_whole() -> None:
    """To lack CD45RO is not to lack CD45."""
    for isoform in ("CD45RA", "CD45RO", "CD45RB", "CD44v6", "CD99R"):
        assert TERMS.characteristic(isoform).evidence_for == ()


def test_what_was_known_before_is_what_it_was() -> None:
    """The names of the six that identify the cell type mean the same terms as ever."""
    curies = [TERMS.curie(TERMS.characteristic(name).iri) for name in ("CD73", "CD90", "CD105", "CD45", "CD34")]
    assert curies == ["PR:000001800", "PR:000001843", "PR:000001345", "PR:000001006", "PR:000001003"]

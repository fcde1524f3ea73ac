"""What laboratories print means what the ontologies name, or is refused."""

from __future__ import annotations

import csv
import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry import vocabulary
from registry.domain import Interval
from registry.errors import Unknown, WrongUsage

TERMS = vocabulary.load()
PRINTED = [
    ("cd73", "PR:000001800"),
    ("CD 73", "PR:000001800"),
    ("CD-73", "PR:000001800"),
    ("NT5E", "PR:000001800"),
    ("CD73+", "PR:000001800"),
    ("CD73⁺", "PR:000001800"),
    ("Thy-1", "PR:000001843"),
    ("endoglin", "PR:000001345"),
    ("PTPRC", "PR:000001006"),
    ("LCA", "PR:000001006"),
    ("HLADR", "PR:000002015"),
    ("HLA-DRA", "PR:000002015"),
    ("HLA-DR+", "PR:000002015"),
    ("MHCII", "GO:0042613"),
    ("MHC II / HLA-DR", "GO:0042613"),
    ("HLA class II", "GO:0042613"),
    ("MHC class II", "GO:0042613"),
    ("CD79α", "cpr:CD79a"),
    ("CD79 alpha", "cpr:CD79a"),
    ("CD3", "cpr:CD3"),
    ("CD3ε", "PR:000001020"),
    ("Oct3/4", "cpr:OCT4"),
    ("TRA160", "cpr:TRA-1-60"),
    ("CD45RA", "PR:000001015"),
    ("PR:000001006", "PR:000001006"),
    ("http://purl.obolibrary.org/obo/PR_000001006", "PR:000001006"),
    ("Viability", "cpr:viability"),
    ("viability (trypan blue)", "cpr:viability-trypan-blue"),
    ("bacteria and fungi", "cpr:sterility"),
    ("adipogenesis", "cpr:adipogenic-differentiation"),
    ("viable cell count", "cpr:viable-cell-number"),
]
AMBIGUOUS = [
    ("CD79", "CD79a or CD79b"),
    ("CD79+", "CD79a or CD79b"),
    ("CD8", "CD8a or CD8b"),
    ("CD49", "CD49b or CD49d or CD49a or CD49c or CD49e or CD49f"),
    ("cell count", "total cell number or viable cell number"),
    ("CFU", "colony forming units, fibroblast or sterility"),
    ("residual pluripotent cells", "OCT4 or TRA-1-60"),
    ("negative cocktail", "cocktail"),
]
UNKNOWN = [
    "CD45++",
    "CD45±",
    "CD45dim",
    "-CD45",
    "CD45-/CD105+",
    "CD999",
    "osteogenesis+",
    "co-expression gate",
    "",
    "+",
]
NEGATIVE = ["CD45-", "CD45−", "CD45–", "CD45 -", "CD45⁻", "CD45neg", "CD45 neg.", "CD45 negative", "CD45 (-)", "cd 45−"]
CELL_UNITS = (
    "cells/mL or cells or cells/container or cells/dose or cells/kg or cells/site or cells/µL or 10^6 cells or "
    "10^6 cells/container or 10^6 cells/dose or 10^6 cells/kg or 10^6 cells/mL or 10^6 cells/site"
)
REFUSED_UNITS = [
    ("CD73", "", "%"),
    ("CD73", "fraction", "%"),
    ("viability", "cells/mL", "%"),
    ("endotoxin", "CFU/mL", "EU or EU/kg or EU/mL or IU/mL"),
    ("FSH", "IU/mL", "IU/L or mIU/mL"),
    ("viable cell number", "106 cells", CELL_UNITS),
    ("viable cell number", "10^-6 cells", CELL_UNITS),
    ("viable cell concentration", "10E6 cells/mL", "cells/mL or cells/µL or 10^6 cells/mL"),
    ("karyotype", "%", "no unit: the result is a word"),
]
MARKERS = [c for c in TERMS.characteristics.values() if c.is_marker]
NAMES_OF_MARKERS = [(c.iri, name) for c in MARKERS for name in c.names]
SEPARATORS = ["", "", "", " ", "-", "\u2010", "\u2011", "\u00a0", "−"]


@pytest.mark.parametrize(("printed", "curie"), PRINTED)
def test_a_printed_name_means_one_characteristic(printed: str, curie: str) -> None:
    assert TERMS.curie(TERMS.characteristic(printed).iri) == curie


@pytest.mark.parametrize(("printed", "choices"), AMBIGUOUS)
def test_a_name_of_several_things_is_refused_with_the_choices(printed: str, choices: str) -> None:
    with pytest.raises(WrongUsage) as refusal:
        TERMS.characteristic(printed)
    assert (refusal.value.expected, refusal.value.found) == (choices, printed)


@pytest.mark.parametrize("printed", UNKNOWN)
def test_a_name_nobody_knows_is_refused(printed: str) -> None:
    with pytest.raises(Unknown):
        TERMS.characteristic(printed)


def test_an_unknown_name_is_refused_with_the_nearest_ones() -> None:
    with pytest.raises(Unknown) as refusal:
        TERMS.characteristic("endoglyn")
    assert refusal.value.todo == "Did you mean endoglin or endosialin?"


@pytest.mark.parametrize("printed", NEGATIVE)
def test_the_fraction_without_a_marker_is_never_the_marker(printed: str) -> None:
    found = TERMS.negative_fraction(printed)
    assert found is not None
    assert found.symbol == "CD45"
    with pytest.raises(WrongUsage) as refusal:
        TERMS.characteristic(printed)
    assert refusal.value.expected == "CD45, in percent positive"


@pytest.mark.parametrize("printed", ["CD45", "CD45+", "viability-", "negative cocktail", "TRA-1-60", "", "neg", "-"])
def test_other_names_state_no_negative_fraction(printed: str) -> None:
    assert TERMS.negative_fraction(printed) is None


@given(st.sampled_from(NAMES_OF_MARKERS), st.data())
def test_case_and_inner_spaces_and_hyphens_never_change_what_a_name_means(
    named: tuple[str, str], data: st.DataObject
) -> None:
    iri, name = named
    printed = name[0] + "".join(data.draw(st.sampled_from(SEPARATORS)) + letter for letter in name[1:])
    printed = data.draw(st.sampled_from([printed, printed.upper(), printed.lower()]))
    assert TERMS.characteristic(printed).iri == iri


@given(st.sampled_from(NAMES_OF_MARKERS), st.sampled_from(["-", "−", "–", "⁻", " -", "--", "neg", " negative", "(-)"]))
def test_a_name_with_a_final_minus_resolves_to_nothing(named: tuple[str, str], minus: str) -> None:
    iri, name = named
    with pytest.raises(WrongUsage):
        TERMS.characteristic(name + minus)
    negative = TERMS.negative_fraction(name + minus)
    assert negative is not None
    assert negative.iri == iri


def refused_name(text: str) -> str | None:
    try:
        TERMS.characteristic(text)
    except (Unknown, WrongUsage) as refusal:
        return refusal.found
    return None


@given(st.text(max_size=12))
def test_any_text_is_resolved_or_refused_by_its_own_name_and_never_crashes(text: str) -> None:
    assert refused_name(text) in {None, text.strip()}


def test_no_two_things_have_one_name() -> None:
    owners: dict[str, set[str]] = {}
    for characteristic in TERMS.characteristics.values():
        for name in characteristic.names if characteristic.kind != "composite marker" else ():
            owners.setdefault(vocabulary.folded(name), set()).add(characteristic.iri)
    for name in TERMS._ambiguous:
        owners.setdefault(name, set()).add("ambiguous")
    assert {name: sorted(iris) for name, iris in owners.items() if len(iris) > 1} == {}


def test_hla_dr_is_recorded_as_what_it_is_and_bears_on_mhc_ii() -> None:
    assert TERMS.characteristic("HLA-DR").evidence_for == ("http://purl.obolibrary.org/obo/GO_0042613",)
    assert TERMS.characteristic("CD45RA").evidence_for == ()


def test_the_range_belongs_to_the_characteristic_and_not_to_the_unit() -> None:
    assert TERMS.characteristic("viability").range == Interval(Decimal(0), Decimal(100))
    assert TERMS.characteristic("recovery").range == Interval(Decimal(0), None)
    assert TERMS.characteristic("inhibition of PBMC proliferation").range == Interval(None, None)
    assert TERMS.characteristic("viability").units == TERMS.characteristic("recovery").units
    assert TERMS.characteristic("sterility").range is None


def test_a_word_means_one_outcome_of_its_characteristic() -> None:
    words = {vocabulary.folded_word(n): o.iri for o in TERMS.characteristic("sterility").outcomes for n in o.names}
    for printed in ("No growth", "NEGATIVE", "sterile", "not  detected"):
        assert TERMS.curie(words[vocabulary.folded_word(printed)]) == "cpr:NotDetected"
    assert TERMS.curie(words["growth"]) == "cpr:Detected"
    assert "n.d." not in words
    assert vocabulary.folded_word("46, XY") == "46,xy"
    assert vocabulary.folded_word("46,XY-") == "46,xy-"


@pytest.mark.parametrize(("name", "printed", "label"), [
    ("CD73", "%", "%"),
    ("CD73", "percent", "%"),
    ("endotoxin", "EU/ml", "EU/mL"),
    ("endotoxin", "IU/mL", "IU/mL"),
    ("endotoxin", "EU / kg", "EU/kg"),
    ("viable cell concentration", "(x10^6) cells/mL", "10^6 cells/mL"),
    ("viable cell concentration", "× 10⁶ cells/mL", "10^6 cells/mL"),
    ("viable cell concentration", "cells/μL", "cells/µL"),
    ("viable cell concentration", "cells/µL", "cells/µL"),
    ("FSH", "IU/l", "IU/L"),
])  # fmt: skip
def test_a_printed_unit_means_one_unit_of_its_characteristic(name: str, printed: str, label: str) -> None:
    assert TERMS.unit(printed, TERMS.characteristic(name)).label == label


@pytest.mark.parametrize(("name", "printed", "expected"), REFUSED_UNITS)
def test_a_unit_that_is_not_admitted_is_refused_naming_those_that_are(name: str, printed: str, expected: str) -> None:
    with pytest.raises(WrongUsage) as refusal:
        TERMS.unit(printed, TERMS.characteristic(name))
    assert (refusal.value.expected, refusal.value.found) == (expected, printed)


def test_every_printed_form_of_an_admitted_unit_means_that_unit() -> None:
    for characteristic in TERMS.characteristics.values():
        for iri in characteristic.units:
            assert {TERMS.unit(name, characteristic).iri for name in TERMS.units[iri].names} == {iri}


@pytest.mark.parametrize(("value", "from_", "to", "converted"), [
    ("1.07", "cpr:million-cells-per-mL", "UO:0000201", "1070000"),
    ("1070000", "UO:0000201", "cpr:million-cells-per-mL", "1.07"),
    ("250", "UO:0000316", "UO:0000201", "250000"),
    ("0.5", "cpr:endotoxin-IU-per-mL", "cpr:EU-per-mL", "0.5"),
    ("2", "UO:0000033", "UO:0000032", "48"),
    ("5", "cpr:EU-per-mL", "cpr:EU-per-kg", None),
    ("2.0", "cpr:EU", "cpr:EU-per-mL", None),
    ("97", "UO:0000187", "cpr:percent-of-undifferentiated", None),
])  # fmt: skip
def test_units_of_one_quantity_convert_exactly_and_others_never(
    value: str, from_: str, to: str, converted: str | None
) -> None:
    given_, wanted = (vocabulary.expanded(unit) for unit in (from_, to))
    result = TERMS.convert(Decimal(value), given_, wanted)
    assert (None if result is None else str(result)) == converted


@pytest.mark.parametrize(("printed", "stage"), [
    ("after thaw", "cpr:stage-after-thaw"), ("Post-thaw", "cpr:stage-after-thaw"), ("release", "cpr:stage-release"),
    ("before injection", "cpr:stage-before-infusion"), ("cpr:stage-harvest", "cpr:stage-harvest"),
])  # fmt: skip
def test_a_printed_stage_means_one_stage(printed: str, stage: str) -> None:
    assert TERMS.curie(TERMS.stage(printed)) == stage


def test_an_unknown_stage_is_refused_with_the_known_ones() -> None:
    with pytest.raises(Unknown) as refusal:
        TERMS.stage("some time")
    assert refusal.value.expected == ", ".join(TERMS.stages.values())


def test_a_cocktail_is_declared_by_exactly_its_members() -> None:
    five = [TERMS.characteristic(name).iri for name in ("CD34", "CD11b", "CD19", "CD45", "HLA-DR")]
    declared = TERMS.cocktail(five)
    assert declared is not None
    assert declared.label == "negative cocktail of the BD human MSC analysis kit"
    assert TERMS.cocktail(five[:4]) is None


def test_identity_follows_the_cell_type_without_naming_its_subclasses() -> None:
    six = [(TERMS.label(m.characteristic), m.sense) for m in TERMS.identity_of("CL:0000134")]
    assert sorted(six) == [
        ("CD105", "positive"), ("CD34", "negative"), ("CD45", "negative"),
        ("CD73", "positive"), ("CD90", "positive"), ("MHC II / HLA-DR", "negative"),
    ]  # fmt: skip
    for cell in TERMS.descendants("CL:0000134"):
        assert TERMS.identity_of(cell) == TERMS.identity_of("CL:0000134")
    assert TERMS.identity_of("CL:0000084") == ()


def test_the_inferred_hierarchy_finds_every_kind_of_mesenchymal_stem_cell(shared: Path) -> None:
    text = (shared / "data/ontologies/msc_classes.tsv").read_text("utf-8")
    rows = list(csv.DictReader(text.splitlines(), delimiter="\t"))
    found = {TERMS.curie(iri): TERMS.term(iri) for iri in TERMS.descendants("CL:0000134")}
    assert {curie: term.label for curie, term in found.items()} == {row["id"]: row["label"] for row in rows}
    for row in rows:
        parents = sorted(re.findall(r"CL:\d+", row["direct_inferred_parents"]))
        assert sorted(map(TERMS.curie, found[row["id"]].parents)) == parents


def test_the_permitted_cell_types_are_a_list_and_not_a_subtree() -> None:
    permitted = [term.curie for term in TERMS.permitted_cell_types()]
    assert permitted == [
        "CL:0000134", "CL:0002537", "CL:0002540", "CL:0002541", "CL:0002568", "CL:0002569", "CL:0002570",
        "CL:2000061", "CL:2000079", "CL:2000080", "CL:4040004", "CL:4040005",
    ]  # fmt: skip
    assert TERMS.is_a("CL:0009090", "CL:0000134")
    assert "CL:0009090" not in permitted


@pytest.mark.parametrize(("text", "first"), [
    ("primary ovarian insufficiency", "DOID:5426"), ("Premature Ovarian Failure", "DOID:5426"),
    ("DOID:5426", "DOID:5426"), ("premature menopause", "DOID:10787"), ("ovarian disease", "DOID:1100"),
    ("GVHD", "DOID:0081267"), ("crohn's", "DOID:8778"), ("osteoarthritis", "DOID:8398"),
])  # fmt: skip
def test_a_disease_is_found_by_its_names(text: str, first: str) -> None:
    assert TERMS.diseases(text)[0].curie == first


def test_premature_menopause_is_not_primary_ovarian_insufficiency() -> None:
    assert [term.curie for term in TERMS.diseases("premature menopause")] == ["DOID:10787"]


def test_nothing_is_found_by_nothing() -> None:
    assert TERMS.diseases("") == ()
    assert TERMS.diseases(" - ") == ()


@pytest.mark.parametrize(("obsolete", "instead"), [
    ("CL:0002452", "CL:0000134 mesenchymal stem cell"),
    ("CL:0000003", "CL:0000000 cell"),
    ("CL:0000073", "a current term"),
    ("CL:0000274", "a current term"),
    ("CL:0000491", "a current term"),
    ("DOID:0080546", "DOID:0080208 metabolic dysfunction-associated steatotic liver disease"),
    ("DOID:12223", "a current term"),
])  # fmt: skip
def test_an_obsolete_term_is_refused_with_its_current_replacement_if_it_has_one(obsolete: str, instead: str) -> None:
    with pytest.raises(Unknown) as refusal:
        TERMS.term(obsolete)
    assert (refusal.value.expected, refusal.value.found) == (instead, obsolete)


def test_every_name_in_the_published_panels_is_known_or_known_to_be_no_characteristic(shared: Path) -> None:
    rows = csv.DictReader((shared / "facts/panels/panels.csv").read_text("utf-8").splitlines())
    refused = set()
    for name in {row["marker"] for row in rows}:
        try:
            TERMS.characteristic(name)
        except (Unknown, WrongUsage):
            refused.add(name)
    cocktail = "negative cocktail (CD11b,CD19,CD34,CD45,HLA-DR)"
    assert refused == {"CD45+/CD105+", "CD45-/CD105+", cocktail, "CFU", "dose"}


@pytest.mark.parametrize(
    ("term", "name"),
    [("CLO:0037280", "human embryonic stem cell line cell"), ("NCBITaxon:9606", "Homo sapiens"),
     ("http://purl.obolibrary.org/obo/UBERON_0002371", "bone marrow"), ("CL:0000134", "mesenchymal stem cell"),
     ("CLO:9999999", ""), ("bone marrow of a donor", "")],
)  # fmt: skip
def test_a_source_or_species_has_its_name_in_words(term: str, name: str) -> None:
    """Of any ontology that we keep names of; words are no term."""
    assert TERMS.name(term) == name

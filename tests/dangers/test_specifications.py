"""Dangers that the limits of a specification have to meet, by their numbers in the list of dangers."""

from __future__ import annotations

import pytest

from registry import specifications
from tests.lots import TERMS, cocktail, judged, panel, result, verdicts
from tests.writing import HEAD, codes, one, ours

ISCT = specifications.load("isct-2006-immunophenotype")


def test_danger_06_hla_dr_is_informative_for_one_product_and_gates_for_another() -> None:
    """15 % HLA-DR: the lot passes S02, where a printed limit does not gate, and fails ISCT."""
    lot = panel(HLA_DR="15", CD34="0.6")
    s02 = [*lot, result("CD31", "1", row=8), result("viability", "90", row=9),
           result("trilineage", "demonstrated", unit="", row=10)]  # fmt: skip
    own = judged(specifications.load("s02-barcelona-bone-marrow"), s02)
    found = {item.id: (item.standing, item.verdict) for item in own.criteria}
    assert (own.verdict, found["hla-dr"]) == ("pass", ("informative", "pass"))
    assert judged(specifications.load("s02-barcelona-bone-marrow"),
                  [*s02[:5], result("HLA-DR", "25", row=7), *s02[6:]]).verdict == "pass"  # fmt: skip
    assert judged(ISCT, lot).verdict == "fail"


def test_danger_07_cd34_of_adipose_cells_depends_on_the_profile() -> None:
    """Patient 16 of Pers 2016: CD34 9.7 fails ISCT's 2 and passes the trial's own 10."""
    lot = [
        result(name, value, row=row)
        for row, (name, value) in enumerate(
            {
                "viability": "95",
                "CD73": "99",
                "CD90": "99",
                "CD105": "90",
                "CD34": "9.7",
                "CD45": "1",
                "CD14": "1",
            }.items(),
            2,
        )
    ]
    assert judged(specifications.load("c25-pers-2016-adipose"), lot).verdict == "pass"
    assert verdicts(ISCT, lot)["cd34"] == "fail"


@pytest.mark.parametrize(
    ("operator", "limit", "printed", "verdict"),
    [
        (">", "90", "90", "fail"),
        (">=", "90", "90", "pass"),
        (">=", "95", "94.78", "fail"),
        (">=", "95", "94.96", "fail"),
    ],
)
def test_danger_12_a_value_at_the_limit_is_compared_unrounded(
    operator: str, limit: str, printed: str, verdict: str
) -> None:
    """Pers's patients 6 and 12 have 90 against > 90; C13 says > 85 where the product's own table says >= 85."""
    assert one(ours(f"v,viability,{operator},{limit},%"), [result("viability", printed)])[1] == verdict


@pytest.mark.parametrize(
    ("limit", "printed", "verdict"),
    [("95", "94.5", "pass"), ("95", "94.49", "fail"), ("95.0", "94.5", "fail"), ("95.0", "94.95", "pass"),
     ("95", ">94.6", "undetermined")],
)  # fmt: skip
def test_danger_12_a_specification_may_round_to_its_limit_and_says_so(limit: str, printed: str, verdict: str) -> None:
    """Half up to the decimals of the limit (USP General Notices 7.20); never a censored figure; never unasked."""
    spec = ours(f"v,viability,>=,{limit},%", head=HEAD.replace("source", "rounding,round to limit\nsource"))
    lot = judged(spec, [result("viability", printed)])
    assert (lot.criteria[0].verdict, lot.criteria[0].expected.partition(", ")[2][:7]) == (verdict, "rounded")


def test_danger_13_one_of_two_markers_suffices_and_a_bad_one_fails() -> None:
    """CD14 or CD11b: either is enough, both are held to the limit."""
    either = ours("cd14,CD14,<=,2,%,,gating,pair", "cd11b,CD11b,<=,2,%,,gating,pair")
    assert judged(either, [result("CD14", "1")]).verdict == "pass"
    assert judged(either, [result("CD11b", "1")]).verdict == "pass"
    assert judged(either, [result("CD14", "1"), result("CD11b", "3", row=3)]).verdict == "fail"
    assert judged(either, []).verdict == "incomplete"


def test_danger_15_a_wrong_unit_in_an_authority_is_found_and_never_met() -> None:
    """Endotoxin in CFU/mL (a review of 2025), FSH in IU/mL (NCT03877471): an error of lint; no result meets it."""
    wrong = ours("endotoxin,endotoxin,<=,0.5,CFU/mL", "fsh,FSH,>,25,IU/mL")
    assert codes(wrong)[:2] == [("error", "unit-does-not-fit", "endotoxin"), ("error", "unit-does-not-fit", "fsh")]
    results = [result("endotoxin", "0.1", unit="EU/mL"), result("FSH", "40", unit="IU/L", row=3)]
    assert verdicts(wrong, results) == {"endotoxin": "undetermined", "fsh": "undetermined"}


def test_danger_16_eu_per_ml_against_eu_per_kg_is_undecided_without_weight() -> None:
    """S04 and S08 ask for 5 EU/kg: 0.1 EU/mL alone decides nothing; with volume and weight it does."""
    spec = ours("endotoxin,endotoxin,<=,5,EU/kg")
    alone = [result("endotoxin", "0.1", unit="EU/mL")]
    dose = [*alone, result("volume", "20", unit="mL", row=3), result("recipient weight", "70", unit="kg", row=4)]
    assert (one(spec, alone)[1], one(spec, dose)[1]) == ("undetermined", "pass")


def test_danger_17_a_specification_that_cannot_be_met_is_found() -> None:
    """A canine specification has CD34 in both lists, and endotoxin above 0.5 EU/mL."""
    n05 = ours(
        "cd34,CD34,>=,95,%", "cd34-low,CD34,<=,2,%", "endotoxin,endotoxin,>,0.5,EU/mL", "viability,viability,>,100,%"
    )
    assert codes(n05) == [
        ("error", "contradiction", "cd34-low"),
        ("error", "wrong-side", "endotoxin"),
        ("error", "cannot-be-met", "viability"),
        *(("warning", "missing-source", name) for name in ("cd34", "cd34-low", "endotoxin", "viability")),
    ]
    assert judged(n05, [result("CD34", "50"), result("CD34", "99", row=3, relation="replicate")]).verdict == "fail"


def test_danger_18_a_limit_too_lax_to_exclude_anything_is_found() -> None:
    """Negatives below 85 %: SCRT 2016, figure 1."""
    found = codes(specifications.load("s10-mayo-adipose"))
    lax = [item for item in found if item[1] == "negative-limit-above-50"]
    assert lax == [("warning", "negative-limit-above-50", name) for name in ("hla-dr", "cd45", "cd14")]
    everything = ours("viability,viability,>=,0,%", "cd45,CD45,<=,100,%")
    assert [item[:2] for item in codes(everything) if item[2] == "viability"] == [
        ("error", "lets-everything-through"), ("warning", "missing-source"),
    ]  # fmt: skip
    assert ("error", "lets-everything-through", "cd45") in codes(everything)


def test_danger_19_of_two_limits_in_one_document_it_is_said_which_gates() -> None:
    """SOP-LB-004: 90 gates, ISCT's 95 stands beside it for reference; 93 passes, and is held."""
    s11 = specifications.load("s11-sop-lb-004-menstrual-blood")
    lot = judged(s11, panel(CD73="93", CD34="0.5", HLA_DR="1"))
    assert (lot.verdict, lot.held) == ("pass", ("cd73-isct",))
    findings = {one.criterion: one.message for one in specifications.lint(s11, TERMS) if one.code == "two-limits"}
    assert findings["cd73-isct"] == "cd73 and cd73-isct set two limits for CD73; cd73 gates."


@pytest.mark.parametrize(
    ("standing", "verdict", "held"),
    [("gating", "fail", ()), ("reference", "pass", ("karyotype",)), ("informative", "pass", ())],
)
def test_danger_20_three_standings(standing: str, verdict: str, held: tuple[str, ...]) -> None:
    """An abnormal karyotype rejects, delays, or is only told, as the specification says (PMC6717959, Table 2)."""
    spec = ours("v,viability,>=,70,%", f"karyotype,karyotype,one of,normal karyotype,,,{standing}")
    lot = judged(spec, [result("viability", "80"), result("karyotype", "abnormal karyotype", unit="", row=3)])
    assert (lot.verdict, lot.held) == (verdict, held)


@pytest.mark.parametrize("standard", ["ISO 24651:2022", "ISO/TS 22859:2022", "iso/ts22859"])
def test_danger_22_a_standard_that_excludes_clinical_use_is_warned_about(standard: str) -> None:
    spec = ours(f"cd73,CD73,>=,95,%,,gating,,,,,,,{standard}", "cd90,CD90,>=,95,%,,gating,,,,,,,Dominici 2006")
    assert [item for item in codes(spec) if item[1] == "standard-out-of-scope"] == [
        ("warning", "standard-out-of-scope", "cd73")
    ]


def test_danger_26_a_karyotype_is_no_string_test() -> None:
    """ "46, XY, 16qh+" was released and is normal to a cytogeneticist: it shows nothing, and a person reads it."""
    s03 = specifications.load("s03-stempeucel-bone-marrow")
    for printed, verdict in (("46,XY", "pass"), ("46, XY, 16qh+", "undetermined"), ("46,XX", "fail"),
                             ("normal karyotype", "fail")):  # fmt: skip
        assert verdicts(s03, [result("karyotype", printed, unit="")])["karyotype"] == verdict, printed


def test_danger_04_one_figure_for_five_markers_is_a_criterion_of_its_own() -> None:
    """S04's kit criterion: 2.5 fails it, though nothing is known of any one marker."""
    s04 = specifications.load("s04-bmj-open-umbilical")
    names = "CD11b|CD19|CD34|CD45|HLA-DR"
    assert verdicts(s04, [cocktail(names, "0.9")])["negative-cocktail"] == "pass"
    assert verdicts(s04, [cocktail(names, "2.5")])["negative-cocktail"] == "fail"
    assert verdicts(s04, [cocktail("CD34|CD45", "0.9")])["negative-cocktail"] == "missing"
    assert verdicts(s04, panel())["negative-cocktail"] == "missing"
    assert [one.label for one in specifications.departures(s04, TERMS.identity_of("CL:0000134"), TERMS)] == []

"""Dangers that a specification's language has to meet, by their numbers in the list of dangers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from registry import intake, judging, specification
from registry.errors import WrongUsage
from registry.model import Criterion, LotVerdict, Result, Specification
from registry.specification import table
from tests.lots import LOT, SIX, TERMS, cocktail, judged, panel, result, verdicts

ISCT = specification.load("isct-2006-immunophenotype")
IDENTITY = specification.load("msc-identity")
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HEAD = "specification,ours\nversion,1\ntitle,Ours\nsource,a document\n\n"
COLUMNS = (
    "id,characteristic,operator,limit,unit,stage,standing,group,method,duration,due,window,inherited from,source\n"
)


def ours(*rows: str, head: str = HEAD) -> Specification:
    """A specification of these rows of a table; what a row does not say to its end is empty."""
    return table.read("ours.csv", (head + COLUMNS + "\n".join(_row(row) for row in rows)).encode(), TERMS)


def _row(text: str) -> str:
    return text + "," * (COLUMNS.count(",") - text.count(","))


def read(text: str, name: str = "panel.csv") -> list[Result]:
    """Results of one file, as a laboratory hands it in; nothing in it may be wrong."""
    said = intake.read(name, text.encode(), TERMS)
    assert said.errors == ()
    return list(said.results)


def one(spec: Specification, results: list[Result], **how: object) -> tuple[str, str]:
    """(verdict of the lot, of the last criterion)."""
    lot = judged(spec, results, **how)
    return lot.verdict, lot.criteria[-1].verdict


def codes(spec: Specification) -> list[tuple[str, str, str | None]]:
    """(severity, code, criterion) of what lint finds, but for identity markers that the example leaves out."""
    found = [(one.severity, one.code, one.criterion) for one in specification.lint(spec, TERMS)]
    return [item for item in found if item[1] != "identity-left-out"]


def only(spec: Specification, **changes: object) -> Specification:
    return specification.build(replace(spec, **changes))  # type: ignore[arg-type]


def test_danger_06_hla_dr_is_informative_for_one_product_and_gates_for_another() -> None:
    """15 % HLA-DR: the lot passes S02, where a printed limit does not gate, and fails ISCT."""
    lot = panel(HLA_DR="15", CD34="0.6")
    s02 = [*lot, result("CD31", "1", row=8), result("viability", "90", row=9),
           result("trilineage", "demonstrated", unit="", row=10)]  # fmt: skip
    own = judged(specification.load("s02-barcelona-bone-marrow"), s02)
    found = {item.id: (item.standing, item.verdict) for item in own.criteria}
    assert (own.verdict, found["hla-dr"]) == ("pass", ("informative", "pass"))
    assert judged(specification.load("s02-barcelona-bone-marrow"),
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
    assert judged(specification.load("c25-pers-2016-adipose"), lot).verdict == "pass"
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
    ]
    assert judged(n05, [result("CD34", "50"), result("CD34", "99", row=3, relation="replicate")]).verdict == "fail"


def test_danger_18_a_limit_too_lax_to_exclude_anything_is_found() -> None:
    """Negatives below 85 %: SCRT 2016, figure 1."""
    found = codes(specification.load("s10-mayo-adipose"))
    lax = [item for item in found if item[1] == "negative-limit-above-50"]
    assert lax == [("warning", "negative-limit-above-50", name) for name in ("hla-dr", "cd45", "cd14")]
    everything = ours("viability,viability,>=,0,%", "cd45,CD45,<=,100,%")
    assert [item[:2] for item in codes(everything) if item[2] == "viability"] == [("error", "lets-everything-through")]
    assert ("error", "lets-everything-through", "cd45") in codes(everything)


def test_danger_19_of_two_limits_in_one_document_it_is_said_which_gates() -> None:
    """SOP-LB-004: 90 gates, ISCT's 95 stands beside it for reference; 93 passes, and is held."""
    s11 = specification.load("s11-sop-lb-004-menstrual-blood")
    lot = judged(s11, panel(CD73="93", CD34="0.5", HLA_DR="1"))
    assert (lot.verdict, lot.held) == ("pass", ("cd73-isct",))
    findings = {one.criterion: one.message for one in specification.lint(s11, TERMS) if one.code == "two-limits"}
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


FROZEN = TERMS.stage("frozen product")
INFUSION = specification.load("s05-type-2-diabetes-umbilical-infusion")
MARKERS = {"CD73": "98", "CD90": "99", "CD105": "97", "CD29": "99", "CD34": "0.3", "CD45": "0.2", "CD79a": "0.1",
           "CD14": "0.4", "HLA-DR": "0.9"}  # fmt: skip


def frozen(lot: str = "F-01", **changed: str) -> list[Result]:
    rows = MARKERS | changed
    return [result(name, value, row=row, lot=lot, stage=FROZEN) for row, (name, value) in enumerate(rows.items(), 2)]


def thawed() -> list[Result]:
    stage = TERMS.stage("before infusion")
    rows = [("viability", "88", "%"), ("visible particles", "not detected", ""), ("sterility", "no growth", ""),
            ("mycoplasma", "negative", ""), ("endotoxin", "<0.1", "EU/mL")]  # fmt: skip
    return [result(name, value, row=row, unit=unit, stage=stage) for row, (name, value, unit) in enumerate(rows, 2)]


def inherited(origins: dict[str, list[Result]] | None) -> LotVerdict:
    links = {LOT: origins} if origins is not None else None
    return judging.judge_lots(INFUSION, {LOT: thawed()}, TERMS, compare=True, origins_by_lot=links)[0]


def test_danger_21_identity_is_inherited_only_through_a_recorded_derivation() -> None:
    """S05 tests identity on the frozen lot: with the link it is shown; without it, or a result, undetermined."""
    linked = inherited({"F-01": frozen()})
    assert (linked.verdict, linked.criteria[0].note) == ("pass", "inherited from F-01, frozen product")
    for missing in (inherited(None), inherited({}), inherited({"F-01": []}), inherited({"F-01": frozen("F-02")})):
        assert (missing.verdict, missing.criteria[0].verdict) == ("incomplete", "undetermined")
    assert inherited({"F-01": frozen(CD73="90")}).verdict == "fail"
    assert inherited({"F-01": frozen(), "F-02": []}).verdict == "incomplete"


def test_danger_21_a_result_of_another_stage_is_not_taken_for_this_one() -> None:
    """Before sorting 12 % of the cells carry CORIN, after it 95 %: two criteria, one for each (N04)."""
    n04 = ours("corin-before,CORIN,>,10,%,pre-sort", "corin-after,CORIN,>,90,%,post-sort")
    before, after = TERMS.stage("pre-sort"), TERMS.stage("post-sort")
    both = [result("CORIN", "12", stage=before), result("CORIN", "95", stage=after, row=3)]
    assert verdicts(n04, both) == {"corin-before": "pass", "corin-after": "pass"}
    assert verdicts(n04, both[:1]) == {"corin-before": "pass", "corin-after": "missing"}


@pytest.mark.parametrize("standard", ["ISO 24651:2022", "ISO/TS 22859:2022", "iso/ts22859"])
def test_danger_22_a_standard_that_excludes_clinical_use_is_warned_about(standard: str) -> None:
    spec = ours(f"cd73,CD73,>=,95,%,,gating,,,,,,,{standard}", "cd90,CD90,>=,95,%,,gating,,,,,,,Dominici 2006")
    assert [item for item in codes(spec) if item[1] == "standard-out-of-scope"] == [
        ("warning", "standard-out-of-scope", "cd73")
    ]


def test_danger_26_a_karyotype_is_no_string_test() -> None:
    """ "46, XY, 16qh+" was released and is normal to a cytogeneticist: it shows nothing, and a person reads it."""
    s03 = specification.load("s03-stempeucel-bone-marrow")
    for printed, verdict in (("46,XY", "pass"), ("46, XY, 16qh+", "undetermined"), ("46,XX", "fail"),
                             ("normal karyotype", "fail")):  # fmt: skip
        assert verdicts(s03, [result("karyotype", printed, unit="")])["karyotype"] == verdict, printed


STERILE = ours("v,viability,>=,70,%", "sterility,sterility,one of,no growth,,,gating,,,14 d")


def culture(printed: str, *durations: str, row: int = 3) -> list[Result]:
    return [result("viability", "80"), *(
        result("sterility", printed, unit="", row=row + place, details=(("duration", text),) if text else ())
        for place, text in enumerate(durations))]  # fmt: skip


@pytest.mark.parametrize(
    ("durations", "verdict"),
    [(("14 days",), "pass"), (("336 h",), "pass"), (("7 d",), "undetermined"), (("",), "undetermined"),
     (("14",), "undetermined"), (("13.9 d",), "undetermined"), (("7 d", "14 d"), "pass"),
     (("3 d", "7 d"), "undetermined")],
)  # fmt: skip
def test_danger_29_no_growth_for_seven_days_does_not_show_fourteen(durations: tuple[str, ...], verdict: str) -> None:
    """S06 cultures for 7 days, S08 for 14: the duration is part of the result."""
    assert one(STERILE, culture("no growth", *durations))[1] == verdict


def test_danger_29_growth_refutes_at_any_time() -> None:
    assert one(STERILE, culture("growth", "3 d")) == ("fail", "fail")
    assert one(STERILE, culture("growth", "")) == ("fail", "fail")


def test_danger_30_a_method_is_shown_by_no_other() -> None:
    """S08 asks for trypan blue; S01 for flow: 92 % by one says nothing of the other, whichever way it is printed."""
    spec = ours("v,viability,>=,70,%,,gating,,trypan blue")
    ways = {
        ("viability", "trypan blue"): "pass",
        ("viability", "Trypan Blue"): "pass",
        ("viability (trypan blue)", ""): "pass",
        ("viability", "trypan blue exclusion"): "pass",
        ("viability", "flow"): "undetermined",
        ("viability (flow)", ""): "undetermined",
        ("viability (AO/DAPI)", ""): "undetermined",
        ("viability", ""): "undetermined",
        ("vitality", "trypan blue"): "missing",
    }
    found = {}
    for name, method in ways:
        details = (("method", method),) if method else ()
        found[name, method] = one(spec, [result(name, "92", details=details)])[1]
    assert found == ways


def test_danger_30_two_methods_are_two_criteria() -> None:
    """N01 asks for mycoplasma by RT-PCR and by culture, and both are needed; one file may give both."""
    n01 = ours(
        "pcr,mycoplasma,one of,negative,,,gating,,RT-PCR", "culture,mycoplasma,one of,negative,,,gating,,culture"
    )
    head = "lot,characteristic,value,unit,method\n"
    pcr, cultured = "P-07,mycoplasma,negative,,RT-PCR\n", "P-07,mycoplasma,negative,,culture\n"
    assert verdicts(n01, read(head + pcr + cultured)) == {"pcr": "pass", "culture": "pass"}
    assert verdicts(n01, read(head + pcr)) == {"pcr": "pass", "culture": "undetermined"}
    positive = cultured.replace("negative", "detected")
    assert verdicts(n01, read(head + pcr + positive)) == {"pcr": "pass", "culture": "fail"}


FRESH = ours("v,viability,>=,70,%,,gating,,,,,2 h")


@pytest.mark.parametrize(
    ("tested_at", "verdict"),
    [("2026-11-22T11:00+00:00", "pass"), ("2026-11-22T11:00:00Z", "pass"), ("2026-11-22T10:00+00:00", "pass"),
     ("2026-11-22T12:00+01:00", "pass"), ("2026-11-22T09:59:59+00:00", "undetermined"),
     ("2026-11-22T11:00", "undetermined"), ("this morning", "undetermined"), ("", "undetermined"),
     ("2026-11-22T13:00+00:00", "undetermined")],
)  # fmt: skip
def test_danger_31_a_result_older_than_its_window_is_stale(tested_at: str, verdict: str) -> None:
    """Within 2 hours (NCT04815213): the time has its zone, is not in the future, and without it nobody can tell."""
    lot = [result("viability", "92", details=(("tested_at", tested_at),) if tested_at else ())]
    assert one(FRESH, lot, at=NOW)[1] == verdict


def test_danger_31_what_is_fresh_now_is_stale_later_and_a_bad_result_stays_bad() -> None:
    lot = [result("viability", "92", details=(("tested_at", "2026-11-22T11:00+00:00"),))]
    assert one(FRESH, lot, at=NOW + timedelta(hours=1))[1] == "pass"
    assert one(FRESH, lot, at=NOW + timedelta(hours=1, seconds=1))[1] == "undetermined"
    assert one(FRESH, lot)[1] == "undetermined"
    bad = [result("viability", "48.22", details=(("tested_at", "2026-11-22T05:35+00:00"),))]
    assert one(FRESH, bad, at=NOW)[1] == "fail"


def test_danger_10_a_late_culture_does_not_keep_a_lot_waiting_and_fails_it_when_it_grows() -> None:
    """S08: Gram stain before injection, culture of 14 days after it; an interim reading in order changes nothing."""
    spec = ours("v,viability,>=,70,%", "sterility,sterility,one of,no growth,,,gating,,,14 d,after release")
    waiting = judged(spec, [result("viability", "80")])
    assert (waiting.verdict, waiting.due, waiting.criteria[1].verdict) == ("pass", ("sterility",), "missing")
    interim = judged(spec, culture("no growth", "7 d"))
    assert (interim.verdict, interim.due) == ("pass", ("sterility",))
    done = judged(spec, culture("no growth", "14 d"))
    assert (done.verdict, done.due) == ("pass", ())
    for duration in ("5 d", "14 d", ""):
        grown = judged(spec, culture("growth", duration))
        assert (grown.verdict, grown.due) == ("fail", ())
    unclear = judged(spec, culture("no growth", ""))
    assert (unclear.verdict, unclear.due) == ("incomplete", ())


def test_due_later_is_never_all_that_is_asked() -> None:
    with pytest.raises(WrongUsage) as refusal:
        ours("sterility,sterility,one of,no growth,,,gating,,,14 d,after release")
    assert refusal.value.details == ("no criterion is gating: every lot would pass",)


def test_danger_04_one_figure_for_five_markers_is_a_criterion_of_its_own() -> None:
    """S04's kit criterion: 2.5 fails it, though nothing is known of any one marker."""
    s04 = specification.load("s04-bmj-open-umbilical")
    names = "CD11b|CD19|CD34|CD45|HLA-DR"
    assert verdicts(s04, [cocktail(names, "0.9")])["negative-cocktail"] == "pass"
    assert verdicts(s04, [cocktail(names, "2.5")])["negative-cocktail"] == "fail"
    assert verdicts(s04, [cocktail("CD34|CD45", "0.9")])["negative-cocktail"] == "missing"
    assert verdicts(s04, panel())["negative-cocktail"] == "missing"
    assert [one.label for one in specification.departures(s04, TERMS.identity_of("CL:0000134"), TERMS)] == []


def test_a_limit_relative_to_a_reference_is_in_its_own_unit() -> None:
    """N04: POU5F1 and LIN28 below 1 % of undifferentiated cells; a percent of cells is not that."""
    name = "POU5F1 and LIN28 (qPCR)"
    n04 = ours(f"residual,{name},<,1,% of undifferentiated cells")
    assert one(n04, [result(name, "0.4", unit="% of undifferentiated cells")])[1] == "pass"
    assert one(n04, [result("OCT4", "0.4")])[1] == "missing"
    with pytest.raises(WrongUsage):
        result(name, "0.4")


def test_a_vitality_is_no_viability() -> None:
    """N02 has both, each with its limit, and beads in percent."""
    n02 = ours("vitality,vitality,>=,90,%", "viability,viability,>=,90,%", "beads,bead residues,<=,0.5,%")
    assert verdicts(n02, [result("vitality", "92"), result("bead residues", "0.1", row=3)]) == {
        "vitality": "pass", "viability": "missing", "beads": "pass"}  # fmt: skip


def test_a_match_with_the_origin_is_an_outcome() -> None:
    """N03: STR and HLA typing match their origin."""
    n03 = ours("str,STR,one of,match", "hla,HLA PCR-SBT,one of,match")
    lot = [result("STR", "match", unit=""), result("HLA PCR-SBT", "mismatch", unit="", row=3)]
    assert verdicts(n03, lot) == {"str": "pass", "hla": "fail"}


def test_what_a_criterion_asks_is_said_in_full() -> None:
    """Everything that is asked beside the value stands in what is expected."""
    spec = specification.load("s08-concert-hf-bone-marrow")
    said = {item.id: item.expected for item in judged(spec, []).criteria}
    assert said["sterility"] == "not detected, by Bactec or BacT/ALERT, for 14 d, due after release"
    assert said["viability"] == ">= 70 %, by trypan blue"


def test_six_are_still_six() -> None:
    """Nothing new changes what the six of identity say."""
    assert (judged(IDENTITY, panel()).verdict, len(SIX)) == ("pass", 6)


def _criterion(spec: Specification, name: str) -> Criterion:
    return next(item for item in spec.criteria if item.id == name)


def test_the_shapes_hold_what_is_asked_beside_the_value() -> None:
    """Method and duration are in the graph that is signed, not only in what is said about it."""
    sterility = _criterion(specification.load("s08-concert-hf-bone-marrow"), "sterility")
    suffixes = [shape[0] for shape in specification.property_shapes(sterility)]
    assert suffixes == ["present", "not-refuted", "shown", "shown-method", "shown-duration"]
    assert Decimal(336) == sterility.duration

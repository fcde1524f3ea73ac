"""Dangers of how and when a result was obtained, by their numbers in the list of dangers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from registry import intake, specifications
from registry.domain import Criterion, LotVerdict, Result, Specification
from registry.errors import WrongUsage
from registry.judgement import judge
from tests.lots import LOT, TERMS, judged, result, verdicts
from tests.writing import one, ours, read

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)

FROZEN = TERMS.stage("frozen product")
INFUSION = specifications.load("s05-type-2-diabetes-umbilical-infusion")
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
    return judge.judge_lots(INFUSION, {LOT: thawed()}, TERMS, compare=True, origins_by_lot=links)[0]


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
    for unclear in (pcr.replace("RT-PCR", ""), pcr):
        said = intake.read("panel.csv", (head + pcr + unclear).encode(), TERMS)
        assert [(error.row, error.found) for error in said.errors] == [(3, "negative")]
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


def test_what_a_criterion_asks_is_said_in_full() -> None:
    """Everything that is asked beside the value stands in what is expected."""
    spec = specifications.load("s08-concert-hf-bone-marrow")
    said = {item.id: item.expected for item in judged(spec, []).criteria}
    assert said["sterility"] == "not detected, by Bactec or BacT/ALERT, for 14 d, due after release"
    assert said["viability"] == ">= 70 %, by trypan blue"


def _criterion(spec: Specification, name: str) -> Criterion:
    return next(item for item in spec.criteria if item.id == name)


def test_the_shapes_hold_what_is_asked_beside_the_value() -> None:
    """Method and duration are in the graph that is signed, not only in what is said about it."""
    sterility = _criterion(specifications.load("s08-concert-hf-bone-marrow"), "sterility")
    suffixes = [shape[0] for shape in specifications.property_shapes(sterility)]
    assert suffixes == ["present", "not-refuted", "shown", "shown-method", "shown-duration"]
    assert Decimal(336) == sterility.duration

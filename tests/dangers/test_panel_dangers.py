"""The dangers of a panel: for each the clear refusal or the right verdict, through ``check`` as a lab runs it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from registry.cli import cli
from tests.lots import SIX

HEADER = "lot,characteristic,value,unit\n"


@dataclass(frozen=True)
class Said:
    """What ``check --format json`` answered, and its exit code."""

    code: int
    document: dict[str, Any]

    def verdict(self, lot: str = "P-07") -> str:
        return next(one["verdict"] for one in self.document["lots"] if one["lot"] == lot)

    def criterion(self, name: str, lot: str = "P-07") -> tuple[str, str | None]:
        """Verdict and observed value."""
        found = next(one for one in self.document["lots"] if one["lot"] == lot)
        item = next(one for one in found["criteria"] if one["id"] == name)
        return item["verdict"], item["observed"]

    def group(self, lot: str = "P-07") -> dict[str, str]:
        found = next(one for one in self.document["lots"] if one["lot"] == lot)
        return {"/".join(one["members"]): one["verdict"] for one in found.get("groups", ())}

    def errors(self) -> list[tuple[str | None, int | None, str | None, str, str]]:
        """(lot, row, column, found, message)."""
        names = ("lot", "row", "column", "found", "message")
        return [tuple(error[name] for name in names) for error in self.document["errors"]]  # type: ignore[misc]

    def warnings(self) -> list[tuple[str, str]]:
        return [(one["code"], one["message"]) for one in self.document["warnings"]]


@dataclass(frozen=True)
class Bench:
    """A folder to write panels into and check them."""

    folder: Path

    def check(self, text: str, specification: str = "msc-identity", name: str = "panel.csv") -> Said:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        ran = CliRunner().invoke(cli, ["check", str(path), "--specification", specification, "--format", "json"])
        return Said(ran.exit_code, json.loads(ran.stdout))

    def panel(self, specification: str = "msc-identity", **values: str | None) -> Said:
        """The six identity markers of one lot, with some changed or left out."""
        rows = {**SIX, **{name.replace("_", "-"): value for name, value in values.items()}}
        lines = [f"P-07,{name},{value},%\n" for name, value in rows.items() if value is not None]
        return self.check(HEADER + "".join(lines), specification)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_danger_01_a_fraction_taken_for_percent_is_refused_and_never_guessed(bench: Bench) -> None:
    """0.97 without a unit is an error; with % it is 0.97 %, fails, and a whole panel of such is warned about."""
    bare = bench.check(HEADER + "P-07,CD105,0.97,\n")
    message = (
        "CD105 has no unit: print % in the unit column. It is never guessed whether 0.97 is a percentage or a fraction."
    )
    assert (bare.code, bare.errors()) == (2, [("P-07", 2, "value", "0.97", message)])
    assert (bare.verdict(), bare.criterion("cd105")) == ("incomplete", ("missing", None))
    said = bench.panel(**dict.fromkeys(("CD73", "CD90", "CD105"), "0.97"), CD45="0.01", CD34="0", HLA_DR="0.02")
    warning = "All 6 marker values are at most 1 %: are they fractions, such as 0.97 for 97 %?"
    assert (said.code, said.verdict(), said.warnings()) == (1, "fail", [("all-below-one", warning)])


def test_danger_02_a_printed_negative_fraction_is_refused_with_the_likely_percent_positive(bench: Bench) -> None:
    """CD45− 95.38 is neither 95.38 % nor turned into 4.62 %."""
    for name in ("CD45-", "CD45−", "CD45 neg"):
        said = bench.check(HEADER + f"P-07,{name},95.38,%\n")
        (error,) = said.document["errors"]
        assert (said.code, said.verdict(), said.criterion("cd45")) == (2, "incomplete", ("missing", None))
        assert (error["column"], error["found"], error["expected"]) == (
            "characteristic",
            name,
            "CD45, percent positive: likely 4.62",
        )


@pytest.mark.parametrize(
    ("name", "printed", "verdict"),
    [
        ("CD73", ">95", "pass"),
        ("CD73", ">= 95", "pass"),
        ("CD73", ">90", "undetermined"),
        ("CD73", "<95", "fail"),
        ("CD45", "<2", "pass"),
        ("CD45", "<5", "undetermined"),
        ("CD45", ">2", "fail"),
    ],
)
def test_danger_03_a_limit_printed_as_a_result_shows_what_it_shows(
    bench: Bench, name: str, printed: str, verdict: str
) -> None:
    """An interval passes when all of it does and fails when none of it does."""
    said = bench.panel(**{name: printed})
    assert said.criterion(name.lower()) == (verdict, f"{printed} %")


def test_danger_04_a_cocktail_bounds_its_members_and_no_more(bench: Bench) -> None:
    """0.9 proves all of them; 2.5 proves none and refutes none, and the ISCT's verdict stays open."""
    rows = "".join(f"P-07,{name},99,%\n" for name in ("CD73", "CD90", "CD105"))
    low = bench.check(HEADER + rows + "P-07,CD34|CD11b|CD19|CD45|HLA-DR,0.9,%\n", "isct-2006-immunophenotype")
    assert (low.code, low.verdict(), low.criterion("cd34")) == (0, "pass", ("pass", "cocktail 0.9 %"))
    high = bench.check(HEADER + rows + "P-07,CD34|CD11b|CD19|CD45|HLA-DR,2.5,%\n", "isct-2006-immunophenotype")
    assert (high.code, high.verdict(), high.criterion("cd34")) == (1, "incomplete", ("undetermined", "cocktail 2.5 %"))


def test_danger_05_a_co_expression_gate_is_not_a_single_marker(bench: Bench) -> None:
    """CD45−/CD105+ of 94.5 neither shows nor refutes CD105."""
    rows = {**SIX, "CD105": None}
    lines = "".join(f"P-07,{name},{value},%\n" for name, value in rows.items() if value)
    said = bench.check(HEADER + lines + "P-07,CD45-/CD105+,94.5,%\n")
    assert (said.code, said.verdict(), said.criterion("cd105")) == (1, "incomplete", ("missing", None))
    assert said.document["errors"] == []


def test_danger_11_not_evaluable_is_not_a_pass(bench: Bench) -> None:
    """A state beside pass and fail: undetermined when evaluation failed, missing when nothing was tested."""
    said = bench.panel(CD90="not evaluable", CD34="not tested")
    assert (said.code, said.verdict()) == (1, "incomplete")
    assert said.criterion("cd90") == ("undetermined", "not evaluable")
    assert said.criterion("cd34") == ("missing", "not tested")


@pytest.mark.parametrize(
    ("name", "printed", "verdict"),
    [
        ("CD90", "94.75", "fail"),
        ("CD73", "94.6", "fail"),
        ("CD73", "94.999", "fail"),
        ("CD73", "95", "pass"),
        ("CD73", "95.0", "pass"),
        ("CD45", "2", "pass"),
        ("CD45", "2.0001", "fail"),
    ],
)
def test_danger_12_at_the_boundary_nothing_is_rounded(bench: Bench, name: str, printed: str, verdict: str) -> None:
    """94.75 is not 95, and 95 is at least 95."""
    assert bench.panel(**{name: printed}).criterion(name.lower())[0] == verdict


@pytest.mark.parametrize(
    ("cd14", "cd11b", "verdict"),
    [
        ("0.5", None, "pass"),
        (None, "0.5", "pass"),
        ("0.5", "0.5", "pass"),
        ("0.5", "2.5", "fail"),
        (None, None, "missing"),
    ],
)
def test_danger_13_one_of_an_either_or_suffices_and_none_may_fail(
    bench: Bench, cd14: str | None, cd11b: str | None, verdict: str
) -> None:
    """CD14 or CD11b; CD79a or CD19."""
    said = bench.panel("isct-2006-immunophenotype", CD14=cd14, CD11b=cd11b, CD19="0.3")
    assert said.group() == {"cd14/cd11b": verdict, "cd79a/cd19": "pass"}
    assert said.verdict() == {"pass": "pass", "fail": "fail", "missing": "incomplete"}[verdict]


@pytest.mark.parametrize(
    ("printed", "unit", "likely"),
    [
        ("0.2×107", "cells", "0.2×10⁷ = 2000000. Print 0.2E7"),
        ("0.2x107", "cells", "0.2×10⁷ = 2000000. Print 0.2E7"),
        ("5 × 106", "cells", "5×10⁶ = 5000000. Print 5E6"),
    ],
)
def test_danger_14_a_lost_superscript_is_refused_with_its_likely_meaning(
    bench: Bench, printed: str, unit: str, likely: str
) -> None:
    """Every mirror of the trial prints 0.2×107."""
    said = bench.check(HEADER + f"P-07,viable cells per dose,{printed},{unit}\n")
    message = f"The superscript is lost: '{printed}' likely means {likely}."
    assert (said.code, said.errors()) == (2, [("P-07", 2, "value", printed, message)])


@pytest.mark.parametrize("printed", ["0.2e7", "2E6", "2000000", "2 × 10^6", "0.2×10⁷"])
def test_danger_14_a_power_of_ten_that_is_written_out_is_read(bench: Bench, printed: str) -> None:
    """All of these are two million."""
    said = bench.check(HEADER + f"P-07,viable cells per dose,{printed},cells\n", "s08-concert-hf-bone-marrow")
    assert said.document["errors"] == []


@pytest.mark.parametrize(
    ("name", "value", "unit"),
    [
        ("endotoxin", "0.5", "CFU/mL"),
        ("FSH", "25", "ng/mL"),
        ("viability", "95", "EU/mL"),
        ("CD73", "98", "cells/mL"),
    ],
)
def test_danger_15_a_unit_that_the_characteristic_does_not_admit_is_refused(
    bench: Bench, name: str, value: str, unit: str
) -> None:
    """Even where an authority prints it."""
    said = bench.check(HEADER + f"P-07,{name},{value},{unit}\n")
    assert (said.code, [error[:4] for error in said.errors()]) == (2, [("P-07", 2, "unit", unit)])


@pytest.mark.parametrize(("value", "unit"), [("0.1", "EU/kg"), ("2.0", "EU")])
def test_danger_15_an_admitted_unit_that_cannot_be_converted_decides_nothing(
    bench: Bench, value: str, unit: str
) -> None:
    """Against a limit in EU/mL a figure per kilogram, or without a denominator, is undetermined."""
    said = bench.check(HEADER + f"P-07,endotoxin,{value},{unit}\n", "s06-quality-system-umbilical")
    assert (said.document["errors"], said.criterion("endotoxin")[0]) == ([], "undetermined")


@pytest.mark.parametrize("species", ["mouse", "Mus musculus", "dog", "NCBITaxon:10090", "hunan"])
def test_danger_23_a_panel_that_names_another_species_is_refused(bench: Bench, species: str) -> None:
    """Mouse and dog panels look alike; a name that nobody knows is not taken for the right one."""
    said = bench.check(f"lot,characteristic,value,unit,species\nP-07,CD73,98,%,{species}\nP-08,CD73,98,%,human\n")
    assert [error[:4] for error in said.errors()] == [("P-07", 2, "species", species)]
    assert (said.criterion("cd73")[0], said.criterion("cd73", "P-08")[0]) == ("missing", "pass")


def test_danger_24_the_same_figures_under_two_lots_are_warned_about(bench: Bench) -> None:
    """Both are judged all the same."""
    rows = "".join(f"{lot},{name},{value},%\n" for lot in ("P-07", "P-08") for name, value in SIX.items())
    said = bench.check(HEADER + rows)
    message = "Lots 'P-07' and 'P-08' have the same 6 figures throughout: were they copied?"
    assert (said.code, said.verdict("P-08"), said.warnings()) == (0, "pass", [("identical-panels", message)])


@pytest.mark.parametrize(
    "printed",
    [
        "ERROR",
        "NaN",
        "13.2 (Uncertain",
        "98 (Out of optimal range)",
        "98*",
        "Not determined",
        "98.4 ± 0.3",
        "n.d.",
        "-",
    ],
)
def test_danger_27_a_flagged_number_is_not_a_clean_one(bench: Bench, printed: str) -> None:
    """Instrument flags, aggregates and words of two meanings are row errors, whatever number stands beside them."""
    said = bench.panel(CD73=printed)
    assert (said.code, said.verdict(), said.criterion("cd73")) == (2, "incomplete", ("missing", None))
    assert [error[:4] for error in said.errors()] == [("P-07", 2, "value", printed)]


def test_danger_27_an_instruments_warning_in_the_status_column_is_not_overlooked(bench: Bench) -> None:
    """NC-View: Warning: Foreign object detected; OK is fine."""
    flag = "Warning: Foreign object detected"
    said = bench.check(f"lot,characteristic,value,unit,status\nP-07,CD73,98,%,{flag}\nP-08,CD73,98,%,OK\n")
    assert [error[:4] for error in said.errors()] == [("P-07", 2, "status", flag)]
    assert said.criterion("cd73", "P-08") == ("pass", "98 %")


@pytest.mark.parametrize("printed", ["96.5%", "96.5 %", "96,5", "9.65E+01", "96.50"])
def test_danger_28_numbers_are_read_in_the_forms_that_laboratories_print(bench: Bench, printed: str) -> None:
    """Per cent sign, decimal comma, exponent."""
    said = bench.check(f'{HEADER}P-07,CD73,"{printed}",%\n')
    assert said.criterion("cd73")[0] == "pass"


def test_danger_28_thousands_and_ambiguous_commas(bench: Bench) -> None:
    """274 000 with a no-break space is a number; 98,500 may be two."""
    rows = 'P-07,viable cell concentration,274\u00a0000,cells/mL\nP-08,CD73,"98,500",%\n'
    said = bench.check(HEADER + rows)
    message = (
        "'98,500' can be read as 98.500 or as 98500: print it with a decimal point, and without a mark for thousands."
    )
    assert said.errors() == [("P-08", 3, "value", "98,500", message)]


def test_danger_32_swapped_labels_fail_and_are_warned_about(bench: Bench) -> None:
    """CD45 99 and CD90 0.3 in one panel."""
    said = bench.panel(CD45="99", CD90="0.3")
    message = "CD45 99 beside CD90 0.3 in one panel: are the labels of positive and negative markers swapped?"
    assert (said.code, said.verdict(), said.warnings()) == (1, "fail", [("swapped-markers", message)])


def test_danger_32_a_lot_spelled_in_two_ways_or_not_at_all_never_passes(bench: Bench) -> None:
    """A wrong lot number is not silently another lot."""
    rows = "".join(
        f"{lot},{name},{value},%\n" for lot, (name, value) in zip(["P-07"] * 5 + ["p-07"], SIX.items(), strict=True)
    )
    said = bench.check(HEADER + rows)
    assert (said.code, [error[:4] for error in said.errors()]) == (
        2,
        [("P-07", 2, "lot", "P-07"), ("p-07", 7, "lot", "p-07")],
    )
    nameless = bench.check(HEADER + "".join(f",{name},{value},%\n" for name, value in SIX.items()))
    assert (nameless.code, nameless.document["lots"], {error[2] for error in nameless.errors()}) == (2, [], {"lot"})

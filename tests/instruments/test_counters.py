"""Counters' real exports: every value is the file's own, every flag survives, nothing is invented."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from decimal import Decimal

import pytest

from registry import intake
from registry.domain import Intake, Result
from registry.errors import Refused
from registry.intake import instruments
from tests.instruments import synthetic
from tests.instruments.conftest import TERMS, mapping_of, mended

Real = Callable[[str], bytes]
BLU = mapping_of(
    "sample,CLB*,CLB*,,,,,",
    "column,Viability (%),,,viability (trypan blue),,%,",
    "column,Viable (x10^6) cells/mL,,,viable cell density,,10^6 cells/mL,",
    "column,Total (x10^6) cells/mL,,,total cell density,,10^6 cells/mL,",
)
NUCLEO = mapping_of(
    "sample,cellsABCD,P-07,,,,,",
    "sample,1111_viability*,P-08,,,,,",
    "column,Viability (%),,,viability (NucleoCounter),,%,",
    "column,Live (cells/ml),,,viable cell density,,cells/mL,",
    "column,Total (cells/ml),,,total cell density,,cells/mL,",
)


def said(results: tuple[Result, ...]) -> list[tuple[str, str, str, int | None, Decimal | str | None]]:
    """(lot, column, printed, row, number or state) of each result."""
    return [
        (
            one.lot,
            one.source.column or "",
            one.printed,
            one.source.row,
            one.reading.interval.low if one.reading.interval else one.reading.state,
        )
        for one in results
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("Beckman_Vi-Cell-BLU_different_mu_character.csv", "utf-8"),
        ("Beckman_Vi-Cell-BLU_example01.csv", "utf-8"),
        ("Beckman_Vi-Cell-BLU_example01_utf16.csv", "utf-16"),
        ("Beckman_Vi-Cell-BLU_example02.csv", "utf-8"),
    ],
)
def test_vi_cell_blu_is_read_to_the_letter(real: Real, name: str, encoding: str) -> None:
    """Each row gives viability and both concentrations as printed; a row with ERROR in it gives no clean number."""
    rows = list(csv.DictReader(io.StringIO(real(name).decode(encoding))))
    expected = []
    for number, row in enumerate(rows, start=2):
        for column in ("Total (x10^6) cells/mL", "Viable (x10^6) cells/mL", "Viability (%)"):
            broken = "ERROR" in row.values()
            printed = f"{row[column]} (not evaluable)" if broken else row[column]
            value = "not evaluable" if broken else Decimal(row[column])
            expected.append((row["Sample ID"], column, printed, number, value))
    read = intake.read(name, real(name), TERMS, mapping=BLU)
    assert said(read.results) == expected
    assert read.errors == ()


def test_an_error_in_the_counts_is_named_beside_the_viability(real: Real) -> None:
    """CLB008's viability stands in the file without the counts it is made of."""
    name = "Beckman_Vi-Cell-BLU_example01.csv"
    (viability,) = [
        r for r in intake.read(name, real(name), TERMS, mapping=BLU).results
        if r.lot == "CLB008" and r.source.column == "Viability (%)"
    ]  # fmt: skip
    assert dict(viability.details) == {
        "instrument": "Vi-CELL BLU",
        "analyst": "Vi-CELL",
        "tested_at": "3/25/2022 11:14 (no time zone in the file)",
        "sample_name": "CLB008",
        "note": "Cell count: ERROR; Viable cells: ERROR",
        "mapping": f"lab {BLU.file}",
    }  # fmt: skip


def test_vi_cell_xr_text(real: Real) -> None:
    """Name and value lines, each with its line number."""
    mapping = mapping_of(
        "sample,CLB001,P-07,,,,,",
        "column,Viability (%),,,viability (trypan blue),,%,",
        "column,Total viable cells / ml (x 10^6),,,viable cell density,,10^6 cells/mL,",
    )
    name = "Beckman_Vi-Cell-XR_example07_instrumentOutput.txt"
    read = intake.read(name, real(name), TERMS, mapping=mapping)
    assert said(read.results) == [
        ("P-07", "Viability (%)", "97.0", 19, Decimal("97.0")),
        ("P-07", "Total viable cells / ml (x 10^6)", "87.4", 21, Decimal("87.4")),
    ]
    assert dict(read.results[0].details) == {
        "instrument": "Vi-CELL XR", "serial_number": "AW123456789", "sample_name": "CLB001",
        "tested_at": "29 Sep 2023 5:21:32 AM (no time zone in the file)", "mapping": f"lab {mapping.file}",
    }  # fmt: skip


def test_vi_cell_xr_workbook(real: Real) -> None:
    """The header's two rows are one name a column, and 3.10 stays 3.10."""
    mapping = mapping_of(
        "sample,CLB*,P-*,,,,,",
        "column,Viability (%),,,viability (trypan blue),,%,",
        "column,Total cells /ml (x10^6),,,total cell density,,10^6 cells/mL,",
    )
    name = "Beckman_Vi-Cell-XR_example05_instrumentOutput.xlsx"
    read = intake.read(name, real(name), TERMS, mapping=mapping)
    assert [(lot, printed, row) for lot, _, printed, row, _ in said(read.results)] == [
        ("P-001", "98.4", 7), ("P-001", "3.10", 7), ("P-002", "98.8", 8), ("P-002", "6.42", 8),
        ("P-003", "98.8", 9), ("P-003", "9.32", 9), ("P-004", "98.8", 10), ("P-004", "4.59", 10),
    ]  # fmt: skip


def test_nc_view_warnings_leave_no_clean_number(real: Real) -> None:
    """Two of 32 rows say 'Foreign object detected'; thousands are marked with no-break spaces beside 1.07E+06."""
    name = "chememotec_nc_view_example.csv"
    mapping = mapping_of(
        "sample,*,N-*,,,,,",
        "column,VIABILITY (%),,,viability (NucleoCounter),,%,",
        "column,LIVE (cells/ml),,,viable cell density,,cells/mL,",
    )
    expected = []
    for number, row in enumerate(csv.DictReader(io.StringIO(real(name).decode("utf-8-sig"))), start=2):
        for column in ("LIVE (cells/ml)", "VIABILITY (%)"):
            value = Decimal(row[column].replace("\u00a0", ""))
            flagged = row["STATUS"] != "OK"
            printed = f"{row[column]} (not evaluable)" if flagged else row[column]
            state = "not evaluable" if flagged else value
            expected.append((f"N-{row['SAMPLE ID']}", column, printed, number, state))
    read = intake.read(name, real(name), TERMS, mapping=mapping)
    assert said(read.results) == expected
    notes = {dict(r.details).get("note") for r in read.results if r.reading.state}
    assert (notes, len(expected)) == ({"Warning: Foreign object detected"}, 64)


@pytest.mark.parametrize("number", range(1, 8))
def test_nucleoview_is_read_to_the_letter(real: Real, number: int) -> None:
    """Clean values as printed, flagged ones as not evaluable, a missing row as no result: never −0.0."""
    name = f"chemometec_nucleoview_example0{number}.csv"
    text = real(name).decode()
    lines = text.splitlines()
    expected = []
    for column in ("Viability (%)", "Live (cells/ml)", "Total (cells/ml)"):
        found = [(at, line) for at, line in enumerate(lines, start=1) if line.startswith(f"{column};")]
        for at, line in found:
            printed = line.split(";")[1]
            clean = re.fullmatch(r"[0-9.]+(?:E[0-9]+)?", printed)
            expected.append(
                ("P-07", column, printed if clean else f"{printed} (not evaluable)", at,
                 Decimal(f"{Decimal(printed):f}") if clean else "not evaluable")
            )  # fmt: skip
    read = intake.read(name, real(name), TERMS, mapping=NUCLEO)
    assert said(read.results) == expected
    missing = [notice.message for notice in read.notices if notice.code == "no-value"]
    assert missing == (["The sample 'cellsABCD' has no value for Live (cells/ml)."] if number == 7 else [])


def test_nucleoview_times_carry_their_zone(real: Real) -> None:
    """Where the file gives an offset it is kept; where it gives no time, that is said."""
    times = []
    for number in (1, 2, 3):
        name = f"chemometec_nucleoview_example0{number}.csv"
        times.append(dict(intake.read(name, real(name), TERMS, mapping=NUCLEO).results[0].details)["tested_at"])
    assert times == ["2023-11-20T16:30:16+02:00", "2023-11-20T11:03:00-07:00", "no time in the file"]


def test_a_time_that_no_calendar_has_refuses_its_sample(real: Real) -> None:
    """1999-09-99 is not made into 1970."""
    name = "chemometec_nucleoview_example08.csv"
    read = intake.read(name, real(name), TERMS, mapping=NUCLEO)
    assert [(e.lot, e.column, e.expected, e.found) for e in read.errors] == [
        ("P-08", "Time (UTC)", "a time that exists", "1999-09-99 09:49:29")
    ]
    assert read.results == ()


def test_figures_that_cannot_all_be_true_are_refused(real: Real) -> None:
    """The Cellaca example has more living cells than cells."""
    name = "Cellaca_Example_1.csv"
    mapping = mapping_of("sample,Plate1/*,C-*,,,,,", "column,Viability (%),,,viability (AO/PI),,%,")
    read = intake.read(name, real(name), TERMS, mapping=mapping)
    assert [(e.lot, e.row, e.found) for e in read.errors] == [
        ("C-1", 11, "0.50 viable cells among 0.30 cells"),
        ("C-2", 12, "0.51 viable cells among 0.30 cells"),
        ("C-3", 13, "0.52 viable cells among 0.39 cells"),
    ]
    assert read.results == ()


def test_cellaca_with_true_figures_is_read(real: Real) -> None:
    """The same file, its totals mended."""
    data = mended(real("Cellaca_Example_1.csv"))
    mapping = mapping_of("sample,Plate1/*,C-*,,,,,", "column,Viability (%),,,viability (AO/PI),,%,")
    read = intake.read("cellaca.csv", data, TERMS, mapping=mapping)
    assert [(lot, printed) for lot, _, printed, _, _ in said(read.results)] == [
        ("C-1", "90.00"), ("C-2", "90.00"), ("C-3", "91.00"),
    ]  # fmt: skip
    assert dict(read.results[0].details)["serial_number"] == "MX-123-123"


def made_up(*rows: str) -> Intake:
    data = synthetic.blu(*rows)
    mapping = mapping_of("sample,CLB*,CLB*,,,,,", "column,Viability (%),,,viability (trypan blue),,%,")
    return intake.read("made-up.csv", data, TERMS, mapping=mapping)


def test_a_reanalysis_is_a_retest_of_the_first_analysis() -> None:
    """The row without a reanalysis time, of the same sample and the same analysis, is what it supersedes."""
    read = made_up(synthetic.blu_row("CLB1"), synthetic.blu_row("CLB1", again="11/22/2026 12:00"))
    first, again = read.results
    assert (first.relation, again.relation, again.supersedes, again.reason) == (
        None, "retest", "row 2", "reanalysed on the instrument at 11/22/2026 12:00",
    )  # fmt: skip
    assert dict(again.details)["analyst"] == "reviewer"


def test_a_reanalysis_without_its_first_analysis_is_refused() -> None:
    """Nobody can say what it supersedes."""
    read = made_up(synthetic.blu_row("CLB1", again="11/22/2026 12:00"))
    assert [(e.lot, e.column, e.found) for e in read.errors] == [("CLB1", "Reanalysis date/time", "11/22/2026 12:00")]
    assert read.results == ()


def test_two_readers_that_differ_take_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """When the second reader reads another number, the sample is an error of its own."""
    said_otherwise = {"sample": "CLB1", "numbers": {"viability (cell counter)": 59.0}, "populations": []}
    monkeypatch.setattr(instruments.second_reader, "_asked", lambda *_: [said_otherwise])
    read = made_up(synthetic.blu_row("CLB1"))
    assert [(e.lot, e.column, e.expected, e.found) for e in read.errors] == [("CLB1", "Cell count", "1000", "nothing")]
    assert read.results == ()


def test_another_instruments_mapping_is_refused(real: Real) -> None:
    """Viability (%) is another method on another counter."""
    mapping = mapping_of("sample,*,*,,,,,", "setting,instrument,,,,,,NucleoCounter NC-200")
    name = "Beckman_Vi-Cell-BLU_example01.csv"
    with pytest.raises(Refused) as caught:
        intake.read(name, real(name), TERMS, mapping=mapping)
    assert (caught.value.expected, caught.value.found) == ("NucleoCounter NC-200", "Vi-CELL BLU")


def test_a_unit_that_is_not_the_files_is_refused(real: Real) -> None:
    """The file counts in millions."""
    mapping = mapping_of("sample,CLB001,P-07,,,,,", "column,Viable (x10^6) cells/mL,,,viable cell density,,cells/mL,")
    name = "Beckman_Vi-Cell-BLU_different_mu_character.csv"
    read = intake.read(name, real(name), TERMS, mapping=mapping)
    assert [(e.expected, e.found) for e in read.errors] == [("10^6 cells/mL", "cells/mL")]
    assert read.results == ()


def test_without_a_mapping_each_sample_names_the_line_to_add(real: Real) -> None:
    """A sample's name is never taken for a lot."""
    name = "Beckman_Vi-Cell-BLU_different_mu_character.csv"
    read = intake.read(name, real(name), TERMS)
    assert [(e.lot, e.row, e.message) for e in read.errors] == [
        (None, 2, "The sample 'CLB001' is not mapped to a lot, and a sample's name is never taken for one: add the "
                  "line sample,CLB001,LOT to a mapping, or ignore,CLB001 if it is no lot's.")
    ]  # fmt: skip
    assert read.results == ()


def test_what_is_not_mapped_is_listed(real: Real) -> None:
    """Columns that the mapping leaves out are named once, and not read."""
    name = "Beckman_Vi-Cell-BLU_different_mu_character.csv"
    mapping = mapping_of("sample,CLB001,P-07,,,,,", "column,Viability (%),,,viability (trypan blue),,%,")
    read = intake.read(name, real(name), TERMS, mapping=mapping)
    assert [n.message for n in read.notices if n.code == "not-mapped"] == [
        "Not mapped, so not read: Cell count, Viable cells, Total (x10^6) cells/mL, Viable (x10^6) cells/mL, "
        "Average diameter (μm), Average viable diameter (μm)."
    ]

"""A printed dose is one whole number of cells, or refused with what it may mean."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.intake.values.cell_dose import cells_within, read_cells
from registry.intake.values.unreadable_value import Misprint

RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@pytest.mark.parametrize(
    "printed",
    ["2000000", "2e6", "0.2e7", "0.2E+07", "2×10^6", "2 x 10^6", "0.2 × 10⁷", "2 * 10**6", "2 million", "2,000,000",
     "2 000 000", "2e6 cells", "2×10⁶ viable cells"],
)  # fmt: skip
def test_every_way_to_print_two_million_cells_is_read(printed: str) -> None:
    """Powers of ten, groups of three, and the word."""
    assert read_cells(printed) == 2_000_000


@pytest.mark.parametrize(
    ("printed", "literally", "likely"),
    [("0.2×107", "21.4", "2000000"), ("2x106", "212", "2000000"), ("0.5 x 107 cells", "53.5", "5000000")],
)
def test_a_lost_superscript_is_refused_with_both_readings(printed: str, literally: str, likely: str) -> None:
    """Neither is chosen."""
    with pytest.raises(Misprint) as refusal:
        read_cells(printed)
    assert f"= {likely} cells" in refusal.value.message
    assert refusal.value.message.endswith(f"as {literally} cells.")


@pytest.mark.parametrize("printed", ["", "21.4", "2,000", "2.5", "-2e6", "2e13", "2e99", "two", "NaN", "1e", "9" * 200])
def test_what_is_no_dose_is_refused(printed: str) -> None:
    """A fraction of a cell, fewer than a thousand, more than there can be, a group that may be a decimal."""
    with pytest.raises(Misprint):
        read_cells(printed)


def test_a_longer_text_gives_its_powers_of_ten_alone() -> None:
    """Ages, days and people are plain numbers."""
    text = "28 women under 40 receive 0.5×10^7 or 1.0 × 10⁷ cells per ovary, 5×10⁶ again, and are seen for 12 months"
    assert cells_within(text) == (5_000_000, 10_000_000)
    assert cells_within("28 women, 2000000 cells") == ()
    with pytest.raises(Misprint, match="superscript"):
        cells_within("Low dose (0.2×107) in both ovaries")


@given(st.integers(1, 999), st.integers(3, 9))
def test_a_printed_power_and_the_number_in_full_are_one(lead: int, power: int) -> None:
    """For every lead and power, in each notation."""
    whole = lead * 10**power
    raised = str(power).translate(RAISED)
    for printed in (str(whole), f"{lead}e{power}", f"{lead}×10^{power}", f"{lead} × 10{raised}"):
        assert read_cells(printed) == whole


@given(st.text(max_size=120))
def test_any_text_gives_a_number_or_a_misprint(text: str) -> None:
    """And nothing else."""
    with suppress(Misprint):
        assert 1000 <= read_cells(text) <= 10**12

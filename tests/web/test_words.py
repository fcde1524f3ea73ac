"""How the pages write texts: capitals, refusals as headings, time that is left."""

from __future__ import annotations

import pytest

from web.number_format import capital, left, observed, told


@pytest.mark.parametrize(
    ("text", "written"),
    [("on hold", "On hold"), ("OOS supply", "OOS supply"), ("certificate of H-03", "Certificate of H-03"), ("", "")],
)
def test_a_capital_changes_the_first_letter_alone(text: str, written: str) -> None:
    """Abbreviations and identifiers within a text keep their letters."""
    assert capital(text) == written


@pytest.mark.parametrize(
    ("until", "said"),
    [
        ("2026-12-10T09:30:00+00:00", "8 days 21 hours left"),
        ("2026-12-02T12:30:20+00:00", "1 day left"),
        ("2026-12-01T13:31:00+00:00", "1 hour 1 minute left"),
        ("2026-12-01T12:30:30+00:00", "less than a minute left"),
        ("2026-12-01T12:30:00+00:00", ""),
        (None, ""),
    ],
)
def test_what_is_left_is_said_in_its_two_largest_units(until: str | None, said: str) -> None:
    """Nothing is said of a time that is over."""
    assert left(until, "2026-12-01T12:30:00+00:00") == said


@pytest.mark.parametrize(
    ("printed", "written"),
    [
        ("2.4E+07 cells", "2.4E+07 cells (24\u202f000\u202f000)"),
        ("1,07e6 cells", "1,07e6 cells (1\u202f070\u202f000)"),
        (">=2E+07 cells", "≥2E+07 cells (20\u202f000\u202f000)"),
        ("1.2E-03 %", "1.2E-03\u00a0% (0.0012)"),
        ("24000000 cells", "24000000 cells"),
        ("98,5 %", "98,5\u00a0%"),
        ("lot 2E1A", "lot 2E1A"),
        (None, ""),
    ],
)
def test_a_power_of_ten_stands_beside_its_plain_number(printed: str | None, written: str) -> None:
    """What a laboratory printed is kept, and can be held against a limit written otherwise."""
    assert observed(printed) == written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        (
            "Held at 2026-11-21 14:05 +01:00: <40 min>.",
            'Held at <time datetime="2026-11-21T14:05+01:00">2026-11-21 14:05 +01:00</time>: &lt;40 min&gt;.',
        ),
        (
            "at 2026-11-21 14:05:09 +00:00",
            'at <time datetime="2026-11-21T14:05:09+00:00">2026-11-21 14:05:09 +00:00</time>',
        ),
        ("CD73 >= 95 %, made 2026-11-21", "CD73 ≥\u00a095\u00a0%, made 2026-11-21"),
        (None, ""),
    ],
)
def test_a_time_within_a_sentence_is_one_piece(text: str | None, written: str) -> None:
    """A page never ends a line within it; a name or a reason becomes no markup."""
    assert str(told(text)) == written

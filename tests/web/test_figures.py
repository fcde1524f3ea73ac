"""Large figures of ours are grouped, so that nobody miscounts zeros; what a laboratory printed stays as printed."""

from __future__ import annotations

import pytest

from tests.web.conftest import HTML, Site
from web.number_format import figure, limit, signs

LONG = "23\u202f615\u202f384.62"


@pytest.mark.parametrize(
    ("number", "shown"),
    [("23615384.62", LONG), ("9999", "9999"), ("-20000", "-20\u202f000"), ("0.125000", "0.125000"), ("95", "95")],
)
def test_a_figure_is_grouped_from_five_digits_on(number: str, shown: str) -> None:
    """By narrow spaces, which no reader takes for a decimal sign; its decimals stay as they are."""
    assert figure(number) == shown


@pytest.mark.parametrize(
    ("expected", "shown"),
    [
        (">= 20000000 cells", "≥\u00a020\u202f000\u202f000 cells"),
        ("> 10000 and <= 250000.5 EU", ">\u00a010\u202f000 and ≤\u00a0250\u202f000.5 EU"),
        (">= 95 %, by assay 123456", "≥\u00a095\u00a0%, by assay 123456"),
    ],
)
def test_a_limit_has_its_figures_grouped(expected: str, shown: str) -> None:
    """Those that follow a comparator: the number in the name of a method is no figure."""
    assert limit(expected) == shown


def test_what_a_laboratory_printed_is_never_grouped(site: Site) -> None:
    """Neither where it is told, nor beside its limit."""
    assert signs("27500000 cells") == "27500000 cells"
    assert signs("below -150 °C") == "below -150\u00a0°C"
    page = site.client().get("/evidence/H-03", headers={**site.bearer("quality"), **HTML}).text
    assert '<td role="cell" data-said="Observed">98.5\u00a0%' in page

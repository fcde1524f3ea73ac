"""Trends: what a chart says beside its lines, and which lots it leaves out."""

from __future__ import annotations

import re

import pytest

from registry.registry import ProductDraft
from tests.web.conftest import HTML, PASSWORD, Site

STRICT = """\
specification,strict
version,1
title,Limits that are not met by the figure itself
source,made up for this test

id,characteristic,operator,limit,unit
cd73,CD73,>,90,%
cd45,CD45,<,0.1,%
viable,viability,range,above 90 to 98,%
cd90,CD90,>=,90,%
cd34,CD34,<=,2,%
"""


@pytest.fixture(scope="module")
def strict(site: Site) -> Site:
    """A product with strict and other limits, and one lot of exactly 90 % CD73."""
    draft = ProductDraft("STRICT", "strict cells", "CL:0000134", "a cell line", "allogeneic", "NCBITaxon:9606")
    site.registry.add_product(draft, "lab.one")
    once = site.registry.create_account("quality.two", "quality unit", "Dr Second", by="admin")
    site.registry.change_password("quality.two", once, PASSWORD)
    site.registry.draft("strict.csv", STRICT.encode(), name="quality.two", password=PASSWORD)
    found = site.registry.departures(site.registry.specification("strict"), "STRICT")
    site.registry.approve(
        "STRICT", "strict", name="quality", password=PASSWORD, meaning="I approve it.",
        justifications={one.characteristic: "A test." for one in found if one.kind != "weaker limit"},
    )  # fmt: skip
    rows = "".join(f"S-1,{name},{value},%\n" for name, value in (("CD73", 90), ("CD45", 0), ("viability", 95),
                                                               ("CD90", 90), ("CD34", 2)))  # fmt: skip
    site.submit(site.add_lot("S-1", "STRICT"), f"lot,characteristic,value,unit\n{rows}".encode())
    return site


@pytest.mark.parametrize(
    ("criterion", "said"),
    [("cd73", ["> 90 %"]), ("cd45", ["< 0.1 %"]), ("viable", ["≤ 98 %", "> 90 %"]), ("cd90", ["≥ 90 %"]),
     ("cd34", ["≤ 2 %"])],
)  # fmt: skip
def test_a_strict_limit_is_drawn_as_one(strict: Site, criterion: str, said: list[str]) -> None:
    """A point of exactly 90 % fails ``> 90 %``, so the line must not say ``≥ 90 %``."""
    page = strict.client().get(f"/trends/STRICT?criterion={criterion}", headers={**strict.bearer("quality"), **HTML})
    assert re.findall(r'<line class="limit".*?<text [^>]*>([^<]*)</text>', page.text) == [
        text.replace(">", "&gt;").replace("<", "&lt;") for text in said
    ]


def test_the_data_of_a_trend_say_whether_the_limit_itself_is_met(strict: Site) -> None:
    """Beside the figure stands whether it is excluded, and the lot of exactly 90 % has failed."""
    found = strict.client().get("/trends/STRICT.json?criterion=cd73", headers=strict.bearer("quality")).get_json()
    trend = found["trend"]
    limits = [trend[name] for name in ("limit_low", "limit_low_open", "limit_high", "limit_high_open")]
    assert (limits, [one["verdict"] for one in trend["points"]]) == (["90", True, None, False], ["fail"])

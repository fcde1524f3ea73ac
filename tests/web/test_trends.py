"""Trends: what a chart says beside its lines, and which lots it leaves out."""

from __future__ import annotations

import re

import pytest

from registry.services import ProductDraft
from tests.people import account_of
from tests.web.conftest import HTML, PASSWORD, Site

WHY = "Made up so that a chart draws a limit which the figure itself does not meet: see doi 10.1000/182"
STRICT = """\
specification,strict
version,1
title,Limits that are not met by the figure itself
source,made up for this test

id,characteristic,operator,limit,unit,justification
cd73,CD73,>,90,%,"{why}"
cd105,CD105,>=,95,%
mhc-ii,MHC II,<=,2,%
cd45,CD45,<,0.1,%
viable,viability,range,above 90 to 98,%
cd90,CD90,>=,90,%,"{why}"
cd34,CD34,<=,2,%
""".replace("{why}", WHY)


@pytest.fixture(scope="module")
def strict(site: Site) -> Site:
    """A product with strict and other limits, and one lot of exactly 90 % CD73."""
    draft = ProductDraft("STRICT", "strict cells", "CL:0000134", "a cell line", "allogeneic", "NCBITaxon:9606")
    site.registry.products.register(draft, account_of(site.registry, "lab.one"))
    once = site.registry.accounts.create(
        "quality.two", "quality unit", "Dr Second", by=account_of(site.registry, "admin")
    )
    site.registry.accounts.change_password("quality.two", once, PASSWORD)
    site.registry.specifications.draft("strict.csv", STRICT.encode(), name="quality.two", password=PASSWORD)
    site.registry.specifications.approve(
        "STRICT", "strict", name="quality", password=PASSWORD, meaning="I approve it.",
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


def test_lots_judged_under_another_criterion_are_named(strict: Site) -> None:
    """A released lot keeps to its specification, where MHC II is asked for: HLA-DR was recorded, and not judged."""
    lot = strict.add_lot("T-old")
    strict.submit(lot)
    strict.sign(lot, "release")
    text = STRICT.replace("specification,strict", "specification,strict-dr").replace(
        "cd34,CD34,<=,2,%", "cd34,CD34,<=,2,%\nhla-dr,HLA-DR,<=,2,%"
    )
    strict.registry.specifications.draft("dr.csv", text.encode(), name="quality.two", password=PASSWORD)
    strict.registry.specifications.approve(
        "POI-M", "strict-dr", name="quality", password=PASSWORD, meaning="I approve it.", justifications={"CD73": WHY},
    )  # fmt: skip
    strict.submit(strict.add_lot("T-new"))
    address = "/trends/POI-M{}?criterion=hla-dr"
    trend = strict.client().get(address.format(".json"), headers=strict.bearer("quality")).get_json()["trend"]
    drawn = {one["lot"] for one in trend["points"]}
    assert ("T-old" in trend["elsewhere"], "T-new" in drawn, drawn & set(trend["elsewhere"])) == (True, True, set())
    assert {one["lot"]: (one["low"], one["observed"], one["verdict"]) for one in trend["recorded"]}["T-old"] == (
        "1.1", "1.1 %", ""
    )  # fmt: skip
    page = strict.client().get(address.format(""), headers={**strict.bearer("quality"), **HTML}).text
    assert '<g class="recorded"><title>T-old: 1.1\xa0%, recorded, not asked for then</title>' in page


def approve(site: Site, product: str, text: str) -> None:
    """Draft and approve a specification, each departure from the cells' identity justified."""
    identifier = text.partition("\n")[0].partition(",")[2]
    site.registry.specifications.draft(f"{identifier}.csv", text.encode(), name="quality.two", password=PASSWORD)
    site.registry.specifications.approve(
        product, identifier, name="quality", password=PASSWORD, meaning="I approve it.",
    )  # fmt: skip


def seen(site: Site, criterion: str) -> dict[str, list[tuple[str, str, str]]]:
    """Lot, observed and verdict of what a chart draws."""
    address = f"/trends/STRICT.json?criterion={criterion}"
    trend = site.client().get(address, headers=site.bearer("quality")).get_json()["trend"]
    assert all(one["low"] == one["high"] == one["observed"].removesuffix(" %") for one in trend["points"])
    return {
        name: [(one["lot"], one["observed"], one["verdict"]) for one in trend[name]] for name in ("points", "recorded")
    }


def test_a_bad_result_that_nobody_asked_for_is_told_and_drawn(strict: Site) -> None:
    """CD14 is asked for only after O-1 was rejected: its 4 % was never judged, and is no empty cell and no gap."""
    strict.submit(strict.add_lot("O-1", "STRICT"), b"lot,characteristic,value,unit\nO-1,CD14,4,%\nO-1,CD90,95,%\n")
    strict.sign("O-1", "rejection", "Contaminated.")
    text = STRICT.replace("specification,strict", "specification,strict-cd14") + "cd14,CD14,<=,2,%\n"
    approve(strict, "STRICT", text)
    strict.submit(strict.add_lot("O-2", "STRICT"), b"lot,characteristic,value,unit\nO-2,CD14,1,%\n")
    assert seen(strict, "cd14") == {"points": [("O-2", "1 %", "pass")], "recorded": [("O-1", "4 %", "")]}
    page = strict.client().get("/evidence/O-2", headers={**strict.bearer("quality"), **HTML}).text
    cells = re.findall(r"<td>(.*?)</td>", page.partition('id="earlier"')[2].partition("CD14</th>")[2], re.DOTALL)[:3]
    assert [" ".join(re.sub(r"<[^>]+>", " ", one).split()) for one in cells] == [
        "1 %", "4 % recorded, not asked for then", "no result",
    ]  # fmt: skip


def test_of_two_results_that_count_the_worst_is_drawn(strict: Site) -> None:
    """Viability 95 % and a replicate of 60 %: the verdict rests on the 60 %, and so do table, chart and lot's page."""
    head = "lot,characteristic,value,unit,relation\n"
    strict.submit(strict.add_lot("W-1", "STRICT"), f"{head}W-1,viability,95,%,\n".encode())
    strict.submit("W-1", f"{head}W-1,viability,60,%,replicate\n".encode())
    assert seen(strict, "viable")["points"][-1] == ("W-1", "60 %", "fail")
    criteria = strict.registry.lots.get("W-1").criteria
    assert [(str(one.low), str(one.high), one.verdict) for one in criteria if one.id == "viable"] == [
        ("60", "60", "fail")
    ]  # fmt: skip


def test_a_product_says_which_specification_is_in_force(strict: Site) -> None:
    """The newest stands first and alone is in force; a departure is called by its name."""
    page = strict.client().get("/products/POI-M", headers={**strict.bearer("quality"), **HTML}).text
    heads = [" ".join(re.sub(r"<[^>]+>", "", one).split()) for one in re.findall(r"<h3>(.*?)</h3>", page, re.DOTALL)]
    assert heads == ["strict-dr, version 1 in force", "msc-identity, version 1"]
    assert (re.findall(r"Departure in ([^,]+),", page), "obo/PR_" in page) == (["CD73"], False)

"""An answer is drawn only as far as its columns allow, and the drawing shows what the table says."""

from __future__ import annotations

import json
import re
from typing import Any

from werkzeug.datastructures import MultiDict

from tests.web.conftest import HTML, Site
from web.queries import drawing
from web.queries.answer_table import table_of

XSD = "http://www.w3.org/2001/XMLSchema#"


def text(value: str) -> dict[str, str]:
    return {"type": "literal", "value": value}


def number(value: str, kind: str = "decimal") -> dict[str, str]:
    return {"type": "literal", "value": value, "datatype": f"{XSD}{kind}"}


def iri(value: str) -> dict[str, str]:
    return {"type": "uri", "value": value}


def drawn(site: Site, rows: list[dict[str, dict[str, str]]], **chosen: str) -> drawing.Drawn:
    names = list(dict.fromkeys(name for row in rows for name in row))
    body = json.dumps({"head": {"vars": names}, "results": {"bindings": rows}}).encode()
    with site.app.test_request_context("/query"):
        return drawing.of(table_of(body), MultiDict(chosen))


MEANS: list[dict[str, Any]] = [
    {"month": text("2026-01"), "lots": number("3", "integer"), "mean": number("97.5")},
    {"month": text("2026-02"), "lots": number("6", "integer"), "mean": number("95.5")},
]


def test_numbers_beside_names_can_be_charted_by_the_column_that_is_chosen(site: Site) -> None:
    """Counts are bars from nought, measured values marks on their own scale; another column's name is not taken."""
    offered = drawn(site, MEANS)
    counts, means = drawn(site, MEANS, **{"as": "chart"}), drawn(site, MEANS, **{"as": "chart", "of": "mean"})
    assert (offered.ways, offered.way, offered.columns, offered.picture) == (
        ("table", "chart"), "table", ("lots", "mean"), "",
    )  # fmt: skip
    assert re.findall(r'<rect class="bar" x="34%" y="\d+" width="([\d.]+)%"', counts.picture) == ["26.00", "52.00"]
    assert re.findall(r'<circle class="dot" cx="([\d.]+)%"', means.picture) == ["86.00", "34.00"]
    assert re.findall(r'class="value"[^>]*>([^<]*)<', means.picture) == ["97.5", "95.5"]
    assert drawn(site, MEANS, **{"as": "chart", "of": "none"}).of == "lots"


def test_what_is_no_number_in_every_row_is_not_charted(site: Site) -> None:
    """A figure that is text, or not finite, has no place on a scale; a row without one says so."""
    texts = [{"lot": text("H-03"), "value": text("97.5")}]
    endless = [{"lot": text("H-03"), "value": number("INF", "double")}]
    gap: list[dict[str, Any]] = [*MEANS, {"month": text("2026-03"), "lots": number("0", "integer")}]
    assert [drawn(site, rows).ways for rows in (texts, endless)] == [("table", "map")] * 2
    shown = drawn(site, gap, **{"as": "chart", "of": "mean"}).picture
    assert re.findall(r'class="value"[^>]*>([^<]*)<', shown) == ["97.5", "95.5", "no result"]


def test_pairs_of_things_are_joined_each_once_and_a_circle_ends(site: Site) -> None:
    """The second column's thing stands under the first's; a lot leads to its page."""
    base = site.registry.base
    pairs = [
        {"origin": iri(f"{base}lot/MCB-1"), "lot": iri(f"{base}lot/H-03")},
        {"origin": iri(f"{base}lot/MCB-1"), "lot": iri(f"{base}lot/H-04")},
        {"origin": iri("urn:x/line"), "lot": iri(f"{base}lot/MCB-1")},
        {"origin": iri(f"{base}lot/H-04"), "lot": iri("urn:x/line")},
    ]
    shown = drawn(site, pairs, **{"as": "graph"})
    assert shown.ways == ("table", "graph")
    assert sorted(re.findall(r'<tspan class="name"[^>]*>([^<]*)<', shown.picture)) == ["H-03", "H-04", "MCB-1", "line"]
    assert sorted(re.findall(r'<a href="([^"]*)"', shown.picture)) == ["/lots/H-03", "/lots/H-04", "/lots/MCB-1"]
    assert shown.picture.count('class="edge"') == 3


def test_the_origin_of_an_answers_lots_is_drawn_from_what_was_registered(site: Site) -> None:
    """A bank that several come from stands once, above them; a name that no lot has is said to be none's."""
    for lot in ("M-1", "M-2"):
        site.add_lot(lot, derived_from=("B-2",))
    texts = [{"lot": text("M-1"), "n": number("1")}, {"lot": text("No such"), "n": number("2")}]
    iris = [{"which": iri(f"{site.registry.base}lot/{lot}")} for lot in ("M-1", "M-2", "M-1")]
    first, second = drawn(site, texts, **{"as": "map"}), drawn(site, iris, **{"as": "map"})
    assert [(each.ways, each.way, each.left_out) for each in (first, second)] == [
        (("table", "chart", "map"), "map", 0), (("table", "map"), "map", 0),
    ]  # fmt: skip
    names = [re.findall(r'<tspan class="name"[^>]*>([^<]*)<', each.picture) for each in (first, second)]
    about = re.findall(r'<tspan class="kind"[^>]*>([^<]*)<', first.picture)
    assert names == [["B-2", "M-1", "No such"], ["B-2", "M-1", "M-2"]]
    assert about == ["cell bank", "product lot, not released", "not registered"]
    assert re.findall(r'<a href="([^"]*)"', first.picture) == ["/lots/B-2", "/lots/M-1"]
    assert second.picture.count('class="edge"') == 2


def test_more_lots_than_are_drawn_and_a_lot_of_no_origin_are_said(site: Site) -> None:
    """Forty are looked up; a single one that derives from nothing makes no picture."""
    many = [{"lot": text(f"L-{n}")} for n in range(43)]
    assert drawn(site, many, **{"as": "map"}).left_out == 3
    assert drawn(site, [{"lot": text("B-2")}], **{"as": "map"}).picture == ""
    query = "SELECT ?lot { ?batch a cpr:Lot ; dcterms:identifier ?lot . FILTER(?lot = '%s') }"
    nothing = "Nothing is registered above this lot: there is no origin to draw."
    for lot, has_none in (("B-2", True), ("M-1", False)):
        asked = {"query": query % lot, "as": "map"}
        page = site.signed_in("analyst").get("/query", query_string=asked, headers=HTML).text
        assert (nothing in page, lot in page) == (has_none, True)


def test_more_rows_than_can_be_told_apart_are_said_to_be_left_out(site: Site) -> None:
    """The table holds them."""
    rows: list[dict[str, Any]] = [{"lot": text(f"L-{n}"), "n": number(str(n), "integer")} for n in range(75)]
    shown = drawn(site, rows, **{"as": "chart"})
    assert (shown.picture.count('class="bar"'), shown.left_out) == (60, 15)


def test_the_query_page_begins_with_a_question_and_its_answer(site: Site) -> None:
    """It declares its prefixes, lots lead to their pages, and an unreadable query stays as it was typed."""
    client = site.signed_in("analyst")
    page = client.get("/query", headers=HTML)
    assert page.status_code == 200
    assert "PREFIX cpr: &lt;https://w3id.org/cell-product-registry/ns#&gt;\nPREFIX dcterms:" in page.text
    assert "<td>H-03</td>" in page.text
    asked = client.get("/query", query_string={"query": "SELECT ?lot { ?lot a cpr:Lot } LIMIT 1"}, headers=HTML)
    assert (asked.status_code, len(re.findall(r'<td><a href="/lots/', asked.text))) == (200, 1)


def test_an_address_of_this_registry_and_a_term_lead_to_their_pages(site: Site) -> None:
    """Another address is letters: nothing leads out."""
    base = site.registry.base
    values = [
        f"{base}lot/H-03",
        "http://purl.obolibrary.org/obo/CL_0000134",
        f"{base}nothing/here",
        "https://x.example/",
    ]
    query = f"SELECT ?x {{ VALUES ?x {{ {' '.join(f'<{value}>' for value in values)} }} }}"
    page = site.signed_in("analyst").get("/query", query_string={"query": query}, headers=HTML).text
    assert re.findall(r"<td>(.*?)</td>", page) == [
        '<a href="/lots/H-03">H-03</a>',
        '<a href="/terms/CL%3A0000134">CL:0000134</a>',
        f"{base}nothing/here",
        "https://x.example/",
    ]

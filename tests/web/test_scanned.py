"""A scanned label in the box of the first page: it opens our lot, and a label that says otherwise is heard."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from registry.registry import LotDraft
from tests.web.conftest import HTML, Site

GTIN = "0109506000134352"
WARNING = re.compile(r'<p class="refusal" role="alert"><strong>(.*?)</strong></p>')


@pytest.mark.parametrize(
    "text",
    [
        "http://localhost/lots/H-03",
        "HTTP://LOCALHOST/LOTS/H-03",
        f"{GTIN}10H-03",
        f"({GTIN[:2]}){GTIN[2:]}(10)H-03",
    ],
)
def test_a_scanned_label_leads_to_its_lot(site: Site, text: str) -> None:
    """The address of the page as it is served, in capitals, and GS1 with and without parentheses."""
    answer = site.signed_in("clinic").get("/lots", query_string={"q": text}, headers=HTML)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/lots/H-03")


@pytest.mark.parametrize("host", ["other.example", "localhost:9"])
def test_a_lot_of_another_host_is_listed_and_not_opened(site: Site, host: str) -> None:
    """Another registry's H-03 is another lot: whoever asked compares the label."""
    found = site.signed_in("clinic").get("/lots.json", query_string={"q": f"https://{host}/lots/H-03"}).get_json()
    assert ([one["lot"] for one in found["lots"]], [one["lot"] for one in found["alike"]]) == ([], ["H-03"])
    answer = site.signed_in("clinic").get("/lots", query_string={"q": f"https://{host}/lots/H-03"}, headers=HTML)
    assert answer.status_code == 200


@pytest.fixture(scope="module")
def expiring(site: Site) -> Site:
    """The story, and G-60, which expires in 2060."""
    expires = datetime(2060, 5, 22, 12, tzinfo=UTC)
    site.registry.add_lot(LotDraft("G-60", product="POI-M", expires_at=expires, synthetic=True), "lab.one")
    return site


@pytest.mark.parametrize(
    ("printed", "warnings"),
    [
        ("600522", []),
        ("200101", ["2020-01-01"]),
        ("600500", ["2060-05-31"]),
        ("601322", ["601322"]),
    ],
)
def test_a_label_that_states_another_expiry_is_heard(expiring: Site, printed: str, warnings: list[str]) -> None:
    """Before the answer, in a clear sentence; a label that agrees says nothing."""
    browser = expiring.signed_in("clinic")
    page = browser.get("/lots", query_string={"q": f"{GTIN}17{printed}10G-60"}, headers=HTML, follow_redirects=True)
    assert page.request.path == "/lots/G-60"
    expected = [
        f"The label says it expires {label}, the registry 2060-05-22: do not use it before this is cleared up."
        for label in warnings
    ]
    assert WARNING.findall(page.text) == expected
    assert all(page.text.index(one) < page.text.index('id="answer"') for one in expected)
    data = browser.get("/lots.json", query_string={"q": f"{GTIN}17{printed}10G-60"}).get_json()
    said = {"lot": "G-60", "elsewhere": False, "warning": expected[0] if expected else None}
    assert data["label"] == {**said, "expires": warnings[0] if warnings else "2060-05-22"}
    assert [one["lot"] for one in data["lots"]] == ["G-60"]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("H-03", None),
        ("http://localhost/lots/H-03", {"lot": "H-03", "expires": None, "elsewhere": False, "warning": None}),
        ("https://other.example/lots/H-03", {"lot": "H-03", "expires": None, "elsewhere": True, "warning": None}),
        (f"{GTIN}1720010110H-99", {"lot": "H-99", "expires": "2020-01-01", "elsewhere": False, "warning": None}),
    ],
)
def test_a_program_is_told_what_a_label_says(site: Site, text: str, label: dict[str, object] | None) -> None:
    """Nothing of what was merely typed, and no warning where there is no lot to compare with."""
    assert (
        site.client().get("/lots.json", query_string={"q": text}, headers=site.bearer("clinic")).get_json()["label"]
        == label
    )


def test_a_registered_lot_that_looks_like_a_label_is_found_as_it_is_spelled(site: Site) -> None:
    """Its whole identifier is typed: no other lot is read out of it."""
    site.add_lot(f"{GTIN}10H-03")
    answer = site.signed_in("clinic").get("/lots", query_string={"q": f"{GTIN}10H-03"}, headers=HTML)
    assert answer.headers["Location"] == f"/lots/{GTIN}10H-03"

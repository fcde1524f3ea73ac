"""The feed of what may have changed the state of lots."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from tests.web.conftest import Site
from web.lots import feed as feed_page

ATOM = {"a": "http://www.w3.org/2005/Atom"}


def read(site: Site, path: str = "/feed.atom", name: str = "clinic") -> ElementTree.Element:
    answer = site.client().get(path, headers=site.bearer(name, Accept="application/atom+xml"))
    assert (answer.status_code, answer.mimetype) == (200, "application/atom+xml"), answer.text
    return ElementTree.fromstring(answer.data)  # noqa: S314  # our own answer


def titles(root: ElementTree.Element) -> list[str]:
    return [entry.findtext("a:title", "", ATOM) for entry in root.findall("a:entry", ATOM)]


def test_a_decision_stands_first_with_the_state_that_its_lot_has_now(site: Site) -> None:
    """The lot's page is its first link; nothing of what was typed as a reason is said."""
    site.add_lot("F-01")
    site.submit("F-01")
    site.sign("F-01", "hold", "freezer alarm")
    root = read(site)
    first = root.find("a:entry", ATOM)
    assert first is not None
    assert titles(root)[:3] == ["hold: F-01", "panel: F-01", "lot: F-01"]
    assert first.findtext("a:summary", "", ATOM) == "F-01: on hold"
    assert [(link.get("rel"), link.get("href")) for link in first.findall("a:link", ATOM)] == [
        ("alternate", "http://localhost/lots/F-01")
    ]
    assert "freezer" not in ElementTree.tostring(root, encoding="unicode")


def test_it_is_what_rfc_4287_asks_of_a_feed(site: Site) -> None:
    """Feed and entries each with one id, title and time; ids differ; newest first; one author; a link to itself."""
    root = read(site)
    entries = root.findall("a:entry", ATOM)
    for element in (root, *entries):
        assert [len(element.findall(f"a:{name}", ATOM)) for name in ("id", "title", "updated")] == [1, 1, 1]
        assert len(element.findall("a:link[@rel='alternate']", ATOM)) <= 1
    times = [entry.findtext("a:updated", "", ATOM) for entry in entries]
    assert len({entry.findtext("a:id", "", ATOM) for entry in entries}) == len(entries)
    assert (times, root.findtext("a:updated", "", ATOM)) == (sorted(times, reverse=True), times[0])
    assert root.findtext("a:author/a:name", "", ATOM) == "Cell product registry"
    assert [link.get("href") for link in root.findall("a:link[@rel='self']", ATOM)] == ["http://localhost/feed.atom"]


def test_who_holds_the_same_gets_304_and_older_entries_follow(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Until something is entered; page by page every entry once."""
    headers = site.bearer("clinic")
    first = site.client().get("/feed.atom", headers=headers)
    again = site.client().get("/feed.atom", headers={**headers, "If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    whole = titles(read(site))
    monkeypatch.setattr(feed_page, "MOST", 4)
    pages, path = [], "/feed.atom"
    while path:
        root = read(site, path)
        pages += titles(root)
        following = root.find("a:link[@rel='next']", ATOM)
        path = str(following.get("href")).removeprefix("http://localhost") if following is not None else ""
    assert pages[: len(whole)] == whole
    site.add_lot("F-02")
    changed = site.client().get("/feed.atom", headers={**headers, "If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200


def test_no_recipient_stands_in_it_and_nobody_reads_it_without_an_account(site: Site) -> None:
    """An autologous lot by its own name alone."""
    text = ElementTree.tostring(read(site), encoding="unicode")
    assert ("lot: AU-1" in text, "R-0042" in text) == (True, False)
    assert site.client().get("/feed.atom", headers={"Accept": "application/atom+xml"}).status_code == 401

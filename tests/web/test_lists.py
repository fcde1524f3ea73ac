"""One table for every list: put in order, narrowed, paged, its choice in the address, and saved as it was chosen."""

from __future__ import annotations

import csv
import io
import re

import pytest

from tests.web.conftest import HTML, Site

LISTS = {
    "/lots": ("clinic", "lots", "lot"),
    "/products": ("clinic", "products", "label"),
    "/specifications": ("clinic", "specifications", "title"),
    "/review": ("quality", "lots", "lot"),
    "/ledger": ("inspector", "entries", "position"),
    "/submissions": ("lab.one", "submissions", "position"),
}
"""Each list: who reads it, where its rows stand in the JSON, and a column that it is put in order by."""


@pytest.fixture(scope="module")
def full(site: Site) -> Site:
    """Some more lots, with results and without."""
    for lot in ("L-2", "L-10", "L-1"):
        site.submit(site.add_lot(lot))
    site.add_lot("L-none")
    return site


def data(site: Site, path: str, who: str) -> dict[str, object]:
    answer = site.client().get(path, headers=site.bearer(who))
    assert answer.status_code == 200, answer.text
    found: dict[str, object] = answer.get_json()
    return found


def column(site: Site, path: str, query: str, *, as_csv: bool = False) -> list[str]:
    """The values of the column that a list is put in order by, as JSON or CSV."""
    who, key, name = LISTS[path]
    if not as_csv:
        return [str(row[name]) for row in data(site, f"{path}.json?rows=all&{query}", who)[key]]  # type: ignore[attr-defined]
    answer = site.client().get(f"{path}.csv?{query}", headers=site.bearer(who))
    assert (answer.status_code, answer.mimetype) == (200, "text/csv")
    return [row.get(name) or row["id"] for row in csv.DictReader(io.StringIO(answer.text))]


@pytest.mark.parametrize("path", LISTS)
def test_a_list_is_put_in_order_both_ways_and_saved_so(full: Site, path: str) -> None:
    """Upwards, downwards, and the same rows in the same order in the file."""
    name = LISTS[path][2]
    upwards, downwards = column(full, path, f"sort={name}"), column(full, path, f"sort=-{name}")
    key = int if name == "position" else str.casefold
    assert upwards == sorted(upwards, key=key)  # type: ignore[type-var, arg-type]
    assert downwards == upwards[::-1]
    assert len(upwards) > 1
    if name in {"lot", "position"}:
        assert column(full, path, f"sort={name}", as_csv=True) == upwards


@pytest.mark.parametrize("path", LISTS)
def test_a_page_of_a_list_leads_to_every_order_and_to_both_files(full: Site, path: str) -> None:
    """Its head says which order it is in; its foot saves what was chosen, not all there is."""
    who, _key, name = LISTS[path]
    page = full.client().get(f"{path}?sort={name}", headers={**full.bearer(who), **HTML}).text
    (order,) = re.findall(r'aria-sort="ascending"><a class="sort" href="([^"]+)"', page)
    assert f"sort=-{name}" in order
    saved = re.findall(r'<span class="save">.*?href="([^"]+)".*?href="([^"]+)"', page, re.DOTALL)[0]
    assert [link.partition("?")[0] for link in saved] == [f"{path}.csv", f"{path}.json"]
    assert all(f"sort={name}" in link for link in saved)


@pytest.mark.parametrize("path", LISTS)
def test_an_order_that_there_is_none_of_is_refused(full: Site, path: str) -> None:
    """With those that there are: a program that misspells one is not answered in another."""
    answer = full.client().get(f"{path}.json?sort=colour", headers=full.bearer(LISTS[path][0]))
    assert (answer.status_code, answer.get_json()["error"]["where"]) == (400, "sort")


def test_a_choice_that_there_is_none_of_is_refused(full: Site) -> None:
    """A state that nobody knows is not the same as no lot."""
    answer = full.client().get("/lots.json?state=lost", headers=full.bearer("clinic"))
    assert (answer.status_code, answer.get_json()["error"]["found"]) == (400, "lost")
    assert data(full, "/lots.json?state=expired", "clinic")["lots"] == []


def test_lots_are_narrowed_by_what_they_are(full: Site) -> None:
    """By state, evidence, kind, product and part of a name, each alone and together."""

    def lots(query: str) -> set[str]:
        return set(column(full, "/lots", query))

    assert lots("state=on hold") == {"H-05"}
    assert lots("kind=cell bank") == {"B-2"}
    assert lots("product=AUTO") == {"AU-1"}
    assert lots("verdict=fail") == {"H-04"}
    assert lots("q=L-1") == {"L-1", "L-10"}
    assert lots("q=L-&verdict=pass&sort=lot") == {"L-1", "L-10", "L-2"}
    assert lots("q=L-&state=released") == set()


def test_a_list_goes_on_where_the_page_before_it_ended(full: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """The choice goes with it; nothing is shown twice and nothing is left out."""
    monkeypatch.setattr("web.lot_index.find.LIMIT", 3)
    whole, shown, address = column(full, "/lots", "sort=lot"), [], "/lots?sort=lot"
    while address:
        page = full.client().get(address, headers={**full.bearer("clinic"), **HTML}).text
        shown += re.findall(r'<th scope="row" role="rowheader"><a href="[^"]+">([^<]+)</a>', page)
        following = re.findall(r'<a href="([^"]+)">Next page</a>', page)
        address = following[0].replace("&amp;", "&") if following else ""
        assert not address or "sort=lot" in address
    assert shown == whole


def test_what_can_be_decided_on_waits_and_what_has_no_results_is_asked_for(full: Site) -> None:
    """A lot without results is in the queue only for whoever asks for such."""
    assert {"L-1", "L-2", "L-10"} <= set(column(full, "/review", ""))
    assert column(full, "/review", "results=without results") == ["L-none"]


def test_the_ledger_reads_from_its_beginning_too(full: Site) -> None:
    """The oldest first, each page after the one before; a filter holds for all of them."""
    first = data(full, "/ledger.json?sort=position", "inspector")["entries"]
    assert [line["position"] for line in first[:3]] == [1, 2, 3]  # type: ignore[index]
    after = data(full, "/ledger.json?sort=position&before=3&kind=account", "inspector")["entries"]
    assert min(line["position"] for line in after) > 3  # type: ignore[attr-defined]
    assert {line["kind"] for line in after} == {"account"}  # type: ignore[attr-defined]


def test_a_laboratory_lists_what_it_sent_alone(full: Site) -> None:
    """By lot; somebody else's submissions are not among them."""
    assert {line["lots"][0] for line in data(full, "/submissions.json?lot=L-2", "lab.one")["submissions"]} == {"L-2"}  # type: ignore[attr-defined]
    assert data(full, "/submissions.json", "quality")["submissions"] == []


def test_a_program_that_reads_lots_finds_what_it_always_found(full: Site) -> None:
    """The names of the answer stay, and a lot that is asked for by name is the first."""
    answer = data(full, "/lots.json?q=h-03", "clinic")
    assert list(answer) == ["query", "limit", "label", "lots", "alike"]
    assert answer["lots"][0]["lot"] == "H-03"  # type: ignore[index]

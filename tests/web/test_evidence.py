"""The evidence of a lot beside its source: a panel that was withdrawn looks and reads as one that counts no more."""

from __future__ import annotations

import re

from tests.web.conftest import HTML, PASSWORD, Site, panel


def rows(page: str) -> dict[str, list[str]]:
    """Of each file shown, in order: every row, ``3 withdrawn CD73 | 98.5``, without its markup."""
    found = {}
    for table in page.split('<table class="source">')[1:]:
        name = re.findall(r"<caption><a[^>]*>([^<]*)</a>", table)[0]
        body = table.partition("<tbody>")[2].partition("</tbody>")[0]
        found[name] = [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in body.split("</tr>")[:-1]]
    return found


def shown(site: Site, lot: str) -> str:
    return site.client().get(f"/evidence/{lot}", headers={**site.bearer("quality"), **HTML}).text


def withdraw(site: Site, lot: str, place: int) -> None:
    one = site.registry.lots.get(lot).panels[place].panel
    site.registry.submissions.withdraw(one, reason="Tubes <were> swapped.", name="quality", password=PASSWORD)


def test_a_withdrawn_panel_is_marked_with_who_when_and_why_and_stands_last(site: Site) -> None:
    """Its rows are struck, no criterion leads to them, even where a file of the same name took its place."""
    site.submit(site.add_lot("W-01"), panel("W-01", CD105="88"), "panel.csv")
    withdraw(site, "W-01", 0)
    site.submit("W-01", panel("W-01", CD105="97"), "panel.csv")
    page = shown(site, "W-01")
    gone = site.registry.lots.get("W-01").panels[0]
    assert gone.withdrawn is not None
    said = " ".join(
        re.sub(r"<[^>]+>", "", page.partition('class="note withdrawn-panel">')[2].partition("</p>")[0]).split()
    )
    assert said == (
        f"Withdrawn, it counts for nothing: panel.csv, entry {gone.position}. By quality, "
        f"{gone.withdrawn.at:%Y-%m-%d %H:%M} +00:00: Tubes &lt;were&gt; swapped."
    )
    first, last = page.split('<table class="source">')[1:]
    assert [table.count('<tr class="withdrawn">') for table in (first, last)] == [0, 6]
    assert [len(re.findall(r'<tr id="f', table)) for table in (first, last)] == [6, 0]
    assert [table.count("<td><strong>") for table in (first, last)] == [6, 0]
    assert "97" in first.partition("CD105")[2][:60]


def test_of_a_file_with_two_panels_only_the_withdrawn_ones_rows_are_struck(site: Site) -> None:
    """Two stages were sent in one file; one of them is taken back."""
    text = "lot,characteristic,value,unit,stage\nW-02,CD73,98,%,at freezing\nW-02,CD73,97,%,after thaw\n"
    site.submit(site.add_lot("W-02"), text.encode(), "both.csv")
    stages = [one.stage for one in site.registry.lots.get("W-02").panels]
    withdraw(site, "W-02", stages.index("after thaw"))
    page = shown(site, "W-02")
    assert rows(page) == {"both.csv": ["2 W-02 CD73 98 % at freezing", "3 withdrawn W-02 CD73 97 % after thaw"]}
    assert re.findall(r"nothing:</strong> ([^,]*), entry", page) == ["after thaw"]

"""Specifications in the browser: read as a table in words, narrowed, compared, saved as a table."""

from __future__ import annotations

import json
import re

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from registry.cli import cli
from tests.web.conftest import HTML, Site
from tests.web.specified import check, draft, ours, rows

WHOLE = """\
specification: whole
version: 1
title: Everything that the language can say
description: For the test that it can be read.
source: here
cell type: CL:0000134
species: NCBITaxon:9606
scope: thawed lots
rounding: round to limit
illustrative: yes
leaves out: {CD73: Not on these cells.}
criteria:
- {id: viability, characteristic: viability, operator: range, limit: above 70.5 to 100, unit: "%", stage: after thaw,
   method: trypan blue | NC-200, window: 90 min, message: Most cells must live., source: here}
- {id: culture, characteristic: sterility, operator: one of, limit: no growth, method: BacT/ALERT, duration: 14 d,
   due: after release, note: Known later., justification: It takes two weeks., source: here}
- {id: dose, characteristic: viable cells per dose, operator: ">=", limit: "20000000", unit: cells, standing: reference,
   source: there}
- {id: karyotype, characteristic: karyotype, operator: one of, limit: "46,XX | 46,XY", standing: informative,
   stage: release, inherited from: frozen product, source: here}
- {id: cd14, characteristic: CD14, operator: "<", limit: 2, unit: "%", group: monocytes, source: here}
- {id: cd11b, characteristic: CD11b, operator: "<=", limit: 2, unit: "%", group: monocytes, source: here}
- {id: kit, characteristic: negative cocktail of the BD human MSC analysis kit, operator: "<=", limit: 2, unit: "%",
   source: here}
"""


def lines(*told: str) -> str:
    return "\n".join(told)


def test_everything_that_a_specification_can_say_is_read_in_words(drafter: FlaskClient) -> None:
    """Limits with their ends, method, duration, window, stage, group, cocktail, standing, reason and note."""
    page = check(drafter, WHOLE).text
    rounded = "A figure is rounded half up to a whole number before it is judged."
    assert rows(page) == [
        ["viability", lines("more than 70.5 and at most 100.0 %", "At the stage after thaw.",
                            "By trypan blue or NC-200, and by nothing else.",
                            "Not older than 90 minutes when the lot is judged.",
                            "A figure is rounded half up to 1 decimal before it is judged.",
                            "Most cells must live."), "gating", "here"],
        ["sterility\nculture", lines("not detected", "By BacT/ALERT, and by nothing else.",
                                     "A test of at least 14 days; a shorter one does not show it.",
                                     "Due after release: until it is known, only a conditional release can be signed."),
         "gating", lines("here", "Justification: It takes two weeks.", "Note: Known later.")],
        ["viable cells per dose\ndose", lines("at least 20\u202f000\u202f000 cells", rounded), "reference", "there"],
        ["karyotype", lines("one of: 46,XX; 46,XY", "At the stage release.",
                            "Not tested there, it may be shown at the stage frozen product, by this lot or by every "
                            "lot it derives from."), "informative", "here"],
        ["CD14", lines("less than 2 %", rounded), "gating\neither/or monocytes", "here"],
        ["CD11b", lines("at most 2 %", rounded), "gating\neither/or monocytes", "here"],
        [lines("negative cocktail of the BD human MSC analysis kit", "kit",
               "One figure for CD11b, CD19, CD34, CD45, HLA-DR."), lines("at most 2 %", rounded), "gating",
         "here"],
    ]  # fmt: skip
    facts = re.findall(r"<dt>([^<]+)</dt><dd>(?:<a[^>]*>)?([^<]+)", page)
    assert facts[:7] == [
        ("Id", "whole, version 1"),
        ("Drafted by", "quality"),
        ("For cells of type", "CL:0000134"),
        ("For species", "NCBITaxon:9606"),
        ("Rounding", "To the decimals of the limit, half up, before it is compared."),
        ("Source", "here"),
        ("Scope", "thawed lots"),
    ]
    assert "<li><strong>CD73</strong>: Not on these cells.</li>" in page


def test_a_specification_as_data_says_for_which_cells_it_is(site: Site) -> None:
    """Beside its criteria: cell type, species, scope, rounding, who drafted it, and what it leaves out."""
    path = "/specifications/c12-whitehouse-2017-bone-marrow/1.json"
    found = site.client().get(path, headers=site.bearer("clinic")).get_json()
    names = ("published", "drafted_by", "cell_type", "species", "rounding", "omissions")
    assert [found[name] for name in names] == [
        True, "the project", "http://purl.obolibrary.org/obo/CL_0000134",
        "http://purl.obolibrary.org/obo/NCBITaxon_9606", "none", [],
    ]  # fmt: skip


def test_the_list_is_narrowed_by_words(site: Site) -> None:
    """Every word must stand in the id, title, source or a criterion; no word shows all."""

    def ids(text: str) -> list[str]:
        answer = site.client().get("/specifications", query_string={"q": text}, headers=site.bearer("clinic"))
        return [one["id"] for one in answer.get_json()["specifications"]]

    assert ids("Gupta pooled") == ["c13-gupta-2017-bone-marrow"]
    assert set(ids("oct4")) == {"hesc-msc-ovarian-illustrative"}
    assert (ids("gupta oct4"), len(ids("")) >= 36) == ([], True)


def test_what_is_in_force_stands_first_with_its_departures(site: Site, drafter: FlaskClient) -> None:
    """A departure is named by marker and kind, not counted."""
    page = drafter.get("/specifications", headers=HTML).text
    first = rows(page)[0]
    assert (first[0].split("\n")[1], first[1:]) == ("msc-identity, version 1", ["AUTO\nPOI-M", "nothing"])
    whitehouse = next(row for row in rows(page) if "c12-whitehouse" in row[0])
    assert whitehouse[1:] == ["", "CD105: weaker limit\nCD34: weaker limit\nCD45: weaker limit\nCD73: left out\n"
                              "CD90: weaker limit\nMHC II / HLA-DR: left out\n"
                              "No mesenchymal lot is released by it."]  # fmt: skip


def test_a_specification_names_the_products_it_is_approved_for(drafter: FlaskClient) -> None:
    """With who signed, and that it is in force."""
    page = drafter.get("/specifications/msc-identity/1", headers=HTML).text
    found = page.partition('<h2 id="approved">')[2].partition("</ul>")[0]
    assert re.findall(r'class="id">([^<]+)</span>: ([^,]+),', found) == [
        ("AUTO", "Dr Quality"),
        ("POI-M", "Dr Quality"),
    ]
    assert found.count('<span class="tag">in force</span>') == 2


def test_what_lint_finds_stands_on_the_page(drafter: FlaskClient) -> None:
    """Departures are said once, above; other findings under their own heading."""
    page = drafter.get("/specifications/s08-concert-hf-bone-marrow/1", headers=HTML).text
    assert "Nothing beside the departures." in page
    other = drafter.get("/specifications/isct-2006/1", headers=HTML).text
    assert "Nothing to correct and nothing to look at." in other


def test_a_difference_is_the_same_as_data_as_on_the_command_line(site: Site) -> None:
    """One answer, whoever asks."""
    path = "/specifications/c12-whitehouse-2017-bone-marrow/1/difference.json?from=msc-identity@1"
    found = site.client().get(path, headers=site.bearer("clinic")).get_json()
    told = CliRunner().invoke(
        cli, ["specification", "diff", "msc-identity@1", "c12-whitehouse-2017-bone-marrow@1", "--format", "json"]
    )
    assert found == json.loads(told.stdout)
    assert [(one["label"], one["kind"], one["effect"]) for one in found["differences"]][:4] == [
        ("CD90", "changed", "looser"),
        ("CD105", "changed", "looser"),
        ("CD34", "changed", "looser"),
        ("CD45", "changed", "looser"),
    ]


def test_what_is_looser_or_dropped_stands_first_on_the_page(drafter: FlaskClient) -> None:
    """In words, with a shape for each; the figure that it was and the one that it is."""
    path = "/specifications/c12-whitehouse-2017-bone-marrow/1/difference?from=msc-identity@1"
    page = drafter.get(path, headers=HTML).text
    assert re.findall(r'<section class="difference ([\w-]+)"', page) == ["looser", "stricter"]
    looser = page.partition('class="difference looser"')[2].partition("</section>")[0]
    assert re.findall(r"<p><strong>([^<]+)</strong> <span class=\"tag\">(\w+)", looser) == [
        ("CD90", "changed"), ("CD105", "changed"), ("CD34", "changed"), ("CD45", "changed"), ("CD73", "removed"),
        ("MHC II / HLA-DR", "removed"),
    ]  # fmt: skip
    assert re.findall(r"limit</span> <del>([^<]+)</del>.*?<ins>([^<]+)</ins>", looser)[0] == (
        "at least 95 %",
        "more than 80 %",
    )


def test_without_a_name_it_is_compared_with_the_version_before(site: Site) -> None:
    """The first version has none, and the answer says how to name another."""
    draft(site, ours(name="pair"))
    draft(site, ours(2, name="pair", cd73="97"))
    ask = site.client().get
    found = ask("/specifications/pair/2/difference", headers=site.bearer("clinic")).get_json()
    assert (found["old"]["version"], [one["effect"] for one in found["differences"]]) == ("1", ["stricter"])
    first = ask("/specifications/pair/1/difference", headers=site.bearer("clinic"))
    assert (first.status_code, first.get_json()["error"]["expected"]) == (400, "?from=ID@VERSION")
    unknown = ask("/specifications/pair/1/difference?from=none@1", headers=site.bearer("clinic"))
    assert unknown.status_code == 404


@pytest.mark.parametrize("form", ["csv", "xlsx", "yaml"])
def test_the_table_of_a_specification_can_be_saved(site: Site, form: str) -> None:
    """It compiles to the same digest again."""
    answer = site.client().get(f"/specifications/isct-2006/1/table.{form}", headers=site.bearer("clinic"))
    assert answer.headers["Content-Disposition"] == f"attachment; filename=isct-2006-1.{form}"
    found = site.registry.specifications.check(f"isct.{form}", answer.data, name="the project")
    assert found.specification is not None
    assert found.specification.digest == site.registry.specifications.get("isct-2006").digest

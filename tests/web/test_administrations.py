"""The clinic records what it gives in a browser; who may not see a code sees none, and analysts see nothing of it."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from registry.domain import Arm, Study
from registry.ledger import NewEntry
from registry.records.study import write_study
from registry.services import Registry
from registry.services.append import Entries
from tests.web.conftest import HTML, Site, csrf_of, panel
from web import create_app

LEFT, RIGHT = (f"http://purl.obolibrary.org/obo/UBERON_000211{place}" for place in (9, 8))
STUDY = Study("NCT03877471", "A study", arms=(Arm("low", "2 million", 2_000_000, (LEFT, RIGHT)),))


@pytest.fixture
def clinic(told: tuple[Path, dict[str, str], str], tmp_path: Path) -> Iterator[Site]:
    """A study and a released lot of 5 million viable cells a container, in a registry of one's own."""
    folder, tokens, good = told
    shutil.copytree(folder, tmp_path / "data")
    registry = Registry.open(tmp_path / "data")
    own_site = Site(create_app(registry), registry, tokens, good)
    entries = Entries(registry.ledger, registry.names)
    entries.enter(NewEntry("study", write_study(STUDY, registry.names)), "quality", STUDY.id)
    own_site.add_lot("G-1", containers=3)
    own_site.submit("G-1", panel("G-1") + b"G-1,viable cell number,5000000,cells per container\n")
    own_site.sign("G-1", "release")
    yield own_site
    registry.close()


def typed(**changes: str) -> dict[str, str]:
    """What the form sends."""
    at = f"{datetime.now(UTC):%Y-%m-%d %H:%M} +00:00"
    return {
        "study": "NCT03877471", "arm": "low", "recipient": "R-0042", "container": "1", "at": at,
        "site": "left=2000000\nright=2000000", **changes,
    }  # fmt: skip


def test_the_form_refuses_with_every_reason_and_records_what_nothing_stands_against(clinic: Site) -> None:
    """What was typed is kept; the administration's page is where one lands, in four forms."""
    browser = clinic.signed_in("clinic")
    page = browser.get("/administer/G-1", headers=HTML).text
    assert "3 of 3 in stock" in page
    refused = browser.post("/administer/G-1", headers=HTML, data={"csrf": csrf_of(page), **typed(container="1, 9")})
    assert refused.status_code == 409
    assert "There is no container 9: the lot has 3, numbered from 1." in refused.text
    assert 'value="R-0042"' in refused.text
    done = browser.post("/administer/G-1", headers=HTML, data={"csrf": csrf_of(page), **typed()})
    assert done.status_code == 303
    address = done.headers["Location"].partition("?")[0]
    assert "R-0042" in browser.get(address, headers=HTML).text
    told = clinic.client().get(f"{address}.json", headers=clinic.bearer("quality")).get_json()
    assert (told["lot"], told["total"], told["recipient"]) == ("G-1", "4000000", "R-0042")
    turtle = clinic.client().get(f"{address}.ttl", headers=clinic.bearer("inspector")).text
    assert "viableCells 2000000" in turtle
    assert "R-0042" not in turtle
    for path in (address, f"{address}.ttl", f"/records/{told['record']}", "/given/G-1", "/trace/R-0042", "/findings"):
        assert clinic.client().get(path, headers=clinic.bearer("analyst")).status_code == 403
    assert "R-0042" not in clinic.client().get("/history/G-1.json", headers=clinic.bearer("analyst")).text


def test_a_code_is_followed_from_a_form_and_from_no_address(clinic: Site) -> None:
    """An address is kept in logs and histories; an administration's key may stand in one."""
    browser = clinic.signed_in("clinic")
    csrf = csrf_of(browser.get("/administer/G-1", headers=HTML).text)
    done = browser.post("/administer/G-1", headers=HTML, data={"csrf": csrf, **typed(recipient="R-0055")})
    key = done.headers["Location"].partition("?")[0].rpartition("/")[2]
    assert clinic.client().get("/trace/R-0055", headers=clinic.bearer("quality")).status_code == 404
    told = clinic.client().post("/trace", headers=clinic.bearer("quality"), data={"what": "R-0055"}).get_json()
    by_key = clinic.client().get(f"/trace/{key}.json", headers=clinic.bearer("quality")).get_json()
    assert [given["administration"] for given in told["things"][-1]["administrations"]] == [key]
    assert told["things"] == by_key["things"]
    unknown = clinic.client().post("/trace", headers=clinic.bearer("quality"), data={"what": "R-9999"})
    assert (unknown.status_code, "R-9999" in unknown.text) == (404, False)
    assert clinic.client().post("/trace", headers=clinic.bearer("analyst"), data={"what": "R-0055"}).status_code == 403
    assert '<svg class="lineage"' in browser.get("/trace/G-1", headers=HTML).text


def test_what_was_found_late_waits_on_the_queue_until_somebody_was_told(clinic: Site) -> None:
    """As a page, JSON and CSV."""
    browser = clinic.signed_in("clinic")
    csrf = csrf_of(browser.get("/administer/G-1", headers=HTML).text)
    key = browser.post("/administer/G-1", headers=HTML, data={"csrf": csrf, **typed()}).headers["Location"]
    key = key.partition("?")[0].rpartition("/")[2]
    clinic.sign("G-1", "recall", "The sterility test became positive.")
    quality = clinic.signed_in("quality")
    assert "/findings" in quality.get("/review", headers=HTML).text
    assert clinic.client().get("/review.json", headers=clinic.bearer("quality")).get_json()["found_late"] == 1
    rows = list(csv.DictReader(io.StringIO(quality.get("/findings.csv").text)))
    assert [(row["lot"], row["recipient"], row["open"]) for row in rows] == [("G-1", "R-0042", "yes")]
    page = quality.get("/findings", headers=HTML).text
    answered = quality.post(f"/findings/{key}", headers=HTML, data={"csrf": csrf_of(page), "what": "told"})
    assert answered.status_code == 303
    assert clinic.client().get("/review.json", headers=clinic.bearer("quality")).get_json()["found_late"] == 0


def test_containers_are_moved_on_their_page(clinic: Site) -> None:
    """And the sum stands there."""
    browser = clinic.signed_in("lab.one")
    page = browser.get("/containers/G-1", headers=HTML).text
    move = {"csrf": csrf_of(page), "container": "2, 3", "state": "reserved", "reason": "For the clinic."}
    assert browser.post("/containers/G-1", headers=HTML, data=move).status_code == 303
    told = clinic.client().get("/given/G-1.json", headers=clinic.bearer("quality")).get_json()["balance"]
    assert (told["made"], told["in_stock"], told["reserved"]) == (3, 1, 2)
    again = browser.post("/containers/G-1", headers=HTML, data=move)
    assert again.status_code == 409
    assert "Container 2 is reserved already." in again.text
    assert "R-0042" not in clinic.client().get("/trace/G-1.json", headers=clinic.bearer("quality")).text


def test_a_supply_out_of_specification_is_said_on_the_lots_page(clinic: Site) -> None:
    """Signed with name and password; the answer stays that the lot must not be injected."""
    clinic.add_lot("G-2", containers=3)
    clinic.submit("G-2", panel("G-2", CD73="80"))
    browser = clinic.signed_in("quality")
    page = browser.get("/supply/G-2", headers=HTML).text
    form = {
        "csrf": csrf_of(page), "recipient": "R-7", "request": "No alternative; the risk is accepted.", "risk": "Small.",
        "reason": "It cannot wait.", "name": "quality", "password": "a few odd words here",
    }  # fmt: skip
    assert browser.post("/supply/G-2", headers=HTML, data=form).status_code == 303
    lot = clinic.client().get("/lots/G-2.json", headers=clinic.bearer("clinic")).get_json()
    assert lot["answer"]["may_be_injected"] is False
    assert "OOS supply" in [reason["code"] for reason in lot["answer"]["reasons"]]
    assert "supplied out of specification" in browser.get("/lots/G-2", headers=HTML).text

"""Outcomes in the browser and over HTTP: forms and tables in, visits and tables out, and who is shown how much."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest

from registry.domain import Administration, SiteDose
from registry.identifiers import OBO
from registry.ledger import NewEntry
from registry.records.clinic.administration import write_administration
from registry.services.append import Entries
from tests.web.conftest import HTML, Site, csrf_of

KEY, CODE = "A-00000000000000aa", "R-0077"
GIVEN = datetime.now(UTC) - timedelta(days=20)
SEEN = (GIVEN + timedelta(days=14)).date()
TABLE = f"recipient,date,characteristic,value,unit\n{CODE},{SEEN},FSH,38,IU/L\n".encode()


@pytest.fixture(scope="module")
def given(site: Site) -> Site:
    """A lot of the story, on record as given to one recipient."""
    registry = site.registry
    lot = "H-03"
    doses = (SiteDose(f"{OBO}UBERON_0002119", 2_000_000),)
    record = write_administration(Administration(KEY, lot, "NCT03877471", "low", (1,), GIVEN, doses), registry.names)
    entry = NewEntry("administration", record, lots=(lot,), details={"recipient": CODE, "salt": "00"})
    Entries(registry.ledger, registry.names).enter(entry, "clinic", KEY)
    return site


def post(site: Site, data: bytes = TABLE, by: str = "clinic") -> object:
    """A table from a program."""
    headers = {**site.bearer(by), "Content-Type": "text/csv"}
    return site.client().post("/api/v1/outcomes?filename=visit.csv", data=data, headers=headers)


def test_a_program_submits_outcomes_and_gets_a_receipt_without_a_code(given: Site) -> None:
    """201 with what is recorded, and the same again; 422 with the rows that are wrong."""
    answer = post(given)
    assert answer.status_code == 201  # type: ignore[attr-defined]
    receipt = answer.get_json()  # type: ignore[attr-defined]
    assert [(each["administration"], each["day"], each["results"]) for each in receipt["recorded"]] == [
        (KEY, SEEN.isoformat(), 1)
    ]
    assert CODE not in answer.text  # type: ignore[attr-defined]
    assert post(given).get_json()["repeated"] is True  # type: ignore[attr-defined]
    wrong = post(given, TABLE.replace(b"IU/L", b"IU/mL"))
    assert wrong.status_code == 422  # type: ignore[attr-defined]
    (error,) = wrong.get_json()["errors"]  # type: ignore[attr-defined]
    assert (error["row"], error["expected"], error["found"]) == (2, "IU/L or mIU/mL", "IU/mL")


def test_an_idempotency_key_answers_its_own_receipt_and_is_refused_for_another_table(given: Site) -> None:
    """A key that cannot be one is refused before anything is read."""
    site, body = given, TABLE.replace(b"2026-11-25", b"2026-11-26")
    headers = site.bearer("clinic", **{"Content-Type": "text/csv", "Idempotency-Key": "visit 7"})
    first, again = (site.client().post("/api/v1/outcomes", data=body, headers=headers) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201), first.text
    assert first.get_json()["receipt"] == again.get_json()["receipt"]
    assert (first.get_json()["repeated"], again.get_json()["repeated"]) == (False, True)
    other = site.client().post("/api/v1/outcomes", data=TABLE.replace(b"2026-11-25", b"2026-11-27"), headers=headers)
    assert (other.status_code, other.get_json()["error"]["kind"]) == (409, "Conflict")
    wrong = site.client().post("/api/v1/outcomes", data=body, headers={**headers, "Idempotency-Key": "x" * 201})
    assert (wrong.status_code, wrong.get_json()["error"]["where"]) == (400, "Idempotency-Key")


def test_outcomes_are_a_page_json_json_ld_and_turtle_without_a_code(given: Site) -> None:
    """For the quality unit, clinics and inspectors."""
    post(given)
    for form in ("", ".json", ".jsonld", ".ttl"):
        accept = HTML if not form else {}
        answer = given.signed_in("quality").get(f"/outcomes{form}", headers=accept)
        assert answer.status_code == 200
        assert KEY in answer.text
        assert CODE not in answer.text
        assert "38" in answer.text
    assert given.client().get("/outcomes.json", headers=given.bearer("analyst")).status_code == 403


def test_a_clinician_pastes_rows_and_sees_what_is_wrong_with_them(given: Site) -> None:
    """The page says which row, and nothing is kept."""
    client = given.signed_in("clinic")
    page = client.get("/outcomes", headers=HTML).text
    form = {"csrf": csrf_of(page), "pasted": TABLE.decode().replace("IU/L", "IU/mL")}
    answer = client.post("/outcomes", data=form, headers=HTML)
    assert answer.status_code == 422
    assert "Row 2, unit:" in answer.text
    right = client.post("/outcomes", data={**form, "pasted": TABLE.decode()}, headers=HTML)
    assert right.status_code == 201
    assert "1 outcome is recorded." in right.text
    empty = client.post("/outcomes", data={**form, "pasted": ""}, headers=HTML)
    assert empty.status_code == 400
    assert "No file was chosen" in empty.text


def test_the_table_is_a_file_with_its_dictionary(given: Site) -> None:
    """CSV and Parquet."""
    client = given.signed_in("quality")
    table = client.get("/outcomes/table.csv")
    assert table.text.splitlines()[1].startswith(f"{KEY},NCT03877471,low,H-03,POI-M")
    assert client.get("/outcomes/table.parquet").data[:4] == b"PAR1"
    assert client.get("/outcomes/dictionary.csv").text.startswith("column,kind,unit,term,meaning")


def test_one_recipient_is_nothing_that_an_analyst_is_shown(given: Site) -> None:
    """The quality unit sees the lot; both are told what such a number cannot show, or that there are too few."""
    post(given)
    address = "/relation?characteristic=CD73&outcome=FSH"
    page = given.signed_in("quality").get(address, headers=HTML).text
    assert "Nothing is fitted to fewer than 8 recipients or 3 lots." in page
    assert "1 recipients of 1 lots" in page
    assert '<svg class="relation"' in page
    seen = (
        given.client().get("/relation.json?characteristic=CD73&outcome=FSH", headers=given.bearer("analyst")).get_json()
    )
    assert (seen["recipients"], seen["lots"], seen["groups"], seen["fit"], seen["by_lot"]) == (
        None,
        None,
        [],
        None,
        False,
    )
    assert "Fewer than eight recipients" in given.signed_in("analyst").get(address, headers=HTML).text


@pytest.mark.parametrize("query", ["?characteristic=nonsense&outcome=FSH", "?characteristic=CD73&outcome=CD73", ""])
def test_what_is_no_pair_is_refused(given: Site, query: str) -> None:
    """As data with the error, as a page with the form."""
    assert given.client().get(f"/relation.json{query}", headers=given.bearer("quality")).status_code in {400, 404}
    assert given.signed_in("quality").get(f"/relation{query}", headers=HTML).status_code == 200


def test_what_was_seen_is_one_table_that_sorts_narrows_and_is_saved(given: Site) -> None:
    """The address holds the choice for page, CSV and JSON alike; an order that there is none of is refused."""
    post(given)
    later = TABLE.replace(b"FSH,38,IU/L", b"AMH,0.4,ng/mL")
    assert post(given, later).status_code == 201  # type: ignore[attr-defined]
    site, ask = given, given.bearer("clinic")
    clinic = site.signed_in("clinic")

    def told(query: str) -> list[str]:
        saved = site.client().get(f"/outcomes.csv?{query}", headers=ask).text
        return [row["value"] for row in csv.DictReader(io.StringIO(saved))]

    assert (sorted(set(told("sort=outcome"))), told("q=amh"), told("q=nothing+such")) == (["0.4", "38"], ["0.4"], [])
    assert told("sort=outcome") == told("sort=-outcome")[::-1]
    data = site.client().get("/outcomes.json?q=amh", headers=ask).get_json()["outcomes"]
    assert [line["value"] for line in data] == ["0.4"]
    page = clinic.get("/outcomes?q=amh&sort=-when", headers=HTML).text
    assert ('href="/outcomes.csv?q=amh&amp;sort=-when"' in page, 'aria-sort="descending"' in page) == (True, True)
    assert clinic.get("/outcomes?sort=colour", headers=HTML).status_code == 400

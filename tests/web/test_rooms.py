"""The rooms of those behind a lot: what waits, what it stands on, what many lots say together, what was entered."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from registry.services import LotDraft
from tests.people import account_of
from tests.web.conftest import HTML, Site, csrf_of, panel
from web.lot_index.explore import COLUMNS


def data(site: Site, path: str, who: str) -> dict[str, object]:
    answer = site.client().get(path, headers=site.bearer(who))
    assert answer.status_code == 200, answer.text
    found: dict[str, object] = answer.get_json()
    return found


def test_the_queue_names_what_each_lot_lacks(site: Site) -> None:
    """Those that lack nothing come first; a released lot and one on hold do not wait."""
    site.submit(site.add_lot("W-1"))
    lots = data(site, "/review.json", "quality")["lots"]
    named = {line["lot"]: line["short_of"] for line in lots}  # type: ignore[attr-defined]
    assert (named["W-1"], named["H-04"]) == ([], ["cd73", "cd105", "cd45"])
    assert not {"H-03", "H-05"} & set(named)
    assert [bool(line["short_of"]) for line in lots if line["panels"]] == sorted(  # type: ignore[attr-defined]
        bool(line["short_of"])
        for line in lots
        if line["panels"]  # type: ignore[attr-defined]
    )


def test_an_open_page_hears_of_a_hold(site: Site) -> None:
    """The mark of what a page shows changes with the answer, and with nothing else."""
    lot = site.add_lot("W-2")
    site.submit(lot)
    site.sign(lot, "release")
    before = data(site, f"/live/{lot}", "clinic")
    shown = site.client().get(f"/lots/{lot}", headers=site.bearer("clinic", Accept="text/html")).text
    assert f'data-mark="{before["mark"]}"' in shown
    site.submit(lot, f"lot,characteristic,value,unit\n{lot},CD44,99.1,%\n".encode(), "more.csv")
    assert data(site, f"/live/{lot}", "clinic")["mark"] == before["mark"]
    assert f'data-below="{before["below"]}"' in shown
    assert data(site, f"/live/{lot}", "clinic")["below"] != before["below"]
    site.sign(lot, "hold", reason="A gap in the log.")
    after = data(site, f"/live/{lot}", "clinic")
    assert (after["may_be_injected"], after["state"], after["mark"] == before["mark"]) == (False, "on hold", False)


def test_a_banks_open_page_hears_of_what_was_made_of_it(site: Site) -> None:
    """Its own answer stays; what it draws of a lot below it does not."""
    lot = site.add_lot("W-31", derived_from=("B-2",))
    site.submit(lot)
    site.sign(lot, "release")
    before = data(site, "/live/B-2", "clinic")
    assert data(site, "/live/B-2", "clinic")["below"] == before["below"]
    site.sign(lot, "hold", reason="A gap in the log.")
    after = data(site, "/live/B-2", "clinic")
    assert (after["mark"] == before["mark"], after["below"] == before["below"]) == (True, False)


def test_evidence_stands_beside_the_rows_it_was_read_from(site: Site) -> None:
    """Each criterion leads to its row, and the row holds the cells of the file."""
    html = site.client().get("/evidence/H-04", headers=site.bearer("quality", Accept="text/html")).text
    links = re.findall(r'href="#(f[0-9a-f]{10}-\d+)">panel.csv, row \d+', html)
    rows = dict(re.findall(r'<tr id="(f[0-9a-f]{10}-\d+)">(.*?)</tr>', html))
    cells = [re.findall(r"<td>(?:<strong>)?(.*?)(?:</strong>)?</td>", rows[link]) for link in links]
    assert cells[1] == ["H-04", "CD105", "88.4", "%"]


def test_every_facet_counts_what_the_list_then_shows(site: Site) -> None:
    """A choice of any facet leaves exactly as many lots as its count says, in the list and in the file to save."""
    everything = data(site, "/explore/lots.json", "analyst")
    assert everything["facets"]["lots"] == len(everything["lots"])  # type: ignore[index, arg-type]
    for facet in everything["facets"]["facets"]:  # type: ignore[index]
        for choice in facet["choices"]:
            query = {facet["name"]: choice["value"]}
            found = site.client().get("/explore/lots.csv", query_string=query, headers=site.bearer("analyst")).text
            rows = list(csv.reader(io.StringIO(found)))
            assert (query, len(rows) - 1, rows[0]) == (query, choice["lots"], list(COLUMNS))


def test_the_columns_and_the_lots_without_a_date_are_all_the_lots(site: Site) -> None:
    """Each column says its number and leads to its month; what no column can show is said beneath."""
    facets = data(site, "/explore/lots.json", "analyst")["facets"]
    page = site.client().get("/explore", headers=site.bearer("analyst", Accept="text/html")).text
    drawn = re.findall(r'aria-label="(\d{4}-\d\d): (\d+)"', page)
    assert drawn == [(month, str(lots)) for month, lots in facets["months"]]  # type: ignore[index]
    undated = facets["lots"] - sum(lots for _month, lots in facets["months"])  # type: ignore[index]
    assert re.findall(r"(\d+) lots? ha(?:s|ve) no date", page) == ([str(undated)] if drawn and undated else [])


def test_the_ledger_reads_as_a_trail(site: Site) -> None:
    """Filtered by kind, person and lot; the newest first; each page begins where the last one ended."""
    found = data(site, "/ledger.json?kind=decision&lot=h-05", "inspector")["entries"]
    assert [(line["kind"], line["actor"], line["lots"], line["signed"]) for line in found] == [  # type: ignore[attr-defined]
        ("decision", "quality", ["H-05"], True),
        ("decision", "quality", ["H-05"], True),
    ]
    first = data(site, "/ledger.json", "admin")["entries"]
    assert [line["position"] for line in first] == sorted((line["position"] for line in first), reverse=True)  # type: ignore[attr-defined]
    following = data(site, f"/ledger.json?before={first[4]['position']}", "admin")["entries"]  # type: ignore[index]
    assert following[0]["position"] == first[4]["position"] - 1  # type: ignore[index]
    assert site.client().get("/ledger.json?before=x", headers=site.bearer("admin")).status_code == 400


def test_the_ledger_is_asked_for_a_decision_and_for_days(site: Site) -> None:
    """Holds alone, not other decisions; from a UTC day on, to a day with all of it; another day is refused."""
    every = data(site, "/ledger.json?kind=decision", "inspector")["entries"]
    holds = data(site, "/ledger.json?decision=hold", "inspector")["entries"]
    assert {line["position"] for line in holds} == {  # type: ignore[attr-defined]
        line["position"]
        for line in every
        if line["summary"].startswith("Hold signed")  # type: ignore[attr-defined]
    }
    day = every[0]["at"][:10]  # type: ignore[index]
    of_day = data(site, f"/ledger.json?kind=decision&from={day}&to={day}", "inspector")["entries"]
    assert of_day == [line for line in every if line["at"][:10] == day]  # type: ignore[attr-defined]
    assert data(site, "/ledger.json?to=2001-01-01", "inspector")["entries"] == []
    assert data(site, "/ledger.json?from=2098-01-01", "inspector")["entries"] == []
    assert site.client().get("/ledger.json?from=soon", headers=site.bearer("inspector")).status_code == 400


def test_a_part_of_a_lot_leads_to_the_lots_that_hold_it(site: Site) -> None:
    """The filter itself stays exact: what it shows is of that lot alone."""
    assert data(site, "/ledger.json?lot=-05", "inspector")["entries"] == []
    page = site.client().get("/ledger?lot=-05", headers={**site.bearer("inspector"), **HTML}).text
    assert re.findall(r'<a href="/ledger\?lot=([^"&]*)">', page) == ["H-05"]


def test_an_entry_has_an_address_with_the_hash_before_it(site: Site) -> None:
    """The same line as in the trail; a position that is not there yet is unknown."""
    newest, before = data(site, "/ledger.json", "inspector")["entries"][:2]  # type: ignore[index]
    size = data(site, "/ledger.json", "inspector")["size"]
    assert data(site, f"/ledger/{newest['position']}", "inspector") == {
        "entry": newest, "previous": before["hash"], "size": size,
    }  # fmt: skip
    assert data(site, "/ledger/1", "inspector")["previous"] is None
    for place in (0, int(str(size)) + 1, 10**20):
        assert site.client().get(f"/ledger/{place}", headers=site.bearer("inspector")).status_code == 404
    page = site.client().get(f"/ledger/{newest['position']}", headers={**site.bearer("inspector"), **HTML}).text
    assert f"<h1>Ledger entry {newest['position']}</h1>" in page


def test_copies_for_an_inspection_hold_words_data_records_and_files(site: Site) -> None:
    """Every record by its digest, every file as it was sent (21 CFR 11.10(b)); an inspector sees the recipient."""
    answer = site.client().get("/copies/AU-1", headers=site.bearer("inspector"))
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    lot = json.loads(archive.read("lot.json"))
    assert lot["answer"]["recipient"] == "R-0042"
    records = [line["record"] for line in json.loads(archive.read("history.json")) if line["record"]]
    assert {f"records/{one.removeprefix('sha256:')}.nt" for one in records} <= set(archive.namelist())
    digest = lot["panels"][0]["file"]
    assert archive.read(f"files/{digest.removeprefix('sha256:')}") == site.registry.submissions.file(digest)[1]
    assert archive.read("lot.txt").decode().split("\n")[0] == "Product lot AU-1, AUTO cells (AUTO)"
    assert archive.read("checkpoint.txt").decode() == site.registry.proofs.checkpoint()


def test_a_copys_read_me_checks_its_signatures_with_openssl_and_with_python(site: Site, tmp_path: Path) -> None:
    """Its commands are run as they stand; a record of which one byte was changed does not hold."""
    archive = zipfile.ZipFile(io.BytesIO(site.client().get("/copies/AU-1", headers=site.bearer("inspector")).data))
    archive.extractall(tmp_path)
    told = (tmp_path / "READ-ME.txt").read_text()
    signed = json.loads((tmp_path / "signatures.json").read_text())
    assert [one["kind"] for one in signed] == ["approval", "decision"]
    commands = [line for line in told.splitlines() if line.startswith("openssl pkeyutl")]
    python = "import json" + told.partition("import json")[2].partition("\n\n")[0]

    def run(command: list[str]) -> tuple[int, str]:
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout

    good = "Signature Verified Successfully\n"
    assert [run(command.split()) for command in commands] == [(0, good), (0, good)]
    assert run([sys.executable, "-c", python]) == (0, "".join(f"{one['entry']} holds\n" for one in signed))
    digest = "openssl pkey -pubin -in keys/1.pem -outform DER | tail -c 32 | sha256sum"
    assert "sha256:" + run(["sh", "-c", digest])[1].split()[0] == signed[0]["fingerprint"]
    assert f"keys/1.pem  {signed[0]['fingerprint']}\n" in told
    record = tmp_path / signed[1]["record"]
    record.write_bytes(record.read_bytes().replace(b"AU-1", b"AU-2"))
    assert [run(command.split())[0] for command in commands] == [0, 1]
    assert run([sys.executable, "-c", python])[0] == 1


def test_a_lot_is_registered_in_the_browser(site: Site) -> None:
    """A refusal keeps what was typed; the receipt is the lot's page."""
    browser = site.signed_in("lab.one")
    form = {"id": "REG-1", "kind": "product lot", "product": "POI-M", "derived_from": "B-2", "containers": "4"}
    form |= {"csrf": csrf_of(browser.get("/register/lot", headers=HTML).text), "expires_at": "2099-12-01 12:00"}
    refused = browser.post("/register/lot", headers=HTML, data=form)
    assert (refused.status_code, 'value="REG-1"' in refused.text) == (400, True)
    done = browser.post("/register/lot", headers=HTML, data={**form, "expires_at": "2099-12-01 12:00 +01:00"})
    assert (done.status_code, done.headers["Location"]) == (303, "/lots/REG-1?done=registered")
    lot = site.registry.lots.get("REG-1")
    assert (lot.expires_at.isoformat() if lot.expires_at else "", lot.containers, lot.derived_from[0].lot) == (
        "2099-12-01T11:00:00+00:00",
        4,
        "B-2",
    )


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("passage", "five", "Passage: this is no whole number."),
        ("manufactured_on", "2.10.2026", "Manufactured on: this is no date."),
        ("expires_at", "tomorrow", "Expires: this is no time."),
        ("product", "", "A product lot names its product."),
        ("derived_from", "B-77", "REG-2 is said to derive from B-77, which nobody has registered."),
        (
            "manufactured_on",
            "2098-01-01",
            "REG-2 cannot have been manufactured on 2098-01-01: that day has not come yet.",
        ),
        ("id", ".REG", "This cannot be a lot&#39;s identifier."),
    ],
)
def test_a_refused_lot_names_its_field_and_marks_it(site: Site, field: str, typed: str, message: str) -> None:
    """The heading says which field, a link leads to it, and the field itself is marked for who cannot see."""
    browser = site.signed_in("lab.one")
    page = browser.get("/register/lot", headers=HTML).text
    form = {"id": "REG-2", "kind": "product lot", "product": "POI-M", "csrf": csrf_of(page), field: typed}
    refused = browser.post("/register/lot", headers=HTML, data=form).text
    assert re.findall(r'<h2 id="refusal-title">(.*?)</h2>', refused) == [message]
    assert re.findall(r'<a href="#([\w-]+)">Go to the field', refused) == [field]
    assert re.findall(
        r'<(?:input|select) id="([\w-]+)"[^>]* aria-invalid="true" aria-describedby="refusal-title', refused
    ) == [field]


def test_a_product_is_registered_in_the_browser(site: Site) -> None:
    """By its terms, each named as the form offers it, by a synonym or by its id; a refusal keeps what was typed."""
    browser = site.signed_in("quality")
    page = browser.get("/register/product", headers=HTML).text
    form = {
        "id": "REG-P",
        "label": "Registered",
        "cell_type": "mesenchymal stem cell (CL:0000134)",
        "source": "H9 ES cell",
        "species": "Homo sapiens",
        "indications": ["primary ovarian insufficiency", "DOID:5426", ""],
    }
    refused = browser.post("/register/product", headers=HTML, data={**form, "csrf": csrf_of(page)})
    assert (refused.status_code, 'value="Registered"' in refused.text) == (400, True)
    form |= {"csrf": csrf_of(page), "donor_relation": "allogeneic"}
    assert browser.post("/register/product", headers=HTML, data=form).headers["Location"] == "/products/REG-P"
    product = site.registry.products.get("REG-P")
    assert (product.cell_type.id, product.source, product.species, [each.id for each in product.indications]) == (
        "CL:0000134",
        "CLO:0037313",
        "NCBITaxon:9606",
        ["DOID:5426"],
    )
    assert "Only cited" not in browser.get("/products/REG-P", headers=HTML).text


def test_every_mistake_in_a_form_is_told_at_once(site: Site) -> None:
    """Each in the heading's list and beneath its field, which is marked; nothing typed is lost."""
    browser = site.signed_in("lab.one")
    form = {"id": "REG-3", "kind": "product lot", "product": "POI-M", "passage": "five", "derived_from": "B-77",
            "manufactured_on": "2.10.2026",
            "csrf": csrf_of(browser.get("/register/lot", headers=HTML).text)}  # fmt: skip
    page = browser.post("/register/lot", headers=HTML, data=form).text
    assert '<h2 id="refusal-title">3 fields are to be corrected.</h2>' in page
    assert re.findall(r'<input id="(\w+)"[^>]*aria-invalid="true"', page) == [
        "derived_from",
        "manufactured_on",
        "passage",
    ]
    assert len(re.findall(r'<span class="fault">', page)) == 3
    assert ('value="five"' in page, 'value="B-77"' in page, "You typed: 2.10.2026" in page) == (True, True, True)


def test_an_expiry_is_in_the_zone_that_the_form_says(site: Site) -> None:
    """Of the house unless another is chosen; a time that clocks skip or show twice is refused."""
    browser = site.signed_in("lab.one")
    token = csrf_of(browser.get("/register/lot", headers=HTML).text)
    form = {"id": "REG-4", "kind": "product lot", "product": "POI-M", "csrf": token, "expires_zone": "Europe/Berlin"}
    skipped = browser.post("/register/lot", headers=HTML, data={**form, "expires_at": "2027-03-28T02:30"})
    twice = browser.post("/register/lot", headers=HTML, data={**form, "expires_at": "2027-10-31T02:30"})
    nowhere = browser.post(
        "/register/lot", headers=HTML, data={**form, "expires_at": "2027-07-01T12:00", "expires_zone": "../x"}
    )
    assert [answer.status_code for answer in (skipped, twice, nowhere)] == [400, 400, 400]
    assert "Clocks skip this time in Europe/Berlin." in skipped.text
    assert "Clocks show this time twice in Europe/Berlin." in twice.text
    done = browser.post("/register/lot", headers=HTML, data={**form, "expires_at": "2027-07-01T12:00"})
    assert done.status_code == 303
    expires = site.registry.lots.get("REG-4").expires_at
    assert (expires.isoformat() if expires else "") == "2027-07-01T10:00:00+00:00"


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("no such disease", "No term is called “no such disease”."),
        ("ovarian", "No term is called “ovarian”."),
        ("mesenchymal stem cell", "No term is called “mesenchymal stem cell”."),
    ],
)
def test_a_name_that_is_no_one_diseases_is_refused(site: Site, typed: str, message: str) -> None:
    """Nothing is taken for what was meant; what is near is offered."""
    browser = site.signed_in("quality")
    form = {"id": "REG-Q", "label": "Q", "cell_type": "CL:0000134", "source": "a line", "donor_relation": "allogeneic",
            "indications": typed, "csrf": csrf_of(browser.get("/register/product", headers=HTML).text)}  # fmt: skip
    page = browser.post("/register/product", headers=HTML, data=form).text
    assert re.findall(r'<h2 id="refusal-title">(.*?)</h2>', page) == [message]


def test_a_product_that_is_only_cited_is_registered_in_the_browser(site: Site) -> None:
    """It says of which publication, and its page that it is never released."""
    browser, citation = site.signed_in("quality"), "doi:10.5966/sctm.2015-0245"
    form = {"id": "CITED-P", "label": "Cited", "cell_type": "CL:0000134", "source": "adipose tissue",
            "donor_relation": "autologous", "citation": citation,
            "csrf": csrf_of(browser.get("/register/product", headers=HTML).text)}  # fmt: skip
    assert browser.post("/register/product", headers=HTML, data=form).status_code == 303
    assert site.registry.products.get("CITED-P").citation == citation
    page = browser.get("/products/CITED-P", headers=HTML).text
    assert f"<dt>Only cited</dt><dd>{citation}<br>" in page


def test_a_products_page_names_its_source_and_species_in_words(site: Site) -> None:
    """A term with its id beside it; what was given in words stays words."""
    page = site.signed_in("clinic").get("/products/POI-M", headers=HTML).text
    said = dict(re.findall(r"<dt>(Source|Species)</dt><dd>(.*?)</dd>", page))
    assert said == {
        "Source": "a cell line",
        "Species": 'Homo sapiens <span class="id">NCBITaxon:9606</span>',
    }


def test_a_retest_is_a_form(site: Site) -> None:
    """One result, its new value and the reason; it names what it supersedes."""
    lot = site.add_lot("W-3")
    site.submit(lot, panel(lot, CD90="80"))
    old = next(one for one in site.registry.lots.get(lot).panels[0].results if one.label == "CD90")
    browser = site.signed_in("lab.one")
    form = {"csrf": csrf_of(browser.get(f"/retest/{lot}", headers=HTML).text), "what": old.iri, "relation": "retest"}
    refused = browser.post(f"/retest/{lot}", headers=HTML, data={**form, "value": "98", "reason": ""})
    assert (refused.status_code, 'value="98"' in refused.text) == (400, True)
    assert (
        browser.post(
            f"/retest/{lot}", headers=HTML, data={**form, "value": "98", "reason": "Old antibody."}
        ).status_code
        == 201
    )
    new = site.registry.lots.get(lot).panels[1].results[0]
    assert (new.relation, new.supersedes, new.reason, new.printed) == ("retest", old.iri, "Old antibody.", "98")


def test_an_administrator_ends_sessions(site: Site) -> None:
    """Whoever was signed in is not, everywhere."""
    clinic, admin = site.signed_in("clinic"), site.signed_in("admin")
    assert clinic.get("/lots/H-03", headers=HTML).status_code == 200
    page = admin.get("/sessions", headers=HTML).text
    assert admin.post("/sessions/clinic", headers=HTML, data={"csrf": csrf_of(page)}).status_code == 303
    assert clinic.get("/lots/H-03", headers=HTML).status_code == 303


def test_a_trend_gives_its_figures_of_exact_values_alone(site: Site) -> None:
    """A censored value is drawn and enters no mean."""
    for number, value in enumerate(("96", "97", "98", "97", "<99.5", "97")):
        site.submit(site.add_lot(f"T-{number}", "POI-M"), panel(f"T-{number}", CD105=value))
    trend = data(site, "/trends/POI-M.json?criterion=cd105", "analyst")["trend"]
    seen = {one["lot"]: (one["low"], one["high"]) for one in trend["points"]}  # type: ignore[index]
    assert (seen["T-1"], seen["T-4"]) == (("97", "97"), ("0", "99.5"))
    exact = [one for one in trend["points"] if one["low"] == one["high"]]  # type: ignore[index]
    assert trend["mean"] == f"{sum(float(one['low']) for one in exact) / len(exact):.3f}"  # type: ignore[index]


def test_a_lot_whose_bank_is_recalled_says_so_in_its_records(site: Site) -> None:
    """Its history and its signatures hold the recall of what it derives from; its own entries stay apart."""
    site.registry.lots.register(
        LotDraft("WCB-R", kind="cell bank", synthetic=True), account_of(site.registry, "lab.one")
    )
    site.add_lot("R-1", derived_from=("WCB-R",))
    site.submit("R-1")
    site.sign("R-1", "release")
    site.sign("WCB-R", "recall", "A vial was found positive for mycoplasma.")
    read = data(site, "/history/R-1.json", "inspector")
    assert [line["kind"] for line in read["history"]] == ["lot", "panel", "decision"]  # type: ignore[attr-defined]
    told = [[one[name] for name in ("of", "kind", "reason", "signature_valid")] for one in read["inherited"]]  # type: ignore[attr-defined]
    assert told == [["WCB-R", "recall", "A vial was found positive for mycoplasma.", True]]
    for address in ("/history/R-1", "/lots/R-1"):
        page = site.client().get(address, headers={**site.bearer("inspector"), **HTML}).text
        text = " ".join(re.sub(r"<[^>]+>", "", page).split())
        assert "on WCB-R, from which it derives" in text, address
        assert "A vial was found positive for mycoplasma." in text, address
    assert "Recall of WCB-R" in text


def test_copies_hold_what_the_lot_rests_on(site: Site) -> None:
    """Origins, product, and the specification that a release names with its approval, each with its record."""
    site.registry.lots.register(
        LotDraft("WCB-C", kind="cell bank", synthetic=True), account_of(site.registry, "lab.one")
    )
    site.add_lot("C-1", derived_from=("WCB-C",))
    site.submit("C-1")
    site.sign("C-1", "release")
    site.sign("WCB-C", "recall", "Found positive for mycoplasma.")
    answer = site.client().get("/copies/C-1", headers=site.bearer("inspector"))
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    under = json.loads(archive.read("rests-on.json"))
    assert [(one["of"], one["kind"]) for one in under] == [
        ("POI-M", "product"),
        ("msc-identity", "specification"),
        ("POI-M", "approval"),
        ("WCB-C", "lot"),
        ("WCB-C", "decision"),
    ]
    names = set(archive.namelist())
    assert {f"records/{one['record'].removeprefix('sha256:')}.nt" for one in under} <= names
    released = json.loads(archive.read("lot.json"))["decisions"][0]["specification_digest"]
    assert under[1]["record"] == released
    assert [one["of"] for one in json.loads(archive.read("inherited.json"))] == ["WCB-C"]
    signatures = archive.read("lot.txt").decode().partition("SIGNATURES")[2]
    assert "- recall on WCB-C, from which it derives, Dr Quality (quality), " in signatures


def test_the_ledger_finds_a_print_by_its_lot(site: Site) -> None:
    """A print is no news of the lot, so it is not among the lot's entries; whoever filters by the lot sees it."""
    site.registry.printing.certificate("H-03", by=account_of(site.registry, "clinic"))
    newest = data(site, "/ledger.json?kind=print&lot=h-03", "inspector")["entries"][0]  # type: ignore[index]
    assert (newest["summary"], newest["lots"]) == ("Printed for H-03: certificate as pdf, a4", ["H-03"])
    assert data(site, "/ledger.json?lot=H-03", "inspector")["entries"][0] == newest  # type: ignore[index]


def test_the_ledger_says_who_was_made_and_disabled_and_why(site: Site) -> None:
    """No entry of people says only its kind."""
    site.registry.accounts.create("leaver", "clinician", "Dr Leaver", by=account_of(site.registry, "admin"))
    site.registry.accounts.disable("leaver", by=account_of(site.registry, "admin"), reason="Left the clinic")
    lines = data(site, "/ledger.json?kind=account", "admin")["entries"]
    assert [line["summary"] for line in lines[:2]] == [  # type: ignore[index]
        "leaver (clinician) disabled by admin: Left the clinic",
        "leaver (clinician) made by admin",
    ]
    first = data(site, "/ledger.json?kind=init", "admin")["entries"][0]  # type: ignore[index]
    assert first["summary"] == f"Registry founded: {site.registry.ledger.base}"


def test_the_first_page_says_how_many_can_be_decided_on(site: Site) -> None:
    """All of them counted, the first of them shown; a lot without results is nobody's to sign."""
    site.add_lot("M-1")
    site.submit(site.add_lot("M-2"))
    waits = [line.lot for line in site.registry.lot_index.table.waiting(1000)]
    page = site.signed_in("quality").get("/", headers=HTML).text
    assert re.findall(r'<h2 id="decide">To decide <span class="count">(\d+)</span>', page) == [str(len(waits))]
    assert ("M-1" in waits, "M-2" in waits) == (False, True)

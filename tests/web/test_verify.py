"""A credential's file checked at a page: what came of it, each check, and whose word that is."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from registry.services import LotDraft, ProductDraft, Registry
from tests.people import account_of
from tests.web.conftest import EXPIRES, HTML, Site, csrf_of

WORD = "This is the word of the server at https://registry.example/, given at "


@pytest.fixture
def other_house(tmp_path: Path) -> Iterator[Registry]:
    """Another registry, with a lot that nobody has decided on: its list says that it must not be injected."""
    registry, _once = Registry.create(tmp_path / "other", "https://other.example/")
    registry.accounts._accounts.people.create(
        "lab", "submitter", by="admin", printed_name="Dr Lab", password="eight odd words to keep", must_change=False
    )
    lab, diseases = account_of(registry, "lab"), ("DOID:5426",)
    draft = ProductDraft("X", "X cells", "CL:0000134", "a line", "allogeneic", "NCBITaxon:9606", diseases)
    registry.products.register(draft, lab)
    registry.lots.register(LotDraft("X-01", product="X", expires_at=EXPIRES, synthetic=True), lab)
    yield registry
    registry.close()


def send(client: FlaskClient, credential: str, headers: dict[str, str] | None = None, **more: object) -> TestResponse:
    """The form as a browser sends it; texts in ``more`` that are bytes are files."""
    token = csrf_of(client.get("/verify", headers=HTML).text)
    fields = {name: (io.BytesIO(value), name) if isinstance(value, bytes) else value for name, value in more.items()}
    files = {"credential": (io.BytesIO(credential.encode()), "H-03.vc.json")} if credential else {}
    return client.post("/verify", headers=headers or HTML, data={"csrf": token, **files, **fields})


def checks(answer: TestResponse) -> dict[str, str]:
    return {check["what"]: check["result"] for check in answer.json["checks"]}  # type: ignore[index]


def test_a_lots_own_credential_is_checked_with_everything_that_the_registry_has(site: Site) -> None:
    """Its keys, its lists as they are now, the proof in its ledger; the page says whose word it is."""
    client = site.signed_in("clinic")
    credential = client.get("/lots/H-03.vc.json").text
    page = send(client, credential)
    assert page.status_code == 200
    assert "The credential of H-03 holds." in page.text
    assert WORD in page.text
    assert "Decided: release, by Dr Quality, at " in page.text
    assert "cell-registry verify FILE" in page.text
    data = send(client, credential, {"Accept": "application/json"})
    assert checks(data) == dict.fromkeys(
        ("signature", "period", "ledger", "checkpoint", "status: suspension", "status: revocation"), "holds"
    )
    answer = data.json
    assert answer is not None
    assert (answer["valid"], answer["status"], answer["own"], answer["checked_by"]) == (
        True, "current", True, "https://registry.example/"
    )  # fmt: skip


def test_a_changed_a_withdrawn_and_another_file_are_told_apart(site: Site) -> None:
    """The first two are answers of the check; what is no credential is refused, with what was expected."""
    client = site.signed_in("clinic")
    credential = client.get("/lots/H-03.vc.json").text
    changed = send(client, credential.replace("CL_", "CL_9")).text
    assert "The credential of H-03 does not hold." in changed
    assert ("What it says is not to be relied on." in changed, "May be injected" in changed) == (True, False)
    site.sign("H-03", "hold", "Found late")
    page = send(client, credential)
    assert "The credential of H-03 is withdrawn: the lot must not be injected." in page.text
    assert "The lot may not be injected, after " in page.text
    for nothing, sentence in (("{}\n", "This is no credential of a lot."), ("", "No file was chosen.")):
        refused = send(client, nothing)
        assert (refused.status_code in {400, 422}, sentence in refused.text) == (True, True)


def test_another_registrys_credential_is_held_against_what_was_given_with_it(site: Site, other_house: Registry) -> None:
    """Without its key and lists nobody here vouches, and nothing of a hold is known."""
    client, proofs = site.signed_in("clinic"), other_house.proofs
    credential = proofs.credential("X-01")
    alone = send(client, credential)
    assert "Nobody here vouches for the key" in alone.text
    assert "Whether the lot was put on hold or recalled since is not known" in alone.text
    lists = {name: proofs.status_list(name).encode() for name in ("suspension", "revocation")}  # type: ignore[arg-type]
    did = json.dumps(proofs.did()).encode()
    known = send(client, credential, {"Accept": "application/json"}, keyfile=did, **lists)
    answer = known.json
    assert answer is not None
    assert (answer["status"], answer["issuer_known"], answer["own"]) == ("suspended", True, False)
    assert "checkpoint" not in checks(known)
    own_key = json.dumps(site.registry.proofs.did())
    assert checks(send(client, credential, {"Accept": "application/json"}, key=own_key))["signature"] == "fails"


def test_a_lots_page_and_its_labels_page_lead_to_credential_check_and_checkpoint(site: Site) -> None:
    """The labels' page shows the newest checkpoint as it is signed."""
    client = site.signed_in("clinic")
    for page in ("/lots/H-03", "/paper/H-03"):
        text = client.get(page, headers=HTML).text
        assert ('href="/lots/H-03.vc.json"' in text, 'href="/verify"' in text) == (True, True)
    lines = site.registry.proofs.checkpoint().splitlines()
    shown = client.get("/paper/H-03", headers=HTML).text
    assert "\n".join(lines[:3]) in shown

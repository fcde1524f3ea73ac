"""Printing from a real ledger: what is printed of which lot, that every print is entered, that none disturbs."""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from registry.cli import cli
from registry.errors import Unknown, WrongUsage
from registry.proof.verification import AtHand, verify
from registry.services import ProductDraft
from tests.paper.reading import codes, dense, document, pages, scanned
from tests.people import account_of
from tests.services.conftest import SECRET, House

NO_CERTIFICATE = "This is no certificate: nobody has released this lot."


def released(house: House, lot: str = "H-21") -> str:
    house.lot(lot, passage=5, containers=12)
    house.submit(lot)
    house.decide(lot, "release")
    return lot


def certificate(house: House, lot: str, actor: str | None = "q.one", **how: object) -> list[str]:
    by = account_of(house.registry, actor) if actor else None
    return pages(house.registry.printing.certificate(lot, by=by, **how).data)  # type: ignore[arg-type]


def test_a_released_lots_certificate_says_what_its_answer_says(house: House) -> None:
    """Every criterion, limit, result and verdict, the specification, the signature and every digest."""
    known = house.registry.lots.get(released(house))
    text = dense(" ".join(certificate(house, "H-21")))
    signed = known.decisions[0]
    facts = [known.answer.sentence, known.specification.title, known.specification.digest, signed.printed_name,
             signed.meaning, signed.record, known.panels[0].record, known.panels[0].file, "Certificate of analysis",
             f"ledger of {known.ledger_size} entries", house.registry.ledger.entry(known.ledger_size).hash,
             "no authority" if known.specification.illustrative else "departs in nothing"]  # fmt: skip
    facts += [f"{one.characteristic}{one.standing}" for one in known.criteria]
    facts += [f"{one.expected.replace('>=', '≥').replace('<=', '≤')}[1]" for one in known.criteria]
    facts += [
        f"{one.observed}Method: not stated.panel.csv, row {one.source.row}{one.verdict}" for one in known.criteria
    ]
    assert [fact for fact in facts if dense(fact) not in text] == []


def test_the_symbol_finds_the_lot(house: House) -> None:
    """What is scanned from certificate and label is typed into the one box, and the lot is what comes first.

    Nobody can reach this house's base: its label holds the lot's identifier alone.
    """
    released(house)
    house.lot("H-210")
    printed = house.registry.printing
    certificate, label = printed.certificate("H-21", by=None).data, printed.labels("H-21", form="png", by=None).data
    for data, symbol in ((certificate, "https://registry.example/lots/H-21"), (label, "H-21")):
        (text,) = scanned(data, dpi=300)
        assert text == symbol
        assert house.registry.lot_index.find(text)[0].lot == "H-21"


@pytest.mark.parametrize("lot", ["24/05 A", "P#7", "A_b.c-1"])
def test_a_name_with_signs_is_found_by_its_scan(house: House, lot: str) -> None:
    house.lot(lot)
    (text,) = scanned(house.registry.printing.labels(lot, form="png", by=None).data)
    assert house.registry.lot_index.find(text)[0].lot == lot


@pytest.mark.parametrize(
    "address",
    [
        "https://other.example/lots/H-21",
        "https://registry.example.evil/lots/H-21",
        "https://registry.example/files/H-21",
    ],
)
def test_another_registrys_label_finds_nothing_here(house: House, address: str) -> None:
    """A lot elsewhere may have the same name: its label must not lead to ours."""
    house.lot("H-21")
    assert house.registry.lot_index.find(address) == []


@pytest.mark.parametrize("place", ["lot", "lots", "history"])
def test_every_address_of_a_lot_finds_it(house: House, place: str) -> None:
    house.lot("24/05 A")
    address = f"https://registry.example/{place}/24%2F05%20A?at=2026-11-21T14:05:00Z"
    assert [line.lot for line in house.registry.lot_index.find(address)] == ["24/05 A"]


def test_a_lot_that_nobody_released_has_a_report_that_says_so_on_every_page(house: House) -> None:
    house.lot("H-22")
    house.submit("H-22", CD73="88.0")
    printed = house.registry.printing.certificate("H-22", by=account_of(house.registry, "q.one"))
    assert (printed.what, printed.file_name) == ("report as pdf, a4", "report-H-22.pdf")
    assert [NO_CERTIFICATE in text for text in pages(printed.data)] == [True, True]
    assert all("Certificate of analysis" not in text for text in pages(printed.data))


@pytest.mark.parametrize(("kind", "state"), [("hold", "On hold"), ("recall", "Recalled"), ("rejection", "Rejected")])
def test_a_stopped_lots_certificate_says_so_on_every_page(house: House, kind: str, state: str) -> None:
    house.decide(released(house), kind)
    for text in certificate(house, "H-21"):
        assert f"{state}: this lot must not be injected." in text


def test_a_withdrawn_panel_says_so_on_every_page(house: House) -> None:
    panel = house.registry.lots.get(released(house)).panels[0].panel
    house.registry.submissions.withdraw(panel, reason="Swapped.", name="lab.one", password=SECRET)
    for text in certificate(house, "H-21"):
        assert "Suspended: this lot must not be injected." in text


def test_an_expired_lot_says_so_on_every_page(house: House) -> None:
    """The moment of printing decides: a day before its expiry the same lot was in order."""
    expires = datetime.now(UTC) + timedelta(days=2)
    house.lot("H-23", expires_at=expires)
    house.submit("H-23")
    house.decide("H-23", "release")
    said = "Expired: this lot must not be injected."
    before = certificate(house, "H-23", actor=None, at=expires - timedelta(days=1))
    after = certificate(house, "H-23", actor=None, at=expires + timedelta(seconds=1))
    assert [said in text for text in before + after] == [False, False, True, True]


def test_a_cell_banks_report_says_that_it_is_none_for_injection(house: House) -> None:
    house.lot("WCB-1", kind="cell bank", product=None, expires_at=None)
    (text,) = certificate(house, "WCB-1")
    assert "WCB-1 is a cell bank, not a lot for injection." in text
    assert NO_CERTIFICATE in text


def test_a_preview_says_so_and_is_entered_nowhere(house: House) -> None:
    size = house.registry.lots.get(released(house)).ledger_size
    printed = house.registry.printing.certificate("H-21", by=None)
    assert [("Preview, not recorded. Not for use." in text) for text in pages(printed.data)] == [True, True]
    assert (printed.position, house.registry.size()) == (0, size)


def test_a_print_is_an_entry_with_who_when_what_and_the_digest_of_its_bytes(house: House) -> None:
    size = house.registry.lots.get(released(house)).ledger_size
    printed = house.registry.printing.certificate("h-21", by=account_of(house.registry, "clinic.one"), size="letter")
    entry = house.registry.ledger.entry(printed.position)
    assert (entry.kind, entry.actor, entry.lots, entry.position) == ("print", "clinic.one", (), size + 1)
    assert entry.details == {
        "summary": "Printed for H-21: certificate as pdf, letter",
        "print": "H-21",
        "what": "certificate as pdf, letter",
        "ledger_size": size,
        "as_of": printed.as_of.isoformat(),
        "digest": "sha256:" + hashlib.sha256(printed.data).hexdigest(),
    }


def test_a_certificate_carries_the_credential_of_its_lot_and_a_code_that_leads_to_it(house: House) -> None:
    """Whoever has the PDF checks it without the registry; a preview, which is no paper, carries none."""
    printed = house.registry.printing.certificate(released(house), by=account_of(house.registry, "q.one"))
    attached = document(printed.data).attachments
    assert list(attached) == ["credential.vc.json"]
    verification = verify(attached["credential.vc.json"][0].decode(), AtHand(house.now()))
    assert (verification.valid, verification.lot) == (True, "H-21")
    address = "https://registry.example/lots/H-21.vc.json"
    assert address in [text for page in range(len(pages(printed.data))) for text in codes(printed.data, page)]
    preview = house.registry.printing.certificate("H-21", by=None)
    assert list(document(preview.data).attachments) == []


def test_a_certificate_as_a_page_carries_the_same_credential_and_the_ledgers_root(house: House) -> None:
    """In one file, to be saved from it without a script; the root is that of the checkpoint that it was printed under.

    A preview has no credential.
    """
    lot, root = released(house), house.registry.proofs.checkpoint().split("\n")[2]
    printed = house.registry.printing.certificate(lot, form="html", by=account_of(house.registry, "q.one"))
    page = printed.data.decode()
    (encoded,) = re.findall(
        r'<a download="credential.vc.json" href="data:application/vc;base64,([A-Za-z0-9+/=]+)">', page
    )
    text = base64.b64decode(encoded).decode()
    assert (verify(text, AtHand(house.now())).valid, text) == (
        True,
        house.registry.proofs.credential(lot, printed.as_of),
    )
    assert f"<code>{root}</code>" in page
    assert "https://registry.example/lots/H-21.vc.json" in page
    assert "credential" not in house.registry.printing.certificate(lot, form="html", by=None).data.decode()


@pytest.mark.parametrize("form", ["pdf", "html"])
def test_what_was_printed_is_printed_again_to_the_byte(house: House, form: str) -> None:
    """However much was entered since, the lot and the moment give the same bytes."""
    released(house)
    first = house.registry.printing.certificate("H-21", form=form, by=account_of(house.registry, "q.one"))
    house.decide("H-21", "hold")
    house.registry.printing.certificate("H-21", by=account_of(house.registry, "q.two"))
    again = house.registry.printing.certificate(
        "H-21", form=form, by=account_of(house.registry, "q.one"), at=first.as_of
    )
    assert (again.data, again.ledger_size) == (first.data, first.ledger_size)


@pytest.mark.parametrize("form", ["pdf", "html"])
def test_paper_of_the_past_says_what_is_so_now(house: House, form: str) -> None:
    """A lot on hold has no clean certificate of last week: each page says both, and the ledger of what it was."""
    at = house.registry.lots.get(released(house)).at
    house.decide("H-21", "hold")
    for _ in range(2):
        printed = house.registry.printing.certificate("H-21", form=form, by=account_of(house.registry, "q.one"), at=at)
        texts = pages(printed.data) if form == "pdf" else [printed.data.decode()]
        then = f"State at {at:%Y-%m-%d %H:%M} +00:00. NOW ("
        assert [(then in text, "): on hold, must not be injected." in text) for text in texts] == [(True, True)] * len(
            texts
        )
        entry = house.registry.ledger.entry(printed.position)
        assert entry.details["what"] == f"{printed.what}, as of {at:%Y-%m-%d %H:%M} +00:00"
        if form == "html":
            assert re.findall(r'class="answer (\w+)"', texts[0]) == ["stopped"]


def test_at_a_terminal_the_past_has_no_sign_of_an_answer(house: House, tmp_path: Path) -> None:
    """What was so then, what is so now, in the same box; a time to come is answered as it was asked."""
    at = house.registry.lots.get(released(house)).at
    house.decide("H-21", "hold")
    run = CliRunner(env={"COLUMNS": "120"}).invoke
    data = ["--data", str(tmp_path / "data")]
    then, now = (run(cli, ["lot", "H-21", *more, *data]).stdout for more in (["--at", at.isoformat()], []))
    assert [line.strip("│ ") for line in then.splitlines() if line.startswith("│")] == [
        f"H-21: was released at {at:%Y-%m-%d %H:%M} +00:00",
        "NOW: on hold, must not be injected.",
    ]
    assert "✗ H-21: MUST NOT BE INJECTED (on hold)" in now
    assert "MUST NOT BE INJECTED (on hold)" in run(cli, ["lot", "H-21", "--at", "2098-01-01T00:00:00Z", *data]).stdout


def test_paper_of_the_past_that_is_still_so_says_nothing(house: House) -> None:
    at = house.registry.lots.get(released(house)).at
    house.lot("H-22")
    assert ["NOW (" in text for text in certificate(house, "H-21", at=at)] == [False, False]


def test_a_later_print_says_what_changed_since(house: House) -> None:
    first = house.registry.printing.certificate(released(house), by=account_of(house.registry, "q.one"))
    (unchanged,) = (text for text in certificate(house, "H-21", actor=None) if "Printed before" in text)
    assert f"Entry {first.position}, " in unchanged
    assert "by q.one: certificate as pdf, a4, of ledger size" in unchanged
    assert "Since the newest of these prints: nothing about this lot." in unchanged
    house.decide("H-21", "hold", reason="A gap in the temperature log.")
    (changed,) = (text for text in certificate(house, "H-21", actor=None) if "Printed before" in text)
    assert "q.one: Hold signed by Q.One: A gap in the temperature log." in changed


def test_the_first_print_says_nothing_of_earlier_ones(house: House) -> None:
    assert all("Printed before" not in text for text in certificate(house, released(house)))


def test_a_label_is_no_earlier_certificate(house: House) -> None:
    house.registry.printing.labels(released(house), by=account_of(house.registry, "lab.one"))
    assert all("Printed before" not in text for text in certificate(house, "H-21"))
    assert [one.what for one in house.registry.printing.prints("H-21")] == [
        "label 50x25 of the lot as pdf", "certificate as pdf, a4",
    ]  # fmt: skip


def test_a_print_disturbs_neither_a_release_in_progress_nor_a_kept_verdict(house: House) -> None:
    """The heads that a release is held to, and the key of a verdict, are what they were."""
    house.lot("H-24")
    house.submit("H-24")
    before, kept = house.registry.reader.facts("H-24"), len(house.registry.states.known)
    house.registry.lots.get("H-24")
    kept = len(house.registry.states.known)
    house.registry.printing.certificate("H-24", by=account_of(house.registry, "q.two"))
    house.registry.printing.labels("H-24", by=account_of(house.registry, "lab.one"))
    after = house.registry.reader.facts("H-24")
    assert (after.heads, len(house.registry.states.known)) == (before.heads, kept)
    house.decide("H-24", "release")
    assert house.state("H-24") == "released"


def test_the_history_tells_the_prints(house: House) -> None:
    house.registry.printing.labels(
        released(house), containers=12, size="100x50", sheet="a4", by=account_of(house.registry, "lab.one")
    )
    line = house.registry.lots.history("H-21")[-1]
    assert (line.kind, line.actor, line.summary) == (
        "print", "lab.one", "Printed for H-21: label 100x50 of containers 1 to 12 as pdf, a4 sheets",
    )  # fmt: skip


def test_the_audit_knows_prints(house: House) -> None:
    """Their entries, and the index under which they are found, are recomputed like all others."""
    house.registry.printing.certificate(released(house), by=account_of(house.registry, "q.one"))
    report = house.registry.upkeep.audit()
    assert (report.ok, report.findings) == (True, ())


def test_an_autologous_lots_paper_never_holds_the_recipients_code(house: House) -> None:
    house.registry.products.register(
        ProductDraft("AUTO", "MSC", "CL:0000134", "bone marrow", "autologous", "NCBITaxon:9606"),
        account_of(house.registry, "q.two"),
    )
    house.lot("AU-1", product="AUTO", recipient="R-0042")
    label = pages(house.registry.printing.labels("AU-1", by=None).data)[0]
    texts = [*certificate(house, "AU-1"), label]
    assert "FOR AUTOLOGOUS USE ONLY" in label
    assert [text for text in texts if "R-0042" in text] == []


def test_a_lot_that_is_not_here_is_not_printed(house: House) -> None:
    with pytest.raises(Unknown):
        house.registry.printing.certificate("nobody", by=account_of(house.registry, "q.one"))


def test_a_format_that_is_not_offered_is_refused_and_not_entered(house: House) -> None:
    size = house.registry.lots.get(released(house)).ledger_size
    with pytest.raises(WrongUsage) as refusal:
        house.registry.printing.certificate("H-21", form="docx", by=account_of(house.registry, "q.one"))
    assert (refusal.value.expected, refusal.value.found) == ("pdf, html", "docx")
    assert house.registry.size() == size

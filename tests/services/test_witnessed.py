"""A ledger shortened or rewritten by who has everything, the key included, is found by who kept a checkpoint."""

from __future__ import annotations

import base64
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from registry.cli import cli
from registry.cli.proofs.witness_server import asked, server
from registry.errors import Unreadable
from registry.proof.checkpoint import origin_of, read_checkpoint
from registry.proof.cosignature import witness_key
from registry.proof.inclusion_file import read_inclusion
from registry.proof.keys.ml_dsa import MlDsaKey
from registry.proof.note import read_note, sign
from registry.proof.signing import SigningKey
from registry.proof.verification import AtHand, verify
from registry.proof.witness import Request, answer
from registry.services import Registry
from registry.services.proofs.witnesses import FILE, WITNESSED, read_policy
from tests.services.conftest import House

NAME = "hospital.example"


@contextmanager
def witness(registry: Registry, folder: Path, kind: type[SigningKey] | type[MlDsaKey] = SigningKey) -> Iterator[None]:
    """Another house that witnesses this registry, named in its policy."""
    folder.mkdir()
    key = kind.create(folder / "witness.pem")
    ledgers = {origin_of(registry.base): registry.ledger.public_keys()}
    with server(("127.0.0.1", 0), NAME, key, ledgers, folder / "seen") as serving:
        thread = threading.Thread(target=serving.serve_forever)
        thread.start()
        address = f"http://127.0.0.1:{serving.server_port}"
        policy = f'need = 1\n[[witness]]\nkey = "{witness_key(NAME, key).text()}"\naddress = "{address}"\n'
        (registry.directory / FILE).write_text(policy)
        yield
        serving.shutdown()
        thread.join()


def test_a_registry_says_that_it_is_not_witnessed_and_then_by_whom_and_how_far(house: House, tmp_path: Path) -> None:
    """Off until somebody is named; what was entered since is told; asking again goes on from what was seen."""
    registry = house.registry
    assert registry.proofs.witnessed() == "by nobody: no witness is named"
    with pytest.raises(Unreadable, match="No witness is named"):
        asked(registry.proofs, registry.directory)
    with witness(registry, tmp_path / "witness", MlDsaKey):
        assert registry.proofs.witnessed() == "by nobody yet: 1 of 1 named witnesses have to cosign a checkpoint"
        for _ in range(2):
            size = registry.size()
            assert asked(registry.proofs, registry.directory) == [f"✓ {NAME}: has cosigned {size} entries"]
            assert registry.proofs.is_witnessed()
            assert [line.name for line in read_note(registry.proofs.checkpoint()).signatures][1:] == [NAME]
            house.lot(f"P-{size}")
            assert not registry.proofs.is_witnessed()
        assert registry.proofs.witnessed().startswith(f"{size} entries, by {NAME}, at ")
        assert registry.proofs.witnessed().endswith("; 1 entries since then are not")
        under = [read_inclusion(registry.proofs.inclusion(entry)).checkpoint.size for entry in (1, size, size + 1)]
        assert under == [size, size, size + 1]
        ran = CliRunner().invoke(cli, ["witness", "ask", "--data", str(registry.directory)])
        assert (ran.exit_code, ran.output.splitlines()[0]) == (0, f"✓ {NAME}: has cosigned {size + 1} entries")
    assert ("Seen by witnesses", registry.proofs.witnessed()) in registry.upkeep.inspection.facts()


def test_a_rewritten_ledger_is_found_by_an_inspector_a_clinic_and_a_witness(house: House, tmp_path: Path) -> None:
    """An older copy goes on with the right key: everything in it is sound, and each of the three has kept a checkpoint.

    The inspector's audit, the clinic's ``verify``, and the witness's refusal name it.
    """
    registry = house.registry
    house.lot("P-01")
    house.submit("P-01")
    shutil.copytree(registry.directory, tmp_path / "older", ignore=shutil.ignore_patterns("graph"))
    house.decide("P-01", "release")
    kept = registry.proofs.checkpoint()
    with witness(registry, tmp_path / "witness"):
        asked(registry.proofs, registry.directory)
        shutil.copy(registry.directory / FILE, tmp_path / "older" / FILE)
        other = House(Registry.open(tmp_path / "older"))
        shorter = asked(other.registry.proofs, other.registry.directory)
        assert shorter == [f"✗ {NAME}: The witness has seen a longer ledger than this one."]
        other.decide("P-01", "release")
        rewritten = asked(other.registry.proofs, other.registry.directory)
        begins = "The ledger does not begin with the entries that it held before."
        assert rewritten == [f"✗ {NAME}: The witness refuses: 422. {begins}"]
        other.lot("P-02")
        (longer,) = asked(other.registry.proofs, other.registry.directory)
        assert longer.startswith(f"✗ {NAME}: The witness refuses: 422. The ledger does not begin with")
        assert not (other.registry.directory / WITNESSED).exists()
    found = other.registry.upkeep.audit(known_checkpoint=kept).findings
    assert {finding.check for finding in found if finding.check != "graph"} >= {"kept checkpoint"}
    rewritten_lot = other.registry.proofs.credential("P-01", other.registry.ledger.entry(registry.size()).at)
    checks = verify(rewritten_lot, AtHand(house.now() + timedelta(minutes=1), checkpoint=kept)).checks
    assert [check.result for check in checks if check.what == "checkpoint"] == ["fails"]
    other.registry.close()


def test_a_witness_answers_as_the_protocol_says(house: House, tmp_path: Path) -> None:
    """404 for another ledger, 403 for another key, 400 for nonsense, 409 with the size it knows, 422 another root."""
    registry, key = house.registry, SigningKey.create(tmp_path / "witness.pem")
    note = read_checkpoint(registry.proofs.checkpoint())[1]
    new, _note = read_checkpoint(registry.proofs.checkpoint())
    ours = {new.origin: registry.ledger.public_keys()}

    def status(text: str, ledgers: dict[str, tuple[str, ...]] = ours) -> tuple[int, str]:
        reply = answer(text, ledgers, {new.origin: new}, NAME, key, house.now())
        return reply.status, reply.body if reply.status == 409 else ""

    sent = Request(new.size, (), note).written()
    assert status(sent) == (200, "")
    assert status(sent, {}) == (404, "")
    assert status(sent, {new.origin: (key.public,)}) == (403, "")
    assert status(Request(new.size + 1, (), note).written()) == (400, "")
    assert status(Request(1, (), note).written()) == (409, f"{new.size}\n")
    other = sign(new.text().replace(new.text().split("\n")[2], base64.b64encode(bytes(32)).decode()), new.origin, key)
    assert status(Request(new.size, (), other).written(), {new.origin: (key.public,)}) == (422, "")
    assert [status(text)[0] for text in ("", sent.replace("old", "new"), sent.replace("\n\n", "\n!\n\n", 1))] == [
        400
    ] * 3


@pytest.mark.parametrize(
    "change",
    [lambda text: text.replace("need = 1", "need = 2"), lambda text: text.replace("need = 1", "need = 0"),
     lambda text: text.replace("http:", "file:"), lambda text: text + 'more = "x"\n', lambda _text: "need = 1\n"],
)  # fmt: skip
def test_a_policy_that_nobody_can_meet_or_read_is_refused(change: object, tmp_path: Path) -> None:
    """More witnesses needed than are named, none needed, no web address, an unknown name, no witness."""
    key = witness_key(NAME, SigningKey.create(tmp_path / "key.pem")).text()
    text = f'need = 1\n[[witness]]\nkey = "{key}"\naddress = "http://127.0.0.1:1"\n'
    assert read_policy(text).need == 1
    with pytest.raises(Unreadable):
        read_policy(change(text))  # type: ignore[operator]

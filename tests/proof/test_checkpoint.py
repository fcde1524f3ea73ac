"""Checkpoints, witnesses and proof files are C2SP's, and every changed sign of one is noticed."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey

from registry.errors import Conflict, Refused, Unreadable, UnsupportedKind
from registry.proof.checkpoint import Checkpoint, origin_of, read_checkpoint, verifier_of
from registry.proof.cosignature import Cosignature, belied, cosignatures, cosigned, follows, witness_key
from registry.proof.inclusion_file import InclusionProof, read_inclusion
from registry.proof.keys import ml_dsa
from registry.proof.keys.ml_dsa import MlDsaKey, load_either
from registry.proof.merkle import Tree, leaf_hash
from registry.proof.note import ED25519, Verifier, read_note, read_verifier, sign
from registry.proof.signing import SigningKey

ORIGIN = "registry.example/ledger"
AT = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
LEAVES = [leaf_hash(str(place).encode()) for place in range(8)]
TREE = Tree(LEAVES)


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> SigningKey:
    return SigningKey.create(tmp_path_factory.mktemp("key") / "key.pem")


@pytest.fixture
def other(tmp_path: Path) -> SigningKey:
    return SigningKey.create(tmp_path / "other.pem")


def test_the_vector_of_the_signed_note_specification_verifies() -> None:
    """C2SP signed-note's own example key and note (from golang.org/x/mod/sumdb/note)."""
    verifier = read_verifier("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    note = read_note(
        "If you think cryptography is the answer to your problem,\n"
        "then you don't know what your problem is.\n"
        "\n"
        "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
    )
    assert note.signed_by(verifier)
    assert verifier.text() == "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"


def test_a_checkpoint_is_three_lines_and_its_signature(key: SigningKey) -> None:
    """Written, read again and verified, it says the same; the root is that of the reference tests."""
    inputs = ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
    checkpoint = Checkpoint(ORIGIN, 8, Tree(leaf_hash(bytes.fromhex(text)) for text in inputs).root())
    note = checkpoint.signed(key)
    root = base64.b64encode(bytes.fromhex("5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328")).decode()
    assert note.text == f"{ORIGIN}\n8\n{root}\n"
    assert read_checkpoint(note.written()) == (checkpoint, note)
    assert note.signed_by(verifier_of(ORIGIN, key.public))


def test_another_key_name_or_text_does_not_verify(key: SigningKey, other: SigningKey) -> None:
    """A signature is of one key, under one name, over one text."""
    note = Checkpoint(ORIGIN, 8, TREE.root()).signed(key)
    assert not note.signed_by(verifier_of(ORIGIN, other.public))
    assert not note.signed_by(Verifier("elsewhere.example/ledger", ED25519, key.public))
    _checkpoint, forged = read_checkpoint(note.written().replace("\n8\n", "\n9\n"))
    assert not forged.signed_by(verifier_of(ORIGIN, key.public))


def test_every_changed_sign_of_a_checkpoint_is_noticed(key: SigningKey) -> None:
    """Whatever place is changed: it is unreadable, or its signature does not hold."""
    written = Checkpoint(ORIGIN, 8, TREE.root()).signed(key).written()
    verifier = verifier_of(ORIGIN, key.public)
    for place, sign_there in enumerate(written):
        changed = written[:place] + ("A" if sign_there != "A" else "B") + written[place + 1 :]
        try:
            _checkpoint, note = read_checkpoint(changed)
        except Unreadable:
            continue
        assert not note.signed_by(verifier), place


@pytest.mark.parametrize(
    "text",
    [
        "",
        "registry.example/ledger\n8\n",
        f"{ORIGIN}\n08\n{'A' * 43}=\n\n— a AAAAAAAA\n",
        f"{ORIGIN}\n8\n{'A' * 42}==\n\n— a AAAAAAAA\n",
        f"{ORIGIN}\n8\n{'A' * 43}=\nextra\n\n— a AAAAAAAA\n",
        f"{ORIGIN}\n8\n{'A' * 43}=\n\n- a AAAAAAAA\n",
        f"{ORIGIN}\n8\n{'A' * 43}=\n\n— a AAAAAAAA",
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    """A size with a leading zero, a short root, a fourth line, another dash, a missing end."""
    with pytest.raises(Unreadable):
        read_checkpoint(text)


def test_a_name_that_a_line_cannot_carry_is_refused(key: SigningKey) -> None:
    """C2SP signed-note: no space and no plus sign in a key's name."""
    with pytest.raises(Refused):
        sign("text\n", "a name", key)
    assert origin_of("https://registry.example/") == ORIGIN


def test_a_witness_signs_the_checkpoint_and_the_time(key: SigningKey, other: SigningKey) -> None:
    """Its word is found by its key alone, and says when it saw the checkpoint."""
    note = cosigned(Checkpoint(ORIGIN, 8, TREE.root()).signed(key), "hospital.example", other, AT)
    witness = witness_key("hospital.example", other)
    assert cosignatures(read_note(note.written()), [witness]) == (Cosignature("hospital.example", AT),)
    assert cosignatures(note, [witness_key("hospital.example", key)]) == ()
    assert cosignatures(note, [witness_key("another.example", other)]) == ()
    assert note.signed_by(verifier_of(ORIGIN, key.public))


def test_a_changed_time_of_a_cosignature_is_noticed(key: SigningKey, other: SigningKey) -> None:
    """The time is signed with the text."""
    note = cosigned(Checkpoint(ORIGIN, 8, TREE.root()).signed(key), "hospital.example", other, AT)
    line = note.signatures[1]
    moved = (int(AT.timestamp()) + 1).to_bytes(8, "big") + line.signature[8:]
    changed = type(note)(note.text, (note.signatures[0], type(line)(line.name, line.id, moved)))
    assert cosignatures(changed, [witness_key("hospital.example", other)]) == ()


@pytest.fixture(scope="module")
def long_key(tmp_path_factory: pytest.TempPathFactory) -> MlDsaKey:
    folder = tmp_path_factory.mktemp("ml-dsa")
    try:
        made = MlDsaKey.create(folder / "witness.pem")
    except UnsupportedKind:
        pytest.skip("this cryptography has no ML-DSA")
    assert load_either(folder / "witness.pem").public == made.public
    return made


def test_an_ml_dsa_witness_signs_the_message_of_the_specification(key: SigningKey, long_key: MlDsaKey) -> None:
    """C2SP tlog-cosignature: label, name, time, origin, start 0, end, root; written here byte by byte from its text."""
    checkpoint = Checkpoint(ORIGIN, 8, TREE.root())
    note = cosigned(checkpoint.signed(key), "hospital.example", long_key, AT)
    line, public = note.signatures[1], base64.b64decode(long_key.public)
    assert line.id == hashlib.sha256(b"hospital.example\n\x06" + public).digest()[:4]
    time = int(AT.timestamp()).to_bytes(8, "big")
    assert (line.signature[:8], len(line.signature)) == (time, 8 + 2420)
    named, origin = b"\x10hospital.example", b"\x17registry.example/ledger"
    message = b"subtree/v1\n\x00" + named + time + origin + bytes(8) + bytes([0] * 7 + [8]) + TREE.root()
    MLDSA44PublicKey.from_public_bytes(public).verify(line.signature[8:], message)
    witness = read_verifier(witness_key("hospital.example", long_key).text())
    assert cosignatures(read_note(note.written()), [witness]) == (Cosignature("hospital.example", AT),)


def test_another_name_time_size_or_key_of_an_ml_dsa_witness_does_not_hold(
    key: SigningKey, long_key: MlDsaKey, other: SigningKey
) -> None:
    """Its signature is over its name too; no time at all is no word of a witness."""
    note = cosigned(Checkpoint(ORIGIN, 8, TREE.root()).signed(key), "hospital.example", long_key, AT)
    line = note.signatures[1]
    renamed = witness_key("another.example", long_key)
    lines = (
        (renamed, replace(line, name="another.example", id=renamed.id)),
        (witness_key("hospital.example", long_key), replace(line, signature=bytes(8) + line.signature[8:])),
        (witness_key("hospital.example", long_key), replace(line, signature=line.signature[:-1] + b"!")),
    )
    for witness, changed in lines:
        forged = replace(note, signatures=(note.signatures[0], changed))
        assert (cosignatures(forged, [witness]), belied(forged, witness)) == ((), True)
    witness = witness_key("hospital.example", long_key)
    shorter = replace(note, text=Checkpoint(ORIGIN, 7, TREE.root()).text())
    assert cosignatures(shorter, [witness]) == ()
    assert not belied(note, witness_key("hospital.example", other))
    with pytest.raises(Refused, match="too long to be cosigned"):
        cosigned(note, "h" * 256, long_key, AT)


def test_where_there_is_no_ml_dsa_such_a_key_is_refused_by_name(
    long_key: MlDsaKey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing that it signed is taken for checked; Ed25519 goes on."""
    text = witness_key("hospital.example", long_key).text()
    monkeypatch.setattr(ml_dsa, "mldsa", None)
    for ask in (lambda: read_verifier(text), lambda: MlDsaKey.create(tmp_path / "new.pem")):
        with pytest.raises(UnsupportedKind, match="ML-DSA-44 is not to be had here") as refusal:
            ask()
        assert refusal.value.todo == "Install a newer cryptography, or use an Ed25519 key."
    assert not (tmp_path / "new.pem").exists()


def test_a_witness_refuses_a_shorter_a_rewritten_and_another_ledger() -> None:
    """Three ways to take something back; each is refused by name."""
    old = Checkpoint(ORIGIN, 5, TREE.root(5))
    new = Checkpoint(ORIGIN, 8, TREE.root())
    follows(None, new, [])
    follows(old, new, TREE.consistency(5, 8))
    follows(old, old, [])
    with pytest.raises(Conflict, match="shorter than it was"):
        follows(new, old, [])
    rewritten = Tree([leaf_hash(b"rewritten"), *LEAVES[1:]])
    with pytest.raises(Refused, match="does not begin with"):
        follows(old, Checkpoint(ORIGIN, 8, rewritten.root()), rewritten.consistency(5, 8))
    with pytest.raises(Refused, match="does not begin with"):
        follows(old, Checkpoint(ORIGIN, 5, rewritten.root(5)), [])
    with pytest.raises(Refused, match="another ledger"):
        follows(old, Checkpoint("elsewhere.example/ledger", 8, TREE.root()), [])


def test_a_proof_file_says_that_an_entry_is_in_the_ledger(key: SigningKey) -> None:
    """Written and read again, it holds for its entry, and for no other."""
    note = Checkpoint(ORIGIN, 8, TREE.root()).signed(key)
    proof = InclusionProof(4, tuple(TREE.inclusion(4, 8)), note)
    assert proof.written().startswith("c2sp.org/tlog-proof@v1\nindex 4\n")
    assert read_inclusion(proof.written()) == proof
    assert proof.holds(LEAVES[4])
    assert not proof.holds(LEAVES[5])


def test_every_changed_sign_of_a_proof_file_is_noticed(key: SigningKey) -> None:
    """All places tried: unreadable, or it no longer holds, or the checkpoint's signature does not."""
    note = Checkpoint(ORIGIN, 8, TREE.root()).signed(key)
    written = InclusionProof(4, tuple(TREE.inclusion(4, 8)), note).written()
    verifier = verifier_of(ORIGIN, key.public)
    for place, sign_there in enumerate(written):
        changed = written[:place] + ("1" if sign_there != "1" else "2") + written[place + 1 :]
        try:
            proof = read_inclusion(changed)
        except Unreadable:
            continue
        assert not (proof.holds(LEAVES[4]) and proof.note.signed_by(verifier)), place

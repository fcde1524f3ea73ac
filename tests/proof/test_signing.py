"""Signing: a signature is over one record's bytes by one key, and no other key or byte will do."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from registry.errors import Conflict, Refused, Unknown
from registry.proof.signing import SigningKey, fingerprint, rotation, rotation_bytes, rotation_problem, verify

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "signing.json").read_text())
KEY = SigningKey(Ed25519PrivateKey.from_private_bytes(b"\x07" * 32))
OTHER = SigningKey(Ed25519PrivateKey.from_private_bytes(b"\x08" * 32))


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_the_vectors_of_rfc_8032_verify(vector: dict[str, str]) -> None:
    data = bytes.fromhex(vector["message"])
    key = SigningKey(Ed25519PrivateKey.from_private_bytes(bytes.fromhex(vector["secret"])))
    assert (key.public, key.sign(data)) == (vector["public"], vector["signature"])
    assert key.fingerprint == fingerprint(vector["public"]) == vector["fingerprint"]
    assert verify(vector["public"], data, vector["signature"])


@given(st.binary(min_size=1, max_size=200), st.data())
def test_one_byte_changed_and_the_signature_is_not_over_it(data: bytes, draw: st.DataObject) -> None:
    signature = KEY.sign(data)
    changed = bytearray(data)
    changed[draw.draw(st.integers(0, len(data) - 1))] ^= draw.draw(st.integers(1, 255))
    assert verify(KEY.public, data, signature)
    assert not verify(KEY.public, bytes(changed), signature)
    assert not verify(OTHER.public, data, signature)


@pytest.mark.parametrize("signature", ["", "AAAA", "not base64!", "é", "A" * 88])
def test_what_is_no_signature_verifies_nothing(signature: str) -> None:
    assert not verify(KEY.public, b"record", signature)


@pytest.mark.parametrize("public", ["", "AAAA", "not base64!"])
def test_what_is_no_public_key_is_refused(public: str) -> None:
    with pytest.raises(Refused):
        verify(public, b"record", KEY.sign(b"record"))


def test_a_key_is_made_once_and_read_by_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "signing-key.pem"
    key = SigningKey.create(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert SigningKey.load(path).public == key.public
    with pytest.raises(Conflict):
        SigningKey.create(path)
    for mode in (0o640, 0o604, 0o620, 0o644):
        path.chmod(mode)
        with pytest.raises(Refused) as refusal:
            SigningKey.load(path)
        assert (refusal.value.expected, refusal.value.found) == ("mode 0600", f"mode {mode:04o}")


def test_what_is_no_key_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "signing-key.pem"
    with pytest.raises(Unknown):
        SigningKey.load(path)
    another = generate_private_key(SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    for data in (b"", b"hello", another):
        path.write_bytes(data)
        path.chmod(0o600)
        with pytest.raises(Refused):
            SigningKey.load(path)
    os.unlink(path)
    path.mkdir()
    with pytest.raises(Refused):
        SigningKey.load(path)


def test_a_rotation_is_proven_by_the_new_key_and_consented_by_the_old() -> None:
    consented = rotation(KEY.public, OTHER, "yearly", KEY)
    lost = rotation(KEY.public, OTHER, "lost", None)
    assert (rotation_problem(KEY.public, consented), rotation_problem(KEY.public, lost)) == ("", "")
    assert "consent" not in lost
    assert rotation_bytes(KEY.public, OTHER.public) == (
        f"cell-product-registry key rotation 1\n{KEY.fingerprint}\n{OTHER.fingerprint}\n".encode()
    )


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"key": {}}, "it names no public key"),
        ({"replaces": OTHER.fingerprint}, f"it replaces {OTHER.fingerprint}, but {KEY.fingerprint} was in force"),
        ({"proof": KEY.sign(b"x")}, "the new key's proof is not over this rotation"),
        ({"consent": OTHER.sign(rotation_bytes(KEY.public, OTHER.public))},
         "the old key's consent is not over this rotation"),
        ({"consent": "none"}, "the old key's consent is not over this rotation"),
    ],
)  # fmt: skip
def test_a_rotation_that_is_not_in_order_says_why(change: dict[str, object], problem: str) -> None:
    assert rotation_problem(KEY.public, {**rotation(KEY.public, OTHER, "yearly", KEY), **change}) == problem

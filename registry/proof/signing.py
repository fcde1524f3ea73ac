"""The registry's own signature: Ed25519 (RFC 8032) over the bytes of a record.

Example: ``{"signature": key.sign(record.ntriples), "key": key.fingerprint}`` goes into the entry's details, and
``verify(public, record.ntriples, signature)`` is True for exactly those bytes.

It proves the registry's word, given after the signer's name, password and meaning were taken; it is not the person's
hand. The private key is a file that only its owner may read, beside the database and never in it, or where that file
says (``keys``); the public key is in the ledger's first entry, and a new one in an entry of kind ``key``, in force for
the entries after it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

from registry.errors import Refused
from registry.proof.keys.hardware import PKCS11, TokenKey
from registry.proof.keys.place import (
    AGENT,
    PASSPHRASE_FILE,
    AgentKey,
    agent_line,
    followed,
    passphrase,
    read_key_file,
    write_key_file,
)

ROTATION = "cell-product-registry key rotation 1"


class Signs(Protocol):
    """What a key must do, wherever it is kept."""

    def public_raw(self) -> bytes:
        """The 32 bytes of its public half."""

    def sign(self, data: bytes) -> bytes:
        """The 64 bytes of its signature over exactly ``data``."""


class SigningKey:
    """A private key, and what may be said of it in public."""

    def __init__(self, private: Ed25519PrivateKey | Signs) -> None:
        self._private = private
        if isinstance(private, Ed25519PrivateKey):
            raw = private.public_key().public_bytes_raw()
        else:
            raw = private.public_raw()
        self.public = base64.b64encode(raw).decode()
        """The base64 of the 32 bytes of the public key."""
        self.fingerprint = fingerprint(self.public)

    @classmethod
    def create(cls, path: Path) -> SigningKey:
        """A new key in a new file of mode 0600, under the passphrase of the environment if there is one.

        Raises Conflict when there is a file already.
        """
        private = Ed25519PrivateKey.generate()
        write_key_file(path, closed_pem(private))
        return cls(private)

    @classmethod
    def in_agent(cls, line: str, path: Path) -> SigningKey:
        """A key that an agent holds, noted in a new file; Refused when it does not sign, Conflict when one is there."""
        key = cls(AgentKey(line))
        if not verify(key.public, b"who signs", key.sign(b"who signs")):
            raise Refused("The agent signs with another key.", expected=key.fingerprint, found="another")
        write_key_file(path, agent_line(line).encode())
        return key

    @classmethod
    def in_token(cls, uri: str, path: Path) -> SigningKey:
        """A key in a PKCS #11 token, noted in a new file; Refused when it does not sign, Conflict when one is there."""
        held = TokenKey.at(uri)
        key = cls(held)
        if not verify(key.public, b"who signs", key.sign(b"who signs")):
            raise Refused("The two halves of the key in the token do not belong together.", expected=key.fingerprint,
                          found="another")  # fmt: skip
        write_key_file(path, held.written().encode())
        return key

    @classmethod
    def load(cls, path: Path) -> SigningKey:
        """The key of ``path``, or of where that says. Raises Unknown when there is none, Refused when others may read
        it, when it is no key, or when its passphrase is not the environment's.
        """
        pem = read_key_file(followed(path))
        if pem.startswith(AGENT.encode()):
            return cls(AgentKey(pem.decode("utf-8", "replace")))
        if pem.startswith(PKCS11.encode()):
            return cls(TokenKey.read(pem.decode("utf-8", "replace")))
        return cls(_private(pem, path))

    def sign(self, data: bytes) -> str:
        """The base64 of the 64-byte signature over ``data``."""
        return base64.b64encode(self._private.sign(data)).decode()

    def details(self, data: bytes) -> dict[str, str]:
        """What an entry's details hold of a signature: ``{"signature": base64, "key": fingerprint}``."""
        return {"signature": self.sign(data), "key": self.fingerprint}


def protect(path: Path) -> None:
    """Write a key's file anew under the passphrase of the environment; raises Refused when there is none.

    The key stays the same, so nothing is entered. Another copy of the file, such as one in a copy of the disk, stays
    readable: where one may be about, rotate the key.
    """
    place = followed(path)
    if passphrase() is None:
        raise Refused("There is no passphrase.", expected=PASSPHRASE_FILE, found="none",
                      todo="Write it into a file of mode 0600, and name that.")  # fmt: skip
    content = read_key_file(place)
    if content.startswith((AGENT.encode(), PKCS11.encode())):
        raise Refused("The key is in an agent or a token, which closes it itself.", expected="a key in a file",
                      found=content.partition(b":")[0].decode(), where=str(place))  # fmt: skip
    try:
        private = _private(content, place)
    except Refused as error:
        raise Refused("The key cannot be opened, so it is not written anew.", found=error.message,
                      where=str(place)) from None  # fmt: skip
    beside = place.with_name(place.name + ".protected")
    beside.unlink(missing_ok=True)
    write_key_file(beside, closed_pem(private))
    os.replace(beside, place)


def move(path: Path, target: Path) -> None:
    """Take a key's file to another place, and note that in ``path``; raises Conflict when a file stands there."""
    place = followed(path)
    SigningKey.load(place)
    write_key_file(target, read_key_file(place))
    beside = path.with_name(path.name + ".moved")
    beside.unlink(missing_ok=True)
    write_key_file(beside, f"path: {target.absolute()}\n".encode())
    os.replace(beside, path)
    if place != path:
        place.unlink()


def opened(pem: bytes, path: Path) -> PrivateKeyTypes:
    """The private key in a file's bytes, of whatever kind; raises Refused for none, or without its passphrase."""
    is_closed = b"ENCRYPTED" in pem[:100]
    secret = passphrase() if is_closed else None
    if is_closed and secret is None:
        raise Refused("The signing key is under a passphrase.", expected=PASSPHRASE_FILE, found="no passphrase",
                      where=str(path), todo="Name the file that holds it in the environment.")  # fmt: skip
    try:
        return serialization.load_pem_private_key(pem, password=secret)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        problem = "another passphrase" if is_closed else str(error)
        raise Refused("This is no signing key.", expected="Ed25519, PEM", found=problem, where=str(path)) from None


def closed_pem(private: PrivateKeyTypes) -> bytes:
    """A private key as its file, under the passphrase of the environment if there is one."""
    secret = passphrase()
    closed = serialization.BestAvailableEncryption(secret) if secret else serialization.NoEncryption()
    return private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, closed)


def _private(pem: bytes, path: Path) -> Ed25519PrivateKey:
    private = opened(pem, path)
    if not isinstance(private, Ed25519PrivateKey):
        raise Refused("This is another kind of key.", expected="Ed25519", found=type(private).__name__,
                      where=str(path))  # fmt: skip
    return private


def fingerprint(public: str) -> str:
    """``sha256:<hex>`` of the 32 bytes of a public key; raises Refused when it is none."""
    return "sha256:" + hashlib.sha256(_raw(public, 32)).hexdigest()


def pem(public: str) -> bytes:
    """A public key as PEM, as other programs read it (SubjectPublicKeyInfo, RFC 8410); Refused when it is none."""
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return Ed25519PublicKey.from_public_bytes(_raw(public, 32)).public_bytes(serialization.Encoding.PEM, form)


def verify(public: str, data: bytes, signature: str) -> bool:
    """True when ``signature`` is that of ``public``'s key over exactly ``data``.

    A signature that is no base64 of 64 bytes is False; a public key that is none raises Refused.
    """
    key = Ed25519PublicKey.from_public_bytes(_raw(public, 32))
    try:
        key.verify(_raw(signature, 64), data)
    except (InvalidSignature, Refused):
        return False
    return True


def rotation(old_public: str, new: SigningKey, reason: str, old: SigningKey | None) -> dict[str, object]:
    """The details of a ``key`` entry: the new public key, its proof that it is held, and the old key's consent.

    ``old`` is None when the old private key is lost: the entry then says so by having no ``consent``.
    """
    statement = rotation_bytes(old_public, new.public)
    details: dict[str, object] = {
        "key": {"algorithm": "Ed25519", "public": new.public},
        "replaces": fingerprint(old_public),
        "reason": reason,
        "proof": new.sign(statement),
    }
    if old is not None:
        details["consent"] = old.sign(statement)
    return details


def rotation_bytes(old_public: str, new_public: str) -> bytes:
    """What both keys sign: three lines, the purpose, the old fingerprint, the new fingerprint."""
    return f"{ROTATION}\n{fingerprint(old_public)}\n{fingerprint(new_public)}\n".encode()


def rotation_problem(old_public: str, details: Mapping[str, object]) -> str:
    """What is wrong with the details of a ``key`` entry that follows ``old_public``; empty when nothing is."""
    key = details.get("key")
    public = key.get("public") if isinstance(key, Mapping) else None
    if not isinstance(public, str):
        return "it names no public key"
    statement = rotation_bytes(old_public, public)
    if details.get("replaces") != fingerprint(old_public):
        return f"it replaces {details.get('replaces')}, but {fingerprint(old_public)} was in force"
    if not verify(public, statement, str(details.get("proof"))):
        return "the new key's proof is not over this rotation"
    if "consent" in details and not verify(old_public, statement, str(details["consent"])):
        return "the old key's consent is not over this rotation"
    return ""


def _raw(text: str, size: int) -> bytes:
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) != size:
        raise Refused(
            "This is no Ed25519 key or signature.", expected=f"base64 of {size} bytes", found=repr(text)[:120]
        )
    return raw

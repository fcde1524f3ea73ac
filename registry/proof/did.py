"""Whose key it is: ``did:key`` of an Ed25519 key, ``did:web`` of a registry, and its document.

    did_key(public)                  did:key:z6Mk…                    the bare key; needs nobody
    did_web("https://lots.example/") did:web:lots.example             the registry; its keys stand at
                                     https://lots.example/.well-known/did.json

The multicodec of an Ed25519 public key is 0xed01, so that its multibase text begins with ``z6Mk``.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote, urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from registry.errors import Unreadable
from registry.proof import multibase

ED25519_CODEC = b"\xed\x01"
DID_CONTEXT = ("https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1")


def multikey(public: str) -> str:
    """``z6Mk…`` of the base64 of an Ed25519 public key."""
    return multibase.written(ED25519_CODEC + base64.b64decode(public))


def public_of(multikey_text: str) -> str:
    """The base64 of the key that ``z6Mk…`` names; raises Unreadable for another kind of key."""
    data = multibase.read(multikey_text)
    if len(data) != 34 or not data.startswith(ED25519_CODEC):
        raise Unreadable("This is no Ed25519 key.", expected="a text that begins with z6Mk", found=multikey_text[:80])
    return base64.b64encode(data[2:]).decode()


def did_web(base: str) -> str:
    """``did:web:host`` of a registry's base IRI, its path joined by colons."""
    address = urlsplit(base)
    parts = [address.netloc, *(part for part in address.path.split("/") if part)]
    return "did:web:" + ":".join(quote(part, safe="") for part in parts)


def method_of(issuer: str, public: str) -> str:
    """The address of one key of an issuer: ``did:web:host#z6Mk…``."""
    return f"{issuer}#{multikey(public)}"


def key_in(method: str) -> str:
    """The base64 of the key that a verification method's address ends in; raises Unreadable."""
    return public_of(method.rpartition("#")[2])


def document(issuer: str, publics: Sequence[str]) -> dict[str, Any]:
    """The issuer's document: every key that ever signed for it, the one in force last."""
    methods = [
        {
            "id": method_of(issuer, public),
            "type": "Multikey",
            "controller": issuer,
            "publicKeyMultibase": multikey(public),
        }
        for public in publics
    ]
    return {
        "@context": list(DID_CONTEXT),
        "id": issuer,
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }


def read_keys(data: bytes, where: str = "the key") -> tuple[str, ...]:
    """The public keys in a did.json, a ``z6Mk…`` text or a PEM file, as base64; raises Unreadable for anything else."""
    text = data.decode("utf-8", errors="replace").strip()
    if text.startswith("{"):
        return _of_document(text, where)
    if text.startswith("-----BEGIN"):
        return (_of_pem(data, where),)
    return (public_of(text.removeprefix("did:key:").partition("#")[0]),)


def _of_document(text: str, where: str) -> tuple[str, ...]:
    try:
        methods = json.loads(text)["verificationMethod"]
        keys = tuple(public_of(str(method["publicKeyMultibase"])) for method in methods)
    except (ValueError, KeyError, TypeError) as error:
        raise Unreadable("This is no DID document.", expected="verificationMethod with keys", where=where) from error
    if not keys:
        raise Unreadable("This DID document names no key.", expected="at least one", found="none", where=where)
    return keys


def _of_pem(data: bytes, where: str) -> str:
    try:
        key = serialization.load_pem_public_key(data)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise Unreadable("This is no public key.", expected="PEM of Ed25519", where=where) from error
    if not isinstance(key, Ed25519PublicKey):
        raise Unreadable("This is another kind of key.", expected="Ed25519", found=type(key).__name__, where=where)
    return base64.b64encode(key.public_bytes_raw()).decode()

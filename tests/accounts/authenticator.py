"""An authenticator in software, for tests: it makes passkeys and answers questions as WebAuthn level 3 writes them.

Written from the specification with ``cbor2`` and ``cryptography``; nothing of the library under test is used.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


@dataclass
class Authenticator:
    """One passkey, at one address; its parts may be set to what a thief or a bad device would send."""

    origin: str = "https://registry.example"
    id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    count: int = 0
    handle: str = ""
    flags: int = PRESENT | VERIFIED

    def make(self, question: str) -> str:
        """The answer to ``navigator.credentials.create``."""
        asked = json.loads(question)
        self.handle = asked["user"]["id"]
        point = self.key.public_key().public_numbers()
        public = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")})
        attested = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + public
        data = self._data(asked["rp"]["id"], self.flags | ATTESTED) + attested
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer("webauthn.create", asked, {"attestationObject": text(attestation)})

    def answer(self, question: str) -> str:
        """The answer to ``navigator.credentials.get``; the counter goes up."""
        asked = json.loads(question)
        self.count += 1
        data = self._data(asked["rpId"], self.flags)
        client = self._client("webauthn.get", asked)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        response = {"authenticatorData": text(data), "signature": text(signature), "userHandle": self.handle}
        return self._answer("webauthn.get", asked, response)

    def _data(self, party: str, flags: int) -> bytes:
        return hashlib.sha256(party.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client(self, kind: str, asked: dict[str, Any]) -> bytes:
        client = {"type": kind, "challenge": asked["challenge"], "origin": self.origin, "crossOrigin": False}
        return json.dumps(client).encode()

    def _answer(self, kind: str, asked: dict[str, Any], response: dict[str, str]) -> str:
        whole = {"clientDataJSON": text(self._client(kind, asked)), **response}
        named = {"id": text(self.id), "rawId": text(self.id), "type": "public-key", "clientExtensionResults": {}}
        return json.dumps({**named, "response": whole})


def text(value: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()

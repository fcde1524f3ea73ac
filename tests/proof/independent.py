"""A verifier of ``eddsa-rdfc-2022`` written from the W3C's text alone, with PyLD and cryptography: nothing of ours.

Verifiable Credential Data Integrity 1.0, section 4.4 (verify proof); Data Integrity EdDSA Cryptosuites 1.0, 3.2.2 to
3.2.7; Controlled Identifiers 1.0, 2.2.2 (Multikey) and 2.4 (base58btc); Bitstring Status List 1.0, 3.2 and 3.3. Each
function names its section. Contexts are given; none is fetched.
"""

from __future__ import annotations

import base64
import gzip
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
Contexts = Mapping[str, Any]


def base58(text: str) -> bytes:
    """Multibase base58btc, header ``z`` (Controlled Identifiers 1.0, 2.4)."""
    if not text.startswith("z"):
        raise ValueError("not base58btc")
    number = 0
    for letter in text[1:]:
        number = number * 58 + ALPHABET.index(letter)
    zeros = len(text[1:]) - len(text[1:].lstrip("1"))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")


def public_key(method: str) -> Ed25519PublicKey:
    """The key that a verification method's fragment is: Multikey, 0xed01 before 32 bytes (2.2.2)."""
    raw = base58(method.rpartition("#")[2])
    if raw[:2] != b"\xed\x01" or len(raw) != 34:
        raise ValueError("not an Ed25519 Multikey")
    return Ed25519PublicKey.from_public_bytes(raw[2:])


def hashed(document: Mapping[str, Any], contexts: Contexts) -> bytes:
    """Transformation (3.2.3) and hashing (3.2.4): SHA-256 of the canonical N-Quads."""
    from pyld import jsonld

    def load(address: str, _options: object) -> dict[str, Any]:
        held = {"@context": contexts[address]}  # KeyError: nothing else is asked for
        return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": address, "document": held}

    options = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": load}
    return sha256(jsonld.normalize(document, options).encode()).digest()


def verifies(secured: Mapping[str, Any], contexts: Contexts, purpose: str = "assertionMethod") -> bool:
    """Verify proof (Data Integrity 4.4; cryptosuite 3.2.2): the document without proof, the options without value."""
    document = {name: value for name, value in secured.items() if name != "proof"}
    options = {name: value for name, value in secured["proof"].items() if name != "proofValue"}
    if options["type"] != "DataIntegrityProof" or options["cryptosuite"] != "eddsa-rdfc-2022":
        return False
    if options["proofPurpose"] != purpose:
        return False
    issuer = document["issuer"] if isinstance(document["issuer"], str) else document["issuer"]["id"]
    if not options["verificationMethod"].startswith(f"{issuer}#") and not issuer.startswith("https://"):
        return False
    configuration = {"@context": document["@context"], **options}
    data = hashed(configuration, contexts) + hashed(document, contexts)
    try:
        public_key(options["verificationMethod"]).verify(base58(secured["proof"]["proofValue"]), data)
    except InvalidSignature:
        return False
    return True


def is_withdrawn(credential: Mapping[str, Any], status_list: Mapping[str, Any], contexts: Contexts) -> bool:
    """Validate algorithm (Bitstring Status List 3.2): the bit of the entry of this list's purpose.

    Raises ValueError for a list that does not verify, is of another purpose or address, or is too short.
    """
    subject = status_list["credentialSubject"]
    if not verifies(status_list, contexts):
        raise ValueError("the list does not verify")
    (entry,) = (entry for entry in credential["credentialStatus"] if entry["statusListCredential"] == status_list["id"])
    if entry["statusPurpose"] != subject["statusPurpose"] or entry["type"] != "BitstringStatusListEntry":
        raise ValueError("another purpose")
    text = subject["encodedList"]
    if not text.startswith("u"):
        raise ValueError("not base64url")
    bits = gzip.decompress(base64.urlsafe_b64decode(text[1:] + "=" * (-len(text[1:]) % 4)))
    if len(bits) * 8 < 131_072:
        raise ValueError("STATUS_LIST_LENGTH_ERROR")
    index = int(entry["statusListIndex"])
    return bool(bits[index // 8] >> (7 - index % 8) & 1)

"""Signed JSON-LD: the W3C cryptosuite ``eddsa-rdfc-2022`` (Data Integrity EdDSA Cryptosuites 1.0, section 3.2).

What is signed are two SHA-256 in a row: of the canonical N-Quads (RDFC-1.0) of the proof's options, then of the
document without its proof; the signature is Ed25519 over those 64 bytes, written as ``z`` and base58btc.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pyoxigraph

from registry.errors import Unreadable
from registry.instants import xsd_moment
from registry.proof import multibase
from registry.proof.contexts import CREDENTIALS_V2, OF_THE_W3C
from registry.proof.did import method_of
from registry.proof.signing import SigningKey, verify

SUITE = "eddsa-rdfc-2022"
MAX_BYTES = 400_000
"""The longest document that is canonicalised; a status list of a million lots takes a third of it."""
MAX_QUADS = 2_000
MAX_BLANK_NODES = 12
"""Canonical names of blank nodes cost time without end in a hostile graph; a credential of ours has a handful."""


def canonical_quads(document: Mapping[str, Any], contexts: Mapping[str, Any] | None = None) -> bytes:
    """The canonical N-Quads of a JSON-LD document; contexts are given by ``contexts``, and none is fetched.

    Raises Unreadable for a context that is not given, for what is no JSON-LD, and beyond the limits above.
    """
    given = {CREDENTIALS_V2: OF_THE_W3C} if contexts is None else contexts
    text = json.dumps({**document, "@context": _inline(document.get("@context"), given)})
    if len(text) > MAX_BYTES:
        raise Unreadable("This document is too long to be canonicalised.", expected=f"at most {MAX_BYTES} bytes")
    try:
        quads = list(pyoxigraph.parse(text.encode(), pyoxigraph.RdfFormat.JSON_LD))
    except (SyntaxError, ValueError) as error:
        raise Unreadable("This is no JSON-LD.", found=str(error)[:200]) from error
    blank = {node for quad in quads for node in (quad.subject, quad.object) if isinstance(node, pyoxigraph.BlankNode)}
    if len(quads) > MAX_QUADS or len(blank) > MAX_BLANK_NODES:
        raise Unreadable(
            "This document says too much to be canonicalised.",
            expected=f"at most {MAX_QUADS} statements and {MAX_BLANK_NODES} nodes without a name",
            found=f"{len(quads)} and {len(blank)}",
        )
    dataset = pyoxigraph.Dataset(quads)
    dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
    return "".join(sorted(f"{quad} .\n" for quad in dataset)).encode()


def signed_bytes(
    document: Mapping[str, Any], options: Mapping[str, Any], contexts: Mapping[str, Any] | None = None
) -> bytes:
    """The 64 bytes that are signed; ``options`` is the proof without its value, ``document`` has no proof."""
    own = {"@context": document.get("@context"), **options}
    hashes = [hashlib.sha256(canonical_quads(part, contexts)).digest() for part in (own, document)]
    return b"".join(hashes)


def signed(document: Mapping[str, Any], issuer: str, key: SigningKey, at: datetime) -> dict[str, Any]:
    """The document with a proof by this key of the issuer, made at ``at``."""
    options = {
        "type": "DataIntegrityProof",
        "cryptosuite": SUITE,
        "created": xsd_moment(at),
        "verificationMethod": method_of(issuer, key.public),
        "proofPurpose": "assertionMethod",
    }
    signature = base64.b64decode(key.sign(signed_bytes(document, options)))
    return {**document, "proof": {**options, "proofValue": multibase.written(signature)}}


def proof_holds(document: Mapping[str, Any], public: str, contexts: Mapping[str, Any] | None = None) -> bool:
    """True when the document's proof is of this suite, for assertion, and by exactly this key over exactly it.

    Raises Unreadable for a document that cannot be canonicalised.
    """
    proof = document.get("proof")
    if not isinstance(proof, Mapping) or proof.get("cryptosuite") != SUITE:
        return False
    if proof.get("type") != "DataIntegrityProof" or proof.get("proofPurpose") != "assertionMethod":
        return False
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    try:
        signature = base64.b64encode(multibase.read(str(proof.get("proofValue")))).decode()
    except Unreadable:
        return False
    bare = {name: value for name, value in document.items() if name != "proof"}
    options.pop("@context", None)
    return verify(public, signed_bytes(bare, options, contexts), signature)


def _inline(context: Any, given: Mapping[str, Any]) -> list[Any]:
    parts = context if isinstance(context, list) else [context]
    inline = []
    for part in parts:
        if isinstance(part, str) and part not in given:
            raise Unreadable(
                "A context of this document is not known here.", expected=", ".join(given), found=part[:200],
                todo="Nothing is fetched: only documents whose terms are known can be checked.",
            )  # fmt: skip
        inline.append(given[part] if isinstance(part, str) else part)
    return inline

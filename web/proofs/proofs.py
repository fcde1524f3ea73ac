"""Checkpoints, proofs, status lists and keys, without sign-in; a lot's credential, for who may read the lot.

What needs no sign-in tells nothing but hashes, bits and keys: not a lot, not a person.
"""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from registry.services.accounts import Permission
from web import security
from web.access import ANYONE, allow, registry

pages = Blueprint("proofs", __name__)
CREDENTIAL = "application/vc"
PLAIN = "text/plain"
FRESH = "max-age=60"


@pages.get("/ledger/checkpoint")
@allow(ANYONE)
def checkpoint() -> Response:
    """The newest signed checkpoint of the ledger (C2SP tlog-checkpoint)."""
    return Response(registry().proofs.checkpoint(), mimetype=PLAIN, headers={"Cache-Control": "no-cache"})


@pages.get("/ledger/proof/<int:position>")
@allow(ANYONE)
def proof(position: int) -> Response:
    """That the entry at this position is in the ledger of the newest checkpoint (C2SP tlog-proof)."""
    return Response(registry().proofs.inclusion(position), mimetype=PLAIN)


@pages.get("/status/suspension")
@allow(ANYONE)
def suspension() -> Response:
    """The lots that may not be injected now, as bits (W3C Bitstring Status List)."""
    return _list(registry().proofs.status_list("suspension"))


@pages.get("/status/revocation")
@allow(ANYONE)
def revocation() -> Response:
    """The lots that were recalled or rejected, as bits."""
    return _list(registry().proofs.status_list("revocation"))


def _list(text: str) -> Response:
    return Response(text, content_type=CREDENTIAL, headers={"Cache-Control": FRESH})


@pages.get("/.well-known/did.json")
@allow(ANYONE)
def did() -> Response:
    """The registry's DID document: every key that ever signed for it."""
    return jsonify(registry().proofs.did())


@pages.get("/lots/<path:lot>.vc.json")
@allow(Permission.READ)
def credential(lot: str) -> Response:
    """A lot's credential (W3C Verifiable Credentials 2.0)."""
    text = registry().proofs.credential(lot)
    return security.download(text.encode(), f"{lot}.vc.json", CREDENTIAL)

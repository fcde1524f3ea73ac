"""Everything that a clinic holds of a lot, and single changes of it at any place: is each of them found?

``whole`` makes the files: a credential, both lists, and the proof of the decision's entry under a checkpoint that a
witness has cosigned. ``changed`` are the changes of one place; ``is_found`` asks ``verify`` with everything at hand.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from registry.errors import RegistryError
from registry.proof.cosignature import WitnessKey, cosigned, witness_key
from registry.proof.did import read_keys
from registry.proof.inclusion_file import read_inclusion
from registry.proof.note import Verifier
from registry.proof.signing import SigningKey
from registry.proof.verification import AtHand, Verification, verify
from registry.services import Registry

FILES = ("credential", "suspension", "revocation", "proof")


@dataclass(frozen=True, slots=True)
class Held:
    """The files by name, the issuer's keys, the witness that is known, and the time."""

    files: Mapping[str, str]
    keys: tuple[str, ...]
    witness: Verifier
    now: datetime


def whole(registry: Registry, lot: str, witness: WitnessKey) -> Held:
    """What is held of a lot of this registry, a minute after it was asked for."""
    proofs, now = registry.proofs, registry.ledger.now()
    credential = proofs.credential(lot)
    position = json.loads(credential)["credentialSubject"]["decision"]["position"]
    proof = read_inclusion(proofs.inclusion(position))
    seen = cosigned(proof.note, "hospital.example", witness, now)
    files = {
        "credential": credential,
        "suspension": proofs.status_list("suspension"),
        "revocation": proofs.status_list("revocation"),
        "proof": type(proof)(proof.place, proof.path, seen).written(),
    }
    keys = read_keys(json.dumps(proofs.did()).encode())
    return Held(files, keys, witness_key("hospital.example", witness), now + timedelta(minutes=1))


def checked(held: Held, files: Mapping[str, str]) -> Verification:
    """``verify`` with everything at hand."""
    lists = (files["suspension"], files["revocation"])
    at_hand = AtHand(held.now, held.keys, lists, files["proof"], (held.witness,))
    return verify(files["credential"], at_hand)


def all_holds(verification: Verification) -> bool:
    """Nothing is left to ask."""
    checks = {check.result for check in verification.checks}
    return verification.valid and verification.status == "current" and checks == {"holds"}


def is_found(held: Held, name: str, text: str) -> bool:
    """Whether ``verify`` refuses the changed file, or no longer says that everything holds."""
    try:
        return not all_holds(checked(held, {**held.files, name: text}))
    except RegistryError:
        return True


def changed(text: str, place: int) -> Iterator[str]:
    """The sign at a place as another, as its neighbour in the alphabet, away, and twice."""
    sign = text[place]
    for other in ("B" if sign == "A" else "A", chr(ord(sign) ^ 1), "", sign * 2):
        yield text[:place] + other + text[place + 1 :]


def new_key(folder: Path) -> SigningKey:
    """A witness's key."""
    return SigningKey.create(folder / "witness.pem")

"""The key that signs for a registry: found, and replaced by another.

Replacing writes the new key beside the old one, appends the entry, then puts the new file in the old one's place; a
process that dies in between leaves both, and ``signing_key`` finishes the work.
"""

from __future__ import annotations

import os
from pathlib import Path

from registry.errors import Refused, Unavailable, Unknown
from registry.ledger.append import NewEntry
from registry.ledger.chain import Details
from registry.ledger.ledger import SIGNING_KEY, Ledger
from registry.ledger.read import Receipt, View
from registry.proof.signing import SigningKey, fingerprint, rotation


def establish(directory: Path, *, base: str, actor: str, details: Details | None = None, url: str = "") -> Ledger:
    """A new registry in an empty folder: its signing key, its ledger (at ``url`` where one is given), the first entry.

    A folder in which this was begun and not finished is finished. Raises as ``Ledger.create`` does.
    """
    Ledger.check_empty(directory)
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = directory / SIGNING_KEY
    try:
        key = SigningKey.load(path)
    except Unknown:
        key = SigningKey.create(path)
    return Ledger.create(directory, base=base, public_key=key.public, actor=actor, details=details, url=url)


def signing_key(ledger: Ledger) -> SigningKey:
    """The private key in force. Raises Unknown without a key file, Refused when the file holds another key."""
    path = _path(ledger)
    in_force = ledger.public_key
    successor = _successor(path)
    if successor.exists() and SigningKey.load(successor).public == in_force:
        os.replace(successor, path)
    key = SigningKey.load(path)
    if key.public != in_force:
        raise Refused(
            "The key file holds a key that is not in force.", expected=fingerprint(in_force), found=key.fingerprint,
            where=str(path), todo="Bring the right file back, or rotate the key.",
        )  # fmt: skip
    return key


def rotate(
    ledger: Ledger, *, actor: str, reason: str, details: Details | None = None, agent: str | None = None,
    token: str | None = None,
) -> Receipt:  # fmt: skip
    """Replace the signing key. The old key consents when it is at hand; a rotation without it is visible as such.

    ``agent`` is the public key of one that an agent holds, as ``ssh-add -L`` prints it, ``token`` the PKCS #11 URI of
    one in a card or HSM; without either a new key is made where the old one is kept. Raises Refused when another
    rotation came first, or when the agent or token does not sign.
    """
    path = _path(ledger)
    try:
        held = signing_key(ledger)
        held.sign(b"who consents")  # an agent may be locked
        old: SigningKey | None = held
    except (Unknown, Refused, Unavailable):
        old = None
    in_force = ledger.public_key
    successor = _successor(path)
    successor.unlink(missing_ok=True)
    if token is not None:
        new = SigningKey.in_token(token, successor)
    else:
        new = SigningKey.in_agent(agent, successor) if agent else SigningKey.create(successor)

    def still_in_force(view: View) -> None:
        if view.keys()[-1][1] != in_force:
            successor.unlink(missing_ok=True)
            raise Refused("The key was replaced meanwhile.", expected=fingerprint(in_force), found="another key")

    entry = NewEntry("key", details={**(details or {}), **rotation(in_force, new, reason, old)})  # type: ignore[dict-item]
    receipt = ledger.append([entry], actor=actor, expect=still_in_force)
    os.replace(successor, path)
    return receipt


def _path(ledger: Ledger) -> Path:
    if ledger.key_path is None:
        raise Unknown("A ledger at a URL has no folder for its key.", expected="a folder", found="a URL")
    return ledger.key_path


def _successor(path: Path) -> Path:
    return path.with_name(path.name + ".new")

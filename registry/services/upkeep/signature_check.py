"""Whether a signed entry's signature holds, by the key that was in force where it stands (21 CFR 11.70).

``offline`` gives what somebody needs who has neither this software nor its ledger: key, signature, and the commands.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable

from registry.errors import Unknown
from registry.ledger import Ledger
from registry.ledger.proofs import checkpoint
from registry.proof import signing


def signature_holds(ledger: Ledger, position: int) -> bool:
    """True when the entry's record bytes verify under the key in force at its position."""
    entry = ledger.entry(position)
    signature = entry.details.get("signature")
    if entry.record is None or not isinstance(signature, str):
        return False
    key = _in_force(ledger.keys(), position)
    return key is not None and signing.verify(key[1], ledger.record(entry.record).ntriples, signature)


def offline(ledger: Ledger, positions: Iterable[int]) -> dict[str, bytes]:
    """Files by name to check the signatures of these entries with openssl or Python alone.

    ``keys/<n>.pem`` (in force from entry n), ``signatures/<n>.sig`` (of entry n, 64 bytes), ``signatures.json`` (which
    record and key belong to which), ``checkpoint.txt``, ``READ-ME.txt``. Entries that nobody signed are passed over.
    """
    keys, kept = ledger.keys(), dict[str, bytes]()
    lines: list[dict[str, object]] = []
    for position in sorted(set(positions)):
        entry = ledger.entry(position)
        signature, key = entry.details.get("signature"), _in_force(keys, position)
        if entry.record is None or not isinstance(signature, str) or key is None:
            continue
        since, public = key
        kept[f"keys/{since}.pem"] = signing.pem(public)
        kept[f"signatures/{position}.sig"] = base64.b64decode(signature)
        names = {"record": f"records/{entry.record.removeprefix('sha256:')}.nt", "key": f"keys/{since}.pem"}
        lines.append({"entry": position, "kind": entry.kind, **names, "signature": f"signatures/{position}.sig",
                      "fingerprint": signing.fingerprint(public)})  # fmt: skip
    if (newest := _checkpoint(ledger)) is not None:
        kept["checkpoint.txt"] = newest
    kept["signatures.json"] = (json.dumps(lines, indent=1) + "\n").encode()
    kept["READ-ME.txt"] = _READ_ME.format(checks=_checks(lines), keys=_fingerprints(lines)).encode()
    return kept


def _checkpoint(ledger: Ledger) -> bytes | None:
    try:
        with ledger.view() as view:
            return checkpoint(view).written().encode()
    except Unknown:
        return None


def _in_force(keys: Iterable[tuple[int, str]], position: int) -> tuple[int, str] | None:
    return max(((since, key) for since, key in keys if since <= position), default=None)


def _checks(lines: list[dict[str, object]]) -> str:
    command = "openssl pkeyutl -verify -pubin -inkey {key} -rawin -in {record} -sigfile {signature}"
    return "\n".join(command.format(**line) for line in lines) or "(nothing about this lot is signed yet)"


def _fingerprints(lines: list[dict[str, object]]) -> str:
    return "\n".join(dict.fromkeys(f"{line['key']}  {line['fingerprint']}" for line in lines)) or "(none)"


_READ_ME = """Copies of the records of one lot. Nothing but this folder is needed to check them.

lot.txt            the lot in words: the answer, its evidence, its signatures, its records
lot.json, lot.ttl  the same for programs
history.json       every entry of the ledger about the lot
inherited.json     decisions on what it derives from
rests-on.json      its origins, its product, its specification and its approval
records/           each record as it was signed, named by the SHA-256 of its bytes
files/             each file as it was sent, named so too; names.json has the senders' names
signatures.json    which record, key and signature belong together
checkpoint.txt     the ledger's signed checkpoint when this was copied, where one was signed: keep it
keys/N.pem         the registry's public key (Ed25519) in force from entry N of the ledger
signatures/N.sig   the signature of entry N, 64 bytes

1. Is a record, or a file, what its name says? It prints the name:
   sha256sum records/*.nt

2. Does a signature hold? OpenSSL 3.0 or later, in this folder; each prints "Signature Verified Successfully":

{checks}

   The same for all of them in Python, with the package cryptography:

import json, pathlib
from cryptography.hazmat.primitives.serialization import load_pem_public_key
for one in json.loads(pathlib.Path("signatures.json").read_text()):
    data = [pathlib.Path(one[name]).read_bytes() for name in ("key", "signature", "record")]
    load_pem_public_key(data[0]).verify(data[1], data[2])  # it raises InvalidSignature for one that does not hold
    print(one["entry"], "holds")

3. Is the key the registry's own? Compare its fingerprint with the one on the registry's page Settings, or with one
   that you noted before. A key in a copy proves nothing alone.

{keys}

   The SHA-256 of its 32 bytes, from the file:
   openssl pkey -pubin -in keys/N.pem -outform DER | tail -c 32 | sha256sum

4. Is the ledger still the one that this was copied from? Years later, whoever runs the registry gives checkpoint.txt to
   its audit, as a checkpoint that was kept elsewhere.
"""

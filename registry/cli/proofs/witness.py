"""``witness``: another house's ledger, seen and cosigned (C2SP tlog-witness), by a cron job or a person.

    cell-registry witness init --key witness.pem --name hospital.example
    cell-registry witness sign CHECKPOINT --key witness.pem --name hospital.example --seen seen.txt --proof proof.txt

What was seen is kept in one file, so that a ledger that was shortened or rewritten since is refused and named.
"""

from __future__ import annotations

import base64
import binascii
import os
from datetime import UTC, datetime
from pathlib import Path

import click

from registry.errors import Unreadable
from registry.proof.checkpoint import read_checkpoint, verifier_of
from registry.proof.cosignature import cosigned, follows, witness_key
from registry.proof.did import read_keys
from registry.proof.signing import SigningKey

_file = click.Path(path_type=Path, dir_okay=False)


@click.group()
def witness() -> None:
    """See another registry's ledger, and cosign its checkpoints."""


@witness.command("init")
@click.option("--key", type=_file, required=True, metavar="FILE", help="Where the witness's own key is made.")
@click.option("--name", required=True, metavar="NAME", help="The witness's name, such as hospital.example.")
def init(key: Path, name: str) -> None:
    """Make a witness's key, and print what others need to know of it."""
    made = SigningKey.create(key)
    click.echo(witness_key(name, made.public).text())


@witness.command("sign")
@click.argument("checkpoint", type=_file, metavar="CHECKPOINT")
@click.option("--key", type=_file, required=True, metavar="FILE", help="The witness's own key.")
@click.option("--name", required=True, metavar="NAME", help="The witness's name.")
@click.option("--ledger-key", required=True, metavar="KEY", help="The ledger's key: did.json, PEM, or z6Mk…")
@click.option("--seen", type=_file, required=True, metavar="FILE", help="Where what was signed last is kept.")
@click.option("--proof", type=_file, metavar="FILE", help="The proof between the two: one base64 hash a line.")
def sign(checkpoint: Path, key: Path, name: str, ledger_key: str, seen: Path, proof: Path | None) -> None:
    """Cosign CHECKPOINT, when it begins with what was seen before; print it with the cosignature."""
    new, note = read_checkpoint(checkpoint.read_text(encoding="utf-8"), str(checkpoint))
    trusted = read_keys(Path(ledger_key).read_bytes() if Path(ledger_key).exists() else ledger_key.encode(), ledger_key)
    if not any(note.signed_by(verifier_of(new.origin, public)) for public in trusted):
        raise Unreadable("The checkpoint is not signed by the ledger's key.", expected="a signature by it",
                         found="none that holds", where=str(checkpoint))  # fmt: skip
    before = read_checkpoint(seen.read_text(encoding="utf-8"), str(seen))[0] if seen.exists() else None
    follows(before, new, _hashes(proof))
    kept = cosigned(note, name, SigningKey.load(key), datetime.now(UTC)).written()
    beside = seen.with_name(seen.name + ".new")
    beside.write_text(kept, encoding="utf-8")
    os.replace(beside, seen)
    click.echo(kept, nl=False)


def _hashes(proof: Path | None) -> list[bytes]:
    if proof is None:
        return []
    try:
        return [base64.b64decode(line, validate=True) for line in proof.read_text(encoding="utf-8").split()]
    except (binascii.Error, ValueError) as error:
        raise Unreadable("This is no proof.", expected="one base64 hash a line", where=str(proof)) from error


COMMANDS = {"witness": witness}

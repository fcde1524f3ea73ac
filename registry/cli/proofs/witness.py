"""``witness``: another house's ledger, seen and cosigned (C2SP tlog-witness), by a cron job or a person.

    cell-registry witness init --key witness.pem --name hospital.example
    cell-registry witness sign CHECKPOINT --key witness.pem --name hospital.example --seen seen.txt --proof proof.txt
    cell-registry witness serve --key witness.pem --name hospital.example --seen DIR --ledger ORIGIN did.json
    cell-registry witness ask --data DIR

What was seen is kept in one file a ledger, so that one that was shortened or rewritten since is refused and named.
"""

from __future__ import annotations

import base64
import binascii
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from registry.cli.options import data, folder, open_registry
from registry.cli.proofs.witness_server import asked, put, server
from registry.errors import Unreadable
from registry.proof.checkpoint import read_checkpoint, verifier_of
from registry.proof.cosignature import cosigned, follows, witness_key
from registry.proof.did import read_keys
from registry.proof.keys.ml_dsa import MlDsaKey, load_either
from registry.proof.note import check_name
from registry.proof.signing import SigningKey

_file = click.Path(path_type=Path, dir_okay=False)


@click.group()
def witness() -> None:
    """See another registry's ledger, and cosign its checkpoints."""


@witness.command("init")
@click.option("--key", type=_file, required=True, metavar="FILE", help="Where the witness's own key is made.")
@click.option("--name", required=True, metavar="NAME", help="The witness's name, such as hospital.example.")
@click.option("--ml-dsa", is_flag=True, help="An ML-DSA-44 key, safe from quantum computers, and long.")
def init(key: Path, name: str, ml_dsa: bool) -> None:
    """Make a witness's key, Ed25519 unless another is asked for, and print what others need to know of it."""
    made = MlDsaKey.create(key) if ml_dsa else SigningKey.create(key)
    click.echo(witness_key(check_name(name), made).text())


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
    if not any(note.signed_by(verifier_of(new.origin, public)) for public in _trusted(ledger_key)):
        raise Unreadable("The checkpoint is not signed by the ledger's key.", expected="a signature by it",
                         found="none that holds", where=str(checkpoint))  # fmt: skip
    before = read_checkpoint(seen.read_text(encoding="utf-8"), str(seen))[0] if seen.exists() else None
    follows(before, new, _hashes(proof))
    kept = cosigned(note, name, load_either(key), datetime.now(UTC)).written()
    put(seen, kept)
    click.echo(kept, nl=False)


@witness.command("serve")
@click.option("--key", type=_file, required=True, metavar="FILE", help="The witness's own key.")
@click.option("--name", required=True, metavar="NAME", help="The witness's name.")
@click.option(
    "--ledger", "ledgers", nargs=2, multiple=True, required=True, metavar="ORIGIN KEY",
    help="A ledger that is witnessed: the first line of its checkpoints, and its key (did.json, PEM, z6Mk…).",
)  # fmt: skip
@click.option(
    "--seen", type=click.Path(path_type=Path, file_okay=False), required=True, metavar="DIR",
    help="Where what was signed last is kept, a file for each ledger.",
)  # fmt: skip
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(0, 65535), default=8100, show_default=True, help="0 takes a free one.")
def serve(key: Path, name: str, ledgers: tuple[tuple[str, str], ...], seen: Path, host: str, port: int) -> None:
    """Answer other registries at /add-checkpoint until it is stopped (C2SP tlog-witness)."""
    known = {origin: _trusted(text) for origin, text in ledgers}
    with server((host, port), name, load_either(key), known, seen) as serving:
        click.echo(f"address: http://{host}:{serving.server_port}")
        serving.serve_forever()


@witness.command("ask")
@data
def ask(directory: Path | None) -> None:
    """Ask the witnesses of witnesses.toml to cosign the newest checkpoint. For a cron job; nothing else asks them.

    Exit 0: enough have. 1: not enough have; each is told of with its reason.
    """
    proofs = open_registry(directory).proofs
    told = asked(proofs, folder(directory))
    for line in told:
        click.echo(line)
    click.echo(f"Witnessed: {proofs.witnessed()}.")
    sys.exit(0 if proofs.is_witnessed() else 1)


def _trusted(text: str) -> tuple[str, ...]:
    return read_keys(Path(text).read_bytes() if Path(text).exists() else text.encode(), text)


def _hashes(proof: Path | None) -> list[bytes]:
    if proof is None:
        return []
    try:
        return [base64.b64decode(line, validate=True) for line in proof.read_text(encoding="utf-8").split()]
    except (binascii.Error, ValueError) as error:
        raise Unreadable("This is no proof.", expected="one base64 hash a line", where=str(proof)) from error


COMMANDS = {"witness": witness}

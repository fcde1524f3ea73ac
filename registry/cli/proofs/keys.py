"""``key``: the registry's signing key, where it is kept, and another in its place."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from registry.cli.options import answer_format, data, open_registry, show_json

if TYPE_CHECKING:
    from registry.services.upkeep.keys import KeyAnswer


@click.group()
def key() -> None:
    """The registry's signing key: show it, replace it, close it with a passphrase, keep it elsewhere.

    A passphrase, or a token's PIN, is read from the file that $CELL_REGISTRY_KEY_PASSPHRASE_FILE names, by every
    command and the server.
    """


@key.command("show")
@data
@answer_format
def show(directory: Path | None, form: str) -> None:
    """Which key is in force, where it is kept, and whether it can sign. Exit 1 when it cannot."""
    answer = open_registry(directory).upkeep.keys.show()
    _tell(answer, form)
    if not answer.signs:
        click.get_current_context().exit(1)


@key.command("rotate")
@click.option("--reason", required=True)
@click.option("--agent", metavar="KEY", help="One that an agent holds: ssh-ed25519 AAAA…, as ssh-add -L prints it.")
@click.option("--token", metavar="URI", help="One in a card or HSM: pkcs11:token=…;object=…?module-path=…")
@data
@answer_format
def rotate(reason: str, agent: str | None, token: str | None, directory: Path | None, form: str) -> None:
    """Put another key in force, and enter why. What the old one signed stays verifiable."""
    from registry.services.accounts import LocalOperator

    keys = open_registry(directory).upkeep.keys
    _tell(keys.rotate(reason=reason, by=LocalOperator(), agent=agent, token=token), form)


@key.command("protect")
@data
@answer_format
def protect(directory: Path | None, form: str) -> None:
    """Close the key's file with the passphrase of $CELL_REGISTRY_KEY_PASSPHRASE_FILE."""
    from registry.services.accounts import LocalOperator

    _tell(open_registry(directory).upkeep.keys.protect(by=LocalOperator()), form)


@key.command("move")
@click.argument("target", type=click.Path(path_type=Path, dir_okay=False))
@data
@answer_format
def move(target: Path, directory: Path | None, form: str) -> None:
    """Take the key's file to TARGET, on another disk perhaps; signing-key.pem then says where it is."""
    from registry.services.accounts import LocalOperator

    _tell(open_registry(directory).upkeep.keys.move(target, by=LocalOperator()), form)


def _tell(answer: KeyAnswer, form: str) -> None:
    if form == "json":
        show_json(answer.as_dict())
        return
    click.echo(f"in force: {answer.fingerprint}, since entry {answer.since}; {answer.earlier} before it")
    click.echo(f"kept in: {answer.where}")
    click.echo("it signs" if answer.signs else f"it does not sign: {answer.problem}")


COMMANDS = {"key": key}

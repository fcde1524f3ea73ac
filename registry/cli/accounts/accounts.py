"""``account``: who may sign in."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path

import click

from registry.accounts.permissions import ROLES
from registry.cli.accounts.second_factors import second_factor
from registry.cli.accounts.tokens import token
from registry.cli.options import answer_format, data, open_registry, password, show_json
from registry.cli.signed import Caller, signed, signed_in_words
from registry.errors import NotSignedIn


class _Role(click.ParamType[str]):
    """A role in its words: ``quality unit``, or ``quality-unit`` where a space is in the way."""

    name = "role"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        role = value.replace("-", " ").strip().lower()
        if role not in ROLES:
            self.fail(f"{value!r} is no role: expected one of {', '.join(ROLES)}", param, ctx)
        return role


@click.group()
def account() -> None:
    """Manage accounts, as the administrator."""


@account.command("add")
@click.argument("name", metavar="NAME")
@click.option("--role", type=_Role(), required=True, help="One role an account: " + ", ".join(ROLES))
@click.option("--printed-name", default="", help="What a signature shows; the name when left out.")
@signed
def add_account(caller: Caller, name: str, role: str, printed_name: str) -> None:
    """Add an account; its one-time password is printed once.

    Its owner chooses another before anything else: in the browser, or with ``account password NAME``.
    """
    secret = caller.registry.accounts.create(name, role, printed_name, by=caller.account)
    if caller.as_json:
        show_json({"name": name, "role": role, "password": secret})
    else:
        click.echo(f"account: {name} ({role}) {secret}")


@account.command("list")
@data
@answer_format
def list_accounts(directory: Path | None, form: str) -> None:
    """List accounts."""
    accounts = open_registry(directory).accounts.all()
    if form == "json":
        keys = ("name", "printed_name", "role", "disabled")
        show_json({"accounts": [{key: getattr(account, key) for key in keys} for account in accounts]})
        return
    for account in accounts:
        click.echo(
            f"{account.name}: {account.role}, {account.printed_name}" + (" (disabled)" if account.disabled else "")
        )


@account.command("disable")
@click.argument("name", metavar="NAME")
@click.option("--reason", required=True)
@signed_in_words
def disable_account(caller: Caller, name: str, reason: str) -> None:
    """Take an account's rights away; its name stays its own for ever."""
    caller.registry.accounts.disable(name, reason=reason, by=caller.account)
    click.echo(f"{name} is disabled.")


@account.command("enable")
@click.argument("name", metavar="NAME")
@click.option("--reason", required=True)
@signed_in_words
def enable_account(caller: Caller, name: str, reason: str) -> None:
    """Give a disabled account its rights back; its one-time password is printed once."""
    click.echo(f"account: {name} {caller.registry.accounts.enable(name, reason=reason, by=caller.account)}")


@account.command("password")
@click.argument("name", metavar="NAME")
@click.option("--password-file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True), metavar="FILE")
@click.option("--new-password-file", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="FILE")
@data
def change_password(
    name: str, password_file: Path | None, new_password_file: Path | None, directory: Path | None
) -> None:
    """Change one's own password: a one-time one is good for this alone.

    The passwords are asked for, or read from the first line of each file.
    """
    registry = open_registry(directory)
    _name, old = password(name, password_file)
    registry.accounts.change_password(name, old, _new_password(new_password_file))
    click.echo(f"The password of {name} is changed.")


def _new_password(file: Path | None) -> str:
    if file is not None:
        return file.read_text(encoding="utf-8").split("\n")[0].rstrip("\r")
    if not sys.stdin.isatty():
        raise NotSignedIn("The new password cannot be asked for here.", expected="--new-password-file FILE")
    first, again = getpass.getpass("New password: "), getpass.getpass("The same again: ")
    if first != again:
        raise NotSignedIn("The two are not the same.", expected="the new password twice")
    return first


@account.command("reset")
@click.argument("name", metavar="NAME")
@click.option("--reason", required=True)
@signed_in_words
def reset_password(caller: Caller, name: str, reason: str) -> None:
    """Give an account a new one-time password, as the administrator; recorded. Its sessions and tokens end.

    Without --as it is whoever may write the registry's folder, and only for an administrator who is locked out.
    """
    click.echo(f"account: {name} {caller.registry.accounts.reset_password(name, reason=reason, by=caller.actor)}")


account.add_command(second_factor)

COMMANDS = {"account": account, "token": token}

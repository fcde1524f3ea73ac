"""``account second-factor``: what a signer has beside the password; enrolled, required, taken away.

Passkeys are enrolled and given in a browser: a terminal has none.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from registry.cli.options import data, open_registry
from registry.cli.signed import Caller, signed_in_words
from registry.errors import NotSignedIn


@click.group("second-factor")
def second_factor() -> None:
    """What a signer has beside the password: enrol it, require it, take a lost one away."""


@second_factor.command("enrol")
@signed_in_words
def enrol(caller: Caller) -> None:
    """Enrol an authenticator of one's own: its secret is printed once, then its code is asked for.

    With an authenticator already, --code is the code of the one that is replaced. The new one's code is read from
    the terminal, or as a line of standard input.
    """
    service = caller.registry.accounts.second_factor
    enrolment = service.begin(caller.name, caller.password)
    click.echo(f"secret: {enrolment.secret}")
    click.echo(f"address: {enrolment.address}")
    click.echo("Give the authenticator this; it is shown this once. Then type the code that it shows.", err=True)
    code = click.prompt("Code", err=True) if sys.stdin.isatty() else sys.stdin.readline()
    if not code.strip():
        raise NotSignedIn("No code came: nothing is enrolled.", expected="the code that the authenticator shows now")
    service.enrol(caller.name, enrolment.sealed, code)
    click.echo(f"{caller.name} signs with a one-time code beside the password from now on.")


@second_factor.command("recover")
@click.argument("whose", metavar="NAME")
@click.option("--reason", required=True)
@signed_in_words
def recover(caller: Caller, whose: str, reason: str) -> None:
    """Take away the second factor of NAME, who lost the device: as another member of the quality unit."""
    caller.registry.accounts.second_factor.recover(whose, reason=reason, name=caller.name, password=caller.password)
    click.echo(f"The second factor of {whose} is taken away.")


@second_factor.command("require")
@click.argument("roles", metavar="[ROLE]...", nargs=-1)
@click.option("--reason", required=True)
@signed_in_words
def require(caller: Caller, roles: tuple[str, ...], reason: str) -> None:
    """Set which roles sign with a second factor only, as the administrator; without a ROLE, none."""
    wanted = [role.replace("-", " ").strip().lower() for role in roles]
    caller.registry.accounts.second_factor.require(wanted, reason=reason, by=caller.account)
    click.echo(f"A second factor is required of: {', '.join(wanted) or 'no role'}.")


@second_factor.command("address")
@click.argument("address", metavar="ADDRESS")
@click.option("--reason", required=True)
@signed_in_words
def set_address(caller: Caller, address: str, reason: str) -> None:
    """Set where passkeys work, as the administrator: the https:// address that people type, or http://localhost.

    Passkeys of another name work no longer: another member takes each away, and its owner enrols anew.
    """
    origin = caller.registry.accounts.second_factor.set_passkey_address(address, reason=reason, by=caller.account)
    click.echo(f"Passkeys work at {origin}.")


@second_factor.command("show")
@data
def show(directory: Path | None) -> None:
    """Which roles sign with a second factor only, where passkeys work, and who has what."""
    registry = open_registry(directory)
    service = registry.accounts.second_factor
    click.echo(f"required of: {', '.join(service.required()) or 'no role'}")
    click.echo(f"passkeys work at: {service.passkey_address() or 'no address'}")
    for account in registry.accounts.all():
        if kinds := service.of(account.name):
            click.echo(f"{account.name}: {', '.join(kinds)}")

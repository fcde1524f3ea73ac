"""``token``: programs that act for an account, each for what it needs and until its end."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from registry.accounts.permissions import SCOPES, USUAL
from registry.accounts.tokens import LASTS, LONGEST
from registry.cli.options import answer_format, data, open_registry, show_json
from registry.cli.signed import Caller, signed, signed_in_words
from registry.instants import moment, moment_text

if TYPE_CHECKING:
    from registry.services import Token


@click.group()
def token() -> None:
    """Manage bearer tokens for programs."""


@token.command("add")
@click.argument("name", metavar="ACCOUNT")
@click.option("--label", default="", help="What it is for.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    metavar="SCOPE",
    help=f"What it may, of {', '.join(SCOPES)}; repeatable. Without: {', '.join(USUAL)}, as the role may.",
)
@click.option("--days", type=int, default=LASTS.days, show_default=True, help=f"Its end; at most {LONGEST.days} days.")
@signed
def add_token(caller: Caller, name: str, label: str, scopes: tuple[str, ...], days: int) -> None:
    """Add a token that acts as ACCOUNT, by the account itself: what it does is recorded as done by ACCOUNT.

    It ends by its end, with the account's password, and when it is revoked.
    """
    value = caller.registry.accounts.create_token(name, label, by=caller.account, days=days, scopes=scopes)
    if caller.as_json:
        show_json({"account": name, "label": label, "token": value})
    else:
        click.echo(f"token: {value}")
        click.echo("It is shown this once.", err=True)


@token.command("list")
@data
@answer_format
def list_tokens(directory: Path | None, form: str) -> None:
    """List tokens, never their values: whose, what each is for and may, until when, and when it was last used."""
    registry = open_registry(directory)
    tokens, now = registry.accounts.tokens(), registry.ledger.clock()
    if form == "json":
        show_json({"tokens": [_as_dict(each, now) for each in tokens]})
        return
    for each in tokens:
        used = f"last used {moment(each.used_at)}" if each.used_at else "never used"
        state = "" if _state(each, now) == "in force" else f" ({_state(each, now)})"
        click.echo(f"{each.id}: {each.account}, {each.label or 'no label'}, may {', '.join(each.scopes)}, "
                   f"until {moment(each.expires_at)}, {used}{state}")  # fmt: skip


def _as_dict(token: Token, now: datetime) -> dict[str, object]:
    return {
        "id": token.id, "account": token.account, "label": token.label, "scopes": list(token.scopes),
        "created": moment_text(token.created_at), "expires": moment_text(token.expires_at),
        "used": moment_text(token.used_at) if token.used_at else None, "state": _state(token, now),
    }  # fmt: skip


def _state(token: Token, now: datetime) -> str:
    return "revoked" if token.revoked_at else "over" if token.expires_at <= now else "in force"


@token.command("revoke")
@click.argument("identifier", metavar="ID")
@signed_in_words
def revoke_token(caller: Caller, identifier: str) -> None:
    """Take a token's rights away: by its account, or by the administrator."""
    caller.registry.accounts.revoke_token(identifier, by=caller.account)
    click.echo(f"Token {identifier} is revoked.")

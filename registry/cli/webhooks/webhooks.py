"""``webhook``: which addresses are told when the state of a lot changes."""

from __future__ import annotations

from pathlib import Path

import click

from registry.cli.options import answer_format, data, open_registry, show_json
from registry.cli.signed import Caller, signed, signed_in_words
from registry.cli.webhooks.deliver import deliver
from registry.instants import moment


@click.group()
def webhook() -> None:
    """Tell other systems when the state of a lot changes, as the administrator."""


@webhook.command("add")
@click.argument("address", metavar="ADDRESS")
@click.option("--private", is_flag=True, help="Its host may stand in the house's own network.")
@signed
def add(caller: Caller, address: str, private: bool) -> None:
    """Name an address that is told from now on; the secret that signs is printed once.

    It is https, or http to this machine alone. What is sent there is signed by the Standard Webhooks convention.
    """
    hook, secret = caller.registry.webhooks.add(address, by=caller.account, private=private)
    if caller.as_json:
        show_json({"id": hook, "address": address, "secret": secret})
        return
    click.echo(f"webhook: {hook} {address}")
    click.echo(f"secret: {secret}")
    click.echo("The secret is shown this once. Messages are sent by: cell-registry deliver", err=True)


@webhook.command("list")
@data
@answer_format
def list_webhooks(directory: Path | None, form: str) -> None:
    """List the addresses that are told, with what waits, and why one is paused."""
    every = open_registry(directory).webhooks.all()
    if form == "json":
        show_json({"webhooks": [each.as_dict() for each in every]})
        return
    for each in every:
        state = f", paused: {each.paused}" if each.paused else ""
        click.echo(f"{each.id}: {each.address}, {each.waiting} waiting{state}")


@webhook.command("deliveries")
@click.option("--most", type=click.IntRange(1, 500), default=50, show_default=True, help="How many, newest first.")
@data
@answer_format
def deliveries(most: int, directory: Path | None, form: str) -> None:
    """List the newest messages, each with how often it was tried and the last answer."""
    every = open_registry(directory).webhooks.deliveries(most)
    if form == "json":
        show_json({"deliveries": [each.as_dict() for each in every]})
        return
    for each in every:
        answer = f", {each.answer} at {moment(each.answered_at)}" if each.answered_at else ""
        click.echo(f"{each.id}: {each.lot} to {each.webhook}, {each.outcome}, {each.attempts} attempts{answer}")


@webhook.command("end")
@click.argument("identifier", metavar="ID")
@click.option("--reason", required=True, help="Why; it is entered.")
@signed_in_words
def end(caller: Caller, identifier: str, reason: str) -> None:
    """Tell an address nothing any more; what waits for it is dropped."""
    caller.registry.webhooks.end(identifier, reason=reason, by=caller.account)
    click.echo(f"Webhook {identifier} is ended.")


@webhook.command("resume")
@click.argument("identifier", metavar="ID")
@signed_in_words
def resume(caller: Caller, identifier: str) -> None:
    """Begin again with an address that was paused: what waits is sent."""
    caller.registry.webhooks.resume(identifier, by=caller.account)
    click.echo(f"Webhook {identifier} is resumed.")


COMMANDS = {"webhook": webhook, "deliver": deliver}
"""By name."""

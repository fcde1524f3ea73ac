"""Options and small habits that the commands share."""

from __future__ import annotations

import getpass
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar

import click

from registry.errors import NotSignedIn, WrongUsage

if TYPE_CHECKING:
    from registry.services import Account, Receipt, Registry
    from registry.services.accounts import Actor

Command = TypeVar("Command", bound=Callable[..., Any])


def data(command: Command) -> Command:
    """``--data DIR``: the registry's folder."""
    return click.option(
        "--data",
        "directory",
        type=click.Path(path_type=Path),
        envvar="CELL_REGISTRY_DATA",
        metavar="DIR",
        help="The registry's folder (default: $CELL_REGISTRY_DATA).",
    )(command)


def answer_format(command: Command) -> Command:
    """``--format text|json``."""
    choice = click.Choice(["text", "json"])
    return click.option("--format", "form", type=choice, default="text", show_default=True, help="How to answer.")(
        command
    )


def signer(command: Command) -> Command:
    """``--as NAME`` with ``--password-file`` and ``--code``: who signs."""
    command = click.option(
        "--code",
        metavar="CODE",
        expose_value=False,
        callback=_give_code,
        is_eager=True,
        help="The one-time code, where the account signs with one; asked for when left out. It is good once.",
    )(command)
    command = click.option(
        "--password-file",
        type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
        metavar="FILE",
        help="Read the password from the first line of FILE (- for standard input).",
    )(command)
    return click.option("--as", "account", metavar="NAME", help="The account that does this.")(command)


def _give_code(context: click.Context, _option: click.Parameter, code: str | None) -> None:
    """Whatever this command signs is signed with ``code``; one that is due and not given is asked for."""
    from registry.services import code_given_by

    def ask() -> str:
        if code is not None or not sys.stdin.isatty():
            return code or ""
        return getpass.getpass("One-time code: ")

    context.with_resource(code_given_by(ask))


def at_service(command: Command) -> Command:
    """``--graph URL`` and what goes with it: the service that keeps the graph; see ``elsewhere``."""
    file = click.Path(path_type=Path, dir_okay=False)
    for option in (
        click.option("--graph-read-only", is_flag=True, help="Another server of this registry writes to the service."),
        click.option("--graph-credentials", type=file, metavar="FILE", help="Its name:password, in a file."),
        click.option("--graph-store", default="", metavar="URL", help="Its Graph Store Protocol (Virtuoso: known)."),
        click.option("--graph-update", default="", metavar="URL", help="Its SPARQL Update (Virtuoso: known)."),
        click.option("--graph", default="", metavar="URL", help="The SPARQL service that keeps the graph."),
    ):  # fmt: skip
        command = option(command)
    return command


class AtService(TypedDict):
    """What ``at_service`` gives a command."""

    graph: str
    graph_update: str
    graph_store: str
    graph_credentials: Path | None
    graph_read_only: bool


def elsewhere(registry: Registry, given: AtService) -> None:
    """Let the service that was named keep the graph; nothing when none was. Raises WrongUsage, Refused."""
    if given["graph"]:
        from registry.graph.remote.address import service

        registry.queries.elsewhere = service(
            given["graph"], update=given["graph_update"], store=given["graph_store"],
            credentials=given["graph_credentials"],
        )  # fmt: skip
        registry.queries.reads_only = given["graph_read_only"]
    elif given["graph_update"] or given["graph_store"] or given["graph_credentials"] or given["graph_read_only"]:
        raise WrongUsage("A part of a service is named, and no service.", expected="--graph URL")


def open_registry(directory: Path | None) -> Registry:
    """The registry in ``--data``; says when it was restored and nobody confirmed that. Raises WrongUsage for none."""
    from registry.services import Registry

    registry = Registry.open(folder(directory))
    if (came := registry.upkeep.restored()) is not None:
        click.echo(f"Restored from a copy, and not confirmed by the quality unit yet. {came.warning()}", err=True)
    return registry


def folder(directory: Path | None) -> Path:
    """``--data`` or $CELL_REGISTRY_DATA; raises WrongUsage when neither is given."""
    if directory is None:
        raise WrongUsage(
            "No registry is named.",
            expected="--data DIR, or $CELL_REGISTRY_DATA",
            todo="Name its folder, or create one.",
            action="create-registry",
        )
    if ":/" in str(directory):
        raise WrongUsage(
            "An address is no folder.", expected="a folder", found=str(directory).partition(":")[0] + ":…",
            todo="Name a folder of this machine: signing key and graph are kept in it.",
        )  # fmt: skip
    return directory


def password(account: str | None, password_file: Path | None) -> tuple[str, str]:
    """(name, password) of who signs, asked for when not given. Raises NotSignedIn without a way to ask."""
    if not account:
        raise NotSignedIn("This needs an account.", expected="--as NAME", todo="Name the account that does this.")
    if password_file is not None:
        stream = sys.stdin if str(password_file) == "-" else password_file.open(encoding="utf-8")
        with stream:
            return account, stream.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise NotSignedIn(
            f"The password of {account} cannot be asked for here.", expected="--password-file FILE", found="no terminal"
        )
    return account, getpass.getpass(f"Password of {account}: ")


def actor(registry: Registry, account: str | None, password_file: Path | None) -> Actor:
    """Who does it: the account, once its password is right, or whoever may write the registry's folder.

    What may be done without an account says ``registry.accounts.permissions``; it is recorded as ``local:<user>``.
    """
    from registry.services.accounts import LocalOperator

    return registry.accounts.act_as(*password(account, password_file)) if account else LocalOperator()


def own(registry: Registry, account: str | None, password_file: Path | None) -> Account:
    """The account that does it, once its password is right. Raises NotSignedIn when none is named."""
    return registry.accounts.act_as(*password(account, password_file))


def show_json(value: object) -> None:
    """One JSON document on standard output."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def tell(receipt: Receipt, sentence: str, form: str) -> None:
    """What was entered: its receipt as JSON, or a sentence for a person."""
    if form == "json":
        show_json(receipt.as_dict())
    else:
        click.echo(sentence)

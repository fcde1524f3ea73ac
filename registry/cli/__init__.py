"""The command line: ``cell-registry``. Each command's module is loaded when the command is called.

Exit 0: done, or everything conforms. 1: something does not conform, or the gate refuses. 2: unreadable input or wrong
usage. Answers go to standard output, everything else to standard error.

``actions``         what to do about a refusal, in words of the command line
``options``         options and small habits that the commands share
``signed``          the options and the caller of commands that somebody does
``terminal``        what reports at a terminal are made of
``demo``            the worked example
``serve``           the server
``check``           files judged without a store or server
``accounts``        accounts and tokens, second factors
``products``        products
``studies``         studies, their arms and doses
``claims``          claims of mechanisms, and publications
``lots``            a lot looked up or registered, what others call it
``submissions``     results in, a panel taken back
``outcomes``        what was seen of recipients
``releases``        decisions on a lot
``administrations``  what was given of a lot, its containers, what was found late
``specifications``  what lots are held against
``mappings``        what laboratories' names stand for
``ontologies``      ontologies, and new releases of them
``agents``          what a language model may ask
``queries``         SPARQL, the library of questions, exports
``printing``        certificates and labels
``proofs``          credentials, checkpoints, witnesses, time-stamps
``webhooks``        other systems told when a lot's state changes
``upkeep``          creating, auditing, copying a registry
"""

from __future__ import annotations

import importlib
import os
import sys
from gettext import gettext as _

import click

from registry import __version__
from registry.cli import actions
from registry.errors import RegistryError

# Command → (module, what the list of commands says of it). The module holds a click command of the same name.
COMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("demo", "The worked example on an embedded store, then the web server."),
    "init": ("upkeep", "Create a registry in an empty folder."),
    "serve": ("serve", "Serve the registry's pages, API and SPARQL."),
    "check": ("check.check", "Judge files against a specification, without a store or server."),
    "product": ("products", "Register and list products."),
    "study": ("studies", "Add and show studies, their arms and doses."),
    "publication": ("claims.publications", "Add and show publications, and what cites them."),
    "claim": ("claims.claims", "Make and show claims of mechanisms, and on what they stand."),
    "lot": ("lots.lots", "Look a lot up, or register one."),
    "identifier": ("lots.identifiers", "Record, find and withdraw what others call a lot or product."),
    "submit": ("submissions.submissions", "Submit a file of results."),
    "outcome": ("outcomes", "Submit what was seen of recipients, and list visits."),
    "mapping": ("mappings", "Keep what instruments call samples, columns and gates."),
    "release": ("releases", "Sign the release of a lot."),
    "hold": ("releases", "Put a lot on hold."),
    "lift": ("releases", "Lift a hold; the lot is then decided on again."),
    "reject": ("releases", "Reject a lot, for good."),
    "recall": ("releases", "Recall a lot, or everything made from a cell bank."),
    "administer": ("administrations.administer", "Record that a lot was given, asked at that minute."),
    "administration": ("administrations.administer", "Show what was given of a lot."),
    "supply": ("administrations.administer", "Sign a supply out of specification, which is no release."),
    "container": ("administrations.containers", "Where a lot's containers are, and moves of them."),
    "finding": ("administrations.findings", "What was found late about what was given, and who answered."),
    "trace": ("administrations.trace", "Everything forward and back of a lot, line or recipient."),
    "withdraw": ("submissions.withdraw", "Take a panel back."),
    "accept": ("releases", "Accept a retest, or a reference criterion that is not shown."),
    "review": ("releases", "Review what changed of a lot's data, or require that of a product."),
    "certificate": ("printing", "Print a lot's certificate of analysis."),
    "label": ("printing", "Print labels of a lot or its containers."),
    "query": ("queries", "Ask a SPARQL question."),
    "mcp": ("agents", "Serve a language model's client, read-only."),
    "ask": ("queries", "Ask a question of the library by its name."),
    "graph": ("queries", "The graph, kept by another service."),
    "export": ("queries", "Write the graph, tables or an RO-Crate to a file."),
    "specification": ("specifications.specifications", "List, show and approve specifications."),
    "ontology": ("ontologies.ontologies", "What the ontologies are, and whether they are in order."),
    "credential": ("proofs.proofs", "Write a lot's credential, for whoever does not ask this registry."),
    "verify": ("proofs.verify", "Check a credential, without a registry or an account."),
    "checkpoint": ("proofs.proofs", "Print the ledger's signed checkpoint, to be kept elsewhere."),
    "witness": ("proofs.witness", "See another registry's ledger, and cosign its checkpoints."),
    "timestamp": ("proofs.timestamp", "Have the ledger's checkpoint stamped by a service elsewhere."),
    "audit": ("upkeep", "Recompute chain, digests, signatures and graph."),
    "rebuild": ("upkeep", "Make the graph anew from the ledger."),
    "backup": ("upkeep", "Copy the registry into one file, while it serves."),
    "restore": ("upkeep", "Make a registry from a backup."),
    "ledger": ("upkeep", "Keep the ledger in PostgreSQL."),
    "clock": ("upkeep", "Confirm the time, after the machine's clock leapt."),
    "key": ("proofs.keys", "The registry's signing key: where it is, and another in its place."),
    "account": ("accounts.accounts", "Manage accounts."),
    "webhook": ("webhooks.webhooks", "Tell other systems when the state of a lot changes."),
    "deliver": ("webhooks.webhooks", "Send what waits for the webhooks, in a process of its own."),
    "token": ("accounts.accounts", "Manage bearer tokens for programs."),
}


class _Lazy(click.Group):
    """A group that imports a command's module only when that command is called or described."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"registry.cli.{COMMANDS[cmd_name][0]}")
        command: click.Command = module.COMMANDS[cmd_name]
        return _with_data(command)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section(_("Commands")):
            formatter.write_dl([(name, text) for name, (_module, text) in COMMANDS.items()])


def _with_data(command: click.Command) -> click.Command:
    """Every command takes ``--data``, those that need no registry too, so that one habit serves for all."""
    if isinstance(command, click.Group):
        for each in command.commands.values():
            _with_data(each)
    elif not any("--data" in option.opts for option in command.params):
        unused = click.Option(["--data"], expose_value=False, metavar="DIR", help="Not needed: no registry is read.")
        command.params.append(unused)
    return command


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="cell-registry")
def cli() -> None:
    """The cell product registry: what a lot is, whether it conforms, and whether it may be injected."""


def main(arguments: list[str] | None = None) -> None:
    """Run one command; a refusal is a sentence on standard error and an exit code, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        cli.main(args=arguments, prog_name="cell-registry")
    except RegistryError as error:
        click.echo(actions.told(error), err=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as error:
        click.echo(f"{error.filename or 'A file'}: {error.strerror or error}", err=True)
        sys.exit(2)

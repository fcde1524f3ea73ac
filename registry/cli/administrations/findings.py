"""``finding``: what was found late about what was given, and who answered."""

from __future__ import annotations

import sys

import click

from registry.cli.administrations.administer import line_of
from registry.cli.options import show_json
from registry.cli.signed import Caller, signed, signed_in_words
from registry.csv_text import csv_text
from registry.services.administrations.table import FINDING_COLUMNS, finding_rows


@click.group()
def finding() -> None:
    """What was found late about what was given: a recall, a withdrawn panel, a late positive."""


@finding.command("list")
@click.option("--format", "form", type=click.Choice(["text", "json", "csv"]), default="text", show_default=True)
@signed_in_words
def list_findings(caller: Caller, form: str) -> None:
    """List what was found late, with everybody whom it concerns. Exit 1 while something waits to be told.

    Recipients' codes are shown to an account that may see them (--as).
    """
    findings = caller.registry.administrations.findings(caller.actor)
    if form == "json":
        show_json({"findings": [each.as_dict() for each in findings]})
    elif form == "csv":
        click.echo(csv_text([FINDING_COLUMNS, *finding_rows(findings)], end="\n"), nl=False)
    else:
        for each in findings:
            click.echo(f"{'OPEN' if each.open else 'told'}: {each.because_of} is {each.state}; {each.relation}")
            click.echo(f"  {line_of(each.administration)}")
        if not findings:
            click.echo("Nothing was found about anything that was given.")
    if any(each.open for each in findings):
        sys.exit(1)


@finding.command("answer")
@click.argument("administration", metavar="A-…")
@click.argument("what", type=click.Choice(["seen", "told"]))
@click.option("--note", default="", help="How, in words that name nobody.")
@signed
def answer_finding(caller: Caller, administration: str, what: str, note: str) -> None:
    """Say that you have seen what was found, or that whoever received it was told."""
    receipt = caller.registry.administrations.answer(administration, what, note=note, actor=caller.account)
    caller.tell(receipt, f"Answered for {receipt.id}: {what} (entry {receipt.position}).")


COMMANDS = {"finding": finding}

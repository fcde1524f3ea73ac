"""``ontology``: what the ontologies are, whether they are in order, and letting a new release in."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from registry.cli.ontologies.difference_report import as_dict, show
from registry.cli.options import answer_format, data, open_registry, show_json
from registry.cli.signed import Caller, signed
from registry.errors import Unknown, WrongUsage

if TYPE_CHECKING:
    from registry.services.ontologies.load import Step
    from registry.services.ontologies.load_answers import Examination, LoadAnswer, OntologyStatus
    from registry.services.ontologies.usage import Usage

STEPS = {"reading": "Reading the release", "inferring": "Inferring, and asking the gate", "keeping": "Keeping it"}


@click.group()
def ontology() -> None:
    """What the ontologies are, whether they are in order, and letting a new release in."""


@ontology.command("status")
@data
@answer_format
def status(directory: Path | None, form: str) -> None:
    """Version, date, source, digest and number of terms of each ontology."""
    statuses = open_registry(directory).ontologies.status()
    if form == "json":
        show_json({"ontologies": [status_of.as_dict() for status_of in statuses]})
        return
    for status_of in statuses:
        _show_status(status_of)


def _show_status(status: OntologyStatus) -> None:
    counts = f"{status.terms} current terms, {status.obsolete} obsolete, {status.classes} in all"
    click.echo(f"{status.ontology} {status.date or status.version}: {counts}")
    click.echo(f"    version: {status.version}")
    click.echo(f"    source: {status.source}")
    click.echo(f"    digest: {status.digest}")
    click.echo(
        "    in force: as the program carries it"
        if status.packaged
        else f"    in force: since {status.loaded_at}, loaded by {status.loaded_by} (entry {status.position})"
    )


@ontology.command("load")
@click.argument("what", metavar="FILE|URL")
@click.option(
    "--announced", multiple=True, metavar="CL:…", help="A cell type whose markers are known to have changed sign."
)
@signed
def load(caller: Caller, what: str, announced: tuple[str, ...]) -> None:
    """Make a full release the current one: OWL (RDF/XML), OBO, Turtle or N-Triples, packed or not.

    The gate looks first; refused, exit 1 and nothing has changed. Obsolete terms in your data are not touched: see
    cell-registry ontology replacements.
    """
    from registry.vocabulary import expanded

    who = caller.actor
    with _progress() as step:
        name, bytes_ = _bytes(what, step)
        answer = caller.registry.ontologies.load(name, bytes_, [expanded(term) for term in announced], step, by=who)
    if caller.as_json:
        show_json(answer.as_dict())
    else:
        _show_load(answer)


def _show_load(answer: LoadAnswer) -> None:
    status = answer.status
    click.echo(f"{status.ontology} {status.date or status.version}: {answer.outcome}; {status.terms} current terms.")
    if answer.outcome == "loaded":
        click.echo("    " + ", ".join(f"{count} {word}" for word, count in answer.changes.items()))
    for notice in answer.notices:
        click.echo(f"    to know: {notice}")
    for sentence in answer.waiting:
        click.echo(f"    waits for a person: {sentence}")


@contextmanager
def _progress() -> Iterator[Step]:
    """A spinner on a terminal, on standard error; silence elsewhere."""
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _step: None
        return
    with console.status("Beginning") as shown:
        yield lambda step: shown.update(STEPS.get(step, step))


def _bytes(what: str, step: Step) -> tuple[str, bytes]:
    if what.startswith(("http://", "https://")):
        from registry.ontology_releases.download import fetch

        return what, fetch(what, lambda so_far: step(f"Fetching: {so_far // 1_000_000} MB"))
    if "://" in what:
        raise WrongUsage(
            "Only files and http(s) addresses are loaded.", expected="FILE, http://… or https://…", found=what
        )
    if not Path(what).is_file():
        raise Unknown("There is no such file.", found=what)
    return Path(what).name, Path(what).read_bytes()


@ontology.command("check")
@click.argument("file", metavar="[FILE]", required=False)
@click.option(
    "--announced", multiple=True, metavar="CL:…", help="A cell type whose markers are known to have changed sign."
)
@click.option("--reason", is_flag=True, help="Say who classified it, in how long, and what was inferred.")
@data
@answer_format
def check(file: str | None, announced: tuple[str, ...], reason: bool, directory: Path | None, form: str) -> None:
    """Whether what is current is in order; of FILE, what the gate would say, without loading it. Exit 1 if refused.

    A FILE is classified by HermiT where Java is, and by the program's own closure elsewhere.
    """
    from registry.vocabulary import expanded

    ontologies = open_registry(directory).ontologies
    if file is None:
        examinations = ontologies.check(reason=reason)
    else:
        examinations = [ontologies.examine(*_bytes(file, lambda _: None), [expanded(text) for text in announced])]
    if form == "json":
        show_json({"examinations": [examination.as_dict() for examination in examinations]})
    else:
        for examination in examinations:
            _show_examination(examination, reason=reason)
    sys.exit(1 if any(examination.refusals for examination in examinations) else 0)


def _show_examination(examination: Examination, *, reason: bool) -> None:
    click.echo(
        f"{examination.ontology} {examination.date}: {'✗ not in order' if examination.refusals else '✓ in order'}"
    )
    for refusal in examination.refusals:
        click.echo(f"    ✗ {refusal}")
    for notice in examination.notices:
        click.echo(f"    to know: {notice}")
    if examination.notices:
        click.echo("    how: cell-registry ontology replacements")
    for sentence in examination.reasoning if reason else ():
        click.echo(f"    {sentence}")


@ontology.command("diff")
@click.argument("old", metavar="[OLD]")
@click.argument("new", metavar="NEW|FILE", required=False)
@click.option("--all", "everything", is_flag=True, help="List every term, not the first 20 of a kind.")
@data
@answer_format
def diff(old: str, new: str | None, everything: bool, directory: Path | None, form: str) -> None:
    """What changed from OLD to NEW, and who uses it; of one FILE, from the current release to it.

    OLD and NEW are files, the date of a release that was loaded, or cl and doid for the current ones. Two files need no
    registry.
    """
    if new is None:
        old, new = "current", old
    from registry.services.ontologies.load import file_slice

    before, after = (file_slice(old), file_slice(new)) if directory is None else (None, None)
    if before is not None and after is not None:
        from registry.ontology_releases.difference import difference

        changes = difference(before, after)
        used: Mapping[str, Usage] = {}
    else:
        changes, used = open_registry(directory).ontologies.difference(old, new)
    if form == "json":
        show_json(as_dict(changes, used))
    else:
        show(changes, used, everything=everything)


@ontology.command("replacements")
@data
@answer_format
def replacements(directory: Path | None, form: str) -> None:
    """Obsolete terms in our data, what became of them, who uses them, and what waits for approval."""
    obsolete = open_registry(directory).ontologies.replacements()
    if form == "json":
        show_json({"replacements": [replacement.as_dict() for replacement in obsolete]})
        return
    for replacement in obsolete:
        click.echo(replacement.sentence)
        if replacement.proposed:
            terms = f"{replacement.old.id} {replacement.proposed.id}"
            click.echo(f"    approve with: cell-registry ontology replace {terms} --as NAME")
        for choice in replacement.consider:
            click.echo(f"    to consider: {choice.id} {choice.label}")
    if not obsolete:
        click.echo("No obsolete term is used.")


@ontology.command("replace")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option("--reason", default="", help="Why; what the release says of it, unless given.")
@signed
def replace(caller: Caller, old: str, new: str, reason: str) -> None:
    """Replace the obsolete term OLD by NEW in every product that uses it, signed by a member of the quality unit."""
    receipt = caller.registry.ontologies.replace(old, new, reason=reason, name=caller.name, password=caller.password)
    caller.tell(receipt, f"{receipt.id} is replaced by {new} (entry {receipt.position}), signed by {caller.name}.")


@ontology.command("carry")
@click.argument("term", metavar="TERM")
@click.argument("label", metavar="NEW-NAME")
@click.option("--reason", required=True, help="Why it means what it did.")
@signed
def carry(caller: Caller, term: str, label: str, reason: str) -> None:
    """Sign that TERM means what it did under NEW-NAME, which a release that is held back gives it; then load that."""
    receipt = caller.registry.ontologies.carry(term, label, reason=reason, name=caller.name, password=caller.password)
    caller.tell(
        receipt, f"{receipt.id} means what it did as {label} (entry {receipt.position}), signed by {caller.name}."
    )


COMMANDS = {"ontology": ontology}

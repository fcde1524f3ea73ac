"""Specifications as a quality unit writes them: compiled, printed as a table, linted, compared, drafted."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from registry.cli.options import answer_format, data, show_json
from registry.cli.signed import Caller, signed
from registry.cli.specifications.named import TABLES, content, found, output, written


@click.command("compile")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="FILE")
@click.option("--format", "form", type=click.Choice(["turtle", "json"]), default="turtle", show_default=True)
@output
def compile_table(file: Path, form: str, output: Path | None) -> None:
    """Compile a table (CSV, YAML, XLSX) to the SHACL graph that is judged, pinned and signed."""
    from registry import specifications
    from registry import vocabulary as terms
    from registry.specifications import table

    vocabulary = terms.load()
    specification = table.read(file.name, content(file), vocabulary)
    for finding in specifications.lint(specification, vocabulary):
        click.echo(
            f"{finding.severity}: {finding.criterion or specification.id}: {finding.message} {finding.todo}", err=True
        )
    if form == "json":
        facts = {key: getattr(specification, key) for key in ("id", "version", "iri", "title", "digest")}
        show_json({**facts, "criteria": [criterion.id for criterion in specification.criteria]})
    else:
        written(specifications.turtle(specification), output)


@click.command("table")
@click.argument("wanted", metavar="ID[@VERSION]|FILE")
@click.option("--format", "form", type=click.Choice(["csv", "yaml", "xlsx"]), default="csv", show_default=True)
@output
@data
def as_table(wanted: str, form: str, output: Path | None, directory: Path | None) -> None:
    """Print a specification as the table that compiles to it."""
    from registry import vocabulary as terms
    from registry.specifications import table

    vocabulary = terms.load()
    written(table.write(found(wanted, directory, vocabulary), form, vocabulary), output)


@click.command("lint")
@click.argument("wanted", metavar="ID[@VERSION]|FILE")
@answer_format
@data
def lint(wanted: str, form: str, directory: Path | None) -> None:
    """Say what to look at before anybody approves it. Exit 1: an error is among it."""
    from registry import specifications
    from registry import vocabulary as terms
    from registry.specifications import table

    vocabulary = terms.load()
    if wanted.lower().endswith(TABLES):
        specification = table.draft(Path(wanted).name, content(Path(wanted)), vocabulary)
    else:
        specification = found(wanted, directory, vocabulary)
    findings = specifications.lint(specification, vocabulary)
    if form == "json":
        show_json({"specification": {"id": specification.id, "version": specification.version},
                   "findings": [finding.as_dict() for finding in findings]})  # fmt: skip
    else:
        for finding in findings:
            where = finding.criterion or "the whole"
            click.echo(f"{finding.severity}: {finding.code}: {where}: {finding.message} {finding.todo}")
        click.echo(f"{specification.id} version {specification.version}: {_count(findings)}")
    sys.exit(1 if any(finding.severity == "error" for finding in findings) else 0)


def _count(findings: tuple[object, ...]) -> str:
    errors = sum(getattr(finding, "severity", "") == "error" for finding in findings)
    return f"{errors} to correct, {len(findings) - errors} to look at" if findings else "nothing to say"


@click.command("diff")
@click.argument("old", metavar="ID[@VERSION]|FILE")
@click.argument("new", metavar="ID[@VERSION]|FILE")
@answer_format
@data
def diff(old: str, new: str, form: str, directory: Path | None) -> None:
    """Show what differs between two versions, criterion by criterion: what lets more lots through comes first."""
    from registry import specifications
    from registry import vocabulary as terms

    vocabulary = terms.load()
    before, after = (found(wanted, directory, vocabulary) for wanted in (old, new))
    differences = specifications.differences(before, after, vocabulary)
    if form == "json":
        show_json(specifications.compared(before, after, differences))
        return
    for difference in differences:
        how = difference.kind if difference.effect == "none" else f"{difference.kind}, {difference.effect}"
        sentences = [*difference.sentences, *(f"asked for instead: {other}" for other in difference.instead)]
        click.echo(f"{difference.criterion or 'the specification'} {how}: {'; '.join(sentences)}")
    if not differences:
        click.echo("They say the same.")


@click.command("draft")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="FILE")
@signed
def draft(caller: Caller, file: Path) -> None:
    """Record a specification as a draft of yours; another member of the quality unit approves it."""
    receipt = caller.registry.specifications.draft(file.name, content(file), name=caller.name, password=caller.password)
    caller.tell(
        receipt, f"{receipt.id} is drafted (entry {receipt.position}). Another member of the quality unit approves it."
    )

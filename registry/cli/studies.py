"""``study``: what products are tried for, added from our own file or read from ClinicalTrials.gov."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from registry.cli.options import answer_format, data, open_registry, show_json
from registry.cli.signed import Caller, signed

if TYPE_CHECKING:
    from registry.domain import Study
    from registry.services.studies.study_view import StudyAnswer

FILE = click.argument("file", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@click.group()
def study() -> None:
    """Add and show studies: arms, doses, what is known and what nobody has published."""


@study.command("add")
@FILE
@signed
def add_study(caller: Caller, file: Path) -> None:
    """Add the study in a TOML or JSON file of ours."""
    from registry.exchange.study_file import read

    _enter(caller, read(file.name, _bytes(file)))


@study.command("import")
@FILE
@signed
def import_study(caller: Caller, file: Path) -> None:
    """Add a study from what ClinicalTrials.gov's API v2 says of it; contacts are never kept."""
    from registry.exchange.clinicaltrials import read

    _enter(caller, read(_bytes(file), caller.registry.terms.diseases))


def _bytes(file: Path) -> bytes:
    from registry.exchange import LARGEST

    with file.open("rb") as opened:
        return opened.read(LARGEST + 1)


def _enter(caller: Caller, draft: Study) -> None:
    receipt = caller.registry.studies.add(draft, caller.account)
    caller.tell(receipt, f"Study {receipt.id} is added (entry {receipt.position}).")


@study.command("list")
@data
@answer_format
def list_studies(directory: Path | None, form: str) -> None:
    """List studies."""
    studies = open_registry(directory).studies.all()
    if form == "json":
        show_json({"studies": [each.as_dict() for each in studies]})
        return
    for each in studies:
        uses = ", ".join(f"{term.id} {term.label}" for term in each.conditions)
        click.echo(f"{each.study}: {each.title}; {uses or 'no condition'}; {len(each.arms)} arms, {each.lots} lots")


@study.command("show")
@click.argument("study", metavar="STUDY")
@data
@answer_format
def show_study(study: str, directory: Path | None, form: str) -> None:
    """Show a study: its arms with their doses, its lots, what is unknown and where sources differ."""
    registry = open_registry(directory)
    known = registry.studies.get(study)
    if form == "json":
        show_json(known.as_dict())
        return
    _show(known)
    for line in registry.studies.lots(study, limit=1000):
        click.echo(f"  lot {line.lot}: {line.state}")


def _show(known: StudyAnswer) -> None:
    click.echo(f"{known.study}: {known.title}")
    sizes = f"{known.enrolment} participants ({known.enrolment_type})" if known.enrolment is not None else ""
    facts = (known.phase, known.status, sizes, known.sponsor, f"visits every {known.every}" if known.every else "")
    click.echo(f"  {', '.join(fact for fact in facts if fact)}")
    for term in (*known.conditions, *((known.cell_type,) if known.cell_type else ())):
        click.echo(f"  {term.id} {term.label}")
    for name, captures in (("start", known.start), ("end", known.end)):
        for capture in captures:
            click.echo(f"  {name} {capture.value} ({capture.source})")
    for arm in known.arms:
        sites = ", ".join(site.label or site.id for site in arm.sites)
        click.echo(
            f"  arm {arm.id}: {arm.dose_per_site.value} viable cells in each of {sites}; {arm.total.value} for one "
            "recipient"
        )
    for arm_alone in known.arms_without_dose:
        click.echo(f"  no dose is known of the arm {arm_alone}")
    click.echo(f"  unknown: {', '.join(known.unknown) or 'nothing'}")
    click.echo(f"  sources differ: {', '.join(known.conflicts) or 'nowhere'}")
    click.echo(f"  products: {', '.join(known.products) or 'none'}; {known.lots} lots")


COMMANDS = {"study": study}

"""``specification try``: what a specification would change, over every lot of a registry."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from registry.cli.options import answer_format, data, open_registry, show_json
from registry.cli.specifications.named import content, is_file

if TYPE_CHECKING:
    from collections.abc import Sequence

    from registry.services.specifications.trial import CriterionChange, Trial


@click.command("try")
@click.argument("wanted", metavar="TABLE|ID[@VERSION]")
@answer_format
@data
def try_out(wanted: str, form: str, directory: Path | None) -> None:
    """Judge every lot by a specification, and list those whose verdict would be another; nothing is kept.

    A lot is held against the specification that its release names, else the one approved for its product. Approving
    another changes nothing for a lot that is released already.
    """
    library = open_registry(directory).specifications
    draft = library.compiled(Path(wanted).name, content(Path(wanted))) if is_file(wanted) else library.named(wanted)
    trial = library.try_out(draft)
    if form == "json":
        show_json(trial.as_dict())
    else:
        _show(trial)


def _show(trial: Trial) -> None:
    draft = trial.specification
    click.echo(f"{draft.id} version {draft.version}, tried on {trial.lots} lots at ledger size {trial.ledger_size}: "
               f"{len(trial.changed)} would be judged otherwise.")  # fmt: skip
    rows = [
        (each.lot, each.state, f"{each.before or 'not judged'} → {each.after}", _causes(each.criteria))
        for each in trial.changed
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)][:-1]
    for row in rows:
        click.echo("  ".join([*(text.ljust(width) for text, width in zip(row, widths, strict=False)), row[-1]]))
    for sentence, lots in (
        ("Released, and would no longer conform", trial.no_longer),
        ("Do not conform now, and would", trial.newly),
    ):
        if lots:
            click.echo(f"{sentence}: {', '.join(each.lot for each in lots)}")
    if trial.changed:
        click.echo("By criterion:")
    for change, count in trial.by_criterion:
        click.echo(f"  {change.id}: {_outcomes(change)}, {count} {'lot' if count == 1 else 'lots'}")


def _causes(criteria: Sequence[CriterionChange]) -> str:
    return ", ".join(f"{change.id}: {_outcomes(change)}" for change in criteria)


def _outcomes(change: CriterionChange) -> str:
    return f"{change.before or 'not asked for'} → {change.after or 'not asked for'}"

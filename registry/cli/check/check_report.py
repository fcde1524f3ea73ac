"""The report of ``check`` at a terminal: row errors first, then each lot, in words and symbols as well as colour."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from registry.cli.terminal import console, show_errors, show_not_read, sign
from registry.domain import CriterionVerdict, Intake, LotVerdict, Result, Specification


def show_check(against: Specification, verdicts: Sequence[LotVerdict], intake: Intake) -> None:
    """The report of ``check``."""
    screen = console()
    screen.print(Text(f"{against.title} ({against.id} version {against.version})", style="bold"))
    show_errors(screen, intake.errors)
    for verdict in verdicts:
        screen.print()
        screen.print(Text(f"{verdict.lot}: ", style="bold") + sign(verdict.verdict))
        screen.print(criteria_table(verdict.criteria))
        for group in verdict.groups:
            screen.print(Text(f"  either {' or '.join(group.members)}: ") + sign(group.verdict))
        if verdict.held:
            screen.print(Text(f"  held until the quality unit accepts it: {', '.join(verdict.held)}", style="yellow"))
        if verdict.due:
            screen.print(Text(f"  due after release: {', '.join(verdict.due)}", style="yellow"))
    for notice in intake.notices:
        where = f"{notice.file}, row {notice.row}" if notice.row is not None else notice.file
        screen.print(Text(f"note: {where}: {notice.message}", style="cyan"))
    show_not_read(screen, intake.not_read)
    show_notes(screen, intake.results)


def show_notes(screen: Console, results: Sequence[Result]) -> None:
    """What stands beside results as comments: kept, and judged by nothing."""
    noted = [(result, note) for result in results for name, note in result.details if name == "note" and note]
    if noted:
        screen.print(Text("\nbeside the results, and judged by nothing:", style="cyan"))
    for result, note in noted:
        row = f", row {result.source.row}" if result.source.row is not None else ""
        screen.print(Text(f"  {result.source.file}{row}, {result.lot}, {result.label}: ", style="cyan") + Text(note))


def criteria_table(criteria: Sequence[CriterionVerdict]) -> Table:
    """Criteria, one a row: what was expected, what was observed, where it stands."""
    table = Table(box=None, pad_edge=True, header_style="dim")
    for column in ("criterion", "expected", "observed", "verdict", "where"):
        table.add_column(column)
    for item in criteria:
        where = ""
        if item.source is not None:
            where = item.source.file + (f", row {item.source.row}" if item.source.row is not None else "")
        name = item.characteristic + ("" if item.standing == "gating" else f" ({item.standing})")
        observed = item.observed if item.observed is not None else "no result"
        table.add_row(Text(name), Text(item.expected), Text(observed), sign(item.verdict), Text(where, style="dim"))
        if item.note:
            table.add_row("", Text(item.note, style="yellow"), "", "", "")
    return table

"""What reports at a terminal are made of: where they are printed, a verdict's sign, rows in error."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from registry.cli import actions
from registry.domain import NotRead, RowError, by_cause

FEW = 3
"""Rows or lots that are named where the same is wrong with more."""
_SIGNS = {
    "pass": ("✓", "green"),
    "fail": ("✗", "bold red"),
    "incomplete": ("…", "yellow"),
    "undetermined": ("?", "yellow"),
    "missing": ("–", "yellow"),
}


def console() -> Console:
    """Standard output, wide enough not to break identifiers when it is no terminal."""
    screen = Console(highlight=False, soft_wrap=False)
    return screen if screen.is_terminal else Console(highlight=False, width=140)


def sign(verdict: str) -> Text:
    """A verdict as symbol, word and colour."""
    symbol, style = _SIGNS[verdict]
    return Text(f"{symbol} {verdict}", style=style)


def show_errors(screen: Console, errors: Sequence[RowError]) -> None:
    """Rows in error, by file and row; what is wrong with many rows in the same way is told once."""
    if not errors:
        return
    causes = by_cause(error.as_dict() for error in errors)
    more = f" ({len(errors)} errors)" if len(causes) < len(errors) else ""
    screen.print(Text(f"\n{len(causes)} to mend{more}: their lots cannot pass", style="bold red"))
    for alike in causes:
        error = alike[0]
        column = f"column {error['column']}" if error["column"] else ""
        rows, lots = [each["row"] for each in alike], [each["lot"] for each in alike]
        parts = (error["file"], _several("row", rows), column, _several("lot", lots))
        place = ", ".join(part for part in parts if part)
        screen.print(Text("  ✗ ", style="bold red") + Text(place, style="bold"))
        screen.print(Text(f"    {error['message']}"))
        if error["expected"]:
            expected, printed = error["expected"], error["found"] or "nothing"
            screen.print(Text(f"    expected {expected}; found {printed}", style="dim"))
        if command := actions.how(error.get("action", "")):
            screen.print(Text(f"    how: {command}", style="dim"))


def _several(what: str, values: Sequence[object]) -> str:
    """``row 2``, ``rows 2, 3``, ``rows 2, 3, 4 and 27 more``; empty for none."""
    known = list(dict.fromkeys(str(value) for value in values if value is not None))
    more = f" and {len(known) - FEW} more" if len(known) > FEW else ""
    return f"{what}{'s' if len(known) > 1 else ''} {', '.join(known[:FEW])}{more}" if known else ""


def show_not_read(screen: Console, items: Sequence[NotRead]) -> None:
    """What stands in the files and was judged by nothing."""
    if items:
        screen.print(Text("\nnot read, and judged by nothing:", style="cyan"))
    for item in items:
        parts = (
            item.file,
            f"row {item.row}" if item.row is not None else "",
            f"column {item.column}" if item.column else "",
            f"lot {item.lot}" if item.lot else "",
        )
        place = ", ".join(part for part in parts if part)
        printed = Text(f"{item.printed}: " if item.printed else "")
        screen.print(Text(f"  {place}: ", style="cyan") + printed + Text(item.why))

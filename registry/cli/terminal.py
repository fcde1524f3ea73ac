"""What reports at a terminal are made of: where they are printed, a verdict's sign, rows in error."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from registry.cli import actions
from registry.domain import NotRead, RowError

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
    """Rows in error, by file and row."""
    if not errors:
        return
    screen.print(Text(f"\n{len(errors)} to mend: their lots cannot pass", style="bold red"))
    for error in errors:
        place = ", ".join(
            part
            for part in (
                error.file,
                f"row {error.row}" if error.row is not None else "",
                f"column {error.column}" if error.column else "",
                f"lot {error.lot}" if error.lot else "",
            )
            if part
        )
        screen.print(Text("  ✗ ", style="bold red") + Text(place, style="bold"))
        screen.print(Text(f"    {error.message}"))
        if error.expected:
            screen.print(Text(f"    expected {error.expected}; found {error.found or 'nothing'}", style="dim"))
        if command := actions.how(error.action):
            screen.print(Text(f"    how: {command}", style="dim"))


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

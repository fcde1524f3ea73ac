"""The table between its file and its meaning: facts, rows, and where each cell stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from registry.domain import RowError
from registry.errors import Unreadable

MAX_BYTES = 1_000_000
MAX_ROWS = 1_000
MAX_CELL = 10_000

FACTS = (
    "specification", "version", "title", "description", "source", "cell type", "species", "scope", "rounding",
    "drafted by", "illustrative", "published", "leaves out",
)  # fmt: skip
COLUMNS = (
    "id", "characteristic", "operator", "limit", "unit", "population", "confidence", "least events", "stage",
    "standing", "group", "method", "duration", "due", "window", "inherited from", "claim", "source", "note",
    "justification", "label", "name", "description", "message",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cell:
    """A text, without blanks around it, and the row (or line) where it stands."""

    text: str
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """``facts`` by name; ``omissions`` are (marker, justification); ``rows`` hold the cells that are not empty."""

    file: str
    facts: dict[str, Cell]
    omissions: tuple[tuple[Cell, Cell], ...]
    rows: tuple[dict[str, Cell], ...]


class Misread(Unreadable):
    """A table with wrong cells: ``errors`` lists every one, with its row and column."""

    def __init__(self, file: str, errors: Sequence[RowError]) -> None:
        super().__init__(
            f"{file} has {len(errors)} wrong {'cell' if len(errors) == 1 else 'cells'}.",
            expected="a table that says one specification",
            where=file,
            todo="Correct what is listed.",
            details=[_sentence(error) for error in errors],
        )
        self.errors = tuple(errors)


def _sentence(error: RowError) -> str:
    row = f"row {error.row}" if error.row is not None else error.file
    column = f", {error.column}" if error.column else ""
    return f"{row}{column}: {error.message} Expected: {error.expected}. Found: {error.found or 'nothing'}."


@dataclass(slots=True)
class Collector:
    """Collects what a file says, and everything that is wrong with it."""

    file: str
    facts: dict[str, Cell] = field(default_factory=dict)
    omissions: list[tuple[Cell, Cell]] = field(default_factory=list)
    rows: list[dict[str, Cell]] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)

    def wrong(self, row: int | None, column: str | None, expected: str, found: str, message: str) -> None:
        """One wrong cell."""
        self.errors.append(RowError(None, self.file, row, column, expected, found[:200], message))

    def fact(self, name: str, value: Cell, justification: str = "") -> None:
        """One fact of the head; said twice or unknown it is wrong."""
        key = named(name, FACTS)
        if key is None:
            self.wrong(value.row, None, nearest(name, FACTS), name, "This is no fact of a specification.")
        elif key == "leaves out":
            self.omissions.append((value, Cell(justification, value.row)))
        elif key in self.facts:
            self.wrong(value.row, key, "one", value.text, f"The {key} stands here twice.")
        elif value.text:
            self.facts[key] = value

    def columns(self, names: Iterable[str], row: int | None) -> list[str | None]:
        """The columns that the names mean; an unknown or repeated one is wrong."""
        keys: list[str | None] = []
        for name in names:
            key = named(name, COLUMNS)
            if key is None and name:
                self.wrong(row, name, nearest(name, COLUMNS), name, "This is no column of a specification.")
            elif key is not None and key in keys:
                self.wrong(row, key, "one", name, f"The column {key} stands here twice.")
            keys.append(key)
        return keys

    def sheet(self) -> Sheet:
        """Everything collected; raises Misread when anything is wrong, Unreadable when there is nothing."""
        if self.errors:
            raise Misread(self.file, self.errors)
        if not self.rows:
            raise Unreadable("The table has no criterion.", expected="a row that begins with id, and criteria below it",
                             found="none", where=self.file)  # fmt: skip
        return Sheet(self.file, self.facts, tuple(self.omissions), tuple(self.rows))


def named(name: str, known: Iterable[str]) -> str | None:
    """The known name that is meant: case, blanks, hyphens and underscores do not count."""
    plain = "".join(name.casefold().replace("_", " ").replace("-", " ").split())
    return next((name for name in known if name.replace(" ", "") == plain), None)


def nearest(name: str, known: Sequence[str]) -> str:
    """The known name that is nearest, else all of them."""
    near = get_close_matches(name.casefold(), known, n=1)
    return near[0] if near else ", ".join(known)

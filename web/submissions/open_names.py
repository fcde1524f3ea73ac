"""The form in which a file's open names are given their meaning: each name a row, typed rows to a mapping's table.

Nothing is taken that nobody said: what a name most likely stands for is filled in, and counts only once somebody
ticks that it is so, or writes something else. The unit that a file prints for a column is taken where no other is
typed, since another one would be refused.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flask import request

from registry.errors import RegistryError
from registry.services.mappings.approved import SETTINGS, Beside, write_table
from web import access
from web.access import registry
from web.submissions import source
from web.submissions.upload import Chosen

FIELDS = ("kind", "name", "lot", "stage", "characteristic", "parent", "unit", "value")
MOST_ROWS, MOST_LINES = 150, 2_000
"""Rows in one form (a request has at most 1,000 fields), and lines of a mapping up to which it is changed here."""
TABLE = "draft.csv"


@dataclass(frozen=True, slots=True)
class Row:
    """A name in the file, or a line of the mapping, as it stands in the form.

    ``printed`` is the unit that the file gives; ``parents`` are the populations that a gate is drawn in; ``wrong`` says
    what is wrong with what was typed. ``of`` is what an ignored name is of: a sample of a machine's file, or a column
    of a table. ``likely`` is the characteristic that was filled in to be asked, which counts once it is ``confirmed``;
    ``near`` are those that the name is near to.
    """

    kind: str
    name: str
    lot: str = ""
    stage: str = ""
    characteristic: str = ""
    parent: str = ""
    unit: str = ""
    value: str = ""
    printed: str = ""
    parents: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    of: str = ""
    likely: str = ""
    confirmed: bool = False
    near: tuple[str, ...] = ()

    @property
    def is_asked(self) -> bool:
        """True while it holds what it most likely stands for, and nobody has said that it is so."""
        return bool(self.likely) and self.characteristic == self.likely and not self.confirmed

    @property
    def group(self) -> str:
        """Among which names of the form it stands."""
        return (self.of or "sample") if self.kind == "ignore" else self.kind

    @property
    def is_open(self) -> bool:
        """True while nobody has said what it stands for."""
        if self.kind in {"sample", "ignore"}:
            return self.kind == "sample" and not self.lot and not self.stage
        return self.is_asked or not (self.value if self.kind == "setting" else self.characteristic or self.parent)

    @property
    def line(self) -> dict[str, str]:
        """The line of a mapping's table."""
        fields = {name: str(getattr(self, name)) for name in FIELDS}
        return fields | ({"unit": self.unit or self.printed} if self.kind == "column" else {})


@dataclass(frozen=True, slots=True)
class Names:
    """The form: its rows, the further lines of the mapping, and the table of both.

    ``table`` is empty while it says nothing that the chosen mapping does not say; ``wrong`` is True when a row of it
    cannot be read; ``extends`` when it holds names that the chosen mapping says already.
    """

    rows: tuple[Row, ...]
    rest: str
    table: str = ""
    wrong: bool = False
    left_out: int = 0
    extends: bool = False
    groups: dict[str, list[tuple[int, Row]]] = field(default_factory=dict)

    @property
    def is_draft(self) -> bool:
        """True when a file may be looked through with it."""
        return bool(self.table) and not self.wrong


def typed() -> bool:
    """True when the request holds the form."""
    return "rest" in request.form


def of_request(base: Sequence[dict[str, str]]) -> Names:
    """The form as it was sent, held against the lines of the mapping that was chosen; raises what a table does."""
    rows = tuple(_row(number) for number in range(MOST_ROWS) if f"line-{number}-name" in request.form)
    filled = [row for row in rows if not row.is_open]
    rest = list(csv.DictReader(io.StringIO(request.form.get("rest", ""))))
    lines = [*(row.line for row in filled), *rest]
    if _same(lines, base):
        return _names(rows, rest)
    data = write_table(lines)
    problems: dict[int, list[str]] = {}
    for problem in registry().mappings.problems(TABLE, data) if lines else ():
        problems.setdefault((problem.row or 0) - 2, []).append(problem.message)
    marked = {id(row): tuple(problems.get(place, ())) for place, row in enumerate(filled)}
    shown = tuple(replace(row, wrong=marked.get(id(row), ())) for row in rows)
    return replace(_names(shown, rest), table=data.decode() if lines else "", wrong=bool(problems))


def shown(names: Names | None, base: Sequence[dict[str, str]], preview: dict[str, Any], chosen: Chosen) -> Names:
    """The form for the next page: the rows as typed, or the mapping's lines, and the names that are open still."""
    sent = source.rows(chosen.name, chosen.data) if preview["open_names"] else {}
    open_rows = [_open_row(name, source.unit_in_values(sent, name["name"].strip())) for name in preview["open_names"]]
    by_name = {(row.kind, row.name): row for row in open_rows}
    if names is None:
        events = any(row.kind == "gate" for row in open_rows) or any(line["kind"] == "gate" for line in base)
        settings = list(SETTINGS) if events else ["instrument"]
        rows, rest = _of_lines(base, settings if preview["instrument"] else [])
        rows = rows if preview["instrument"] else [replace(row, of="column") for row in rows]
    else:
        rows, rest = list(names.rows), list(csv.DictReader(io.StringIO(names.rest)))
    there = {(row.group, row.name) for row in rows}
    new = [row for row in open_rows if (row.kind, row.name) not in there]
    room = max(0, MOST_ROWS - len(rows))
    every = [*new[:room], *(_beside(row, by_name) for row in rows)]
    of_base = {(line["kind"], line["name"]) for line in base}
    extends = any((row.kind, row.name) in of_base for row in rows) or any(
        (x["kind"], x["name"]) in of_base for x in rest
    )
    whole = replace(_names(tuple(every), rest, left_out=len(new) - len(new[:room])), extends=extends)
    return replace(whole, table=names.table, wrong=names.wrong) if names is not None else whole


def read_with(names: Names | None, chosen: Chosen) -> Beside:
    """The drafted mapping, where there is one, else the chosen one; and the gates.

    Raises Unreadable for a draft with wrong rows where no page can show them beside each.
    """
    if names is None or not names.table or (names.wrong and access.wants_page()):
        return chosen.beside
    mapping = registry().mappings.read(chosen.mapping or "draft", TABLE, names.table.encode())
    return Beside(mapping, chosen.gates)


def shares(chosen: Chosen, preview: dict[str, Any]) -> bool:
    """True when the chosen mapping says something of any name in the file; False when it is another instrument's."""
    mapping = chosen.beside.mapping
    if mapping is None or preview["mapping"]:
        return mapping is not None
    try:
        bare = registry().submissions.preview(chosen.name, chosen.data, Beside(None, chosen.gates)).as_dict()
    except RegistryError:
        return True
    return any(mapping.says(name["kind"], name["name"]) for name in bare["open_names"])


def other_that_knows(preview: dict[str, Any], chosen: str, names: Iterable[str]) -> str:
    """The one other mapping, of these names, that knows every open name of the file; empty for none or several."""
    if not preview["open_names"]:
        return ""
    fitting = []
    for name in names:
        mapping = registry().mappings.beside(name, None).mapping
        if mapping is None or name.casefold() == chosen.casefold():
            continue
        instrument = mapping.setting("instrument")
        if instrument in {"", preview["instrument"]} and mapping.says_all(
            (name["kind"], name["name"]) for name in preview["open_names"]
        ):
            fitting.append(name)
    return fitting[0] if len(fitting) == 1 else ""


def lines_of(mapping: str) -> list[dict[str, str]]:
    """The lines of the mapping in force under this name; none for no name, or one that there is not."""
    try:
        lines = registry().mappings.get(mapping).lines if mapping else ()
    except RegistryError:
        return []
    return [{name: str(getattr(line, name)) for name in FIELDS} for line in lines]


def _row(number: int) -> Row:
    given: dict[str, Any] = {
        name: request.form.get(f"line-{number}-{name}", "").strip() for name in (*FIELDS, "printed")
    } | {"of": "column" if request.form.get(f"line-{number}-of") == "column" else ""}
    return Row(
        **given,
        parents=tuple(request.form.get(f"line-{number}-parents", "").splitlines()),
        likely=request.form.get(f"line-{number}-likely", ""),
        confirmed=f"line-{number}-yes" in request.form,
    )


def _open_row(name: dict[str, Any], beside: str) -> Row:
    """The row of a name that nothing says the meaning of, with what it most likely stands for.

    ``beside`` is the unit that stands beside its figures.
    """
    printed, unit, parents = name["name"].strip(), name["unit"], tuple(name["parents"])
    if name["kind"] == "sample":
        return Row("sample", printed, printed=unit, parents=parents)
    likely = registry().mappings.likely(printed)
    row = Row(name["kind"], printed, printed=unit, parents=parents, near=likely.near)
    if not likely.fills:
        return row
    return replace(row, characteristic=likely.fills, likely=likely.fills, unit=unit or beside)


def _of_lines(base: Sequence[dict[str, str]], names: Sequence[str]) -> tuple[list[Row], list[dict[str, str]]]:
    """Rows for the lines of a mapping, and for the settings of these names; what has no room is carried along."""
    settings = {line["name"]: line["value"] for line in base if line["kind"] == "setting"}
    lines = [line for line in base if line["kind"] != "setting"]
    half = (MOST_ROWS - len(names)) // 2
    rows = [_of_line(line) for line in lines[:half]]
    rows += [Row("setting", name, value=settings.get(name, "")) for name in names]
    carried = [line for line in base if line["kind"] == "setting" and line["name"] not in names]
    return rows, [*lines[half:], *carried]


def _of_line(line: dict[str, Any]) -> Row:
    return Row(**line)


def _beside(row: Row, known_rows: dict[tuple[str, str], Row]) -> Row:
    """A row with what the file says of its name."""
    known = known_rows.get((row.group, row.name))
    return replace(row, printed=known.printed, parents=known.parents, near=known.near) if known else row


def _names(rows: tuple[Row, ...], rest: list[dict[str, str]], left_out: int = 0) -> Names:
    groups: dict[str, list[tuple[int, Row]]] = {"sample": [], "column": [], "gate": [], "setting": []}
    for number, row in enumerate(rows):
        groups[row.group].append((number, row))
    return Names(rows, write_table(rest).decode() if rest else "", left_out=left_out, groups=groups)


def _same(lines: Iterable[dict[str, str]], base: Iterable[dict[str, str]]) -> bool:
    first, second = ({tuple(line.get(name, "") for name in FIELDS) for line in each} for each in (lines, base))
    return first == second

"""A specification written in a table: a row a criterion, its cells as the compiler of tables reads them.

The form is another way to write the same table, nothing more: what is checked, drafted and signed are the bytes that it
makes. A criterion's sentence is made from its limit; one that its author wrote of an earlier limit is left behind when
the limit changes, so that words cannot say another figure.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, get_args

from flask import request

from registry.csv_text import as_written, csv_text
from registry.domain import Operator, Standing
from web.language import marked

FACTS = {
    "specification": marked("Id"),
    "version": marked("Version"),
    "title": marked("Title"),
    "description": marked("Description"),
    "source": marked("Source"),
    "cell type": marked("For cells of type"),
    "species": marked("For species"),
    "scope": marked("Scope"),
    "rounding": marked("Rounding"),
    "illustrative": marked("Illustrative"),
}
FIRST = {
    "characteristic": marked("Characteristic"),
    "operator": marked("Operator"),
    "limit": marked("Limit"),
    "unit": marked("Unit"),
    "stage": marked("Stage"),
    "population": marked("Percent of"),
    "method": marked("Method"),
    "confidence": marked("Confidence"),
    "standing": marked("Standing"),
    "source": marked("Source"),
}
"""What each row shows."""
FURTHER = {
    "id": marked("Id"),
    "group": marked("Either/or"),
    "least-events": marked("Least events"),
    "duration": marked("Duration of the test"),
    "due": marked("Due"),
    "window": marked("Greatest age"),
    "inherited from": marked("Inherited from"),
    "claim": marked("Claim"),
    "note": marked("Note"),
    "justification": marked("Justification"),
    "label": marked("Label"),
    "name": marked("Name"),
    "description": marked("Description"),
    "message": marked("Sentence of your own"),
}
"""What each row keeps folded."""
COLUMNS = (*FURTHER, *FIRST)
SAYS_LIMIT = ("characteristic", "operator", "limit", "unit")
OPERATORS: tuple[str, ...] = get_args(Operator)
STANDINGS: tuple[str, ...] = get_args(Standing)
MOST = 35
"""Criteria of one form, which has at most 1,000 fields; a longer table is written as a file."""
EMPTY = 3


@dataclass(slots=True)
class Row:
    """One criterion as it stands in the form, and what the check says of it.

    ``was`` is what its limit was when the form was made, ``own`` the sentence that its author wrote of that; ``number``
    is its row in the table. ``sentence`` is what the criterion says in words.
    """

    cells: dict[str, str]
    was: str = ""
    own: str = ""
    number: int = 0
    wrong: list[tuple[str, str]] = field(default_factory=list)
    findings: list[Any] = field(default_factory=list)
    sentence: str = ""

    @property
    def limit(self) -> str:
        """What its sentence has to say."""
        return " ".join(" ".join(self.cells.get(name, "") for name in SAYS_LIMIT).split())

    @property
    def is_empty(self) -> bool:
        """True when nothing but a standing is chosen."""
        return not any(text for name, text in self.cells.items() if name != "standing")


@dataclass(slots=True)
class Criteria:
    """The whole form: facts, markers left out and why, rows; ``wrong`` is what is wrong with a fact."""

    facts: dict[str, str]
    left_out: list[tuple[str, str]]
    rows: list[Row]
    wrong: list[tuple[str, str]] = field(default_factory=list)


def of_text(text: str) -> Criteria | None:
    """The form that says a table in CSV; None for one that is too long, or that says what the form has no field for."""
    try:
        grid = [
            [as_written(cell.strip()) for cell in cells] for cells in csv.reader(io.StringIO(text.lstrip("\ufeff")))
        ]
    except csv.Error:
        return None
    at = next((place for place, cells in enumerate(grid) if cells and cells[0].casefold() == "id"), None)
    if at is None:
        return None
    columns = [name.replace("least ", "least-") for name in grid[at]]
    if not set(columns) <= set(COLUMNS) or len(set(columns)) < len(columns):
        return None
    facts: dict[str, str] = {}
    left_out: list[tuple[str, str]] = []
    for cells in grid[:at]:
        name, value, why, *beyond = *cells, "", "", ""
        if name == "leaves out" and not any(beyond):
            left_out.append((value, why))
        elif name in FACTS and name not in facts and not why and not any(beyond):
            facts[name] = value
        elif any(cells):
            return None
    rows = [
        _row(dict(zip(columns, cells, strict=False)), number)
        for number, cells in enumerate(grid[at + 1 :], at + 2)
        if any(cells)
    ]
    return Criteria(facts, left_out, rows) if len(rows) <= MOST else None


def _row(cells: dict[str, str], number: int) -> Row:
    row = Row({name: cells.get(name, "") for name in COLUMNS}, number=number)
    row.was, row.own = row.limit, row.cells["message"]
    return row


def sent() -> bool:
    """True when the request holds the form."""
    return "row-0-characteristic" in request.form


def of_request() -> Criteria:
    """The form as it was sent; a sentence of an earlier limit is left behind."""
    facts = {name: request.form.get(f"fact-{name}", "").strip() for name in FACTS}
    left_out = [
        (request.form.get(f"omit-{number}-marker", "").strip(), request.form.get(f"omit-{number}-why", "").strip())
        for number in range(MOST)
        if request.form.get(f"omit-{number}-marker")
    ]
    rows = [_row_of_request(number) for number in range(MOST) if f"row-{number}-characteristic" in request.form]
    return Criteria({name: text for name, text in facts.items() if text}, left_out, rows)


def _row_of_request(number: int) -> Row:
    def typed(name: str) -> str:
        return request.form.get(f"row-{number}-{name}", "").strip()

    row = Row({name: typed(name) for name in COLUMNS}, was=typed("was"), own=typed("own"))
    if row.own and row.limit != row.was and row.cells["message"] == row.own:
        row.cells["message"] = ""
    row.was, row.own = row.limit, row.cells["message"]
    if not row.cells["id"]:
        row.cells["id"] = _identifier(row.cells["characteristic"])
    return row


def _identifier(characteristic: str) -> str:
    """An id for a criterion that was given none: ``MHC II / HLA-DR`` is mhc-ii-hla-dr."""
    return "-".join("".join(sign if sign.isalnum() else " " for sign in characteristic).split()).lower()


def text_of(criteria: Criteria) -> str:
    """The table that the form says, in CSV; each row is told its number in it."""
    head = [[name, text] for name, text in criteria.facts.items()]
    head += [["leaves out", marker, why] for marker, why in criteria.left_out]
    rows = [row for row in criteria.rows if not row.is_empty]
    used = [name for name in COLUMNS if name == "id" or any(row.cells[name] for row in rows)]
    for number, row in enumerate(rows, start=len(head) + 3):
        row.number = number
    return csv_text([*head, [], used, *([row.cells[name] for name in used] for row in rows)], end="\n")


def more(criteria: Criteria) -> Criteria:
    """With empty rows to write in, as many as there is room for."""
    room = max(0, min(EMPTY, MOST - len(criteria.rows)))
    empty = [Row({name: "gating" if name == "standing" else "" for name in COLUMNS}) for _number in range(room)]
    return Criteria(criteria.facts, criteria.left_out, [*criteria.rows, *empty], criteria.wrong)


def beside(
    criteria: Criteria, errors: Iterable[Any], findings: Sequence[Any], sentences: Mapping[str, str]
) -> Sequence[Any]:
    """Put beside each row what is wrong with it, what lint says of it and its sentence; answers the other findings."""
    by_number = {row.number: row for row in criteria.rows if row.number}
    by_id = {row.cells["id"]: row for row in criteria.rows}
    for error in errors:
        told = (error.column or "", f"{error.message} Expected: {error.expected}." if error.expected else error.message)
        row = by_number.get(error.row or 0)
        (criteria.wrong if row is None else row.wrong).append(told)
    for finding in findings:
        if finding.criterion in by_id:
            by_id[finding.criterion].findings.append(finding)
    for name, sentence in sentences.items():
        if name in by_id:
            by_id[name].sentence = sentence
    return [finding for finding in findings if finding.criterion not in by_id]

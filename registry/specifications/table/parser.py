"""From a sheet to a specification: every wrong cell is listed, with its row and column."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import TypeVar, cast, get_args

from registry.domain import Criterion, Due, Operator, Rounding, RowError, Specification, Standing
from registry.errors import RegistryError, WrongUsage
from registry.identifiers import check_id
from registry.specifications.limits import Limits, read_limits
from registry.specifications.table.names import Naming
from registry.specifications.table.sheet import Cell, Misread, Sheet, nearest
from registry.specifications.wording import contradictions
from registry.vocabulary import Characteristic, Terms
from registry.vocabulary.durations import exactly

Value = TypeVar("Value")
NOBODY = "not recorded"
"""Who drafted a table that does not say; ``specification draft`` writes the account's name instead."""

_OPERATORS = {"≥": ">=", "≤": "<=", "=>": ">=", "=<": "<=", "is": "one of"}
_YES = {"yes": True, "true": True, "no": False, "false": False}


def specification_of(sheet: Sheet, terms: Terms) -> Specification:
    """What the sheet says, not yet compiled. Raises Misread listing every wrong cell."""
    return _Reader(sheet, Naming(terms)).read()


class _Reader:
    """Reads one sheet, and collects what is wrong with it."""

    def __init__(self, sheet: Sheet, names: Naming) -> None:
        self._sheet = sheet
        self._names = names
        self._errors: list[RowError] = []

    def read(self) -> Specification:
        facts = {name: cell.text for name, cell in self._sheet.facts.items()}
        for name in ("specification", "version", "title", "source"):
            if name not in facts:
                self._wrong(Cell(""), name, name, "", f"The table does not say the {name}.")
        rounding = self._fact("rounding", lambda text: _choice(text, get_args(Rounding)), "none")
        criteria = [self._criterion(row, rounding != "none") for row in self._sheet.rows]
        specification = Specification(
            id=facts.get("specification", ""),
            version=facts.get("version", ""),
            iri="",
            title=facts.get("title", ""),
            description=facts.get("description", facts.get("title", "")),
            source=facts.get("source", ""),
            digest="",
            criteria=tuple(criterion for criterion in criteria if criterion is not None),
            ntriples=b"",
            illustrative=self._fact("illustrative", _yes, False),
            drafted_by=facts.get("drafted by", NOBODY),
            omissions=tuple(sorted(self._omission(marker, why) for marker, why in self._sheet.omissions)),
            cell_type=self._fact("cell type", self._names.cell_type, None),
            species=self._fact("species", self._names.species, None),
            scope=facts.get("scope", ""),
            rounding=cast(Rounding, rounding),
            published=self._fact("published", _yes, False),
        )
        if self._errors:
            raise Misread(self._sheet.file, self._errors)
        return specification

    def _wrong(self, cell: Cell, column: str, expected: str, found: str, message: str) -> None:
        self._errors.append(RowError(None, self._sheet.file, cell.row, column, expected, found[:200], message))

    def _try(self, cell: Cell, column: str, read: Callable[[str], Value], otherwise: Value) -> Value:
        try:
            return read(cell.text)
        except RegistryError as error:
            message = " ".join(filter(None, (error.message, error.todo)))
            self._wrong(cell, column, error.expected, error.found or cell.text, message)
            return otherwise

    def _fact(self, name: str, read: Callable[[str], Value], otherwise: Value) -> Value:
        cell = self._sheet.facts.get(name)
        return otherwise if cell is None else self._try(cell, name, read, otherwise)

    def _omission(self, marker: Cell, why: Cell) -> tuple[str, str]:
        iri = self._try(marker, "leaves out", lambda text: self._names.characteristic(text)[0], "")
        if not why.text:
            self._wrong(
                why, "leaves out", "why it is left out, in words", "", "A marker left out needs a justification."
            )
        return iri, why.text

    def _criterion(self, row: Mapping[str, Cell], rounds: bool) -> Criterion | None:
        place = Cell("", next((cell.row for cell in row.values()), None))
        for name in ("id", "characteristic", "operator", "limit"):
            if name not in row:
                self._wrong(place, name, f"the criterion's {name}", "", f"The criterion has no {name}.")
        if not {"id", "characteristic", "operator", "limit"} <= row.keys():
            return None
        known = self._try(row["characteristic"], "characteristic", self._names.characteristic, None)
        operator = self._try(row["operator"], "operator", _operator, None)
        if known is None or operator is None:
            return None
        return self._completed(row, known, operator, rounds)

    def _completed(
        self, row: Mapping[str, Cell], known: tuple[str, str, Characteristic], operator: str, rounds: bool
    ) -> Criterion:
        iri, symbol, about = known
        limits, outcomes = self._limit(row["limit"], operator, about)
        text = {name: cell.text for name, cell in row.items()}
        first = Criterion(
            id=text["id"],
            iri="",
            characteristic=iri,
            label=text.get("label", symbol),
            operator=cast(Operator, operator),
            standing=cast(Standing, self._cell(row, "standing", _standing, "gating")),
            name=text.get("name", text.get("label", symbol)),
            description=text.get("description", self._names.description(symbol, about)),
            message=text.get("message", ""),
            source=text.get("source", ""),
            low=limits.low,
            high=limits.high,
            low_open=limits.low_open,
            high_open=limits.high_open,
            outcomes=outcomes,
            unit=self._cell(row, "unit", lambda printed: self._names.unit(printed, about).iri, None),
            stage=self._cell(row, "stage", self._names.terms.stage, None),
            group=text.get("group"),
            method=text.get("method"),
            justification=text.get("justification"),
            duration=self._cell(row, "duration", _hours, None),
            window=self._cell(row, "window", _hours, None),
            due=cast(Due, self._cell(row, "due", lambda printed: _choice(printed, get_args(Due)), "before release")),
            inherited_from=self._cell(row, "inherited from", self._names.terms.stage, None),
            note=text.get("note"),
            claim=self._cell(row, "claim", _claim, None),
            population=self._cell(row, "population", self._names.terms.population, None),
            confidence=self._cell(row, "confidence", _confidence, None),
            least_events=self._cell(row, "least events", _count, None),
            decimals=limits.decimals if rounds and operator != "one of" else None,
        )
        completed = _with_message(first, self._names, about)
        for problem in contradictions(completed):
            column = "name" if problem.startswith("the name") else "message"
            cell = row.get(column, row["limit"])
            self._wrong(cell, column, "words that say the limit", cell.text, f"{problem[:1].upper()}{problem[1:]}.")
        return completed

    def _cell(self, row: Mapping[str, Cell], name: str, read: Callable[[str], Value], otherwise: Value) -> Value:
        return self._try(row[name], name, read, otherwise) if name in row else otherwise

    def _limit(self, cell: Cell, operator: str, about: Characteristic) -> tuple[Limits, tuple[str, ...]]:
        if operator != "one of":
            return self._try(cell, "limit", lambda text: read_limits(operator, text), Limits(None, None)), ()
        parts = [Cell(part.strip(), cell.row) for part in cell.text.split("|")]
        outcomes = [self._try(part, "limit", lambda text: self._names.outcome(text, about).iri, "") for part in parts]
        return Limits(None, None), tuple(sorted(set(outcomes)))


def _with_message(criterion: Criterion, names: Naming, about: Characteristic) -> Criterion:
    """The criterion with the sentence that its limit says, unless its author wrote one."""
    return criterion if criterion.message else replace(criterion, message=names.message(criterion, about))


def _operator(text: str) -> str:
    operator = " ".join(_OPERATORS.get(text, text).casefold().split())
    if operator not in get_args(Operator):
        raise WrongUsage("This is no operator.", expected=", ".join(get_args(Operator)), found=text)
    return operator


def _standing(text: str) -> str:
    return _choice(text, get_args(Standing))


def _choice(text: str, choices: tuple[str, ...]) -> str:
    choice = " ".join(text.casefold().split())
    if choice not in choices:
        raise WrongUsage("This is none of the choices.", expected=nearest(text, choices), found=text)
    return choice


def _yes(text: str) -> bool:
    if text.casefold() not in _YES:
        raise WrongUsage("This is neither yes nor no.", expected="yes or no", found=text)
    return _YES[text.casefold()]


def _claim(text: str) -> str:
    """A claim is named by its identifier, so that a registry can look it up when the specification is approved."""
    return check_id(text, "claim")


def _confidence(text: str) -> Decimal:
    """``0.95`` or ``95 %``."""
    printed = re.fullmatch(r"(?P<number>[0-9]{1,3}(?:\.[0-9]{1,10})?)\s*(?P<percent>%?)", text)
    if printed is None:
        raise WrongUsage("This is no confidence.", expected="a number such as 0.95, or 95 %", found=text)
    return Decimal(printed["number"]) / (100 if printed["percent"] else 1)


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 12):
        raise WrongUsage("This is no number of events.", expected="digits alone, such as 50000", found=text)
    return int(text)


def _hours(text: str) -> Decimal:
    hours = exactly(text)
    if hours is None:
        raise WrongUsage("This is no time.", expected="a number with its unit, such as 14 d or 2 h", found=text)
    return hours

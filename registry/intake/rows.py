"""One raw result, whatever file it came from, to a result or to everything that is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar, cast

from registry.domain import Reading, Relation, Result, RowError, Source, State
from registry.errors import Unknown, WrongUsage
from registry.identifiers import LOT_RULE, is_lot_id
from registry.intake.names.printed import Namer, NegativeFraction, Subject, with_value
from registry.intake.tabular.columns import DETAILS
from registry.intake.tabular.unit_column import belongs_elsewhere
from registry.intake.values import Misprint, NoUnit, plain, read, unit_inside
from registry.vocabulary import Characteristic, Terms, Unit

T = TypeVar("T")

SHOWN = 200
_NO_UNIT = frozenset({"", "-", "–", "—", "n/a", "na", "none"})
_STATES: tuple[State, ...] = ("not evaluable", "not tested")
_RELATIONS: tuple[Relation, ...] = ("replicate", "retest", "correction")
IN_THIS_FILE = re.compile(r"(?:row |#)?(?P<row>[1-9][0-9]{0,5})", re.IGNORECASE)
_IN_ANOTHER = re.compile(r"[0-9a-f]{16}|\S.{0,200}?(?:#|:| row )[1-9][0-9]{0,5}|(?:https?|urn):[^\s<>\"{}|\\^`]{1,500}")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class RawResult:
    """A result as a file says it. ``column`` is where the value stands; in a wide table name and unit stand there too.

    ``others`` holds the optional columns that are filled in, by their canonical names. ``comma`` says that the table
    marks decimals with commas.
    """

    row: int
    lot: str
    subject: str
    value: str
    unit: str
    column: str = "value"
    is_wide: bool = False
    others: Mapping[str, str] = field(default_factory=dict)
    comma: bool = False


def shown(text: str) -> str:
    """Text from a file made safe to print: short, and without control characters."""
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in text.strip()[:SHOWN])


class Reader:
    """Reads the raw results of one file. Printed names, units and stages are looked up once."""

    def __init__(self, file: str, terms: Terms) -> None:
        self._file = file
        self._terms = terms
        self._names = Namer(terms)
        self._units: dict[tuple[str, str], Unit | Misprint] = {}
        self._stages: dict[str, str | Misprint] = {}

    def read(self, raw: RawResult) -> tuple[Result | None, list[RowError]]:
        """The result, or every error of its row; never both."""
        wrong: list[Misprint] = []

        def tried(step: Callable[[RawResult], T]) -> T | None:
            try:
                return step(raw)
            except Misprint as misprint:
                wrong.append(misprint)
                return None

        tried(_check_lot)
        tried(_check_text)
        subject = tried(self._subject)
        stage = tried(self._stage)
        relation = tried(_relation)
        read_as = tried(lambda raw: self._reading(raw, subject)) if subject else None
        if wrong or subject is None or read_as is None:
            return None, [self._error(raw, misprint) for misprint in wrong]
        reading, unit, unit_printed = read_as
        return Result(
            lot=raw.lot,
            characteristic=subject.characteristic.iri,
            label=subject.label,
            printed=_printed(raw, reading),
            reading=reading,
            source=Source(self._file, raw.row, raw.column),
            stage=stage,
            unit=unit.iri if unit else None,
            unit_printed=unit_printed,
            gate=subject.gate,
            members=subject.members,
            relation=relation,
            supersedes=raw.others.get("supersedes"),
            reason=raw.others.get("reason"),
            details=tuple((name, raw.others[name]) for name in DETAILS if raw.others.get(name)),
        ), []

    def _error(self, raw: RawResult, misprint: Misprint) -> RowError:
        column = misprint.column
        if raw.is_wide and column in {"characteristic", "unit", "value"}:
            column = raw.column
        found = raw.value if misprint.column == "value" else misprint.found
        message = misprint.message
        return RowError(
            shown(raw.lot) or None,
            self._file,
            raw.row,
            shown(column),
            misprint.expected,
            shown(found),
            shown_line(message),
        )

    def _subject(self, raw: RawResult) -> Subject:
        try:
            return self._names.subject(raw.subject)
        except NegativeFraction as negative:
            raise with_value(negative, shown(raw.value), self._left_over(raw, negative.marker)) from None

    def _left_over(self, raw: RawResult, marker: Characteristic) -> str | None:
        """100 minus a value that reads as one number of percent; None for anything else."""
        try:
            unit = self._terms.units[marker.units[0]]
            interval = read(raw.value, marker, unit, raw.others.get("comparator", ""), comma=raw.comma).interval
        except (Misprint, IndexError):
            return None
        if interval is None or interval.low is None or interval.low != interval.high:
            return None
        return plain(100 - interval.low)

    def _stage(self, raw: RawResult) -> str | None:
        printed = raw.others.get("stage", "")
        if not printed:
            return None
        if printed not in self._stages:
            try:
                self._stages[printed] = self._terms.stage(printed)
            except Unknown as error:
                message = f"'{shown(printed)}' is no known stage: print one of those listed, or leave it empty."
                self._stages[printed] = Misprint(message, expected=error.expected, found=printed, column="stage")
        return _or_raise(self._stages[printed])

    def _unit(self, printed: str, characteristic: Characteristic) -> Unit:
        key = (printed, characteristic.iri)
        if key not in self._units:
            try:
                self._units[key] = self._terms.unit(printed, characteristic)
            except WrongUsage as error:
                message = (
                    f"{characteristic.symbol} is not measured in '{shown(printed)}': print it in {error.expected}."
                )
                if not characteristic.units:
                    message = f"{characteristic.symbol} has no unit: leave the unit empty."
                message = belongs_elsewhere(shown(printed), characteristic, error.expected) or message
                self._units[key] = Misprint(message, expected=error.expected, found=printed, column="unit")
        return _or_raise(self._units[key])

    def _reading(self, raw: RawResult, subject: Subject) -> tuple[Reading, Unit | None, str]:
        """The reading, its unit and the unit as printed: in its own column or, if that is empty, with the value."""
        characteristic = subject.characteristic
        printed = "" if raw.unit.casefold() in _NO_UNIT else raw.unit
        printed = printed or (unit_inside(raw.value) if characteristic.units else "")
        unit = self._unit(printed, characteristic) if printed else None
        state = _state(raw)
        if state:
            return Reading(state=state), unit, printed
        try:
            sign = raw.others.get("comparator", "")
            return read(raw.value, characteristic, unit, sign, comma=raw.comma), unit, printed
        except NoUnit as error:
            admitted = " or ".join(self._terms.units[iri].label for iri in characteristic.units)
            raise Misprint(
                f"{subject.label} has no unit: print {admitted} in the {'header' if raw.is_wide else 'unit column'}. "
                f"It is never guessed whether {shown(raw.value)} is a percentage or a fraction."
                if admitted == "%"
                else f"{subject.label} has no unit: print {admitted}. A unit is never guessed.",
                expected=f"a unit: {admitted}",
                found=error.found,
            ) from None


def shown_line(message: str) -> str:
    """A message that may quote a file, without control characters."""
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in message)


def _or_raise(found: T | Misprint) -> T:
    if isinstance(found, Misprint):
        raise found
    return found


def _check_lot(raw: RawResult) -> None:
    if not raw.lot:
        raise Misprint("The row names no lot: print the lot's identifier.", expected=LOT_RULE, found="", column="lot")
    if not is_lot_id(raw.lot):
        message = f"'{shown(raw.lot)}' cannot be a lot's identifier: that is {LOT_RULE}."
        raise Misprint(message, expected=LOT_RULE, found=raw.lot, column="lot")


def _check_text(raw: RawResult) -> None:
    for column, text in (
        ("characteristic", raw.subject),
        ("value", raw.value),
        ("unit", raw.unit),
        *raw.others.items(),
    ):
        if _CONTROL.search(text):
            message = f"The {column} holds control characters: print it as plain text."
            raise Misprint(message, expected="plain text", found=shown(text), column=column)


def _state(raw: RawResult) -> State | None:
    """What the status column says about the result; an instrument's warning is never a clean result."""
    status = " ".join(raw.others.get("status", "").split()).casefold()
    value = " ".join(raw.value.split()).casefold()
    state = next((state for state in _STATES if state == status), None)
    if status not in {"", "ok"} and state is None:
        raise Misprint(
            f"The status '{shown(raw.others['status'])}' flags this value, and a flagged value is not a clean one: "
            "repeat the measurement, or report 'not evaluable' and put the flag in the note.",
            expected="ok, not evaluable, not tested or nothing",
            found=raw.others["status"],
            column="status",
        )
    if state == "not tested" and value not in {"", status}:
        message = f"The status says 'not tested' and the value says '{shown(raw.value)}': remove the one that is wrong."
        raise Misprint(message, expected="no value beside 'not tested'", found=raw.value)
    return state


def _relation(raw: RawResult) -> Relation | None:
    relation = raw.others.get("relation", "").casefold()
    named = raw.others.get("supersedes", "")
    if relation and relation not in _RELATIONS:
        message = "Print replicate, retest or correction, or leave the relation empty."
        raise Misprint(message, expected=", ".join(_RELATIONS), found=raw.others["relation"], column="relation")
    if relation not in {"retest", "correction"}:
        if named:
            message = "Only a retest or a correction supersedes a result: print which of them this is in relation."
            raise Misprint(message, expected="retest or correction", found=relation, column="relation")
        return relation or None
    if not named:
        message = (
            f"A {relation} names the result that it supersedes: print its address, its panel, or its row as 'row 3'."
        )
        raise Misprint(message, expected="a result's address, its panel, or row N", found="", column="supersedes")
    if not (IN_THIS_FILE.fullmatch(named) or _IN_ANOTHER.fullmatch(named)):
        message = f"'{shown(named)}' names no result: print the superseded result's address, its panel, or its row."
        raise Misprint(message, expected="a result's address, its panel, or row N", found=named, column="supersedes")
    if not raw.others.get("reason"):
        message = f"A {relation} needs its reason: print why the first result does not stand."
        raise Misprint(message, expected="a reason", found="", column="reason")
    return cast(Relation, relation)


def _printed(raw: RawResult, reading: Reading) -> str:
    """The value as printed, its comparator's column with it, so that what is kept reads as what was meant."""
    comparator = raw.others.get("comparator", "")
    if reading.state:
        return (
            f"{raw.value} ({reading.state})" if raw.value and raw.value.casefold() != reading.state else reading.state
        )
    if comparator in {"", "="} or raw.value.startswith(tuple("<>=≤≥⩽⩾≦≧")):
        return raw.value
    return f"{comparator}{raw.value}"

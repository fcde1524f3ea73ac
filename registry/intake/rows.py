"""One raw result, whatever file it came from, to a result or to everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar

from registry.domain import NotRead, Reading, Result, RowError, Source
from registry.domain.name_mapping import MappingLine
from registry.errors import Unknown, WrongUsage
from registry.intake import row_checks
from registry.intake.names.printed import Namer, NegativeFraction, Subject, UnknownName, with_value
from registry.intake.shown_text import IN_THIS_FILE, shown, shown_line
from registry.intake.tabular.columns import DETAILS
from registry.intake.values import Misprint, NoUnit, plain, read, unit_inside
from registry.intake.values.findings import finds_something
from registry.intake.values.limit_words import Limits
from registry.intake.values.scale import TwoPowers
from registry.intake.values.ucum import Converted, converted, refuse_two_readings
from registry.intake.values.unit_column import belongs_elsewhere, is_share_of
from registry.vocabulary import Characteristic, Terms, Unit

__all__ = ["IN_THIS_FILE", "RawResult", "Reader", "shown", "shown_line"]

T = TypeVar("T")

_NO_UNIT = frozenset({"", "-", "–", "—", "n/a", "na", "none"})


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


class Reader:
    """Reads the raw results of one file. Printed names, units and stages are looked up once.

    ``limits`` are a mapping's: what a method finds and measures at least. ``unknown`` are the results under names that
    nobody knows, as printed.
    """

    def __init__(self, file: str, terms: Terms, limits: Sequence[MappingLine] = ()) -> None:
        self._file = file
        self._limits = Limits(limits, terms)
        self.unknown: list[NotRead] = []
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

        tried(row_checks.check_lot)
        if wrong and row_checks.names_no_lot(raw):
            return None, [self._error(raw, wrong[0])]
        tried(row_checks.check_text)
        tried(row_checks.check_words)
        subject = tried(self._subject)
        speaks = finds_something(raw.value) or row_checks.speaks_against(raw.subject, raw.value)
        if isinstance(wrong[-1] if wrong else None, UnknownName) and not speaks:
            misprint = wrong.pop()
            self._keep(raw, misprint)
            return None, [self._error(raw, each) for each in wrong]
        stage = tried(self._stage)
        relation = tried(row_checks.relation)
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

    def _keep(self, raw: RawResult, misprint: Misprint) -> None:
        """A result under a name that nobody knows: shown to whoever signs, judged by nothing."""
        printed = " ".join(filter(None, (raw.subject, raw.others.get("comparator", "") + raw.value, raw.unit)))
        column = raw.column if raw.is_wide or raw.column != "value" else "characteristic"
        self.unknown.append(
            NotRead(self._file, raw.row, shown(column), shown(printed), shown_line(misprint.message), shown(raw.lot))
        )

    def _error(self, raw: RawResult, misprint: Misprint) -> RowError:
        column = raw.column if misprint.column == "value" else misprint.column
        if raw.is_wide and column in {"characteristic", "unit"}:
            column = raw.column
        printed = raw.value if misprint.column == "value" else misprint.found
        message = misprint.message
        return RowError(
            shown(raw.lot) or None,
            self._file,
            raw.row,
            shown(column),
            misprint.expected,
            shown(printed),
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
                self._units[key] = self._admitted(printed, characteristic)
            except Misprint as misprint:
                self._units[key] = misprint
            except WrongUsage as error:
                message = (
                    f"{characteristic.symbol} is not measured in '{shown(printed)}': print it in {error.expected}."
                )
                if not characteristic.units:
                    message = f"{characteristic.symbol} has no unit: leave the unit empty."
                message = belongs_elsewhere(shown(printed), characteristic) or message
                self._units[key] = Misprint(message, expected=error.expected, found=printed, column="unit")
        return _or_raise(self._units[key])

    def _admitted(self, printed: str, characteristic: Characteristic) -> Unit:
        """The unit that is printed, also in another way to write it; ``% of live cells`` is per cent."""
        try:
            return self._terms.unit(printed, characteristic)
        except WrongUsage:
            refuse_two_readings(printed)
            other = converted(printed)
            if other is None and not is_share_of(printed):
                raise
            return self._terms.unit(other.unit if other else "%", characteristic)

    def _factor(self, printed: str, characteristic: Characteristic) -> Converted | None:
        """What a value is multiplied by to be in the unit that is read for the printed one; None for one of ours."""
        try:
            self._terms.unit(printed, characteristic)
        except WrongUsage:
            return converted(printed)
        return None

    def _reading(self, raw: RawResult, subject: Subject) -> tuple[Reading, Unit | None, str]:
        """The reading, its unit and the unit as printed: in its own column or, if that is empty, with the value."""
        characteristic = subject.characteristic
        printed = "" if raw.unit.casefold() in _NO_UNIT else raw.unit
        printed = printed or (unit_inside(raw.value) if characteristic.units else "")
        unit = self._unit(printed, characteristic) if printed else None
        row_checks.check_population(raw, printed)
        state = row_checks.state(raw)
        if state:
            return Reading(state=state), unit, printed
        other = self._factor(printed, characteristic) if printed else None
        value = raw.value.strip().removesuffix(printed).strip() if other else raw.value
        try:
            limited = self._limits.reading(raw, characteristic, unit)
            if limited is not None:
                return limited, unit, printed
            sign = raw.others.get("comparator", "")
            factor = other.factor if other else Decimal(1)
            reading = read(value, characteristic, unit, sign, comma=raw.comma, factor=factor)
            row_checks.check_finding(raw, reading)
            return self._limits.below(reading, raw, characteristic, unit), unit, printed
        except TwoPowers:
            if other is None:
                raise
            return Reading(state="not evaluable"), unit, printed
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


def _or_raise(read: T | Misprint) -> T:
    if isinstance(read, Misprint):
        raise read
    return read


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

"""An instrument's export and a laboratory's mapping, together, to results.

A sample that is not mapped is an error that names the line to add; a column or gate that is not mapped is listed. A
flagged value is ``not evaluable`` with the flag in its note. Percent of parent is computed from counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from registry.domain import Intake, Notice, OpenName, Reading, Result, RowError
from registry.domain.name_mapping import ROOT, Mapping, MappingLine, folded
from registry.errors import Refused, WrongUsage
from registry.intake.checks.across_rows import in_order, without_duplicates
from registry.intake.checks.notices import observe
from registry.intake.export_model import Details, Export, Population, Sample, Value
from registry.intake.instruments.percent_of_parent import share
from registry.intake.names.printed import Namer
from registry.intake.rows import RawResult, Reader, shown
from registry.vocabulary import Terms

LISTED = 20


def compose(export: Export, mapping: Mapping | None, terms: Terms, file: str) -> Intake:
    """The results of an export. Raises ``Refused`` when the mapping is another instrument's."""
    check_instrument(export.instrument, mapping, file)
    work = _Composing(export, mapping, terms, file)
    for sample in export.samples:
        work.sample(sample)
    results, duplicates = without_duplicates(work.results)
    notices = [*work.notices, *work.leftovers(), *observe(results, terms)]
    errors = in_order([*work.errors, *duplicates], [file])
    names = tuple(work.open_names.values())
    return Intake(file, tuple(results), errors, tuple(notices), export.instrument, names)


def check_instrument(instrument: str, mapping: Mapping | None, file: str) -> None:
    """A mapping may say which instrument it is for: ``Viability (%)`` is another method on another counter."""
    wanted = mapping.setting("instrument") if mapping else ""
    if wanted and folded(wanted).casefold() != folded(instrument).casefold():
        raise Refused(
            f"{file} was written by another instrument than the mapping is for.",
            expected=wanted,
            found=instrument,
            where=file,
            todo="Name the mapping of this instrument.",
        )


@dataclass(frozen=True, slots=True)
class _Taken:
    """A raw result, what is known beside it, and (for a share of two counts) its exact reading and how it prints."""

    raw: RawResult
    details: Details
    reading: Reading | None = None
    printed: str = ""
    has_row: bool = True


class _Composing:
    def __init__(self, export: Export, mapping: Mapping | None, terms: Terms, file: str) -> None:
        self.export, self.mapping, self.file, self.terms = export, mapping, file, terms
        self.reader = Reader(file, terms)
        self.names = Namer(terms)
        self.results: list[Result] = []
        self.errors: list[RowError] = []
        self.notices: list[Notice] = [Notice(None, file, None, "file-note", note) for note in export.notes]
        self.unmapped: dict[str, int | None] = {}
        self.used: set[str] = set()
        self.open_names: dict[tuple[str, str], OpenName] = {}

    def sample(self, sample: Sample) -> None:
        """Take in one sample, or say why not."""
        line = self.mapping.sample(sample.name) if self.mapping else None
        if line is None:
            self._leave_open(sample)
            self.errors.append(self._not_mapped(sample))
            return
        if line.kind == "ignore":
            self._mark(sample)
            message = f"The sample '{shown(sample.name)}' is ignored, as the mapping says."
            self.notices.append(Notice(None, self.file, sample.row, "sample-ignored", message))
            return
        for column, expected, printed, message in sample.problems:
            self.errors.append(
                RowError(line.lot, self.file, sample.row, shown(column), expected, shown(printed), message)
            )
        if not sample.problems:
            taken = [*self._values(sample, line), *self._populations(sample, line)]
            if not taken:
                message = f"The sample '{shown(sample.name)}' of lot '{line.lot}' holds nothing that the mapping names."
                self.notices.append(Notice(line.lot, self.file, sample.row, "no-result", message))
            for each in taken:
                self._read(each)

    def _not_mapped(self, sample: Sample) -> RowError:
        where = f"the mapping '{self.mapping.name}'" if self.mapping else "a mapping"
        name = shown(sample.name)
        message = (
            f"The sample '{name}' is not mapped to a lot, and a sample's name is never taken for one: add the line "
            f"sample,{name},LOT to {where}, or ignore,{name} if it is no lot's."
        )
        return RowError(None, self.file, sample.row, "sample", f"a line for it in {where}", name, message)

    def _leave_open(self, sample: Sample) -> None:
        """Note the sample's name, and the names in it, so that all of them can be mapped at once."""
        self._open(OpenName("sample", sample.name, sample.row))
        self._mark(sample)
        for value in sample.values:
            if self.mapping is None or self.mapping.column(value.column) is None:
                self._open(OpenName("column", value.column, value.row, value.unit))
        for population in sample.populations:
            if population.ancestors and folded(population.path) not in self._mapped_gates:
                self._open(_open_gate(population))

    def _open(self, name: OpenName) -> None:
        self.open_names.setdefault((name.kind, folded(name.name)), name)

    @cached_property
    def _mapped_gates(self) -> frozenset[str]:
        lines = self.mapping.gates if self.mapping else ()
        return frozenset(folded(name) for line in lines for name in (line.name, line.parent))

    def _mark(self, sample: Sample) -> None:
        self.used |= {folded(population.path) for population in sample.populations}

    def _values(self, sample: Sample, line: MappingLine) -> Iterator[_Taken]:
        absent = (
            {folded(column.name): column.name for column in self.mapping.columns}
            if self.mapping and sample.values
            else {}
        )
        for value in sample.values:
            column = self.mapping.column(value.column) if self.mapping else None
            if column is None:
                self.unmapped.setdefault(value.column, value.row)
                self._open(OpenName("column", value.column, value.row, value.unit))
            elif not value.printed:
                continue
            elif not self._same_unit(column, value):
                self.errors.append(self._other_unit(line.lot, column, value))
            else:
                yield _Taken(self._raw(sample, line, column, value), _noted(sample.details, value.flag))
            absent.pop(folded(value.column), None)
        if absent:
            message = f"The sample '{shown(sample.name)}' has no value for {_listed(list(absent.values()))}."
            self.notices.append(Notice(line.lot, self.file, sample.row, "no-value", message))

    def _same_unit(self, column: MappingLine, value: Value) -> bool:
        """False when the file's own unit is another than the mapping's: a factor of a million, unseen."""
        characteristic = self.names.subject(column.characteristic).characteristic
        try:
            printed = self.terms.unit(value.unit, characteristic) if value.unit else None
        except WrongUsage:
            return False
        return printed is None or printed == self.terms.unit(column.unit, characteristic)

    def _other_unit(self, lot: str, column: MappingLine, value: Value) -> RowError:
        message = (
            f"The file gives '{shown(value.column)}' in {value.unit}, and the mapping says {column.unit} of "
            f"{column.characteristic}: correct the mapping."
        )
        return RowError(lot, self.file, value.row, shown(value.column), value.unit, column.unit, message)

    def _raw(self, sample: Sample, line: MappingLine, column: MappingLine, value: Value) -> RawResult:
        others = {"stage": line.stage} if line.stage else {}
        if value.flag:
            others["status"] = "not evaluable"
        if sample.retest_of is not None:
            others |= {"relation": "retest", "supersedes": f"row {sample.retest_of}", "reason": sample.reason}
        return RawResult(
            value.row, line.lot, column.characteristic, value.printed, column.unit, shown(value.column), others=others
        )

    def _populations(self, sample: Sample, line: MappingLine) -> Iterator[_Taken]:
        by_path = {folded(population.path): population for population in sample.populations}
        wanted = self.mapping.gates if self.mapping else ()
        for gate in wanted:
            counted = by_path.get(folded(gate.name))
            if counted is None:
                continue
            self.used.add(folded(gate.name))
            parent = self._parent(gate, counted, by_path)
            if parent is None:
                self.errors.append(self._no_parent(line.lot, gate, counted))
                continue
            yield self._share(sample, line, gate, counted, parent)
        for path, population in by_path.items():
            if path not in self._mapped_gates and population.ancestors:
                self.unmapped.setdefault(population.path, population.row)
                self._open(_open_gate(population))

    def _parent(self, gate: MappingLine, population: Population, by_path: dict[str, Population]) -> Population | None:
        wanted = folded(gate.parent)
        lineage = [folded(path) for path in population.ancestors]
        if wanted.casefold() == ROOT and lineage:
            return by_path.get(lineage[-1])
        return by_path.get(wanted) if wanted in lineage else None

    def _no_parent(self, lot: str, gate: MappingLine, population: Population) -> RowError:
        lineage = ", ".join(shown(path) for path in population.ancestors) or "none: it holds all events"
        message = (
            f"'{shown(gate.parent)}' is no population that '{shown(gate.name)}' is gated from: name one of {lineage} "
            "as its parent in the mapping."
        )
        return RowError(lot, self.file, population.row, shown(gate.name), lineage, shown(gate.parent), message)

    def _share(
        self, sample: Sample, line: MappingLine, gate: MappingLine, population: Population, parent: Population
    ) -> _Taken:
        flag = (
            population.flag
            or parent.flag
            or _against(population, parent, self.mapping.minimum_events if self.mapping else 0)
        )
        others = {"stage": line.stage} if line.stage else {}
        reading, printed, value = None, "", "0"
        if flag:
            others["status"] = "not evaluable"
            value = f"{_count(population)}/{_count(parent)}"
        else:
            interval, printed = share(population.events or 0, parent.events or 0)
            reading = Reading(interval=interval)
        details = (
            *sample.details,
            *population.details,
            ("events", _count(population)),
            ("parent_population", " ".join(gate.parent.split())),
            ("parent_events", _count(parent)),
        )
        raw = RawResult(population.row or 1, line.lot, gate.characteristic, value, "%", shown(gate.name), others=others)
        return _Taken(raw, _noted(details, flag), reading, printed, population.row is not None)

    def _read(self, taken: _Taken) -> None:
        result, wrong = self.reader.read(taken.raw)
        self.errors += wrong
        if result is None:
            return
        if not taken.has_row:
            result = replace(result, source=replace(result.source, row=None))
        if taken.reading is not None:
            result = replace(result, reading=taken.reading, printed=taken.printed)
        read_as = (("mapping", f"{self.mapping.name} {self.mapping.digest}"),) if self.mapping else ()
        self.results.append(replace(result, details=(*taken.details, *read_as)))

    def leftovers(self) -> Iterator[Notice]:
        """What is in the file and not in the mapping, and the other way round."""
        if self.unmapped:
            names = _listed(list(self.unmapped))
            message = f"Not mapped, so not read: {names}."
            yield Notice(None, self.file, next(iter(self.unmapped.values())), "not-mapped", message)
        wanted = self.mapping.gates if self.mapping else ()
        unused = [gate.name for gate in wanted if folded(gate.name) not in self.used]
        if unused and any(sample.populations for sample in self.export.samples):
            yield Notice(
                None, self.file, None, "not-in-file", f"The mapping names gates that are not here: {_listed(unused)}."
            )


def _against(population: Population, parent: Population, minimum: int) -> str:
    """Why a share of these two counts says nothing; empty when it does say something."""
    if population.events is None or parent.events is None:
        return "the file gives no count"
    if population.events > parent.events:
        return f"{population.events} events in a parent population of {parent.events}: impossible"
    if parent.events == 0:
        return "the parent population holds no event"
    if parent.events < minimum:
        return f"too few events: {parent.events} in the parent population, at least {minimum} asked for"
    return ""


def _open_gate(population: Population) -> OpenName:
    return OpenName("gate", population.path, population.row, parents=population.ancestors)


def _count(population: Population) -> str:
    return "no count" if population.events is None else str(population.events)


def _noted(details: Details, flag: str) -> Details:
    return (*details, ("note", shown(flag))) if flag else details


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
    return ", ".join(shown(name) for name in names[:LISTED]) + more

"""Panels and submissions as records: every result as printed, as read, and where it stood in the file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import Any, cast

from registry.domain import Interval, NotRead, Panel, PanelOnRecord, Reading, Recorded, Relation, Result, Source, State
from registry.identifiers import CPR, Names
from registry.records import IRI, Description, Record, Triple, describe, write
from registry.records.description import NEWEST, SHORT
from registry.records.writer import (
    DERIVED_FROM,
    RecordWriter,
    link,
    links,
    needed,
    number,
    of_kind,
    term,
    text,
    whole,
    word,
)

_STATES: tuple[State, ...] = ("not evaluable", "not tested")
_RELATIONS: tuple[Relation, ...] = ("replicate", "retest", "correction")
_NOWHERE = Recorded(0, datetime(1, 1, 1, tzinfo=UTC), "", "")
FEWEST_EQUAL = 3
MOST_NOT_READ = 200
# Optional columns of a panel table, what else an instrument's file tells, and the property that keeps each as printed.
DETAILS = {
    "method": "method",
    "tested_at": "testedAt",
    "analyst": "analyst",
    "instrument": "instrument",
    "clone": "clone",
    "fluorochrome": "fluorochrome",
    "reagent_lot": "reagentLot",
    "events": "events",
    "parent_population": "parentPopulation",
    "passage": "passage",
    "duration": "duration",
    "species": "speciesAsPrinted",
    "note": "note",
    "serial_number": "serialNumber",
    "sample_name": "sampleName",
    "gate_id": "gateId",
    "parent_events": "parentEvents",
    "compensation": "compensation",
    "gating_file": "gatingFile",
    "mapping": "mappedBy",
}
_DETAILS = {CPR + name: column for column, name in DETAILS.items()}


def panel_id(file: str, lot: str, stage: str | None) -> str:
    """16 hex digits from the file's digest, the lot and the stage: the same file gives the same panel."""
    return hashlib.sha256("\n".join((file, lot, stage or "")).encode()).hexdigest()[:16]


def write_panel(
    panel: Panel, names: Names, *, file: str, file_name: str, synthetic: bool, identity: str = ""
) -> tuple[str, Record]:
    """The panel's identifier and record; ``file`` is the digest of the submitted bytes.

    ``identity`` stands for the file as it was read, where that needed a mapping or gates as well.
    """
    name = panel_id(identity or file, panel.lot, panel.stage)
    iri = names.panel(name)
    writer = RecordWriter(iri, "panel").link("lot", names.lot(panel.lot)).link("stage", panel.stage)
    writer.link(DERIVED_FROM, names.file(file)).say("fileName", file_name).say("synthetic", True if synthetic else None)
    triples = writer.triples
    for count, result in enumerate(panel.results, start=1):
        result_iri = f"{iri}#r{count}"
        writer.link("result", result_iri)
        triples += _result(result, result_iri)
    return name, write(triples)


def write_submission(file: str, file_name: str, panels: Sequence[str], names: Names, identity: str = "") -> Record:
    """The submission's record: which file, and which panels were read from it."""
    writer = RecordWriter(f"{names.base}submission/{(identity or file).removeprefix('sha256:')}", "submission")
    writer.link("file", names.file(file)).say("fileName", file_name)
    writer.link("panel", *(names.panel(panel) for panel in panels))
    return write(writer.triples)


def _result(result: Result, iri: str) -> list[Triple]:
    writer = (
        RecordWriter(iri, "result").link("characteristic", result.characteristic).say("valueAsPrinted", result.printed)
    )
    writer.say("label", result.label)
    writer.say("unitAsPrinted", result.unit_printed).link("unit", result.unit).say("gate", result.gate)
    writer.link("member", *result.members).say("fileName", result.source.file)
    writer.say("row", result.source.row).say("column", result.source.column)
    writer.link("relation", term(result.relation) if result.relation else None)
    writer.link("supersedes", result.supersedes).say("reason", result.reason)
    for column, value in result.details:
        writer.say(DETAILS[column], value)
    return write_reading(writer, result.reading).triples


def write_reading(writer: RecordWriter, reading: Reading) -> RecordWriter:
    """What a result means, as bounds, an outcome, a state or a finding."""
    if reading.interval is not None:
        low, high = reading.interval.low, reading.interval.high
        writer.say("above" if reading.interval.low_open else "low", low)
        writer.say("below" if reading.interval.high_open else "high", high)
    writer.link("outcome", reading.outcome).say("finding", reading.text)
    return writer.link("state", term(reading.state) if reading.state else None)


def read_panel(
    record: Record, entry: Recorded, names: Names, details: Mapping[str, object] = MappingProxyType({})
) -> PanelOnRecord:
    """The panel that this record holds, its results carrying their IRIs; ``details`` are those of its entry."""
    panel = _known(record, names) if len(record.ntriples) <= SHORT else _read_panel(record, names)
    return replace(panel, entry=entry, not_read=_not_read(details))


@lru_cache(maxsize=4 * NEWEST)
def _known(record: Record, names: Names) -> PanelOnRecord:
    return _read_panel(record, names)


def _read_panel(record: Record, names: Names) -> PanelOnRecord:
    """What the record alone says."""
    descriptions = describe(record)
    (about,) = of_kind(descriptions, "panel")
    lot = names.id_of(link(about, "lot") or "", "lot") or ""
    stage = link(about, "stage")
    results = results_of(descriptions, lot)
    file = link(about, DERIVED_FROM)
    return PanelOnRecord(
        id=names.id_of(str(about.iri), "panel") or "",
        lot=lot,
        stage=stage,
        results=tuple(results),
        file="sha256:" + (names.id_of(file, "file") or "") if file else None,
        file_name=text(about, "fileName"),
        entry=_NOWHERE,
    )


def not_read_of(items: Iterable[NotRead], lot: str) -> list[dict[str, object]]:
    """What an entry keeps of what was not read in a panel's file: the lot's own, and what bears on every lot.

    Of very many the first ``MOST_NOT_READ``, and a last one that says how many more there are.
    """
    own = [item for item in items if item.lot is None or item.lot.casefold() == lot.casefold()]
    kept = [item.as_dict() for item in own[:MOST_NOT_READ]]
    if len(own) > MOST_NOT_READ:
        why = f"{len(own) - MOST_NOT_READ} more places of this file were not read: look into the file itself."
        kept.append(NotRead(own[0].file, None, None, "", why).as_dict())
    return kept


def _not_read(details: Mapping[str, object]) -> tuple[NotRead, ...]:
    kept: Any = details.get("not_read", ())
    return tuple(NotRead(**item) for item in kept)


def results_of(descriptions: dict[IRI, Description], lot: str = "") -> list[Result]:
    """The results of the one panel that is described, in their order."""
    (about,) = of_kind(descriptions, "panel")
    by_iri = {str(iri): description for iri, description in descriptions.items()}
    stage = link(about, "stage")
    return [_read_result(by_iri[iri], lot, stage) for iri in sorted(links(about, "result"), key=ordinal)]


def figures(results: Sequence[Result]) -> str | None:
    """The same for panels whose numbers are the same throughout; None with fewer than three different ones."""
    numbers = {
        (
            result.characteristic,
            result.gate or "",
            *sorted(result.members),
            result.unit or "",
            *_bounds(result.reading.interval),
        )
        for result in results
        if result.reading.interval is not None
    }
    if len(numbers) < FEWEST_EQUAL:
        return None
    return hashlib.sha256("\n".join("\t".join(row) for row in sorted(numbers)).encode()).hexdigest()


def _bounds(interval: Interval) -> tuple[str, ...]:
    """The bounds as text, the same for 98.5 and 98.50."""
    plain = ("" if bound is None else f"{bound.normalize():f}" for bound in (interval.low, interval.high))
    return (*plain, str(interval.low_open), str(interval.high_open))


def ordinal(iri: str) -> int:
    """The place of a result in its record: ``…#r3`` is 3."""
    return int(iri.rpartition("#r")[2])


def _read_result(about: Description, lot: str, stage: str | None) -> Result:
    told = [(column, name) for name, column in _DETAILS.items() if name in about.objects]
    details = tuple((column, value) for column, name in told if (value := text(about, name)))
    return Result(
        lot=lot,
        characteristic=link(about, "characteristic") or "",
        label=text(about, "label"),
        printed=needed(about, "valueAsPrinted"),
        reading=read_reading(about),
        source=Source(text(about, "fileName"), whole(about, "row"), text(about, "column") or None),
        stage=stage,
        unit=link(about, "unit"),
        unit_printed=text(about, "unitAsPrinted"),
        gate=text(about, "gate") or None,
        members=links(about, "member"),
        relation=read_relation(about),
        supersedes=link(about, "supersedes"),
        reason=text(about, "reason") or None,
        details=details,
        iri=str(about.iri),
    )


def read_relation(about: Description) -> Relation | None:
    """How a result is related to another."""
    relation = link(about, "relation")
    return cast(Relation, word(relation, _RELATIONS)) if relation else None


def read_reading(about: Description) -> Reading:
    """The meaning that ``write_reading`` wrote."""
    outcome, finding, state = link(about, "outcome"), text(about, "finding"), link(about, "state")
    if outcome or finding or state:
        return Reading(
            outcome=outcome, text=finding or None, state=cast(State, word(state, _STATES)) if state else None
        )
    low, low_open = _bound(about, "low", "above")
    high, high_open = _bound(about, "high", "below")
    return Reading(interval=Interval(low, high, low_open, high_open))


def _bound(about: Description, closed: str, open_: str) -> tuple[Decimal | None, bool]:
    value = number(about, closed)
    if value is not None:
        return value, False
    beyond = number(about, open_)
    return beyond, beyond is not None

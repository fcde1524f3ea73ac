"""A file read for a registry: in its spelling of the lots, with its products' species, related to what is on record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from registry import intake
from registry.domain import Intake, Notice, Panel, Result, RowError
from registry.records.keys import FIGURES
from registry.records.panel import figures, panel_id
from registry.services.context import Parts
from registry.services.mappings.approved import NOTHING, Beside, Identities

"""How a message about a lot that is not registered names the command; a page names its own form instead."""


def read(parts: Parts, name: str, data: bytes, beside: Beside = NOTHING) -> Intake:
    """The file's results and row errors, each result with the address it will have on record.

    A lot that is not registered, a species that is not its product's, and a retest that does not say what it
    supersedes are errors of their rows.
    """
    said = intake.read(name, data, parts.terms, base=parts.names.base, mapping=beside.mapping, gates=beside.gates)
    spelled = {lot: parts.lots.registered(lot) for lot in dict.fromkeys(result.lot for result in said.results)}
    unknown = [next(one for one in said.results if one.lot == lot) for lot, known in spelled.items() if known is None]
    known = tuple(replace(one, lot=spelled[one.lot] or one.lot) for one in said.results if spelled[one.lot])
    here = replace(said, results=known, errors=(*said.errors, *_not_registered(unknown)))
    here = intake.hold_to_species(here, cache(lambda lot: _species(parts, lot)), parts.terms)
    by_lot = addressed(parts, here.results, beside.identities(data))
    within = [one for results in by_lot.values() for one in results]
    named = {(error.file, error.row) for error in said.errors if error.column == "supersedes"}  # is refused already
    related = [
        one if (one.source.file, one.source.row) in named else _superseding(parts, one, within) for one in within
    ]
    wrong = [one for one in related if isinstance(one, RowError)]
    results = [one for one in related if isinstance(one, Result)]
    return replace(here, results=tuple(_in_file_order(results, here.results)), errors=(*here.errors, *wrong))


def _in_file_order(results: Sequence[Result], as_read: Sequence[Result]) -> list[Result]:
    places = {one.source: place for place, one in enumerate(as_read)}
    return sorted(results, key=lambda one: places[one.source])


def panels_of(results: Sequence[Result]) -> list[Panel]:
    """The results by lot and stage, in order of first mention."""
    grouped: dict[tuple[str, str | None], list[Result]] = {}
    for result in results:
        grouped.setdefault((result.lot, result.stage), []).append(result)
    return [Panel(lot, stage, tuple(rows)) for (lot, stage), rows in grouped.items()]


def addressed(parts: Parts, results: Sequence[Result], identities: Identities) -> dict[str, list[Result]]:
    """The results by lot, each with the IRI it will have on record."""
    found: dict[str, list[Result]] = {}
    for panel in panels_of(results):
        iri = parts.names.panel(panel_id(identities.of(panel.results), panel.lot, panel.stage))
        rows = [replace(one, iri=f"{iri}#r{count}") for count, one in enumerate(panel.results, start=1)]
        found.setdefault(panel.lot, []).extend(rows)
    return found


def same_figures(parts: Parts, lot: str, results: Sequence[Result]) -> tuple[str, ...]:
    """The other lots of which a panel on record has the same figures throughout, in the ledger's order."""
    key = figures(results)
    entries = parts.ledger.entries(key=(FIGURES, key)) if key else ()
    return tuple(dict.fromkeys(one for entry in entries for one in entry.lots if one.casefold() != lot.casefold()))


def seen_before(parts: Parts, panel: Panel) -> list[Notice]:
    """A warning when another lot's panel on record has the same figures throughout."""
    others = same_figures(parts, panel.lot, panel.results)
    if not others:
        return []
    message = (
        f"Lot '{panel.lot}' has the same figures throughout as {', '.join(others)} on record: were they copied, or is "
        "it the wrong lot?"
    )
    first = panel.results[0].source
    return [Notice(panel.lot, first.file, first.row, "identical-panels", message)]


def _species(parts: Parts, lot: str) -> str | None:
    product = parts.lots.lot(lot).product
    return parts.lots.product(product).species if product else None


def _not_registered(results: Sequence[Result]) -> list[RowError]:
    return [
        RowError(
            result.lot,
            result.source.file,
            result.source.row,
            "lot",
            "a lot that is registered here",
            result.lot,
            f"The lot {result.lot} is not registered: register it first, then send its rows again in a file of their "
            "own.",
            "lot-not-registered",
            "register-lot",
        )
        for result in {result.lot.casefold(): result for result in reversed(results)}.values()
    ]


def _superseding(parts: Parts, result: Result, within: Sequence[Result]) -> Result | RowError:
    """A retest's or correction's ``supersedes`` as the address of a result of this lot.

    It may name that address, a panel, a row of this file (``row 3``) or of an earlier one (``panel.csv row 3``).
    """
    if not result.supersedes or result.relation not in {"retest", "correction"}:
        return result
    wanted = " ".join(result.supersedes.split())
    wanted = wanted.casefold() if wanted.casefold().startswith("row ") else wanted
    on_record = parts.lots.facts(result.lot).results
    mine = [one for one in within if one.lot == result.lot and one is not result]
    candidates = [one for one in mine if wanted in _rows_of(one, result.source.file)]
    candidates += [one for one in (*mine, *on_record) if wanted in _names_of(parts, one)]
    same = [one for one in candidates if one.characteristic == result.characteristic and one.members == result.members]
    chosen = list(dict.fromkeys(one.iri for one in (same or candidates)))
    if len(chosen) == 1:
        return replace(result, supersedes=chosen[0])
    earlier = [one for one in (*on_record, *mine) if one.characteristic == result.characteristic]
    choices = ", ".join(f"{one.iri} ({one.printed})" for one in earlier[:5]) or "nothing: there is no earlier result"
    where = result.source
    return RowError(
        result.lot,
        where.file,
        where.row,
        "supersedes",
        f"the result, panel or row that it supersedes: {choices}",
        result.supersedes,
        f"This {result.relation} of {result.label} does not say which earlier result it supersedes: name the panel, "
        "the result's address as the lot's page shows it, or the row of this file.",
    )


def _rows_of(one: Result, file: str) -> set[str]:
    """How a row of the submitted file (or sheet) is named in it: an earlier file of that name is another file."""
    row = one.source.row
    return {str(row), f"row {row}", f"#{row}"} if one.source.file == file and row is not None else set()


def _names_of(parts: Parts, one: Result) -> set[str]:
    """What a result may be called anywhere: its address, its panel, its row after its file's name."""
    panel = (one.iri or "").partition("#")[0]
    file, row = one.source.file, one.source.row
    named = {f"{file}#{row}", f"{file}:{row}", f"{file} row {row}"} if row is not None else set()
    return (named | {one.iri or "", panel, parts.names.id_of(panel, "panel") or ""}) - {""}

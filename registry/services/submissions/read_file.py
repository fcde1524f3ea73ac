"""A file read for a registry: in its spelling of the lots, with its products' species, related to what is on record."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from itertools import islice

from registry import intake
from registry.domain import Intake, Notice, Panel, Result, RowError
from registry.identifiers import Names
from registry.intake.confined import READERS
from registry.ledger import Ledger
from registry.ledger.lots import LOT, LotReader
from registry.records.keys import FIGURES
from registry.records.panel import figures, panel_id
from registry.services.mappings.approved import NOTHING, Beside, Identities
from registry.services.ontologies.current import Current


class FileReader:
    """Files as one registry reads them."""

    def __init__(self, reader: LotReader, ontologies: Current, names: Names) -> None:
        self._reader = reader
        self._ontologies = ontologies
        self._names = names

    def read(self, name: str, data: bytes, beside: Beside = NOTHING) -> Intake:
        """The file's results and row errors, each result with the address it will have on record.

        A lot that is not registered, a species that is not its product's, and a retest that does not say what it
        supersedes are errors of their rows.
        """
        return self.related(self.said(name, data, beside), data, beside)

    def said(self, name: str, data: bytes, beside: Beside = NOTHING) -> Intake:
        """What the file says by itself: nothing of the registry is read, and it is read in a confined child."""
        terms, base = self._ontologies.terms, self._names.base
        return READERS.read(name, data, terms, base=base, mapping=beside.mapping, gates=beside.gates)

    def related(self, file: Intake, data: bytes, beside: Beside = NOTHING) -> Intake:
        """What a file says to this registry: of its lots, in its spelling, beside what is on record."""
        terms = self._ontologies.terms
        first = {result.lot: result for result in reversed(file.results)}
        spelled = self._spelled(dict.fromkeys(result.lot for result in file.results))
        unknown = [first[lot] for lot, known in spelled.items() if known is None]
        known = tuple(replace(each, lot=spelled[each.lot] or each.lot) for each in file.results if spelled[each.lot])
        here = replace(file, results=known, errors=(*file.errors, *_not_registered(unknown)))
        here = intake.hold_to_species(here, cache(self._species), terms)
        by_lot = addressed(self._names, here.results, beside.identities(data))
        within = [result for results in by_lot.values() for result in results]
        named = {(error.file, error.row) for error in file.errors if error.column == "supersedes"}  # is refused already
        related = [
            each if (each.source.file, each.source.row) in named else self._superseding(each, within) for each in within
        ]
        wrong = [each for each in related if isinstance(each, RowError)]
        results = [each for each in related if isinstance(each, Result)]
        return replace(here, results=tuple(_in_file_order(results, here.results)), errors=(*here.errors, *wrong))

    def _spelled(self, lots: Iterable[str]) -> dict[str, str | None]:
        """Each lot as it was registered; None for one that was not, and thousands of those are one question."""
        concerned = self._reader.ledger.newest(LOT, lots)
        return {lot: self._reader.registered(lot) if lot.casefold() in concerned else None for lot in lots}

    def _species(self, lot: str) -> str | None:
        product = self._reader.lot(lot).product
        return self._reader.product(product).species if product else None

    def _superseding(self, result: Result, within: Sequence[Result]) -> Result | RowError:
        """A retest's or correction's ``supersedes`` as the address of a result of this lot.

        It may name that address, a panel, a row of this file (``row 3``) or of an earlier one (``panel.csv row 3``).
        """
        if not result.supersedes or result.relation not in {"retest", "correction"}:
            return result
        wanted = " ".join(result.supersedes.split())
        wanted = wanted.casefold() if wanted.casefold().startswith("row ") else wanted
        on_record = self._reader.facts(result.lot).results
        mine = [each for each in within if each.lot == result.lot and each is not result]
        candidates = [each for each in mine if wanted in _rows_of(each, result.source.file)]
        candidates += [each for each in (*mine, *on_record) if wanted in self._names_of(each)]
        same = [
            each
            for each in candidates
            if each.characteristic == result.characteristic and each.members == result.members
        ]
        chosen = list(dict.fromkeys(each.iri for each in (same or candidates)))
        if len(chosen) == 1:
            return replace(result, supersedes=chosen[0])
        earlier = [each for each in (*on_record, *mine) if each.characteristic == result.characteristic]
        choices = (
            ", ".join(f"{each.iri} ({each.printed})" for each in earlier[:5]) or "nothing: there is no earlier result"
        )
        where = result.source
        return RowError(
            result.lot,
            where.file,
            where.row,
            "supersedes",
            f"the result, panel or row that it supersedes: {choices}",
            result.supersedes,
            f"This {result.relation} of {result.label} does not say which earlier result it supersedes: name the "
            "panel, the result's address as the lot's page shows it, or the row of this file.",
        )

    def _names_of(self, result: Result) -> set[str]:
        """What a result may be called anywhere: its address, its panel, its row after its file's name."""
        panel = (result.iri or "").partition("#")[0]
        file, row = result.source.file, result.source.row
        named = {f"{file}#{row}", f"{file}:{row}", f"{file} row {row}"} if row is not None else set()
        return (named | {result.iri or "", panel, self._names.id_of(panel, "panel") or ""}) - {""}


def _in_file_order(results: Sequence[Result], as_read: Sequence[Result]) -> list[Result]:
    places = {result.source: place for place, result in enumerate(as_read)}
    return sorted(results, key=lambda result: places[result.source])


def panels_of(results: Sequence[Result]) -> list[Panel]:
    """The results by lot and stage, in order of first mention."""
    grouped: dict[tuple[str, str | None], list[Result]] = {}
    for result in results:
        grouped.setdefault((result.lot, result.stage), []).append(result)
    return [Panel(lot, stage, tuple(rows)) for (lot, stage), rows in grouped.items()]


def addressed(names: Names, results: Sequence[Result], identities: Identities) -> dict[str, list[Result]]:
    """The results by lot, each with the IRI it will have on record."""
    by_lot: dict[str, list[Result]] = {}
    for panel in panels_of(results):
        iri = names.panel(panel_id(identities.of(panel.results), panel.lot, panel.stage))
        rows = [replace(result, iri=f"{iri}#r{count}") for count, result in enumerate(panel.results, start=1)]
        by_lot.setdefault(panel.lot, []).extend(rows)
    return by_lot


ALIKE = 5
"""Lots that a warning names: a registry may hold thousands that show the same."""


def same_figures(ledger: Ledger, lot: str, results: Sequence[Result], most: int | None = None) -> tuple[str, ...]:
    """The other lots of which a panel on record has the same figures throughout, in the ledger's order.

    ``most`` ends the search after so many panels of others.
    """
    key = figures(results)
    lots = ledger.beside(FIGURES, key, "lot") if key else ()
    others = (each for each in lots if each.casefold() != lot.casefold())
    return tuple(dict.fromkeys(islice(others, most)))


def seen_before(ledger: Ledger, panel: Panel) -> list[Notice]:
    """A warning when another lot's panel on record has the same figures throughout."""
    others = same_figures(ledger, panel.lot, panel.results, ALIKE + 1)
    if not others:
        return []
    more = " and others" if len(others) > ALIKE else ""
    message = (
        f"Lot '{panel.lot}' has the same figures throughout as {', '.join(others[:ALIKE])}{more} on record: were they "
        "copied, or is it the wrong lot?"
    )
    first = panel.results[0].source
    return [Notice(panel.lot, first.file, first.row, "identical-panels", message)]


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


def _rows_of(result: Result, file: str) -> set[str]:
    """How a row of the submitted file (or sheet) is named in it: an earlier file of that name is another file."""
    row = result.source.row
    return {str(row), f"row {row}", f"#{row}"} if result.source.file == file and row is not None else set()

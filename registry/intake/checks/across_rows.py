"""Rules that look at several rows of a file: one spelling a lot, lots that are registered, one result a question."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from registry.domain import Result, RowError
from registry.intake.rows import IN_THIS_FILE, shown
from registry.vocabulary.printed_names import folded


def check_spelling(named: Iterable[tuple[str, str, int | None]]) -> list[RowError]:
    """Identifiers are unique without regard to case: ``p-07`` beside ``P-07`` is one lot spelled in two ways.

    ``named`` are (lot, file, row), rows in error included; each spelling of such a lot gets one error.
    """
    spellings: dict[str, dict[str, tuple[str, int | None]]] = defaultdict(dict)
    for lot, file, row in named:
        spellings[lot.casefold()].setdefault(lot, (file, row))
    errors = []
    for spelled in spellings.values():
        if len(spelled) < 2:
            continue
        all_of_them = " and ".join(f"'{lot}'" for lot in spelled)
        message = f"{all_of_them} are one identifier, since case does not count: spell the lot in one way."
        for lot, (file, row) in spelled.items():
            errors.append(RowError(lot, file, row, "lot", "one spelling of the lot", lot, message))
    return errors


def check_registered(results: Sequence[Result], registered: Callable[[str], bool]) -> list[RowError]:
    """A registry knows a lot before its first panel; one error a lot, at its first row."""
    errors = []
    for lot, first in {result.lot: result for result in reversed(results)}.items():
        if not registered(lot):
            message = f"Lot '{lot}' is not registered: register it with its product, then submit its panel."
            where = first.source
            errors.append(RowError(lot, where.file, where.row, "lot", "a registered lot", lot, message))
    return errors


def without_duplicates(results: Sequence[Result]) -> tuple[list[Result], list[RowError]]:
    """The results, less those that answer one question unrelated; an error names both rows of each such pair.

    One question is one lot, characteristic (or gate, or cocktail) and stage in one file; each by another stated
    method, or of another stated duration, answers its own. Results that say how they are related (replicate, retest,
    correction) may stand beside one that does not.
    """
    groups: dict[tuple[object, ...], list[Result]] = defaultdict(list)
    for result in results:
        groups[_question(result)].append(result)
    errors: list[RowError] = []
    unclear: set[int] = set()
    for group in groups.values():
        unrelated = [result for result in group if result.relation is None]
        if len(unrelated) > 1 and not _told_apart(unrelated):
            unclear |= {id(result) for result in unrelated}
            errors += [_duplicate(unrelated[0], other) for other in unrelated[1:]]
    return [result for result in results if id(result) not in unclear], errors


def check_supersedes(results: Sequence[Result]) -> list[RowError]:
    """``row 3`` names a row of this file; it must hold a result of the same lot."""
    lots: dict[tuple[str, int | None], set[str]] = defaultdict(set)
    for result in results:
        lots[result.source.file, result.source.row].add(result.lot)
    errors = []
    for result in results:
        match = IN_THIS_FILE.fullmatch(result.supersedes or "")
        if match is None:
            continue
        named = int(match.group("row"))
        if result.lot not in lots[result.source.file, named] or named == result.source.row:
            message = f"Row {named} holds no other result of lot '{result.lot}': name the row that this one supersedes."
            errors.append(_error(result, "supersedes", "a row of this file with a result of the same lot", message))
    return errors


def in_order(errors: Iterable[RowError], parts: Sequence[str] = ()) -> tuple[RowError, ...]:
    """As they stand in the file, each once; ``parts`` are its sheets in order, or the file itself."""
    places = {part: place for place, part in enumerate(parts)}
    return tuple(sorted(dict.fromkeys(errors), key=lambda error: (places.get(error.file, -1), error.row or 0)))


def _question(result: Result) -> tuple[object, ...]:
    gate = folded(result.gate) if result.gate else None
    return result.lot, result.characteristic, gate, frozenset(result.members), result.stage


def _told_apart(results: Sequence[Result]) -> bool:
    """Whether every one states its method, or every one its duration, and no two the same."""
    for column in ("method", "duration"):
        stated = {folded(value) for result in results for name, value in result.details if name == column}
        if len(stated) == len(results):
            return True
    return False


def _duplicate(first: Result, other: Result) -> RowError:
    here, there = other.source, first.source
    places = (
        f"Rows {there.row} and {here.row}" if here.row != there.row else f"Columns {there.column} and {here.column}"
    )
    if there.file != here.file:
        places = f"Row {there.row} of {there.file} and row {here.row} of {here.file}"
    message = (
        f"{places} both give {other.label} of lot '{other.lot}' at one stage: remove one, or print in relation whether "
        "it is a replicate, retest or correction."
    )
    return RowError(
        other.lot,
        here.file,
        here.row,
        here.column,
        f"one {other.label}, or a relation to row {there.row}",
        shown(other.printed),
        message,
    )


def _error(result: Result, column: str, expected: str, message: str) -> RowError:
    place = shown(result.supersedes or "")
    return RowError(result.lot, result.source.file, result.source.row, column, expected, place, message)

"""What laboratories hand in: results with their places, rows in error, warnings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from registry.domain.interval import Interval
from registry.domain.words import Relation, State


@dataclass(frozen=True, slots=True)
class Source:
    """Where a result stands in a submitted file. Rows count from 1, the header being row 1."""

    file: str
    row: int | None = None
    column: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a printed value means. Exactly one of the four is set.

    ``outcome`` is the IRI of one of the outcomes listed for the characteristic; ``text`` is a finding kept as
    printed, which no criterion can be shown by (a karyotype written out).
    """

    interval: Interval | None = None
    outcome: str | None = None
    state: State | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """One characteristic measured on one lot at one stage: as printed, as read, and where it stands.

    ``characteristic`` and ``unit`` are IRIs. ``gate`` is set for a co-expression gate (``CD45-/CD105+``): such a
    result is kept as what it is and bears on no single-marker criterion; ``characteristic`` is then
    ``cpr:CoExpressionGate``. ``members`` is set for a cocktail: the IRIs of the markers it bounds, and
    ``characteristic`` is then ``cpr:Cocktail``. ``details`` holds the optional columns in order, as printed
    (``method``, ``analyst``, ``clone`` …). ``iri`` is set once the result stands in a record.
    """

    lot: str
    characteristic: str
    label: str
    printed: str
    reading: Reading
    source: Source
    stage: str | None = None
    unit: str | None = None
    unit_printed: str = ""
    gate: str | None = None
    members: tuple[str, ...] = ()
    relation: Relation | None = None
    supersedes: str | None = None
    reason: str | None = None
    details: tuple[tuple[str, str], ...] = ()
    iri: str | None = None


def with_unit(printed: str, unit: str) -> str:
    """A printed value with its unit said once: ``97,1`` of ``%`` is ``97,1 %``, and so is ``97,1 %``.

    ``96.5%`` says its unit itself, and ``negative`` is no number and has none.
    """
    says_it = printed.rstrip(" )").casefold().endswith(unit.casefold())
    is_word = not any(sign.isdigit() for sign in printed)
    return printed if not unit or says_it or is_word else f"{printed} {unit}"


@dataclass(frozen=True, slots=True)
class Panel:
    """The results submitted together for one lot at one stage."""

    lot: str
    stage: str | None
    results: tuple[Result, ...]


_WHERE_GIVEN = ("code", "action")


@dataclass(frozen=True, slots=True)
class RowError:
    """A row that cannot be read: what was expected, what was found, where, and a sentence that says what to do.

    ``code`` and ``action`` are those of ``registry.errors``, where the row has one.
    """

    lot: str | None
    file: str
    row: int | None
    column: str | None
    expected: str
    found: str
    message: str
    code: str = ""
    action: str = ""

    def as_dict(self) -> dict[str, object]:
        """The shape of ``check --format json``; ``code`` and ``action`` only where there is one."""
        return {name: value for name in self.__slots__ if (value := getattr(self, name)) or name not in _WHERE_GIVEN}


def by_cause(errors: Iterable[Mapping[str, Any]]) -> list[list[Mapping[str, Any]]]:
    """Row errors as data: those that say the same of the same column of a file together, each in its place."""
    causes: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for error in errors:
        alike = (error["file"], error["column"] or "", error["found"] or "", error["message"])
        causes.setdefault(alike, []).append(error)
    return list(causes.values())


@dataclass(frozen=True, slots=True)
class Notice:
    """A warning: it never changes a verdict or an exit code. ``code`` is stable, ``message`` is for a person."""

    lot: str | None
    file: str
    row: int | None
    code: str
    message: str

    def as_dict(self) -> dict[str, object]:
        """The shape of ``check --format json``."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class OpenName:
    """A name in a file of which nobody has said what it stands for: a sample's, a column's, a gate's.

    ``row`` is where it stands first. ``unit`` is what the file prints for a column; ``parents`` are the populations
    that a gate is drawn in, the nearest first.
    """

    kind: Literal["sample", "column", "gate"]
    name: str
    row: int | None = None
    unit: str = ""
    parents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NotRead:
    """Something in a file that was not read, and is judged by nothing: a column, a row, a cell, a text over the cells.

    ``printed`` is what stands there, shortened; ``why`` is one sentence for whoever signs. Without a row it is a whole
    column or sheet, without a lot it bears on every lot of the file.
    """

    file: str
    row: int | None
    column: str | None
    printed: str
    why: str
    lot: str | None = None

    def as_dict(self) -> dict[str, object]:
        """Its fields by name."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Intake:
    """What one file says: results in file order, rows in error, warnings, and names that nothing maps.

    ``instrument`` is the machine that wrote the file; empty for a table that people or programs made. ``not_read`` is
    everything in the file that no result was read from and that is no error, for whoever signs to see.
    """

    file: str
    results: tuple[Result, ...]
    errors: tuple[RowError, ...] = ()
    notices: tuple[Notice, ...] = ()
    instrument: str = ""
    open_names: tuple[OpenName, ...] = ()
    not_read: tuple[NotRead, ...] = ()

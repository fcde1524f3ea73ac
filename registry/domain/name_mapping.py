"""A laboratory's mapping: what the names in an instrument's file stand for, written once and kept.

    kind,name,lot,stage,characteristic,parent,unit,value
    sample,P-07 thaw,P-07,after thaw,,,,
    column,Viability (%),,,viability (trypan blue),,%,
    gate,CD73_pos,,,CD73,Live,,
    setting,minimum events,,,,,,10000

A file's names are looked up here and never guessed: a sample's name is not its lot, a gate's name is not its marker.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Literal

from registry.domain.recorded import Recorded

MappingKind = Literal["sample", "ignore", "column", "gate", "setting", "detection limit", "quantification limit"]
ANY_METHOD = "any method"
MINIMUM_EVENTS = 10_000
ROOT = "all events"


@dataclass(frozen=True, slots=True)
class MappingLine:
    """One line: what ``name`` stands for. Which of the others are filled in depends on ``kind``.

    ``sample``   ``lot`` (and ``stage``); one ``*`` in the name stands for any text, and for the same text in the lot
    ``ignore``   a sample that is no lot's: a control; in a table of the laboratory's own, a column that is not read
    ``column``   ``characteristic`` and ``unit`` of a counter's column
    ``gate``     ``characteristic``, and ``parent``: the population that the percent is of
    ``setting``  ``value``
    ``detection limit``, ``quantification limit``   ``name`` is the method, or ``any method``; ``characteristic``,
                 ``unit`` and ``value``: what the method finds or measures at least
    """

    row: int
    kind: MappingKind
    name: str
    lot: str = ""
    stage: str = ""
    characteristic: str = ""
    parent: str = ""
    unit: str = ""
    value: str = ""


@dataclass(frozen=True)
class Mapping:
    """The lines of one mapping, the digest of the file they stand in, and who approved it, from when.

    ``signed_by``, ``printed_name`` and ``signed_at`` are empty for a mapping that is on no record (``check``, a draft).
    ``drafted_by`` is the account that drafted it, where it was not the signer.
    """

    name: str
    lines: tuple[MappingLine, ...]
    file: str
    signed_by: str = ""
    printed_name: str = ""
    signed_at: datetime | None = None
    drafted_by: str = ""
    entry: Recorded | None = None

    @cached_property
    def _named(self) -> dict[tuple[str, str], MappingLine]:
        return {(line.kind, folded(line.name)): line for line in self.lines}

    def sample(self, name: str) -> MappingLine | None:
        """The line of a sample: of exactly this name, else of the longest pattern that fits; the lot filled in."""
        for kind in ("ignore", "sample"):
            exact = self._named.get((kind, folded(name)))
            if exact is not None and "*" not in exact.name:
                return exact
        patterns = [line for line in self.lines if line.kind in {"sample", "ignore"} and line.name.count("*") == 1]
        for line in sorted(patterns, key=lambda line: (-len(line.name), line.row)):
            head, _, tail = line.name.partition("*")
            if len(name) > len(head) + len(tail) - 1 and name.startswith(head) and name.endswith(tail):
                middle = name[len(head) : len(name) - len(tail)]
                if middle:
                    filled = line.lot.replace("*", middle)
                    return MappingLine(line.row, line.kind, name, filled, line.stage)
        return None

    def column(self, name: str) -> MappingLine | None:
        """The line of a counter's column."""
        return self._named.get(("column", folded(name)))

    def ignores(self, name: str) -> bool:
        """True when it says of exactly this name that it is not to be read."""
        return ("ignore", folded(name)) in self._named

    @cached_property
    def columns(self) -> tuple[MappingLine, ...]:
        """The lines of columns, in order."""
        return tuple(line for line in self.lines if line.kind == "column")

    @cached_property
    def gates(self) -> tuple[MappingLine, ...]:
        """The lines of gates, in order."""
        return tuple(line for line in self.lines if line.kind == "gate")

    @cached_property
    def limits(self) -> tuple[MappingLine, ...]:
        """The lines of limits of detection and quantification, in order."""
        return tuple(line for line in self.lines if line.kind in {"detection limit", "quantification limit"})

    def says(self, kind: str, name: str) -> bool:
        """True when it says what this sample, column or gate of a file stands for."""
        if kind == "gate":
            return any(folded(line.name) == folded(name) for line in self.gates)
        if kind == "sample":
            return self.sample(name) is not None
        return self.column(name) is not None or self.ignores(name)

    def says_all(self, names: Iterable[tuple[str, str]]) -> bool:
        """True when it says what each of these (kind, name) stands for."""
        return all(self.says(kind, name) for kind, name in names)

    def setting(self, name: str) -> str:
        """The value of a setting; empty when it is not set."""
        line = self._named.get(("setting", name))
        return line.value if line else ""

    @property
    def digest(self) -> str:
        """The digest of its record; of its file where it is on no record."""
        return self.entry.record if self.entry else self.file

    @property
    def minimum_events(self) -> int:
        """How many events a parent population holds at least; else the percent is not evaluable.

        10,000 unless the laboratory sets another: counting follows a binomial, so at a limit of 2 % its standard
        error is sqrt(0.02 * 0.98 / 10000) = 0.14 %, and 0.44 % at 1,000 events.
        """
        return int(self.setting("minimum events") or MINIMUM_EVENTS)


def folded(name: str) -> str:
    """A name for comparison: one space between words, and both letters for micro alike (U+00B5, U+03BC)."""
    return " ".join(name.replace("\u00b5", "\u03bc").split())

"""A laboratory's own names in a plain table, looked up in its mapping: ``CD73 PE`` is CD73 there, and nowhere else.

Only a name that the ontology does not know is looked up, so no mapping turns a known name into another one. The name of
a negative fraction (CD45-) never is: it is refused, whatever a mapping says.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from registry.domain import Notice, OpenName, RowError
from registry.domain.name_mapping import Mapping, MappingLine, folded
from registry.errors import WrongUsage
from registry.intake.names.printed import Namer, NegativeFraction
from registry.intake.rows import RawResult, shown
from registry.intake.values import Misprint
from registry.intake.values.ucum import converted
from registry.vocabulary import Terms
from registry.vocabulary.printed_names import folded_unit


class OwnNames:
    """The names in one file, and what the mapping says of those that the ontology does not know.

    A mapping that is for one instrument says nothing of a table. ``open_names`` are those that it does not say either.
    """

    def __init__(self, mapping: Mapping | None, terms: Terms) -> None:
        self._terms = terms
        self._mapping = None if mapping is None or mapping.setting("instrument") else mapping
        self._names = Namer(terms)
        self._open: dict[str, OpenName] = {}
        self._ignored: dict[str, str] = {}

    @property
    def open_names(self) -> tuple[OpenName, ...]:
        """Each once, in the order in which they stand."""
        return tuple(self._open.values())

    @property
    def read_as(self) -> tuple[tuple[str, str], ...]:
        """The detail of a result that was read by the mapping: its name and digest."""
        return (("mapping", f"{self._mapping.name} {self._mapping.digest}"),) if self._mapping else ()

    @property
    def limits(self) -> tuple[MappingLine, ...]:
        """What the laboratory's methods find and measure at least."""
        return self._mapping.limits if self._mapping else ()

    @property
    def left_out(self) -> bool:
        """True when a name was not read because the mapping says so: every result is then read by the mapping."""
        return bool(self._ignored)

    def says(self, name: str) -> bool:
        """True when the mapping says what this name stands for."""
        return self._line(name) is not None

    def ignore(self, header: str, subject: str) -> bool:
        """True when the mapping says that this name, a wide table's header, is not read, and nobody else knows it.

        ``subject`` is the header without its unit. What is known, and a negative fraction, is never ignored.
        """
        ignored = self._mapping is not None and self._mapping.ignores(header) and self._standing(subject) == "open"
        if ignored:
            self._ignored[folded(header)] = shown(header)
        return ignored

    def notices(self, file: str) -> tuple[Notice, ...]:
        """One for each name that is there and was not read."""
        return tuple(
            Notice(None, file, None, "ignored-name", f"'{name}' is not read: the mapping says so.")
            for name in self._ignored.values()
        )

    def ignored(self, name: str) -> bool:
        """True for a name of which ``ignore`` was."""
        return folded(name) in self._ignored

    def leave_open(self, name: str, row: int) -> None:
        """Note a column that was not read."""
        self._open.setdefault(folded(name), OpenName("column", shown(name), row))

    def translated(self, raw: RawResult, file: str) -> tuple[RawResult | None, RowError | None]:
        """The result under the name that its own name stands for, or why not; itself when its name is known.

        A name that nobody knows stays: reading it refuses it with its place; neither result nor refusal for one that
        the mapping says is not read. In the header of a wide table, brackets
        that hold no unit belong to the name: ``CD90 (APC)`` is one.
        """
        name = raw.column if raw.is_wide else raw.subject
        unit = raw.unit if not raw.is_wide or is_unit(raw.unit, self._terms) else ""
        standing = self._standing(raw.subject)
        if standing == "negative" or (standing == "known" and unit == raw.unit):
            return raw, None
        line = self._line(name)
        if line is None and self.ignore(name, raw.subject):
            return None, None
        if line is None:
            self._open.setdefault(folded(name), OpenName("column", shown(name), raw.row, shown(unit)))
            return raw, None
        if unit and not self._same_unit(unit, line):
            return None, self._other_unit(raw, file, name, line)
        return replace(raw, subject=line.characteristic, unit=unit or line.unit), None

    def _line(self, name: str) -> MappingLine | None:
        return self._mapping.column(name) if self._mapping else None

    def _standing(self, subject: str) -> Literal["known", "negative", "open"]:
        try:
            self._names.subject(subject)
        except NegativeFraction:
            return "negative"
        except Misprint:
            return "open"
        return "known"

    def _same_unit(self, printed: str, line: MappingLine) -> bool:
        characteristic = self._names.subject(line.characteristic).characteristic
        try:
            return self._terms.unit(printed, characteristic) == self._terms.unit(line.unit, characteristic)
        except WrongUsage:
            return False

    def _other_unit(self, raw: RawResult, file: str, name: str, line: MappingLine) -> RowError:
        message = (
            f"The file gives '{shown(name)}' in {shown(raw.unit)}, and the mapping says {line.unit} of "
            f"{line.characteristic}: correct the one that is wrong."
        )
        where = raw.column if raw.is_wide else "unit"
        return RowError(shown(raw.lot) or None, file, raw.row, shown(where), line.unit, shown(raw.unit), message)


def is_unit(printed: str, terms: Terms) -> bool:
    """True when this is a unit of anything that is measured."""
    if converted(printed) is not None:
        return True
    wanted = folded_unit(printed)
    return any(wanted == folded_unit(name) for unit in terms.units.values() for name in (unit.label, *unit.names))

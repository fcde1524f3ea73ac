"""What services ask of files that strangers sent: each in its turn, and in a server by a child.

    with READERS.opened():                           in a server
        READERS.read("panel.csv", data, terms)

A file waits once, here, before anything of it is read, whatever reads it in the end.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from registry import intake
from registry.domain import Intake, RowError
from registry.domain.name_mapping import Mapping, MappingLine
from registry.intake.names.mapping_table import mapping_of, read_lines
from registry.intake.outcomes.sheet import OutcomeSheet, sheet_of
from registry.intake.sandbox import Limits
from registry.turns import Turns
from registry.vocabulary import Terms

if TYPE_CHECKING:
    from registry.intake.confined.children import Children

SECONDS, MEMORY = 60, 1 << 30
"""Of one file. A hundred thousand rows of a workbook take 13 seconds and 400 MB."""
LIMITS = Limits(seconds=SECONDS, memory=MEMORY)
WAITING, SHARE = 18, 6
"""A share is as many as one account has threads: whoever floods is kept waiting, and not answered that it is busy."""


class Readers:
    """The readers of one process. Safe for threads."""

    def __init__(self) -> None:
        self._turns = Turns(running=os.cpu_count() or 1, waiting=WAITING, share=SHARE)
        self._lock = threading.Lock()
        self._servers = 0
        self._children: Children | None = None

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Within it, every file is read by a child. The first one that is read starts them."""
        with self._lock:
            self._servers += sys.platform != "win32"
        try:
            yield
        finally:
            with self._lock:
                self._servers -= sys.platform != "win32"
                if not self._servers and self._children is not None:
                    self._children.close()
                    self._children = None

    def read(
        self, name: str, data: bytes, terms: Terms, *, base: str | None, mapping: Mapping | None,
        gates: tuple[str, bytes] | None,
    ) -> Intake:  # fmt: skip
        """``intake.read``; raises Unavailable besides, when its turn does not come."""
        with self._turns.taken("a file to be read"):
            if not self._servers:
                return intake.read(name, data, terms, base=base, mapping=mapping, gates=gates)
            options = {"base": base, "mapping": mapping, "gates": gates}
            read: Intake = self._asked(terms, "read", Intake, name, data, None, file=intake.base_name(name), **options)
            return read

    def to_mend(self, name: str, data: bytes, errors: Sequence[RowError], terms: Terms, form: str) -> bytes:
        """``intake.to_mend`` of one file."""
        with self._turns.taken("a file to be read"):
            files = [(name, data)]
            if not self._servers:
                return intake.to_mend(files, errors, terms, form)
            made: bytes = self._asked(terms, "to_mend", bytes, files, errors, None, form, file=intake.base_name(name))
            return made

    def rows_sent(self, name: str, data: bytes, terms: Terms) -> dict[str, dict[int, tuple[str, ...]]]:
        """``intake.rows_sent``."""
        with self._turns.taken("a file to be read"):
            if not self._servers:
                return intake.rows_sent(name, data)
            kind = dict[str, dict[int, tuple[str, ...]]]
            rows: dict[str, dict[int, tuple[str, ...]]] = self._asked(
                terms, "rows_sent", kind, name, data, file=intake.base_name(name)
            )
            return rows

    def instrument_of(self, name: str, data: bytes, terms: Terms) -> str | None:
        """``intake.instrument_of``."""
        file = intake.base_name(name)
        with self._turns.taken("a file to be read"):
            if not self._servers:
                return intake.instrument_of(file, data)
            machine: str | None = self._asked(terms, "instrument_of", str | None, file, data, file=file)
            return machine

    def outcome_sheet(self, file: str, data: bytes, terms: Terms) -> OutcomeSheet:
        """``intake.outcomes.sheet.sheet_of``."""
        with self._turns.taken("a file to be read"):
            if not self._servers:
                return sheet_of(file, data)
            sheet: OutcomeSheet = self._asked(terms, "sheet_of", OutcomeSheet, file, data, file=file)
            return sheet

    def mapping(self, name: str, data: bytes, terms: Terms) -> Mapping:
        """``intake.names.mapping_table.read_mapping``."""
        file = intake.base_name(name)
        return mapping_of(file, data, *self.mapping_lines(file, data, terms))

    def mapping_lines(self, file: str, data: bytes, terms: Terms) -> tuple[Sequence[MappingLine], Sequence[RowError]]:
        """``intake.names.mapping_table.read_lines``."""
        with self._turns.taken("a file to be read"):
            if not self._servers:
                return read_lines(file, data, terms)
            kind = tuple[tuple[MappingLine, ...], tuple[RowError, ...]]
            lines, errors = self._asked(terms, "read_lines", kind, file, data, None, file=file)
            return lines, errors

    def _asked(self, terms: Terms, call: str, kind: Any, *arguments: Any, file: str, **options: Any) -> Any:
        return self._of(terms).ask(call, kind, *arguments, file=file, **options)

    def _of(self, terms: Terms) -> Children:
        """The children that know these terms; others are made when an ontology was loaded, or the helper died."""
        from registry.intake.confined.children import Children

        with self._lock:
            if self._children is None or self._children.terms is not terms or not self._children.alive:
                if self._children is not None:
                    self._children.retire()
                self._children = Children(terms, LIMITS)
            return self._children


READERS = Readers()

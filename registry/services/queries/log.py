"""The log of what was asked: one line of JSON a query, in ``queries.log`` beside the ledger.

    {"at": "2026-11-22T10:00:00Z", "by": "analyst.ruiz", "seconds": 0.031, "outcome": "answered", "rows": 13,
     "ledger_size": 66, "question": "recall", "query": "PREFIX …"}

It holds no answer. It is bounded: at 5 MB the file becomes ``queries.log.1`` and the one before is dropped. A query is
cut after 2,000 characters, and the line then says how long it was. Several processes may write at once.
"""

from __future__ import annotations

import fcntl
import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

LARGEST = 5_000_000
LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class QueryLog:
    """The log in ``file``; only its owner may read it."""

    file: Path
    largest: int = LARGEST

    def write(
        self, by: str, query: str, seconds: float, outcome: str, *, rows: int = 0, size: int = 0, name: str = ""
    ) -> None:
        """Add a line. A log that cannot be written keeps nobody from an answer."""
        line: dict[str, object] = {
            "at": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "by": by,
            "seconds": round(seconds, 4),
            "outcome": outcome,
        }
        if outcome == "answered":
            line |= {"rows": rows, "ledger_size": size}
        if name:
            line["question"] = name
        line["query"] = query[:LONGEST]
        if len(query) > LONGEST:
            line["length"] = len(query)
        try:
            self._append((json.dumps(line) + "\n").encode())
        except OSError:
            return

    def _append(self, line: bytes) -> None:
        descriptor = os.open(self.file.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            if self.file.exists() and self.file.stat().st_size + len(line) > self.largest:
                self.file.replace(self.file.with_name(self.file.name + ".1"))
            log = os.open(self.file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                os.write(log, line)
            finally:
                os.close(log)
        finally:
            os.close(descriptor)

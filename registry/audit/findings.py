"""What an audit says: findings, each with its place, what was expected and what was found, and what was counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from registry.errors import RegistryError
from registry.instants import moment_text

MOST_SHOWN = 200
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not what it should be. ``check`` is stable, ``message`` is for a person.

    ``position`` is the entry's, or None for what belongs to no entry.
    """

    check: str
    position: int | None
    message: str
    expected: str
    found: str

    def __str__(self) -> str:
        where = f"Entry {self.position}: " if self.position is not None else ""
        return f"{where}{self.message} Expected {self.expected}, found {self.found}."

    def as_dict(self) -> dict[str, object]:
        """The shape of one item of ``findings`` in ``audit --format json``."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class AuditReport:
    """Everything that was found, and how much was looked at.

    ``size``, ``head`` and the newest entry's time say which ledger it was.
    """

    size: int
    head: str
    findings: tuple[Finding, ...]
    counts: dict[str, int] = field(hash=False)
    newest_at: datetime | None = None

    @property
    def ok(self) -> bool:
        """True when nothing was found."""
        return not self.findings

    def as_dict(self) -> dict[str, object]:
        """The shape of ``audit --format json``."""
        return {
            "ok": self.ok,
            "size": self.size,
            "head": self.head,
            "newest_at": moment_text(self.newest_at) if self.newest_at else None,
            "counts": self.counts,
            "findings": [finding.as_dict() for finding in self.findings],
        }


class Findings:
    """Findings as they are made; of each check at most 200 are kept, and the rest are counted."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._kept: list[Finding] = []
        self._made: Counter[str] = Counter()

    def add(self, check: str, position: int | None, message: str, *, expected: object, found: object) -> None:
        """Note one finding; long values are cut at 300 characters."""
        self._made[check] += 1
        if self._made[check] <= MOST_SHOWN:
            self._kept.append(Finding(check, position, message, str(expected)[:300], str(found)[:300]))

    def compare(self, check: str, position: int | None, message: str, *, expected: object, found: object) -> bool:
        """Note a finding unless both are equal; answers whether they are."""
        if expected != found:
            self.add(check, position, message, expected=expected, found=found)
        return expected == found

    def checked(self, what: str, check: Callable[[], T], otherwise: T) -> T:
        """What ``check`` answers; where it cannot be finished, a finding that says so, and ``otherwise``."""
        try:
            return check()
        except RegistryError as error:
            self.add(what, None, error.message, expected=error.expected or "what can be read",
                     found=error.found or error.where or "none")  # fmt: skip
        except Exception as error:  # damage comes in every form, and each has to be a finding
            self.add(what, None, f"The check of the {what} could not be finished.", expected="what this registry wrote",
                     found=f"{type(error).__name__}: {getattr(error, 'orig', None) or error}")  # fmt: skip
        return otherwise

    def all(self) -> tuple[Finding, ...]:
        """The findings kept, and one for each check of which more were made."""
        more = [
            Finding(check, None, "More of the same were found.", f"at most {MOST_SHOWN} shown", f"{made} in all")
            for check, made in sorted(self._made.items())
            if made > MOST_SHOWN
        ]
        return (*self._kept, *more)

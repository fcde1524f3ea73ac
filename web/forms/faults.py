"""Every mistake in a form at once: each field is read, and what is wrong with any of them is told together.

faults = Faults()
passage = faults.read("passage", _number, "passage")
faults.refuse()
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from registry.errors import RegistryError, WrongUsage
from web.language import _, several

Value = TypeVar("Value")


class Misfilled(WrongUsage):
    """Several fields that cannot be read; ``faults`` holds each one's refusal by its name."""

    def __init__(self, faults: dict[str, RegistryError]) -> None:
        self.faults = {name: refusal.message for name, refusal in faults.items()}
        count = several("%(num)s field is to be corrected.", "%(num)s fields are to be corrected.", len(faults))
        super().__init__(count, where=next(iter(faults)), details=[_told(refusal) for refusal in faults.values()])


def _told(refusal: RegistryError) -> str:
    if not refusal.expected:
        return refusal.message
    return f"{refusal.message} {_('Expected: %(expected)s', expected=refusal.expected)}"


class Faults:
    """Collects what is wrong with the fields of one form."""

    def __init__(self) -> None:
        self._by_field: dict[str, RegistryError] = {}

    def read(self, name: str, read: Callable[..., Value], *given: object) -> Value | None:
        """What the field says; None, and a fault, when it cannot be read."""
        try:
            return read(*given)
        except RegistryError as refusal:
            self._by_field[refusal.where or name] = refusal
            return None

    def refuse(self) -> None:
        """Raise what is wrong: the one refusal as it is, several as ``Misfilled``."""
        if len(self._by_field) == 1:
            ((name, refusal),) = self._by_field.items()
            refusal.where = refusal.where or name
            raise refusal
        if self._by_field:
            raise Misfilled(self._by_field)

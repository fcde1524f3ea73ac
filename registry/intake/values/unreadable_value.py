"""A printed value that cannot be read safely, and how to say what would have been."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.errors import RegistryError

if TYPE_CHECKING:
    from registry.vocabulary.values import Characteristic

SHOWN = 200


class Misprint(RegistryError):
    """A printed value that cannot be read safely. ``column`` is where to mend it: value, unit or comparator."""

    http_status = 422

    def __init__(self, message: str, *, expected: str, found: str, column: str = "value") -> None:
        super().__init__(message, expected=expected, found=found.strip()[:SHOWN])
        self.column = column


class NoUnit(Misprint):
    """A number without a unit, where one is needed: 0.97 may be a fraction or 0.97 %."""


def expected_of(characteristic: Characteristic) -> str:
    """What a value of this characteristic may be, in a few words: ``a number from 0 to 100``."""
    forms = [_span(characteristic)] if characteristic.units else []
    forms += [outcome.label for outcome in characteristic.outcomes]
    if characteristic.free_text:
        forms.append("a finding in words")
    forms = forms or ["not evaluable", "not tested"]
    return " or ".join([", ".join(forms[:-1]), forms[-1]] if len(forms) > 1 else forms)


def _span(characteristic: Characteristic) -> str:
    span = characteristic.range
    if span is None or (span.low is None and span.high is None):
        return "a number"
    if span.high is None:
        return f"a number of at least {span.low}"
    if span.low is None:
        return f"a number of at most {span.high}"
    return f"a number from {span.low} to {span.high}"

"""JSON whose numbers keep the digits that were recorded: FHIR demands that ``0.50`` does not become ``0.5``.

dumped({"value": Exact("0.50")})   '{"value": 0.50}'

HL7 FHIR R5, "Datatypes", decimal: the precision of a value is significant.
"""

from __future__ import annotations

import json
import re
import secrets
from dataclasses import dataclass
from typing import Any

NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,17})?(?:[eE][+-]?[0-9]{1,2})?")
"""A number as JSON writes it (RFC 8259, section 6), of a bounded length."""


@dataclass(frozen=True, slots=True)
class Exact:
    """A number by its digits; raises ValueError for a text that is no number of JSON."""

    digits: str

    def __post_init__(self) -> None:
        """Refuse what would not be JSON."""
        if not NUMBER.fullmatch(self.digits):
            raise ValueError(f"{self.digits!r} is no number of JSON")


def dumped(value: Any) -> str:
    """The value as JSON text, indented; a dictionary's keys keep their order."""
    mark = secrets.token_hex(16)

    def marked(item: object) -> str:
        if isinstance(item, Exact):
            return f"{mark}{item.digits}"
        raise TypeError(f"{type(item).__name__} is no value of JSON")

    text = json.dumps(value, ensure_ascii=False, indent=1, default=marked)
    return re.sub(rf'"{mark}([^"]*)"', r"\1", text)

"""What a submission answers, and answers again when it is repeated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from registry.domain import Notice, NotRead, RowError
from registry.ledger import Json
from registry.services.answers import Answer


@dataclass(frozen=True, slots=True)
class RecordedPanel(Answer):
    """One panel on record: where it stands, and the verdict of its lot with it."""

    lot: str
    panel: str
    record: str
    position: int
    stage: str | None
    verdict: str | None
    specification: str | None
    note: str


@dataclass(frozen=True, slots=True)
class SubmissionReceipt(Answer):
    """What a submission answers, and answers again when it is repeated.

    ``not_read`` is what stands in the file and is judged by nothing.
    """

    receipt: str
    recorded: tuple[RecordedPanel, ...]
    errors: tuple[RowError, ...]
    warnings: tuple[Notice, ...]
    file: str
    ledger_size: int
    repeated: bool
    not_read: tuple[NotRead, ...] = ()


def receipt_of(kept: Json, positions: Sequence[int], size: int, *, repeated: bool) -> SubmissionReceipt:
    """The receipt that is kept in the ledger beside the entries of a submission."""
    answer: Any = kept
    recorded = [
        RecordedPanel(position=position, **line)
        for line, position in zip(answer["recorded"], positions[1:], strict=True)
    ]
    return SubmissionReceipt(
        receipt=str(positions[0]),
        recorded=tuple(recorded),
        errors=tuple(RowError(**row) for row in answer["errors"]),
        warnings=tuple(Notice(**row) for row in answer["warnings"]),
        file=answer["file"],
        ledger_size=size,
        repeated=repeated,
        not_read=tuple(NotRead(**item) for item in answer.get("not_read", ())),
    )

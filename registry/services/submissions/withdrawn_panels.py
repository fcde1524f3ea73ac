"""What became of panels on record, for whoever sent them: withdrawn, or waiting to be accepted.

A file that was withdrawn changes nothing when it is sent again, and whoever sends it is told why.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from registry.domain import Notice
from registry.instants import moment
from registry.ledger.lots import LotReader
from registry.services.answers import Answer
from registry.services.lots.evidence_view import WithdrawalAnswer

CODE = "withdrawn"


def withdrawn(reader: LotReader, panels: Iterable[tuple[str, str]], file: str) -> list[Notice]:
    """A warning for each (lot, panel) on record that was withdrawn: when, by whom, why, and what to send instead."""
    wanted = list(panels)
    on_record = {lot: reader.facts(lot).panels for lot in dict.fromkeys(lot for lot, _ in wanted)}
    notices = []
    for lot, panel in wanted:
        gone = next((each.withdrawn for each in on_record[lot] if each.id == panel and each.withdrawn), None)
        if gone is None:
            continue
        message = (
            f"This file was recorded as panel {panel} of {lot}, which {gone.entry.actor} withdrew at "
            f"{moment(gone.entry.at)}, because: {gone.reason.strip().rstrip('.')}. It does not count, and the same "
            "file sent again does not bring it back. If its results stand after all, send it with a change, such as a "
            "note that says why, or send what is right as a correction."
        )
        notices.append(Notice(lot, file, None, CODE, message))
    return notices


@dataclass(frozen=True, slots=True)
class PanelNow(Answer):
    """What became of a panel on record: whether it was withdrawn, and how many of its retests and corrections wait.

    ``waits`` counts those that the quality unit has not accepted.
    """

    panel: str
    withdrawn: WithdrawalAnswer | None = None
    waits: int = 0


def panels_now(reader: LotReader, lots: Iterable[str]) -> dict[int, PanelNow]:
    """The panels of these lots by where each stands in the ledger."""
    panels: dict[int, PanelNow] = {}
    for facts in reader.facts_of(tuple(lots)):
        waiting = {result.iri for result in facts.unaccepted}
        for panel in facts.panels:
            gone = panel.withdrawn
            why = WithdrawalAnswer(gone.reason, gone.entry.at, gone.entry.actor) if gone else None
            many = sum(result.iri in waiting for result in panel.results)
            panels[panel.entry.position] = PanelNow(panel.id, why, many)
    return panels

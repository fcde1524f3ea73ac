"""A file that was recorded and withdrawn since: sent again it changes nothing, and whoever sends it is told why."""

from __future__ import annotations

from collections.abc import Iterable

from registry.model import Notice
from registry.registry.parts import Parts
from registry.release import moment

CODE = "withdrawn"


def withdrawn(parts: Parts, panels: Iterable[tuple[str, str]], file: str) -> list[Notice]:
    """A warning for each (lot, panel) on record that was withdrawn: when, by whom, why, and what to send instead."""
    wanted = list(panels)
    on_record = {lot: parts.lots.facts(lot).panels for lot in dict.fromkeys(lot for lot, _ in wanted)}
    found = []
    for lot, panel in wanted:
        gone = next((one.withdrawn for one in on_record[lot] if one.id == panel and one.withdrawn), None)
        if gone is None:
            continue
        message = (
            f"This file was recorded as panel {panel} of {lot}, which {gone.entry.actor} withdrew at "
            f"{moment(gone.entry.at)}, because: {gone.reason.strip().rstrip('.')}. It does not count, and the same "
            "file sent again does not bring it back. If its results stand after all, send it with a change, such as a "
            "note that says why, or send what is right as a correction."
        )
        found.append(Notice(lot, file, None, CODE, message))
    return found

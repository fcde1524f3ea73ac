"""The history of one lot."""

from __future__ import annotations

from registry.errors import Unknown
from registry.ledger import Ledger
from registry.ledger.lots import LotReader
from registry.records.index_keys import IDENTIFIED, PRINT
from registry.services.answers import HistoryLine


def history(ledger: Ledger, reader: LotReader, lot: str) -> list[HistoryLine]:
    """Every ledger entry about a lot, its prints and identifiers among them, oldest first, in words; raises Unknown."""
    registered = reader.lot(lot)
    lines = []
    keys = (("lot", registered.id), (PRINT, registered.id), (IDENTIFIED, f"lot {registered.id}"))
    about = [entry for key in keys for entry in ledger.entries(key=key)]
    for entry in sorted(about, key=lambda entry: entry.position):
        details = entry.details
        file = next(iter(entry.files), None)
        panel = details.get("panel")
        summary = str(details.get("summary") or entry.kind)
        lines.append(
            HistoryLine(
                entry.position,
                entry.at,
                entry.kind,
                entry.actor,
                summary,
                entry.record,
                str(panel) if panel else None,
                file,
            )
        )
    if not lines:
        raise Unknown(f"There is no lot {lot} in this registry.", found=lot)
    return lines

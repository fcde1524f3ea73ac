"""The chain: positions, hashes, times, the first entry, and the guards that keep it append-only."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from registry.audit.findings import Findings
from registry.errors import Corrupt
from registry.instants import moment_of
from registry.ledger import FORMAT, GENESIS, Entry, View, canonical_json, entry_hash


def check_guards(view: View, findings: Findings) -> None:
    """Every trigger stands as it was made, and no other."""
    wanted, standing = view.guards()
    for name in sorted({*wanted, *standing}):
        if wanted.get(name) != standing.get(name):
            findings.add("guard", None, f"The trigger {name} is not as it was made.",
                         expected=wanted.get(name, "no such trigger"), found=standing.get(name, "none"))  # fmt: skip
    findings.counts["guards"] = len(standing)


def check_chain(view: View, findings: Findings) -> list[Entry]:
    """Recompute positions, hashes and times; answers the entries that can be read, whether sound or not."""
    entries: list[Entry] = []
    position, previous, before = 0, GENESIS, None
    for row in view.rows("entries"):
        position += 1
        at = row["position"]
        findings.compare("position", at, "Positions are not contiguous.", expected=position, found=at)
        findings.compare("previous", at, "The entry does not follow the one before.", expected=previous,
                         found=row["previous"])  # fmt: skip
        position, previous = at, row["hash"]
        entry = _entry(row, findings)
        if entry is None:
            continue
        findings.compare(
            "hash", at, "The entry is not what its hash says.", expected=entry.hash, found=entry_hash(entry)
        )
        _check_time(entry, before, findings)
        before = entry.at
        entries.append(entry)
    findings.counts["entries"] = len(entries)
    _check_first(entries[0] if entries else None, findings)
    return entries


def check_head(entries: list[Entry], known: tuple[int, str] | str | None, findings: Findings) -> None:
    """The ledger still holds the (size, hash), or the hash, that somebody noted earlier.

    So nothing was cut off or written anew, and it is no older copy.
    """
    if known is None:
        return
    if isinstance(known, str):
        if all(entry.hash != known for entry in entries):
            head = f"none of {len(entries)} entries; the newest is {entries[-1].hash}" if entries else "no entry"
            findings.add("known head", None, "This ledger is older than the noted head, or another one.",
                         expected=known, found=head)  # fmt: skip
        return
    size, noted = known
    head = next((entry.hash for entry in entries if entry.position == size), "no such entry")
    findings.compare("known head", size, "The ledger is not the one whose head was noted.", expected=noted, found=head)


def _entry(row: Mapping[str, Any], findings: Findings) -> Entry | None:
    parsed: dict[str, Any] = {}
    for column, kind in (("lots", list), ("details", dict), ("files", dict)):
        try:
            parsed[column] = json.loads(row[column])
        except (ValueError, TypeError) as error:
            findings.add("entry", row["position"], f"Its {column} are not JSON.", expected="JSON", found=error)
            return None
        written = canonical_json(parsed[column])
        if not isinstance(parsed[column], kind) or written != row[column]:
            findings.add("entry", row["position"], f"Its {column} are not as written.", expected=written,
                         found=row[column])  # fmt: skip
    try:
        moment = moment_of(str(row["at"]))
    except Corrupt as error:
        findings.add("entry", row["position"], error.message, expected=error.expected, found=error.found)
        return None
    return Entry(
        row["position"], moment, row["kind"], row["actor"], row["record"], tuple(parsed["lots"]), parsed["details"],
        parsed["files"], row["previous"], row["hash"],
    )  # fmt: skip


def _check_time(entry: Entry, before: datetime | None, findings: Findings) -> None:
    if before is not None and entry.at < before:
        findings.add("time", entry.position, "The entry is earlier than the one before.", expected=f"{before} or later",
                     found=entry.at)  # fmt: skip


def _check_first(first: Entry | None, findings: Findings) -> None:
    if first is None:
        findings.add("first entry", None, "The ledger is empty.", expected="a first entry", found="none")
        return
    key = first.details.get("key")
    origin = (first.position, first.kind, first.details.get("format"), type(first.details.get("base")).__name__)
    sound = origin == (1, "init", FORMAT, "str") and isinstance(key, dict) and key.get("algorithm") == "Ed25519"
    if not sound:
        findings.add("first entry", first.position, "The first entry does not found a registry.",
                     expected=f"init, format {FORMAT}, a base, an Ed25519 key", found=(*origin, key))  # fmt: skip

"""Time-stamps that are kept: of this ledger, by the service that is named, and none earlier than what it stamps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from registry.audit.findings import Findings
from registry.audit.tree import check_note, keys_of
from registry.errors import RegistryError
from registry.instants import moment
from registry.ledger import Entry
from registry.ledger.chain import entry_bytes
from registry.proof.checkpoint import read_checkpoint
from registry.proof.merkle import Tree, leaf_hash
from registry.proof.timestamps.kept import Kept, kept
from registry.proof.timestamps.service import Service, service_of
from registry.proof.timestamps.token import checked

AHEAD = timedelta(minutes=5)
"""How far the registry's clock may have been ahead of the service's."""


def check_timestamps(directory: Path | None, entries: Sequence[Entry], findings: Findings) -> None:
    """Every stamped checkpoint was signed over exactly these entries, and its time-stamp holds.

    Without a named service nobody says whose certificate counts: then they are counted, and their checkpoints checked.
    """
    stamps = list(kept(directory))
    if not stamps or directory is None:
        return
    tree, keys = Tree(leaf_hash(entry_bytes(entry)) for entry in entries), keys_of(entries)
    service = service_of(directory)
    findings.counts["time-stamps"] = len(stamps)
    if service is None:
        findings.counts["time-stamps by no named service"] = len(stamps)
    for stamp in stamps:
        try:
            checkpoint, note = read_checkpoint(stamp.checkpoint.decode("utf-8", "replace"), f"{stamp.size}.txt")
        except RegistryError as error:
            findings.add("time-stamp", stamp.size, error.message, expected=error.expected, found=error.found)
            continue
        findings.compare("time-stamp", stamp.size, "The stamped checkpoint is of another size than its name.",
                         expected=stamp.size, found=checkpoint.size)  # fmt: skip
        check_note("time-stamp", note, tree, keys, findings)
        if service is not None:
            _check_token(stamp, service, entries, findings)


def _check_token(stamp: Kept, service: Service, entries: Sequence[Entry], findings: Findings) -> None:
    try:
        at = checked(stamp.token, stamp.checkpoint, service.roots).at
    except RegistryError as error:
        findings.add("time-stamp", stamp.size, error.message, expected=error.expected, found=error.found)
        return
    late = [entry for entry in entries[: stamp.size] if entry.at > at + AHEAD]
    if late:
        findings.add("time-stamp", late[0].position, "The entry is of a later time than the time-stamp over it.",
                     expected=f"{moment(at)} or earlier", found=moment(late[0].at))  # fmt: skip

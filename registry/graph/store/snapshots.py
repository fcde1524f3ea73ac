"""Copies of the graph that stand still: ``graph/at-<ledger size>``, made by its owner, read by anybody.

Example: ``at-120`` is the graph of the first 120 entries, ``at-120.2`` the same size after an ontology changed.

A snapshot appears whole (it is made beside and renamed into place) and never changes. Who reads one holds a shared lock
on its folder (``flock``, so it works across processes and ends with the process); it is deleted only when nobody does
and two newer ones stand.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

KEPT = 2
_NAME = re.compile(r"at-([0-9]+)(?:\.([0-9]+))?")
_DEBRIS = re.compile(r"at-[0-9.]+\.(?:tmp|gone)")


@dataclass(frozen=True, slots=True, order=True)
class Snapshot:
    """The graph at one ledger size; ``generation`` tells apart two of the same size, the newer being greater."""

    size: int
    generation: int
    path: Path


@dataclass(frozen=True, slots=True)
class Lease:
    """A snapshot that stays where it is until ``release``, or until this process ends."""

    snapshot: Snapshot
    descriptor: int

    def release(self) -> None:
        """Let the snapshot be deleted."""
        os.close(self.descriptor)


def snapshots(folder: Path) -> list[Snapshot]:
    """Every whole snapshot in ``folder``, the newest first."""
    if not folder.is_dir():
        return []
    present = []
    for path in folder.iterdir():
        match = _NAME.fullmatch(path.name)
        if match:
            present.append(Snapshot(int(match[1]), int(match[2] or 1), path))
    return sorted(present, reverse=True)


def lease(folder: Path) -> Lease | None:
    """Hold the newest snapshot; None when there is none."""
    while present := snapshots(folder):
        for snapshot in present:
            if held := _lease(snapshot):
                return held
    return None


def _lease(snapshot: Snapshot) -> Lease | None:
    descriptor = _locked(snapshot.path, fcntl.LOCK_SH)
    if descriptor is None:
        return None
    try:
        if snapshot.path.stat().st_ino == os.fstat(descriptor).st_ino:
            return Lease(snapshot, descriptor)
    except FileNotFoundError:
        pass
    os.close(descriptor)
    return None


def _locked(path: Path, kind: int) -> int | None:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def publish(folder: Path, size: int, backup: Callable[[str], None]) -> Snapshot:
    """Make the snapshot of ``size`` with ``backup`` (which writes into a new folder), and put it into place whole.

    The graph's owner calls this, one thread at a time.
    """
    generation = max((snapshot.generation for snapshot in snapshots(folder) if snapshot.size == size), default=0) + 1
    name = f"at-{size}" if generation == 1 else f"at-{size}.{generation}"
    unfinished = folder / f"{name}.tmp"
    shutil.rmtree(unfinished, ignore_errors=True)
    backup(str(unfinished))
    path = folder / name
    unfinished.rename(path)
    return Snapshot(size, generation, path)


def sweep(folder: Path, newest: Snapshot | None = None) -> None:
    """Delete what is older than the newest two and read by nobody.

    With ``newest``, what claims to be newer than that goes too: it belongs to a ledger that is no longer this one.
    """
    present = snapshots(folder)
    foreign = [snapshot for snapshot in present if newest is not None and snapshot > newest]
    own = [snapshot for snapshot in present if snapshot not in foreign]
    for snapshot in [*foreign, *own[KEPT:]]:
        descriptor = _locked(snapshot.path, fcntl.LOCK_EX)
        if descriptor is None:
            continue
        try:
            gone = snapshot.path.with_name(snapshot.path.name + ".gone")
            shutil.rmtree(gone, ignore_errors=True)
            snapshot.path.rename(gone)
            shutil.rmtree(gone, ignore_errors=True)
        finally:
            os.close(descriptor)


def clear_debris(folder: Path) -> None:
    """Remove what a crash left half made or half deleted. Only the graph's owner may call this."""
    for path in folder.iterdir():
        if _DEBRIS.fullmatch(path.name):
            shutil.rmtree(path, ignore_errors=True)

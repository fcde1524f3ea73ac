"""Stamped checkpoints, kept in a registry's folder as other programs read them.

timestamps/204.txt   the checkpoint of 204 entries, as it was signed
timestamps/204.tsr   its time-stamp

Each shows that the ledger held those entries by that time. They are no entries, and in no backup: keep copies of them.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = "timestamps"
_NAME = re.compile(r"([1-9][0-9]{0,18})\.tsr")


@dataclass(frozen=True, slots=True)
class Kept:
    """A checkpoint of so many entries, its bytes, and its time-stamp; the bytes are empty where the file is gone."""

    size: int
    checkpoint: bytes
    token: bytes


def kept(directory: Path | None) -> Iterator[Kept]:
    """Every stamped checkpoint of a registry's folder, the smallest ledger first; raises OSError."""
    folder = directory / FOLDER if directory is not None else None
    if folder is None or not folder.is_dir():
        return
    names = (_NAME.fullmatch(file.name) for file in folder.iterdir())
    for size in sorted(int(name[1]) for name in names if name):
        text = folder / f"{size}.txt"
        yield Kept(size, text.read_bytes() if text.exists() else b"", (folder / f"{size}.tsr").read_bytes())


def keep(directory: Path, size: int, checkpoint: bytes, token: bytes) -> Path:
    """Keep one, on the disk before it is told of; answers the time-stamp's file. A newer one of a size replaces it."""
    folder = directory / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    for name, data in ((f"{size}.txt", checkpoint), (f"{size}.tsr", token)):
        beside = folder / f"{name}.new"
        with beside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, folder / name)
    return folder / f"{size}.tsr"

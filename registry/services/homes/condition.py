"""What is wrong with the machine that a registry runs on, for whoever can mend it: each with what it is and what to do.

Nothing is asked of any address. That a copy was made is noted beside the ledger, in ``last-backup.json``: it says when,
of how many entries, and into which file; whether that file is still there only whoever keeps it can tell.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from registry.accounts import Token
from registry.instants import moment, moment_of, moment_text
from registry.services.answers import Answer
from registry.services.upkeep.keys import KeyAnswer

NOTE = "last-backup.json"
COPY = "Back the registry up into a folder on another machine."
"""What to do where no copy, or an old one, is known of."""
SPARE_BYTES, SPARE_SHARE = 2_000_000_000, 0.05
"""Free bytes, and the share of the disk, under which a disk is called nearly full: both have to be undercut."""
COPY_AGE = timedelta(days=7)
SOON = timedelta(days=30)
"""How long before a token ends it is told."""
Matter = Literal["answers", "disk", "copy", "witness", "key", "restored", "token"]


@dataclass(frozen=True, slots=True)
class Trouble(Answer):
    """Something that is wrong, or soon will be; ``urgent`` where the registry does not work because of it."""

    matter: Matter
    message: str
    todo: str
    urgent: bool = False


RESTORED = Trouble(
    "restored", "This registry was restored from a copy, and nobody confirmed that it is whole.",
    "The quality unit confirms it.", urgent=True,
)  # fmt: skip


def note_backup(directory: Path, file: Path, manifest: dict[str, Any], at: datetime) -> None:
    """Keep beside the ledger that a copy was made; a folder that cannot be written keeps nothing."""
    note = {"at": moment_text(at), "size": manifest["size"], "file": str(file.absolute())}
    try:
        (directory / NOTE).write_text(json.dumps(note) + "\n", encoding="utf-8")
    except OSError:
        return


def disk(directory: Path) -> list[Trouble]:
    """A disk that is nearly full."""
    usage = shutil.disk_usage(directory)
    if usage.free >= SPARE_BYTES or usage.free >= usage.total * SPARE_SHARE:
        return []
    left = f"{usage.free // 1_000_000:,} MB of the disk are free."
    return [Trouble("disk", left, "Make room: nothing can be entered on a full disk.", usage.free < SPARE_BYTES // 20)]


def copies(directory: Path, size: int, now: datetime) -> list[Trouble]:
    """No copy that is known of, or an old one."""
    try:
        note = json.loads((directory / NOTE).read_text(encoding="utf-8"))
        at, entries, file = moment_of(str(note["at"])), int(note["size"]), str(note["file"])
    except (OSError, ValueError, KeyError, TypeError):
        return [
            Trouble(
                "copy", "No copy of the ledger is known of.", "Back the registry up into a folder on another machine."
            )
        ]
    if now - at <= COPY_AGE or entries == size:
        return []
    return [Trouble("copy", f"The newest copy is of {moment(at)}: {size - entries:,} entries are in none ({file}).",
                    COPY)]  # fmt: skip


def witnesses(is_named: bool, is_witnessed: Callable[[], bool], told: str) -> list[Trouble]:
    """Named witnesses who have not seen the newest checkpoint; nobody is told of witnesses whom nobody named."""
    if not is_named or is_witnessed():
        return []
    return [Trouble("witness", f"Witnessed: {told}.", "Ask the witnesses to cosign it.")]


def key(known: KeyAnswer) -> list[Trouble]:
    """A signing key that does not sign."""
    if known.signs:
        return []
    return [
        Trouble("key", f"The registry cannot sign: {known.problem}", "See where the key is, and open it.", urgent=True)
    ]


def tokens(every: Sequence[Token], now: datetime) -> list[Trouble]:
    """Tokens that end soon: the program that uses one stops then."""
    ending = [token for token in every if not token.revoked_at and token.expires_at and now < token.expires_at]
    soon = sorted((token.expires_at, token) for token in ending if token.expires_at and token.expires_at - now < SOON)
    return [
        Trouble("token", f"The token {token.label} of {token.account} ends at {moment(at)}.",
                "Its owner makes another, and gives it to the program.")
        for at, token in soon
    ]  # fmt: skip

"""What a restored registry says of itself until the quality unit has looked: where its copy ends.

A copy cannot know what was signed after it was made. A hold, rejection or recall that came later is gone with the
rest, and the lot is released again. ``restored.json`` lies beside the database and not in it, so that a ledger
restored with its key stays the ledger that was copied; an entry of kind ``restore`` is made when it is confirmed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from registry.errors import Corrupt
from registry.instants import moment_of, moment_text
from registry.ledger.chain import Json, canonical_json

MARK = "restored.json"


@dataclass(frozen=True, slots=True)
class Restored:
    """That a registry was made of a copy: when, by whom, and the size, head and newest entry's time of the copy."""

    at: datetime
    by: str
    size: int
    head: str
    newest_at: datetime

    def as_dict(self) -> dict[str, Json]:
        """As it stands in the file, in the entry that confirms it, and in ``restore --format json``."""
        times = {"at": moment_text(self.at), "newest_at": moment_text(self.newest_at)}
        return {"by": self.by, "size": self.size, "head": self.head, **times}

    def warning(self) -> str:
        """What is not here, and what to do, for the command line."""
        return (
            f"Everything signed after {moment_text(self.newest_at)} is not here: holds, rejections and recalls signed "
            "since must be signed again before anybody relies on this registry."
        )


def mark(directory: Path, restored: Restored) -> None:
    """Write the mark; whoever opens the registry from now on is told."""
    path = directory / MARK
    path.touch(mode=0o600)
    path.write_text(canonical_json(restored.as_dict()) + "\n", encoding="utf-8")


def marked(directory: Path) -> Restored | None:
    """What the mark says, or None for a registry that was not restored, or whose restoring was confirmed.

    Raises Corrupt for a mark that cannot be read: nobody may take it for none.
    """
    path = directory / MARK
    try:
        mark = json.loads(path.read_text(encoding="utf-8"))
        times = moment_of(mark["at"]), moment_of(mark["newest_at"])
        return Restored(times[0], str(mark["by"]), int(mark["size"]), str(mark["head"]), times[1])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Corrupt("The mark of a restored registry cannot be read.", expected="what restore wrote",
                      found=str(error), where=str(path),
                      todo="Restore the backup again, in an empty folder.") from error  # fmt: skip


def unmark(directory: Path) -> None:
    """Take the mark away: its confirmation is an entry of the ledger now."""
    (directory / MARK).unlink(missing_ok=True)

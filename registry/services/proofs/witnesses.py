"""Which witnesses a registry has, and how many of them are needed: ``witnesses.toml`` in its folder.

    need = 1

    [[witness]]
    key = "hospital.example+5d2a…+BAAA…"
    address = "https://hospital.example/witness"

Without this file nobody is asked anything.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from registry.errors import Unreadable
from registry.instants import moment
from registry.proof.checkpoint import checkpoint_of
from registry.proof.cosignature import ALGORITHMS, Cosignature, cosignatures
from registry.proof.note import Note, Verifier, read_verifier

FILE = "witnesses.toml"
WITNESSED = "witnessed.txt"
"""Beside it: the newest checkpoint that enough of them have cosigned."""


@dataclass(frozen=True, slots=True)
class Policy:
    """The witnesses with their addresses, and how many must have seen a checkpoint for it to count as witnessed."""

    need: int
    witnesses: tuple[tuple[Verifier, str], ...]

    @property
    def keys(self) -> tuple[Verifier, ...]:
        """The witnesses' keys."""
        return tuple(key for key, _address in self.witnesses)

    def enough(self, note: Note) -> tuple[Cosignature, ...]:
        """Who saw this checkpoint, when they are enough; else nobody."""
        words = cosignatures(note, self.keys)
        return words if len({word.name for word in words}) >= self.need else ()


def read_policy(text: str, where: str = FILE) -> Policy:
    """The policy of a file; raises Unreadable for any other, and for one that nobody can meet."""
    try:
        parsed = tomllib.loads(text)
        need, listed = parsed["need"], parsed["witness"]
        witnesses = tuple((read_verifier(each["key"]), str(each["address"]).rstrip("/")) for each in listed)
        extra = set(parsed) - {"need", "witness"} or {
            name for each in listed for name in set(each) - {"key", "address"}
        }
    except (tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError) as error:
        raise Unreadable("This is no policy of witnesses.", expected="need, and witnesses with key and address",
                         found=str(error)[:120], where=where) from error  # fmt: skip
    sound = (
        isinstance(need, int) and not isinstance(need, bool) and 1 <= need <= len({key.name for key, _ in witnesses})
    )
    kinds = all(key.algorithm in ALGORITHMS for key, _address in witnesses)
    reached = all(address.startswith(("https://", "http://")) for _key, address in witnesses)
    if extra or not sound or not kinds or not reached:
        raise Unreadable(
            "This is no policy of witnesses.", where=where, found=text[:80],
            expected="need from 1 to the number of witnesses, each with its key and an https address, and nothing else",
        )  # fmt: skip
    return Policy(need, witnesses)


def told(policy: Policy | None, witnessed: Note | None, size: int) -> str:
    """In words: since when, up to where and by whom a ledger of ``size`` entries is witnessed, or that it is not."""
    if policy is None:
        return "by nobody: no witness is named"
    words: Sequence[Cosignature] = policy.enough(witnessed) if witnessed is not None else ()
    if witnessed is None or not words:
        return f"by nobody yet: {policy.need} of {len(policy.witnesses)} named witnesses have to cosign a checkpoint"
    seen = checkpoint_of(witnessed).size
    since: datetime = max(word.at for word in words)
    names = ", ".join(word.name for word in words)
    more = f"; {size - seen} entries since then are not" if size > seen else ""
    return f"{seen} entries, by {names}, at {moment(since)}{more}"

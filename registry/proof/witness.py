"""A witness asked by a ledger (C2SP tlog-witness): what is sent to ``add-checkpoint``, and what is answered.

    old 120
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

    registry.example/ledger
    204
    …

The size that the ledger believes the witness to know, the consistency proof from there, an empty line, the checkpoint.
The answer is 200 with the cosignature's line, or 409 with the size that the witness does know. Nothing is read or
written here: whoever serves gives what was seen and keeps what was signed.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from registry.errors import Conflict, Refused, RegistryError, Unreadable
from registry.proof.checkpoint import Checkpoint, checkpoint_of, read_checkpoint, verifier_of
from registry.proof.cosignature import WitnessKey, cosigned, follows
from registry.proof.note import Note

MAX_HASHES = 63
SIZE = "text/x.tlog.size"
PLAIN = "text/plain; charset=utf-8"
EMPTY_ROOT = hashlib.sha256().digest()
"""The root over no entries (RFC 6962, 2.1)."""
_OLD = re.compile(r"old (0|[1-9][0-9]{0,18})")


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent: ``old`` entries are believed to be known, and ``proof`` leads from them to the checkpoint."""

    old: int
    proof: tuple[bytes, ...]
    note: Note

    def written(self) -> str:
        """As it is sent."""
        lines = [f"old {self.old}", *(base64.b64encode(node).decode() for node in self.proof), ""]
        return "\n".join(lines) + "\n" + self.note.written()


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered: HTTP status, media type and body; ``signed`` is the cosigned note that is to be kept first."""

    status: int
    media_type: str
    body: str
    signed: Note | None = None


def read_request(text: str) -> Request:
    """A request from its written form; raises Unreadable for any other."""
    head, divider, rest = text.partition("\n\n")
    first, *lines = head.split("\n")
    old = _OLD.fullmatch(first)
    if old is None or not divider or len(lines) > MAX_HASHES:
        raise Unreadable("This is no request to a witness.", expected="old SIZE, hashes, an empty line, a checkpoint",
                         found=repr(text[:60]))  # fmt: skip
    try:
        proof = tuple(base64.b64decode(line, validate=True) for line in lines)
    except (binascii.Error, ValueError) as error:
        raise Unreadable("This is no proof.", expected="one base64 hash a line", found=repr(head[:60])) from error
    return Request(int(old[1]), proof, read_checkpoint(rest)[1])


def answer(
    text: str, ledgers: Mapping[str, Sequence[str]], seen: Mapping[str, Checkpoint], name: str, key: WitnessKey,
    now: datetime,
) -> Reply:  # fmt: skip
    """What a witness answers, that cosigns for ``ledgers`` (origin → public keys) and last signed what was ``seen``."""
    try:
        request = read_request(text)
    except RegistryError as error:
        return Reply(400, PLAIN, error.message + "\n")
    new = checkpoint_of(request.note)
    known = seen.get(new.origin, Checkpoint(new.origin, 0, bytes(32)))
    if new.origin not in ledgers:
        return Reply(404, PLAIN, "This ledger is not witnessed here.\n")
    own = [verifier_of(new.origin, public) for public in ledgers[new.origin]]
    is_signed = [request.note.signed_by(key) for key in own]
    if not any(is_signed) or any(request.note.by(key) and not holds for key, holds in zip(own, is_signed, strict=True)):
        return Reply(403, PLAIN, "The checkpoint is not signed by a key of its ledger.\n")
    if request.old > new.size:
        return Reply(400, PLAIN, "The old size is larger than the checkpoint's.\n")
    if request.old != known.size:
        return Reply(409, SIZE, f"{known.size}\n")
    if not known.size and (request.proof or (not new.size and new.root != EMPTY_ROOT)):
        return Reply(422, PLAIN, "Nothing was seen before: no proof, and of no entries the root of nothing.\n")
    try:
        follows(known if known.size else None, new, request.proof)
    except (Conflict, Refused) as error:
        return Reply(422, PLAIN, error.message + "\n")
    whole = cosigned(request.note, name, key, now)
    line = Note("", whole.signatures[-1:]).written().lstrip("\n")
    return Reply(200, PLAIN, line, whole)

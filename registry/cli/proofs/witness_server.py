"""A witness over HTTP (C2SP tlog-witness): answered here for other ledgers, and asked for the own one."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

from registry.cli.proofs.post import SECONDS, post
from registry.errors import RegistryError, Unreadable
from registry.proof.checkpoint import Checkpoint, checkpoint_of, read_checkpoint
from registry.proof.cosignature import WitnessKey
from registry.proof.note import Note, Verifier, read_note
from registry.proof.witness import Request, answer
from registry.services.proofs.witnesses import WITNESSED

if TYPE_CHECKING:
    from registry.services.proofs.proofs import Proofs

MAX_BYTES = 100_000


def server(
    where: tuple[str, int], name: str, key: WitnessKey, ledgers: Mapping[str, Sequence[str]], seen: Path
) -> ThreadingHTTPServer:
    """A server of ``POST /add-checkpoint`` and of nothing else; one request at a time is judged and kept."""
    seen.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        timeout = SECONDS

        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "")
            if self.path != "/add-checkpoint" or not length.isdecimal() or int(length) > MAX_BYTES:
                self.send_error(404 if self.path != "/add-checkpoint" else 400)
                return
            text = self.rfile.read(int(length)).decode("utf-8", "replace")
            with lock:
                reply = answer(text, ledgers, _seen(seen, ledgers), name, key, datetime.now(UTC))
                if reply.signed is not None:  # kept before it is given away: else two ledgers could be signed
                    put(_file(seen, checkpoint_of(reply.signed).origin), reply.signed.written())
            body = reply.body.encode()
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.media_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing is logged but what is kept."""

    return ThreadingHTTPServer(where, Handler)


def put(file: Path, text: str) -> None:
    """Write a file whole, on the disk before it stands in the old one's place."""
    beside = file.with_name(file.name + ".new")
    with beside.open("w", encoding="utf-8") as target:
        target.write(text)
        target.flush()
        os.fsync(target.fileno())
    os.replace(beside, file)


def _file(seen: Path, origin: str) -> Path:
    return seen / f"{hashlib.sha256(origin.encode()).hexdigest()}.txt"


def _seen(seen: Path, ledgers: Mapping[str, Sequence[str]]) -> dict[str, Checkpoint]:
    """What was signed last; a file that cannot be read raises, and nothing is signed."""
    files = {origin: _file(seen, origin) for origin in ledgers}
    return {origin: read_checkpoint(file.read_text(encoding="utf-8"), str(file))[0]
            for origin, file in files.items() if file.exists()}  # fmt: skip


def asked(proofs: Proofs, directory: Path) -> list[str]:
    """Ask every witness of the policy, keep the checkpoint once enough have cosigned it, and tell of each."""
    policy = proofs.witnesses()
    if policy is None:
        raise Unreadable("No witness is named.", expected="witnesses.toml", found="none", where=str(directory),
                         todo="Write it there: need, and of each witness its key and its address.")  # fmt: skip
    note, told = _bare(read_checkpoint(proofs.checkpoint())[1], policy.keys), []
    for witness, address in policy.witnesses:
        try:
            note = _with_word(note, proofs, witness, address)
            told.append(f"✓ {witness.name}: has cosigned {checkpoint_of(note).size} entries")
        except (RegistryError, OSError) as error:
            told.append(f"✗ {witness.name}: {error.message if isinstance(error, RegistryError) else error}")
    if policy.enough(note):
        put(directory / WITNESSED, note.written())
    return told


def _bare(note: Note, witnesses: Sequence[Verifier]) -> Note:
    """The note without what these witnesses said of it before: each is asked anew."""
    before = [line for witness in witnesses for line in note.by(witness)]
    return replace(note, signatures=tuple(line for line in note.signatures if line not in before))


def _with_word(note: Note, proofs: Proofs, witness: Verifier, address: str) -> Note:
    """The note with the witness's line. A witness that knows another size says so, and is asked again from there."""
    status, body = _sent(address, Request(0, (), note))
    if status == 409 and body.strip().isdecimal():
        old, size = int(body), checkpoint_of(note).size
        if old > size:
            raise Unreadable("The witness has seen a longer ledger than this one.", expected=f"at most {size} entries",
                             found=f"{old} entries", todo="This ledger was shortened: audit it.")  # fmt: skip
        status, body = _sent(address, Request(old, proofs.consistency(old) if old else (), note))
    if status != 200:
        raise Unreadable(f"The witness refuses: {status}. {body.strip()[:200]}", expected="its cosignature")
    lines = read_note(f"{note.text}\n{body}", address).signatures
    own = tuple(line for line in lines if line.name == witness.name and line.id == witness.id)
    return replace(note, signatures=(*note.signatures, *own))


def _sent(address: str, request: Request) -> tuple[int, str]:
    status, body = post(f"{address}/add-checkpoint", request.written().encode(), "text/plain", MAX_BYTES)
    return status, body.decode("utf-8", "replace")

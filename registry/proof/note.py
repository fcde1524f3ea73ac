"""Signed notes (C2SP signed-note): a text, and signatures of it by name, as lines that a person can read.

    registry.example/ledger
    204
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

    — registry.example/ledger qINS1lPTTeT2HFyqrHlmqr5OCEKz…

A signature line is an em dash, a space, the key's name, a space and base64 of the key's id (4 bytes) and the signature.
The id is the beginning of ``SHA-256(name ‖ "\\n" ‖ algorithm ‖ public key)``; the algorithm is one byte, ``0x01`` for
Ed25519 over the text, ``0x04`` for a witness's cosignature by Ed25519, ``0x06`` for one by ML-DSA-44.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass

from registry.errors import Refused, Unreadable
from registry.proof.keys.ml_dsa import PUBLIC_BYTES, require_available
from registry.proof.signing import SigningKey, verify

ED25519 = 0x01
COSIGNATURE = 0x04
ML_DSA_COSIGNATURE = 0x06
_KEY_BYTES = {ED25519: 32, COSIGNATURE: 32, ML_DSA_COSIGNATURE: PUBLIC_BYTES}
MAX_BYTES = 1_000_000
MAX_SIGNATURES = 100
_NAME = re.compile(r"[^\s+]+")
_LINE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})")


@dataclass(frozen=True, slots=True)
class Verifier:
    """Somebody's public key as notes name it: ``public`` is base64 of its bytes, 32 of Ed25519, 1,312 of ML-DSA-44."""

    name: str
    algorithm: int
    public: str

    @property
    def id(self) -> bytes:
        """The key's id: four bytes."""
        return key_id(self.name, self.algorithm, self.public)

    def text(self) -> str:
        """``name+id+base64(algorithm ‖ key)``: how the key is handed to somebody else (C2SP signed-note, vkey)."""
        key = bytes([self.algorithm]) + base64.b64decode(self.public)
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(key).decode()}"


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One signature line: whose, the key's id, and the bytes after it."""

    name: str
    id: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """A text, ending with a line feed, and its signatures in their order."""

    text: str
    signatures: tuple[NoteSignature, ...]

    def written(self) -> str:
        """The note as it is kept and sent."""
        lines = [f"— {line.name} {base64.b64encode(line.id + line.signature).decode()}\n" for line in self.signatures]
        return f"{self.text}\n{''.join(lines)}"

    def by(self, verifier: Verifier) -> tuple[NoteSignature, ...]:
        """The signatures that say they are this key's; whether they are is another question."""
        return tuple(line for line in self.signatures if line.name == verifier.name and line.id == verifier.id)

    def signed_by(self, verifier: Verifier) -> bool:
        """True when a signature line of this Ed25519 key is over exactly this text."""
        if verifier.algorithm != ED25519:
            return False
        lines = self.by(verifier)
        return any(
            verify(verifier.public, self.text.encode(), base64.b64encode(line.signature).decode()) for line in lines
        )


def key_id(name: str, algorithm: int, public: str) -> bytes:
    """The first four bytes of ``SHA-256(name ‖ "\\n" ‖ algorithm ‖ public key)``."""
    raw = base64.b64decode(public)
    return hashlib.sha256(name.encode() + b"\n" + bytes([algorithm]) + raw).digest()[:4]


def read_verifier(text: str) -> Verifier:
    """A key from its written form (see ``Verifier.text``); raises Unreadable for anything else.

    Raises UnsupportedKind for an ML-DSA-44 key where nobody can tell what it signed.
    """
    name, _, rest = text.strip().partition("+")
    claimed, _, encoded = rest.partition("+")
    try:
        raw = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if not raw or len(raw) - 1 != _KEY_BYTES.get(raw[0]) or not _NAME.fullmatch(name):
        raise Unreadable("This is no key of a signed note.", expected="NAME+ID+KEY with an Ed25519 or ML-DSA-44 key",
                         found=repr(text)[:120])  # fmt: skip
    if raw[0] == ML_DSA_COSIGNATURE:
        require_available()
    verifier = Verifier(name, raw[0], base64.b64encode(raw[1:]).decode())
    if verifier.id.hex() != claimed:
        raise Unreadable("The id of this key is not its own.", expected=verifier.id.hex(), found=claimed[:20])
    return verifier


def check_name(name: str) -> str:
    """The name, when a note's line can carry it: not empty, no space, no plus sign. Raises Refused."""
    if not _NAME.fullmatch(name):
        raise Refused("This cannot be the name of a key.", expected="a name without space and +", found=repr(name)[:80])
    return name


def sign(text: str, name: str, key: SigningKey) -> Note:
    """The text with one Ed25519 signature over it; raises Refused for a text that no note can hold."""
    if not text.endswith("\n") or "\n\n" in text or not text.strip():
        raise Refused(
            "This cannot be the text of a note.", expected="lines without an empty one", found=repr(text)[:80]
        )
    raw = base64.b64decode(key.sign(text.encode()))
    return Note(text, (NoteSignature(check_name(name), key_id(name, ED25519, key.public), raw),))


def read_note(data: str, where: str = "the note", *, text_ok: Callable[[str], bool] | None = None) -> Note:
    """A note from its written form. Raises Unreadable for any other, and for one of more than a million bytes.

    ``text_ok`` says whether the text is of the form that is expected.
    """
    if len(data) > MAX_BYTES:
        raise Unreadable("This is too long for a signed note.", expected=f"at most {MAX_BYTES} bytes", where=where)
    text, divider, rest = data.rpartition("\n\n")
    lines = rest.split("\n")
    if not divider or not text or lines[-1] != "" or not 2 <= len(lines) <= MAX_SIGNATURES + 1:
        raise Unreadable(
            "This is no signed note.", expected="a text, an empty line, and signature lines", where=where,
            found=repr(data[:60]),
        )  # fmt: skip
    note = Note(text + "\n", tuple(_signature(line, where) for line in lines[:-1]))
    if note.written() != data or (text_ok is not None and not text_ok(note.text)):
        raise Unreadable("This is no signed note in its one written form.", where=where, found=repr(data[:60]))
    return note


def _signature(line: str, where: str) -> NoteSignature:
    match = _LINE.fullmatch(line)
    try:
        raw = base64.b64decode(match[2], validate=True) if match else b""
    except (binascii.Error, ValueError):
        raw = b""
    if match is None or len(raw) < 5:
        raise Unreadable("This is no signature line.", expected="— NAME BASE64", found=repr(line[:60]), where=where)
    return NoteSignature(match[1], raw[:4], raw[4:])

"""Secrets that must be read again, kept in a database only as they are sealed: Fernet (AES-128-CBC, HMAC-SHA-256).

Example: ``Seal(path).close("JBSWY3DP", about="second factor of mary", at=now)`` is text that is good for nothing
without the key in ``path``, a file of mode 0600 that is in no backup. What is opened must be about what was closed.
"""

from __future__ import annotations

import json
import os
import stat
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from registry.errors import Refused


class Seal:
    """What closes and opens secrets with the key in one file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def close(self, secret: str, *, about: str, at: datetime) -> str:
        """The sealed text of a secret; makes the key when there is none yet. ``about`` binds it to one use."""
        text = json.dumps([about, secret]).encode()
        return self._key(make=True).encrypt_at_time(text, int(at.timestamp())).decode()

    def open(self, sealed: str, *, about: str, at: datetime, within: timedelta | None = None) -> str:
        """The secret again. Raises Refused for another key, another use, altered text, or one older than ``within``."""
        ttl = int(within.total_seconds()) if within is not None else None
        key, now = self._key(make=False), int(at.timestamp())
        try:
            text = key.decrypt(sealed.encode()) if ttl is None else key.decrypt_at_time(sealed.encode(), ttl, now)
        except InvalidToken:
            raise self._refusal("another key, altered text, or too old") from None
        subject, secret = json.loads(text)
        if subject != about:
            raise self._refusal("a secret for another use")
        return str(secret)

    def _key(self, *, make: bool) -> Fernet:
        if make and not self._path.exists():
            _write_new(self._path, Fernet.generate_key())
        try:
            with self._path.open("rb") as file:
                mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
                key = file.read(1000)
        except OSError as error:
            raise self._refusal(f"no readable key: {error.strerror}") from None
        if mode & 0o077:
            raise Refused(
                "Others may read or change the key that seals secrets.", expected="mode 0600",
                found=f"mode {mode:04o}", where=str(self._path),
                todo="Take the file's permissions from everybody else; who may have read it may know the secrets.",
            )  # fmt: skip
        try:
            return Fernet(key.strip())
        except ValueError:
            raise self._refusal("no key in the file") from None

    def _refusal(self, problem: str) -> Refused:
        return Refused("A sealed secret cannot be opened.", expected="what was closed here, with the same key",
                       found=problem, where=str(self._path))  # fmt: skip


def _write_new(path: Path, key: bytes) -> None:
    """Write the key whole or not at all; when another process was first, its key is kept."""
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(beside, path)
    except FileExistsError:
        pass
    finally:
        beside.unlink()

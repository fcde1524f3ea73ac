"""Where a signing key is kept: in its file, encrypted in it, in a file elsewhere, in an agent or a token that signs.

``signing-key.pem`` holds one of::

    -----BEGIN PRIVATE KEY-----             the key
    -----BEGIN ENCRYPTED PRIVATE KEY-----   the key, under a passphrase of the environment (never of a command line)
    path: /mnt/usb/registry.pem             the key is in that file
    ssh-agent: ssh-ed25519 AAAA…            an agent at $SSH_AUTH_SOCK holds the key and signs; it never leaves it
    pkcs11:token=…;object=…?module-path=…   a smart card or HSM holds it and signs (``hardware``)

An agent reaches a card by PKCS #11 too (``ssh-add -s MODULE``). It signs by Ed25519 over exactly the bytes
(draft-ietf-sshm-ssh-agent, 3.6; RFC 8709), so nobody who verifies sees a difference.
"""

from __future__ import annotations

import base64
import binascii
import os
import socket
import stat
import struct
from pathlib import Path

from registry.errors import Conflict, Refused, Unavailable, Unknown

PASSPHRASE = "CELL_REGISTRY_KEY_PASSPHRASE"  # noqa: S105 - a variable's name
PASSPHRASE_FILE = PASSPHRASE + "_FILE"
PATH, AGENT = "path:", "ssh-agent:"
_ED25519 = b"ssh-ed25519"
_SIGN, _SIGNED, _SECONDS, _LONGEST = 13, 14, 10, 10_000


def passphrase() -> bytes | None:
    """The passphrase of the environment: a file's first line, or the variable's own text; None without either.

    Raises Refused for a file that is not there, is empty or that others may read.
    """
    if not (name := os.environ.get(PASSPHRASE_FILE)):
        return os.environ.get(PASSPHRASE, "").encode() or None
    try:
        with Path(name).open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            line = file.readline(_LONGEST).rstrip(b"\r\n")
    except OSError as error:
        raise Refused("The passphrase of the signing key cannot be read.", expected=PASSPHRASE_FILE,
                      found=str(error.strerror), where=name) from None  # fmt: skip
    if mode & 0o077 or not line:
        raise Refused("The file of the passphrase is not fit.", expected="mode 0600, and a first line",
                      found=f"mode {mode:04o}" if mode & 0o077 else "nothing", where=name)  # fmt: skip
    return line


def followed(path: Path) -> Path:
    """The file in which the key is: ``path`` itself, or the one that it names."""
    try:
        with path.open("rb") as file:
            text = file.read(_LONGEST).decode("utf-8", "replace")
    except OSError:
        return path
    return Path(text.removeprefix(PATH).strip()) if text.startswith(PATH) else path


def read_key_file(path: Path) -> bytes:
    """A key's file. Raises Unknown when there is none, Refused when it cannot be read or others may read it."""
    try:
        with path.open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            pem = file.read(100_000)
    except FileNotFoundError as error:
        raise Unknown("There is no signing key.", expected="a file", found="none", where=str(path)) from error
    except OSError as error:
        raise Refused("The signing key cannot be read.", found=str(error.strerror), where=str(path)) from error
    if mode & 0o077:
        raise Refused(
            "Others may read or change the signing key.", expected="mode 0600", found=f"mode {mode:04o}",
            where=str(path),
            todo="Take the file's permissions from everybody else, or rotate the key if somebody may have read it.",
        )  # fmt: skip
    return pem


def write_key_file(path: Path, data: bytes) -> None:
    """A new file of mode 0600, on the disk; raises Conflict when one is there, Refused where none can be written."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise Conflict("A signing key stands here already.", expected="no file", found=str(path)) from error
    except OSError as error:
        raise Refused("The key cannot be written there.", found=str(error.strerror), where=str(path)) from error
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


class AgentKey:
    """A key that an agent holds: what ``SigningKey`` asks of any key is its public half and a signature."""

    def __init__(self, line: str) -> None:
        """``line`` is the public key as ``ssh-add -L`` prints it; raises Refused for another kind of key."""
        self._blob = _blob(line)

    def public_raw(self) -> bytes:
        """The 32 bytes of the public key."""
        return self._blob[-32:]

    def sign(self, data: bytes) -> bytes:
        """The 64 bytes of the signature; raises Unavailable when no agent answers, Refused when it does not sign."""
        request = bytes([_SIGN]) + _string(self._blob) + _string(data) + struct.pack(">I", 0)
        answer = _asked(_string(request))
        signature = _string(_ED25519) + _string(answer[-64:])
        if answer != bytes([_SIGNED]) + _string(signature):
            raise Refused("The agent did not sign.", expected="an Ed25519 signature by the key in signing-key.pem",
                          found=f"answer {answer[:1].hex() or 'none'}",
                          todo="See with ssh-add -L that it holds the key, and unlock it.")  # fmt: skip
        return answer[-64:]


def agent_line(line: str) -> str:
    """What ``signing-key.pem`` holds for a key of the agent; raises Refused for another kind of key."""
    return f"{AGENT} {_ED25519.decode()} {base64.b64encode(_blob(line)).decode()}\n"


def _blob(line: str) -> bytes:
    words = line.removeprefix(AGENT).split()
    try:
        blob = base64.b64decode(words[1], validate=True)
    except (IndexError, binascii.Error, ValueError):
        blob = b""
    if blob != _string(_ED25519) + _string(blob[-32:]) or words[0].encode() != _ED25519:
        raise Refused("This is no Ed25519 key of an agent.", expected="ssh-ed25519 AAAA…, as ssh-add -L prints it",
                      found=line.strip()[:60])  # fmt: skip
    return blob


def _asked(request: bytes) -> bytes:
    place = os.environ.get("SSH_AUTH_SOCK", "")
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as agent:
            agent.settimeout(_SECONDS)
            agent.connect(place)
            agent.sendall(request)
            (size,) = struct.unpack(">I", _exactly(agent, 4))
            return _exactly(agent, min(size, _LONGEST))
    except (OSError, struct.error) as error:
        raise Unavailable("The agent that holds the signing key does not answer.", expected="one at $SSH_AUTH_SOCK",
                          found=str(error) or type(error).__name__, where=place) from None  # fmt: skip


def _exactly(agent: socket.socket, size: int) -> bytes:
    received = b""
    while len(received) < size and (part := agent.recv(size - len(received))):
        received += part
    return received


def _string(data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + data

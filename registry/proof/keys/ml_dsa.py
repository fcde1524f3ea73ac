"""ML-DSA-44 keys of witnesses (FIPS 204), where the cryptography that is installed has them.

Its signatures are safe from quantum computers, and long: 2,420 bytes, under keys of 1,312. C2SP asks it of new
witnesses. Where it is not to be had, such a key is refused by name, and nothing that it signed is taken for checked.
"""

from __future__ import annotations

import base64
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from registry.errors import Refused, UnsupportedKind
from registry.proof.keys.place import followed, read_key_file, write_key_file
from registry.proof.signing import SigningKey, closed_pem, opened

try:
    from cryptography.hazmat.primitives.asymmetric import mldsa
except ImportError:  # an older cryptography
    mldsa = None  # type: ignore[assignment]

PUBLIC_BYTES = 1312


class MlDsaKey:
    """A private key, and its public half: ``public`` is base64 of its 1,312 bytes."""

    def __init__(self, private: mldsa.MLDSA44PrivateKey) -> None:
        self._private = private
        self.public = base64.b64encode(private.public_key().public_bytes_raw()).decode()

    @classmethod
    def create(cls, path: Path) -> MlDsaKey:
        """A new key in a new file of mode 0600, as ``SigningKey.create``; raises UnsupportedKind, Conflict."""
        require_available()
        private = mldsa.MLDSA44PrivateKey.generate()
        write_key_file(path, closed_pem(private))
        return cls(private)

    @classmethod
    def load(cls, path: Path) -> MlDsaKey:
        """The key of ``path``; raises as ``SigningKey.load`` does, and UnsupportedKind where there is no ML-DSA."""
        require_available()
        private = opened(read_key_file(followed(path)), path)
        if not isinstance(private, mldsa.MLDSA44PrivateKey):
            raise Refused("This is another kind of key.", expected="ML-DSA-44", found=type(private).__name__,
                          where=str(path))  # fmt: skip
        return cls(private)

    def sign(self, data: bytes) -> bytes:
        """The 2,420 bytes of the signature over ``data``, with an empty context."""
        return self._private.sign(data)


def load_either(path: Path) -> SigningKey | MlDsaKey:
    """A witness's key, of whichever kind its file holds; raises as the two ``load`` do."""
    pem = read_key_file(followed(path))
    if not pem.startswith(b"-----BEGIN") or isinstance(opened(pem, path), Ed25519PrivateKey):
        return SigningKey.load(path)
    return MlDsaKey.load(path)


def require_available() -> None:
    """Raise UnsupportedKind where the cryptography that is installed has no ML-DSA."""
    try:
        if mldsa is not None:
            mldsa.MLDSA44PublicKey.from_public_bytes(bytes(PUBLIC_BYTES))
            return
    except UnsupportedAlgorithm:
        pass
    raise UnsupportedKind("ML-DSA-44 is not to be had here.", expected="a cryptography that has it, such as 50.0",
                          found="one without", todo="Install a newer cryptography, or use an Ed25519 key.")  # fmt: skip


def verify(public: str, data: bytes, signature: bytes) -> bool:
    """True when ``signature`` is this key's over exactly ``data``; raises UnsupportedKind where nobody can tell."""
    require_available()
    try:
        mldsa.MLDSA44PublicKey.from_public_bytes(base64.b64decode(public)).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True

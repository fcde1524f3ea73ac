"""A recipient's code, bound to a credential without being told: scrypt of salt and code (RFC 7914).

``scrypt$<salt>$<hash>``: whoever has the code can open it, and nobody reads the code out of it. Codes are short, so the
hash is made slow: a try costs a tenth of a second and 64 MB.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

SALT_BYTES = 16
_COST, _BLOCK, _LANES = 2**16, 8, 1
_MEMORY = 128 * _COST * _BLOCK * 2


def commit(code: str, salt: bytes | None = None) -> str:
    """The commitment to a code; the salt is made, unless one is given."""
    salt = secrets.token_bytes(SALT_BYTES) if salt is None else salt
    digest = hashlib.scrypt(code.strip().encode(), salt=salt, n=_COST, r=_BLOCK, p=_LANES, maxmem=_MEMORY, dklen=32)
    return f"scrypt${base64.b64encode(salt).decode()}${base64.b64encode(digest).decode()}"


def opens(commitment: str, code: str) -> bool:
    """True when the commitment was made to exactly this code; False for any other text."""
    scheme, _, rest = commitment.partition("$")
    salt, _, _digest = rest.partition("$")
    try:
        raw = base64.b64decode(salt, validate=True)
    except ValueError:
        return False
    return scheme == "scrypt" and bool(raw) and hmac.compare_digest(commit(code, raw), commitment)

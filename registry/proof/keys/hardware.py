"""A key in a smart card or HSM, reached by PKCS #11 (OASIS; ``python-pkcs11``, the extra ``pkcs11``).

``signing-key.pem`` holds where it is (RFC 7512) and its public half, so that nothing but a signature asks the token::

    pkcs11:token=registry;object=signing?module-path=/usr/lib/softhsm/libsofthsm2.so
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

The PIN is the passphrase of the environment (``place``). A token that refused a PIN is not asked with it again by this
process: most tokens lock themselves after a few wrong ones.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import quote, unquote

from registry.errors import Refused, Unavailable
from registry.proof.keys.place import PASSPHRASE_FILE, passphrase

if TYPE_CHECKING:
    from pkcs11 import Session

PKCS11 = "pkcs11:"
FORM = "pkcs11:token=…;object=…?module-path=…"
_LOCK = threading.Lock()
_REFUSED: set[bytes] = set()
"""Digests of (where, PIN) that a token has refused."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Place:
    """Which token, which key in it by its label, and the library that reaches it."""

    token: str
    label: str
    module: str

    def uri(self) -> str:
        """As RFC 7512 writes it."""
        return f"{PKCS11}token={quote(self.token)};object={quote(self.label)}?module-path={quote(self.module)}"


class TokenKey:
    """An Ed25519 key that a token holds: what ``SigningKey`` asks of any key is its public half and a signature."""

    def __init__(self, place: Place, public: bytes) -> None:
        self._place = place
        self._public = public

    @classmethod
    def at(cls, uri: str) -> TokenKey:
        """The key at a URI, its public half read from the token. Raises Refused, or Unavailable without the token."""
        place = _place(uri)
        return cls(place, _asked(place, lambda session: _public_half(session, place)))

    @classmethod
    def read(cls, text: str) -> TokenKey:
        """From what ``written`` gave; the token is not asked. Raises Refused."""
        uri, _line, public = text.strip().partition("\n")
        try:
            raw = base64.b64decode(public, validate=True)
        except (binascii.Error, ValueError):
            raw = b""
        if len(raw) != 32:
            raise Refused("This is no note of a key in a token.", expected=f"{FORM}, and base64 of 32 bytes below it",
                          found=text[:80])  # fmt: skip
        return cls(_place(uri), raw)

    def written(self) -> str:
        """What ``signing-key.pem`` holds for it: no secret."""
        return f"{self._place.uri()}\n{base64.b64encode(self._public).decode()}\n"

    def public_raw(self) -> bytes:
        """The 32 bytes of the public key."""
        return self._public

    def sign(self, data: bytes) -> bytes:
        """The 64 bytes of the signature; raises Refused for a wrong PIN, Unavailable without the token."""
        return _asked(self._place, lambda session: _signed(session, self._place, data))


def _place(uri: str) -> Place:
    path, _mark, query = uri.strip().removeprefix(PKCS11).partition("?")
    parts = [part.partition("=") for part in (*path.split(";"), *query.split("&"))]
    values = {name: unquote(value) for name, _equals, value in parts}
    if not uri.startswith(PKCS11) or set(values) != {"token", "object", "module-path"} or not all(values.values()):
        raise Refused("This does not say where a key in a token is.", expected=FORM, found=uri[:120],
                      todo="The PIN stands in no address: name its file in the environment.")  # fmt: skip
    return Place(values["token"], values["object"], values["module-path"])


def _asked(place: Place, ask: Callable[[Session], T]) -> T:
    """What a session of the token answers, one at a time; every fault of the token is a refusal."""
    try:
        import pkcs11
    except ImportError:
        raise Unavailable("Keys in tokens are not reached by this installation.", expected="the extra pkcs11",
                          found="not installed", todo="Install cell-product-registry[pkcs11].") from None  # fmt: skip
    pin = passphrase()
    if pin is None:
        raise Refused("The signing key is in a token, and no PIN is at hand.", expected=PASSPHRASE_FILE, found="none",
                      where=place.uri(), todo="Write the PIN into a file of mode 0600, and name that.")  # fmt: skip
    tried = hashlib.sha256(place.uri().encode() + b"\n" + pin).digest()
    with _LOCK:
        if tried in _REFUSED:
            raise _wrong_pin(place)
        try:
            token = pkcs11.lib(place.module).get_token(token_label=place.token)
            with token.open(user_pin=pin.decode()) as session:
                return ask(session)
        except (UnicodeDecodeError, pkcs11.PinIncorrect, pkcs11.PinInvalid, pkcs11.PinLenRange):
            _REFUSED.add(tried)
            raise _wrong_pin(place) from None
        except pkcs11.PKCS11Error as error:
            _forget(place)
            raise Unavailable("The token that holds the signing key does not sign.", expected=place.uri(),
                              found=f"{type(error).__name__} {error}".strip()[:200],
                              todo="See with pkcs11-tool -O that it is there and holds the key.") from None  # fmt: skip


def _forget(place: Place) -> None:
    """Have the library begin anew when it is asked next: a token that was taken out is seen again when it is back."""
    import pkcs11

    try:
        pkcs11.lib(place.module).finalize()
    except pkcs11.PKCS11Error:
        return


def _wrong_pin(place: Place) -> Refused:
    return Refused(
        "The token refuses this PIN, and is not asked with it again.", expected=PASSPHRASE_FILE,
        found="another PIN", where=place.uri(),
        todo="Most tokens lock themselves after a few wrong ones: set it right before you go on.",
    )  # fmt: skip


def _public_half(session: Session, place: Place) -> bytes:
    from pkcs11 import Attribute, KeyType, ObjectClass

    key = session.get_key(object_class=ObjectClass.PUBLIC_KEY, label=place.label)
    point = bytes(key[Attribute.EC_POINT])
    bare = point[2:] if point[:2] == b"\x04\x20" else point  # an OCTET STRING, as PKCS #11 2.40 has it, or the bytes
    if key.key_type != KeyType.EC_EDWARDS or len(bare) != 32:
        raise Refused("The key in the token is of another kind.", expected="Ed25519", found=str(key.key_type),
                      where=place.uri())  # fmt: skip
    return bare


def _signed(session: Session, place: Place, data: bytes) -> bytes:
    from pkcs11 import Mechanism, ObjectClass

    key = session.get_key(object_class=ObjectClass.PRIVATE_KEY, label=place.label)
    return bytes(key.sign(data, mechanism=Mechanism.EDDSA))  # type: ignore[attr-defined]

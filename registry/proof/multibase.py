"""Multibase texts of keys and signatures: ``z`` and base58btc (W3C Controlled Identifiers 1.0, section 2.4).

We do not use a library: base58 is fifteen lines, and its packages on the index are not maintained.
"""

from __future__ import annotations

from registry.errors import Unreadable

_DIGITS = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_LONGEST = 200


def written(data: bytes) -> str:
    """``z`` and the base58btc of the bytes."""
    number, digits = int.from_bytes(data, "big"), ""
    while number:
        number, rest = divmod(number, 58)
        digits = _DIGITS[rest] + digits
    zeros = len(data) - len(data.lstrip(b"\0"))
    return "z" + "1" * zeros + digits


def read(text: str) -> bytes:
    """The bytes of a text that ``written`` wrote; raises Unreadable for any other."""
    number = 0
    for letter in text[1:]:
        value = _DIGITS.find(letter)
        if value < 0 or len(text) > _LONGEST:
            raise Unreadable("This is no base58 text.", expected="z and base58btc", found=repr(text)[:80])
        number = number * 58 + value
    body = text[1:]
    zeros = len(body) - len(body.lstrip("1"))
    data = b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")
    if not text.startswith("z") or written(data) != text:
        raise Unreadable("This is no base58 text.", expected="z and base58btc", found=repr(text)[:80])
    return data

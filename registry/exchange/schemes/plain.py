"""Identifiers without a form that anybody may compute: a Chain of Identity, a house's own number.

They are compared sign by sign. ISBT 128 ST-028 says what a Chain of Identity identifier is made of; its text is
licensed, so that none is held to it here.
"""

from __future__ import annotations

import re

from registry.errors import WrongUsage
from registry.exchange.schemes.reading import Reading, without_symbology

CHAIN_OF_IDENTITY, HOUSE = "chain-of-identity", "house"
_TEXT = re.compile(r"[!-~](?:[ -~]{0,62}[!-~])?", re.ASCII)


def read(scheme: str, text: str) -> Reading:
    """The identifier as it stands; raises WrongUsage for what nobody could type again."""
    plain = without_symbology(text.strip())
    if not _TEXT.fullmatch(plain) or "://" in plain:
        raise WrongUsage("This cannot be an identifier.", found=repr(text[:80]),
                         expected="1 to 64 ASCII letters, digits and signs, and no web address")  # fmt: skip
    return Reading(scheme, plain, (plain,))

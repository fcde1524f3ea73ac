"""The Single European Code for tissues and cells: 40 signs in two sequences, without a check character.

DE000001W000016428175A000000000020261201 is a donation (DE, the establishment 000001, the number W000016428175) and a
product (A for ISBT 128, its number 0000000, the split 000, the day after which it must not be used).

Source: Commission Directive (EU) 2015/565, Annex VII. Its compendia (establishments, products) are not looked up.
"""

from __future__ import annotations

import re
from datetime import date

from registry.errors import WrongUsage
from registry.exchange.schemes.reading import Reading, without_symbology

SCHEME = "sec"
_CODE = re.compile(r"[A-Z]{2}[A-Z0-9]{19}[EAB][A-Z0-9]{10}([0-9]{4})([0-9]{2})([0-9]{2})", re.ASCII)
_NO_EXPIRY = ("0000", "00", "00")
_EXPECTED = (
    "40 letters and digits: country 2, establishment 6, donation 13, product coding system 1 (E, A or B), product 7, "
    "split 3, expiry 8 (YYYYMMDD)"
)


def is_marked(text: str) -> bool:
    """Whether a text says itself that it is one: ``SEC: …``."""
    return re.match(r"SEC[: ]", text.strip(), re.IGNORECASE) is not None


def read(text: str) -> Reading:
    """A Single European Code, its sequences apart or not; raises WrongUsage for what is none."""
    plain = re.sub(r"^SEC[: ]\s*", "", without_symbology(text.strip()), flags=re.IGNORECASE)
    plain = plain.replace(" ", "").upper()
    match = _CODE.fullmatch(plain)
    if match is None:
        raise WrongUsage("This is no Single European Code.", expected=_EXPECTED, found=text[:80])
    try:
        expires = "" if match.groups() == _NO_EXPIRY else date(*map(int, match.groups())).isoformat()
    except ValueError:
        raise WrongUsage("This Single European Code ends in no date.", found="".join(match.groups()),
                         expected="a day as YYYYMMDD, or 00000000",
                         todo="Compare it with the label, sign by sign.") from None  # fmt: skip
    return Reading(SCHEME, plain, (plain,), expires=expires)

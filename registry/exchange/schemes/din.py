"""ISBT 128 donation identification numbers: 13 signs, and the check character that is printed in a box after them.

    =W00001642817500        as a reader sends it: the number and two flags, which are no part of it
    W0000 16 428175 00 1    as printed: the number, its flags, its check character
    W0000164281751          as typed: the number and its check character

Source: ISBT 128 Standard Technical Specification ST-001, data structure 001; ISO/IEC 7064, system MOD 37-2. The tables
of ISBT 128 (facilities, product codes) are licensed, and not here: whose number it is, is not looked up.
"""

from __future__ import annotations

import re

from registry.errors import WrongUsage
from registry.exchange.schemes.reading import Reading, without_symbology

SCHEME = "din"
_SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ*"
_NUMBER = r"[A-NP-Z1-9][0-9]{12}"
_SCANNED = re.compile(rf"=({_NUMBER})[0-9A-Z]{{2}}", re.ASCII)
_TYPED = re.compile(rf"({_NUMBER})(?:[0-9A-Z]{{2}})?([0-9A-Z*])", re.ASCII)
_EXPECTED = "13 signs, such as W000016428175, and the check character in the box after them, here 1"


def check_character(number: str) -> str:
    """The check character over digits and capitals, by ISO/IEC 7064 MOD 37-2.

    >>> check_character("W000016428175")
    '1'
    """
    remainder = 0
    for sign in number:
        remainder = (remainder + _SIGNS.index(sign)) * 2 % 37
    return _SIGNS[(38 - remainder) % 37]


def is_scanned(text: str) -> bool:
    """Whether a text is written as nothing but a scanned donation number is."""
    return without_symbology(text).startswith("=")


def read(text: str) -> Reading:
    """A donation number, scanned or typed; ``unchecked`` without its check character. Raises WrongUsage for no number.

    What a reader sends needs none: the symbol has its own.
    """
    plain = without_symbology(text.strip())
    if scanned := _SCANNED.fullmatch(plain):
        return Reading(SCHEME, scanned[1], (scanned[1],))
    plain = plain.replace(" ", "").upper()
    if re.fullmatch(_NUMBER, plain, re.ASCII):
        return Reading(SCHEME, plain, (plain,), unchecked=True)
    typed = _TYPED.fullmatch(plain)
    if typed is None:
        raise WrongUsage("This is no donation identification number of ISBT 128.", expected=_EXPECTED, found=text[:80])
    if typed[2] != check_character(typed[1]):
        raise WrongUsage("The check character of this donation identification number is wrong.", expected=_EXPECTED,
                         found=text[:80], todo="Compare it with the label, sign by sign, or scan it.")  # fmt: skip
    return Reading(SCHEME, typed[1], (typed[1],))

"""What a laboratory's own name most likely stands for, to be asked and never to be taken: ``CD73 PE`` is CD73?

A name that says more than the characteristic is near it and means something else: ``CD73 MFI``, ``CD45- PE``,
``Repeat CD105``. Of such a name it is told what it is near to, and nothing is filled in.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from registry.intake.checks.invalid_words import unaccented
from registry.intake.names.near_names import inside, names_of, nearest
from registry.vocabulary import Terms
from registry.vocabulary.printed_names import folded, negative_stem

_UNIT = re.compile(r"\([^()]*%[^()]*\)|%")
_LONGEST = 200
_MINUS = re.compile(r"[-\u2010-\u2015\u2212](?![\w])")
_BESIDE = re.compile(
    r"fitc|pe|apc|percp|cy\d(?:\.\d)?|bv\d{3}|bb\d{3}|buv\d{3}|af\d{3}|alexa|fluor|pacific|blue|orange|vioblue|viogreen"
    r"|efluor|texas|red|fire|\d{3}|anti|human|pos|positive|cells?|live|freq|of|parent|a|h"
)
"""What stands beside a marker and changes nothing about it: dyes, ``anti``, ``positive``, the gate above, a channel."""


@dataclass(frozen=True, slots=True)
class Likely:
    """The characteristics that a name is near to, at most three; ``fills`` is the one that it plainly is, or empty."""

    near: tuple[str, ...] = ()
    fills: str = ""


def likely(printed: str, terms: Terms) -> Likely:
    """What a name that nobody maps may stand for."""
    known = names_of(terms)
    bare = _UNIT.sub(" ", printed[:_LONGEST]).strip()
    near = tuple(symbol for symbol in nearest(bare, known, inside(terms)) if symbol in known.values())
    plain = len(near) == 1 and negative_stem(bare) is None and not _MINUS.search(unicodedata.normalize("NFKC", bare))
    return Likely(near, near[0] if plain and _says_only(bare, near[0], terms) else "")


def _says_only(bare: str, symbol: str, terms: Terms) -> bool:
    """True when nothing that counts stands beside the characteristic, or it is only misspelled."""
    if not inside(terms)(bare):
        return True
    words = re.findall(r"\w+", unaccented(bare))
    names = {name for name, known in names_of(terms).items() if known == symbol}
    for length in (4, 3, 2, 1):
        for at in range(len(words) - length + 1):
            if folded("".join(words[at : at + length])) in names:
                return all(_BESIDE.fullmatch(word) for word in words[:at] + words[at + length :])
    return False

"""Known names inside longer ones, and names that are nearly known: ``FITC-CD45``, ``viabilty``, ``CD999``.

A name near to none of ours is somebody else's, and is kept as printed. A near one is a slip of the pen, or says more
than the name does; it is refused with what it is near to.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from registry.intake.checks.invalid_words import unaccented
from registry.intake.tabular.columns import distance
from registry.vocabulary import Characteristic, Terms
from registry.vocabulary.printed_names import folded

_NUMBERED = re.compile(r"(?<![a-z])(?:anti|a)?cd ?\d+[a-z]?(?!\w*:)", re.IGNORECASE)
_LEUKOCYTE = re.compile(r"(?:hla|mhc)[\W_]?", re.IGNORECASE)
_LONGEST = 60
EVERYDAY = frozenset({"color", "colour", "appearance", "morphology", "volume", "gram", "adherence", "bank", "cocktail"})
"""Names of characteristics that are everyday words, and in a longer name mean something else."""


@lru_cache(maxsize=4)
def names_of(terms: Terms) -> dict[str, str]:
    """Every printed name of a characteristic, folded, and what the characteristic is called."""
    return {
        folded(name).rstrip("+"): characteristic.symbol
        for characteristic in terms.characteristics.values()
        if characteristic.kind != "composite marker"
        for name in characteristic.names
    }


@lru_cache(maxsize=4)
def inside(terms: Terms) -> Callable[[str], str]:
    """A function that finds a known characteristic anywhere in a text; empty when there is none.

    Whatever is numbered as a CD antigen counts as one.
    """
    wanted = {name: symbol for name, symbol in names_of(terms).items() if len(name) > 2 and name not in EVERYDAY}

    def find(text: str) -> str:
        plain = unaccented(text[:400])
        words = [word for word in re.split(r"[^\w+]+", plain) if word]
        for length in (4, 3, 2, 1):
            for at in range(len(words) - length + 1):
                key = "".join(words[at : at + length]).rstrip("+")
                if key in wanted:
                    return wanted[key]
        numbered = _NUMBERED.search(plain)
        return re.sub(r"^(?:anti|a)|\s", "", numbered.group()).upper() if numbered else ""

    return find


def nearest(printed: str, known: Mapping[str, str], find: Callable[[str], str]) -> list[str]:
    """What a name that is not known is near to: at most three characteristics, none for a name of somebody else's."""
    held = find(printed)
    if held:
        return [held]
    key = folded(printed)
    if len(key) > _LONGEST:
        return []
    allowed = 1 if len(key) < 8 else 2
    close = [(distance(key, name, allowed), symbol) for name, symbol in known.items()
             if len(name) > 2 and abs(len(name) - len(key)) <= allowed]  # fmt: skip
    near = sorted((far, symbol) for far, symbol in close if far <= allowed)
    if not near and _LEUKOCYTE.match(printed.strip()):
        return [symbol for symbol in ("HLA-DR", "MHC II / HLA-DR") if symbol in known.values()]
    return list(dict.fromkeys(symbol for _, symbol in near))[:3]


@lru_cache(maxsize=4)
def markers(terms: Terms) -> dict[str, Characteristic]:
    """Markers by every printed name, folded; the clones and terms of mesenchymal tradition with them.

    SH2 is an antibody to CD105, SH3 and SH4 to CD73 (Barry 1999, doi 10.1006/bbrc.1999.1774; Barry 2001, doi
    10.1006/bbrc.2001.6013); W8B2 to MSCA-1 (Sobiesiak 2010, doi 10.1089/scd.2009.0328).
    """
    by_name = {folded(name): each for each in terms.characteristics.values() if each.is_marker for name in each.names}
    for names, symbol in _TRADITION:
        target = by_name.get(folded(symbol))
        for name in names if target else ():
            by_name.setdefault(folded(name), target)  # type: ignore[arg-type]
    return by_name


_TRADITION = (
    (("SH2", "SH-2"), "CD105"),
    (("SH3", "SH4", "SH-3", "SH-4", "SH3/SH4", "SH3/4", "SH-3/SH-4", "SH3, SH4", "SH3 and SH4"), "CD73"),
    (("W8B2", "W8-B2"), "MSCA-1"),
    (("PD-L1", "PDL1", "B7-H1"), "CD274"),
    (("tissue factor", "TF", "thromboplastin"), "CD142"),
    (("LCA", "leukocyte common antigen"), "CD45"),
)

"""When two printed names are one name, and when a printed name says the opposite.

    CD 73, cd73, CD-73          one name
    CD79α, CD79 alpha, CD79a    one name
    CD45+                       the percent of cells that carry CD45
    CD45-, CD45−, CD45neg       the percent that does not: never CD45

A hyphen inside a name is typography; a hyphen at its end is a minus sign. That is why the end is never touched.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from difflib import get_close_matches
from functools import lru_cache

_HYPHENS = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\ufe58\ufe63\uff0d\u00ad"
_HYPHEN = re.compile(f"[{_HYPHENS}]")
_GREEK = str.maketrans({"α": "a", "β": "b", "γ": "g", "δ": "d", "ε": "e", "ϵ": "e", "ζ": "z", "κ": "k", "μ": "u"})
_SPELLED = re.compile(r"alpha|beta|gamma|delta|epsilon|zeta|kappa")
_SUPERSCRIPT = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻]+")
_NEGATIVE = re.compile(
    r"^(?P<stem>.*?\S)\s*\(?\s*(?:-+|neg(?:ative)?\.?)\s*\)?(?:\s+(?:cells?|fraction|population))?$",
)


def _plain(text: str) -> str:
    """Compatibility forms made plain (full width, superscript signs), every hyphen ``-``, lower case."""
    return _HYPHEN.sub("-", unicodedata.normalize("NFKC", text)).casefold().strip()


@lru_cache(maxsize=32_768)
def folded(name: str) -> str:
    """The form in which two printed names of one characteristic are equal (design: Names).

    Case, spaces, inner hyphens and the way a Greek letter is written do not count. Signs at either end do:
    ``folded("CD45-")`` is ``cd45-`` and ``folded("CD73+")`` is ``cd73+``.
    """
    squeezed = "".join(_plain(name).translate(_GREEK).split())
    head = squeezed[: len(squeezed) - len(squeezed.lstrip("-"))]
    tail = squeezed[len(squeezed.rstrip("-")) :] if head != squeezed else ""
    inner = squeezed[len(head) : len(squeezed) - len(tail)].replace("-", "")
    return head + _SPELLED.sub(lambda spelled: spelled.group()[0], inner) + tail


def folded_unit(printed: str) -> str:
    """The form in which two printed units are equal: case, spaces and the two signs for micro do not count.

    Hyphens count (10^-6 is not 10^6) and so do superscripts (10⁶ is 10^6, and 106 is neither).
    """
    raised = _SUPERSCRIPT.sub(lambda digits: "^" + unicodedata.normalize("NFKC", digits.group()), printed)
    return "".join(_plain(raised).replace("×", "x").replace("μ", "u").split())


def folded_word(printed: str) -> str:
    """The form in which two printed outcomes are equal: case, spaces and a final full stop do not count."""
    return "".join(_plain(printed).split()).removesuffix(".")


def negative_stem(name: str) -> str | None:
    """What a name says is absent: ``CD45`` of ``CD45-``, ``CD45 neg``, ``CD45 (−)``; None if it says no such thing."""
    match = _NEGATIVE.match(_plain(name))
    return match["stem"] if match else None


def nearest(name: str, known: Mapping[str, str]) -> str:
    """What to do about a name that nothing is called: those that are near it (folded name → name), if any."""
    near = dict.fromkeys(known[key] for key in get_close_matches(folded(name), known, n=3, cutoff=0.6))
    return f"Did you mean {' or '.join(near)}?" if near else "Ask for the term to be added to the ontology."

"""Identifiers that a tired person takes for one another: ``H-07``, ``H 07``, ``H07``, ``H-O7``, ``H–07``.

Each has a skeleton, ``H07`` for all of these, under which it is found; and two of one skeleton look alike unless each
is divided where the other is not (``1-11`` and ``11-1``).

Source: Unicode Technical Standard 39, section 4 and its table ``confusables.txt``: compare skeletons, never show them.
Of ASCII letters and digits that table confuses 0 with O, and 1 with I and l; what is further here is that separators
and case count for nothing, as on the telephone. Lots' identifiers are ASCII (see ``iris``), so the other characters
matter only where a person types: what looks like ASCII is read as ASCII. Libraries of the whole table exist; these
few lines of it are all that can ever apply.

Names of people are in any script, so ``name_skeletons`` keeps every letter, and folds only what is printed alike.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

_ONE = str.maketrans({"O": "0", "I": "1", "L": "1"})
# Greek and Cyrillic capitals that are printed as Latin ones are (confusables.txt).
_PRINTED_ALIKE = str.maketrans("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧАВЕЅІЈКМНОРСТУХ", "ABEZHIKMNOPTYXABESIJKMHOPCTYX")
_SEEN_ONE = str.maketrans({"O": "0", "o": "0", "I": "1", "l": "1"})
_ALIKE_SCRIPTS = frozenset({"LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "CHEROKEE", "COPTIC"})
_SEPARATORS = {
    "-": "a hyphen", " ": "a space", "_": "an underscore", ".": "a full stop", "/": "a slash", "#": "a number sign",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class LookAlike:
    """A lot that another is easily taken for, and how the two are told apart, in a sentence."""

    lot: str
    difference: str


def skeleton(text: str) -> str:
    """What remains of an identifier when it is read carelessly: its letters and digits, 0 for O, 1 for I and L.

    >>> skeleton("h – o7")
    'H07'
    """
    plain = unicodedata.normalize("NFKC", text).upper().translate(_PRINTED_ALIKE)
    return "".join(letter for letter in plain if letter.isascii() and letter.isalnum()).translate(_ONE)


def name_skeletons(name: str) -> frozenset[str]:
    """A person's name as it is heard and as it is seen; two names that share one of them are taken for one another.

    Heard: without case, spaces, full stops, hyphens. Seen: further, a Greek or Cyrillic letter that is printed as a
    Latin one is that one, and O is 0, I and l are 1.
    ``Lan`` and ``Ian`` are two names, ``Ian`` and ``lan`` look like one.
    """
    plain = "".join(letter for letter in unicodedata.normalize("NFKC", name) if letter.isalnum()) or name
    latin = "".join(map(_printed, plain))
    return frozenset(form.casefold() for form in (plain, latin, latin.translate(_SEEN_ONE)))


def _printed(letter: str) -> str:
    latin = letter.upper().translate(_PRINTED_ALIKE)
    if latin == letter.upper():
        return letter
    return latin if letter.isupper() else latin.lower()


def scripts_taken_for_another(name: str) -> tuple[str, ...]:
    """Which of the scripts whose letters are printed alike stand in a name, in order: ``("Cyrillic", "Latin")``."""
    letters = (letter for letter in unicodedata.normalize("NFKC", name) if letter.isalpha())
    scripts = {unicodedata.name(letter, "").split(" ", 1)[0] for letter in letters}
    return tuple(sorted(script.capitalize() for script in scripts & _ALIKE_SCRIPTS))


def look_alike(name: str, other: str) -> bool:
    """Whether two different identifiers are easily taken for one another; one is never like itself.

    ``H-07`` and ``H07`` are alike, since one only lacks the other's hyphen. ``1-11`` and ``11-1`` are not: both are
    divided, each where the other is not, which is how series of numbers are told apart.
    """
    if name.casefold() == other.casefold() or skeleton(name) != skeleton(other):
        return False
    here, there = _divided(name), _divided(other)
    return here <= there or there <= here


def _divided(text: str) -> frozenset[int]:
    """After how many letters and digits something else stands within ``text``."""
    plain = unicodedata.normalize("NFKC", text).strip()
    count, places = 0, set[int]()
    for letter in plain:
        if letter.isalnum():
            count += 1
        else:
            places.add(count)
    return frozenset(places - {0, count})


def difference(name: str, other: str) -> str:
    """How two that look alike are told apart: ``H-O7 has the capital letter O where H-07 has the digit 0.``"""
    places = [f"{here} where {{}} has {there}" for here, there in _differences(_signs(name), _signs(other))]
    first, *further = places or ["other signs where {} has its own"]
    return f"{name} has " + ", and ".join([first.format(other), *(words.format("it") for words in further)]) + "."


def _differences(signs: list[tuple[str, str]], other: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for (divided, letter), (divided_there, letter_there) in zip(signs, other, strict=False):
        if divided != divided_there:
            yield _separator(divided), _separator(divided_there)
        if letter.casefold() != letter_there.casefold():
            yield _letter(letter), _letter(letter_there)


def _signs(text: str) -> list[tuple[str, str]]:
    """Each letter or digit with what stands before it; what stands at the end is before nothing."""
    pairs, before = [], ""
    for sign in text:
        if sign.isalnum():
            pairs.append((before, sign))
            before = ""
        else:
            before += sign
    return [*pairs, (before, "")]


def _separator(signs: str) -> str:
    return " and ".join(_SEPARATORS.get(sign, sign) for sign in signs) or "nothing"


def _letter(sign: str) -> str:
    if sign.isdigit():
        return f"the digit {sign}"
    return f"the {'capital' if sign.isupper() else 'small'} letter {sign}"

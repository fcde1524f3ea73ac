"""Passwords that are guessed first: a name, a common word with digits about it, a run of the keyboard, a repetition.

NIST SP 800-63B, 5.1.1.2, asks to compare with values that are commonly used, expected or compromised, and names these:
dictionary words, repetitive or sequential characters, the name of the service and of the user. How many guesses a
password takes is zxcvbn's estimate (USENIX Security 2016), from lists of leaked passwords and words; fewer than 10^10
are refused, which is the best of its five classes. It knows English only, and adds up what it does not know, so the
words that are tried first here stand beside it (docs/decisions/0015-libraries-tried.md).
"""

from __future__ import annotations

import re

_WORDS = """
password passwort passphrase motdepasse contrasena senha pass letmein letmeinnow welcome welcomeback willkommen
changeme changemenow changeit default secret topsecret geheim admin administrator root superuser sysadmin manager
user guest test tester testtest testing login signin hello helloworld iloveyou ilovejesus princess sunshine rainbow
dragon monkey football baseball basketball superman batman spiderman pokemon starwars startrek master shadow michael
jordan jennifer charlie whatever trustno trustnoone access computer internet samsung google facebook liverpool
chelsea arsenal barcelona summer winter spring autumn january february march april june july august september
october november december monday friday hospital clinic clinician nurse doctor laboratory labor patient medicine
health quality inspector qwerty qwertz azerty asdf asdfgh zxcvbn qwertyuiop asdfghjkl zxcvbnm
correcthorsebatterystaple thisismypassword mypassword yourpassword nopassword
"""
_COMMON = frozenset(_WORDS.split())
_READ_AS = str.maketrans({"@": "a", "4": "a", "0": "o", "1": "i", "3": "e", "$": "s", "5": "s", "7": "t", "!": "i"})
_SERVICE = ("cellregistry", "cellproductregistry", "productregistry")
_FEWEST_GUESSES = 10
"""Decimal logarithm of the guesses that a password must take."""
_LOOKED_AT = 72
"""Characters that are looked at: what is hard to guess so far is no easier with more, and 256 take half a second."""
_BY_PATTERN = {
    "repeat": "it is one part repeated",
    "sequence": "its characters follow each other in the alphabet, in counting or on the keyboard",
    "spatial": "its characters follow each other in the alphabet, in counting or on the keyboard",
}
_COMMON_WORD = "it is a common password, or one with digits or signs about it"


def why_guessed(password: str, name: str) -> str:
    """Why this password is guessed soon, as one half of a sentence; empty when nothing is known against it."""
    text = password.casefold()
    letters = "".join(sign for sign in text if sign.isalnum())
    if name.casefold() in text:
        return "it holds the account's name"
    if any(service in letters for service in _SERVICE):
        return "it holds the name of this registry"
    if _is_common(text):
        return _COMMON_WORD
    return _guessed_soon(password[:_LOOKED_AT])


def _guessed_soon(password: str) -> str:
    """What makes the most of a password that takes too few guesses; empty of another."""
    from zxcvbn import zxcvbn

    estimate = zxcvbn(password)
    if estimate["guesses_log10"] >= _FEWEST_GUESSES:
        return ""
    longest = max(estimate["sequence"], key=lambda match: len(match["token"]))
    return _BY_PATTERN.get(longest["pattern"], _COMMON_WORD)


def _is_common(text: str) -> bool:
    """Digits and signs at both ends taken away, then all of them, a common word or two of them remain."""
    stripped = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", text)
    cores = {re.sub(r"[\W\d_]+", "", core) for core in (stripped, stripped.translate(_READ_AS))}
    pairs = ((core[:at], core[at:]) for core in cores for at in range(1, len(core)))
    return not cores.isdisjoint(_COMMON) or any(first in _COMMON and second in _COMMON for first, second in pairs)

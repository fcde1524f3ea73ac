"""Passwords that are guessed first: a name, a common word with digits about it, a run of the keyboard, a repetition.

NIST SP 800-63B, 5.1.1.2, asks to compare with values that are commonly used, expected or compromised, and names these:
dictionary words, repetitive or sequential characters, the name of the service and of the user. Whoever guesses online
is slowed down beside this (see ``throttle``), so the list is short: what remains of a common password of twelve
characters once its digits and signs are taken away.
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
_RUNS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "qwertzuiop", "azertyuiop", "asdfghjkl", "zxcvbnm",
         "yxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p", "!@#$%^&*()", "1q2w3e4r5t6y7u8i9o0p")  # fmt: skip
_READ_AS = str.maketrans({"@": "a", "4": "a", "0": "o", "1": "i", "3": "e", "$": "s", "5": "s", "7": "t", "!": "i"})
_SERVICE = ("cellregistry", "cellproductregistry", "productregistry")
_LEAST_RUN, _LEAST_OWN = 4, 5


def why_guessed(password: str, name: str) -> str:
    """Why this password is guessed soon, as one half of a sentence; empty when nothing is known against it."""
    text = password.casefold()
    letters = "".join(sign for sign in text if sign.isalnum())
    if name.casefold() in text:
        return "it holds the account's name"
    if any(one in letters for one in _SERVICE):
        return "it holds the name of this registry"
    if len(set(text)) < _LEAST_OWN:
        return "it is made of fewer than five different characters"
    if text in (text + text)[1:-1]:
        return "it is one part repeated"
    if len(_without_runs(text)) < _LEAST_OWN:
        return "its characters follow each other in the alphabet, in counting or on the keyboard"
    if _is_common(text):
        return "it is a common password, or one with digits or signs about it"
    return ""


def _is_common(text: str) -> bool:
    """Digits and signs at both ends taken away, then all of them, a common word or two of them remain."""
    stripped = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", text)
    cores = {re.sub(r"[\W\d_]+", "", one) for one in (stripped, stripped.translate(_READ_AS))}
    pairs = ((core[:at], core[at:]) for core in cores for at in range(1, len(core)))
    return not cores.isdisjoint(_COMMON) or any(one in _COMMON and two in _COMMON for one, two in pairs)


def _without_runs(text: str) -> str:
    """The text without each stretch of four or more that runs on, forwards or backwards."""
    for run in (*_RUNS, *(one[::-1] for one in _RUNS)):
        for length in range(len(run), _LEAST_RUN - 1, -1):
            for start in range(len(run) - length + 1):
                text = text.replace(run[start : start + length], "")
    return text

"""Passwords: what is a good one, and how it is kept.

argon2id with 19 MiB, four passes, one lane (OWASP Password Storage Cheat Sheet asks for two): about 40 ms on one core,
and eight sign-ins at once cost 152 MiB. Length is the rule, composition is not (NIST SP 800-63B, 5.1.1.2).
"""

from __future__ import annotations

import os
import secrets
import sys
import threading
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from registry.accounts.common_passwords import why_guessed
from registry.errors import WrongUsage
from registry.turns import Turns

SHORTEST = 12
LONGEST = 256

_HASHER = PasswordHasher(time_cost=4, memory_cost=19_456, parallelism=1)
_VERIFYING = Turns(running=max(1, (os.cpu_count() or 1) // 2), waiting=12, share=6, patience=10)
"""Half of the processors: a flood of sign-ins leaves the others to whoever is signed in."""
BEHIND = 10
"""By how much more it is nice than whoever answers pages."""
# Verified against when there is no such account, so that a wrong name takes as long as a wrong password. It is the hash
# of 256 random bits that nobody kept: made anew it would cost every start of every command 40 ms.
_NOBODY = "$argon2id$v=19$m=19456,t=4,p=1$O9kLvyRReKNGU6tvVwhQZQ$nao9MD9Oky9JBLh02pZIIcbuKSB43mciCcszRLHlWeA"


def hashed(password: str, name: str) -> str:
    """argon2's text for a password that somebody chose; raises WrongUsage for a wrong length and for a guessed one."""
    text = _normal(password)
    if not SHORTEST <= len(text) <= LONGEST:
        raise WrongUsage(
            "The password has the wrong length.", expected=f"{SHORTEST} to {LONGEST} characters",
            found=f"{len(text)} characters", todo="A few words that only you would put together.",
        )  # fmt: skip
    if why := why_guessed(text, name):
        raise WrongUsage("The password is easily guessed.", expected="one that nobody tries first", found=why,
                         todo="A few words that only you would put together.")  # fmt: skip
    return _HASHER.hash(text)


def hashed_one_time(password: str) -> str:
    """argon2's text for what ``one_time`` made: 120 random bits are no guess, whatever they happen to spell."""
    return _HASHER.hash(_normal(password))


def matches(kept: str | None, password: str) -> bool:
    """True when ``password`` is the one that was hashed as ``kept``; takes as long when there is none.

    Raises Unavailable when more wait than a server has threads for: a flood of sign-ins keeps no page waiting.
    """
    text = _normal(password)[:LONGEST]
    with _VERIFYING.taken("a password to be verified"):
        is_it = _verified(kept or _NOBODY, text if len(password) <= LONGEST else "")
    return is_it and kept is not None


def _verified(kept: str, text: str) -> bool:
    """As argon2 has it, in a thread that steps back behind those that answer pages (Linux: each has a nice value)."""
    outcome: list[bool | BaseException] = []

    def verify() -> None:
        if sys.platform == "linux":
            own = threading.get_native_id()
            os.setpriority(os.PRIO_PROCESS, own, os.getpriority(os.PRIO_PROCESS, own) + BEHIND)
        try:
            outcome.append(_HASHER.verify(kept, text))
        except VerifyMismatchError:
            outcome.append(False)
        except BaseException as error:
            outcome.append(error)

    thread = threading.Thread(target=verify, name="password")
    thread.start()
    thread.join()
    if isinstance(outcome[0], BaseException):
        raise outcome[0]
    return outcome[0]


def one_time() -> str:
    """A password to be printed once and changed at the first sign-in: 120 random bits."""
    return secrets.token_urlsafe(15)


def _normal(password: str) -> str:
    # Half a surrogate pair is no character, and no reason to fail: it becomes a question mark.
    return unicodedata.normalize("NFKC", password).encode("utf-8", "replace").decode()

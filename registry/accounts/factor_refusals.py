"""What a signer is told whose second factor is missing or wrong: what is expected, and what to do."""

from __future__ import annotations

from registry.accounts.account_table import Account
from registry.accounts.passkeys import PASSKEY
from registry.errors import NotAllowed, NotSignedIn


def not_enrolled(account: Account) -> NotAllowed:
    """Its role must have a factor, and it has none."""
    return NotAllowed(
        f"The {account.role} signs with a second factor, and {account.name} has none.",
        expected="an enrolled authenticator or passkey", found="a password alone", code="second-factor",
        todo="Enrol one first.", action="second-factor",
    )  # fmt: skip


def none_given(account: Account, kinds: tuple[str, ...]) -> NotSignedIn:
    """It has a factor, and gave none; ``kinds`` are what it may give."""
    if kinds == (PASSKEY,):
        return NotSignedIn(
            f"{account.name} signs with a passkey beside the password.", expected="the passkey's answer, in a browser",
            found="none", where="passkey", code="second-factor", action="second-factor",
            todo="Sign in a browser; for a terminal enrol one-time codes as well.",
        )  # fmt: skip
    return NotSignedIn(
        f"{account.name} signs with a one-time code beside the password.", expected="the code that the "
        "authenticator shows now", found="none", where="code", code="second-factor",
        todo="Type the code that it shows." + (" Or give the passkey." if PASSKEY in kinds else ""), action="give-code",
    )  # fmt: skip


def wrong_code(message: str) -> NotSignedIn:
    """A code that is not taken."""
    return NotSignedIn(
        message, expected="the code that the authenticator shows now, never used before", found="another",
        where="code", code="second-factor", todo="Wait for the next code, and see that the device's clock is right.",
    )  # fmt: skip

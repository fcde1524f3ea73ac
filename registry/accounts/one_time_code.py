"""One-time codes of an authenticator: six digits, another every 30 seconds (RFC 6238, TOTP with SHA-1).

Example: ``accepted_step(secret, "492039", now, after=0)`` is the step of the code, or None when it is wrong or used.

A code of the step before and of the step after are accepted too: clocks drift, and people type (RFC 6238, 5.2).
"""

from __future__ import annotations

import hmac
from datetime import datetime

import pyotp
import segno

SECONDS = 30
DRIFT = (0, -1, 1)


def new_secret() -> str:
    """160 random bits in base32, as RFC 4226 section 4 recommends."""
    return pyotp.random_base32()


def address(secret: str, account: str, issuer: str) -> str:
    """The ``otpauth://`` address that authenticators read from a QR code; it holds the secret."""
    return pyotp.TOTP(secret, interval=SECONDS).provisioning_uri(name=account, issuer_name=issuer)


def code_at(secret: str, now: datetime) -> str:
    """The code that an authenticator shows at a time."""
    return pyotp.TOTP(secret, interval=SECONDS).at(now)


def accepted_step(secret: str, code: str, now: datetime, *, after: int) -> int | None:
    """The step of ``code``, or None: not of this step or a neighbour, or not later than ``after``, used before."""
    totp, digits = pyotp.TOTP(secret, interval=SECONDS), "".join(code.split())
    step, accepted = int(now.timestamp()) // SECONDS, None
    for drift in DRIFT:
        is_it = hmac.compare_digest(totp.generate_otp(step + drift).encode(), digits.encode("utf-8", "replace"))
        if is_it and step + drift > after:
            accepted = step + drift
    return accepted


def picture(text: str) -> str:
    """A QR code as a ``data:`` address of an SVG, drawn here: the secret is told to nobody."""
    return str(segno.make(text, error="m").svg_data_uri(scale=4, border=4, light="#fff", dark="#000", nl=False))

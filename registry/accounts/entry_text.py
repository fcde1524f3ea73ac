"""Changes of accounts and tokens in words, as the ledger's readers get them: who, in which role, by whom, and why.

Example: ``nurse.night (clinician) disabled by admin: Left the clinic``. Entries made before their details held a
``summary`` are said from what they do hold; no secret and no digest of one is ever part of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from registry.errors import WrongUsage
from registry.ledger import Entry

_ACCOUNT = {
    "created": "{who} made by {by}",
    "disabled": "{who} disabled by {by}",
    "enabled": "{who} enabled again by {by}, with a one-time password",
    "password changed": "{who}: password changed by {by}",
    "password reset": "{who}: password reset by {by} to a one-time password",
    "second factor enrolled": "{who}: second factor enrolled by {by}",
    "passkey enrolled": "{who}: passkey enrolled by {by}",
    "second factor taken away": "{who}: second factor taken away by {by}",
}


def said(entry: Entry) -> str:
    """What an entry says in one line, of whatever kind."""
    details = entry.details
    if summary := details.get("summary"):
        return str(summary)
    if entry.kind == "account":
        return account_line(details, entry.actor)
    if entry.kind == "token":
        return token_line(details, entry.actor)
    if entry.kind == "sign-in":
        attempts = f"{details.get('attempts')} wrong {details.get('of', 'password')}s"
        return f"{details.get('account')} locked out after {attempts}"
    if entry.kind == "init":
        return f"Registry founded: {details.get('base')}"
    if entry.kind == "key":
        return f"Signing key replaced: {details.get('reason')}"
    return entry.kind


def account_line(details: Mapping[str, Any], by: str, role: str = "") -> str:
    """A change of an account in words; ``role`` where the details do not hold it."""
    role = str(details.get("role") or role)
    who = f"{details.get('account')} ({role})" if role else str(details.get("account"))
    event = str(details.get("event"))
    line = _ACCOUNT.get(event, "{who}: " + event + " by {by}").format(who=who, by=by)
    return _with_reason(line + (", whose own could not be checked" if details.get("unchecked") else ""), details)


def setting_line(details: Mapping[str, Any], by: str) -> str:
    """A setting in words: which roles sign with a second factor only."""
    roles = ", ".join(str(role) for role in details.get("roles") or ()) or "no role"
    return _with_reason(f"Second factor at signing required of {roles}, set by {by}", details)


def token_line(details: Mapping[str, Any], by: str) -> str:
    """A change of a token in words: its identifier, which is no secret, and what it is for."""
    what = f"Token {details.get('id')} of {details.get('account')}"
    label = f" for {details['label']}" if details.get("label") else ""
    event = "made" if details.get("event") == "created" else str(details.get("event"))
    until = f", until {details['expires']}" if details.get("expires") else ""
    scopes = f", may {', '.join(details['scopes'])}" if details.get("scopes") else ""
    return _with_reason(f"{what}{label} {event} by {by}{until}{scopes}", details)


def checked_reason(text: str) -> str:
    """A reason of an entry, trimmed; raises WrongUsage for none, one over 500 characters, or unprintable ones."""
    if not text.strip() or len(text) > 500 or not text.strip().isprintable():
        raise WrongUsage("This needs a reason.", where="reason", expected="a sentence of at most 500 characters",
                         found=text[:100] or "nothing", todo="Say why: the ledger keeps it.")  # fmt: skip
    return text.strip()


def _with_reason(line: str, details: Mapping[str, Any]) -> str:
    reason = str(details.get("reason") or "").strip()
    return f"{line}: {reason}" if reason else line

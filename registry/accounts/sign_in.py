"""Whose name and password these are: for signing in, and again for every signature."""

from __future__ import annotations

import logging
from typing import Any

from sqlalchemy import Row

from registry.accounts import passwords, throttle
from registry.accounts.account_table import NAME, Account, account_of, row_of
from registry.accounts.second_factor import SecondFactors
from registry.errors import NotAllowed, NotSignedIn
from registry.ledger import Json, Ledger, NewEntry

LOG = logging.getLogger(__name__)


class Verifying:
    """Passwords of one registry asked about; ``People`` inherits it."""

    _ledger: Ledger

    def verify(self, name: str, password: str) -> Account:
        """The account, when ``password`` is its own: for signing in, and again for every signature.

        Raises NotSignedIn in the same words and time whether the name, the password or the account's state is at
        fault; Throttled after too many wrong ones from where this is asked (see ``throttle``). ``must_change`` is for
        the caller to act upon.
        """
        known_form = NAME.fullmatch(name) is not None
        with self._ledger.writing() as connection:
            attempt = throttle.reserve(connection, name.casefold() if known_form else "", self._ledger.clock())
        with self._ledger.view() as view:
            row = row_of(view.connection, name) if known_form else None
        right = passwords.matches(row.password if row else None, password)
        if row is None or not right or row.disabled:
            raise self._refusal(row, attempt)
        with self._ledger.writing() as connection:
            throttle.clear(connection, name.casefold())
        return account_of(row)

    def verify_to_sign(self, name: str, password: str) -> Account:
        """As ``verify``, for a signature: raises NotAllowed while the password is a one-time one.

        Whoever handed that out knows it too, and a signature must be its signer's alone (21 CFR 11.100(a), 11.200).
        The account's second factor is asked for as well, and required of its role where a setting says so: raises as
        ``SecondFactors.prove`` does.
        """
        account = self._own("Nothing is signed with a one-time password.", name, password)
        return SecondFactors(self._ledger).prove(account)

    def verify_to_act(self, name: str, password: str) -> Account:
        """As ``verify``, for whatever is entered as done by this account: raises NotAllowed for a one-time password.

        Else whoever handed it out could submit as its owner, and release as themselves.
        """
        return self._own("Nothing is done with a one-time password but to choose one's own.", name, password)

    def _own(self, refusal: str, name: str, password: str) -> Account:
        account = self.verify(name, password)
        if account.must_change:
            raise NotAllowed(
                refusal,
                expected="a password that only its owner knows",
                found=f"the one-time password of {account.name}",
                todo="Sign in with it, and choose a password of your own.",
                code="one-time-password",
                action="choose-password",
            )
        return account

    def _refusal(self, row: Row[Any] | None, attempt: throttle.Attempt) -> NotSignedIn:
        count, source = attempt.here, attempt.address or "this machine"
        # A name that nobody has is not logged: it may be a password that was typed into the wrong field.
        whom = repr(row.name) if row is not None else "a name that nobody has"
        LOG.warning("wrong credentials for %s from %s: attempt %d within 15 minutes", whom, source, count)
        # One entry a lock-out, and none for names that do not exist: strangers cannot fill the ledger.
        if row is not None and attempt.locks:
            details: dict[str, Json] = {"event": "locked out", "account": row.name, "attempts": attempt.everywhere}
            entry = NewEntry("sign-in", details=details, index=(("account", row.name),))
            self._ledger.append([entry], actor="registry")
            LOG.error("account %r is locked out from %s: %d wrong passwords", row.name, source, attempt.everywhere)
        return NotSignedIn("The name or the password is wrong.")

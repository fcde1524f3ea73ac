"""Accounts managed: who somebody is, and what is done to accounts, sessions and tokens, by whom.

registry.accounts.create("mary", "clinician", "Mary Major", by=administrator)     the one-time password
registry.accounts.reset_password("admin", reason="Forgotten.", by=LocalOperator())

Whoever acts is looked up again: an account that was made up, disabled since, or given another role, does nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from registry.accounts import Account, Accounts, Actor, LocalOperator, Permission, Token, require
from registry.accounts.tokens import LASTS
from registry.errors import NotAllowed, NotSignedIn, Unknown
from registry.services.accounts.second_factor import SecondFactorService


class AccountService:
    """The accounts of one registry."""

    def __init__(self, accounts: Accounts, head: Callable[[], tuple[int, str]]) -> None:
        self._accounts = accounts
        self.second_factor = SecondFactorService(accounts, head)

    def sign_in(self, name: str, password: str) -> Account:
        """The account whose password this is; raises NotSignedIn, Throttled."""
        return self._accounts.people.verify(name, password)

    def question_to_sign_in(self, holder: str) -> str:
        """What a browser's ``navigator.credentials.get`` is given, as JSON; ``holder`` is its form's secret."""
        return self._accounts.second_factors.passkeys.question_to_sign_in(holder)

    def sign_in_by_passkey(self, answer: str, holder: str) -> Account:
        """The account whose passkey answered ``question_to_sign_in``; raises NotSignedIn."""
        return self._accounts.second_factors.passkeys.sign_in(answer, holder)

    def act_as(self, name: str, password: str) -> Account:
        """As ``sign_in``, where a command enters what the account does: raises NotAllowed for a one-time password."""
        return self._accounts.people.verify_to_act(name, password)

    def open_session(self, account: Account) -> tuple[str, str]:
        """(secret for the cookie, CSRF token) of a new session; the one that the account had ends."""
        session = self._accounts.sessions.start(account)
        return session.secret, session.csrf

    def session(self, secret: str, *, noted: bool = True) -> tuple[Account, str] | None:
        """(account, CSRF token) of a session, or None when it has ended; see ``Sessions.find``."""
        try:
            session = self._accounts.sessions.find(secret, noted=noted)
        except NotSignedIn:
            return None
        return session.account, session.csrf

    def close_session(self, secret: str) -> None:
        """Sign out."""
        self._accounts.sessions.end(secret)

    def sessions(self) -> list[tuple[str, datetime, datetime]]:
        """(account, begun, last used) of everybody who is signed in."""
        return self._accounts.sessions.open()

    def end_sessions(self, name: str, *, by: Actor) -> None:
        """Sign an account out everywhere; raises NotAllowed."""
        self._require(by, Permission.MANAGE_ACCOUNTS)
        self._accounts.sessions.end_all(name)

    def all(self) -> list[Account]:
        """Every account there ever was, by name."""
        return self._accounts.people.all()

    def create(self, name: str, role: str, printed_name: str = "", *, by: Actor) -> str:
        """A new account's one-time password; raises NotAllowed, Conflict for a name that was ever used."""
        self._require(by, Permission.MANAGE_ACCOUNTS)
        return self._accounts.people.create(name, role, by=by.name, printed_name=printed_name)[1]

    def disable(self, name: str, *, reason: str, by: Actor) -> None:
        """Take an account's rights away; its name stays its own for ever. Raises NotAllowed."""
        self._require(by, Permission.MANAGE_ACCOUNTS)
        self._accounts.people.disable(name, by=by.name, reason=reason)

    def enable(self, name: str, *, reason: str, by: Actor) -> str:
        """Give a disabled account its rights back; answers its one-time password. Raises NotAllowed."""
        self._require(by, Permission.MANAGE_ACCOUNTS)
        return self._accounts.people.enable(name, by=by.name, reason=reason)

    def change_password(self, name: str, old: str, new: str) -> Account:
        """Set a new password; sessions and tokens end. Raises NotSignedIn for a wrong, WrongUsage for a poor one."""
        return self._accounts.people.change_password(name, old, new)

    def reset_password(self, name: str, *, reason: str, by: Actor) -> str:
        """A new one-time password, with which nothing can be signed; sessions and tokens end.

        Whoever may write the registry's folder resets an administrator's alone: one who is locked out has nobody else
        to ask. Raises NotAllowed, Unknown.
        """
        whose = self._accounts.people.get(name)
        reset = Permission.RESET_ADMINISTRATOR if whose.role == "administrator" else Permission.MANAGE_ACCOUNTS
        self._require(by, reset)
        return self._accounts.people.reset_password(name, by=by.name, reason=reason)

    def account_of_token(self, value: str) -> Account:
        """The account that a bearer token acts as; raises NotSignedIn."""
        return self._accounts.tokens.verify(value)

    def create_token(
        self, name: str, label: str, *, by: Actor, days: int = LASTS.days, scopes: Sequence[str] = ()
    ) -> str:
        """A bearer token's value, shown this once; raises NotAllowed unless it is made by whom it acts for.

        It is good for ``days`` (90, at most 366) and for ``scopes``: without any for reading, asking and submitting, as
        far as the role may. Raises WrongUsage for others.
        """
        self._require(by, Permission.CREATE_TOKEN)
        lasts = timedelta(days=max(min(days, 10_000), 0))
        return self._accounts.tokens.create(name, by=by.name, label=label, lasts=lasts, scopes=scopes)[1]

    def tokens(self, name: str | None = None) -> list[Token]:
        """Tokens, of one account or of all; never their values."""
        return self._accounts.tokens.all(name)

    def revoke_token(self, token: str, *, by: Actor) -> None:
        """Take a token's rights away: its owner may, and whoever manages accounts. Raises NotAllowed, Unknown."""
        owned = {own.id for own in self._accounts.tokens.all(by.name)} if isinstance(by, Account) else set[str]()
        self._require(by, Permission.CREATE_TOKEN if token in owned else Permission.MANAGE_ACCOUNTS)
        self._accounts.tokens.revoke(token, by=by.name)

    def _require(self, actor: Actor, permission: Permission) -> None:
        """Let through whoever may do this, as their account is now; raises NotAllowed."""
        require(actor, permission)
        if isinstance(actor, LocalOperator):
            return
        try:
            require(self._accounts.people.get(actor.name), permission)
        except Unknown:
            raise NotAllowed(
                "Nobody here has that account.", expected="an account of this registry", found=actor.name
            ) from None

"""People: who somebody is, and what is done to accounts, sessions and tokens. Who may do it is the caller's question.

``Registry`` inherits these verbs; they need nothing of it but its parts.
"""

from __future__ import annotations

from datetime import datetime

from registry.accounts import Account, Token
from registry.errors import NotSignedIn
from registry.services.context import Parts


class People:
    """The accounts of one registry."""

    parts: Parts

    def sign_in(self, name: str, password: str) -> Account:
        """The account whose password this is; raises NotSignedIn, Throttled."""
        return self.parts.accounts.people.verify(name, password)

    def act_as(self, name: str, password: str) -> Account:
        """As ``sign_in``, where a command enters what the account does: raises NotAllowed for a one-time password."""
        return self.parts.accounts.people.verify_to_act(name, password)

    def open_session(self, account: Account) -> tuple[str, str]:
        """(secret for the cookie, CSRF token) of a new session."""
        session = self.parts.accounts.sessions.start(account)
        return session.secret, session.csrf

    def session(self, secret: str, *, noted: bool = True) -> tuple[Account, str] | None:
        """(account, CSRF token) of a session, or None when it has ended; see ``Sessions.find``."""
        try:
            found = self.parts.accounts.sessions.find(secret, noted=noted)
        except NotSignedIn:
            return None
        return found.account, found.csrf

    def close_session(self, secret: str) -> None:
        """Sign out."""
        self.parts.accounts.sessions.end(secret)

    def account_of_token(self, value: str) -> Account:
        """The account that a bearer token acts as; raises NotSignedIn."""
        return self.parts.accounts.tokens.verify(value)

    def create_account(self, name: str, role: str, printed_name: str, by: str) -> str:
        """A new account's one-time password; raises Conflict for a name that was ever used."""
        return self.parts.accounts.people.create(name, role, by=by, printed_name=printed_name)[1]

    def accounts(self) -> list[Account]:
        """Every account."""
        return self.parts.accounts.people.all()

    def disable_account(self, name: str, by: str, reason: str) -> None:
        """Take an account's rights away; its name stays its own for ever."""
        self.parts.accounts.people.disable(name, by=by, reason=reason)

    def change_password(self, name: str, old: str, new: str) -> Account:
        """Set a new password; raises NotSignedIn for a wrong old one, WrongUsage for a poor new one."""
        return self.parts.accounts.people.change_password(name, old, new)

    def reset_password(self, name: str, by: str, reason: str) -> str:
        """A new one-time password, with which nothing can be signed; sessions and tokens end."""
        return self.parts.accounts.people.reset_password(name, by=by, reason=reason)

    def enable_account(self, name: str, by: str, reason: str) -> str:
        """Give a disabled account its rights back; answers its one-time password."""
        return self.parts.accounts.people.enable(name, by=by, reason=reason)

    def create_token(self, name: str, label: str, by: str, expires: datetime | None = None) -> str:
        """A bearer token's value, shown this once; raises NotAllowed unless ``by`` is ``name``."""
        return self.parts.accounts.tokens.create(name, by=by, label=label, expires=expires)[1]

    def tokens(self, name: str | None = None) -> list[Token]:
        """Tokens, of one account or of all; never their values."""
        return self.parts.accounts.tokens.all(name)

    def revoke_token(self, token: str, by: str) -> None:
        """Take a token's rights away."""
        self.parts.accounts.tokens.revoke(token, by=by)

"""Second factors managed: enrolled by their owner, required by the administrator, taken away by another member.

registry.accounts.second_factor.begin("q.unit", password).address       for the authenticator
registry.accounts.second_factor.recover("q.unit", reason="Lost.", name="q.two", password=…)
"""

from __future__ import annotations

from collections.abc import Sequence

from registry.accounts import ROLES, Account, Accounts, Actor, Enrolment, Permission, require
from registry.errors import NotAllowed, Unknown, WrongUsage
from registry.services.append import signer


class SecondFactorService:
    """The second factors of one registry."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts

    def of(self, name: str) -> str:
        """What an account signs with beside its password: ``one-time code``, or nothing."""
        return self._accounts.second_factors.of(name)

    def required(self) -> tuple[str, ...]:
        """The roles that sign with a second factor only."""
        return self._accounts.second_factors.required()

    def begin(self, name: str, password: str) -> Enrolment:
        """A new secret for one's own authenticator; raises NotSignedIn, also without the code of the one it replaces.

        Nothing is kept before ``enrol``.
        """
        return self._accounts.second_factors.begin(self._accounts.people.verify_to_act(name, password))

    def enrol(self, name: str, sealed: str, code: str) -> None:
        """Keep what ``begin`` gave this account, once its authenticator shows a right code.

        ``sealed`` is only given to whoever knew the password. Raises NotSignedIn for a wrong code, Refused for an
        enrolment begun more than 15 minutes ago or for another account.
        """
        self._accounts.second_factors.enrol(self._accounts.people.get(name), sealed, code)

    def recover(self, whose: str, *, reason: str, name: str, password: str) -> None:
        """Take away the second factor of somebody who lost their device, so that they may enrol another.

        By another member of the quality unit, who signs for it: an administrator resets passwords, and who could do
        both alone could sign as somebody else. Raises NotSignedIn, NotAllowed, Unknown, Conflict without one.
        """
        account = signer(self._accounts, name, password, Permission.RECOVER_SECOND_FACTOR)
        self._accounts.second_factors.recover(self._accounts.people.get(whose), by=account, reason=reason)

    def require(self, roles: Sequence[str], *, reason: str, by: Actor) -> None:
        """Set which roles sign with a second factor only. Raises NotAllowed, WrongUsage, Conflict when it is so."""
        require(by, Permission.MANAGE_ACCOUNTS)
        self._known(by)
        if unknown := [role for role in roles if role not in ROLES]:
            raise WrongUsage("There is no such role.", expected=", ".join(ROLES), found=unknown[0][:100], where="role")
        self._accounts.second_factors.require(roles, by=by.name, reason=reason)

    def _known(self, by: Actor) -> None:
        try:
            account: Account = self._accounts.people.get(by.name)
        except Unknown:
            raise NotAllowed("Nobody here has that account.", expected="an account of this registry",
                             found=by.name) from None  # fmt: skip
        require(account, Permission.MANAGE_ACCOUNTS)

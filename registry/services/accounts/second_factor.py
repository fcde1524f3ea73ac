"""Second factors managed: enrolled by their owner, required by the administrator, taken away by another member.

registry.accounts.second_factor.begin("q.unit", password).address       for the authenticator
registry.accounts.second_factor.recover("q.unit", reason="Lost.", name="q.two", password=…)
registry.accounts.second_factor.begin_passkey("q.unit", password)       for the browser's authenticator
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from registry.accounts import ROLES, Account, Accounts, Actor, Enrolment, Passkey, Permission, require
from registry.errors import NotAllowed, Refused, Unknown, WrongUsage
from registry.services.append import signer


class SecondFactorService:
    """The second factors of one registry."""

    def __init__(self, accounts: Accounts, head: Callable[[], tuple[int, str]]) -> None:
        self._accounts = accounts
        self._head = head
        self._kinds: tuple[tuple[int, str], dict[str, tuple[str, ...]]] = ((0, ""), {})

    def of(self, name: str) -> tuple[str, ...]:
        """What an account may sign with beside its password: ``one-time code``, ``passkey``, both or neither.

        Every page asks it. A factor is given and taken by an entry: what is known is so until another is entered.
        """
        head = self._head()
        if self._kinds[0] != head:
            self._kinds = (head, {})
        known = self._kinds[1]
        if name not in known:
            known[name] = self._accounts.second_factors.of(name)
        return known[name]

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

    def passkeys(self, name: str) -> tuple[Passkey, ...]:
        """An account's passkeys, oldest first."""
        return self._accounts.second_factors.passkeys.all(name)

    def passkey_address(self) -> str:
        """Where passkeys work, such as ``https://cells.example``; empty where the registry's base cannot be one."""
        try:
            return self._accounts.second_factors.passkeys.party().origin
        except WrongUsage:
            return ""

    def set_passkey_address(self, address: str, *, reason: str, by: Actor) -> str:
        """Set where passkeys work; answers it as browsers state it.

        Raises NotAllowed, WrongUsage where WebAuthn cannot work (an IP address, no TLS), Conflict when it is so.
        """
        require(by, Permission.MANAGE_ACCOUNTS)
        self._known(by)
        return self._accounts.second_factors.passkeys.set_address(address, by=by.name, reason=reason).origin

    def begin_passkey(self, name: str, password: str) -> str:
        """What a browser's ``navigator.credentials.create`` is given, as JSON, for a passkey of one's own.

        Raises NotSignedIn, also without a factor that the account has already; WrongUsage where none can work.
        """
        account = self._accounts.people.verify_to_act(name, password)
        self._accounts.second_factors.passkeys.party()
        self._accounts.second_factors.prove_own(account)
        return self._accounts.second_factors.passkeys.begin(account)

    def enrol_passkey(self, name: str, answer: str, label: str) -> Passkey:
        """Keep the passkey that answered ``begin_passkey`` within two minutes; raises NotSignedIn, WrongUsage."""
        return self._accounts.second_factors.passkeys.enrol(self._accounts.people.get(name), answer, label)

    def passkey_question(self, name: str) -> str:
        """What a browser's ``navigator.credentials.get`` is given, as JSON, for one signature of this account."""
        return self._accounts.second_factors.passkeys.question(self._accounts.people.get(name))

    def recover(self, whose: str, *, reason: str, name: str, password: str) -> None:
        """Take away the second factor of somebody who lost their device, so that they may enrol another.

        By another member of the quality unit, who signs for it: an administrator resets passwords, and who could do
        both alone could sign as somebody else. Where the key file is gone nobody's codes can be checked: then the
        password of one member and the reason take away another's, and the entry says so. Raises NotSignedIn,
        NotAllowed, Unknown, Conflict without one.
        """
        factors, lost = self._accounts.second_factors, self._accounts.people.get(whose)
        try:
            account, unchecked = signer(self._accounts, name, password, Permission.RECOVER_SECOND_FACTOR), False
        except Refused as error:
            if error.code != "second-factor-unreadable" or factors.is_readable(whose):
                raise
            account, unchecked = self._accounts.people.verify_to_act(name, password), True
            require(account, Permission.RECOVER_SECOND_FACTOR)
        factors.recover(lost, by=account, reason=reason, unchecked=unchecked)

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

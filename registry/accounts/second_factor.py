"""The second factor of a signature: something its signer has, beside the password that they know.

    with code_given_by(lambda: "492039"):
        accounts.people.verify_to_sign("q.unit", password).second_factor      # "one-time code"

An account with a factor gives it for every signature. One without signs by password alone, unless the administrator
requires a factor of its role. How an account comes to one, and what happens when the device is lost:

1. ``begin``    a new secret, for whoever knows the password (and gives a factor of before, if there is any)
2. ``enrol``    kept, sealed, once the authenticator has shown a right code; an entry of kind ``account``
3. ``recover``  all that the account has is taken away with a reason, by another account; an entry names both
4. ``prove``    at a signature: a code counts once, wrong ones are counted and slowed down; or a passkey answers

An account may have one-time codes, passkeys (see ``passkeys``) or both, and gives any of them. The ledger holds the
digest of the sealed secret, so a factor put in place behind its back is found by the audit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, delete, insert, select, update

from registry.accounts import one_time_code, throttle
from registry.accounts.account_table import Account, account_of, known_row
from registry.accounts.entry_text import account_line, checked_reason, setting_line
from registry.accounts.factor_refusals import none_given, not_enrolled, wrong_code
from registry.accounts.passkeys import PASSKEY, Passkeys
from registry.accounts.passkeys.passkeys import drop_all, rows_of
from registry.errors import Conflict, NotAllowed, Refused
from registry.instants import moment_text
from registry.ledger import Json, Ledger, NewEntry, View
from registry.ledger.tables import METADATA, second_factors, sessions, stands
from registry.proof.keys.seal import Seal
from registry.records import digest_of
from registry.records.index_keys import SETTING

CODE = "one-time code"
REQUIRED = "second factor"
"""The setting: which roles sign with a factor only."""
KEY_FILE = "second-factor.key"
BEGUN = timedelta(minutes=15)
"""How long an enrolment may take."""

_CODE: ContextVar[Callable[[], str]] = ContextVar("code", default=lambda: "")
_PASSKEY: ContextVar[Callable[[], str]] = ContextVar("passkey", default=lambda: "")


@contextmanager
def code_given_by(ask: Callable[[], str], passkey: Callable[[], str] = lambda: "") -> Iterator[None]:
    """Whatever is signed within is signed with the code that ``ask`` answers; it is asked only when one is needed.

    ``passkey`` answers what an authenticator has answered to ``Passkeys.question``: an empty text for nothing.
    """
    code, answer = _CODE.set(ask), _PASSKEY.set(passkey)
    try:
        yield
    finally:
        _CODE.reset(code)
        _PASSKEY.reset(answer)


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A secret that nobody has proven to hold yet: ``address`` is for the authenticator, ``sealed`` for ``enrol``."""

    secret: str = field(repr=False)
    address: str = field(repr=False)
    picture: str = field(repr=False)
    sealed: str = field(repr=False)


class SecondFactors:
    """The second factors of one registry."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self.passkeys = Passkeys(ledger)

    def of(self, name: str) -> tuple[str, ...]:
        """What an account may sign with beside its password: ``one-time code``, ``passkey``, both or neither."""
        with self._ledger.view() as view:
            return _kinds(view.connection, name)

    def required(self) -> tuple[str, ...]:
        """The roles that sign with a second factor only."""
        with self._ledger.view() as view:
            return _required(view)

    def require(self, roles: Sequence[str], *, by: str, reason: str) -> None:
        """Set which roles sign with a factor only, from now on. Raises Conflict when it is so already."""
        wanted = sorted(set(roles))

        def is_new(view: View) -> None:
            if list(_required(view)) == wanted:
                raise Conflict("This is required already.", expected="another choice of roles",
                               found=", ".join(wanted) or "no role")  # fmt: skip

        details: dict[str, Json] = {"setting": REQUIRED, "roles": list(wanted), "reason": checked_reason(reason)}
        details["summary"] = setting_line(details, by)
        entry = NewEntry("setting", details=details, index=((SETTING, REQUIRED),))
        self._ledger.append([entry], actor=by, expect=is_new)

    def begin(self, account: Account) -> Enrolment:
        """A new secret for an account whose password was just verified; asks for a factor that it has already.

        Where that cannot be checked any more (its key file is gone) it is refused: another takes it away first.
        """
        self.prove_own(account)
        secret, now = one_time_code.new_secret(), self._ledger.clock()
        issuer = urlsplit(self._ledger.base).hostname or "cell-registry"
        address = one_time_code.address(secret, account.name, f"Cell registry {issuer}")
        sealed = self._seal().close(secret, about=_enrolment(account), at=now)
        return Enrolment(secret, address, one_time_code.picture(address), sealed)

    def enrol(self, account: Account, sealed: str, code: str) -> None:
        """Keep the secret of ``begin``, once ``code`` shows that the authenticator holds it.

        Raises NotSignedIn for a wrong code, Refused when it was begun too long ago or for another account.
        """
        now, key = self._ledger.clock(), account.name.casefold()
        try:
            secret = self._seal().open(sealed, about=_enrolment(account), at=now, within=BEGUN)
        except Refused as error:
            raise Refused(
                "This enrolment is not yours, or was begun too long ago.",
                expected=f"one of the last {BEGUN.seconds // 60} minutes", found=error.found, todo="Begin again.",
            ) from None  # fmt: skip
        self._count(account)
        step = one_time_code.accepted_step(secret, code, now, after=0)
        if step is None:
            raise wrong_code("The code is not the one that this secret gives now.")
        kept = self._seal().close(secret, about=_kept(account), at=now)
        row = {"account": key, "kind": CODE, "secret": kept, "since": moment_text(now), "used": step}

        def effect(connection: Connection) -> None:
            METADATA.create_all(connection, tables=[second_factors])
            connection.execute(delete(second_factors).where(second_factors.c.account == key))
            connection.execute(insert(second_factors).values(**row))
            throttle.clear_codes(connection, key)

        details: dict[str, Json] = {"factor": CODE, "factor_credential": digest_of(kept.encode())}
        self._enter("second factor enrolled", account, details, by=account.name, effect=effect)

    def recover(self, account: Account, *, by: Account, reason: str, unchecked: bool = False) -> None:
        """Take away every factor of an account whose device is lost; its sessions end. Raises NotAllowed for one's own.

        ``by`` has just signed for it, with a factor of their own where they have one; ``unchecked`` when that could not
        be checked.
        """
        if account.name.casefold() == by.name.casefold():
            raise NotAllowed(
                "Nobody takes away a second factor of their own.", expected="another member of the quality unit",
                found=by.name, todo="Ask another member; with the device at hand, enrol another yourself.",
            )  # fmt: skip
        key = account.name.casefold()

        def has(view: View) -> None:
            if not _kinds(view.connection, key):
                raise Conflict(f"{account.name} has no second factor.", expected="an account with one", found="none")

        def effect(connection: Connection) -> None:
            if stands(connection, second_factors):
                connection.execute(delete(second_factors).where(second_factors.c.account == key))
            drop_all(connection, key)
            connection.execute(delete(sessions).where(sessions.c.account == key))
            throttle.clear_codes(connection, key)

        details: dict[str, Json] = {"factor": " and ".join(self.of(key)), "reason": checked_reason(reason)}
        if by.second_factor:
            details["second_factor"] = by.second_factor
        if unchecked:
            details["unchecked"] = True
        self._enter("second factor taken away", account, details, by=by.name, effect=effect, expect=has)

    def prove_own(self, account: Account) -> None:
        """Ask for a factor that an account has already, before another is enrolled; raises as ``prove`` does."""
        if self.of(account.name):
            self.prove(account)

    def prove(self, account: Account) -> Account:
        """The account with the factor that it gave, for the details of its signature.

        Without a factor it is the account as it came, unless its role must have one: then NotAllowed. Raises
        NotSignedIn for none given, a wrong one and one that was used before; Throttled after five wrong codes.
        """
        with self._ledger.view() as view:
            row, required = _row(view.connection, account.name), _required(view)
            kinds = _kinds(view.connection, account.name)
        if not kinds:
            if account.role in required:
                raise not_enrolled(account)
            return account
        if PASSKEY in kinds and (answer := _PASSKEY.get()().strip()):
            self.passkeys.prove(account, answer)
            return replace(account, second_factor=PASSKEY)
        if row is None:
            raise none_given(account, kinds)
        secret, code = self._open(account, row["secret"]), _CODE.get()()
        if not code.strip():
            raise none_given(account, kinds)
        self._count(account)
        now = self._ledger.clock()
        step = one_time_code.accepted_step(secret, code, now, after=row["used"])
        if step is None or not self._use(account, step):
            raise wrong_code("This code is wrong, or was used before.")
        return replace(account, second_factor=CODE)

    def is_readable(self, name: str) -> bool:
        """Whether what an account signs with can be checked here: codes need the key file, passkeys nothing."""
        with self._ledger.view() as view:
            row, kinds = _row(view.connection, name), _kinds(view.connection, name)
            account = account_of(known_row(view.connection, name))
        if row is None or PASSKEY in kinds:
            return True
        try:
            self._open(account, row["secret"])
        except Refused:
            return False
        return True

    def _use(self, account: Account, step: int) -> bool:
        """Note that the code of a step was used; False when somebody was faster with the same one."""
        mine, key = second_factors.c.account == account.name.casefold(), account.name.casefold()
        with self._ledger.writing() as connection:
            changed = connection.execute(update(second_factors).where(mine, second_factors.c.used < step)
                                         .values(used=step)).rowcount == 1  # fmt: skip
            if changed:
                throttle.clear_codes(connection, key)
        return changed

    def _count(self, account: Account) -> None:
        """Count a code before it is looked at; an entry for the one that locks. Raises Throttled."""
        with self._ledger.writing() as connection:
            count = throttle.reserve_code(connection, account.name.casefold(), self._ledger.clock())
        if count == throttle.FREE:
            details: dict[str, Json] = {"event": "locked out", "account": account.name, "attempts": count,
                                        "of": CODE}  # fmt: skip
            entry = NewEntry("sign-in", details=details, index=(("account", account.name),))
            self._ledger.append([entry], actor="registry")

    def _open(self, account: Account, sealed: str) -> str:
        try:
            return self._seal().open(sealed, about=_kept(account), at=self._ledger.clock())
        except Refused as error:
            raise Refused(
                f"The second factor of {account.name} cannot be checked here.", expected=f"the file {KEY_FILE}",
                found=error.found, where=error.where, code="second-factor-unreadable",
                todo="Bring the file back from where it is kept; else another member takes the factor away.",
            ) from None  # fmt: skip

    def _seal(self) -> Seal:
        if self._ledger.directory is None:
            raise Refused("A registry without a folder keeps no second factors.", expected="a folder", found="a URL")
        return Seal(self._ledger.directory / KEY_FILE)

    def _enter(
        self, event: str, account: Account, details: dict[str, Json], *, by: str,
        effect: Callable[[Connection], None], expect: Callable[[View], None] | None = None,
    ) -> None:  # fmt: skip
        whole: dict[str, Json] = {"event": event, "account": account.name, **details}
        whole["summary"] = account_line(whole, by, account.role)
        entry = NewEntry("account", details=whole, index=(("account", account.name),))
        self._ledger.append([entry], actor=by, expect=expect, effects=effect)


def _row(connection: Connection, name: str) -> dict[str, Any] | None:
    if not stands(connection, second_factors):
        return None
    query = select(second_factors).where(second_factors.c.account == name.casefold())
    row = connection.execute(query).one_or_none()
    return dict(row._mapping) if row is not None else None


def _kinds(connection: Connection, name: str) -> tuple[str, ...]:
    row = _row(connection, name)
    codes = (str(row["kind"]),) if row is not None else ()
    return (*codes, *((PASSKEY,) if rows_of(connection, name) else ()))


def _required(view: View) -> tuple[str, ...]:
    position = view.newest(SETTING, [REQUIRED]).get(REQUIRED, 0)
    roles = view.entry(position).details.get("roles") if position else None
    return tuple(str(role) for role in roles) if isinstance(roles, list) else ()


def _enrolment(account: Account) -> str:
    return f"enrolment of {account.name.casefold()}"


def _kept(account: Account) -> str:
    return f"second factor of {account.name.casefold()}"

"""Accounts: one person, one name for ever, one printed name while in use, one role.

Every change is an entry of kind ``account`` in the same transaction, without secrets; ``credential`` in it is the
SHA-256 of argon2's text (which holds a random salt), so that a password changed behind the ledger's back is found.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from registry.accounts import passwords, throttle
from registry.accounts.entered import account_line
from registry.accounts.printed import check_one_persons, well_formed
from registry.accounts.revoking import Revoking
from registry.errors import Conflict, NotAllowed, NotSignedIn, Refused, Unknown, WrongUsage
from registry.ledger import Json, Ledger, NewEntry, View
from registry.ledger.tables import accounts, sessions
from registry.record import digest_of

LOG = logging.getLogger(__name__)

ROLES = {
    "submitter": "registers products and lots, submits panels, withdraws its own",
    "quality unit": "approves specifications, releases, holds, rejects, recalls",
    "clinician": "looks lots up before they are given",
    "analyst": "asks questions of everything that is not a person's",
    "inspector": "reads everything, changes nothing",
    "administrator": "manages accounts, ends tokens, and nothing else",
}
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{1,63}")


@dataclass(frozen=True, slots=True)
class Account:
    """A person who may sign in; ``printed_name`` is what a signature shows."""

    name: str
    printed_name: str
    role: str
    must_change: bool = False
    disabled: bool = False


class People:
    """The accounts of one registry."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def create(
        self, name: str, role: str, *, by: str, printed_name: str = "", password: str | None = None,
        must_change: bool = True,
    ) -> tuple[Account, str]:  # fmt: skip
        """A new account, and its password; without one given, a one-time password is made.

        ``by`` is who enters it. Raises Conflict for a name that was ever used (a disabled account keeps its name) and
        for a printed name that another account in use signs with, WrongUsage for a malformed name, an unknown role or
        a poor password.
        """
        if not _NAME.fullmatch(name):
            raise WrongUsage("this cannot be an account's name", expected="2 to 64 ASCII letters, digits, . _ @ -, "
                             "beginning with a letter or digit", found=name[:100])  # fmt: skip
        if role not in ROLES:
            raise WrongUsage("there is no such role", expected=", ".join(ROLES), found=role[:100])
        printed = printed_name or name
        well_formed(printed)
        chosen, password = password, password or passwords.one_time()
        kept = passwords.hashed(chosen, name) if chosen else passwords.hashed_one_time(password)
        row = {"key": name.casefold(), "name": name, "printed_name": printed, "role": role, "password": kept,
               "must_change": must_change, "disabled": False}  # fmt: skip

        def free(view: View) -> None:
            if _row(view.connection, name) is not None:
                raise Conflict("this name belongs to somebody for ever", expected="a new name", found=name)
            check_one_persons(view.connection, printed)

        details: dict[str, Json] = {
            "printed_name": printed,
            "role": role,
            "must_change": must_change,
            "credential": _credential(kept),
        }

        def effect(connection: Connection) -> None:
            connection.execute(insert(accounts).values(**row))

        self._enter("created", name, role, by=by, details=details, expect=free, effect=effect)
        return Account(name, printed, role, must_change), password

    def get(self, name: str) -> Account:
        """The account of this name, without regard to case; raises Unknown."""
        with self._ledger.view() as view:
            return _account(_known(view.connection, name))

    def all(self) -> list[Account]:
        """Every account there ever was, by name."""
        with self._ledger.view() as view:
            return [_account(row) for row in view.connection.execute(select(accounts).order_by(accounts.c.key))]

    def verify(self, name: str, password: str) -> Account:
        """The account, when ``password`` is its own: for signing in, and again for every signature.

        Raises NotSignedIn in the same words and time whether the name, the password or the account's state is at
        fault; Throttled after too many wrong ones from where this is asked (see ``throttle``). ``must_change`` is for
        the caller to act upon.
        """
        known_form = _NAME.fullmatch(name) is not None
        attempt = None
        if known_form:
            with self._ledger.writing() as connection:
                attempt = throttle.reserve(connection, name.casefold(), self._ledger.clock())
        with self._ledger.view() as view:
            row = _row(view.connection, name) if known_form else None
        right = passwords.matches(row.password if row else None, password)
        if row is None or not right or row.disabled:
            raise self._refusal(name, row, attempt)
        with self._ledger.writing() as connection:
            throttle.clear(connection, name.casefold())
        return _account(row)

    def verify_to_sign(self, name: str, password: str) -> Account:
        """As ``verify``, for a signature: raises NotAllowed while the password is a one-time one.

        Whoever handed that out knows it too, and a signature must be its signer's alone (21 CFR 11.100(a), 11.200).
        """
        return self._own("Nothing is signed with a one-time password.", name, password)

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
                todo="Choose your own: sign in with it in the browser, "
                f"or cell-registry account password {account.name}.",
            )
        return account

    def change_password(self, name: str, old: str, new: str) -> Account:
        """Replace one's own password; ends every session. Raises as ``verify`` does, WrongUsage for a poor new one."""
        account = self.verify(name, old)
        if old == new:
            raise WrongUsage("the new password is the old one", expected="another", found="the same")
        self._set_own(account, new)
        return self.get(name)

    def reset_password(self, name: str, *, by: str, reason: str) -> str:
        """Give an account in use a one-time password; answers it, which is kept nowhere.

        Its sessions and tokens end with it. Raises Unknown, Refused for a disabled one, WrongUsage without a reason.
        """
        return self._renew("password reset", name, by=by, reason=reason)

    def enable(self, name: str, *, by: str, reason: str) -> str:
        """Give a disabled account its rights back, with a one-time password; answers that.

        Raises Unknown, Conflict when it is in use or somebody else signs with its printed name now, WrongUsage.
        """
        return self._renew("enabled", name, by=by, reason=reason)

    def disable(self, name: str, *, by: str, reason: str) -> None:
        """End an account's rights: no sign-in, no session, no token. Its name stays its own.

        Raises Unknown, Refused for the last administrator, Conflict when it is disabled already.
        """

        def may_go(view: View) -> None:
            row = _known(view.connection, name)
            if row.disabled:
                raise Conflict("this account is disabled already", expected="one in use", found=row.name)
            others = select(func.count()).where(accounts.c.role == "administrator", accounts.c.key != row.key)
            if (
                row.role == "administrator"
                and not view.connection.execute(others.where(accounts.c.disabled.is_(False))).scalar()
            ):
                raise Refused("nobody could manage accounts any more", expected="another administrator", found="none")

        def effect(connection: Connection) -> None:
            connection.execute(update(accounts).where(accounts.c.key == name.casefold()).values(disabled=True))
            connection.execute(delete(sessions).where(sessions.c.account == name.casefold()))

        said: dict[str, Json] = {"reason": _reason(reason)}
        known = self.get(name)
        self._enter("disabled", known.name, known.role, by=by, details=said, expect=may_go, effect=effect)

    def _set_own(self, account: Account, password: str) -> None:
        kept = passwords.hashed(password, account.name)

        def in_use(view: View) -> None:
            if _known(view.connection, account.name).disabled:
                raise Refused("this account is disabled", expected="one in use", found=account.name)

        def effect(connection: Connection) -> None:
            _put(connection, account.name, {"password": kept, "must_change": False})

        details: dict[str, Json] = {"must_change": False, "credential": _credential(kept)}
        self._enter("password changed", account.name, account.role, by=account.name, details=details, expect=in_use,
                    effect=effect)  # fmt: skip

    def _renew(self, event: str, name: str, *, by: str, reason: str) -> str:
        account, password = self.get(name), passwords.one_time()
        kept, said = passwords.hashed_one_time(password), _reason(reason)
        revoked = Revoking(self._ledger, account.name, by, f"{event}: {said}")

        def stands(view: View) -> None:
            row = _known(view.connection, account.name)
            if event == "enabled" and not row.disabled:
                raise Conflict("this account is in use", expected="a disabled one", found=row.name)
            if event == "enabled":
                check_one_persons(view.connection, row.printed_name)
            elif row.disabled:
                raise Refused("this account is disabled", expected="one in use", found=row.name,
                              todo="enable it: that gives a one-time password too")  # fmt: skip
            revoked.check(view)

        def effect(connection: Connection) -> None:
            _put(connection, account.name, {"password": kept, "must_change": True, "disabled": False})
            revoked.effect(connection)

        details: dict[str, Json] = {"reason": said, "must_change": True, "credential": _credential(kept)}
        self._enter(event, account.name, account.role, by=by, details=details, expect=stands, effect=effect,
                    further=revoked.entries)  # fmt: skip
        return password

    def _enter(
        self, event: str, name: str, role: str, *, by: str, details: Mapping[str, Json],
        expect: Callable[[View], None], effect: Callable[[Connection], None], further: Sequence[NewEntry] = (),
    ) -> None:  # fmt: skip
        whole: dict[str, Json] = {"event": event, "account": name, **details}
        whole["summary"] = account_line(whole, by, role)
        entry = NewEntry("account", details=whole, index=(("account", name),))
        self._ledger.append([entry, *further], actor=by, expect=expect, effects=effect)

    def _refusal(self, name: str, row: Row[Any] | None, attempt: throttle.Attempt | None) -> NotSignedIn:
        count, source = (attempt.here, attempt.address or "this machine") if attempt else (0, "")
        LOG.warning("wrong credentials for %r from %s: attempt %d within 15 minutes", name[:64], source, count)
        # One entry a lock-out, and none for names that do not exist: strangers cannot fill the ledger.
        if row is not None and attempt is not None and attempt.locks:
            details: dict[str, Json] = {"event": "locked out", "account": row.name, "attempts": attempt.everywhere}
            entry = NewEntry("sign-in", details=details, index=(("account", row.name),))
            self._ledger.append([entry], actor="registry")
            LOG.error("account %r is locked out from %s: %d wrong passwords", row.name, source, attempt.everywhere)
        return NotSignedIn(
            "The name or the password is wrong.",
            expected="The name of an account and its password.",
            found="No account with this name and this password.",
        )


def _put(connection: Connection, name: str, values: Mapping[str, object]) -> None:
    """Change an account's row because its password changed: wrong ones are forgotten, its sessions end."""
    connection.execute(update(accounts).where(accounts.c.key == name.casefold()).values(**values))
    throttle.clear_everywhere(connection, name.casefold())
    connection.execute(delete(sessions).where(sessions.c.account == name.casefold()))


def _reason(text: str) -> str:
    if not text.strip() or len(text) > 500 or not text.strip().isprintable():
        raise WrongUsage("this needs a reason", where="reason", expected="a sentence of at most 500 characters",
                         found=text[:100] or "nothing", todo="say why: the ledger keeps it")  # fmt: skip
    return text.strip()


def _row(connection: Connection, name: str) -> Row[Any] | None:
    return connection.execute(select(accounts).where(accounts.c.key == name.casefold())).one_or_none()


def _known(connection: Connection, name: str) -> Row[Any]:
    row = _row(connection, name)
    if row is None:
        raise Unknown("there is no such account", expected="an account's name", found=name[:100])
    return row


def _account(row: Row[Any]) -> Account:
    return Account(row.name, row.printed_name, row.role, bool(row.must_change), bool(row.disabled))


def _credential(kept: str) -> str:
    return digest_of(kept.encode())

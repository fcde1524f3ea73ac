"""Accounts: one person, one name for ever, one printed name while in use, one role.

Every change is an entry of kind ``account`` in the same transaction, without secrets; ``credential`` in it is the
SHA-256 of argon2's text (which holds a random salt), so that a password changed behind the ledger's back is found.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import Connection, delete, func, insert, select, update

from registry.accounts import passwords, throttle
from registry.accounts.account_table import NAME, Account, account_of, known_row, row_of
from registry.accounts.entry_text import account_line, checked_reason
from registry.accounts.permissions import ROLES
from registry.accounts.printed_names import check_one_persons, well_formed
from registry.accounts.sign_in import Verifying
from registry.accounts.token_revocation import Revoking
from registry.errors import Conflict, Refused, WrongUsage
from registry.ledger import Json, Ledger, NewEntry, View
from registry.ledger.tables import accounts, sessions
from registry.records import digest_of


class People(Verifying):
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
        if not NAME.fullmatch(name):
            raise WrongUsage("This cannot be an account's name.", expected="2 to 64 ASCII letters, digits, . _ @ -, "
                             "beginning with a letter or digit", found=name[:100])  # fmt: skip
        if role not in ROLES:
            raise WrongUsage("There is no such role.", expected=", ".join(ROLES), found=role[:100])
        printed = printed_name or name
        well_formed(printed)
        chosen, password = password, password or passwords.one_time()
        kept = passwords.hashed(chosen, name) if chosen else passwords.hashed_one_time(password)
        row = {"key": name.casefold(), "name": name, "printed_name": printed, "role": role, "password": kept,
               "must_change": must_change, "disabled": False}  # fmt: skip

        def free(view: View) -> None:
            if row_of(view.connection, name) is not None:
                raise Conflict("This name belongs to somebody for ever.", expected="a new name", found=name)
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
            return account_of(known_row(view.connection, name))

    def all(self) -> list[Account]:
        """Every account there ever was, by name."""
        with self._ledger.view() as view:
            return [account_of(row) for row in view.connection.execute(select(accounts).order_by(accounts.c.key))]

    def change_password(self, name: str, old: str, new: str) -> Account:
        """Replace one's own password; ends every session and token. Raises as ``verify``, WrongUsage for a poor one."""
        account = self.verify(name, old)
        if old == new:
            raise WrongUsage("The new password is the old one.", expected="another", found="the same")
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
            row = known_row(view.connection, name)
            if row.disabled:
                raise Conflict("This account is disabled already.", expected="one in use", found=row.name)
            others = select(func.count()).where(accounts.c.role == "administrator", accounts.c.key != row.key)
            if (
                row.role == "administrator"
                and not view.connection.execute(others.where(accounts.c.disabled.is_(False))).scalar()
            ):
                raise Refused("Nobody could manage accounts any more.", expected="another administrator", found="none")

        def effect(connection: Connection) -> None:
            connection.execute(update(accounts).where(accounts.c.key == name.casefold()).values(disabled=True))
            connection.execute(delete(sessions).where(sessions.c.account == name.casefold()))

        details: dict[str, Json] = {"reason": checked_reason(reason)}
        known = self.get(name)
        self._enter("disabled", known.name, known.role, by=by, details=details, expect=may_go, effect=effect)

    def _set_own(self, account: Account, password: str) -> None:
        kept = passwords.hashed(password, account.name)
        revoked = Revoking(self._ledger, account.name, account.name, "password changed")

        def in_use(view: View) -> None:
            if known_row(view.connection, account.name).disabled:
                raise Refused("This account is disabled.", expected="one in use", found=account.name)
            revoked.check(view)

        def effect(connection: Connection) -> None:
            _put(connection, account.name, {"password": kept, "must_change": False})
            revoked.effect(connection)

        details: dict[str, Json] = {"must_change": False, "credential": _credential(kept)}
        self._enter("password changed", account.name, account.role, by=account.name, details=details, expect=in_use,
                    effect=effect, further=revoked.entries)  # fmt: skip

    def _renew(self, event: str, name: str, *, by: str, reason: str) -> str:
        account, password = self.get(name), passwords.one_time()
        kept, why = passwords.hashed_one_time(password), checked_reason(reason)
        revoked = Revoking(self._ledger, account.name, by, f"{event}: {why}")

        def stands(view: View) -> None:
            row = known_row(view.connection, account.name)
            if event == "enabled" and not row.disabled:
                raise Conflict("This account is in use.", expected="a disabled one", found=row.name)
            if event == "enabled":
                check_one_persons(view.connection, row.printed_name)
            elif row.disabled:
                raise Refused("This account is disabled.", expected="one in use", found=row.name,
                              todo="Enable it: that gives a one-time password too.")  # fmt: skip
            revoked.check(view)

        def effect(connection: Connection) -> None:
            _put(connection, account.name, {"password": kept, "must_change": True, "disabled": False})
            revoked.effect(connection)

        details: dict[str, Json] = {"reason": why, "must_change": True, "credential": _credential(kept)}
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


def _put(connection: Connection, name: str, values: Mapping[str, object]) -> None:
    """Change an account's row because its password changed: wrong ones are forgotten, its sessions end."""
    connection.execute(update(accounts).where(accounts.c.key == name.casefold()).values(**values))
    throttle.clear_everywhere(connection, name.casefold())
    connection.execute(delete(sessions).where(sessions.c.account == name.casefold()))


def _credential(kept: str) -> str:
    return digest_of(kept.encode())

"""Passkeys of one registry: enrolled by their owner, answering for signatures and for signing in.

    accounts.passkeys.begin(account)                   what the browser gives its authenticator
    accounts.passkeys.enrol(account, answer, "key")    kept; an entry of kind ``account``
    accounts.passkeys.question(account)                at a signature, and ``prove`` with its answer

An authenticator that counts must have counted on since its last answer: else it was copied, which is refused and an
entry. What was enrolled at another address counts as owned: it must be taken away before anything else is signed with.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from registry.accounts import throttle
from registry.accounts.account_table import Account, account_of, known_row
from registry.accounts.entry_text import account_line, checked_reason
from registry.accounts.passkeys import answers, challenges
from registry.accounts.passkeys.relying_party import RelyingParty, relying_party
from registry.errors import Conflict, NotSignedIn, Refused, WrongUsage
from registry.instants import moment_of, moment_text
from registry.ledger import Json, Ledger, NewEntry, View
from registry.ledger.tables import METADATA, passkeys, stands
from registry.records import digest_of
from registry.records.index_keys import SETTING

PASSKEY = "passkey"
ADDRESS = "passkey address"
"""The setting: where passkeys work; without it at the registry's base."""
MOST = 10
"""Passkeys of an account."""


@dataclass(frozen=True, slots=True)
class Passkey:
    """What may be said of a passkey: whose, what it is called, where it works, since when, when it last answered."""

    id: str
    account: str
    label: str
    party: str
    since: datetime
    used_at: datetime | None


class Passkeys:
    """The passkeys of one registry."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def all(self, name: str | None = None) -> tuple[Passkey, ...]:
        """Passkeys, of one account or of all, oldest first."""
        with self._ledger.view() as view:
            return tuple(_passkey(row) for row in rows_of(view.connection, name))

    def address(self) -> str:
        """Where passkeys work: as an administrator has set it, else where the registry's base is."""
        with self._ledger.view() as view:
            return _set_to(view) or self._ledger.base

    def party(self) -> RelyingParty:
        """The same, checked; raises WrongUsage where WebAuthn cannot work."""
        return relying_party(self.address())

    def set_address(self, address: str, *, by: str, reason: str) -> RelyingParty:
        """Set where passkeys work; those of another name stay with that name. Raises WrongUsage, Conflict."""
        party, why = relying_party(address), checked_reason(reason)

        def is_new(view: View) -> None:
            if _set_to(view) == party.origin:
                raise Conflict("Passkeys work there already.", expected="another address", found=party.origin)

        details: dict[str, Json] = {"setting": ADDRESS, "origin": party.origin, "reason": why}
        details["summary"] = f"Passkeys work at {party.origin} from now on, set by {by}: {why}"
        entry = NewEntry("setting", details=details, index=((SETTING, ADDRESS),))
        self._ledger.append([entry], actor=by, expect=is_new)
        return party

    def begin(self, account: Account) -> str:
        """What a browser gives its authenticator to make a passkey of; for whoever gave all that they sign with."""
        party = self.party()
        held = [key.id for key in self.all(account.name)]
        if len(held) >= MOST:
            raise Conflict(f"{account.name} has {len(held)} passkeys.", expected=f"fewer than {MOST}",
                           found=str(len(held)), todo="Another member takes them away; then enrol anew.")  # fmt: skip
        with self._ledger.writing() as connection:
            asked = challenges.ask(connection, challenges.to_enrol(account.name), self._ledger.clock())
        handle = self._handle(account.name)
        return answers.enrolment_question(asked, party, handle, account.name, account.printed_name, held)

    def enrol(self, account: Account, answer: str, label: str) -> Passkey:
        """Keep the passkey that answers ``begin``; raises NotSignedIn, Conflict, WrongUsage for its label."""
        label, party, key = label.strip(), self.party(), account.name.casefold()
        if not label or len(label) > 60 or not label.isprintable():
            raise WrongUsage("A passkey has a name, to know it by.", expected="1 to 60 characters",
                             found=label[:100] or "nothing", where="label")  # fmt: skip
        asked, _at = self._take(challenges.to_enrol(account.name))
        made, now = answers.new_key(answer, asked, party), self._ledger.now()
        row = {"id": made.id, "account": key, "label": label, "party": party.id, "public_key": made.public_key,
               "count": made.count, "since": moment_text(now), "used": None}  # fmt: skip

        def is_new(view: View) -> None:
            if _row_of(view.connection, made.id) is not None:
                raise Conflict("This passkey is enrolled already.", expected="a new one", found=made.id)

        def effect(connection: Connection) -> None:
            METADATA.create_all(connection, tables=[passkeys])
            connection.execute(insert(passkeys).values(**row))

        details: dict[str, Json] = {
            "event": "passkey enrolled", "account": account.name, "factor": PASSKEY, "passkey": made.id, "label": label,
            "party": party.id, "factor_credential": digest_of(made.public_key.encode()),
        }  # fmt: skip
        details["summary"] = account_line(details, account.name, account.role)
        entry = NewEntry("account", details=details, index=(("account", account.name),))
        self._ledger.append([entry], actor=account.name, expect=is_new, effects=effect)
        return Passkey(made.id, account.name, label, party.id, now, None)

    def question(self, account: Account) -> str:
        """What a browser gives its authenticator for one signature of this account; raises Conflict without one."""
        party = self.party()
        held = [key.id for key in self.all(account.name) if key.party == party.id]
        if not held:
            raise Conflict(f"{account.name} has no passkey for {party.id}.", expected="an enrolled one", found="none",
                           where="passkey", action="second-factor")  # fmt: skip
        with self._ledger.writing() as connection:
            asked = challenges.ask(connection, challenges.to_sign(account.name), self._ledger.clock())
        return answers.question(asked, party, held)

    def prove(self, account: Account, answer: str) -> None:
        """Take the answer to ``question``; raises NotSignedIn for another's, a wrong one, and one that came before."""
        asked, _at = self._take(challenges.to_sign(account.name))
        row, _handle = self._row(answer, "")
        if row.account != account.name.casefold():
            raise NotSignedIn(f"This passkey is not of {account.name}.", expected=f"one of {account.name}",
                              found="another account's", where="passkey", code="passkey")  # fmt: skip
        self._accept(row, answers.count_of(answer, asked, self._party_of(row), row.public_key))

    def question_to_sign_in(self, holder: str) -> str:
        """What a browser gives its authenticator for signing in; ``holder`` is the secret of its form's cookie.

        Counted as a try from its address until it is answered; raises Throttled.
        """
        party, now = self.party(), self._ledger.clock()
        with self._ledger.writing() as connection:
            throttle.reserve(connection, "", now)
            asked = challenges.ask(connection, challenges.to_sign_in(holder), now)
        return answers.question(asked, party, ())

    def sign_in(self, answer: str, holder: str) -> Account:
        """Whose passkey this is; raises NotSignedIn, in the same words for nobody's and a disabled account's."""
        asked, at = self._take(challenges.to_sign_in(holder))
        row, handle = self._row(answer, "Nobody here signs in with this passkey.")
        if handle != self._handle(row.account):
            raise _unknown("Nobody here signs in with this passkey.", "another user's")
        count = answers.count_of(answer, asked, self._party_of(row), row.public_key)
        with self._ledger.view() as view:
            account = account_of(known_row(view.connection, row.account))
        if account.disabled:
            raise _unknown("Nobody here signs in with this passkey.", "an unknown one")
        self._accept(row, count)
        with self._ledger.writing() as connection:
            throttle.clear_try(connection, at)
        return account

    def _take(self, purpose: str) -> tuple[bytes, datetime]:
        refusal: NotSignedIn | None = None
        with self._ledger.writing() as connection:
            try:
                asked = challenges.take(connection, purpose, self._ledger.clock())
            except NotSignedIn as error:  # what is kept of it is forgotten all the same
                refusal = error
        if refusal is not None:
            raise refusal
        return asked

    def _row(self, answer: str, unknown: str) -> tuple[Row[Any], bytes]:
        key, handle = answers.key_named(answer)
        with self._ledger.view() as view:
            row = _row_of(view.connection, key)
        if row is None:
            raise _unknown(unknown or "This passkey is not enrolled here.", "an unknown one")
        return row, handle

    def _party_of(self, row: Row[Any]) -> RelyingParty:
        party = self.party()
        if row.party != party.id:
            raise Refused(
                f"This passkey was enrolled at {row.party}.", expected=f"one of {party.id}", found=row.party,
                where="passkey", todo="Another member takes it away; then enrol anew.",
            )  # fmt: skip
        return party

    def _accept(self, row: Row[Any], count: int) -> None:
        """Keep the counter, if it went up; an authenticator that does not count says 0 for ever."""
        went_up = (passkeys.c.count < count) | ((passkeys.c.count == 0) & (count == 0))
        kept = update(passkeys).where(passkeys.c.id == row.id, went_up)
        with self._ledger.writing() as connection:
            values = {"count": count, "used": moment_text(self._ledger.clock())}
            if connection.execute(kept.values(**values)).rowcount == 1:
                return
        details: dict[str, Json] = {"event": "passkey copied", "account": row.account, "passkey": row.id,
                                    "expected": f"more than {row.count}", "found": count}  # fmt: skip
        details["summary"] = f"A passkey of {row.account} answered with {count}, and had counted to {row.count} before"
        entry = NewEntry("sign-in", details=details, index=(("account", row.account),))
        self._ledger.append([entry], actor="registry")
        raise NotSignedIn(
            "This passkey answered out of order: it may have been copied.", expected=f"a count above {row.count}",
            found=str(count), where="passkey", code="passkey",
            todo="Use another; and have another member of the quality unit take this one away.",
        )  # fmt: skip

    def _handle(self, name: str) -> bytes:
        """What an authenticator calls the account: a digest, not its name (WebAuthn level 3, section 14.6.1)."""
        return bytes.fromhex(digest_of(f"{self._ledger.base} {name.casefold()}".encode()).removeprefix("sha256:"))


def rows_of(connection: Connection, name: str | None = None) -> Sequence[Row[Any]]:
    """The rows of an account's passkeys, or of all, oldest first."""
    if not stands(connection, passkeys):
        return ()
    query = select(passkeys).order_by(passkeys.c.since, passkeys.c.id)
    return connection.execute(query if name is None else query.where(passkeys.c.account == name.casefold())).all()


def _row_of(connection: Connection, key: str) -> Row[Any] | None:
    if not stands(connection, passkeys):
        return None
    return connection.execute(select(passkeys).where(passkeys.c.id == key)).one_or_none()


def _set_to(view: View) -> str:
    position = view.newest(SETTING, [ADDRESS]).get(ADDRESS, 0)
    return str(view.entry(position).details["origin"]) if position else ""


def drop_all(connection: Connection, name: str) -> None:
    """Take away every passkey of an account."""
    if stands(connection, passkeys):
        connection.execute(delete(passkeys).where(passkeys.c.account == name.casefold()))


def _passkey(row: Row[Any]) -> Passkey:
    used_at = moment_of(row.used) if row.used else None
    return Passkey(row.id, row.account, row.label, row.party, moment_of(row.since), used_at)


def _unknown(message: str, problem: str) -> NotSignedIn:
    return NotSignedIn(message, expected="an enrolled one", found=problem, where="passkey", code="passkey",
                       todo="Sign in with name and password.")  # fmt: skip

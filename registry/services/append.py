"""How anything is entered: its form judged, its index and signature added, its receipt answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from registry.accounts import Account, Accounts, Permission, require
from registry.errors import Conflict, WrongUsage
from registry.identifiers import Names
from registry.judgement import shacl
from registry.ledger import Ledger, NewEntry, View
from registry.ledger.signing_keys import signing_key
from registry.records.keys import keys
from registry.services.answers import Answer


@dataclass(frozen=True, slots=True)
class Receipt(Answer):
    """What was entered, and where; ``notes`` are things its author should know, and change nothing."""

    kind: str
    id: str
    record: str
    position: int
    ledger_size: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entries:
    """The one way into a registry's ledger for a single record."""

    ledger: Ledger
    names: Names

    def enter(self, entry: NewEntry, actor: str, what: str, **conditions: object) -> Receipt:
        """Enter one record after its form was judged; ``conditions`` are those of ``Ledger.append``.

        Raises NotWellFormed with what the shape of its kind refuses, and what ``append`` raises.
        """
        if entry.record is not None:
            shacl.check_form(entry.kind, entry.record.ntriples)
        entry = replace(entry, index=keys(entry.kind, entry.record, self.names, actor=actor, details=entry.details))
        answer = self.ledger.append([entry], actor=actor, **conditions)  # type: ignore[arg-type]
        digest = entry.record.digest if entry.record else ""
        return Receipt(entry.kind, what, digest, answer.positions[-1], answer.size)

    def signed(self, entry: NewEntry, account: Account) -> NewEntry:
        """The entry with the registry's signature over its record's bytes (21 CFR 11.70).

        ``account`` is as ``signer`` gave it: the details name the second factor that was given for this signature.
        """
        if entry.record is None:
            raise WrongUsage("Only a record is signed.", expected="an entry with a record", found=entry.kind)
        details = {**entry.details, **factor_named(account), **signing_key(self.ledger).details(entry.record.ntriples)}
        return replace(entry, details=details)


def signer(accounts: Accounts, name: str, password: str, permission: Permission) -> Account:
    """The account whose password this is, if it may sign this; raises NotSignedIn, NotAllowed (21 CFR 11.200)."""
    account = accounts.people.verify_to_sign(name, password)
    require(account, permission)
    return account


def factor_named(account: Account) -> dict[str, str]:
    """What the details of a signature say of the second factor: its kind, or nothing for a password alone."""
    return {"second_factor": account.second_factor} if account.second_factor else {}


def new(kind: str, key: str, word: str) -> Callable[[View], None]:
    """A condition of the append: nobody has used this identifier."""

    def nobody_has_it(view: View) -> None:
        if view.newest(kind, [key]):
            raise Conflict(
                f"There is a {word} {key} already.",
                expected="an identifier that nobody has used (case does not matter)",
                found=key,
                where="id",
                todo="Nothing is edited here: choose another identifier.",
            )

    return nobody_has_it


def unchanged(heads: Mapping[tuple[str, str], int], lot: str) -> Callable[[View], None]:
    """A condition of the append: nothing about the lot, its origins or its product was entered since it was judged."""

    def nothing_new(view: View) -> None:
        for (kind, key), position in heads.items():
            newest = view.newest(kind, [key]).get(key, 0)
            if newest != position:
                raise Conflict(
                    f"Something about {kind} {key} was recorded while {lot} was being decided on.",
                    expected=f"entry {position} to be the newest",
                    found=f"entry {newest}",
                    todo="Look at the lot again, then decide.",
                )

    return nothing_new

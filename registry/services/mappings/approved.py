"""Mappings on record: what a laboratory's instruments call things, approved by the quality unit, newest first.

registry.mappings.add("counter", "counter.csv", data, signer="quality", password=…)
registry.submit("export.csv", data, account, beside=registry.mappings.beside("counter"))
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from registry.accounts import Accounts, Permission
from registry.domain import Recorded, Result, RowError
from registry.domain.name_mapping import Mapping
from registry.errors import Unknown
from registry.identifiers import Names
from registry.intake.confined import READERS
from registry.intake.names.likely_names import Likely, likely
from registry.intake.names.mapping_table import SETTINGS, write_table
from registry.ledger import Entry, Ledger
from registry.ledger.lots import recorded
from registry.records import Record, digest_of
from registry.records.keys import DRAFTED_BY, MAPPING, READ_WITH
from registry.records.mapping import MEANING
from registry.records.mapping import read_mapping as read_record
from registry.services.answers import Answer
from registry.services.append import Entries, Receipt
from registry.services.append import signer as verified
from registry.services.mappings.drafts import MappingDrafts
from registry.services.ontologies.current import Current

__all__ = [
    "MEANING",
    "NOTHING",
    "SETTINGS",
    "Beside",
    "Identities",
    "LastUsed",
    "MappingAnswer",
    "Mappings",
    "answer",
    "write_table",
]


@dataclass(frozen=True, slots=True)
class Identities:
    """What stands for a file, as digests: ``plain`` where no name in it had to be mapped, else ``mapped``."""

    plain: str
    mapped: str

    def of(self, results: Iterable[Result]) -> str:
        """The one for these results, which say themselves whether a mapping was needed."""
        needed = any(name == "mapping" for result in results for name, _ in result.details)
        return self.mapped if needed else self.plain


@dataclass(frozen=True, slots=True)
class Beside:
    """What a machine's file is read with: a mapping, and for raw events the gates, as (name, bytes)."""

    mapping: Mapping | None = None
    gates: tuple[str, bytes] | None = None

    def identity(self, data: bytes) -> str:
        """The digest that stands for the file read so: another mapping or other gates give other panels."""
        return self.identities(data).mapped

    def identities(self, data: bytes) -> Identities:
        """The file's own digest, and the one that stands for it where it was read with this."""
        plain = digest_of(data)
        if self.mapping is None and self.gates is None:
            return Identities(plain, plain)
        mapping = self.mapping.digest if self.mapping else ""
        gates = digest_of(self.gates[1]) if self.gates else ""
        return Identities(plain, digest_of("\n".join((plain, gates, mapping)).encode()))

    @property
    def digest(self) -> str:
        """The digest of the mapping's record; empty without a mapping."""
        return self.mapping.digest if self.mapping else ""

    @property
    def files(self) -> dict[str, tuple[str, bytes]]:
        """What is kept beside the file, by digest."""
        return {digest_of(self.gates[1]): self.gates} if self.gates else {}


NOTHING = Beside()


@dataclass(frozen=True, slots=True)
class MappingAnswer(Answer):
    """One mapping on record: who approved it, from when, how many lines, and the digests of its record and file."""

    name: str
    signed_by: str
    printed_name: str
    drafted_by: str
    since: str
    lines: int
    record: str
    file: str
    newest: bool


@dataclass(frozen=True, slots=True)
class LastUsed(Answer):
    """The mapping that an account used last, or had drafted when it was approved (``drafted``), and when."""

    name: str
    at: datetime
    drafted: bool


class Mappings:
    """The mappings of one registry; ``drafts`` are those that wait for the quality unit."""

    def __init__(self, ledger: Ledger, ontologies: Current, names: Names, entries: Entries, accounts: Accounts) -> None:
        self._ledger = ledger
        self._ontologies = ontologies
        self._names = names
        self._accounts = accounts
        self.drafts = MappingDrafts(ledger, ontologies, names, entries, accounts)

    def add(self, name: str, file: str, data: bytes, *, signer: str, password: str, meaning: str = "") -> Receipt:
        """Approve and keep a mapping; a newer one of the same name replaces it from now on.

        Raises ``Unreadable`` with every row that is wrong, NotSignedIn, NotAllowed for any role but the quality unit,
        WrongUsage for a name that cannot be one.
        """
        account = verified(self._accounts, signer, password, Permission.APPROVE_MAPPING)
        return self.drafts.enter(name, file, data, account, meaning=meaning)

    def read(self, name: str, file: str, data: bytes) -> Mapping:
        """A mapping that nobody has approved, to see what a file would say with it; raises ``Unreadable``."""
        return replace(READERS.mapping(file, data, self._ontologies.terms), name=name)

    def problems(self, file: str, data: bytes) -> list[RowError]:
        """Every row of a mapping's table that is wrong; raises Unreadable for what is no such table."""
        return list(READERS.mapping_lines(file, data, self._ontologies.terms)[1])

    def likely(self, name: str) -> Likely:
        """What a name that nobody maps may stand for: to be asked, never to be taken."""
        return likely(name, self._ontologies.terms)

    def used_last(self, account: str) -> LastUsed | None:
        """The mapping of this account's newest submission with one, or a draft of its that was approved since."""
        newest = self._ledger.newest
        used, drafted = (newest(kind, [account]).get(account.casefold(), 0) for kind in (READ_WITH, DRAFTED_BY))
        if not used and not drafted:
            return None
        entry = self._ledger.entry(max(used, drafted))
        return LastUsed(str(entry.details["mapping"]), entry.at, drafted=drafted > used)

    def get(self, name: str) -> Mapping:
        """The newest mapping of this name; raises Unknown with those there are."""
        position = self._ledger.newest(MAPPING, [name]).get(name.casefold())
        if position is None:
            known = ", ".join(self._ledger.matching(MAPPING)) or "none yet"
            raise Unknown(
                f"No mapping is called {name}.",
                expected=known,
                found=name,
                todo="Name one that the quality unit has approved, or have one approved.",
            )
        return self._read(self._ledger.entry(position))

    def list(self) -> list[MappingAnswer]:
        """Every mapping on record, oldest first; ``newest`` marks the one in force under its name."""
        every = [self._read(entry) for entry in self._ledger.entries(kind=MAPPING)]
        newest = {mapping.name.casefold(): mapping for mapping in every}
        return [answer(mapping, newest=newest[mapping.name.casefold()] is mapping) for mapping in every]

    def beside(self, name: str | None, gates: tuple[str, bytes] | None = None) -> Beside:
        """The newest mapping of this name (if one is named) and the gates, to read a file with."""
        return Beside(self.get(name) if name else None, gates)

    def _read(self, entry: Entry) -> Mapping:
        record = self._ledger.record(entry.record or "")
        return _kept(record, recorded(entry), self._names)


@lru_cache(maxsize=256)
def _kept(record: Record, entry: Recorded, names: Names) -> Mapping:
    """The mapping of a record, which never changes: pages ask for every one there is."""
    return read_record(record, entry, names)


def answer(mapping: Mapping, *, newest: bool = True) -> MappingAnswer:
    """A mapping as an answer."""
    since = mapping.signed_at.isoformat() if mapping.signed_at else ""
    return MappingAnswer(
        mapping.name,
        mapping.signed_by,
        mapping.printed_name,
        mapping.drafted_by,
        since,
        len(mapping.lines),
        mapping.entry.record if mapping.entry else "",
        mapping.file,
        newest,
    )

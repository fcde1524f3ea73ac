"""Mappings on record: what a laboratory's instruments call things, approved by the quality unit, newest first.

registry.mappings.add("counter", "counter.csv", data, name="quality", password=…)
registry.submit("export.csv", data, account, beside=registry.mappings.beside("counter"))
"""

from __future__ import annotations

from dataclasses import dataclass

from registry.errors import Unknown
from registry.intake.mapping import read_mapping as read_table
from registry.iris import check_id
from registry.kinds.mapping import read_mapping, write_mapping
from registry.ledger import Entry, NewEntry
from registry.lots import recorded
from registry.mapping import Mapping
from registry.record import digest_of
from registry.registry.answers import Answer
from registry.registry.entering import Receipt, enter, quality_unit, signed
from registry.registry.parts import Parts

KIND = "mapping"


@dataclass(frozen=True, slots=True)
class Beside:
    """What a machine's file is read with: a mapping, and for raw events the gates, as (name, bytes)."""

    mapping: Mapping | None = None
    gates: tuple[str, bytes] | None = None

    def identity(self, data: bytes) -> str:
        """The digest that stands for the file read so: another mapping or other gates give other panels."""
        if self.mapping is None and self.gates is None:
            return digest_of(data)
        mapping = self.mapping.digest if self.mapping else ""
        gates = digest_of(self.gates[1]) if self.gates else ""
        return digest_of("\n".join((digest_of(data), gates, mapping)).encode())

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
    since: str
    lines: int
    record: str
    file: str
    newest: bool


@dataclass(frozen=True, slots=True)
class Mappings:
    """The mappings of one registry."""

    parts: Parts

    def add(self, name: str, file: str, data: bytes, *, by: str, password: str) -> Receipt:
        """Approve and keep a mapping; a newer one of the same name replaces it from now on.

        Raises ``Unreadable`` with every row that is wrong, NotSignedIn, NotAllowed for any role but the quality unit,
        WrongUsage for a name that cannot be one.
        """
        account = quality_unit(self.parts, by, password)
        read = read_table(file, data, self.parts.terms)
        mapping = Mapping(
            check_id(name, KIND), read.lines, read.file, account.name, account.printed_name, self.parts.ledger.now()
        )
        summary = f"Mapping {name} of {len(read.lines)} lines approved by {account.printed_name}"
        entry = NewEntry(
            KIND, write_mapping(mapping, self.parts.names), details={"summary": summary}, files=(read.file,)
        )
        kept = {read.file: (file, data)}
        return enter(self.parts, signed(self.parts, entry), account.name, mapping.name, files=kept)

    def get(self, name: str) -> Mapping:
        """The newest mapping of this name; raises Unknown with those there are."""
        position = self.parts.ledger.newest(KIND, [name]).get(name.casefold())
        if position is None:
            known = ", ".join(self.parts.ledger.matching(KIND)) or "none yet"
            raise Unknown(
                f"No mapping is called {name}.",
                expected=known,
                found=name,
                todo="Approve one with: cell-registry mapping add FILE --as NAME",
            )
        return self._read(self.parts.ledger.entry(position))

    def list(self) -> list[MappingAnswer]:
        """Every mapping on record, oldest first; ``newest`` marks the one in force under its name."""
        found = [self._read(entry) for entry in self.parts.ledger.entries(kind=KIND)]
        newest = {one.name.casefold(): one for one in found}
        return [answer(one, newest=newest[one.name.casefold()] is one) for one in found]

    def beside(self, name: str | None, gates: tuple[str, bytes] | None = None) -> Beside:
        """The newest mapping of this name (if one is named) and the gates, to read a file with."""
        return Beside(self.get(name) if name else None, gates)

    def _read(self, entry: Entry) -> Mapping:
        record = self.parts.ledger.record(entry.record or "")
        return read_mapping(record, recorded(entry), self.parts.names)


def answer(mapping: Mapping, *, newest: bool = True) -> MappingAnswer:
    """A mapping as an answer."""
    since = mapping.signed_at.isoformat() if mapping.signed_at else ""
    return MappingAnswer(
        mapping.name,
        mapping.signed_by,
        mapping.printed_name,
        since,
        len(mapping.lines),
        mapping.entry.record if mapping.entry else "",
        mapping.file,
        newest,
    )

"""Specifications that a quality unit writes: drafted by one person, approved by another, never edited.

A draft is a record of kind ``specification`` that says who drafted it. Shipped ones count as drafted by the project.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from registry import specifications
from registry.accounts import Accounts, Permission
from registry.domain import Specification
from registry.errors import Conflict, Refused, RegistryError, Unknown
from registry.ledger import Ledger, NewEntry, View
from registry.ledger.lots import LotReader
from registry.records import read_ntriples
from registry.records.keys import SPECIFICATION
from registry.services.answers import Answer
from registry.services.append import Entries, Receipt, signer
from registry.services.ontologies.current import Current


@dataclass(frozen=True, slots=True)
class Draft(Answer):
    """A drafted specification: where it stands in the ledger, and what it says."""

    id: str
    version: str
    digest: str
    title: str
    drafted_by: str
    drafted_at: datetime
    position: int


class Drafts:
    """Every specification there is: the shipped ones, and those drafted in one registry."""

    def __init__(
        self, ledger: Ledger, reader: LotReader, ontologies: Current, entries: Entries, accounts: Accounts
    ) -> None:
        self._ledger = ledger
        self._reader = reader
        self._ontologies = ontologies
        self._entries = entries
        self._accounts = accounts

    def draft(self, file: str, data: bytes, *, name: str, password: str) -> Receipt:
        """Record a table, or a compiled specification, as a draft of this member of the quality unit.

        Raises what reading it raises, NotSignedIn, NotAllowed, Conflict when the version stands already or meanwhile,
        Refused for errors that ``specifications.lint`` finds and for a criterion id that an earlier version uses for
        something else.
        """
        account = signer(self._accounts, name, password, Permission.DRAFT_SPECIFICATION)
        read = replace(self.read(file, data), drafted_by=account.name, published=False)
        whole = specifications.build(read)
        findings = specifications.lint(whole, self._ontologies.terms)
        for obstacle in obstacles(whole, self.versions(whole.id), findings):
            raise obstacle
        title = f"{whole.id} version {whole.version}"
        entry = NewEntry(
            "specification",
            read_ntriples(whole.ntriples),
            details={"summary": f"{title} drafted by {account.printed_name}", "draft": f"{whole.id}@{whole.version}"},
        )
        expect = self._nothing_newer(whole.id)
        return self._entries.enter(self._entries.signed(entry, account), account.name, title, expect=expect)

    def read(self, file: str, data: bytes) -> Specification:
        """What a table, or a compiled specification, says; a table's may contradict itself.

        Raises what reading it raises.
        """
        from registry.specifications import table  # it loads readers of workbooks and YAML

        compiled = file.casefold().endswith((".ttl", ".nt"))
        return specifications.read(data) if compiled else table.draft(file, data, self._ontologies.terms)

    def all(self) -> list[Specification]:
        """Every specification, shipped or drafted here."""
        return [*specifications.shipped(), *(drafted for _, drafted in self._recorded())]

    def find(self, identifier: str, version: str | None = None) -> Specification:
        """A specification, shipped or drafted here; without a version, the newest. Raises Unknown."""
        fitting = [each for each in self.versions(identifier) if version in (None, each.version)]
        if fitting:
            return fitting[-1]
        known = [f"{name}@{number}" for name, number in specifications.names()]
        known += [f"{draft.id}@{draft.version}" for draft in self.drafted()]
        wanted = identifier + (f"@{version}" if version else "")
        expected = specifications.nearest(wanted, known)
        raise Unknown(
            "There is no such specification here.",
            expected=expected,
            found=wanted,
            todo=specifications.LISTED,
            code="no-such-specification",
            action="list-specifications",
        )

    def versions(self, identifier: str) -> list[Specification]:
        """Every version of a specification, the shipped ones first, then those drafted here, oldest first."""
        shipped = [specifications.load(name, number) for name, number in specifications.names() if name == identifier]
        return [*shipped, *(drafted for _, drafted in self._recorded(identifier))]

    def drafted(self) -> list[Draft]:
        """Every drafted specification, oldest first."""
        return [draft for draft, _ in self._recorded()]

    def _recorded(self, identifier: str | None = None) -> Iterator[tuple[Draft, Specification]]:
        key = (SPECIFICATION, identifier) if identifier is not None else None
        for entry in self._ledger.entries(kind="specification", key=key):
            if "draft" in entry.details and entry.record is not None:
                drafted = self._reader.specification(entry.record)
                named = (drafted.id, drafted.version, drafted.digest, drafted.title, drafted.drafted_by)
                yield Draft(*named, entry.at, entry.position), drafted

    def _nothing_newer(self, identifier: str) -> Callable[[View], None]:
        seen = self._ledger.newest(SPECIFICATION, [identifier]).get(identifier, 0)

        def nothing_new(view: View) -> None:
            newest = view.newest(SPECIFICATION, [identifier]).get(identifier, 0)
            if newest != seen:
                raise Conflict(f"Something about {identifier} was recorded meanwhile.", expected=f"entry {seen}",
                               found=f"entry {newest}", todo="Look at it, then draft again.")  # fmt: skip

        return nothing_new


def obstacles(
    whole: Specification, earlier: Sequence[Specification], findings: Sequence[specifications.Finding]
) -> Iterator[RegistryError]:
    """Everything that keeps it from being recorded beside the ``earlier`` versions.

    A version that stands already, errors that ``lint`` found, a criterion's id that meant something else before.
    """
    title = f"{whole.id} version {whole.version}"
    if any(older.version == whole.version for older in earlier):
        yield Conflict(f"{title} stands already, and a specification is never edited.", expected="a new version",
                       found=whole.version, todo="Give it the next version.")  # fmt: skip
    errors = [finding for finding in findings if finding.severity == "error"]
    if errors:
        yield Refused(
            f"{title} cannot have been meant so.",
            expected="a specification without errors",
            details=[f"{error.criterion or 'the whole'}: {error.message} {error.todo}" for error in errors],
        )
    # A criterion's id means one characteristic at one stage for ever: ``…/<id>#<criterion>`` is a version of it.
    used = {each.id: (each.characteristic, each.stage) for older in earlier for each in older.criteria}
    reused = [each.id for each in whole.criteria if used.get(each.id, (each.characteristic, each.stage))
              != (each.characteristic, each.stage)]  # fmt: skip
    if reused:
        yield Refused("An earlier version uses these criterion ids for something else.", expected="new ids",
                      found=", ".join(reused), todo="Give what is new an id of its own.")  # fmt: skip

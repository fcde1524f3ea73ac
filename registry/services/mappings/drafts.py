"""Drafts of mappings: a laboratory says what names stand for, and the quality unit approves it or says why not.

    receipt = registry.mappings.drafts.draft("counter", "counter.csv", data, account)
    registry.mappings.drafts.approve(receipt.position, by="quality", password=…)

A draft is its table, kept as a file, and an entry that names it. Nothing is read by a draft, and the graph knows none.
What is approved is exactly that table, by somebody who did not draft it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from typing import Literal

from registry.accounts import Account
from registry.domain.name_mapping import Mapping
from registry.errors import Conflict, NotAllowed, Refused, Unknown, WrongUsage
from registry.identifiers import check_id
from registry.intake.names.mapping_table import read_mapping
from registry.ledger import Entry, Json, Ledger, NewEntry, View
from registry.records import digest_of
from registry.records.keys import MAPPING
from registry.records.mapping import MEANING, write_mapping
from registry.services.answers import Answer
from registry.services.append import Receipt, enter, quality_unit, signed
from registry.services.context import Parts

DRAFT, DECLINE = "mapping-draft", "mapping-decline"
DRAFTS = frozenset({"submitter", "quality unit"})

DraftState = Literal["waits", "approved", "declined", "replaced"]


@dataclass(frozen=True, slots=True)
class MappingDraft(Answer):
    """A drafted mapping: who drafted it and when, the digest of its table, and what became of it.

    ``decided_by`` and ``reason`` say who approved or declined it, or whose newer one replaced it, and why.
    """

    name: str
    drafted_by: str
    at: datetime
    position: int
    file: str
    lines: int
    state: DraftState = "waits"
    decided_by: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class MappingDrafts:
    """The drafts of one registry."""

    parts: Parts

    def draft(self, name: str, file: str, data: bytes, account: Account) -> Receipt:
        """Record a table of this account as a draft under this name; an earlier one that waits is replaced by it.

        Raises ``Unreadable`` with every row that is wrong, WrongUsage for a name that cannot be one, NotAllowed.
        """
        if account.role not in DRAFTS:
            raise NotAllowed(
                f"A {account.role} may not draft a mapping.", expected="a submitter", found=f"{account.name}"
            )
        check_id(name, MAPPING)
        lines = len(read_mapping(file, data, self.parts.terms).lines)
        digest = digest_of(data)
        summary = f"Mapping {name} of {lines} lines drafted by {account.printed_name}"
        details: dict[str, Json] = {"summary": summary, "mapping": name, "lines": lines}
        entry = NewEntry(DRAFT, details=details, files=(digest,))
        return enter(self.parts, entry, account.name, name, files={digest: (file, data)})

    def every(self) -> list[MappingDraft]:
        """Every draft, the oldest first."""
        return list(_told(self.parts.ledger).values())

    def waiting(self) -> list[MappingDraft]:
        """The drafts that nobody has decided on."""
        return [one for one in self.every() if one.state == "waits"]

    def get(self, position: int) -> tuple[MappingDraft, Mapping]:
        """The draft that was entered there, and what its table says; raises Unknown."""
        found = _told(self.parts.ledger).get(position)
        if found is None:
            raise Unknown("There is no such draft of a mapping.", found=str(position), todo="See those there are.")
        file, data = self.parts.ledger.file(found.file)
        return found, replace(read_mapping(file, data, self.parts.terms), name=found.name)

    def approve(self, position: int, *, by: str, password: str, meaning: str = "") -> Receipt:
        """Approve a draft: its table is in force under its name from now on.

        Raises Refused for whoever drafted it, Conflict for one that does not wait any more, NotSignedIn, NotAllowed.
        """
        account = quality_unit(self.parts, by, password)
        found, _mapping = self.get(position)
        if found.drafted_by.casefold() == account.name.casefold():
            raise Refused(
                f"{account.name} drafted the mapping {found.name}: another member of the quality unit approves it.",
                expected="another signer",
                found=account.name,
            )
        file, data = self.parts.ledger.file(found.file)
        return enter_mapping(self.parts, found.name, file, data, account, draft=found, meaning=meaning)

    def decline(self, position: int, reason: str, account: Account) -> Receipt:
        """Say why a draft is not approved; raises Conflict for one that does not wait any more, NotAllowed."""
        if account.role != "quality unit":
            raise NotAllowed(
                f"{account.name} may not decline this.",
                expected="a member of the quality unit",
                found=f"a {account.role}",
            )
        if not reason.strip():
            raise WrongUsage("The reason is empty.", where="reason", todo="Say what the laboratory is to change.")
        found, _mapping = self.get(position)
        summary = f"Draft of the mapping {found.name} declined by {account.printed_name}: {reason.strip()}"
        details: dict[str, Json] = {"summary": summary, "draft": position, "reason": reason.strip()}
        entry = NewEntry(DECLINE, details=details)
        return enter(self.parts, entry, account.name, found.name, expect=_still_waits(position))


def enter_mapping(
    parts: Parts,
    name: str,
    file: str,
    data: bytes,
    account: Account,
    *,
    draft: MappingDraft | None = None,
    meaning: str = "",
) -> Receipt:
    """Keep a mapping that this member of the quality unit signs; it is in force from now on.

    Raises ``Unreadable`` with every row that is wrong, WrongUsage for a name that cannot be one, and Conflict for a
    draft that does not wait any more.
    """
    read = read_mapping(file, data, parts.terms)
    mapping = Mapping(
        name=check_id(name, MAPPING),
        lines=read.lines,
        file=read.file,
        signed_by=account.name,
        printed_name=account.printed_name,
        signed_at=parts.ledger.now(),
        drafted_by=draft.drafted_by if draft else "",
    )
    summary = f"Mapping {name} of {len(read.lines)} lines approved by {account.printed_name}"
    details: dict[str, Json] = {"summary": summary, "mapping": name}
    details |= {"draft": draft.position} if draft else {}
    record = write_mapping(mapping, parts.names, meaning.strip() or MEANING)
    entry = signed(parts, NewEntry(MAPPING, record, details=details, files=(read.file,)))
    expect = _still_waits(draft.position) if draft else None
    return enter(parts, entry, account.name, mapping.name, files={read.file: (file, data)}, expect=expect)


def _still_waits(position: int) -> Callable[[View], None]:
    def nobody_decided(view: View) -> None:
        found = _told(view)[position]
        if found.state != "waits":
            raise Conflict(
                f"This draft of the mapping {found.name} does not wait any more.",
                expected="a draft that nobody has decided on",
                found=f"{found.state} by {found.decided_by}",
                todo="Look at the mapping as it is now.",
            )

    return nobody_decided


def _told(ledger: Ledger | View) -> dict[int, MappingDraft]:
    """Position → draft, with what became of it: a newer draft or mapping of its name ends its waiting."""
    found: dict[int, MappingDraft] = {}
    waiting: dict[str, int] = {}
    drafts = list(ledger.entries(kind=DRAFT))
    since = drafts[0].position - 1 if drafts else ledger.size()
    later = (ledger.entries(since, kind=kind) for kind in (DECLINE, MAPPING))
    for entry in sorted(chain(drafts, *later), key=lambda one: one.position):
        if entry.kind == DECLINE:
            position = int(str(entry.details["draft"]))
            waiting.pop(found[position].name.casefold(), None)
            found[position] = _ended(found[position], "declined", entry)
            continue
        name = str(entry.details.get("mapping", "")).casefold()
        earlier = waiting.pop(name, None)
        if earlier is not None:
            is_it = entry.kind == MAPPING and entry.details.get("draft") == earlier
            found[earlier] = _ended(found[earlier], "approved" if is_it else "replaced", entry)
        if entry.kind == DRAFT:
            found[entry.position] = _draft(entry)
            waiting[name] = entry.position
    return found


def _draft(entry: Entry) -> MappingDraft:
    (file,) = entry.files
    lines = int(str(entry.details["lines"]))
    return MappingDraft(str(entry.details["mapping"]), entry.actor, entry.at, entry.position, file, lines)


def _ended(draft: MappingDraft, state: DraftState, by: Entry) -> MappingDraft:
    return replace(draft, state=state, decided_by=by.actor, reason=str(by.details.get("reason", "")))

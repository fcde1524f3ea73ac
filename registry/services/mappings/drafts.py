"""Drafts of mappings: a laboratory says what names stand for, and the quality unit approves it or says why not.

    receipt = registry.mappings.drafts.draft("counter", "counter.csv", data, account)
    registry.mappings.drafts.approve(receipt.position, signer="quality", password=…)

A draft is its table, kept as a file, and an entry that names it. Nothing is read by a draft, and the graph knows none.
What is approved is exactly that table, by somebody who did not draft it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from typing import Literal

from registry.accounts import Account, Accounts, Actor, Permission, require
from registry.domain.name_mapping import Mapping
from registry.errors import Conflict, Refused, Unknown, WrongUsage
from registry.identifiers import Names, check_id
from registry.intake.confined import READERS
from registry.ledger import Entry, Json, Ledger, NewEntry, View
from registry.records import digest_of
from registry.records.keys import MAPPING
from registry.records.mapping import MEANING, write_mapping
from registry.services.answers import Answer
from registry.services.append import Entries, Receipt
from registry.services.append import signer as verified
from registry.services.ontologies.current import Current

DRAFT, DECLINE = "mapping-draft", "mapping-decline"

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


class MappingDrafts:
    """The drafts of one registry."""

    def __init__(self, ledger: Ledger, ontologies: Current, names: Names, entries: Entries, accounts: Accounts) -> None:
        self._ledger = ledger
        self._ontologies = ontologies
        self._names = names
        self._entries = entries
        self._accounts = accounts

    def draft(self, name: str, file: str, data: bytes, by: Actor) -> Receipt:
        """Record a table of this account as a draft under this name; an earlier one that waits is replaced by it.

        Raises ``Unreadable`` with every row that is wrong, WrongUsage for a name that cannot be one, NotAllowed.
        """
        require(by, Permission.DRAFT_MAPPING)
        check_id(name, MAPPING)
        lines = len(READERS.mapping(file, data, self._ontologies.terms).lines)
        digest = digest_of(data)
        summary = f"Mapping {name} of {lines} lines drafted by {by.printed_name}"
        details: dict[str, Json] = {"summary": summary, "mapping": name, "lines": lines}
        entry = NewEntry(DRAFT, details=details, files=(digest,))
        return self._entries.enter(entry, by.name, name, files={digest: (file, data)})

    def every(self) -> list[MappingDraft]:
        """Every draft, the oldest first."""
        return list(_told(self._ledger).values())

    def waiting(self) -> list[MappingDraft]:
        """The drafts that nobody has decided on."""
        return [draft for draft in self.every() if draft.state == "waits"]

    def get(self, position: int) -> tuple[MappingDraft, Mapping]:
        """The draft that was entered there, and what its table says; raises Unknown."""
        draft = _told(self._ledger).get(position)
        if draft is None:
            raise Unknown("There is no such draft of a mapping.", found=str(position), todo="See those there are.")
        file, data = self._ledger.file(draft.file)
        return draft, replace(READERS.mapping(file, data, self._ontologies.terms), name=draft.name)

    def approve(self, position: int, *, signer: str, password: str, meaning: str = "") -> Receipt:
        """Approve a draft: its table is in force under its name from now on.

        Raises Refused for whoever drafted it, Conflict for one that does not wait any more, NotSignedIn, NotAllowed.
        """
        account = verified(self._accounts, signer, password, Permission.APPROVE_MAPPING)
        draft, _mapping = self.get(position)
        if draft.drafted_by.casefold() == account.name.casefold():
            raise Refused(
                f"{account.name} drafted the mapping {draft.name}: another member of the quality unit approves it.",
                expected="another signer",
                found=account.name,
            )
        file, data = self._ledger.file(draft.file)
        return self.enter(draft.name, file, data, account, draft=draft, meaning=meaning)

    def decline(self, position: int, reason: str, by: Actor) -> Receipt:
        """Say why a draft is not approved; raises Conflict for one that does not wait any more, NotAllowed."""
        require(by, Permission.APPROVE_MAPPING)
        if not reason.strip():
            raise WrongUsage("The reason is empty.", where="reason", todo="Say what the laboratory is to change.")
        draft, _mapping = self.get(position)
        summary = f"Draft of the mapping {draft.name} declined by {by.printed_name}: {reason.strip()}"
        details: dict[str, Json] = {"summary": summary, "draft": position, "reason": reason.strip()}
        entry = NewEntry(DECLINE, details=details)
        return self._entries.enter(entry, by.name, draft.name, expect=_still_waits(position))

    def enter(
        self,
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
        read = READERS.mapping(file, data, self._ontologies.terms)
        mapping = Mapping(
            name=check_id(name, MAPPING),
            lines=read.lines,
            file=read.file,
            signed_by=account.name,
            printed_name=account.printed_name,
            signed_at=self._ledger.now(),
            drafted_by=draft.drafted_by if draft else "",
        )
        summary = f"Mapping {name} of {len(read.lines)} lines approved by {account.printed_name}"
        details: dict[str, Json] = {"summary": summary, "mapping": name}
        details |= {"draft": draft.position} if draft else {}
        record = write_mapping(mapping, self._names, meaning.strip() or MEANING)
        entry = self._entries.signed(NewEntry(MAPPING, record, details=details, files=(read.file,)), account)
        expect = _still_waits(draft.position) if draft else None
        return self._entries.enter(entry, account.name, mapping.name, files={read.file: (file, data)}, expect=expect)


def _still_waits(position: int) -> Callable[[View], None]:
    def nobody_decided(view: View) -> None:
        draft = _told(view)[position]
        if draft.state != "waits":
            raise Conflict(
                f"This draft of the mapping {draft.name} does not wait any more.",
                expected="a draft that nobody has decided on",
                found=f"{draft.state} by {draft.decided_by}",
                todo="Look at the mapping as it is now.",
            )

    return nobody_decided


def _told(ledger: Ledger | View) -> dict[int, MappingDraft]:
    """Position → draft, with what became of it: a newer draft or mapping of its name ends its waiting."""
    drafts: dict[int, MappingDraft] = {}
    waiting: dict[str, int] = {}
    begun = list(ledger.entries(kind=DRAFT))
    since = begun[0].position - 1 if begun else ledger.size()
    later = (ledger.entries(since, kind=kind) for kind in (DECLINE, MAPPING))
    for entry in sorted(chain(begun, *later), key=lambda entry: entry.position):
        if entry.kind == DECLINE:
            position = int(str(entry.details["draft"]))
            waiting.pop(drafts[position].name.casefold(), None)
            drafts[position] = _ended(drafts[position], "declined", entry)
            continue
        name = str(entry.details.get("mapping", "")).casefold()
        earlier = waiting.pop(name, None)
        if earlier is not None:
            is_it = entry.kind == MAPPING and entry.details.get("draft") == earlier
            drafts[earlier] = _ended(drafts[earlier], "approved" if is_it else "replaced", entry)
        if entry.kind == DRAFT:
            drafts[entry.position] = _draft(entry)
            waiting[name] = entry.position
    return drafts


def _draft(entry: Entry) -> MappingDraft:
    (file,) = entry.files
    lines = int(str(entry.details["lines"]))
    return MappingDraft(str(entry.details["mapping"]), entry.actor, entry.at, entry.position, file, lines)


def _ended(draft: MappingDraft, state: DraftState, by: Entry) -> MappingDraft:
    return replace(draft, state=state, decided_by=by.actor, reason=str(by.details.get("reason", "")))

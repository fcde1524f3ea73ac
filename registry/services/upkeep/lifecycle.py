"""A registry kept: audited, rebuilt, backed up, confirmed after a restore, watched over.

registry.upkeep.audit()            everything recomputed from the ledger
registry.upkeep.inspection.trail() the ledger for a person to read
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Callable, Hashable, Iterable
from pathlib import Path
from typing import Any

from registry import audit as auditing
from registry.accounts import Accounts, Actor, Permission, require
from registry.errors import Conflict, Refused, RegistryError, WrongUsage
from registry.identifiers import Names
from registry.intake.checks.free_text_privacy import refuse_persons
from registry.ledger import Entry, Json, Ledger, NewEntry
from registry.ledger.backup import backup, move
from registry.ledger.restored_mark import Restored, marked, unmark
from registry.records import Record
from registry.records.keys import keys
from registry.services.append import Entries, Receipt, factor_named, signer
from registry.services.homes.condition import NOTE, note_backup
from registry.services.lot_index.lists import LotIndex
from registry.services.lots.lots import Lots
from registry.services.queries.ask import Queries
from registry.services.upkeep.addresses import Addresses
from registry.services.upkeep.as_rdf import AsRdf
from registry.services.upkeep.inspection import Inspection
from registry.services.upkeep.keys import Keys
from registry.services.verdict_cache import VerdictCache

_COPY = re.compile(r"registry-[0-9]{8}T[0-9]{6}\.[0-9]{6}Z\.tar")
_PAGE = 1 << 16
"""Bytes that a disk must take for a registry to be ready."""


class Upkeep:
    """What keeps one registry; ``inspection`` is for those who look after it and those who inspect it."""

    def __init__(
        self,
        directory: Path,
        ledger: Ledger,
        names: Names,
        entries: Entries,
        accounts: Accounts,
        lots: Lots,
        lot_index: LotIndex,
        queries: Queries,
        verdicts: VerdictCache,
        as_rdf: AsRdf,
        seen_elsewhere: Callable[[], list[tuple[str, str]]],
    ) -> None:
        self._directory = directory
        self.keys = Keys(directory, ledger)
        self.addresses = Addresses(ledger, names)
        self._ledger = ledger
        self._names = names
        self._entries = entries
        self._accounts = accounts
        self._lot_index = lot_index
        self._queries = queries
        self._verdicts = verdicts
        self._as_rdf = as_rdf
        self.inspection = Inspection(ledger, lots, as_rdf, self.audit, seen_elsewhere)

    def rdf(self, subject: str, identifier: str, media_type: str) -> bytes:
        """A lot, product, record, specification or term as ``text/turtle``, ``application/ld+json`` or N-Triples."""
        return self._as_rdf.write(subject, identifier, media_type)

    def audit(self, known_head: str | None = None, known_checkpoint: str | None = None) -> auditing.AuditReport:
        """Everything recomputed from the ledger and the public key, and every projection made anew and compared.

        See ``registry.audit`` for ``known_head`` and ``known_checkpoint``. Where nothing can be written it writes
        nothing, and says so of a projection that is behind the ledger.
        """

        def graph() -> tuple[Iterable[Hashable], Iterable[Hashable]]:  # opened within the audit: damage is a finding
            return self._queries.knowledge.held_and_expected()

        return auditing.audit(
            self._ledger,
            graph=graph,
            index_of=self._index,
            known_head=known_head,
            known_checkpoint=known_checkpoint,
            names=self._names,
            lists=self._lot_index.held_and_expected,
        )

    def rebuild(self) -> int:
        """Make the index, the tree, the lines of the lots and the graph anew; answers the ledger's size."""
        self._ledger.regrow()
        self._ledger.reindex(self._index)
        self._lot_index.rebuild()
        return self._queries.knowledge.rebuild()

    def _index(self, entry: Entry, record: Record | None) -> tuple[tuple[str, str], ...]:
        """What an entry was indexed under, beside its lots and files."""
        return keys(entry.kind, record, self._names, actor=entry.actor, details=entry.details)

    def backup(self, file: Path) -> dict[str, Any]:
        """Copy the registry into one file, and note beside the ledger that it was made; see ``ledger.backup``."""
        manifest = backup(self._ledger, file)
        note_backup(self._directory, file, manifest, self._ledger.clock())
        return manifest

    def backup_into(self, folder: Path) -> tuple[Path, dict[str, Any]]:
        """A copy in a folder of copies, named by its time so that names sort as times do."""
        file = folder / f"registry-{self._ledger.clock():%Y%m%dT%H%M%S.%fZ}.tar"
        return file, self.backup(file)

    @staticmethod
    def prune(folder: Path, keep: int) -> list[Path]:
        """Delete all but the newest ``keep`` copies that ``backup_into`` made, and nothing else; answers which."""
        gone = sorted(file for file in folder.iterdir() if _COPY.fullmatch(file.name))[:-keep]
        for file in gone:
            file.unlink()
        return gone

    def move(self, url: str, *, by: Actor) -> int:
        """Keep the ledger at a database server from now on; answers its size. Stop every server before.

        Raises NotAllowed, and what ``ledger.backup.move`` raises.
        """
        require(by, Permission.KEEP)
        return move(self._ledger, url)

    def restored(self) -> Restored | None:
        """Where the copy ends that this registry was made of, until the quality unit confirmed it; else None."""
        return marked(self._directory)

    def confirm_restored(self, name: str, password: str, reason: str) -> Receipt:
        """Enter that a member of the quality unit looked at what the copy lacks, and take the mark away.

        Raises NotSignedIn, NotAllowed, WrongUsage without a reason, Conflict when nothing is to be confirmed.
        """
        account = signer(self._accounts, name, password, Permission.CONFIRM_RESTORED)
        if not reason.strip():
            raise WrongUsage("What was done is not said.", expected="a sentence", found="nothing", where="reason")
        refuse_persons(self._ledger.now().year, reason=reason)
        came = marked(self._directory)
        if came is None:
            raise Conflict(
                "Nothing is to be confirmed.", expected="a restored registry", found="none, or one confirmed"
            )
        words = (
            f"Restored by {came.by} from a copy of {came.size} entries; confirmed by {account.printed_name}: {reason}"
        )
        details: dict[str, Json] = {
            "summary": words.strip(),
            "reason": reason.strip(),
            "restored": came.as_dict(),
            **factor_named(account),
        }
        receipt = self._entries.enter(NewEntry("restore", details=details), account.name, "restore")
        unmark(self._directory)
        return receipt

    def confirm_clock(self, reason: str, *, by: Actor) -> Receipt:
        """Enter that the time is right, although the machine's clock leapt forward since the newest entry.

        Raises NotAllowed, WrongUsage without a reason, Conflict when the clock did not leap.
        """
        require(by, Permission.CONFIRM_CLOCK)
        if not reason.strip():
            raise WrongUsage(
                "Why the time is right is not said.", expected="a sentence", found="nothing", where="reason"
            )
        refuse_persons(self._ledger.now().year, reason=reason)
        try:
            self._ledger.check_clock()
        except Refused as leap:
            summary = f"{by.printed_name} confirmed the clock, {leap.found}: {reason.strip()}"
            details: dict[str, Json] = {"summary": summary, "reason": reason.strip()}
            return self._entries.enter(NewEntry("clock", details=details), by.name, "clock")
        raise Conflict(
            "The clock did not leap.", expected="a clock far ahead of the newest entry", found="one that is not"
        )

    def ready(self) -> list[str]:
        """What keeps the registry from answering; empty when nothing does."""
        problems = []
        try:
            self._ledger.entry(1)
            self._ledger.check_clock()
        except RegistryError as error:
            problems.append(error.message)
        if not self._directory.is_dir():
            problems.append("The registry's folder is gone.")
        elif (fault := self._unwritable()) is not None:
            problems.append(f"Nothing can be written to the registry's folder: {fault}.")
        elif not self._queries.answers:
            problems.append("The graph is being made from the ledger: questions are not answered yet.")
        return problems

    def _unwritable(self) -> str | None:
        """What the disk says to a page of zeros, kept and taken away again; None when it takes it."""
        try:
            with tempfile.TemporaryFile(dir=self._directory) as file:
                file.write(bytes(_PAGE))
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            return error.strerror or type(error).__name__
        return None

    def metrics(self) -> dict[str, float]:
        """What is worth an alarm, for whoever watches over it: no name, no lot.

        A copy that was never made is as old as the registry. A checkpoint is signed at each entry, so the newest is as
        old as that.
        """
        size, now = self._ledger.size(), self._ledger.clock()
        return {
            "cell_registry_backup_age_seconds": max(0.0, now.timestamp() - self._backed_up_at()),
            "cell_registry_checkpoint_age_seconds": max(0.0, (now - self._ledger.entry(size).at).total_seconds()),
            "cell_registry_disk_free_bytes": float(shutil.disk_usage(self._directory).free),
            "cell_registry_graph_entries": float(size - self._queries.lag()),
            "cell_registry_graph_lag_entries": float(self._queries.lag()),
            "cell_registry_ledger_entries": float(size),
            "cell_registry_ready": float(not self.ready()),
            "cell_registry_verdicts_cached": float(len(self._verdicts)),
        }

    def _backed_up_at(self) -> float:
        try:
            return (self._directory / NOTE).stat().st_mtime
        except FileNotFoundError:
            return self._ledger.entry(1).at.timestamp()

"""For those who look after it and those who inspect it: the ledger as a trail, copies of a lot, what runs here.

21 CFR 11.10(b): copies of records in human readable and electronic form, for inspection; 11.10(e): the audit trail.
"""

from __future__ import annotations

import io
import json
import platform
import sqlite3
import threading
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from registry.accounts import Account, Actor, Permission, require
from registry.accounts.entry_text import said as summary_of
from registry.errors import RegistryError, TooLarge
from registry.judgement import shacl
from registry.ledger import Ledger
from registry.proof.signing import fingerprint
from registry.records.kinds import KINDS
from registry.services.answers import Answer, plain
from registry.services.lots.lots import Lots
from registry.services.lots.plain_text import in_words
from registry.services.printing.print import KIND as PRINT
from registry.services.printing.print import lot_of
from registry.services.upkeep.as_rdf import AsRdf
from registry.services.upkeep.signature_check import offline

if TYPE_CHECKING:
    from registry.audit import AuditReport

MOST_BYTES = 100_000_000
"""Bytes of the files of one lot that are copied into one archive."""
ENTRY_KINDS = tuple(KINDS)
"""Every kind of entry that this version writes."""
MOST_ENTRIES = 20_000
"""Entries up to which a page may ask for an audit; a larger ledger is audited from the command line."""
LIBRARIES = (
    "cell-product-registry",
    "pyshacl",
    "shacl",
    "rdflib",
    "pyoxigraph",
    "owlready2",
    "sqlalchemy",
    "flask",
    "cryptography",
)


@dataclass(frozen=True, slots=True)
class TrailLine(Answer):
    """One entry of the ledger, for a person to read."""

    position: int
    at: datetime
    kind: str
    actor: str
    lots: tuple[str, ...]
    summary: str
    record: str | None
    files: dict[str, str]
    hash: str
    signed: bool


@dataclass(slots=True)
class LastAudit:
    """The audit that was asked for last: running, or what it said."""

    begun: datetime | None = None
    ended: datetime | None = None
    by: str = ""
    report: AuditReport | None = None
    failure: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def running(self) -> bool:
        """True while it has not ended."""
        return self.begun is not None and self.ended is None


class Inspection:
    """What an inspector or administrator asks for. Safe for threads."""

    def __init__(
        self, ledger: Ledger, lots: Lots, as_rdf: AsRdf, audit: Callable[[], AuditReport],
        seen_elsewhere: Callable[[], list[tuple[str, str]]],
    ) -> None:  # fmt: skip
        self._seen_elsewhere = seen_elsewhere
        self._ledger = ledger
        self._lots = lots
        self._as_rdf = as_rdf
        self._audit = audit
        self.last_audit = LastAudit()

    def trail(
        self, limit: int = 50, *, before: int | None = None, kind: str = "", actor: str = "", lot: str = "",
        decision: str = "", since: datetime | None = None, until: datetime | None = None, after: int | None = None,
    ) -> list[TrailLine]:  # fmt: skip
        """Entries of the ledger, the newest first: of one kind, decision, account or lot, entered in a span of time.

        ``after`` a position the oldest come first.
        """
        entries = self._ledger.newest_entries(
            limit, before=before, kind=kind, actor=actor, lot=lot, also=(PRINT,), decision=decision, since=since,
            until=until, after=after,
        )  # fmt: skip
        return [
            TrailLine(
                entry.position, entry.at, entry.kind, entry.actor, entry.lots or lot_of(entry.details),
                summary_of(entry), entry.record, entry.files, entry.hash, "signature" in entry.details,
            )
            for entry in entries
        ]  # fmt: skip

    def kinds(self) -> list[str]:
        """Every kind of entry there is."""
        return self._ledger.entry_kinds()

    def begin_audit(self, by: Actor) -> None:
        """Start an audit in a thread, unless one is running. Raises NotAllowed, TooLarge for a large ledger."""
        require(by, Permission.AUDIT)
        size = self._ledger.size()
        if size > MOST_ENTRIES:
            raise TooLarge(
                "This ledger is too large to audit while people work.", expected=f"at most {MOST_ENTRIES:,} entries",
                found=f"{size:,}",
                todo="Audit a copy of it: back it up, restore that elsewhere, and audit it there.", action="audit-copy",
            )  # fmt: skip
        with self.last_audit.lock:
            if self.last_audit.running:
                return
            self.last_audit.begun, self.last_audit.ended, self.last_audit.by = datetime.now(UTC), None, by.name
        threading.Thread(target=self._run_audit, name="audit", daemon=True).start()

    def _run_audit(self) -> None:
        report, failure = None, ""
        try:
            report = self._audit()
        except RegistryError as error:
            failure = error.message
        except OSError as error:
            failure = f"The folder could not be used: {error}"
        with self.last_audit.lock:
            self.last_audit.report, self.last_audit.failure = report, failure
            self.last_audit.ended = datetime.now(UTC)

    def copies(self, lot: str, by: Actor) -> bytes:
        """A zip of everything about a lot, for people and for programs; raises NotAllowed, Unknown, TooLarge.

        With it the records of what the lot derives from, of its product, and of the specifications it was decided by;
        and what checks their signatures without this software (``READ-ME.txt``).
        """
        require(by, Permission.COPY_RECORDS)
        answer = self._lots.get(lot, viewer=by if isinstance(by, Account) else None)
        history = self._lots.history(answer.lot)
        above, under = self._lots.inherited(answer.lot), self._lots.rests_on(answer)
        digests = dict.fromkeys(line.file for line in history if line.file)
        files = {digest: self._ledger.file(digest) for digest in digests}
        if (size := sum(len(data) for _, data in files.values())) > MOST_BYTES:
            raise TooLarge("The files of this lot are too large for one archive.", expected=f"{MOST_BYTES:,} bytes",
                           found=f"{size:,} bytes", todo="Copy the files one by one.")  # fmt: skip
        kept: dict[str, bytes] = {
            "lot.txt": in_words(answer, history, above, under).encode(),
            "lot.json": _json(answer.as_dict()),
            "history.json": _json(plain(history)),
            "inherited.json": _json(plain(above)),
            "rests-on.json": _json(plain(under)),
            "lot.ttl": self._as_rdf.write("lot", answer.lot, "text/turtle"),
        }
        named = (*(line.record for line in history), *(line.record for line in under))
        for record in dict.fromkeys(digest for digest in named if digest):
            kept[f"records/{record.removeprefix('sha256:')}.nt"] = self._ledger.record(record).ntriples
        for digest, (_, data) in files.items():
            kept[f"files/{digest.removeprefix('sha256:')}"] = data
        kept |= offline(self._ledger, [*(line.position for line in history), *(line.position for line in under)])
        kept["files/names.json"] = _json({digest: name for digest, (name, _) in files.items()})
        return _zipped(kept)

    def facts(self) -> list[tuple[str, str]]:
        """What runs here, as (what, its value); nothing of it can be changed on a page."""
        ledger = self._ledger
        size, head = ledger.head()
        facts = [
            ("Base of every IRI, fixed when the registry was made", ledger.base),
            ("Entries in the ledger", f"{size:,}"),
            ("Hash of the newest entry", head),
            ("Fingerprint of the signing key in force", fingerprint(ledger.public_key)),
            ("Keys that were ever in force", str(len(ledger.keys()))),
            *self._seen_elsewhere(),
            ("Python", platform.python_version()),
            ("SQLite", sqlite3.sqlite_version),
            ("Judge of previews, submissions and lists; pySHACL judges every release", shacl.engine_name()),
        ]
        return facts + [(name, _version(name)) for name in LIBRARIES]


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def _zipped(kept: dict[str, bytes]) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in kept.items():
            packed.writestr(name, data)
    return archive.getvalue()

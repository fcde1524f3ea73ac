"""Where an address of the registry's RDF leads: each IRI under the base names something that has a page.

    registry.upkeep.addresses.act("decision", "H-04", "20261201T035036732596Z")     the record that says it
    registry.upkeep.addresses.panel("0ba9e6f23830ac72")                            its lot

What somebody did at a time, such as a decision or a withdrawal, has the time in its address; its record stands among
the entries of that moment.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from registry.errors import Unknown
from registry.identifiers import Names
from registry.ledger import Entry, Ledger
from registry.records.keys import PANEL

ACTS = {
    "decision": "decision",
    "approval": "approval",
    "acceptance": "acceptance",
    "withdrawal": "withdrawal",
    "trail-review": "trail-review",
    "container-move": "container-move",
    "claim-withdrawal": "claim-withdrawal",
    "mapping": "mapping",
    "ontology-load": "ontology-load",
    "replacement": "replacement",
}
"""What stands first in the address of something that was done, and the kind of entry that it was entered as."""
_STAMP = re.compile(r"[0-9]{8}T[0-9]{12}Z")
MOST, LATER = 200, timedelta(seconds=60)
"""Entries of one moment that are looked at, and how long after it was done it may have been entered."""


class Addresses:
    """The addresses of one registry."""

    def __init__(self, ledger: Ledger, names: Names) -> None:
        self._ledger = ledger
        self._names = names

    def act(self, kind: str, subject: str, stamp: str) -> str:
        """The digest of the record of what was done to ``subject`` then; raises Unknown."""
        iri = f"{self._names.base}{kind}/{quote(subject, safe='')}/{stamp}"
        if kind in ACTS and _STAMP.fullmatch(stamp):
            for entry in self._entered(ACTS[kind], stamp):
                if entry.record is not None and f"<{iri}> ".encode() in self._ledger.record(entry.record).ntriples:
                    return entry.record
        raise Unknown("Nothing of this registry has this address.", expected="an address that its RDF holds", found=iri)

    def panel(self, panel: str) -> str:
        """The lot of a panel; raises Unknown."""
        entry = next(iter(self._ledger.entries(key=(PANEL, panel), kind="panel")), None)
        if entry is None or not entry.lots:
            raise Unknown("There is no such panel.", expected="a panel of this registry", found=panel)
        return entry.lots[0]

    def submission(self, identity: str) -> str:
        """The digest of the record of a submission, by what its address ends in; raises Unknown."""
        iri = f"<{self._names.base}submission/{identity}> ".encode()
        for entry in self._ledger.entries(key=("file", f"sha256:{identity}"), kind="submission"):
            if entry.record is not None and iri in self._ledger.record(entry.record).ntriples:
                return entry.record
        raise Unknown("There is no such submission.", expected="a submission of this registry", found=identity)

    def _entered(self, kind: str, stamp: str) -> list[Entry]:
        try:
            at = datetime.strptime(stamp, "%Y%m%dT%H%M%S%fZ").replace(tzinfo=UTC)
        except ValueError:
            return []
        return self._ledger.newest_entries(MOST, kind=kind, since=at - timedelta(seconds=1), until=at + LATER)

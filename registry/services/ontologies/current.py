"""Which releases of the ontologies are current, and the terms that follow from them: one view for a whole process.

The ledger says which. It is asked again at most four times a second, so that a running server takes up what another
process loaded, and a page with a hundred terms asks once.
"""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from registry.ledger import Entry, Ledger
from registry.ontology_releases.parser import ACCEPTED
from registry.ontology_releases.slices import slices
from registry.ontology_releases.slices.slices import Slice
from registry.vocabulary import Terms

KIND = "ontology-load"
PATIENCE = 0.25


@dataclass(frozen=True, slots=True)
class Loaded:
    """A release that was loaded: where the ledger says so, and the slice's bytes."""

    position: int
    at: datetime
    actor: str
    ntriples: bytes


class Current:
    """The releases in force. Safe for threads."""

    def __init__(self, packaged: Terms, ledger: Ledger) -> None:
        self._packaged = packaged
        self._ledger = ledger
        self._lock = threading.Lock()
        self._asked = float("-inf")
        self._positions: dict[str, int] = {}
        self._loaded: dict[str, Loaded] = {}
        self._slices: dict[tuple[str, int], Slice] = {}
        self._terms = packaged

    @property
    def base(self) -> str:
        """The base IRI of the registry whose ledger says which releases are current."""
        return self._ledger.base

    @property
    def terms(self) -> Terms:
        """The terms as the current releases say them."""
        self._refresh()
        return self._terms

    @property
    def loaded(self) -> Mapping[str, Loaded]:
        """The loaded releases by ontology; one that nobody loaded is the packaged slice, and is not among them."""
        self._refresh()
        return self._loaded

    def ntriples(self) -> Mapping[str, bytes]:
        """The slices of loaded releases by ontology, as the ledger has them now: what the graph loads."""
        self.again()
        return {name: loaded.ntriples for name, loaded in self.loaded.items()}

    def positions(self) -> Mapping[str, int]:
        """The ledger's positions of the newest loads, asked now."""
        return self._ledger.newest("ontology", list(ACCEPTED))

    def slice(self, ontology: str) -> Slice:
        """The current slice of ``cl`` or ``doid``."""
        loaded = self.loaded.get(ontology)
        if loaded is None:
            return slices.packaged(ontology)
        key = (ontology, loaded.position)
        with self._lock:
            if key not in self._slices:
                self._slices = {other: made for other, made in self._slices.items() if other[0] != ontology}
                self._slices[key] = slices.read(loaded.ntriples)
            return self._slices[key]

    def again(self) -> None:
        """Ask the ledger now."""
        self._asked = float("-inf")
        self._refresh()

    def _refresh(self) -> None:
        now = time.monotonic()
        if now - self._asked < PATIENCE:
            return
        with self._lock:
            self._asked = now
            positions = dict(self.positions())
            if positions == self._positions:
                return
            loaded = {name: self._read(self._ledger.entry(at)) for name, at in positions.items()}
            self._loaded = loaded
            self._terms = self._packaged.with_slices({name: release.ntriples for name, release in loaded.items()})
            self._positions = positions

    def _read(self, entry: Entry) -> Loaded:
        digest = next(iter(entry.files))
        return Loaded(entry.position, entry.at, entry.actor, gzip.decompress(self._ledger.file(digest)[1]))

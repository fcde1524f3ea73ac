"""The graph kept up to the ledger: owned by one process, filled, rebuilt, published as snapshots.

``graph/owner.lock`` is held (``flock``) by the one process that writes ``graph/live``; the store behind has a lock of
its own, but does not say in words that it is taken. The owner publishes snapshots; everybody reads those only.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Self
from urllib.parse import quote

import pyoxigraph

from registry.errors import Unavailable, Unknown
from registry.graph.store import snapshots
from registry.graph.store.fill import Concerns, Derive, DeriveAll, Filling, in_turn
from registry.graph.store.projection import VERSION, Entry, Ledger, Record, project, work_of
from registry.graph.store.rocksdb import Live, lines_of, triples_of
from registry.graph.store.snapshots import Snapshot
from registry.identifiers import Names

Slices = Callable[[], Iterable[tuple[str, bytes]]]

BATCH = 200


class Graph:
    """The knowledge graph of one registry, in ``folder`` (``<data>/graph``). Safe for threads.

    ``slices`` gives the ontology files (name, Turtle) to stand beside the records. ``derive`` gives, for lots that new
    entries concern, N-Triples of what follows from the records (the verdict): they replace ``<base>verdict/<lot>``;
    ``derive_all`` gives the same for portions of many, in their order. All must give the same for the same ledger, so
    that a rebuilt graph is the same graph. ``concerns`` gives the lots that an entry concerns, when they are more than
    it names: an approval concerns every lot of its product.
    """

    def __init__(
        self,
        folder: Path,
        base: str,
        *,
        slices: Slices = tuple,
        derive: Derive | None = None,
        derive_all: DeriveAll | None = None,
        concerns: Concerns = lambda entry: entry.lots,
    ) -> None:
        self.folder = folder
        self.base = base
        self._names = Names(base)
        self._slices = slices
        self._derive, self._derive_all = derive, derive_all or in_turn(derive)
        self._concerns = concerns
        self._path = folder / "live"
        self._lock = threading.RLock()
        self._owner: int | None = None
        self._live: Live | None = None

    def own(self) -> bool:
        """Become the one who writes, unless another process is; True when this one is now."""
        with self._lock:
            if self._live is not None:
                return True
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(self.folder / "owner.lock", os.O_RDWR | os.O_CREAT, 0o600)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(descriptor)
                return False
            self._owner = descriptor
            try:
                self._open()
            except BaseException:
                self.close()
                raise
            return True

    def _open(self) -> None:
        snapshots.clear_debris(self.folder)
        self._live = self._opened()
        if self._live.replace_slices(self._slices(), self.base):
            self._touch()

    def _opened(self) -> Live:
        try:
            return Live(self._path, self.base)
        except (OSError, RuntimeError) as error:
            if "LOCK" in str(error):
                raise self._busy() from error
            # Whatever else is wrong with it, the ledger is the truth and the graph is made again from it.
        return self._new()

    def _new(self) -> Live:
        self._touch()
        shutil.rmtree(self.folder / "live", ignore_errors=True)
        return Live(self._path, self.base)

    def _empty(self) -> None:
        """Begin with the ontologies alone. Nobody may hold the store meanwhile: it closes when it is let go."""
        self._live = None
        self._live = self._new()
        self._live.replace_slices(self._slices(), self.base)

    def _busy(self) -> Unavailable:
        busy = Unavailable(
            "Another process is writing the graph.", where=str(self.folder), todo="It follows the ledger by itself."
        )
        busy.retry_after = 1
        return busy

    def _owned(self) -> Live:
        if not self.own() or self._live is None:
            raise self._busy()
        return self._live

    def close(self) -> None:
        """Let another process write."""
        with self._lock:
            self._live = None
            if self._owner is not None:
                os.close(self._owner)
                self._owner = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_how: object) -> None:
        self.close()

    # Following the ledger

    def catch_up(self, ledger: Ledger) -> int:
        """Apply every entry that the graph does not hold yet, and answer the size it stands at then.

        Raises Unavailable when another process owns the graph.
        """
        with self._lock:
            try:
                if _must_begin_anew(self._owned(), ledger):
                    self._empty()
                return self._follow(self._owned(), ledger)
            except (OSError, RuntimeError) as error:
                if "corruption" not in str(error).lower():
                    raise
            self._empty()
            return self._follow(self._owned(), ledger)

    def _follow(self, live: Live, ledger: Ledger) -> int:
        if live.position() == 0:
            return self._fill(live, ledger)
        entries = ledger.entries_with_records(live.position())
        while batch := list(islice(entries, BATCH)):
            lots = self._apply(live, batch)
            self._derived(live, lots)
            live.tally(batch[-1][0].position, map(self._names.lot, lots), work_of(entry for entry, _record in batch))
            live.stand_at(batch[-1][0].position, _head(batch))
        return live.position()

    def _fill(self, live: Live, ledger: Ledger) -> int:
        """From nothing: load everything and what follows from it; only then say where the graph stands."""
        filling = Filling(ledger, self.base, self._concerns, self._following)
        live.fill(filling.quads())
        if filling.size:
            live.replace_slices(self._slices(), self.base)
            live.tally(filling.size)
            live.stand_at(filling.size, filling.head)
        return filling.size

    def _apply(self, live: Live, batch: Sequence[tuple[Entry, Record | None]]) -> set[str]:
        """Project ``batch``; answers the lots it concerns."""
        live.load(b"".join(project(entry, record.ntriples if record else b"", self.base) for entry, record in batch))
        if any(entry.kind.startswith("ontology") for entry, _record in batch):
            live.replace_slices(self._slices(), self.base)
        return {lot for entry, _record in batch if entry.record for lot in self._concerns(entry)}

    def _derived(self, live: Live, lots: Iterable[str]) -> None:
        """Replace what follows for ``lots``."""
        for follows in self._following(lots):
            for graph, triples in follows.items():
                live.replace(graph, triples_of(triples))

    def _following(self, lots: Iterable[str]) -> Iterator[dict[str, bytes]]:
        """Graph → what follows for each of ``lots``, ``BATCH`` at a time."""
        every = sorted(lots) if self._derive is not None else []
        portions = [every[start : start + BATCH] for start in range(0, len(every), BATCH)]
        for some, verdicts in zip(portions, self._derive_all(portions), strict=True):
            yield {f"{self.base}verdict/{quote(lot, safe='')}": verdicts.get(lot, b"") for lot in some}

    def derive_again(self, lots: Sequence[str]) -> None:
        """Replace what follows for ``lots`` although no entry says so: a new program judges, or a new ontology."""
        with self._lock:
            live = self._owned()
            self._touch()
            self._derived(live, lots)

    def load_slices(self) -> None:
        """Take in ontology files that changed on the disk."""
        with self._lock:
            live = self._owned()
            self._touch()
            live.replace_slices(self._slices(), self.base)

    def rebuild(self, ledger: Ledger) -> int:
        """Delete the graph and make it again from the ledger; answers its size. Raises Unavailable as catch_up does."""
        with self._lock:
            self._owned()
            self._empty()
            return self.catch_up(ledger)

    def in_memory(self, ledger: Ledger) -> Live:
        """The same graph made from the ledger in memory: nothing is written, and nobody else need let go."""
        live = Live(None, self.base)
        live.replace_slices(self._slices(), self.base)
        self._fill(live, ledger)
        return live

    # Publishing

    def publish(self, ledger: Ledger) -> Snapshot:
        """Catch up, and make a snapshot unless the newest is that already."""
        with self._lock:
            size, newest = self.catch_up(ledger), next(iter(snapshots.snapshots(self.folder)), None)
            if newest is None or newest.size != size or self._dirty.exists():
                newest = snapshots.publish(self.folder, size, self._owned().store.backup)
                self._dirty.unlink(missing_ok=True)
            self._made_by.write_text(str(VERSION), encoding="ascii")
            snapshots.sweep(self.folder, newest)
            return newest

    @property
    def _dirty(self) -> Path:
        """There while the graph changed without the ledger growing, and no snapshot shows it yet."""
        return self.folder / "unpublished"

    @property
    def _made_by(self) -> Path:
        """The version of the projection that made the newest snapshot."""
        return self.folder / "version"

    def _touch(self) -> None:
        self._dirty.touch()

    def shows(self, size: int) -> bool:
        """True when a snapshot of this program's making holds ``size`` entries and all else that the graph does."""
        newest = next(iter(snapshots.snapshots(self.folder)), None)
        if newest is None or newest.size < size or self._dirty.exists():
            return False
        return self._made_by.is_file() and self._made_by.read_text(encoding="ascii") == str(VERSION)

    @property
    def is_owner(self) -> bool:
        """True while this process writes the graph."""
        return self._live is not None

    def size(self) -> int:
        """How many ledger entries the newest snapshot holds; 0 when there is none."""
        return next((snapshot.size for snapshot in snapshots.snapshots(self.folder)), 0)

    def lines(self) -> list[str]:
        """Every quad as its line of N-Quads, in no order.

        From the live store when this process owns it, else from the newest snapshot; nothing when there is neither.
        """
        if self._live is not None:
            return lines_of(self._live.store)
        held = snapshots.lease(self.folder)
        if held is None:
            return []
        try:
            return lines_of(pyoxigraph.Store.read_only(str(held.snapshot.path)))
        finally:
            held.release()


def _head(batch: Sequence[tuple[Entry, Record | None]]) -> str | None:
    return next((entry.hash for entry, _record in reversed(batch) if entry.record), None)


def _must_begin_anew(live: Live, ledger: Ledger) -> bool:
    """True for a graph half filled, of another version, of another ledger, or of more of this one than there is."""
    position = live.position()
    if position == 0:
        return live.holds_entries()
    heads = live.heads()
    known = not heads or any(_hash(ledger, at) == head for head, at in heads.items())
    return position > ledger.size() or not known


def _hash(ledger: Ledger, position: int) -> str:
    try:
        return ledger.entry(position).hash
    except Unknown:
        return ""

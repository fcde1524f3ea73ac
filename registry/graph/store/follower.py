"""Snapshots that follow the ledger: the thread of a server, and the moment of a command.

Whoever asks a query wants it answered from the ledger as it is. The graph's owner publishes for that, at most once a
second; another process asks it to by touching ``graph/wanted``, or becomes the owner itself when there is none.
"""

from __future__ import annotations

import logging
import threading
import time

from registry.errors import RegistryError, Unavailable
from registry.graph.store.owner import Graph
from registry.graph.store.projection import Ledger

PATIENCE = 2.0
"""Seconds that a query waits for a snapshot of the whole ledger before it is answered from the newest there is."""
FIRST_PATIENCE = 5.0
"""Seconds that one waits while there is no snapshot at all to be answered from."""
REBUILD_PATIENCE = 3600.0
_PAUSE = 1.0
_POLL = 0.1
_LOOK = 0.01

_log = logging.getLogger(__name__)


class Follower:
    """Brings the snapshots of ``graph`` up to ``ledger``: ``refresh`` before each query.

    A server calls ``start`` and ``stop``: then a thread owns the graph (as soon as nobody else does), follows the
    ledger and publishes, so that no request waits longer than its patience. Without it, ``refresh`` does it all itself.
    """

    def __init__(self, graph: Graph, ledger: Ledger) -> None:
        self.graph = graph
        self.ledger = ledger
        self._thread: threading.Thread | None = None
        self._asked = threading.Event()
        self._ended = threading.Event()
        self._said = ""
        self._published_at = -_PAUSE
        self._wanted = graph.folder / "wanted"
        self._unbuilt = graph.folder / "unbuilt"

    def refresh(self, wait: float = PATIENCE) -> int:
        """The ledger's size, once a snapshot shows it all or ``wait`` seconds are over.

        An answer from a snapshot that lags behind names its own, smaller size. Raises what publishing raises when this
        process has to do that itself.
        """
        size, begun = self.ledger.size(), time.monotonic()
        while not self.graph.shows(size) and time.monotonic() - begun < self._patience(wait):
            if self._thread is not None:
                self._asked.set()
                time.sleep(_LOOK)
            elif not self._publish_at_once():
                self._wanted.touch()
                time.sleep(_LOOK)
        return size

    def _patience(self, wait: float) -> float:
        return wait if self.answers else max(wait, FIRST_PATIENCE)

    @property
    def answers(self) -> bool:
        """Whether a question would be answered: there is a snapshot, or no thread makes one and who asks will."""
        return self._thread is None or self.graph.size() > 0

    def rebuild(self, wait: float = REBUILD_PATIENCE) -> int:
        """Make the graph anew, or ask the process that owns it to; answers the size it stands at then.

        Raises Unavailable when the owner has not done it after ``wait`` seconds.
        """
        if self.graph.own():
            return self._rebuild_at_once()
        self._unbuilt.touch()
        deadline = time.monotonic() + wait
        while self._unbuilt.exists():
            if time.monotonic() >= deadline:
                raise Unavailable(
                    "The process that owns the graph has not rebuilt it yet.", todo="It goes on by itself."
                )
            time.sleep(_POLL)
        return self.graph.size()

    def _rebuild_at_once(self) -> int:
        size = self.graph.rebuild(self.ledger)
        self.graph.publish(self.ledger)
        self._published_at = time.monotonic()
        self._unbuilt.unlink(missing_ok=True)
        return size

    def _publish_at_once(self) -> bool:
        """Publish, owning the graph for no longer than that takes; False when another process owns it."""
        owned_before = self.graph.is_owner
        if not self.graph.own():
            return False
        try:
            self.graph.publish(self.ledger)
        finally:
            if not owned_before:
                self.graph.close()
        return True

    def start(self) -> None:
        """Follow in a thread of its own."""
        self._ended.clear()
        self._thread = threading.Thread(target=self._follow, name="graph", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop following, and let another process own the graph."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        self.graph.close()

    def _follow(self) -> None:
        looked_at = -_PAUSE
        while not self._ended.is_set():
            asked = self._asked.wait(_POLL) or self._wanted.exists() or not self.answers
            now = time.monotonic()
            try:
                if not self.graph.own():
                    continue
                if self._unbuilt.exists():
                    self._rebuild_at_once()
                elif asked and now - self._published_at >= _PAUSE:
                    self._asked.clear()
                    # Before publishing, so that who asks meanwhile is served by the next one.
                    self._wanted.unlink(missing_ok=True)
                    self.graph.publish(self.ledger)
                    self._published_at = time.monotonic()
                elif now - looked_at >= _PAUSE:
                    looked_at = now
                    self.graph.catch_up(self.ledger)
                    self._said = ""
                elif asked:
                    self._ended.wait(_LOOK)
            except (RegistryError, OSError) as error:
                # The ledger may be busy or the disk full: neither may end what keeps the graph alive.
                if not isinstance(error, Unavailable) and type(error).__name__ != self._said:
                    self._said = type(error).__name__  # once, not each second for as long as the disk is full
                    _log.error(
                        "the graph does not follow the ledger: %s", error, exc_info=not isinstance(error, OSError)
                    )
                self._ended.wait(_PAUSE)

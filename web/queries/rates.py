"""How often one account may ask: so many queries a minute, beyond that 429 with the time to come back.

Counted in this process, over the last sixty seconds; a server is one process. Lot pages are not counted.
"""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable

from registry.errors import Throttled
from web.language import _, several

WINDOW = 60.0
ACCOUNTS = 10_000


class Rates:
    """At most ``most`` a minute for each account; 0 means without limit. Safe for threads."""

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.most = most
        self._clock = clock
        self._lock = threading.Lock()
        self._asked: OrderedDict[str, deque[float]] = OrderedDict()

    def count(self, account: str) -> None:
        """One more of this account; raises Throttled when that is one too many."""
        if self.most <= 0:
            return
        now = self._clock()
        with self._lock:
            times = self._asked.setdefault(account, deque())
            self._asked.move_to_end(account)
            while len(self._asked) > ACCOUNTS:
                self._asked.popitem(last=False)
            while times and times[0] <= now - WINDOW:
                times.popleft()
            if len(times) < self.most:
                times.append(now)
                return
            wait = times[0] + WINDOW - now
        refusal = Throttled(
            _("This account asks too often."),
            expected=several("at most %(num)s query a minute", "at most %(num)s queries a minute", self.most),
            todo=_("Wait, or ask for more in one query."),
        )
        refusal.retry_after = max(1, math.ceil(wait))
        raise refusal

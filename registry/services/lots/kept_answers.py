"""Answers about lots, kept as long as they are true: asked again, one is as good as made anew, and costs two reads.

    kept = registry.lots.kept("H-03", viewer)
    kept.answer.at      now, though the rest was answered before
    kept.tag            differs when anything of the answer does but the time and the ledger's size

An answer is kept while nothing is entered, until the first moment at which time alone changes it: the lot's expiry, the
end of a condition. It is not kept at all where evidence outlives a window, and a minute at most, because a signature
that no longer holds is no entry.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from registry.accounts import Account
from registry.ledger import Ledger
from registry.ledger.lots import LotReader
from registry.services.answers import LotAnswer
from registry.services.verdict_cache import grows_stale

MOST = 16_000_000
"""Letters of the kept answers as JSON: two thousand of a few panels each, and fewer of lots with hundreds."""
LONGEST = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """An answer, and a short text that is the same as long as the answer says the same."""

    answer: LotAnswer
    tag: str


@dataclass(frozen=True, slots=True)
class _Kept:
    """An answer with the ledger's newest entry that it was made at, until when it is true, and its letters as JSON."""

    head: tuple[int, str]
    until: datetime
    kept: KeptAnswer
    letters: int


class KeptAnswers:
    """The answers of one process that were asked for last, ``MOST`` letters in all. Safe for threads."""

    def __init__(self, ledger: Ledger, reader: LotReader, anew: Callable[[str, Account | None], LotAnswer]) -> None:
        self._ledger = ledger
        self._reader = reader
        self._anew = anew
        self._answers: OrderedDict[tuple[str, str], _Kept] = OrderedDict()
        self._letters = 0
        self._lock = threading.Lock()

    def get(self, lot: str, viewer: Account | None) -> KeptAnswer:
        """The answer now, kept or made anew; raises Unknown."""
        key = (lot.casefold(), viewer.role if viewer else "")
        head, now = self._ledger.head(), self._ledger.now()
        with self._lock:
            known = self._answers.get(key)
        if known is not None and known.head == head and known.kept.answer.at <= now < known.until:
            return replace(known.kept, answer=replace(known.kept.answer, at=now))
        answer = self._anew(lot, viewer)
        lasting = _lasting(answer)
        made = KeptAnswer(answer, hashlib.sha256(lasting.encode()).hexdigest()[:32])
        if answer.ledger_size == head[0] and (until := self._true_until(answer)) > answer.at:
            self._keep(key, _Kept(head, until, made, len(lasting)))
        return made

    def _keep(self, key: tuple[str, str], made: _Kept) -> None:
        with self._lock:
            replaced = self._answers.pop(key, None)
            self._answers[key] = made
            self._letters += made.letters - (replaced.letters if replaced else 0)
            while self._letters > MOST:
                self._letters -= self._answers.popitem(last=False)[1].letters

    def _true_until(self, answer: LotAnswer) -> datetime:
        """Until when the answer is the same while nothing is entered; its own moment where evidence may be stale."""
        approvals = self._reader.approvals(answer.product.id, answer.ledger_size) if answer.product else ()
        digests = {approvals[-1].digest} if approvals else set()
        digests |= {answer.specification.digest} if answer.specification else set()
        if any(grows_stale(self._reader.specification(digest)) for digest in digests):
            return answer.at
        condition = answer.answer.condition
        ends = (answer.expires_at, answer.answer.until, condition.complete_by if condition else None)
        return min([answer.at + LONGEST, *(end for end in ends if end is not None and end > answer.at)])


def _lasting(answer: LotAnswer) -> str:
    """All that it says but the moment and the ledger's size, as JSON."""
    lasting = {name: value for name, value in answer.as_dict().items() if name not in ("at", "ledger_size")}
    return json.dumps(lasting, sort_keys=True)

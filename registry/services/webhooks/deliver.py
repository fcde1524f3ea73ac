"""Changes seen and told: what a lot's state is now against what was told last, by a process that does nothing else.

Each webhook is sent its messages in their order: a release that has to be repeated must not arrive after the hold that
ended it. What is not taken is tried again, later and later, and what comes after it waits; after eight attempts, in
some 28 hours, or when the receiver answers 410, the webhook is paused with everything that waits kept.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from registry.errors import RegistryError
from registry.exchange.webhooks.post import Answered, post
from registry.exchange.webhooks.signature import signed_headers
from registry.exchange.webhooks.target import pinned, target
from registry.identifiers import Names
from registry.instants import moment_text
from registry.ledger import Ledger
from registry.services.lot_index.lists import LotIndex
from registry.services.webhooks.queue import DELIVERED, WAITING, Message, Standing
from registry.services.webhooks.webhooks import Webhook, Webhooks

EVENT = "lot.state.changed"
AFTER = tuple(timedelta(seconds=seconds) for seconds in (5, 300, 1800, 7200, 18_000, 36_000, 36_000))
"""How long after each failed attempt a message is tried again; after the last of them its webhook is paused."""
GONE = 410
AT_ONCE = 100
"""Messages to one webhook before it is the next one's turn."""
LEASE = timedelta(seconds=60)
"""How long a message belongs to the process that sends it."""
_MINUTE = timedelta(minutes=1)
Send = Callable[..., Answered]


class Deliverer:
    """Tells the webhooks of one registry what changed. Several may run: each message is sent by one of them."""

    def __init__(
        self, ledger: Ledger, names: Names, lot_index: LotIndex, webhooks: Webhooks, send: Send = post
    ) -> None:
        self._ledger = ledger
        self._names = names
        self._lot_index = lot_index
        self._webhooks = webhooks
        self._send = send
        self._looked: tuple[int, datetime] | None = None

    def step(self) -> int:
        """Queue what changed, and send what is due once; answers how many messages were tried."""
        every = self._webhooks.all()
        kept = self._webhooks.queue.standing()
        known = [hook for hook in every if hook.id in kept]
        if not known:
            return 0
        self._look(known)
        standing = self._webhooks.queue.standing()
        tried = 0
        for hook in known:
            state = standing.get(hook.id)
            if state is not None and not state.paused:
                tried += self._send_due(hook, state)
        return tried

    def _look(self, hooks: list[Webhook]) -> None:
        """Queue a message to each webhook for every lot whose state is another than was told last.

        Looked for when the ledger grew, and once a minute for what time alone changes.
        """
        size, now = self._ledger.size(), self._ledger.clock()
        if self._looked is not None and self._looked[0] == size and now - self._looked[1] < _MINUTE:
            return
        told, changed = self._webhooks.queue.states(), dict[str, str]()
        for lot, kind, state in self._lot_index.every_state():
            # Nobody releases a bank: one that is registered changes nothing.
            if told.get(lot, "" if kind == "product lot" else "not released") != state:
                changed[lot] = state
        messages = [self._message(hook, lot, state, size, now) for lot, state in changed.items() for hook in hooks]
        self._webhooks.queue.add({lot: told.get(lot) for lot in changed}, changed, messages)
        self._looked = (size, now)

    def _message(self, hook: Webhook, lot: str, state: str, size: int, now: datetime) -> Message:
        body = self._body(lot, state, size, now)
        identifier = "msg_" + hashlib.sha256(f"{hook.id}\n{body}".encode()).hexdigest()[:32]
        return Message(0, identifier, hook.id, lot, body, now, WAITING, 0, now, "", None)

    def _body(self, lot: str, state: str, size: int, now: datetime) -> str:
        data: Mapping[str, object] = {
            "lot": lot, "state": state, "ledger_size": size, "address": str(self._names.lot(lot)),
        }  # fmt: skip
        return json.dumps({"type": EVENT, "timestamp": moment_text(now), "data": data}, ensure_ascii=False)

    def _send_due(self, hook: Webhook, state: Standing) -> int:
        """Send what is due to one webhook, until the first that is not taken: its turn is over then."""
        tried = 0
        for message in self._webhooks.queue.due(hook.id, self._ledger.clock(), AT_ONCE):
            if not self._webhooks.queue.claim(message, self._ledger.clock() + LEASE):
                break
            answered = self._attempt(hook, state, message)
            self._keep(message, answered)
            tried += 1
            if not answered.taken:
                break
        return tried

    def _attempt(self, hook: Webhook, state: Standing, message: Message) -> Answered:
        try:
            to = target(hook.address)
            ip = pinned(to, private=hook.private)
            secret = self._webhooks.secret(hook.id, state.secret)
        except RegistryError as error:
            return Answered(0, f"not sent: {error.message} {error.found or ''}".strip())
        body, now = message.body.encode(), int(self._ledger.clock().timestamp())
        return self._send(to, ip, signed_headers(secret, message.id, now, body), body)

    def _keep(self, message: Message, answered: Answered) -> None:
        now, attempts = self._ledger.clock(), message.attempts + 1
        if answered.taken:
            self._webhooks.queue.answered(message, DELIVERED, now, answered.words, now, "")
            return
        paused = f"{attempts} attempts failed" if attempts > len(AFTER) else ""
        if answered.status == GONE:
            paused = "it answered 410: gone"
        due = now if paused else now + AFTER[attempts - 1]
        self._webhooks.queue.answered(message, WAITING, due, answered.words, now, paused)

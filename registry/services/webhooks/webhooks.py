"""Webhooks: which addresses are told when the state of a lot changes, as the administrator named them.

registry.webhooks.add("https://lims.example/hook", by=admin)     the secret, shown this once
registry.webhooks.all()                                           each with how it stands

Which there are is in the ledger, entry by entry; their secrets are sealed, as those of second factors are.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from registry.accounts import Accounts, Actor, LocalOperator, Permission, require
from registry.accounts.entry_text import checked_reason
from registry.errors import Conflict, NotAllowed, Refused, Unknown
from registry.exchange.webhooks.signature import new_secret
from registry.exchange.webhooks.target import target
from registry.ledger import Json, Ledger, NewEntry
from registry.proof.keys.seal import Seal
from registry.services.answers import Answer
from registry.services.append import Entries
from registry.services.lot_index.lists import LotIndex
from registry.services.webhooks.queue import Message, Queue

KEY_FILE = "webhooks.key"
MOST = 20
"""Webhooks of one registry."""
_SETTING = "webhook "


@dataclass(frozen=True, slots=True)
class Webhook(Answer):
    """One address that is told. ``private``: its host may stand in the house's own network.

    ``paused`` says why nothing is sent now, empty where it is; ``lost`` counts what a full queue could not hold.
    """

    id: str
    address: str
    private: bool
    named_by: str
    named_at: datetime
    paused: str
    waiting: int
    lost: int


@dataclass(frozen=True, slots=True)
class Delivery(Answer):
    """One message as it is shown: which lot, to which webhook, how often tried, and the last answer."""

    id: str
    webhook: str
    lot: str
    made_at: datetime
    outcome: str
    attempts: int
    answer: str
    answered_at: datetime | None


class Webhooks:
    """The webhooks of one registry."""

    def __init__(
        self, directory: Path, ledger: Ledger, accounts: Accounts, entries: Entries, lot_index: LotIndex
    ) -> None:
        self._ledger = ledger
        self._accounts = accounts
        self._entries = entries
        self._lot_index = lot_index
        self._seal = Seal(directory / KEY_FILE)
        self.queue = Queue(directory)

    def all(self) -> list[Webhook]:
        """Every webhook in use, in the order in which they were named."""
        known: dict[str, Webhook] = {}
        standing = self.queue.standing()
        for entry in self._ledger.entries(kind="setting"):
            setting = str(entry.details.get("setting"))
            if not setting.startswith(_SETTING):
                continue
            hook, event = setting.removeprefix(_SETTING), entry.details.get("event")
            if event == "named":
                state = standing.get(hook)
                known[hook] = Webhook(
                    hook, str(entry.details["address"]), entry.details.get("private") is True, entry.actor, entry.at,
                    state.paused if state else "its secret is not kept here: name it again",
                    state.waiting if state else 0, state.lost if state else 0,
                )  # fmt: skip
            elif event == "ended":
                known.pop(hook, None)
        return list(known.values())

    def add(self, address: str, *, by: Actor, private: bool = False) -> tuple[str, str]:
        """(id, secret) of a webhook to an address; the secret is shown this once, and what has happened is not told.

        ``private`` allows its host to stand in the house's own network. Raises NotAllowed, WrongUsage for an address
        that nothing may be sent to, Conflict for one that is named already, Refused beyond twenty.
        """
        self._require(by)
        target(address)
        every = self.all()
        if any(known.address == address for known in every):
            raise Conflict("This address is told already.", expected="another address", found=address,
                           todo="End that webhook first: then it gets another secret.")  # fmt: skip
        if len(every) >= MOST:
            raise Refused("There are as many webhooks as there may be.", expected=f"at most {MOST}",
                          found=f"{len(every)}", todo="End one that nobody needs.")  # fmt: skip
        hook, secret, now = secrets.token_hex(8), new_secret(), self._ledger.clock()
        sealed = self._seal.close(secret, about=_about(hook), at=now)
        states = {lot: state for lot, _kind, state in self._lot_index.every_state()}
        self._enter(hook, by, "named", f"Webhook {hook} to {address} named by {by.name}",
                    {"address": address, "private": private})  # fmt: skip
        self.queue.begin(hook, sealed, states)
        return hook, secret

    def end(self, hook: str, *, reason: str, by: Actor) -> None:
        """Tell an address nothing any more; what waits for it is dropped. Raises NotAllowed, Unknown, WrongUsage."""
        self._require(by)
        known, why = self._known(hook), checked_reason(reason)
        self._enter(hook, by, "ended", f"Webhook {hook} to {known.address} ended by {by.name}: {why}", {"reason": why})
        self.queue.forget(hook)

    def resume(self, hook: str, *, by: Actor) -> None:
        """Begin again with one that was paused: what waits is sent. Raises NotAllowed, Unknown, Conflict."""
        self._require(by)
        known = self._known(hook)
        if not known.paused or hook not in self.queue.standing():
            raise Conflict("Nothing of this webhook can be taken up again.", expected="one that was paused",
                           found=known.paused or "one in use")  # fmt: skip
        self._enter(hook, by, "resumed", f"Webhook {hook} to {known.address} resumed by {by.name}", {})
        self.queue.resume(hook, self._ledger.clock())

    def deliveries(self, most: int = 50) -> list[Delivery]:
        """The newest messages to the webhooks in use, newest first."""
        return [_shown(message) for message in self.queue.newest([known.id for known in self.all()], most)]

    def secret(self, hook: str, sealed: str) -> str:
        """A webhook's secret, to sign with; raises Refused where its key is gone."""
        return self._seal.open(sealed, about=_about(hook), at=self._ledger.clock())

    def metrics(self) -> dict[str, float]:
        """What is worth an alarm: webhooks that are paused, and messages that wait."""
        standing = list(self.queue.standing().values())
        return {
            "cell_registry_webhooks_paused": float(sum(bool(each.paused) for each in standing)),
            "cell_registry_webhook_messages_waiting": float(sum(each.waiting for each in standing)),
            "cell_registry_webhook_messages_lost": float(sum(each.lost for each in standing)),
        }

    def _known(self, hook: str) -> Webhook:
        for known in self.all():
            if known.id == hook:
                return known
        raise Unknown("There is no such webhook.", expected="the id of one in use", found=hook[:100])

    def _require(self, by: Actor) -> None:
        require(by, Permission.MANAGE_WEBHOOKS)
        if isinstance(by, LocalOperator):
            return
        try:
            require(self._accounts.people.get(by.name), Permission.MANAGE_WEBHOOKS)
        except Unknown:
            raise NotAllowed("Nobody here has that account.", expected="an account of this registry",
                             found=by.name) from None  # fmt: skip

    def _enter(self, hook: str, by: Actor, event: str, summary: str, more: dict[str, Json]) -> None:
        details: dict[str, Json] = {"setting": _SETTING + hook, "event": event, "summary": summary, **more}
        self._entries.enter(NewEntry("setting", details=details), by.name, hook)


def _about(hook: str) -> str:
    return f"webhook {hook}"


def _shown(message: Message) -> Delivery:
    return Delivery(message.id, message.hook, message.lot, message.made, message.outcome, message.attempts,
                    message.answer, message.answered)  # fmt: skip

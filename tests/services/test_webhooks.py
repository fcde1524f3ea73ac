"""What another system is told, by a real server that verifies it: once, signed, in order, and nothing else."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from registry.errors import Conflict, Refused, Unknown, WrongUsage
from registry.exchange.webhooks.post import post
from registry.exchange.webhooks.target import target
from registry.services import Account, Registry
from registry.services.webhooks import queue
from registry.services.webhooks.deliver import AFTER
from tests.people import LOCAL, account_of
from tests.services.conftest import SECRET, House


@dataclass
class Receiver:
    """A receiver: the answers that it gives, in turn, and what came."""

    url: str = ""
    statuses: list[int] = field(default_factory=list)
    messages: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    def told(self) -> list[tuple[str, str]]:
        """(lot, state) of what came."""
        bodies = [json.loads(body)["data"] for _headers, body in self.messages]
        return [(data["lot"], data["state"]) for data in bodies]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.messages.append(({key.lower(): value for key, value in self.headers.items()}, body))
            self.send_response(receiver.statuses.pop(0) if receiver.statuses else 204)
            self.send_header("Location", f"{receiver.url}elsewhere")
            self.end_headers()

        def log_message(self, *_words: object) -> None:
            """A test prints nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    receiver.url = f"http://127.0.0.1:{server.server_port}/hook"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield receiver
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def later(house: House, monkeypatch: pytest.MonkeyPatch) -> list[timedelta]:
    """The clock of the registry, which a test sets forward."""
    ahead = [timedelta()]
    monkeypatch.setattr(house.registry.ledger, "clock", lambda: datetime.now(UTC) + ahead[0])
    return ahead


def administrator(house: House) -> Account:
    """The administrator, with a password that is not the first."""
    accounts = house.registry.accounts
    if account_of(house.registry, "admin").must_change:
        once = accounts.reset_password("admin", reason="For the test.", by=LOCAL)
        accounts.change_password("admin", once, SECRET)
    return account_of(house.registry, "admin")


def named(house: House, receiver: Receiver) -> tuple[str, str]:
    return house.registry.webhooks.add(receiver.url, by=administrator(house))


def test_a_change_is_told_once_signed_and_without_evidence(house: House, receiver: Receiver) -> None:
    house.lot("P-07")
    _hook, secret = named(house, receiver)
    house.submit("P-07")
    deliverer = house.registry.deliverer()
    assert (deliverer.step(), receiver.messages) == (0, [])  # a panel that passes changes no state
    house.decide("P-07", "release")
    size = house.registry.size()
    assert (deliverer.step(), deliverer.step()) == (1, 0)
    ((headers, body),) = receiver.messages
    told = json.loads(body)
    assert told == {
        "type": "lot.state.changed",
        "timestamp": told["timestamp"],
        "data": {"lot": "P-07", "state": "released", "ledger_size": size, "address": house.registry.names.lot("P-07")},
    }
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    expected = "v1," + base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()
    assert (headers["webhook-signature"], headers["content-type"]) == (expected, "application/json")


def test_what_was_so_when_it_was_named_is_not_told_and_a_new_lot_is(house: House, receiver: Receiver) -> None:
    house.lot("P-07")
    named(house, receiver)
    house.lot("P-08")
    house.registry.deliverer().step()
    assert receiver.told() == [("P-08", "not released")]


def test_a_hold_never_arrives_before_the_release_that_has_to_be_repeated(
    house: House, receiver: Receiver, later: list[timedelta]
) -> None:
    """The message that was not taken keeps its id and its body; what comes after it waits."""
    house.lot("P-07")
    house.submit("P-07")
    named(house, receiver)
    deliverer, receiver.statuses = house.registry.deliverer(), [500]
    house.decide("P-07", "release")
    assert deliverer.step() == 1
    house.decide("P-07", "hold")
    assert deliverer.step() == 0
    later[0] += AFTER[0]
    assert deliverer.step() == 2
    assert receiver.told() == [("P-07", "released"), ("P-07", "released"), ("P-07", "on hold")]
    first, again, _hold = receiver.messages
    assert (first[0]["webhook-id"], first[1]) == (again[0]["webhook-id"], again[1])
    assert [(each.outcome, each.attempts, each.answer) for each in house.registry.webhooks.deliveries()] == [
        ("delivered", 1, "HTTP 204"), ("delivered", 2, "HTTP 204"),
    ]  # fmt: skip


def test_after_eight_failures_it_is_paused_and_taken_up_again_by_hand(
    house: House, receiver: Receiver, later: list[timedelta]
) -> None:
    """Nothing that waited is lost, and the figures say that one is paused."""
    hook, _secret = named(house, receiver)
    house.lot("P-07")
    deliverer, receiver.statuses = house.registry.deliverer(), [503] * 8
    for wait in (*AFTER, timedelta(days=30)):
        assert deliverer.step() == 1
        later[0] += wait
    assert deliverer.step() == 0
    (known,) = house.registry.webhooks.all()
    assert (known.paused, known.waiting) == ("8 attempts failed", 1)
    assert house.registry.webhooks.metrics() == {
        "cell_registry_webhook_messages_lost": 0.0,
        "cell_registry_webhook_messages_waiting": 1.0,
        "cell_registry_webhooks_paused": 1.0,
    }
    house.registry.webhooks.resume(hook, by=administrator(house))
    assert (deliverer.step(), receiver.told()[-1]) == (1, ("P-07", "not released"))
    assert house.registry.webhooks.all()[0].paused == ""


def test_a_receiver_that_is_gone_is_sent_nothing_more(house: House, receiver: Receiver) -> None:
    named(house, receiver)
    receiver.statuses = [410]
    house.lot("P-07")
    house.registry.deliverer().step()
    assert [known.paused for known in house.registry.webhooks.all()] == ["it answered 410: gone"]


def test_no_redirect_is_followed(house: House, receiver: Receiver) -> None:
    named(house, receiver)
    receiver.statuses = [302]
    house.lot("P-07")
    house.registry.deliverer().step()
    assert (len(receiver.messages), house.registry.webhooks.deliveries()[0].answer) == (1, "HTTP 302")


def test_two_processes_tell_a_change_once(house: House, receiver: Receiver) -> None:
    named(house, receiver)
    house.lot("P-07")
    first, second = house.registry.deliverer(), Registry.open(house.registry.directory)
    assert (first.step(), second.deliverer().step(), len(receiver.messages)) == (1, 0, 1)
    second.close()


def test_a_queue_that_is_full_loses_nothing_unsaid(
    house: House, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "MOST_WAITING", 1)
    named(house, receiver)
    house.lot("P-07")
    house.lot("P-08")
    assert house.registry.deliverer().step() == 0
    (known,) = house.registry.webhooks.all()
    assert (known.waiting, known.lost, known.paused) == (1, 1, "more than 1 messages wait")


def test_nobody_answers_within_the_time(receiver: Receiver) -> None:
    """A receiver that takes the connection and says nothing costs its seconds and no more."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        to = target(f"http://127.0.0.1:{silent.getsockname()[1]}/")
        assert post(to, "127.0.0.1", {}, b"{}", seconds=0.2).words == "no answer within 0.2 seconds"
    assert post(to, "127.0.0.1", {}, b"{}", seconds=0.2).words == "no answer: ConnectionRefusedError"


def test_the_secret_is_nowhere_in_the_folder_in_the_clear(house: House, receiver: Receiver) -> None:
    """Neither in the ledger nor in the queue; without the key file nothing is sent, and the delivery says why."""
    _hook, secret = named(house, receiver)
    folder: Path = house.registry.directory
    plain = secret.removeprefix("whsec_").encode()
    kept = [path for path in folder.rglob("*") if path.is_file()]
    assert [path.name for path in kept if plain in path.read_bytes()] == []
    assert {path.stat().st_mode & 0o777 for path in kept if path.name.startswith("webhooks.")} == {0o600}
    house.lot("P-07")
    (folder / "webhooks.key").unlink()
    house.registry.deliverer().step()
    assert (receiver.messages, house.registry.webhooks.deliveries()[0].answer) == (
        [], "not sent: A sealed secret cannot be opened. no readable key: No such file or directory",
    )  # fmt: skip


def test_what_cannot_be_named_ended_or_resumed_is_refused(house: House, receiver: Receiver) -> None:
    admin = administrator(house)
    hook, _secret = named(house, receiver)
    webhooks = house.registry.webhooks
    with pytest.raises(Conflict, match=r"^This address is told already\."):
        webhooks.add(receiver.url, by=admin)
    with pytest.raises(WrongUsage, match=r"^Nothing is sent to this address\."):
        webhooks.add("http://lims.example/", by=admin)
    with pytest.raises(Conflict, match=r"^Nothing of this webhook can be taken up again\."):
        webhooks.resume(hook, by=admin)
    with pytest.raises(Unknown, match=r"^There is no such webhook\."):
        webhooks.end("none", reason="Nobody listens.", by=admin)
    with pytest.raises(WrongUsage, match=r"^This needs a reason\."):
        webhooks.end(hook, reason=" ", by=admin)
    for number in range(19):
        webhooks.add(f"https://lims.example/{number}", by=admin)
    with pytest.raises(Refused, match=r"^There are as many webhooks as there may be\."):
        webhooks.add("https://lims.example/20", by=admin)


def test_one_that_was_ended_is_told_nothing_and_the_next_begins_anew(house: House, receiver: Receiver) -> None:
    admin = administrator(house)
    hook, _secret = named(house, receiver)
    house.registry.webhooks.end(hook, reason="Nobody listens.", by=admin)
    house.lot("P-07")
    named(house, receiver)
    assert (house.registry.deliverer().step(), house.registry.webhooks.deliveries()) == (0, [])
    assert house.registry.upkeep.audit().findings == ()

"""The newest checkpoint stamped by a service that an administrator has named, and in words, up to where it was.

What asks the service is a process of its own (``timestamp ask``); here nothing is sent.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from registry.errors import Refused, RegistryError, Unreadable
from registry.instants import moment
from registry.ledger import Ledger
from registry.proof.checkpoint import read_checkpoint
from registry.proof.timestamps.kept import keep, kept
from registry.proof.timestamps.service import FILE, Service, service_of
from registry.proof.timestamps.token import Stamped, asked, checked

AHEAD = timedelta(minutes=5)
"""How far this machine's clock may be ahead of the service's."""


@dataclass(frozen=True, slots=True)
class Timestamps:
    """The time-stamps of one registry. ``checkpoint`` gives the newest signed one."""

    ledger: Ledger
    checkpoint: Callable[[], str]

    def service(self) -> Service:
        """The service that is named; raises Unreadable without one."""
        directory = self.ledger.directory
        service = service_of(directory) if directory is not None else None
        if service is None:
            raise Unreadable("No service of time-stamps is named.", expected=FILE, found="none", where=str(directory),
                             todo="Write it there: address, and certificate.")  # fmt: skip
        return service

    def stamp(self, send: Callable[[str, bytes], bytes]) -> tuple[int, Stamped]:
        """Have the newest checkpoint stamped, and keep both; answers the size of its ledger, and when by whom.

        ``send`` takes the service's address and the request, and answers its reply. Raises Refused for a reply that
        does not hold, and for one that is earlier than what it stamps: then one of the two clocks is wrong.
        """
        service, text = self.service(), self.checkpoint()
        size = read_checkpoint(text)[0].size
        request, nonce = asked(text.encode())
        reply = send(service.address, request)
        stamped = checked(reply, text.encode(), service.roots, nonce=nonce)
        newest = self.ledger.entry(size).at
        if stamped.at + AHEAD < newest:
            raise Refused("The time-stamp is earlier than what it is of.", expected=f"{moment(newest)} or later",
                          found=moment(stamped.at), todo="Set this machine's clock right.")  # fmt: skip
        assert self.ledger.directory is not None  # noqa: S101  a service is named in it
        keep(self.ledger.directory, size, text.encode(), reply)
        return size, stamped

    def told(self) -> str:
        """In words: up to where, by whom and when the newest time-stamp is, or that there is none."""
        directory = self.ledger.directory
        try:
            service = service_of(directory) if directory is not None else None
            if service is None:
                return "by nobody: no service is named"
            newest = next(reversed(list(kept(directory))), None)
            if newest is None:
                return "not yet: a service is named, and has not been asked"
            stamped = checked(newest.token, newest.checkpoint, service.roots)
        except RegistryError as error:
            return f"not known: {error.message} {error.found}".strip()
        except OSError as error:
            return f"not known: {error.strerror}"
        return _in_words(newest.size, stamped.at, stamped.by, self.ledger.size())


def _in_words(stamped: int, at: datetime, by: str, size: int) -> str:
    more = f"; {size - stamped} entries since then are not" if size > stamped else ""
    return f"{stamped} entries, by {by}, at {moment(at)}{more}"

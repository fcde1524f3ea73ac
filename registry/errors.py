"""Every refusal the registry knows, as one tree.

RegistryError                what went wrong, what was expected, what was found, where, what to do
├── Unreadable               bytes that are not what they say they are          exit 2, HTTP 400/422
│   ├── TooLarge             more bytes, rows, cells or triples than the limit  exit 2, HTTP 413
│   └── UnsupportedKind      a kind of file nobody here reads                   exit 2, HTTP 415
├── WrongUsage               a wrong or missing argument                        exit 2, HTTP 400
│   └── NotAcceptable        an answer in a format that is not offered          exit 2, HTTP 406
├── Unknown                  no such lot, product, specification, record, file  exit 2, HTTP 404
├── Refused                  understood, and not allowed as things stand        exit 1, HTTP 409
│   ├── NotWellFormed        a record that its shape refuses                    exit 1, HTTP 422
│   ├── PatientData          a patient's name or number where it has no place   exit 2, HTTP 422
│   ├── GateRefused          a release with something missing                   exit 1, HTTP 409
│   └── Conflict             something changed, or stands already               exit 1, HTTP 409
├── NotSignedIn              no credentials, or wrong ones                      exit 2, HTTP 401
│   └── Throttled            too many wrong ones, or too many requests          exit 2, HTTP 429
├── NotAllowed               the role may not do this                           exit 2, HTTP 403
├── Unavailable              busy, locked or over its time limit: try again     exit 2, HTTP 503
└── Corrupt                  the ledger or graph is not what its digests say    exit 1, HTTP 500
"""

from __future__ import annotations

import re
from collections.abc import Sequence


class RegistryError(Exception):
    """A refusal that a person can act on.

    ``message`` is one sentence in the user's words, with a capital and a full stop. ``expected``, ``found``, ``where``
    and ``todo`` are optional and separate, so that every surface (CLI, JSON, HTML) can show them in its own way.
    ``details`` is a list of further sentences: a refusal lists everything that is wrong, not the first thing.

    ``code`` is stable, for programs; without one of its own, an error has that of its kind (``not-signed-in``).
    ``action`` names what would help, where there is such a thing (``register-lot``): the command line puts it into a
    command (``registry/cli/actions.py``), a page into a link (``web/actions.py``). No message names either.
    """

    exit_code = 2
    http_status = 400

    def __init__(
        self,
        message: str,
        *,
        expected: str = "",
        found: str = "",
        where: str = "",
        todo: str = "",
        details: Sequence[str] = (),
        code: str = "",
        action: str = "",
    ) -> None:
        super().__init__(message)
        self.message = message
        self.expected = expected
        self.found = found
        self.where = where
        self.todo = todo
        self.details = tuple(details)
        self.code = code or _kebab(type(self).__name__)
        self.action = action

    def as_dict(self) -> dict[str, object]:
        """The one error envelope, as every JSON answer shows it."""
        named = {"expected": self.expected, "found": self.found, "where": self.where, "todo": self.todo}
        answer: dict[str, object] = {"kind": type(self).__name__, "code": self.code, "message": self.message}
        answer.update({key: value for key, value in named.items() if value})
        if self.action:
            answer["action"] = self.action
        if self.details:
            answer["details"] = list(self.details)
        return answer

    def __str__(self) -> str:
        named = (("expected", self.expected), ("found", self.found), ("where", self.where), ("to do", self.todo))
        lines = [self.message, *(f"  {key}: {value}" for key, value in named if value)]
        lines += [f"  - {detail}" for detail in self.details]
        return "\n".join(lines)


def _kebab(name: str) -> str:
    """``not-signed-in`` of ``NotSignedIn``."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower()


class Unreadable(RegistryError):
    """Bytes that are not what they say they are."""

    http_status = 422


class TooLarge(Unreadable):
    """More bytes, rows, cells or triples than the limit."""

    http_status = 413


class UnsupportedKind(Unreadable):
    """A kind of file that nobody here reads."""

    http_status = 415


class WrongUsage(RegistryError):
    """A wrong or missing argument."""


class NotAcceptable(WrongUsage):
    """An answer was asked for in a format that is not offered."""

    http_status = 406


class Unknown(RegistryError):
    """No such lot, product, specification, record, file or term."""

    http_status = 404


class Refused(RegistryError):
    """Understood, and not allowed as things stand."""

    exit_code = 1
    http_status = 409


class NotWellFormed(Refused):
    """A record that its shape refuses."""

    http_status = 422


class PatientData(Refused):
    """A patient's name or number in a file that is not the place for it. Nothing of the file was kept."""

    exit_code = 2
    http_status = 422


class GateRefused(Refused):
    """A release with something missing; ``details`` names everything that is."""


class Conflict(Refused):
    """Something changed meanwhile, or stands already."""


class NotSignedIn(RegistryError):
    """No credentials, or wrong ones."""

    http_status = 401


class Throttled(NotSignedIn):
    """Too many wrong passwords or too many requests; ``retry_after`` is in seconds."""

    http_status = 429
    retry_after = 30


class NotAllowed(RegistryError):
    """The signed-in account's role may not do this."""

    http_status = 403


class Unavailable(RegistryError):
    """Busy, locked, or over its time limit: the same request may succeed later.

    ``retry_after`` is the whole number of seconds to wait before asking again, None when waiting alone will not help.
    """

    http_status = 503
    retry_after: int | None = None


class Corrupt(RegistryError):
    """The ledger or the graph is not what its digests say."""

    exit_code = 1
    http_status = 500

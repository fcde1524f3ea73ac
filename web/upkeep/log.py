"""What the server writes down of itself: one line of JSON for each request and each thing worth a word.

    {"at": "2026-11-22T10:00:00.000Z", "level": "warning", "request": "5f0c…", "log": "web.request", "by": "lab.one",
     "from": "192.0.2.7", "method": "POST", "path": "/sign-in", "status": 401, "ms": 41}

``request`` is the id that the answer carries as X-Request-Id, and that an error says on its page and in its JSON. Of an
address the path alone is written, never what is asked in it; of a request no header, no form and no body.
"""

from __future__ import annotations

import json
import logging
import secrets
import sys
import threading
import time
from collections import Counter
from datetime import UTC, datetime
from typing import TextIO

from flask import Flask, Response, current_app, g, has_request_context, request

REQUESTS = logging.getLogger("web.request")
QUIET = frozenset({"static", "health.healthz", "health.readyz", "health.metrics"})
"""What is asked too often to be worth a line when it is answered."""
_REFUSED_SIGN_INS = frozenset({401, 429})


class JsonLines(logging.Formatter):
    """A record as one line of JSON; a fault's traceback is one text in it."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        line: dict[str, object] = {"at": at, "level": record.levelname.lower()}
        if name := request_id():
            line["request"] = name
        line["log"] = record.name
        line |= getattr(record, "fields", None) or {"message": record.getMessage()}
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=True, default=str)


def write_json_lines(stream: TextIO | None = None) -> None:
    """Every log of this process as lines of JSON, to standard error unless told otherwise."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)


def request_id() -> str:
    """The id of the request that is being answered; empty outside of one."""
    return str(g.get("request_id", "")) if has_request_context() else ""


class Refusals:
    """How many sign-ins were refused since the server began. Safe for threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counted = Counter[int]()

    def count(self, status: int) -> None:
        """One more that was refused with this status."""
        with self._lock:
            self._counted[status] += 1

    @property
    def total(self) -> int:
        """All of them."""
        with self._lock:
            return self._counted.total()


def fit(app: Flask) -> None:
    """Give each request its id, and write a line of it when it was answered."""
    app.config["REFUSED_SIGN_INS"] = Refusals()
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    # An id that the asker sends is not taken over: it would be written into our log as it came.
    g.request_id, g.begun = secrets.token_hex(8), time.monotonic()


def _end(response: Response) -> Response:
    if "request_id" not in g:
        return response
    response.headers["X-Request-Id"] = g.request_id
    if request.endpoint == "sign_in.enter" and response.status_code in _REFUSED_SIGN_INS:
        current_app.config["REFUSED_SIGN_INS"].count(response.status_code)
    if request.endpoint in QUIET and response.status_code < 400:
        return response
    account = g.get("account")
    fields = {
        "by": account.name if account is not None else "",
        "from": request.remote_addr or "",
        "method": request.method,
        "path": request.path[:300],
        "status": response.status_code,
        "ms": round((time.monotonic() - g.begun) * 1000),
    }
    level = (
        logging.ERROR
        if response.status_code >= 500
        else logging.WARNING
        if response.status_code >= 400
        else logging.INFO
    )
    REQUESTS.log(level, "%(method)s %(path)s %(status)s", fields, extra={"fields": fields})
    return response

"""A registry that runs elsewhere, asked from Python: rows or data frames, lots, submissions. Standard library only.

    from registry.client import Registry

    registry = Registry("https://registry.example", token="cpr_…")
    registry.ask("recall", bank="WCB-2").rows        # [{"lot": "H-09", "kind": "product lot", …}, …]
    registry.query("SELECT …").pandas()              # with the extra ``frames``; .polars() where polars is installed
    registry.lot("H-03")["answer"]["may_be_injected"]
    registry.submit("panel.csv")["recorded"]

Every refusal of the server is raised as the same error that the server met (``registry.errors``).
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from email.message import Message
from http.client import HTTPMessage
from pathlib import Path
from typing import IO, Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from registry import errors
from registry.errors import RegistryError, Unavailable, Unreadable, WrongUsage
from registry.namespaces import XSD

_JSON = "application/sparql-results+json"

Value = str | int | float | bool | Decimal | date | datetime | None
"""A value of an answer: IRIs and texts are ``str``, decimals exact, times with their zone, None where unbound."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a query answered: ``rows`` by variable, typed; an ASK query has one row with ``answer``.

    ``ledger_size`` is how many entries of the ledger it knows of.
    """

    names: tuple[str, ...]
    rows: list[dict[str, Value]] = field(repr=False)
    ledger_size: int

    def pandas(self) -> Any:
        """A pandas data frame with nullable types, decimals as floats; raises WrongUsage where pandas is missing."""
        pandas = _library("pandas")
        frame = pandas.DataFrame(_plain(self.rows), columns=list(self.names))
        for name in self.names:
            kind = _dtype({type(row[name]) for row in self.rows} - {type(None)})
            if kind == "date":
                frame[name] = pandas.to_datetime(frame[name])
            elif kind:
                frame[name] = frame[name].astype(kind)
        return frame

    def polars(self) -> Any:
        """A polars data frame, decimals as floats; raises WrongUsage where polars is missing."""
        polars = _library("polars")
        columns = {name: [row[name] for row in _plain(self.rows)] for name in self.names}
        return polars.DataFrame(columns, strict=False)


class _NoRedirect(HTTPRedirectHandler):
    """A token is sent to the address that it was given for, and nowhere else."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        return None


class Registry:
    """The registry at ``url``, asked with a bearer token. ``timeout`` is in seconds."""

    def __init__(self, url: str, token: str, *, timeout: float = 60.0) -> None:
        if urlsplit(url).scheme not in {"http", "https"}:
            raise WrongUsage("This is no address of a registry.", expected="http://… or https://…", found=url)
        self.url = url.rstrip("/")
        self._token = token
        self._timeout = timeout
        self._open = build_opener(_NoRedirect).open

    def query(self, text: str) -> Answer:
        """The answer to a SELECT or ASK query, whole or none."""
        body = urlencode({"query": text}).encode()
        return _answer(*self._send("/sparql", body, {"Content-Type": "application/x-www-form-urlencoded"}, _JSON))

    def graph(self, text: str, media_type: str = "text/turtle") -> str:
        """What a CONSTRUCT or DESCRIBE query describes, as Turtle, N-Triples, RDF/XML or JSON-LD."""
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._send("/sparql", urlencode({"query": text}).encode(), headers, media_type)[0].decode()

    def questions(self) -> list[dict[str, Any]]:
        """The library of questions, with their parameters."""
        answer: dict[str, list[dict[str, Any]]] = self._json("/questions.json")
        return answer["questions"]

    def ask(self, name: str, **params: object) -> Answer:
        """The answer to a question of the library."""
        address = f"/questions/{quote(name, safe='')}"
        if params:
            address += "?" + urlencode({key: str(value) for key, value in params.items()})
        return _answer(*self._send(address, None, {}, _JSON))

    def lot(self, lot: str) -> dict[str, Any]:
        """Everything about a lot, the answer first; raises Unknown."""
        answer: dict[str, Any] = self._json(f"/lots/{quote(lot, safe='')}")
        return answer

    def submit(
        self,
        path: str | Path,
        *,
        idempotency_key: str | None = None,
        mapping: str | None = None,
        gates: str | Path | None = None,
    ) -> dict[str, Any]:
        """Record a file's panels; answers the receipt, ``errors`` in it, also when nothing was recorded.

        ``mapping`` is the name of an approved mapping, in which the file's own names are looked up; ``gates`` is the
        Gating-ML file beside raw events. Raises what the server refuses the whole file with.
        """
        boundary = secrets.token_hex(16)
        body = _part(boundary, "file", Path(path)) + (_part(boundary, "gates", Path(gates)) if gates else b"")
        headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        if idempotency_key:
            headers["Idempotency-Key"] = idempotency_key
        address = "/api/v1/panels" + (f"?{urlencode({'mapping': mapping})}" if mapping else "")
        sent, _headers = self._send(address, body + f"--{boundary}--\r\n".encode(), headers, "application/json")
        receipt: dict[str, Any] = json.loads(sent)
        return receipt

    def _json(self, address: str) -> Any:
        return json.loads(self._send(address, None, {}, "application/json")[0])

    def _send(self, address: str, body: bytes | None, headers: Mapping[str, str], accept: str) -> tuple[bytes, Message]:
        """Body and headers of what the server answers; raises its refusal."""
        asked = Request(self.url + address, data=body, headers=dict(headers))  # noqa: S310 - http(s), see __init__
        asked.add_header("Accept", accept)
        asked.add_unredirected_header("Authorization", f"Bearer {self._token}")
        try:
            with self._open(asked, timeout=self._timeout) as response:
                return response.read(), response.headers
        except HTTPError as error:
            with error:
                answer = error.read()
                if error.code == 422 and b'"receipt"' in answer:
                    return answer, error.headers
                raise _refusal(error.code, answer) from None
        except (URLError, TimeoutError, ConnectionError) as error:
            reason = str(getattr(error, "reason", error))
            raise Unavailable("The registry does not answer.", found=reason, where=self.url) from None


def _part(boundary: str, field: str, file: Path) -> bytes:
    """One file of a form."""
    name = file.name.replace("\\", "_").replace('"', "_")
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n\r\n'
    return head.encode() + file.read_bytes() + b"\r\n"


def _refusal(status: int, body: bytes) -> RegistryError:
    """The server's error as the error it was there."""
    try:
        refusal = dict(json.loads(body)["error"])
    except (ValueError, KeyError, TypeError):
        return Unreadable(f"The server answered {status}, and no reason.", found=body[:200].decode("utf-8", "replace"))
    kind = getattr(errors, str(refusal.pop("kind", "")), RegistryError)
    if not (isinstance(kind, type) and issubclass(kind, RegistryError)):
        kind = RegistryError
    message = str(refusal.pop("message", f"The server answered {status}."))
    known = ("expected", "found", "where", "todo", "details", "code", "action")
    return kind(message, **{key: value for key, value in refusal.items() if key in known})


def _answer(body: bytes, headers: Message) -> Answer:
    answer = json.loads(body)
    size = int(headers.get("X-Ledger-Size", 0))
    if "boolean" in answer:
        return Answer(("answer",), [{"answer": bool(answer["boolean"])}], size)
    names = tuple(answer["head"]["vars"])
    rows = [{name: _value(row.get(name)) for name in names} for row in answer["results"]["bindings"]]
    return Answer(names, rows, size)


_READ: Mapping[str, Callable[[str], Value]] = {
    "integer": int,
    "int": int,
    "long": int,
    "nonNegativeInteger": int,
    "decimal": Decimal,
    "double": float,
    "float": float,
    "boolean": lambda text: text in ("true", "1"),
    "date": date.fromisoformat,
    "dateTime": datetime.fromisoformat,
}


def _value(term: Mapping[str, str] | None) -> Value:
    """A term of the answer as a value of Python; what its type cannot read stays text."""
    if term is None:
        return None
    read = _READ.get(term.get("datatype", "").removeprefix(XSD))
    try:
        return read(term["value"]) if read else term["value"]
    except (ValueError, ArithmeticError):
        return term["value"]


def _plain(rows: list[dict[str, Value]]) -> list[dict[str, Value]]:
    """Decimals as floats: frames count with them."""
    return [{key: float(value) if isinstance(value, Decimal) else value for key, value in row.items()} for row in rows]


def _dtype(kinds: set[type]) -> str:
    """The pandas type of a column that holds these; empty for what pandas infers itself, or is mixed."""
    for dtype, admitted in (("boolean", {bool}), ("Int64", {int}), ("Float64", {int, float, Decimal}),
                            ("string", {str}), ("date", {date})):  # fmt: skip
        if kinds and kinds <= admitted:
            return dtype
    return ""


def _library(name: str) -> Any:
    try:
        return __import__(name)
    except ImportError:
        raise WrongUsage(
            f"A data frame needs {name}, which is not installed.",
            expected=name,
            todo="Install it with: pip install 'cell-product-registry[frames]', or use .rows.",
        ) from None

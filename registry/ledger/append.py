"""One append: what is asked, what is checked, what is written, in this order, in one transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from typing import Any, TypeAlias

from sqlalchemy import Connection, Select, Table, bindparam, insert, select

from registry.errors import Conflict, Corrupt, TooLarge, WrongUsage
from registry.instants import moment_of, moment_text
from registry.ledger.chain import GENESIS, KIND, Details, Entry, Json, canonical_json, checked_details
from registry.ledger.entry_index import PAGE
from registry.ledger.read import RECEIPT_OF, Receipt, View, receipt_of
from registry.ledger.tables import entries, entry_index, files, receipts, records
from registry.ledger.tree import KeptNodes, grown
from registry.proof.signing import fingerprint, verify
from registry.records import Record, digest_of

MAX_FILE_BYTES = 200_000_000
MAX_ACTOR = 128
RECEIPT = "receipt"
"""The detail of an entry that holds the digest of its receipt."""

_NEWEST = select(entries.c.position, entries.c.at, entries.c.hash).order_by(entries.c.position.desc()).limit(1)

IndexOf: TypeAlias = Callable[[Entry, Record | None], Iterable[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class NewEntry:
    """What is to be entered. ``index`` holds further (kind, key) under which the entry is to be found.

    ``lots`` are indexed as kind ``lot``, ``files`` (digests) as kind ``file``. ``details`` go into the chain and never
    into the graph.
    """

    kind: str
    record: Record | None = None
    lots: tuple[str, ...] = ()
    details: Details = field(default_factory=dict)
    index: tuple[tuple[str, str], ...] = ()
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Request:
    """The arguments of ``Ledger.append``, and the clock's time."""

    new: Sequence[NewEntry]
    actor: str
    at: datetime
    files: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)
    idempotency_key: str | None = None
    content: str | None = None
    lot_heads: Mapping[str, int] = field(default_factory=dict)
    expect: Callable[[View], None] | None = None
    effects: Callable[[Connection], None] | None = None
    answer: Json = None
    leapt: bool = False
    """Whether the clock was set forward, by more than a day, while this process ran."""


def append(connection: Connection, request: Request, nodes: KeptNodes | None = None) -> Receipt:
    """Check and write ``request`` within the caller's writing transaction. Raises as ``Ledger.append`` does.

    ``nodes`` are those of the tree that this transaction has read already.
    """
    _check(request)
    view = View(connection)
    identity = _identity(request)
    earlier = _earlier(connection, request, identity)
    if earlier is not None:
        return earlier
    _check_heads(view, request.lot_heads)
    _check_signatures(view, request.new)
    if request.expect is not None:
        request.expect(view)
    sealed = _chained(connection, _with_receipt(request, identity))
    _store(connection, request, sealed, nodes)
    if request.effects is not None:
        request.effects(connection)
    last = sealed[-1]
    answer = checked_details({"answer": request.answer})["answer"]
    receipt = Receipt(tuple(entry.position for entry in sealed), last.position, last.hash, last.at, answer)
    _keep_receipt(connection, request, identity, receipt)
    return receipt


def _check(request: Request) -> None:
    if not request.new:
        raise WrongUsage("Nothing to enter.", expected="at least one entry", found="none")
    if not request.actor or len(request.actor) > MAX_ACTOR or not request.actor.isprintable():
        raise WrongUsage("An entry names who made it.", expected=f"1 to {MAX_ACTOR} characters", found=request.actor)
    named = {digest for new in request.new for digest in new.files}
    if unknown := sorted(named - set(request.files)):
        raise WrongUsage("An entry names a file that is not given.", expected="its bytes", found=", ".join(unknown))
    for digest, (name, data) in request.files.items():
        if len(data) > MAX_FILE_BYTES:
            raise TooLarge("A file is too large.", expected=f"at most {MAX_FILE_BYTES:,} bytes",
                           found=f"{len(data):,} bytes", where=name)  # fmt: skip
        if digest_of(data) != digest:
            raise WrongUsage("A file is not what its digest says.", expected=digest, found=digest_of(data), where=name)
    for new in request.new:
        if not KIND.fullmatch(new.kind):
            raise WrongUsage("This is no kind of entry.", expected=KIND.pattern, found=new.kind)
        if new.record is not None and digest_of(new.record.ntriples) != new.record.digest:
            raise WrongUsage("A record is not what its digest says.", expected=new.record.digest,
                             found=digest_of(new.record.ntriples))  # fmt: skip
        for kind, key in new.index:
            if not KIND.fullmatch(kind) or not key:
                raise WrongUsage("This is no row of the index.", expected="(kind, key)", found=repr((kind, key)))


def _identity(request: Request) -> str:
    """What a request says, so that a repeated key with other content is seen."""
    if request.content is not None:
        return request.content
    contents: list[Json] = [
        {"kind": new.kind, "record": new.record.digest if new.record else None, "lots": list(new.lots),
         "details": checked_details(new.details)}
        for new in request.new
    ]  # fmt: skip
    text = canonical_json([contents, sorted(request.files)])  # type: ignore[list-item]
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def _earlier(connection: Connection, request: Request, identity: str) -> Receipt | None:
    for scope, key in _scopes(request):
        row = connection.execute(RECEIPT_OF, {"scope": scope, "key": key}).one_or_none()
        if row is None:
            continue
        if row.content != identity:
            raise Conflict(
                "This idempotency key was used for something else.", expected=row.content, found=identity, where=key,
                todo="Repeat a request exactly as it was, or give a new one a new key.",
            )  # fmt: skip
        return receipt_of(row.body)
    return None


def _with_receipt(request: Request, identity: str) -> Request:
    """The request, its first entry naming what the receipt will say, so that nobody changes a receipt unseen."""
    if not _scopes(request):
        return request
    first = request.new[0]
    details = {**first.details, RECEIPT: receipt_digest(_scopes(request), identity, request.answer)}
    return replace(request, new=[replace(first, details=details), *request.new[1:]])


def receipt_digest(scopes: Sequence[tuple[str, str]], content: str, answer: Json) -> str:
    """``sha256:<hex>`` of what a receipt is found under, and of its answer."""
    keys: list[Json] = [f"{scope} {key}" for scope, key in sorted(scopes)]
    text = canonical_json([keys, content, answer])
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def _scopes(request: Request) -> list[tuple[str, str]]:
    scopes = []
    if request.idempotency_key is not None:
        scopes.append(("key " + request.actor, request.idempotency_key))
    if request.content is not None:
        scopes.append(("content", request.content))
    return scopes


def _check_heads(view: View, lot_heads: Mapping[str, int]) -> None:
    newest = view.newest("lot", lot_heads)
    moved = [
        f"lot {lot}: expected entry {seen}, found entry {newest.get(lot.casefold(), 0)}"
        for lot, seen in sorted(lot_heads.items())
        if newest.get(lot.casefold(), 0) != seen
    ]
    if moved:
        raise Conflict("Something was entered meanwhile.", expected="the lots as they were judged",
                       found="newer entries", todo="Look again, and decide again.", details=moved)  # fmt: skip


def _check_signatures(view: View, new: Sequence[NewEntry]) -> None:
    """A signature that enters the ledger is over its record, by the key in force at that moment."""
    signed = [entry for entry in new if "signature" in entry.details]
    public = view.keys()[-1][1] if signed else ""
    for entry in signed:
        if entry.details.get("key") != fingerprint(public):
            raise Conflict("The signing key was replaced meanwhile.", expected=fingerprint(public),
                           found=str(entry.details.get("key")), todo="Sign again.")  # fmt: skip
        data = entry.record.ntriples if entry.record else b""
        if not data or not verify(public, data, str(entry.details["signature"])):
            raise WrongUsage("A signature is not over its record.", expected="Ed25519 over the record's bytes",
                             found=str(entry.details["signature"])[:120])  # fmt: skip


def _chained(connection: Connection, request: Request) -> list[Entry]:
    newest = connection.execute(_NEWEST).one_or_none()
    position, previous = (newest.position, newest.hash) if newest else (0, GENESIS)
    at = max(request.at, moment_of(newest.at)) if newest else request.at
    unnamed = [digest for digest in request.files if not any(digest in new.files for new in request.new)]
    sealed: list[Entry] = []
    for number, new in enumerate(request.new):
        digests = [*new.files, *unnamed] if number == 0 else new.files
        position += 1
        entry = Entry(
            position, at, new.kind, request.actor, new.record.digest if new.record else None, tuple(new.lots),
            checked_details(new.details), {digest: request.files[digest][0] for digest in digests}, previous,
        ).sealed()  # fmt: skip
        previous = entry.hash
        sealed.append(entry)
    return sealed


def index_rows(entry: Entry, index: Iterable[tuple[str, str]]) -> list[dict[str, Any]]:
    """The rows of ``entry_index`` for one entry: its lots, its files, and ``index``; folded keys, none twice."""
    written = [("lot", lot, lot) for lot in entry.lots]
    written += [("file", digest, name) for digest, name in entry.files.items()]
    written += [(kind, key, key) for kind, key in index]
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for kind, key, text in written:
        rows.setdefault(
            (kind, key.casefold()), {"kind": kind, "key": key.casefold(), "position": entry.position, "text": text}
        )
    return list(rows.values())


def _store(connection: Connection, request: Request, sealed: Sequence[Entry], nodes: KeptNodes | None) -> None:
    kept = {new.record.digest: new.record.ntriples for new in request.new if new.record}
    _insert_new(connection, records, "ntriples", kept)
    _insert_new(connection, files, "bytes", {digest: data for digest, (_name, data) in request.files.items()})
    connection.execute(insert(entries), [_row(entry) for entry in sealed])
    grown(connection, sealed, nodes)
    rows = [row for new, entry in zip(request.new, sealed, strict=True) for row in index_rows(entry, new.index)]
    if rows:
        connection.execute(insert(entry_index), rows)


def _insert_new(connection: Connection, table: Table, column: str, kept: Mapping[str, bytes]) -> None:
    digests = list(kept)
    known: dict[str, bytes] = {}
    for start in range(0, len(digests), PAGE):
        kept_already = connection.execute(_kept(table, column), {"wanted": digests[start : start + PAGE]})
        known.update((digest, data) for digest, data in kept_already)
    for digest, data in known.items():
        if data != kept[digest]:
            raise Corrupt("What is kept under a digest is something else.", expected=digest, found=digest_of(data))
    new = [{"digest": digest, column: data} for digest, data in kept.items() if digest not in known]
    if new:
        connection.execute(insert(table), new)


@cache
def _kept(table: Table, column: str) -> Select[Any]:
    """What is kept under digests, written once for each table."""
    return select(table.c.digest, table.c[column]).where(table.c.digest.in_(bindparam("wanted", expanding=True)))


def _row(entry: Entry) -> dict[str, Any]:
    return {
        "position": entry.position, "at": moment_text(entry.at), "kind": entry.kind, "actor": entry.actor,
        "record": entry.record, "lots": canonical_json(list(entry.lots)), "details": canonical_json(entry.details),
        "files": canonical_json(dict(entry.files)), "previous": entry.previous, "hash": entry.hash,
    }  # fmt: skip


def _keep_receipt(connection: Connection, request: Request, identity: str, receipt: Receipt) -> None:
    body = canonical_json({
        "positions": list(receipt.positions), "size": receipt.size, "head": receipt.head,
        "at": moment_text(receipt.at), "answer": receipt.answer,
    })  # fmt: skip
    rows = [
        {"scope": scope, "key": key, "content": identity, "position": receipt.size, "body": body}
        for scope, key in _scopes(request)
    ]
    if rows:
        connection.execute(insert(receipts), rows)

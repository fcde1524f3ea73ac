"""What the entries name: records, files, receipts and the index."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from registry.audit.findings import Findings
from registry.errors import Unreadable
from registry.instants import moment_text
from registry.ledger import Entry, IndexOf, View, canonical_json, index_rows
from registry.ledger.append import RECEIPT, receipt_digest
from registry.records import digest_of, verified

PARTS = {"positions", "size", "head", "at", "answer"}
"""What a receipt's body says."""


def check_records(view: View, entries: Sequence[Entry], findings: Findings) -> None:
    """Every record is what its digest says, canonical, and named by an entry; every one named is there."""
    named = _first_named((entry.position, [entry.record] if entry.record else []) for entry in entries)
    kept = set()
    for row in view.rows("records"):
        digest, data = row["digest"], bytes(row["ntriples"])
        kept.add(digest)
        position = named.get(digest)
        if not findings.compare("record", position, "A record is not what its digest says.", expected=digest,
                                found=digest_of(data)):  # fmt: skip
            continue
        try:
            verified(data)
        except Unreadable as error:
            findings.add("record form", position, "A record is not canonical.", expected=error.expected,
                         found=f"{error.where} {error.found}".strip())  # fmt: skip
        if position is None:
            findings.add("orphan record", None, "No entry names this record.", expected="an entry", found=digest)
    for digest in sorted(set(named) - kept):
        findings.add("missing record", named[digest], "The record of an entry is gone.", expected=digest, found="none")
    findings.counts["records"] = len(kept)


def check_files(view: View, entries: Sequence[Entry], findings: Findings) -> None:
    """Every file is what its digest says and named by an entry; every one named is there."""
    named = _first_named((entry.position, entry.files) for entry in entries)
    kept = set()
    for row in view.rows("files"):
        digest = row["digest"]
        kept.add(digest)
        findings.compare("file", named.get(digest), "A file is not what its digest says.", expected=digest,
                         found=digest_of(bytes(row["bytes"])))  # fmt: skip
        if digest not in named:
            findings.add("orphan file", None, "No entry names this file.", expected="an entry", found=digest)
    for digest in sorted(set(named) - kept):
        findings.add("missing file", named[digest], "A file of an entry is gone.", expected=digest, found="none")
    findings.counts["files"] = len(kept)


def check_receipts(view: View, entries: Sequence[Entry], findings: Findings) -> None:
    """Every receipt tells the position, hash and time that the entry really has."""
    by_position = {entry.position: entry for entry in entries}
    count = 0
    told: dict[int, list[tuple[str, str, str, Any]]] = {}
    for row in view.rows("receipts"):
        count += 1
        position = row["position"]
        entry = by_position.get(position)
        if entry is None:
            findings.add(
                "receipt", position, "A receipt is for an entry that is gone.", expected="an entry", found="none"
            )
            continue
        try:
            body = json.loads(row["body"])
            stated = [body["size"], body["head"], body["at"], body["positions"]]
            whole = canonical_json(body) == row["body"] and set(body) == PARTS
            run = list(range(body["positions"][0], entry.position + 1))
        except (ValueError, KeyError, TypeError, IndexError) as error:
            findings.add(
                "receipt", position, "A receipt cannot be read.", expected="what append wrote", found=repr(error)
            )
            continue
        if not whole:
            findings.add("receipt", position, "A receipt is not as written.", expected="what append wrote",
                         found=row["body"])  # fmt: skip
        expected = [entry.position, entry.hash, moment_text(entry.at), run]
        findings.compare("receipt", position, "A receipt tells something else.", expected=expected, found=stated)
        told.setdefault(body["positions"][0], []).append((row["scope"], row["key"], row["content"], body.get("answer")))
    findings.counts["receipts"] = count
    _check_told(entries, told, findings)


def _check_told(
    entries: Sequence[Entry], told: Mapping[int, Sequence[tuple[str, str, str, Any]]], findings: Findings
) -> None:
    """Every receipt says what its first entry holds the digest of; entries of before 0.2.0 hold none."""
    for entry in entries:
        digest = entry.details.get(RECEIPT)
        if digest is None:
            continue
        rows = told.get(entry.position, ())
        scopes = [(scope, key) for scope, key, _content, _answer in rows]
        content, answer = (rows[0][2], rows[0][3]) if rows else ("", None)
        same = len({(content, json.dumps(answer)) for _s, _k, content, answer in rows}) == 1
        kept = receipt_digest(scopes, content, answer) if same else "none, or several that differ"
        findings.compare("receipt", entry.position, "What a receipt answers was changed.", expected=digest, found=kept)


def check_index(view: View, entries: Sequence[Entry], index_of: IndexOf | None, findings: Findings) -> None:
    """The index holds a row for every lot and file of every entry, and what ``index_of`` says, and nothing else.

    Without ``index_of`` rows of other kinds are only held to the positions that exist.
    """
    expected: set[tuple[str, str, int, str]] = set()
    read = view.entries_with_records() if index_of else ((entry, None) for entry in entries)
    for entry, record in read:
        further = index_of(entry, record) if index_of else ()
        rows = index_rows(entry, further)
        expected.update((row["kind"], row["key"], row["position"], row["text"]) for row in rows)
    positions = {entry.position for entry in entries}
    kept_keys = set()
    for row in view.rows("entry_index"):
        kept_keys.add((row["kind"], row["key"], row["position"], row["text"]))
    for kind, key, position, text in sorted(expected - kept_keys):
        findings.add("index", position, "A row of the index is gone.", expected=f"{kind} {key} ({text})", found="none")
    for kind, key, position, text in sorted(kept_keys - expected):
        if index_of is not None or kind in ("lot", "file") or position not in positions:
            findings.add("index", position, "A row of the index is not from its entry.", expected="none",
                         found=f"{kind} {key} ({text})")  # fmt: skip
    findings.counts["index rows"] = len(kept_keys)


def _first_named(naming: Iterable[tuple[int, Iterable[str]]]) -> Mapping[str, int]:
    named: dict[str, int] = {}
    for position, digests in naming:
        for digest in digests:
            named.setdefault(digest, position)
    return named

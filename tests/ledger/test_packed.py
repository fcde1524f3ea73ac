"""Records and files are kept shorter than they are, and given as they were: digests are over the plain bytes."""

from __future__ import annotations

import sqlite3
import zlib
from contextlib import closing
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from registry.ledger import Ledger, NewEntry
from registry.ledger.database import MARK, packed, unpacked
from tests.ledgers import said

RECORD = b"".join(b'<urn:result:%d> <urn:value> "98.5" .\n' % place for place in range(200))


@given(st.binary() | st.binary().map(lambda data: MARK + data) | st.binary().map(lambda data: data * 50))
def test_any_bytes_come_back_as_they_were(plain: bytes) -> None:
    assert unpacked(packed(plain)) == plain


def test_a_record_takes_a_fifth_and_noise_not_a_byte_more() -> None:
    assert len(packed(RECORD)) < len(RECORD) / 5
    noise = zlib.compress(RECORD)
    assert packed(noise) == noise


def test_what_an_earlier_version_kept_stands_as_it_is() -> None:
    """Plain bytes are plain; and what only looks packed is given as it stands, whose digest nobody expects."""
    assert unpacked(RECORD) == RECORD
    for broken in (MARK + b"no stream", packed(RECORD)[:-3], packed(RECORD) + b"more"):
        assert unpacked(broken) == broken


def kept_as(folder: Path, digest: str, instead: bytes | None = None) -> bytes:
    """What the database holds of a record; written over it first, as an earlier version kept it, where that is told."""
    with closing(sqlite3.connect(folder / "data" / "ledger.sqlite", isolation_level=None)) as database:
        if instead is not None:
            database.execute("DROP TRIGGER records_no_update")
            database.execute("UPDATE records SET ntriples = ? WHERE digest = ?", (instead, digest))
        (kept,) = database.execute("SELECT ntriples FROM records WHERE digest = ?", (digest,)).fetchone()
    return bytes(kept)


def test_the_database_holds_the_short_form_and_the_ledger_answers_the_plain_one(ledger: Ledger, tmp_path: Path) -> None:
    record = said("98.5 " * 200)
    ledger.append([NewEntry("panel", record, lots=("P-07",))], actor="lab.one")
    kept = kept_as(tmp_path, record.digest)
    assert (ledger.record(record.digest).ntriples, unpacked(kept)) == (record.ntriples, record.ntriples)
    assert len(kept) < len(record.ntriples) / 5


def test_a_record_that_an_earlier_version_kept_plain_is_read(ledger: Ledger, tmp_path: Path) -> None:
    record = said("98.5 " * 200)
    ledger.append([NewEntry("panel", record, lots=("P-07",))], actor="lab.one")
    assert kept_as(tmp_path, record.digest, record.ntriples) == record.ntriples
    assert ledger.record(record.digest).ntriples == record.ntriples
    ledger.append([NewEntry("panel", record, lots=("P-08",))], actor="lab.one")

"""The ledger: the append-only list of records, and the truth that everything else is a projection of.

Example: ``Ledger.open(folder).append([NewEntry("lot", record, lots=("P-07",))], actor="lab.one")``.

``tables``         the tables, and the triggers that keep them append-only
``chain``          an entry, its bytes and its hash
``database``       one database for several processes, records and files packed in it
``entry_index``    what concerns a lot, a product, a file: found without reading records
``read``           every question
``lots``           what the entries say of products and lots
``append``         one append, step by step
``signed_append``  an append, and the checkpoint that is signed with it
``tree``           the Merkle tree over the entries, kept and held against the newest checkpoint
``proofs``         what the ledger shows to whoever does not trust it
``ledger``         a ledger created, opened, appended to
``rebuild_index``  the index made anew, while others write
``signing_keys``   the signing key, found and replaced
``backup``         a copy in one file, and a registry made of it
``restored_mark``  what such a registry lacks
"""

from __future__ import annotations

from registry.ledger.append import MAX_FILE_BYTES, IndexOf, NewEntry, index_rows
from registry.ledger.backup import backup, restore, verify_chain
from registry.ledger.chain import (
    FORMAT,
    GENESIS,
    Details,
    Entry,
    Json,
    canonical_json,
    entry_bytes,
    entry_hash,
    public_key_of,
)
from registry.ledger.ledger import DATABASE, SIGNING_KEY, Ledger
from registry.ledger.read import Reader, Receipt, View, entry_of
from registry.ledger.signing_keys import establish, rotate, signing_key

__all__ = [
    "DATABASE", "FORMAT", "GENESIS", "MAX_FILE_BYTES", "SIGNING_KEY", "Details", "Entry", "IndexOf", "Json", "Ledger",
    "NewEntry", "Reader", "Receipt", "View", "backup", "canonical_json", "entry_bytes", "entry_hash", "entry_of",
    "establish", "index_rows", "public_key_of", "restore", "rotate", "signing_key",
    "verify_chain",
]  # fmt: skip

"""What of the ledger's SQL a distributed PostgreSQL would not run stands in ``docs/reference/scale.md``."""

from __future__ import annotations

import re

from sqlalchemy import Integer, UniqueConstraint

from registry.ledger.tables import METADATA
from tests.conftest import ROOT

DIVIDED = {"entries", "entry_index", "records", "files", "receipts", "checkpoints", "tree_nodes"}


def test_no_divided_table_counts_by_itself_and_each_has_a_key() -> None:
    """A sequence of one node would clash with another's; a row without a key belongs to no node."""
    for table in METADATA.tables.values():
        if table.name in DIVIDED:
            keys = table.primary_key.columns
            assert keys, table.name
            assert not (len(keys) == 1 and isinstance(keys[0].type, Integer) and keys[0].autoincrement is True)


def test_foreign_keys_and_unique_columns_of_divided_tables_are_those_of_the_page() -> None:
    """Each is something that an audit finds as well."""
    keys = {
        f"{table.name}.{key.parent.name}"
        for table in METADATA.tables.values() if table.name in DIVIDED
        for key in table.foreign_keys
    }  # fmt: skip
    unique = {
        f"{table.name}.{column.name}"
        for table in METADATA.tables.values() if table.name in DIVIDED
        for rule in table.constraints if isinstance(rule, UniqueConstraint)
        for column in rule.columns
    }  # fmt: skip
    assert (keys, unique) == ({"entries.record", "entry_index.position", "receipts.position"}, {"entries.hash"})
    page = (ROOT / "docs" / "reference" / "scale.md").read_text("utf-8")
    assert all(f"`{name}`" in page for name in keys | unique)


def test_one_statement_is_recursive_and_none_waits_for_a_notice_or_a_row() -> None:
    """The walk along derivations, which the page names."""
    sources = {
        path.relative_to(ROOT).as_posix(): path.read_text("utf-8")
        for room in ("ledger", "accounts", "services") for path in (ROOT / "registry" / room).rglob("*.py")
    }  # fmt: skip
    assert [name for name, text in sources.items() if "recursive=True" in text] == ["registry/ledger/entry_index.py"]
    assert not [
        name for name, text in sources.items() if re.search(r"with_for_update|LISTEN |NOTIFY |Sequence\(\"", text)
    ]

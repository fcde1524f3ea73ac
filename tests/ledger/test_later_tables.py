"""A ledger of an earlier version lacks tables that came later; it is copied and read all the same."""

from __future__ import annotations

from pathlib import Path

from registry.ledger import establish
from registry.ledger.backup import copy_entries
from registry.ledger.database import engine_for
from registry.ledger.tables import LATER, METADATA


def test_it_is_copied_to_another_database_without_them(tmp_path: Path) -> None:
    """What is not there has no rows there either."""
    ledger = establish(tmp_path / "data", base="https://registry.example/", actor="local:test")
    with ledger.writing() as connection:
        METADATA.drop_all(connection, tables=list(LATER))
    assert [list(ledger.rows(table.name)) for table in LATER] == [[]] * len(LATER)
    target = engine_for(f"sqlite:///{tmp_path / 'copy.sqlite'}")
    copy_entries(ledger.engine, target)
    with target.connect() as connection:
        kept = connection.exec_driver_sql("SELECT count(*) FROM entries").scalar_one()
    assert kept == ledger.size()
    target.dispose()
    ledger.close()

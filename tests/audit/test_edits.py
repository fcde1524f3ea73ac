"""A single edit of the database is found in every column of every table, or the guide says why it does not matter."""

from __future__ import annotations

from collections import Counter
from itertools import product
from pathlib import Path

from registry.ledger.database import packed, unpacked
from registry.ledger.tables import METADATA
from tests.audit.edits import GONE, HARMLESS, Editor, auditing, told, unfound_is_harmless

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guides" / "proof.md"
EDITS = 300


def test_single_edits_in_every_column_of_every_table_are_found(tmp_path: Path) -> None:
    """Whole rows too; each edit is taken back, and the registry is in order again after all of them."""
    registry = told(tmp_path / "data")
    found = auditing(registry)
    assert found() == ()
    editor, done, unfound = Editor(registry, seed=15), Counter[tuple[str, str]](), []
    for draw in range(20 * EDITS):
        waiting = [place for place in editor.places if not done[place]] or editor.places
        if done.total() >= EDITS and waiting is editor.places:
            break
        place = waiting[draw % len(waiting)]
        edit = editor.edit(*place)
        if edit is None:
            continue
        done[place] += 1
        if not found() and not unfound_is_harmless(registry, edit):
            unfound.append(str(edit))
        editor.undo()
    assert [place for place in editor.places if not done[place]] == []
    left = [str(finding) for finding in found()]
    assert (unfound, left) == ([], [])
    registry.close()


def test_the_guide_says_of_each_column_that_is_not_looked_at_why_it_does_not_matter() -> None:
    """And names no column that there is not."""
    columns = {(table.name, name) for table in METADATA.sorted_tables for name in (*table.columns.keys(), GONE)}
    assert set(HARMLESS) <= columns
    text = " ".join(GUIDE.read_text(encoding="utf-8").split())
    for (table, column), reason in HARMLESS.items():
        assert f"`{table}`" in text
        assert column == GONE or table in {"sessions", "sign_in_attempts"} or f"`{column}`" in text
        assert reason in text


def test_of_what_is_packed_only_filler_may_change_unseen() -> None:
    """Every bit of a packed file tried: what is unpacked is another thing, or the very same bytes."""
    plain = b"lot,characteristic,value,unit\n" + b"P-01,CD73,98.5,%\n" * 8
    kept = packed(plain)
    same = 0
    for place, bit in product(range(len(kept)), range(8)):
        changed = kept[:place] + bytes([kept[place] ^ 1 << bit]) + kept[place + 1 :]
        same += unpacked(changed) == plain
    assert (len(kept) < len(plain), same < 8) == (True, True)

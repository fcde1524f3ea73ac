"""Single edits of a registry's database, in every column of every table: how many does the audit find?

    python benchmarks/edits.py [EDITS] [FOLDER] [SEED]

100,000 edits of seed 2; FOLDER on a memory file system spares the disk. Portions of other seeds draw other edits, and
add up.

Each edit changes one value of one row behind the ledger's back, or takes the row away; then the whole audit runs, but
for the graph, which is no table; then the row is put back. Printed: of each table how many were done and found, how
many were of columns of which the guide says why they do not matter, and every edit that was neither.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.audit.edits import Editor, auditing, told, unfound_is_harmless

EDITS = 100_000


def main(edits: int, folder: Path, seed: int) -> int:
    """Run so many edits of a seed; answers how many were neither found nor harmless."""
    registry = told(folder / "data")
    found, editor = auditing(registry), Editor(registry, seed=seed)
    done, named, harmless, missed = Counter[str](), Counter[str](), Counter[str](), 0
    begun = time.process_time()
    while done.total() < edits:
        edit = editor.edit(*editor.anywhere())
        if edit is None:
            continue
        done[edit.table] += 1
        if found():
            named[edit.table] += 1
        elif unfound_is_harmless(registry, edit):
            harmless[edit.table] += 1
        else:
            missed += 1
            print("NOT FOUND", edit, flush=True)
        editor.undo()
        if done.total() % 1_000 == 0:
            print(f"{done.total()} edits, {missed} missed, {time.process_time() - begun:.0f} s", flush=True)
    if left := found():
        print("NOT IN ORDER AFTERWARDS", *left, sep="\n")
    print("| table | edits | found | do not matter |\n|---|---|---|---|")
    for table, count in sorted(done.items()):
        print(f"| {table} | {count:,} | {named[table]:,} | {harmless[table]:,} |")
    print(f"{done.total():,} edits, {missed} missed, {time.process_time() - begun:.0f} s of CPU")
    return missed + len(left)


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else EDITS
    with tempfile.TemporaryDirectory(dir=sys.argv[2] if len(sys.argv) > 2 else None) as own:
        sys.exit(1 if main(count, Path(own), int(sys.argv[3]) if len(sys.argv) > 3 else 2) else 0)

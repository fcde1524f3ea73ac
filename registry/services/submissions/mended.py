"""The line above a table that was mended before it was sent: what was changed, and of which file.

It is a comment of the table, so it is kept with the results, judged by nothing, and shown to whoever signs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from registry.records import digest_of


def line_of_changes(
    file: str,
    data: bytes,
    headings: Mapping[int, tuple[str, str]],
    lots: Mapping[int, str],
    left_out: Sequence[int],
) -> str:
    """One line, without signs that part cells. ``headings`` are (before, now) by column, ``lots`` by row; from 1."""
    told = [f"heading {column} '{before}' is now '{now}'" for column, (before, now) in headings.items()]
    told += [f"the lot of row {row} is now {lot}" for row, lot in lots.items()]
    told += [f"rows left out: {' '.join(map(str, left_out))}"] if left_out else []
    line = f"Changed in the registry's page before it was sent: {file} {digest_of(data)}: {' and '.join(told)}"
    return "# " + " ".join(line.replace(",", " ").replace(";", " ").replace('"', "'").split())

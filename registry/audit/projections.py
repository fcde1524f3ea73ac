"""Projections: what the lists and the graph hold, and what they would hold if they were made anew from the ledger."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import TypeAlias

from registry.audit.findings import Findings

Compared: TypeAlias = Callable[[], tuple[Iterable[Hashable], Iterable[Hashable]]]
"""Gives what is kept, and what would be made anew."""


def check_lists(lists: Compared, findings: Findings) -> None:
    """What a list shows of a lot is what its page would say; no row is gone, none was put in."""
    held, expected = lists()
    kept, made = set(held), set(expected)
    findings.counts["rows of lists"] = len(kept)
    for row in sorted(kept - made, key=str):
        findings.add("list", None, "A row of the lists does not say what the ledger says.", expected="none", found=row)
    for row in sorted(made - kept, key=str):
        findings.add("list", None, "A row of the lists is gone, or says something else.", expected=row, found="none")


def check_graph(graph: Compared, findings: Findings) -> None:
    """The graph says what the entries say, and nothing else."""
    held, expected = graph()
    missing = dict.fromkeys(expected)
    wanted = frozenset(missing)
    for quad in held:
        findings.counts["quads"] += 1
        if quad not in wanted:
            findings.add("graph", None, "The graph says what no entry says.", expected="nothing", found=quad)
        missing.pop(quad, None)
    for quad in missing:
        findings.add("graph", None, "The graph does not say what an entry says.", expected=quad, found="nothing")

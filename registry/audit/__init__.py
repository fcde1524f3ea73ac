"""The audit: everything recomputed from the ledger and its public keys, believing nothing that is kept.

Example: ``audit(ledger).ok`` is True, or ``audit(ledger).findings`` names each position with expected and found.

``chain``       guards, positions, hashes, times, the first entry
``contents``    records, files, receipts, the index
``signatures``  keys and what they signed
``accounts``    accounts and tokens against their entries
``second_factors``  what signers had beside their passwords, and whether they signed with it
``decisions``   what signed records name, and what the rules allowed then
``trail_reviews``  releases that were due a review of the audit trail
``tree``        the Merkle tree, and the checkpoints that were signed over it
``findings``    what was found, with its place, and what was counted

It imports neither the registry nor the graph, so a fault of theirs cannot hide itself. It shows that what the ledger
holds was not changed; it cannot show that a measurement was true. Whoever may write the whole database could write a
whole new ledger: note ``size`` and ``head`` elsewhere, and give them, or the head, to a later audit as ``known_head``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable
from typing import TypeAlias

from registry.audit.accounts import check_people
from registry.audit.chain import check_chain, check_guards, check_head
from registry.audit.contents import check_files, check_index, check_receipts, check_records
from registry.audit.decisions import check_decisions
from registry.audit.findings import AuditReport, Finding, Findings
from registry.audit.second_factors import check_second_factors
from registry.audit.signatures import check_signatures
from registry.audit.trail_reviews import check_trail_reviews
from registry.audit.tree import check_tree
from registry.errors import WrongUsage
from registry.identifiers import Names
from registry.ledger import Entry, IndexOf, Ledger, View
from registry.records import Record, kinds

__all__ = ["AuditReport", "Finding", "Projection", "audit"]

Projection: TypeAlias = Callable[[Entry, Record | None], Iterable[Hashable]]


def audit(
    ledger: Ledger,
    *,
    graph_quads: Iterable[Hashable] | None = None,
    projection: Projection | None = None,
    expected_quads: Iterable[Hashable] | None = None,
    index_of: IndexOf | None = None,
    known_head: tuple[int, str] | str | None = None,
    known_checkpoint: str | None = None,
    names: Names | None = None,
    lists: tuple[Iterable[Hashable], Iterable[Hashable]] | None = None,
    signed_kinds: Collection[str] | None = None,
) -> AuditReport:
    """Recompute everything over one moment of the ledger, while others go on writing.

    ``graph_quads`` is what the graph holds, in any form that can be compared; it is held against ``projection`` of
    every entry together with ``expected_quads`` (those that come from no entry, such as the ontologies).
    ``index_of`` is the function that gave ``NewEntry.index``; ``known_checkpoint`` the text of one that was kept
    elsewhere; ``lists`` are the rows that lists of lots are read from, as they are kept and as they would be made
    anew; with ``names`` signed records are read, and what they name is looked up; ``signed_kinds`` are those that
    must carry a signature, as ``records/kinds.py`` has them unless others are named. Raises Corrupt when the database
    itself cannot be read, WrongUsage for quads without anything to hold them against.
    """
    if graph_quads is not None and projection is None and expected_quads is None:
        raise WrongUsage("Quads must be held against something.", expected="projection or expected_quads", found="none")
    findings = Findings()
    with ledger.view() as view:
        size, head = view.head()
        check_guards(view, findings)
        entries = check_chain(view, findings)
        check_head(entries, known_head, findings)
        check_records(view, entries, findings)
        check_files(view, entries, findings)
        check_receipts(view, entries, findings)
        check_signatures(view, entries, kinds.signed_kinds() if signed_kinds is None else signed_kinds, findings)
        check_people(view, entries, findings)
        check_second_factors(view, entries, findings)
        check_tree(view, entries, known_checkpoint, findings)
        if names is not None:
            check_decisions(view, entries, names, findings)
            check_trail_reviews(view, entries, names, findings)
        if findings.all() and (index_of or projection):
            findings.add(
                "projection", None, "Projections were not compared.", expected="a sound ledger", found="the above"
            )
            index_of = projection = graph_quads = None
        check_index(view, entries, index_of, findings)
        if lists is not None:
            _check_lists(*lists, findings)
        if graph_quads is not None:
            _check_graph(view, graph_quads, projection, expected_quads or (), findings)
    newest = max((entry.at for entry in entries), default=None)
    return AuditReport(size, head, findings.all(), dict(findings.counts), newest)


def _check_lists(held: Iterable[Hashable], expected: Iterable[Hashable], findings: Findings) -> None:
    """What a list shows of a lot is what its page would say; no row is gone, none was put in."""
    kept, made = set(held), set(expected)
    findings.counts["rows of lists"] = len(kept)
    for row in sorted(kept - made, key=str):
        findings.add("list", None, "A row of the lists does not say what the ledger says.", expected="none", found=row)
    for row in sorted(made - kept, key=str):
        findings.add("list", None, "A row of the lists is gone, or says something else.", expected=row, found="none")


def _check_graph(
    view: View, graph_quads: Iterable[Hashable], projection: Projection | None, further: Iterable[Hashable],
    findings: Findings,
) -> None:  # fmt: skip
    expected: dict[Hashable, int | None] = dict.fromkeys(further)
    if projection is not None:
        for entry, record in view.entries_with_records():
            for quad in projection(entry, record):
                expected.setdefault(quad, entry.position)
    missing = dict(expected)
    for quad in graph_quads:
        findings.counts["quads"] += 1
        if quad not in expected:
            findings.add("graph", None, "The graph says what no entry says.", expected="nothing", found=quad)
        missing.pop(quad, None)
    for quad, position in missing.items():
        findings.add("graph", position, "The graph does not say what an entry says.", expected=quad, found="nothing")

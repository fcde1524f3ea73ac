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
``timestamps``  time-stamps of checkpoints that a service elsewhere gave
``projections`` what lists and the graph hold, and what they would hold if they were made anew
``findings``    what was found, with its place, and what was counted

It imports neither the registry nor the graph, so a fault of theirs cannot hide itself. A check that cannot be
finished, on a damaged database or graph, is a finding and not the end. An audit shows that what the ledger
holds was not changed; it cannot show that a measurement was true. Whoever may write the whole database could write a
whole new ledger: note ``size`` and ``head`` elsewhere, and give them, or the head, to a later audit as ``known_head``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from functools import partial

from registry.audit.accounts import check_people, check_sessions
from registry.audit.chain import check_chain, check_guards, check_head
from registry.audit.contents import check_files, check_index, check_receipts, check_records
from registry.audit.decisions import check_decisions
from registry.audit.findings import AuditReport, Finding, Findings
from registry.audit.projections import Compared, check_graph, check_lists
from registry.audit.second_factors import check_second_factors
from registry.audit.signatures import check_signatures
from registry.audit.timestamps import check_timestamps
from registry.audit.trail_reviews import check_trail_reviews
from registry.audit.tree import check_tree
from registry.identifiers import Names
from registry.ledger import Entry, IndexOf, Ledger
from registry.records import kinds

__all__ = ["AuditReport", "Compared", "Finding", "audit"]


def audit(
    ledger: Ledger,
    *,
    graph: Compared | None = None,
    lists: Compared | None = None,
    index_of: IndexOf | None = None,
    known_head: tuple[int, str] | str | None = None,
    known_checkpoint: str | None = None,
    names: Names | None = None,
    signed_kinds: Collection[str] | None = None,
) -> AuditReport:
    """Recompute everything over one moment of the ledger, while others go on writing.

    ``graph`` and ``lists`` give what is kept and what would be made anew, in any form that can be compared.
    ``index_of`` is the function that gave ``NewEntry.index``; ``known_checkpoint`` the text of one that was kept
    elsewhere; with ``names`` signed records are read, and what they name is looked up; ``signed_kinds`` are those that
    must carry a signature, as ``records/kinds.py`` has them unless others are named. Raises Corrupt when the database
    itself cannot be opened.
    """
    findings = Findings()
    signed = kinds.signed_kinds() if signed_kinds is None else signed_kinds
    with ledger.view() as view:
        size, head = findings.checked("entries", view.head, (0, ""))
        findings.checked("guard", lambda: check_guards(view, findings), None)
        entries: list[Entry] = findings.checked("entries", lambda: check_chain(view, findings), [])
        steps: dict[str, Callable[[], None]] = {
            "known head": partial(check_head, entries, known_head, findings),
            "records": partial(check_records, view, entries, findings),
            "files": partial(check_files, view, entries, findings),
            "receipts": partial(check_receipts, view, entries, findings),
            "signatures": partial(check_signatures, view, entries, signed, findings),
            "accounts": partial(check_people, view, entries, findings),
            "sessions": partial(check_sessions, view, findings),
            "second factors": partial(check_second_factors, view, entries, findings),
            "tree": partial(check_tree, view, entries, known_checkpoint, findings, signs=_signs(ledger)),
            "time-stamps": partial(check_timestamps, ledger.directory, entries, findings),
        }
        if names is not None:
            steps["decisions"] = partial(check_decisions, view, entries, names, findings)
            steps["trail reviews"] = partial(check_trail_reviews, view, entries, names, findings)
        for what, check in steps.items():
            findings.checked(what, check, None)
        if findings.all() and (index_of or lists or graph):
            findings.add(
                "projection", None, "Projections were not compared.", expected="a sound ledger", found="the above"
            )
            index_of = lists = graph = None
        findings.checked("index", lambda: check_index(view, entries, index_of, findings), None)
    # What is made anew is made by way of the index; of a wrong one it would be wrong, and it is kept.
    if lists is not None and not findings.all():
        findings.checked("list", partial(check_lists, lists, findings), None)
    if graph is not None and not findings.all():
        findings.checked("graph", partial(check_graph, graph, findings), None)
    return AuditReport(size, head, findings.all(), dict(findings.counts), _newest(entries))


def _signs(ledger: Ledger) -> bool:
    """Whether the key is at hand by which a checkpoint is signed at every append."""
    return ledger.key_path is not None and ledger.key_path.exists()


def _newest(entries: list[Entry]) -> datetime | None:
    return max((entry.at for entry in entries), default=None)

"""Every kind of entry as one row: who reads what the kind of an entry means reads it here, and nowhere else.

Example: ``kind("withdrawal").signed`` is True, and ``kind("withdrawal").verdict`` is ``"descendants"``.

To add a kind of record: a codec beside the others (what writes it, what reads it, what it is found again under), a
shape in ``shapes/records/``, and a row in ``KINDS``. The audit, the index, the graph, the list of lots, the facts of a
lot and the pages' list of kinds follow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from registry.domain import Recorded
from registry.identifiers import Names
from registry.records.canonical import Record
from registry.records.clinic.administration import (
    administration_keys,
    read_administration,
    read_container_move,
    write_administration,
    write_container_move,
)
from registry.records.clinic.outcome import outcome_keys, read_outcome, write_outcome
from registry.records.decision import (
    read_acceptance,
    read_approval,
    read_decision,
    read_trail_review,
    read_withdrawal,
    write_acceptance,
    write_approval,
    write_decision,
    write_trail_review,
    write_withdrawal,
)
from registry.records.description import Description
from registry.records.index_keys import (
    account_keys,
    approval_keys,
    follow_up_keys,
    identifier_keys,
    load_keys,
    lot_keys,
    mapping_keys,
    panel_keys,
    print_keys,
    product_keys,
    replacement_keys,
    setting_keys,
    specification_keys,
    study_keys,
    submission_keys,
    withdrawal_keys,
)
from registry.records.literature.claim import (
    claim_keys,
    claim_withdrawal_keys,
    read_claim,
    read_claim_withdrawal,
    write_claim,
    write_claim_withdrawal,
)
from registry.records.literature.publication import publication_keys, read_publication, write_publication
from registry.records.lot import read_lot, read_product, write_lot, write_product
from registry.records.mapping import read_mapping, write_mapping
from registry.records.ontology import write_load, write_replacement
from registry.records.panel import read_panel, write_panel, write_submission
from registry.records.rdf_terms import IRI, RDF_TYPE
from registry.records.study import read_study, write_study
from registry.records.writer import Key, term

Details: TypeAlias = Mapping[str, object]
Reader: TypeAlias = Callable[[Record, Recorded, Names, Details], object]
RecordKeys: TypeAlias = Callable[[dict[IRI, Description], Names], Iterator[Key]]
EntryKeys: TypeAlias = Callable[[str, Details], Iterator[Key]]
Reach: TypeAlias = Literal["lot", "descendants", "product"]
"""Whom an entry concerns: its own lots; those and what derives from them; every lot of the product that it names."""


def _no_record_keys(_descriptions: dict[IRI, Description], _names: Names) -> Iterator[Key]:
    return iter(())


def _no_entry_keys(_actor: str, _details: Details) -> Iterator[Key]:
    return iter(())


@dataclass(frozen=True, slots=True)
class Kind:
    """What an entry of one kind is.

    ``shape`` is its file in ``shapes/records``, empty for an entry without a record. ``write`` makes the record;
    ``read`` gives the value back, where anything reads it. ``record_keys`` and ``entry_keys`` are what the ledger's
    index finds it under, from the record and from actor and details. ``signed``: the audit demands a signature over
    the record (21 CFR 11.70). ``verdict`` and ``state``: whose verdict, and whose state, the entry may change.
    ``fact`` is the field of a lot's facts that its records become. ``in_graph``: whether whoever may ask the graph may
    read it; a record about one recipient, who is not named in it either, is not.
    """

    name: str
    shape: str = ""
    write: Callable[..., object] | None = None
    read: Reader | None = None
    record_keys: RecordKeys = _no_record_keys
    entry_keys: EntryKeys = _no_entry_keys
    signed: bool = False
    verdict: Reach = "lot"
    state: Reach = "lot"
    fact: Literal["", "panels", "withdrawals", "decisions", "acceptances"] = ""
    in_graph: bool = True


def _product(record: Record, entry: Recorded, _names: Names, _details: Details) -> object:
    return read_product(record, entry)


def _study(record: Record, entry: Recorded, _names: Names, _details: Details) -> object:
    return read_study(record, entry)


def _lot(record: Record, entry: Recorded, names: Names, details: Details) -> object:
    recipient = details.get("recipient")
    return read_lot(record, entry, names, str(recipient) if recipient else None)


def _panel(record: Record, entry: Recorded, names: Names, details: Details) -> object:
    return read_panel(record, entry, names, details)


def _administration(record: Record, entry: Recorded, names: Names, details: Details) -> object:
    recipient = details.get("recipient")
    return read_administration(record, entry, names, str(recipient) if recipient else None)


def _from_record(read: Callable[[Record, Recorded, Names], object]) -> Reader:
    return lambda record, entry, names, _details: read(record, entry, names)


_ROWS = (
    Kind("init"),
    Kind("key"),
    Kind("account", entry_keys=account_keys),
    Kind("token", entry_keys=account_keys),
    Kind("sign-in", entry_keys=account_keys),
    # What an administrator sets for everybody, such as which roles sign with a second factor only.
    Kind("setting", entry_keys=setting_keys),
    Kind("ontology-load", "ontology-load.ttl", write_load, record_keys=load_keys),
    Kind("replacement", "replacement.ttl", write_replacement, record_keys=replacement_keys, signed=True),
    Kind("mapping", "mapping.ttl", write_mapping, _from_record(read_mapping), mapping_keys, signed=True),
    Kind("mapping-draft"),
    Kind("mapping-decline"),
    # The compiled specification is its own record; the specifications' room writes and reads it.
    Kind("specification", "specification.ttl", record_keys=specification_keys),
    Kind(
        "approval", "approval.ttl", write_approval, _from_record(read_approval), approval_keys,
        signed=True, verdict="product", state="product",
    ),
    Kind("product", "product.ttl", write_product, _product, product_keys, verdict="product", state="product"),
    Kind("study", "study.ttl", write_study, _study, study_keys),
    Kind("publication", "publication.ttl", write_publication, _from_record(read_publication), publication_keys),
    Kind("claim", "claim.ttl", write_claim, _from_record(read_claim), claim_keys, signed=True),
    Kind(
        "claim-withdrawal", "claim-withdrawal.ttl", write_claim_withdrawal, _from_record(read_claim_withdrawal),
        claim_withdrawal_keys, signed=True,
    ),
    Kind("lot", "lot.ttl", write_lot, _lot, lot_keys),
    Kind("submission", "submission.ttl", write_submission, entry_keys=submission_keys),
    Kind(
        "panel", "panel.ttl", write_panel, _panel, panel_keys,
        verdict="descendants", state="descendants", fact="panels",
    ),
    Kind(
        "acceptance", "acceptance.ttl", write_acceptance, _from_record(read_acceptance),
        signed=True, verdict="descendants", state="descendants", fact="acceptances",
    ),
    Kind(
        "withdrawal", "withdrawal.ttl", write_withdrawal, _from_record(read_withdrawal), withdrawal_keys,
        signed=True, verdict="descendants", state="descendants", fact="withdrawals",
    ),
    Kind("trail-review", "trail-review.ttl", write_trail_review, _from_record(read_trail_review), signed=True),
    # A hold or recall reaches everything derived from the lot, but changes no verdict other than its own.
    Kind(
        "decision", "decision.ttl", write_decision, _from_record(read_decision),
        signed=True, state="descendants", fact="decisions",
    ),
    Kind("container-move", "container-move.ttl", write_container_move, _from_record(read_container_move)),
    Kind(
        "administration", "administration.ttl", write_administration, _administration, administration_keys,
        in_graph=False,
    ),
    Kind(
        "recipient-outcome", "recipient-outcome.ttl", write_outcome, _from_record(read_outcome), outcome_keys,
        in_graph=False,
    ),
    # Somebody's word on what was found late about something that was given; the administration's key is in the entry.
    Kind("follow-up", entry_keys=follow_up_keys),
    # What others call a lot or product, and that it is no longer called so.
    Kind("identifier", entry_keys=identifier_keys),
    Kind("identifier-withdrawal", entry_keys=identifier_keys),
    Kind("print", entry_keys=print_keys),
    Kind("restore"),
    # An administrator's word that the time is right although it leapt.
    Kind("clock"),
)  # fmt: skip
KINDS: dict[str, Kind] = {row.name: row for row in _ROWS}
"""Every kind of entry that this version writes, by name."""


def kind(name: str) -> Kind:
    """The row of a kind; one that this version does not know is taken to concern everything that it may."""
    return KINDS.get(name) or Kind(name, verdict="descendants", state="descendants")


def in_graph(ntriples: bytes) -> bool:
    """Whether whoever may ask the graph may read this record: no one of a kind that is about a single recipient."""
    hidden = (term(row.name.replace("-", " ")) for row in KINDS.values() if not row.in_graph)
    return not any(f"<{RDF_TYPE}> <{name}> .".encode() in ntriples for name in hidden)


def signed_kinds() -> frozenset[str]:
    """The kinds whose every record must carry a signature."""
    return frozenset(row.name for row in KINDS.values() if row.signed)

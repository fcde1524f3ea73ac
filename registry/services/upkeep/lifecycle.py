"""Keeping a registry: creating, auditing, backing up, restoring, watching over, and its things as RDF."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from registry import audit as auditing
from registry import specifications
from registry.errors import Conflict, Refused, RegistryError, Unknown, WrongUsage
from registry.intake.checks.free_text_privacy import refuse_persons
from registry.ledger import Entry, Json, NewEntry
from registry.ledger.backup import backup as back_up
from registry.ledger.backup import restore as restore_ledger
from registry.ledger.restored_mark import marked, unmark
from registry.ledger.signing_keys import establish
from registry.namespaces import prefixes
from registry.records import Record, Triple, serialise, triples, verified
from registry.records.keys import keys
from registry.services.append import Receipt, enter, quality_unit
from registry.services.context import Parts
from registry.services.ontologies.term_view import triples_of
from registry.services.queries.lot_triples import verdict_records

if TYPE_CHECKING:
    from registry.services import Registry
    from registry.services.queries.graph import Knowledge

_PREFIXES = prefixes("cpr", "obo", "dcterms", "prov", "rdfs", "sh", "xsd")


def create(kind: type[Registry], directory: Path, base: str, administrator: str) -> tuple[Registry, str]:
    """A new registry: key, ledger, one administrator; see ``Registry.create``."""
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise Refused(
            "A registry is created in an empty folder.",
            expected="an empty folder",
            found=str(directory),
            todo="Name another folder with --data.",
        )
    ledger = establish(directory, base=base, actor="cell-registry init")
    registry = kind.compose(directory, ledger)
    people = registry.parts.accounts.people
    _account, password = people.create(
        administrator, "administrator", by="cell-registry init", printed_name="Administrator"
    )
    return registry, password


def restore(kind: type[Registry], file: Path, directory: Path, actor: str, key_file: Path | None) -> Registry:
    """See ``Registry.restore``."""
    return kind.compose(directory, restore_ledger(file, directory, actor=actor, key_file=key_file))


def confirm_restored(parts: Parts, name: str, password: str, reason: str) -> Receipt:
    """Enter that a member of the quality unit looked at what the copy lacks, and take the mark away.

    Raises NotSignedIn, NotAllowed, WrongUsage without a reason, Conflict when nothing is to be confirmed.
    """
    account = quality_unit(parts, name, password)
    if not reason.strip():
        raise WrongUsage("What was done is not said.", expected="a sentence", found="nothing", where="reason")
    refuse_persons(parts.ledger.now().year, reason=reason)
    came = marked(parts.directory)
    if came is None:
        raise Conflict("Nothing is to be confirmed.", expected="a restored registry", found="none, or one confirmed")
    words = f"Restored by {came.by} from a copy of {came.size} entries; confirmed by {account.printed_name}: {reason}"
    said: dict[str, Json] = {"summary": words.strip(), "reason": reason.strip(), "restored": came.as_dict()}
    entry = NewEntry("restore", details=said)
    receipt = enter(parts, entry, account.name, "restore")
    unmark(parts.directory)
    return receipt


def backup(parts: Parts, file: Path) -> dict[str, Any]:
    """See ``Registry.backup``."""
    return back_up(parts.ledger, file)


def audit(parts: Parts, knowledge: Knowledge, known_head: str | None) -> auditing.AuditReport:
    """Everything recomputed from the ledger and the public key, and the graph compared with what it should be."""
    held, expected = knowledge.held_and_expected()
    return auditing.audit(
        parts.ledger,
        graph_quads=held,
        expected_quads=expected,
        index_of=lambda entry, record: _index(parts, entry, record),
        known_head=known_head,
    )


def reindex(parts: Parts) -> int:
    """Make the ledger's index anew, by the function that every entry was indexed by; answers the number of rows."""
    return parts.ledger.reindex(lambda entry, record: _index(parts, entry, record))


def _index(parts: Parts, entry: Entry, record: Record | None) -> tuple[tuple[str, str], ...]:
    """What an entry was indexed under, beside its lots and files."""
    return keys(entry.kind, record, parts.names, actor=entry.actor, details=entry.details)


def rdf(parts: Parts, subject: str, identifier: str, media_type: str) -> bytes:
    """See ``Registry.rdf``."""
    return serialise(_triples(parts, subject, identifier), media_type, {**_PREFIXES, **_places(parts.names.base)})


def _places(base: str) -> dict[str, str]:
    return {place: f"{base}{place}/" for place in ("lot", "product", "panel", "record", "file")}


def _triples(parts: Parts, subject: str, identifier: str) -> Iterator[Triple]:
    if subject == "term":
        yield from triples_of(parts, identifier)
    elif subject == "record":
        yield from triples(parts.ledger.record(identifier))
    elif subject == "specification":
        name, _, version = identifier.partition("/")
        yield from triples(verified(specifications.load(name, version or None).ntriples))
    elif subject in {"lot", "product"}:
        key = parts.lots.lot(identifier).id if subject == "lot" else parts.lots.product(identifier).id
        for entry in parts.ledger.entries(key=(subject, key)):
            if entry.record is not None:
                yield from triples(parts.ledger.record(entry.record))
        if subject == "lot":
            yield from _derived(parts, key)
    else:
        raise Unknown(
            "There is no such kind of thing.", expected="lot, product, record or specification", found=subject
        )


def _derived(parts: Parts, lot: str) -> Iterator[Triple]:
    for ntriples in verdict_records(parts, [lot]).values():
        yield from triples(verified(ntriples))


def ready(parts: Parts) -> list[str]:
    """See ``Registry.ready``."""
    problems = []
    try:
        parts.ledger.entry(1)
    except RegistryError as error:
        problems.append(error.message)
    if not parts.directory.is_dir():
        problems.append("The registry's folder is gone.")
    return problems


def metrics(parts: Parts) -> dict[str, float]:
    """See ``Registry.metrics``."""
    from registry.graph.store.snapshots import snapshots

    newest = next(iter(snapshots(parts.directory / "graph")), None)
    return {
        "cell_registry_ledger_entries": float(parts.ledger.size()),
        "cell_registry_graph_entries": float(newest.size if newest else 0),
        "cell_registry_verdicts_cached": float(len(parts.verdicts)),
    }

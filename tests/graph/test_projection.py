"""What the graph says of an entry, and what it never says."""

from __future__ import annotations

from datetime import UTC, datetime

from registry.graph import project
from registry.ledger import Ledger, NewEntry
from registry.ledger.chain import Entry
from registry.records import IRI, literal, write
from tests.graph.conftest import BASE

RECORD = write([(IRI(BASE + "lot/P-07"), IRI("http://purl.org/dc/terms/identifier"), literal('a "b" .\nc'))])
ENTRY = Entry(
    position=7, at=datetime(2026, 11, 22, 10, 0, 0, 120_000, tzinfo=UTC), kind="submission", actor="lab.one",
    record=RECORD.digest, lots=("P-07",), details={"recipient": "R-1"}, files={"sha256:00": "patients.csv"},
    previous="sha256:aa", hash="sha256:bb",
)  # fmt: skip


def test_an_entry_with_a_record_says_what_when_who_and_where_in_the_chain() -> None:
    """Exact quads: each triple in the default graph and in its named graph, nothing of details and files."""
    entry = f"<{BASE}ledger/7>"
    cpr, xsd = "https://w3id.org/cell-product-registry/ns#", "http://www.w3.org/2001/XMLSchema#"
    facts = [
        f"{entry} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{cpr}LedgerEntry>",
        f'{entry} <{cpr}position> "7"^^<{xsd}integer>',
        f'{entry} <{cpr}entryKind> "submission"',
        f'{entry} <http://www.w3.org/ns/prov#generatedAtTime> "2026-11-22T10:00:00.12Z"^^<{xsd}dateTime>',
        f'{entry} <http://www.w3.org/ns/prov#wasAttributedTo> "lab.one"',
        f"{entry} <{cpr}record> <{BASE}record/{RECORD.hex}>",
        f'{entry} <{cpr}previousHash> "sha256:aa"',
        f'{entry} <{cpr}hash> "sha256:bb"',
    ]
    said = f'<{BASE}lot/P-07> <http://purl.org/dc/terms/identifier> "a \\"b\\" .\\nc"'
    expected = {f"{fact} ." for fact in facts} | {f"{fact} <{BASE}ledger> ." for fact in facts}
    expected |= {f"{said} .", f"{said} <{BASE}record/{RECORD.hex}> ."}
    lines = project(ENTRY, RECORD.ntriples, BASE).decode().splitlines()
    assert (set(lines), len(lines)) == (expected, len(expected))


def test_an_entry_without_a_record_says_no_name_and_no_hash(ledger: Ledger) -> None:
    """Accounts, tokens and sign-ins: from a hash over few unknowns one could guess them."""
    ledger.append([NewEntry("account", details={"name": "mary"})], actor="administrator")
    *_, entry = ledger.entries()
    predicates = sorted(line.split(b" ")[1].rsplit(b"/", 1)[-1] for line in project(entry, b"", BASE).splitlines())
    assert predicates == sorted(
        2 * [b"22-rdf-syntax-ns#type>", b"ns#position>", b"ns#entryKind>", b"prov#generatedAtTime>"]
    )

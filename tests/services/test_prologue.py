"""A typed query gets the prefixes of ours that it uses and does not declare, and is otherwise as it was typed."""

from __future__ import annotations

import pytest

from registry.services.queries.prologue import with_prefixes

CPR = "PREFIX cpr: <https://w3id.org/cell-product-registry/ns#>"
DCTERMS = "PREFIX dcterms: <http://purl.org/dc/terms/>"


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("ASK { ?lot a cpr:Lot }", f"{CPR}\nASK {{ ?lot a cpr:Lot }}"),
        (
            "ASK { ?lot a cpr:Lot ; dcterms:identifier 'H-03' }",
            f"{CPR}\n{DCTERMS}\nASK {{ ?lot a cpr:Lot ; dcterms:identifier 'H-03' }}",
        ),
        (f"{CPR}\nASK {{ ?lot a cpr:Lot }}", f"{CPR}\nASK {{ ?lot a cpr:Lot }}"),
        ("prefix cpr: <urn:other> ASK { ?lot a cpr:Lot }", "prefix cpr: <urn:other> ASK { ?lot a cpr:Lot }"),
        ("ASK { ?lot a ex:Lot }", "ASK { ?lot a ex:Lot }"),
        ("ASK { ?lot ?p 'cpr:Lot' } # cpr:Lot", "ASK { ?lot ?p 'cpr:Lot' } # cpr:Lot"),
        ("ASK { ?lot a <cpr:Lot> }", "ASK { ?lot a <cpr:Lot> }"),
        ("SELECT 'cpr:Lot", "SELECT 'cpr:Lot"),
        ("", ""),
    ],
)
def test_a_known_prefix_is_declared_where_it_is_used_and_not_declared(typed: str, asked: str) -> None:
    """A name in a text, a comment or an IRI uses none, and a query's own declaration stands."""
    assert with_prefixes(typed) == asked

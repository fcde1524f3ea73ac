"""Every address that the registry's RDF uses answers at itself: the thing's page, or the thing as RDF."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from registry.graph.store.projection import project
from registry.services import Registry
from web import access, create_app

SAVED, SEVERAL = {"file"}, 2
"""Kinds of things that are bytes and no RDF; how many of each kind are asked for."""


def used(registry: Registry) -> dict[str, list[str]]:
    """Every address under the base, of records and of what the graph says of entries, by what stands first in it."""
    kinds: dict[str, set[str]] = {}
    for entry, record in registry.ledger.entries_with_records(0):
        ntriples = record.ntriples if record is not None else b""
        for text in (project(entry, ntriples, registry.base), ntriples):
            for iri in re.findall(rf"<({registry.base}[^>]*)>", text.decode()):
                path = iri.removeprefix(registry.base).partition("#")[0]
                kinds.setdefault(path.partition("/")[0], set()).add(path)
    return {kind: sorted(paths) for kind, paths in kinds.items()}


@pytest.fixture(scope="module")
def inspector(demo: Registry) -> Iterator[FlaskClient]:
    """Whoever may see everything, signed in."""
    account = next(each for each in demo.accounts.all() if each.role == "inspector")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(access, "_identify", lambda: setattr(access.g, "account", account))
        yield create_app(demo).test_client()


def test_every_kind_of_address_leads_to_a_page_and_to_rdf(demo: Registry, inspector: FlaskClient) -> None:
    """By 303, or at once; a file is saved as it was sent, and the ledger as a whole is a page."""
    kinds, answered = used(demo), {}
    for kind, paths in kinds.items():
        for path in paths[:SEVERAL]:
            page = inspector.get(f"/{path}", headers={"Accept": "text/html"}, follow_redirects=True)
            rdf = inspector.get(f"/{path}", headers={"Accept": "text/turtle"}, follow_redirects=True)
            answered[kind] = (page.status_code, rdf.mimetype)
            if path == "ledger":
                assert rdf.status_code == 406
    assert answered == {kind: (200, "application/octet-stream" if kind in SAVED else "text/turtle") for kind in kinds}
    assert {"lot", "product", "panel", "record", "file", "ledger", "decision", "approval", "submission"} <= set(kinds)


def test_what_an_address_leads_to_says_the_same_address(demo: Registry, inspector: FlaskClient) -> None:
    """The RDF of a decision holds the decision's own IRI, and that of an entry the entry's."""
    kinds = used(demo)
    for path in (kinds["decision"][0], kinds["approval"][0], "ledger/3"):
        rdf = inspector.get(f"/{path}", headers={"Accept": "application/n-triples"}, follow_redirects=True)
        assert f"<{demo.base}{path}> ".encode() in rdf.data


def test_a_shipped_specification_answers_at_its_address(inspector: FlaskClient) -> None:
    """Its own IRI is w3id.org's, which leads here by the same path."""
    answer = inspector.get("/specification/msc-identity/1", headers={"Accept": "text/turtle"}, follow_redirects=True)
    assert (answer.status_code, answer.mimetype) == (200, "text/turtle")


@pytest.mark.parametrize(
    "path",
    ["lot/none", "panel/none", "submission/none", "decision/H-01/20200101T000000000000Z", "decision/H-01/yesterday"],
)
def test_an_address_that_no_record_holds_is_not_found(inspector: FlaskClient, path: str) -> None:
    """404, with what was asked for."""
    assert inspector.get(f"/{path}", headers={"Accept": "text/turtle"}, follow_redirects=True).status_code == 404

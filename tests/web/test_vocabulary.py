"""The words of terms, ledger entries, audits and facets that pages show are the registry's own, each in the catalogue.

Verdicts, states, kinds and the like are held by ``test_language``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib import import_module
from typing import get_args

from registry.services.lot_index.facets import Selection
from registry.vocabulary.profile import profile
from registry.vocabulary.values import Kind, Sense
from tests.conftest import ROOT
from tests.web.conftest import HTML, Site
from web import vocabulary
from web.lot_index.explore import FACETS


def entry_kinds() -> Iterator[str]:
    """The kind of each entry that the registry's code makes: ``NewEntry("lot", …)``, or a name for it."""
    for file in (ROOT / "registry").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "NewEntry":
                match node.args[0]:
                    case ast.Constant(value=str(kind)):
                        yield kind
                    case ast.Name(id=name):
                        module = ".".join(file.relative_to(ROOT).with_suffix("").parts)
                        yield getattr(import_module(module), name)
                    case other:
                        raise AssertionError(ast.unparse(other))


def test_every_kind_of_entry_has_its_word() -> None:
    """The ledger page filters by them and shows them."""
    assert set(vocabulary.ENTRIES) == set(entry_kinds())


def test_every_kind_of_term_and_every_report_of_a_marker_has_its_word() -> None:
    """As the page of a term shows them."""
    assert set(vocabulary.TERMS) == {"cell type", "disease", *get_args(Kind)}
    assert set(vocabulary.REPORTED) == {*get_args(Sense), *(line.status for line in profile())}


def test_whatever_an_audit_counts_has_its_word(site: Site) -> None:
    """As the page of integrity shows it; what is counted only where there is any is counted too."""
    rare = {"keys replaced without the old one's consent", "time-stamps", "time-stamps by no named service"}
    assert set(vocabulary.AUDITED) == set(site.registry.upkeep.audit().counts) | rare


def test_every_facet_has_its_name(site: Site) -> None:
    """The page's names are those of the registry, none more and none fewer."""
    facets = site.registry.lot_index.counting(Selection()).facets().facets
    assert {one.name: one.label for one in facets} == FACETS


def test_a_chosen_criterion_is_called_as_in_its_specification(site: Site) -> None:
    """And not by its identifier, in the list of choices as in what was chosen."""
    page = site.client().get("/explore?criterion=cd105", headers={**site.bearer("analyst"), **HTML}).text
    assert ("Not shown: CD105 " in page, ">CD105</a>" in page, "cd105</a>" in page) == (True, True, False)

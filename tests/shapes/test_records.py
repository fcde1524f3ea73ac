"""Records of every kind against their shapes: the accepted beside the refused, each with its exact report."""

from __future__ import annotations

from pathlib import Path

import pyshacl
import pytest
from rdflib import Graph
from rdflib.namespace import RDF, SH
from rdflib.term import BNode, Literal

from registry import records, specifications
from registry.domain import Specification
from registry.errors import Corrupt, NotWellFormed, Unknown
from registry.judgement import shacl
from registry.judgement.shacl import compiled, compiled_form, record_form
from tests.conftest import ROOT

EXAMPLES = ROOT / "tests" / "examples" / "shapes"
ACCEPTED = sorted((EXAMPLES / "accepted").glob("*.ttl"))
REFUSED = sorted((EXAMPLES / "refused").glob("*.ttl"))


def kind_of(example: Path) -> str:
    named = (kind for kind in shacl.kinds() if f"{example.stem}-".startswith(f"{kind}-"))
    return max(named, key=len)


def ntriples(example: Path) -> bytes:
    return records.read_turtle(example.read_bytes()).ntriples


def test_every_kind_has_accepted_and_refused_examples() -> None:
    """A specification's are those of ``tests/specifications/test_specification.py``."""
    kinds = set(shacl.kinds()) - {"specification"}
    assert ({kind_of(e) for e in ACCEPTED}, {kind_of(e) for e in REFUSED}) == (kinds, kinds)


@pytest.mark.parametrize("example", ACCEPTED, ids=lambda e: e.stem)
def test_accepted(example: Path) -> None:
    assert shacl.form_problems(kind_of(example), ntriples(example)) == ()


@pytest.mark.parametrize("example", REFUSED, ids=lambda e: e.stem)
def test_refused_with_exactly_the_report_in_its_head(example: Path) -> None:
    head = example.read_text(encoding="utf-8").split("\n\n", maxsplit=1)[0].splitlines()
    expected = [line.removeprefix("# - ") for line in head[1:]]
    with pytest.raises(NotWellFormed) as refusal:
        shacl.check_form(kind_of(example), ntriples(example))
    assert list(refusal.value.details) == expected


@pytest.mark.parametrize("shipped", specifications.shipped(), ids=lambda s: s.id)
def test_every_shipped_specification_is_a_well_formed_record(shipped: Specification) -> None:
    assert shacl.form_problems("specification", shipped.ntriples) == ()


def test_a_specification_with_a_rule_of_its_own_is_refused() -> None:
    shipped = specifications.load("msc-identity")
    rule = f'<{shipped.iri}#cd73-present> <{SH}pattern> "x" .\n'.encode()
    assert [str(problem) for problem in shacl.form_problems("specification", shipped.ntriples + rule)] == [
        f"{shipped.iri}#cd73-present at sh:pattern: Nothing else may be said of it. Found: x."
    ]


def test_a_kind_without_shapes_is_refused_with_the_list() -> None:
    with pytest.raises(Unknown) as refusal:
        shacl.check_form("verdict", b"")
    assert refusal.value.expected == ", ".join(shacl.kinds())


def test_an_empty_record_is_refused() -> None:
    """SHACL alone would say that it conforms."""
    problems = shacl.form_problems("panel", b"")
    assert [problem.message for problem in problems] == ["A panel record holds exactly one cpr:Panel."]


def test_a_blank_node_is_refused() -> None:
    statement = b'_:b <http://www.w3.org/2000/01/rdf-schema#label> "x" .\n'
    data = ntriples(EXAMPLES / "accepted" / "lot.ttl") + statement
    assert [p.message for p in shacl.form_problems("lot", data)] == ["A record has no blank nodes: give it an IRI."]


def test_a_run_that_refuses_nothing_at_all_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside every record runs an empty one of each class: if that conforms, nothing was judged."""
    answer = Graph()
    answer.add((node := BNode(), RDF.type, SH.ValidationReport))
    answer.add((node, SH.conforms, Literal(True)))
    monkeypatch.setattr(pyshacl, "validate", lambda *_args, **_options: (True, answer, ""))
    monkeypatch.setattr(compiled, "available", lambda: False)
    with pytest.raises(Corrupt) as refusal:
        shacl.check_form("lot", ntriples(EXAMPLES / "accepted" / "lot.ttl"))
    assert refusal.value.message == "The SHACL run judged nothing: an empty record was not refused."


def test_a_compiled_run_that_refuses_nothing_at_all_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same of the compiled engine."""
    monkeypatch.setattr(compiled, "refusals", lambda _shapes, _data: set())
    with pytest.raises(Corrupt) as refusal:
        shacl.check_form("lot", ntriples(EXAMPLES / "accepted" / "lot.ttl"))
    assert refusal.value.message == "The compiled SHACL run judged nothing: an empty record was not refused."


def test_a_record_that_one_engine_alone_refuses_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two engines that do not agree are a fault of ours, and no record is accepted on it."""
    monkeypatch.setattr(compiled_form, "is_well_formed", lambda _kind, _ntriples: False)
    with pytest.raises(Corrupt, match="do not agree about the form of a record"):
        shacl.check_form("lot", ntriples(EXAMPLES / "accepted" / "lot.ttl"))


@pytest.mark.parametrize("example", ACCEPTED, ids=lambda file: file.stem)
def test_both_engines_say_the_same_of_a_record_with_each_triple_left_out_or_doubled(example: Path) -> None:
    """Left out: something is missing. Doubled with another value: something is there twice."""
    kind, lines = kind_of(example), ntriples(example).decode().splitlines(keepends=True)
    shapes = record_form.shapes_of(kind)
    for place, line in enumerate(lines):
        subject, predicate, _value = line.split(" ", 2)
        for changed in ([*lines[:place], *lines[place + 1 :]], [*lines, f'{subject} {predicate} "another" .\n']):
            data = "".join(changed).encode()
            assert compiled_form.is_well_formed(kind, data) is (record_form.problems_with(shapes, kind, data) == ())


def test_a_record_with_a_number_that_the_compiled_engine_would_cut_is_judged_by_the_reference() -> None:
    """A fraction of counted events has more digits than its decimals: it is well formed all the same."""
    accepted = ntriples(EXAMPLES / "accepted" / "panel.ttl")
    long = accepted.replace(b'"98.5"^^', b'"98.4999999999999999999999999"^^')
    assert long != accepted
    assert shacl.form_problems("panel", long) == ()

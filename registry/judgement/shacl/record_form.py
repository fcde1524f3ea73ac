"""Whether a record is well formed: held against ``shapes/records/<kind>.ttl``, all of it, and nothing beside it.

Shapes are closed, so a property that a kind does not have is refused by name; so no record may hold a verdict, a class
axiom or another lot's decision. Every subject must be one that a shape looks at, and exactly one must be what the
record is. Beside the record runs a control for each class, an empty node: a run that does not refuse it is an error.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rdflib import BNode, Graph, URIRef
from rdflib.namespace import RDF, SH
from rdflib.term import Node

from registry.errors import Corrupt, NotWellFormed
from registry.judgement.shacl import compiled, compiled_form
from registry.judgement.shacl.engine import Triples, Violation, filled, report, violations
from registry.judgement.shacl.record_shapes import CONTROL as _CONTROL
from registry.judgement.shacl.record_shapes import class_of, kinds, shapes_of
from registry.namespaces import shortened

_SHAPES = "https://w3id.org/cell-product-registry/shapes/"


@dataclass(frozen=True, slots=True)
class FormProblem:
    """One thing that is wrong with a record: of what (an IRI), by which shape, at which property, and in words."""

    focus: str
    shape: str
    path: str
    value: str
    message: str

    def __str__(self) -> str:
        at = f" at {self.path}" if self.path else ""
        value = f" Found: {self.value}." if self.value else ""
        return f"{self.focus}{at}: {self.message}{value}"


def check_form(kind: str, ntriples: bytes) -> None:
    """Raise NotWellFormed, listing every problem, unless these N-Triples are a well-formed record of this kind."""
    problems = form_problems(kind, ntriples)
    if problems:
        raise NotWellFormed(
            f"This is not a well-formed {kind} record.",
            expected=f"what shapes/records/{kind}.ttl asks for, and nothing else",
            todo="Correct what is listed.",
            details=[str(problem) for problem in problems],
        )


def form_problems(kind: str, ntriples: bytes) -> tuple[FormProblem, ...]:
    """Everything by which these N-Triples are not a well-formed record of this kind, in a fixed order.

    The compiled engine says whether there is a problem, pySHACL says which, in the words of the shapes; of a record
    with a number that the compiled engine would cut, pySHACL says both. Raises Corrupt when they do not agree that
    there is one.
    """
    asked = compiled.available() and kind in kinds() and compiled_form.is_held(ntriples)
    if asked and compiled_form.is_well_formed(kind, ntriples):
        return ()
    problems = problems_with(shapes_of(kind), kind, ntriples)
    if asked and not problems:
        raise Corrupt("The two SHACL engines do not agree about the form of a record.", expected="the same of both",
                      found=f"a {kind} refused by the compiled engine alone", todo="The record was not accepted. "
                      "Report this with the record: it is a fault of the registry.")  # fmt: skip
    return problems


def problems_with(shapes: Triples, kind: str, ntriples: bytes) -> tuple[FormProblem, ...]:
    """``form_problems`` against a given shapes graph."""
    data = Graph(bind_namespaces="none")
    data.parse(data=ntriples, format="nt")
    classes = sorted({target for _, p, target in shapes if p == SH.targetClass}, key=str)
    problems = [*_unlooked_at(data, shapes), *_not_exactly_one(data, kind)]
    controls = {URIRef(f"{_CONTROL}{place}"): target for place, target in enumerate(classes)}
    judged = filled((*data, *((control, RDF.type, target) for control, target in controls.items())))
    refused = violations(report(judged, shapes))
    silent = [str(target) for control, target in controls.items() if str(control) not in {v.focus for v in refused}]
    if silent:
        raise Corrupt("The SHACL run judged nothing: an empty record was not refused.", expected="a violation",
                      found=f"none for {', '.join(silent)}", todo="The record was not accepted.")  # fmt: skip
    problems += [_problem(violation) for violation in refused if not violation.focus.startswith(_CONTROL)]
    return tuple(problems)


def _unlooked_at(data: Graph, shapes: Triples) -> Iterator[FormProblem]:
    """Subjects that no shape targets: what is said of them would be believed unread."""
    classes = {target for _, p, target in shapes if p == SH.targetClass}
    pointers = {target for _, p, target in shapes if p == SH.targetObjectsOf}
    for subject in sorted(set(data.subjects()), key=str):
        types = set(data.objects(subject, RDF.type))
        pointed = any((None, pointer, subject) in data for pointer in pointers if isinstance(pointer, URIRef))
        if isinstance(subject, BNode):
            yield FormProblem(str(subject), "", "", "", "A record has no blank nodes: give it an IRI.")
        elif not types & classes and not pointed:
            text = "A record of this kind says nothing about such a thing."
            yield FormProblem(str(subject), "", "rdf:type", ", ".join(sorted(map(_short, types))), text)


def _not_exactly_one(data: Graph, kind: str) -> Iterator[FormProblem]:
    wanted = URIRef(class_of(kind))
    subjects = sorted(str(subject) for subject in data.subjects(RDF.type, wanted))
    if len(subjects) != 1:
        yield FormProblem(
            ", ".join(subjects), "", "rdf:type", "", f"A {kind} record holds exactly one {_short(wanted)}."
        )


def _problem(violation: Violation) -> FormProblem:
    shape = violation.shape.removeprefix(_SHAPES)
    value = "" if violation.value == violation.focus else _short(violation.value)
    return FormProblem(violation.focus, shape, _short(violation.path), value, violation.message)


def _short(node: Node | str) -> str:
    return shortened(str(node), "cpr", "dcterms", "prov", "rdf", "rdfs", "sh")

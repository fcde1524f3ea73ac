"""Whether a record is well formed, told by the compiled engine: yes, or not as far as it can tell.

The same four conditions as ``record_form``, over the lines of the record: every subject is one that a shape looks at,
exactly one is what the record is, no shape refuses any, and every control, an empty node of each class, is refused. A
line that is not read here, such as one with a blank node, is not well formed: pySHACL says why.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

from registry.errors import Corrupt, Unreadable
from registry.judgement.shacl import compiled
from registry.judgement.shacl.record_shapes import CONTROL, class_of, shapes_file, shapes_of
from registry.namespaces import RDF, SHACL
from registry.vocabulary import ntriples as lines

if TYPE_CHECKING:
    from shacl import Shapes

RDF_TYPE = RDF + "type"
_NUMBER = re.compile(r'"([+-]?[0-9]+(?:\.[0-9]+)?)"\^\^')


@dataclass(frozen=True, slots=True)
class RecordShapes:
    """The shapes of one kind of record: compiled, the classes they target, and the properties whose objects they do."""

    shapes: Shapes
    classes: tuple[str, ...]
    pointers: frozenset[str]


@cache
def record_shapes(kind: str) -> RecordShapes:
    """The shapes of a kind, compiled once a process."""
    triples = shapes_of(kind)
    classes = {str(target) for _s, predicate, target in triples if str(predicate) == SHACL + "targetClass"}
    pointers = {str(target) for _s, predicate, target in triples if str(predicate) == SHACL + "targetObjectsOf"}
    return RecordShapes(compiled.compiled(shapes_file(kind), "turtle"), tuple(sorted(classes)), frozenset(pointers))


def is_held(ntriples: bytes) -> bool:
    """Whether the engine holds every number of the record exactly; one that it would cut is pySHACL's to judge."""
    numbers = (Decimal(text) for text in _NUMBER.findall(ntriples.decode(errors="replace")))
    return all(map(compiled.is_held, numbers))


def is_well_formed(kind: str, ntriples: bytes) -> bool:
    """True when nothing speaks against the record. Raises Corrupt when the run judged nothing."""
    try:
        triples = lines.read(ntriples)
    except (Unreadable, UnicodeDecodeError):
        return False
    known = record_shapes(kind)
    typed: dict[str, set[str]] = {subject: set() for subject, _predicate, _value in triples}
    pointed = set()
    for subject, predicate, value in triples:
        if predicate == RDF_TYPE:
            typed[subject].add(value)
        elif predicate in known.pointers:
            pointed.add(value)
    looked_at = all(types & set(known.classes) or subject in pointed for subject, types in typed.items())
    whole = sum(class_of(kind) in types for types in typed.values()) == 1
    return looked_at and whole and not _refused(known, ntriples)


def _refused(known: RecordShapes, ntriples: bytes) -> set[str]:
    controls = {f"{CONTROL}{place}": target for place, target in enumerate(known.classes)}
    added = "".join(lines.line(control, RDF_TYPE, target) for control, target in controls.items())
    focused = {focus for focus, _shape in compiled.refusals(known.shapes, ntriples.decode() + added)}
    if silent := sorted(set(controls) - focused):
        raise Corrupt("The compiled SHACL run judged nothing: an empty record was not refused.",
                      expected="a violation", found=f"none for {', '.join(controls[control] for control in silent)}",
                      todo="The record was not accepted.")  # fmt: skip
    return focused - set(controls)

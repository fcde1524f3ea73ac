"""Writes ``ontology/patterns.nt``: what the packaged slice's axioms and our bridges imply for a panel of markers.

    python -m registry.ontology_releases.slices.package

The same files give the same bytes; a test compares them, and another asks HermiT.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from registry.ontology_releases.parser import turtle
from registry.ontology_releases.reasoning.closure import Axioms, Closure, axioms
from registry.ontology_releases.slices.patterns import (
    bridge_triples,
    defined,
    kinds_of,
    measured,
    written,
    written_kinds,
)
from registry.vocabulary.term_files import content

_REMARK = "# What makes a cell be taken for one of a class. Written by registry/ontology_releases; see README.md.\n"


def packaged_axioms() -> Axioms:
    """The axioms of the packaged slice together with our bridges."""
    return axioms(bridge_triples(), axioms(turtle(content("borrowed/cl-axioms.ttl"))))


def text() -> str:
    """The file's text."""
    given = packaged_axioms()
    cells = {name for name in given.defined if "/CL_" in name}
    closure = Closure(given, sorted(cells))
    patterns = defined(closure, cells)
    markers = measured().union(*((*pattern.carries, *pattern.lacks) for pattern in patterns))
    kinds = kinds_of(Closure(given, sorted(markers)), markers)
    out = [line for pattern in patterns for line in written(pattern)]
    out += written_kinds(kinds)
    return _REMARK + "".join(out)


def main() -> None:
    """Write the file into this checkout."""
    Path(str(files("ontology"))).joinpath("patterns.nt").write_text(text(), "utf-8", newline="\n")


if __name__ == "__main__":
    main()

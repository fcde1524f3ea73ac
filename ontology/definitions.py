"""Cut what the ontologies say in words of the classes in ``borrowed/``: definitions, synonyms, cross-references.

    python -m ontology.definitions --cl cl-edit.owl --cl-version COMMIT --doid DO_rare_slim.obo NCIthesaurus.obo …

``--cl`` is the Cell Ontology's editors' file (functional syntax, CC BY 4.0), ``--doid`` what the Disease Ontology
gives out in OBO (CC0 1.0), whole or subsets of one release. A class that no file defines has no definition here. The
same files give the same bytes; ``SOURCES.ttl`` says what each came from.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from rdflib import RDF, Graph, Literal, URIRef
from rdflib.namespace import OWL

from ontology.diffable import OBO, OIO
from ontology.slices import CC0, CC_BY, HERE, XREFS, Slice, write

DEFINITION = OBO.IAO_0000115
_STATED = re.compile(
    r"^AnnotationAssertion\((?:Annotation\(.*\) )?(obo:IAO_0000115|oboInOwl:hasDbXref) obo:(CL_\d+) "
    r'"((?:[^"\\]|\\.)*)"(?:@[\w-]+)?\)$',
    re.MULTILINE,
)
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"\s*(EXACT|NARROW|BROAD|RELATED)?')
_SCOPES = {kind: OIO[f"has{kind.title()}Synonym"] for kind in ("EXACT", "NARROW", "BROAD", "RELATED")}
_ESCAPED = re.compile(r"\\(.)")


def _plain(text: str) -> str:
    return _ESCAPED.sub(r"\1", text)


def borrowed(name: str) -> set[URIRef]:
    """The classes of a slice in ``borrowed/``."""
    graph = Graph(bind_namespaces="none").parse(HERE / "borrowed" / f"{name}.ttl", format="turtle")
    return {term for term in graph.subjects(RDF.type, OWL.Class) if isinstance(term, URIRef)}


def cells(path: Path) -> Graph:
    """What the Cell Ontology says in words of the cell types in ``borrowed/cl.ttl``."""
    kept, out = borrowed("cl"), Graph(bind_namespaces="none")
    for predicate, local, text in _STATED.findall(path.read_text("utf-8")):
        if OBO[local] in kept:
            property_ = DEFINITION if predicate.endswith("IAO_0000115") else OIO.hasDbXref
            out.add((OBO[local], property_, Literal(_plain(text))))
    return out


def diseases(paths: Iterable[Path]) -> Graph:
    """What the Disease Ontology says in words of the diseases in ``borrowed/doid.ttl``."""
    kept, out = borrowed("doid"), Graph(bind_namespaces="none")
    for path in paths:
        for stanza in path.read_text("utf-8").split("\n[Term]\n")[1:]:
            tags = [line.partition(": ")[::2] for line in stanza.partition("\n[")[0].splitlines()]
            term = OBO[dict(tags)["id"].replace(":", "_")]
            if term in kept:
                for triple in _disease(term, tags):
                    out.add(triple)
    return out


def _disease(term: URIRef, tags: list[tuple[str, str]]) -> Iterator[tuple[URIRef, URIRef, Literal]]:
    for tag, value in tags:
        quoted = _QUOTED.match(value)
        if tag == "def" and quoted:
            yield term, DEFINITION, Literal(_plain(quoted[1]))
        elif tag == "synonym" and quoted:
            yield term, _SCOPES[quoted[2] or "RELATED"], Literal(_plain(quoted[1]))
        elif tag == "xref" and value.partition(":")[0].startswith(XREFS):
            yield term, OIO.hasDbXref, Literal(_plain(value.split(' "')[0].split(" {")[0]))


def cut(cl: Path, cl_version: str, doid: list[Path]) -> Iterator[Slice]:
    """Both files of words."""
    version = f"cl-edit.owl, commit {cl_version}: definitions and cross-references"
    title = "Cell Ontology: definitions and cross-references of the same cell types"
    yield Slice("cl-definitions", title, cells(cl), str(OBO["cl.owl"]), CC_BY, version, (cl,))
    released = re.search(r"data-version: (\S+)", doid[0].read_text("utf-8"))
    version = f"{released[1].rpartition('/subsets/')[0] if released else ''}: definitions, synonyms, cross-references"
    title = (
        "Disease Ontology: definitions, synonyms and cross-references of the same diseases, as its subsets have them"
    )
    yield Slice("doid-definitions", title, diseases(doid), str(OBO["doid.owl"]), CC0, version, tuple(doid))


def main() -> None:
    """The command line of the module."""
    parser = argparse.ArgumentParser(
        prog="python -m ontology.definitions", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--cl", type=Path, required=True, metavar="FILE")
    parser.add_argument("--cl-version", required=True, metavar="COMMIT")
    parser.add_argument("--doid", type=Path, required=True, nargs="+", metavar="FILE")
    given = parser.parse_args()
    write(cut(given.cl, given.cl_version, given.doid))


if __name__ == "__main__":
    main()

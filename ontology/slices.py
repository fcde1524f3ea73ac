"""Cut the slices in ``borrowed/`` out of full releases, the same bytes every time, and say so in ``SOURCES.ttl``.

    python -m ontology.slices --cl cl-logical.nt.gz --inferred cl-inferred.nt.gz \\
                              --doid doid.nt.gz --labels batch_terms.tsv

``--cl`` has the logical axioms, synonyms and obsoletions; ``--inferred`` the direct superclasses and the marker facts
after classification (asserted edges alone lose 11 of the 25 kinds of mesenchymal stem cell); ``--labels`` the columns
``IRI`` and ``label`` of terms from OBI, UO, CLO and NCBITaxon. Facts only: ids, labels, synonyms, hierarchy, axioms,
obsoletions and cross-references; what is said in words, ``definitions.py`` cuts from the ontologies' own files.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import hashlib
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rdflib import RDF, RDFS, BNode, Graph, Literal, URIRef
from rdflib.namespace import OWL
from rdflib.term import Node

from ontology.diffable import CPR, OBO, OIO, prefixes, turtle

HERE = Path(__file__).resolve().parent
# Identifiers of SNOMED CT and UMLS are the Disease Ontology's, which is CC0; what they stand for there is licensed.
XREFS = ("GARD", "ICD10CM", "ICD9CM", "ICD11", "MESH", "MIM", "NCI", "ORDO", "EFO", "UMLS_CUI", "SNOMEDCT_US")
CC_BY = "https://creativecommons.org/licenses/by/4.0/"
CC0 = "https://creativecommons.org/publicdomain/zero/1.0/"
SYNONYMS = (OIO.hasExactSynonym, OIO.hasRelatedSynonym, OIO.hasNarrowSynonym, OIO.hasBroadSynonym)
OBSOLETION = (OWL.deprecated, OBO.IAO_0100001, OIO.consider, OBO.IAO_0000231)
# The derived release names inherited marker facts in a namespace of its own; ours say the same.
MARKER_FACTS = {
    "hasPlasmaMembranePart": CPR.carries,
    "hasHigh": CPR.carriesHigh,
    "hasLow": CPR.carriesLow,
    "lacksPlasmaMembranePart": CPR.lacks,
}
# Used by our files and absent from the label table; ids and labels as UO's own files and its users give them.
FURTHER_LABELS = {"UO_0000032": "hour", "UO_0000033": "day", "UO_0000275": "nanogram per milliliter"}
SEEDS: dict[str, list[str]] = tomllib.loads((HERE / "seeds.toml").read_text("utf-8"))


def read(path: Path) -> Graph:
    """A release in N-Triples, packed or not."""
    data = path.read_bytes()
    graph = Graph(bind_namespaces="none")
    graph.parse(data=gzip.decompress(data) if path.suffix == ".gz" else data, format="nt")
    return graph


def seeded(name: str) -> set[Node]:
    """The classes that ``seeds.toml`` lists under a name."""
    return {OBO[local] for local in SEEDS[name]}


def upwards(graph: Graph, seeds: Iterable[Node]) -> set[Node]:
    """The seeds and every named class above them."""
    found, pending = set(seeds), list(seeds)
    while pending:
        new = {parent for parent in graph.objects(pending.pop(), RDFS.subClassOf) if isinstance(parent, URIRef)} - found
        found |= new
        pending += new
    return found


def downwards(graph: Graph, top: Node) -> set[Node]:
    """The class and every class below it."""
    found, pending = {top}, [top]
    while pending:
        new = set(graph.subjects(RDFS.subClassOf, pending.pop())) - found
        found |= new
        pending += new
    return found


def require(release: Graph, names: Iterable[str]) -> None:
    """Stop when a seed has no label in the release: it is misspelt, or gone."""
    for name in names:
        for term in seeded(name):
            if release.value(term, RDFS.label) is None:
                raise SystemExit(f"{term}: no such class in the release (seeds.toml, {name})")


def cells(logical: Graph, inferred: Graph) -> Graph:
    """The CL slice: labels, synonyms, inferred direct superclasses, marker facts, a few obsoletions. No blank nodes."""
    seeds = seeded("cells").union(*(downwards(inferred, top) for top in seeded("cell_branches")))
    kept = {cell for cell in upwards(inferred, seeds) if str(cell).startswith(str(OBO.CL_))}
    obsolete = seeded("obsolete_cells")
    out = Graph(bind_namespaces="none")
    for cell in kept | obsolete:
        out.add((cell, RDF.type, OWL.Class))
        for predicate in (RDFS.label, *SYNONYMS, *OBSOLETION):
            for value in logical.objects(cell, predicate):
                out.add((cell, predicate, Literal(str(value)) if predicate == RDFS.label else value))
        for relation, value in inferred.predicate_objects(cell):
            if relation == RDFS.subClassOf and value in kept:
                out.add((cell, relation, value))
            marker_fact = MARKER_FACTS.get(re.split(r"[#/]", str(relation))[-1])
            if marker_fact is not None:
                out.add((cell, marker_fact, value))
    for fact in MARKER_FACTS.values():
        _label(out, logical, set(out.objects(None, fact)))
    return out


def axioms(logical: Graph, kept: Graph) -> Graph:
    """The logical axioms of the kept cell types, with the names and superclasses of what they mention."""
    out = Graph(bind_namespaces="none")
    cells_kept = {c for c in kept.subjects(RDF.type, OWL.Class) if str(c).startswith(str(OBO.CL_))}
    for cell in cells_kept:
        out.add((cell, RDF.type, OWL.Class))
        for predicate in (RDFS.subClassOf, OWL.equivalentClass, OWL.disjointWith):
            for value in logical.objects(cell, predicate):
                if isinstance(value, BNode) or value in cells_kept:
                    out.add((cell, predicate, value))
                    _copy(logical, out, value)
    named = {n for n in out.all_nodes() if isinstance(n, URIRef) and str(n).startswith(str(OBO))}
    for node in upwards(logical, named) | named:
        for predicate in (RDF.type, RDFS.subClassOf, RDFS.subPropertyOf):
            for value in logical.objects(node, predicate):
                if isinstance(value, URIRef) and (node not in cells_kept or predicate == RDF.type):
                    out.add((node, predicate, value))
    return out


def _copy(source: Graph, target: Graph, node: Node) -> None:
    if isinstance(node, BNode):
        for predicate, value in source.predicate_objects(node):
            target.add((node, predicate, value))
            _copy(source, target, value)


def diseases(release: Graph) -> Graph:
    """The DO slice: the ovarian branch, the indications, everything above them, a few obsoletions."""
    seeds = seeded("diseases") | seeded("reissued_diseases")
    kept = upwards(release, seeds.union(*(downwards(release, top) for top in seeded("disease_branches"))))
    out = Graph(bind_namespaces="none")
    for disease in kept | seeded("obsolete_diseases"):
        out.add((disease, RDF.type, OWL.Class))
        for predicate in (RDFS.label, RDFS.subClassOf, *OBSOLETION):
            for value in release.objects(disease, predicate):
                out.add((disease, predicate, value))
        for xref in release.objects(disease, OIO.hasDbXref):
            if str(xref).partition(":")[0].startswith(XREFS):
                out.add((disease, OIO.hasDbXref, xref))
    return out


def labels(cl: Graph, table: Path) -> Graph:
    """The names of every other borrowed term that our files use, and of tissues and lines that products come from."""
    ours = Graph(bind_namespaces="none")
    for path in sorted(HERE.glob("*.ttl")):
        ours.parse(path)
    used = {str(node).removeprefix(str(OBO)) for node in ours.all_nodes() - set(ours.subjects(RDFS.label))}
    used = {n for n in used if re.fullmatch(r"(PR|GO|OBI|UO|UBERON|CLO|NCBITaxon)_\d+", n)}
    wanted = used | {*SEEDS["tissues"], *SEEDS["materials"]}
    with table.open(encoding="utf-8", newline="") as lines:
        seen = {row["IRI"].removeprefix(str(OBO)): row["label"] for row in csv.DictReader(lines, delimiter="\t")}
    out = Graph(bind_namespaces="none")
    for name in sorted(wanted):
        label = cl.value(OBO[name], RDFS.label) or FURTHER_LABELS.get(name) or seen.get(name)
        if label is None:
            raise SystemExit(f"{name}: no label in the release or the table; is it a term at all?")
        out.add((OBO[name], RDFS.label, Literal(str(label))))
    return out


def _label(out: Graph, source: Graph, nodes: Iterable[Node]) -> None:
    for node in nodes:
        label = source.value(node, RDFS.label)
        if label is not None:
            out.add((node, RDFS.label, Literal(str(label))))


@dataclass(frozen=True)
class Slice:
    """One file of ``borrowed/``: its facts, and what they are cut from."""

    name: str
    title: str
    graph: Graph
    source: str
    licence: str
    version: str
    releases: tuple[Path, ...]

    def entry(self, written: Path) -> str:
        """What ``SOURCES.ttl`` says of it: which version of what, under which licence, with both digests."""
        date = re.search(r"\d{4}-\d\d-\d\d", self.version)
        digests = ", ".join(f'"{path.name} sha256:{_sha256(path)}"' for path in self.releases)
        said = [
            f'rdfs:label "{self.title}"',
            f'cpr:fileName "borrowed/{written.name}"',
            f'cpr:sha256 "{_sha256(written)}"',
            f'cpr:version "{self.version}"',
            f"cpr:sourceFile {digests}",
            f"dcterms:source <{self.source}>",
            f"dcterms:license <{self.licence}>",
            *([f'dcterms:issued "{date.group()}"^^xsd:date'] if date else []),
        ]
        return f"cpr:slice-{self.name} a cpr:Slice ;\n    " + " ;\n    ".join(said) + " .\n"


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def cut(cl: Path, inferred: Path, doid: Path, table: Path) -> Iterator[Slice]:
    """Every slice, cut from the releases."""
    logical, closed, do = read(cl), read(inferred), read(doid)
    require(logical, ["cells", "cell_branches"])
    require(do, ["diseases", "disease_branches", "reissued_diseases"])
    kept = cells(logical, closed)
    of_cl = (str(OBO["cl.owl"]), CC_BY, _version(logical))
    title = "Cell Ontology: cell types, inferred superclasses, marker facts"
    yield Slice("cl", title, kept, *of_cl, (cl, inferred))
    title = "Cell Ontology: the logical axioms of the same cell types"
    yield Slice("cl-axioms", title, axioms(logical, kept), *of_cl, (cl,))
    title = "Disease Ontology: ovarian diseases and indications, asserted superclasses"
    yield Slice("doid", title, diseases(do), str(OBO["doid.owl"]), CC0, _version(do), (doid,))
    title = "Names of terms from PR, GO, UBERON, OBI, UO, CLO and NCBITaxon"
    yield Slice("terms", title, labels(logical, table), *of_cl, (cl, table))


def _version(release: Graph) -> str:
    return str(next(release.objects(None, OWL.versionInfo)))


def write(slices: Iterable[Slice], into: Path = HERE) -> None:
    """Write each slice into the folder ``borrowed``, and ``SOURCES.ttl`` beside it; what it says of others stays."""
    (into / "borrowed").mkdir(exist_ok=True)
    entries = _entries()
    for part in slices:
        path = into / "borrowed" / f"{part.name}.ttl"
        text = turtle(part.graph, f"{part.title}. Written by ontology/slices.py; see SOURCES.ttl.")
        path.write_text(text, "utf-8", newline="\n")
        entries[part.name] = part.entry(path)
    remark = "# What is borrowed, from where, in which version, under which licence. Written by ontology/slices.py.\n\n"
    (into / "SOURCES.ttl").write_text(
        remark + prefixes() + "\n" + "\n".join(entries[name] for name in sorted(entries)), "utf-8", newline="\n"
    )


def _entries() -> dict[str, str]:
    """What ``SOURCES.ttl`` says of each slice now, by the slice's name."""
    parts = (HERE / "SOURCES.ttl").read_text("utf-8").split("\n\n")
    named = ((re.match(r"cpr:slice-([\w-]+) a cpr:Slice", part), part) for part in parts)
    return {match[1]: f"{part.rstrip()}\n" for match, part in named if match}


def main() -> None:
    """The command line of the module."""
    parser = argparse.ArgumentParser(prog="python -m ontology.slices", description=(__doc__ or "").partition("\n")[0])
    for name in ("cl", "inferred", "doid", "labels"):
        parser.add_argument(f"--{name}", type=Path, required=True, metavar="FILE")
    given = parser.parse_args()
    write(cut(given.cl, given.inferred, given.doid, given.labels))


if __name__ == "__main__":
    main()

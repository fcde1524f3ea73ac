"""Small releases of the two ontologies, made up for tests: as much of them as the gate asks for."""

from __future__ import annotations

from registry import vocabulary
from registry.vocabulary.sentinel_terms import SENTINELS

PERMITTED = [vocabulary.load().curie(iri) for iri in vocabulary.load().permitted_iris()]
CELLS = sorted({name.replace("_", ":") for one in SENTINELS for name in one[:2]} | set(PERMITTED) | {"CL:0000000"})
RELATIONS = """
[Typedef]
id: has_part_of_surface
xref: RO:0002104

[Typedef]
id: much
xref: RO:0015015
is_a: has_part_of_surface

[Typedef]
id: little
xref: RO:0015016
is_a: has_part_of_surface

[Typedef]
id: lacks
xref: CL:4030046

[Typedef]
id: part_of
xref: BFO:0000050
"""
SURFACE = """
[Term]
id: CL:0000115
relationship: has_part_of_surface PR:000001004

[Term]
id: CL:0000084
relationship: has_part_of_surface PR:000001020
relationship: much PR:000001004
relationship: little PR:000001003
relationship: lacks PR:000001002
relationship: part_of UBERON:0002371
"""


def cl(date: str = "2027-01-01", more: str = "", without: tuple[str, ...] = (), surface: str = SURFACE) -> bytes:
    """A Cell Ontology in OBO: every permitted cell type under CL:0000134, the sentinels, the relations."""
    stanzas = []
    for curie in CELLS:
        if curie in without:
            continue
        below = "CL:0000134" if curie in PERMITTED and curie != "CL:0000134" else "CL:0000000"
        parent = f"is_a: {below}\n" if curie != "CL:0000000" else ""
        known = vocabulary.load().any_term(curie)
        synonym = f'synonym: "{known.label}" EXACT []\n' if known and known.label else ""
        stanzas.append(f"[Term]\nid: {curie}\nname: name of {curie}\n{synonym}{parent}")
    head = f"format-version: 1.2\ndata-version: releases/{date}\nontology: cl\n\n"
    return (head + "\n".join(stanzas) + surface + more + RELATIONS).encode()


def doid(date: str = "2027-01-01", more: str = "", without: tuple[str, ...] = ()) -> bytes:
    """A Disease Ontology in OBO: the ovarian branch, and ``more``."""
    stanzas = {
        "DOID:4": "name: disease\n",
        "DOID:1100": "name: ovarian disease\nis_a: DOID:4\n",
        "DOID:5426": "name: primary ovarian insufficiency\nis_a: DOID:1100\n",
        "DOID:10787": "name: premature menopause\nis_a: DOID:1100\n",
    }
    kept = "\n".join(f"[Term]\nid: {curie}\n{said}" for curie, said in stanzas.items() if curie not in without)
    return f"format-version: 1.2\ndata-version: doid/{date}\nontology: doid\n\n{kept}\n{more}".encode()

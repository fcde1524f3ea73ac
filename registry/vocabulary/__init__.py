"""The terms: what laboratories print, resolved to what the ontologies name. Everything comes from ``ontology/``.

    terms = load()
    terms.characteristic("Thy-1")         CD90, PR:000001843
    terms.characteristic("CD79")          refused: CD79a or CD79b?
    terms.characteristic("CD45-")         refused: the fraction without CD45
    terms.unit("EU/ml", endotoxin)        EU/mL
    terms.is_a("CL:0002540", "CL:0000134")   True, by the inferred hierarchy

Characteristics, units and stages are read at once; the Cell and Disease Ontologies when they are first asked for.

``terms``           printed names, units, stages, cell types and diseases, resolved or refused
``term_files``      from the files of ``ontology/`` to values
``facts``           what a file of RDF says, by subject and property
``values``          characteristics, units, outcomes, cocktails, classes: frozen
``populations``     of which cells a percentage is, as printed
``printed_names``   when two printed names are one, and when a name says the opposite
``durations``       how long something took, as printed
``counts``          how many events were counted, as printed
``hierarchy``       what stands under what
``profile``         the marker profile that the Cell Ontology reports in words
``mechanisms``      processes that are claimed of cells, types of evidence, potency assays
``sentinel_terms``  what a release must never change
``ntriples``        the lines that slices are kept in
"""

from __future__ import annotations

from registry.vocabulary.printed_names import folded, folded_unit, folded_word, negative_stem
from registry.vocabulary.term_files import expanded
from registry.vocabulary.terms import Terms, graph_files, load
from registry.vocabulary.values import Characteristic, Cocktail, IdentityMarker, Outcome, Population, Term, Unit

__all__ = [
    "Characteristic",
    "Cocktail",
    "IdentityMarker",
    "Outcome",
    "Population",
    "Term",
    "Terms",
    "Unit",
    "expanded",
    "folded",
    "folded_unit",
    "folded_word",
    "graph_files",
    "load",
    "negative_stem",
]

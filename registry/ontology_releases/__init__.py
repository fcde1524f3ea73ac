"""Releases of the ontologies: read, classified, cut, compared, and let in or refused.

``names``             the names of RDF, OWL and OBO that releases are read by
``parser``            a file as triples with its header: OWL, OBO, Turtle, N-Triples
``obo``               OBO flat files as the triples that OWL has
``download``          a release from an address
``reasoning``         what its axioms imply, by HermiT and by our own closure
``slices``            what of it is kept
``difference``        what changed between two of them
``successor``         what an obsolete term became
``meanings``          whether an id still means what it did
``hierarchy_faults``  rings, parents that are not there, ids used twice
``admission``         whether a release may become the current one
"""

from __future__ import annotations

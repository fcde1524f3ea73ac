"""Releases of the ontologies: read, closed, cut, compared, and let in or refused.

``reading``     a file as triples with its header: OWL, OBO, Turtle, N-Triples
``closure``     what its axioms imply
``slicing``     what of it is kept, as bytes
``difference``  what changed between two of them
``resolving``   what an obsolete term became
``gate``        whether a release may become the current one
``patterns``    classes that a panel's markers point to; the bridges of ours
``packaging``   writes ``ontology/patterns.nt``
"""

from __future__ import annotations

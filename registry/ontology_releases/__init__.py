"""Releases of the ontologies: read, classified, cut, compared, and let in or refused.

``parser``            a file as triples with its header: OWL, OBO, Turtle, N-Triples
``obo``               OBO flat files as the triples that OWL has
``download``          a release from an address
``names``             the names of RDF, OWL and OBO that releases are read by
``closure``           what its axioms imply
``classes``           what is kept of a release, as values
``slices``            what of it is kept: cut
``slice_lines``       a slice as bytes, and back
``merged_ids``        ids that were merged into another term's
``difference``        what changed between two of them
``successor``         what an obsolete term became
``meanings``          whether an id still means what it did
``hierarchy_faults``  rings, parents that are not there, ids used twice
``admission``         whether a release may become the current one
``module``            its axioms one by one, and those that bear on a few classes
``classification``    what HermiT, or our closure, infers of the cells that matter
``justification``     the fewest axioms by which a class stands under another, in words
``hermit``            owlready2 and HermiT in a process of their own, bounded
``hermit_child``      what runs there
``reasoner``          ontologies in owlready2: told, and classified by HermiT
``patterns``          classes that a panel's markers point to; the bridges of ours
``package``           writes ``ontology/patterns.nt``
"""

from __future__ import annotations

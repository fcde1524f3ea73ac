"""What a release implies of its classes, and why.

``module``          its axioms one by one, and those that bear on a few classes
``closure``         what they imply, in the normal path: an EL closure
``classification``  what HermiT, or the closure, infers of the cells that matter
``justification``   the fewest axioms by which a class stands under another, in words
``reasoner``        ontologies in owlready2: told, and classified by HermiT
``hermit``          owlready2 and HermiT in a process of their own, bounded
``hermit_child``    what runs there
"""

"""What the registry keeps of a release, and of the axioms that a panel's markers are held against.

``classes``      what is kept, as values
``slices``       a release cut down to it
``slice_lines``  a slice as bytes, and back
``merged_ids``   ids that were merged into another term's
``patterns``     classes that a panel's markers point to; the bridges of ours
``package``      writes ``ontology/patterns.nt``
"""

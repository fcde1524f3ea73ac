"""The ontologies: which releases are current, letting new ones in, terms answered, obsolete ones replaced.

``load``          the service: status, check, load, difference
``current``       the releases in force, and the terms that follow
``term_view``     everything about one term
``usage``         who uses a term
``replacements``  obsolete terms in our data, and a person's word on them
"""

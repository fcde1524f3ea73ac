"""The ontologies: which releases are current, letting new ones in, terms answered, obsolete ones replaced.

``load``          the service: status, check, load, difference
``load_answers``  what it answers
``current``       the releases in force, and the terms that follow
``carried``       terms under another name, and a person's word on them
``replacements``  obsolete terms in our data, and a person's word on them
``term_view``     everything about one term
``usage``         who uses a term
"""

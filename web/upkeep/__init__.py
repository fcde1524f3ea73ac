"""The registry itself: its ledger, its records, its health.

``addresses``    every address of the registry's RDF leads to what it names
``health``       does the process live, is it ready, its figures
``ledger``       the audit trail, its integrity, copies for an inspection
``log``          what the server writes down of itself
``openapi``      the description of every address for programs
``records``      records as they were signed, files as they were sent
``settings``     what runs here, who is signed in, what a restored copy lacks
``style_guide``  the design language on one page
"""

"""What cells are said to do, on what each saying stands, and the publications that are cited.

``claims``        the service: cite, claim, withdraw; publications, claims, what they are to one lot
``book``          what the ledger says of publications and claims
``refusals``      what is refused before one is entered
``standing``      on what a claim stands for one lot
``claim_view``    what is answered of claims and publications
"""

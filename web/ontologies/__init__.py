"""Terms of the ontologies in the browser.

``terms``  a term's page, and the search for one
"""

"""Terms of the ontologies in the browser.

``carry``  a term carried over to another name, signed
``terms``  a term's page, and the search for one
"""

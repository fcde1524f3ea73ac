"""Terms of the ontologies in the browser.

``carry``      a term carried over to another name, signed
``elsewhere``  ready questions about a term or a cell line, to services of others
``terms``      a term's page, and the search for one
"""

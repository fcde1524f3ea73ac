"""Questions to the graph: SPARQL, the library of questions, what programs find here.

``catalogue``  what this site is, as VoID and DCAT
``excerpt``    the line of a query that a refusal is about
``questions``  the library of questions, each with its parameters and its answer
``rates``      how often one account may ask
``sparql``     the SPARQL protocol, and the page for people
"""

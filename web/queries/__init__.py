"""Questions to the graph: SPARQL, the library of questions, what programs find here.

``answer_table``  the rows of an answer, and where each thing that they name leads
``catalogue``     what this site is, as VoID and DCAT
``crates``        a lot's records as an RO-Crate, or for lab notebooks
``drawing``       an answer drawn: a chart of its numbers, a graph of its things
``excerpt``       the line of a query that a refusal is about
``origin_map``    the origin of an answer's lots, as a picture
``questions``     the library of questions, each with its parameters and its answer
``rates``         how often one account may ask
``saved``         questions that somebody saved, each at its address
``sparql``        the SPARQL protocol, and the page for people
"""

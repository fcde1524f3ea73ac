"""Questions to the graph, and the registry written to files.

``ask``            the service: SPARQL, questions of the library, exports
``from_columns``   the question that is answered from columns
``graph``          the graph that follows the ledger
``graph_service``  the graph kept by another service
``one_follower``   which of several servers brings it up to the ledger
``lot_triples``    what follows for lots, as triples
``names``          what the parameters of a question name
``prologue``       the prefixes of ours that a typed query uses and does not declare
``saved``          questions that somebody saved, each with its address
``unknown_terms``  terms of ours that a query misspells
``description``    what the registry offers, said to programs and editors
``self_description``  in the graph: each question as an example, and VoID partitions
``log``            one line a query
``words``          the words of the vocabulary, each with its sentence
``export``         TriG, N-Quads, Parquet tables, an RO-Crate
"""

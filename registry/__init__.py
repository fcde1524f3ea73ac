"""The cell product registry: lots described, judged, released and followed.

In layers, each of which imports only those above it. What everybody uses:

``confinement``  no socket for whoever reads what strangers wrote
``csv_text``     tables that leave, of which no spreadsheet takes a cell for a formula
``errors``       every refusal, with what was expected, found, where, and what to do
``identifiers``  a name becomes an address, and back
``instants``     moments and their written forms
``look_alikes``  identifiers that a tired person takes for one another
``namespaces``   RDF's namespaces, and the escapes of N-Triples
``turns``        what takes long, a few at a time and everybody in turn

Values:

``domain``      the nouns of ``docs/index.md``, frozen
``vocabulary``  what laboratories print, resolved to terms
``workbook``    Excel workbooks to text cells, and back

Rules, which read neither ledger nor clock:

``records``         what each kind of entry says, as canonical bytes
``specifications``  read from SHACL, compiled to SHACL, compared
``judgement``       results and a specification to a verdict
``release``         may a lot be injected, and may it be signed
``intake``          a laboratory's file to results and row errors
``proof``           signatures, the Merkle tree, checkpoints, credentials
``outcomes``        visits, the table of administrations, what numbers can show

What is kept, printed and asked:

``ontology_releases``  releases of the ontologies, let in or refused
``ledger``             the append-only list of records: the truth
``graph``              the knowledge graph, made from the ledger, and its queries
``accounts``           accounts, permissions, sessions, tokens
``paper``              certificates and labels
``questions``          the library of questions, in SPARQL
``exchange``           what others write: records of study registries
``audit``              everything recomputed from the ledger

What puts them together, and who asks it:

``services``  one folder for each subject
``cli``       the command line
``demo``      the worked example
``__main__``  ``python -m registry`` is ``cell-registry``
``client``    a registry elsewhere, asked from Python
"""

__version__ = "0.2.0"
"""The newest version of ``CHANGELOG.md``; ``pyproject.toml`` and ``cell-registry --version`` read it here."""

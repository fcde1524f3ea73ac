"""The store that follows the ledger, and the snapshots that queries read.

``projection``  one ledger entry and its record → quads; pure
``rocksdb``     the store that is written
``tallies``     counts over all lots, kept as triples
``fill``        everything that a new graph is filled with, piece by piece
``owner``       ``Graph``: who owns that store, catching up, rebuilding, publishing
``snapshots``   copies that stand still, leased to who reads them
``follower``    ``Follower``: snapshots that follow the ledger
``export``      the graph written to a file
``comparison``  the graph as it is read, and made anew in memory: for the audit
"""

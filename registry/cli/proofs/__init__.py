"""Proof that leaves the building, at a terminal.

``proofs``  ``credential``, ``checkpoint``: what the registry shows
``keys``    ``key``: the signing key shown, replaced, closed, taken elsewhere
``verify``  ``verify``: a credential checked without a registry
``witness`` ``witness``: another house's ledger seen and cosigned
``witness_server``  the same over HTTP, served and asked
``timestamp`` ``timestamp``: the newest checkpoint stamped by a service elsewhere
``post``    what is sent to an address that an administrator named
"""

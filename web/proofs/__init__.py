"""What the registry shows to whoever does not trust it.

``proofs``  checkpoints, proofs, status lists and keys without sign-in; a lot's credential for who may read it
``verify``  a credential's file checked by this server, which says that it is its word
"""

"""What the registry shows to whoever does not trust it.

``proofs``  checkpoints, proofs, status lists and keys without sign-in; a lot's credential for who may read it
"""

"""Proof that leaves the building: signatures, the Merkle tree over the ledger, checkpoints, witnesses. Pure.

``signing``         the registry's own signature: Ed25519 over the bytes of a record
``merkle``          the tree over the entries, inclusion and consistency proofs (RFC 6962)
``note``            signed notes: a text and signatures by name (C2SP signed-note)
``checkpoint``      what a ledger of so many entries is, in three signed lines (C2SP tlog-checkpoint)
``cosignature``     a witness's word on a checkpoint (C2SP tlog-cosignature)
``inclusion_file``  ``.tlog-proof``: that an entry is in a ledger (C2SP tlog-proof)
"""

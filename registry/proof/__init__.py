"""Proof that leaves the building: signatures, the Merkle tree over the ledger, checkpoints, witnesses. Pure.

``signing``         the registry's own signature: Ed25519 over the bytes of a record
``keys``            keys that are kept: where, under a passphrase, in an agent or a token; secrets closed with one
``merkle``          the tree over the entries, inclusion and consistency proofs (RFC 6962)
``note``            signed notes: a text and signatures by name (C2SP signed-note)
``checkpoint``      what a ledger of so many entries is, in three signed lines (C2SP tlog-checkpoint)
``cosignature``     a witness's word on a checkpoint (C2SP tlog-cosignature)
``witness``         what is sent to a witness, and what it answers (C2SP tlog-witness)
``timestamps``      checkpoints stamped by a service elsewhere (RFC 3161)
``inclusion_file``  ``.tlog-proof``: that an entry is in a ledger (C2SP tlog-proof)
``multibase``       ``z`` and base58btc, as keys and signatures are written
``did``             whose key it is: ``did:key``, ``did:web`` and its document
``contexts``        the JSON-LD terms of a credential; nothing is fetched
``data_integrity``  signed JSON-LD: the cryptosuite ``eddsa-rdfc-2022``
``credential``      what a credential says of a lot, and its one written form
``status_list``     which lots were withdrawn since: two lists of bits
``commitment``      a recipient's code, bound without being told
``verification``    whether a credential holds, told by what is at hand
"""

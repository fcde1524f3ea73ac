"""Proof that leaves the building: checkpoints, inclusion proofs, credentials of lots, lists of what was withdrawn.

``proofs``      the service: ``registry.proofs``
``check``       a credential checked for somebody at the pages, as this registry's word
``statements``  what a credential says of a lot
``timestamps``  the newest checkpoint stamped by a named service (RFC 3161)
``witnesses``   which witnesses are named, how many are needed, what they have seen
"""

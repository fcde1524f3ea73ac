"""Proof that leaves the building: checkpoints, inclusion proofs, credentials of lots, lists of what was withdrawn.

``proofs``      the service: ``registry.proofs``
``statements``  what a credential says of a lot
``timestamps``  the newest checkpoint stamped by a named service (RFC 3161)
``witnesses``   which witnesses are named, how many are needed, what they have seen
"""

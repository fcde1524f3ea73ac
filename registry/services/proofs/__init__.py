"""Proof that leaves the building: checkpoints, inclusion proofs, credentials of lots, lists of what was withdrawn.

``proofs``      the service: ``registry.proofs``
``statements``  what a credential says of a lot
``witnesses``   which witnesses are named, how many are needed, what they have seen
"""

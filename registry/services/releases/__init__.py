"""The quality unit's word on a lot: what could be signed, what stands against it, and the signature.

``releases``   the service: check, sign, accept, queue
``check``      everything that stands between a lot and a release signed by somebody
``sign``       a decision or acceptance entered, signed
``trail_review``  the review of a lot's audit trail: shown, signed, required
``queue``      what the lots that wait lack
``set_aside``  failures that a release would no longer rest on
"""

"""Another system told when the state of a lot changes: a signed message to an address that an administrator named.

``webhooks``  the service: addresses named, ended, taken up again; what was sent
``queue``     what waits and what came of it, in a file beside the ledger
``deliver``   changes seen, messages sent, retried, given up
"""

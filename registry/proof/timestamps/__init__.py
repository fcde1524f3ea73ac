"""Time-stamps of checkpoints by a service elsewhere (RFC 3161): an extra, off until an administrator names a service.

``service``  which service: its address, and the certificate that it is held against
``token``    what is sent, what comes back, and whether it holds
``kept``     the checkpoints that were stamped, each beside its time-stamp
"""

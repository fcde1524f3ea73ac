"""Keys that are kept: where the signing key is, and the one that closes secrets.

``place``  where a signing key is: a file, encrypted or elsewhere, or an agent
``seal``   secrets that must be read again, closed with the key in a file
"""

"""Keys that are kept: where the signing key is, the one that closes secrets, and a witness's of another kind.

``place``     where a signing key is: a file, encrypted or elsewhere, or an agent
``hardware``  a signing key in a smart card or HSM (PKCS #11)
``ml_dsa``    a witness's ML-DSA-44 key (FIPS 204)
``seal``      secrets that must be read again, closed with the key in a file
"""

"""Paper: certificates and labels, every print of them entered.

``print``    the service: prints, previews, what was printed before
``compose``  a certificate and a label drawn up from what is answered of a lot
"""

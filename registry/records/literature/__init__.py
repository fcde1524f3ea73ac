"""What is cited, and what is claimed on it, as records.

``publication``  a publication and what cites it
``claim``        a claim with its evidence, and its withdrawal
"""

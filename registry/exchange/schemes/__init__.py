"""Identifiers that others gave to a lot or product, each read by the rules of its scheme. Nothing here asks a registry.

``reading``        what an identifier says, and how a text is told to be of no scheme
``gs1``            GS1: product numbers, element strings, Digital Links
``din``            ISBT 128 donation identification numbers
``sec``            the Single European Code
``plain``          what has no form that anybody may compute: a Chain of Identity, a house's own
``every_scheme``   the schemes in one table, and a typed or scanned text read by each of them
"""

"""Upkeep: audits, backups, rebuilding, the trail for inspectors, things as RDF.

``lifecycle``        the service: audit, rebuild, backup, confirm, watch over
``inspection``       the ledger as a trail, copies of a lot, what runs here
``keys``             the signing key: where it is, replaced, closed, taken elsewhere
``addresses``        where an address of the registry's RDF leads
``as_rdf``           a lot, product, record, specification or term as RDF
``signature_check``  whether a signature holds, here and without this software
"""

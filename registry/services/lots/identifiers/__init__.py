"""What others call a lot or product: recorded, withdrawn, and what a typed or scanned one opens.

``identifiers``  the service: record, withdraw, which lot a text names
``on_record``    what is on record and not withdrawn
``named_lot``    the one lot that a text names, or why it opens none
"""

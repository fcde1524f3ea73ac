"""Specifications: drafted by one person, approved for a product by another, never edited.

``library``     the service: read, checked, compared, drafted, approved
``draft``       every specification there is, and the drafting of another
``approve``     the approval for a product, and what to read before it
``in_force``    which one holds for a lot
``superseded``  the newer one that a released lot fails
``templates``   tables to fill in, rows to mend
``trial``       what one would change, over every lot
"""

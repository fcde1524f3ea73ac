"""``claim`` and ``publication``: what cells are said to do, on what it stands, and what is cited.

``claims``        claims made, shown, withdrawn
``publications``  publications added and shown
"""

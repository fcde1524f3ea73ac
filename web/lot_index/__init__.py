"""Many lots in the browser: found, counted, drawn.

``explore``  facets over all lots, and everything that is left to save
``find``     the first page: one box that finds a lot, and what waits for a decision
``trends``   one criterion over the lots of a product
"""

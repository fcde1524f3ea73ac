"""Many lots in the browser: found, counted, drawn.

``explore``  facets over all lots, and everything that is left to save
``find``     every lot as one table, and one box that finds a lot
``month_columns``  how many lots were made each month
``rules``    the rules of trend of a product
``scan``     a label read by the camera
``trends``   one criterion over the lots of a product
"""

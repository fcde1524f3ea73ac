"""Claims and publications in the browser.

``claims``        every claim, those about one lot, product or study, and one claim's page
``publications``  every publication, and one publication's page
``picture``       from claim to evidence, as a picture
"""

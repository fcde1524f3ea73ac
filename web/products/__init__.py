"""Products in the browser.

``products``  every product, and one product's page
``register``  the form that registers a product
"""

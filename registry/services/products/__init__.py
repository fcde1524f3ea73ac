"""What is made: products registered and looked up.

``products``      the service: get, all, register
``product_view``  what is answered of one
"""

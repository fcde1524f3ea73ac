"""Other systems told when the state of a lot changes.

``webhooks``  the page: addresses named, ended, taken up again, and what was sent
"""

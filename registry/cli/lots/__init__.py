"""``lot``: a lot looked up or registered; ``identifier``: what others call it.

``identifiers``  what others call a lot or product
``lot_report``  a lot at a terminal: the answer first, then why
``lots``        the commands
"""

"""``lot``: a lot looked up or registered.

``lot_report``  a lot at a terminal: the answer first, then why
``lots``        the commands
"""

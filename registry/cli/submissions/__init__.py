"""``submit`` and ``withdraw``: results in, and a panel taken back.

``repair``       the rows to mend, written to a file
``submissions``  ``submit``
``withdraw``     ``withdraw``
"""

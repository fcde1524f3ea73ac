"""The quality unit's decisions in the browser.

``accept``   a retest or a reference criterion accepted, signed
``queue``    the lots that wait, and what each lacks
``release``  a decision on a lot: what is missing, and the signature
"""

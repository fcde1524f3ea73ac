"""The quality unit's decisions in the browser.

``accept``   a retest or a reference criterion accepted, signed
``decision_page``  what the page of a decision says before it is signed
``trail_review``  what changed of a lot's data, reviewed by somebody else
``queue``    the lots that wait, and what each lacks
``queue_row``      one lot of the queue: how it stands, why, what to do
``release``  a decision on a lot: what is missing, and the signature
"""

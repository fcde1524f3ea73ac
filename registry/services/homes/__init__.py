"""What each role's first page is about: its own work, and what is to be done first in a registry that is empty.

``homes``        the service: what waits for a laboratory, what changed, what is wrong
``laboratory``   a submitter's lots that do not pass, and why; what is still to be tested
``first_steps``  what has to be done, in which order, before the first lot is given
``condition``    what is wrong with the machine: disk, copies, witnesses, keys, what expires
"""

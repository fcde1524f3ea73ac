"""The first page of each role: its own work, each piece with its age and one thing to do.

``home``      the address, and what is done first in an empty registry
``rows``      a piece of work as every role's page shows it
``care``      the clinic's page, and the laboratory's
``quality``   the quality unit's page
``watch``     the pages of those who ask, inspect and look after it
``memory``    what a browser remembers of an account: what it looked up, and when it was last here
"""

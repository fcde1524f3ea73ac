"""Queries: what may be asked, at what cost, in which process, and in which form it is answered.

``lexer``        a query cut into tokens
``guard``        which queries may run
``syntax_hint``  where a text stops being a query, in words
``formats``      what answers are written in, and which an Accept header asks for
``service``      ``QueryService``: ask, within limits
``protocol``     what goes between it and the processes that answer
``supervisor``   the process that starts, watches and kills those
``worker``       one query in a process of its own
``limits``       what a query may cost, and how the kernel holds it to that
"""

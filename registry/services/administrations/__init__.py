"""What becomes of a lot after its release: containers, what was given, what was found late, where everything went.

``administrations``  the service: record, get, of_lot, move, balance, supply, findings, answer, trace
``book``             what the ledger says of a lot's containers and of what was given of it
``record``           something given, asked at that minute, and entered
``sites``            the sites and cells of a dose, as they are typed
``move``             containers moved from state to state
``supply``           supply out of specification, signed
``findings``         what was found late about something that was given, and who answered it
``trace``            everything forward and back of a lot, line or recipient
``table``            what was found late as a table
``views``            what is answered of each
"""

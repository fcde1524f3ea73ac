"""The graph kept by another service: any that speaks SPARQL 1.1 Query, Update and the Graph Store Protocol.

``address``   where the service is, and who asks there
``http``      one request to that service, bounded in size and time, and to no other address
``store``     what is written there: named graphs, their union, and where it stands
``follower``  ``RemoteFollower``: that store brought up to the ledger
``dialect``   what an engine answers otherwise than SPARQL 1.1 says: rewritten, or refused
``results``   an engine's answer in our formats
``values``    triples by their value: engines keep 1.50 as 1.5
``service``   ``RemoteQueries``: asked there, behind the same guard and limits
"""

"""The knowledge graph: a projection of the ledger that can be deleted and rebuilt, and the queries asked of it.

``projection``  one ledger entry and its record → quads; pure
``live``        the store that is written
``keeper``      ``Graph``: who owns that store, catching up, rebuilding, publishing
``snapshots``   copies that stand still, leased to who reads them
``follower``    ``Follower``: snapshots that follow the ledger
``lexer``       a query cut into tokens
``guard``       which queries may run
``formats``     what answers are written in, and which an Accept header asks for
``service``     ``QueryService``: ask, within limits
``wire``        what goes between it and the processes that answer
``helper``      the process that starts, watches and kills those
``child``       one query in a process of its own
``limits``      what it may cost, and how the kernel holds it to that
"""

from __future__ import annotations

from registry.graph.query.formats import FORMATS, Format, named, negotiate, offered
from registry.graph.query.guard import ParsedQuery, guard
from registry.graph.query.limits import Limits
from registry.graph.query.service import QueryAnswer, QueryService
from registry.graph.store.follower import Follower
from registry.graph.store.owner import Graph
from registry.graph.store.projection import project
from registry.graph.store.rocksdb import ontology_of

__all__ = [
    "FORMATS",
    "Follower",
    "Format",
    "Graph",
    "Limits",
    "ParsedQuery",
    "QueryAnswer",
    "QueryService",
    "guard",
    "named",
    "negotiate",
    "offered",
    "ontology_of",
    "project",
]

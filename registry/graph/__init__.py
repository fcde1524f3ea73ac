"""The knowledge graph: a projection of the ledger that can be deleted and rebuilt, and the queries asked of it.

Example: ``Graph(folder, base)`` is written by one process; ``QueryService(folder, base).answer(query, "text/csv")`` is
asked by any.

``store``  from ledger entries to snapshots that stand still
``query``  from a question to an answer, within limits
``remote``  both, at another service that speaks SPARQL 1.1
"""

from __future__ import annotations

from registry.graph.query.formats import FORMATS, Format, named, negotiate, offered, table
from registry.graph.query.guard import ParsedQuery, guard
from registry.graph.query.limits import Limits
from registry.graph.query.service import QueryAnswer, QueryService
from registry.graph.store.comparison import held_lines, made_lines
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
    "held_lines",
    "made_lines",
    "named",
    "negotiate",
    "offered",
    "ontology_of",
    "project",
    "table",
]

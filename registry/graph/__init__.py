"""The knowledge graph: a projection of the ledger that can be deleted and rebuilt, and the queries asked of it."""

from __future__ import annotations

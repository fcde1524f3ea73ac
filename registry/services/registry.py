"""One registry in one folder: opened, created, closed, and its services handed out as attributes.

registry = Registry.open(Path("data"))
registry.lots.get("H-03").answer.may_be_injected
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from registry import vocabulary
from registry.accounts import Accounts
from registry.identifiers import Names, check_base
from registry.ledger import Ledger
from registry.ledger.lots import LotReader
from registry.ledger.restored_mark import Restored, marked
from registry.services.accounts_verbs import People
from registry.services.append import Entries, Receipt
from registry.services.context import Parts
from registry.services.lot_index.lists import LotIndex
from registry.services.lot_state import LotStates
from registry.services.lots.describing_verbs import DescribingVerbs
from registry.services.lots.lots import Lots
from registry.services.mappings.approved import Mappings
from registry.services.ontologies import term_view
from registry.services.ontologies.current import Current
from registry.services.ontologies.ontology_room import Ontologies
from registry.services.ontologies.term_view import TermAnswer, TermLine
from registry.services.printing.print import Printing
from registry.services.products.products import Products
from registry.services.queries.ask import Asking
from registry.services.releases.releases import Releases
from registry.services.releases.signing_verbs import SigningVerbs
from registry.services.submissions.submissions import Submissions
from registry.services.upkeep import lifecycle
from registry.services.upkeep.inspection import Inspection
from registry.vocabulary import Terms

if TYPE_CHECKING:
    from registry.audit import AuditReport


ADMINISTRATOR = "admin"
DEFAULT_BASE = "https://registry.example/"


class Registry(Asking, DescribingVerbs, People, SigningVerbs):
    """One registry in one folder. Safe for the threads of a process; several processes may open the same folder."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.base = parts.names.base
        ledger, reader, states, names = parts.ledger, parts.lots, parts.states, parts.names
        self.ledger, self.reader, self.states, self.directory = ledger, reader, states, parts.directory
        entries = Entries(ledger, names)
        self.products = Products(ledger, reader, parts.current, names, entries)
        self.lots = Lots(ledger, reader, states, parts.current, names, entries)
        self.lot_index = LotIndex(ledger, reader, states, parts.current, names)
        self.submissions = Submissions(ledger, reader, states, parts.current, names, parts.accounts, entries)
        self.releases = Releases(ledger, reader, states, parts.accounts, entries)
        self.upkeep = self.inspection = Inspection(parts, self.lots, self.audit)
        self.printing = self.paper = Printing(parts)

    @classmethod
    def create(cls, directory: Path, base: str = DEFAULT_BASE) -> tuple[Registry, str]:
        """A new registry in an empty folder, and the one-time password of its administrator.

        Raises Refused for a folder that holds other things, Conflict for one that holds a registry, WrongUsage for a
        base that is no address.
        """
        check_base(base)
        return lifecycle.create(cls, directory, base, ADMINISTRATOR)

    @classmethod
    def open(cls, directory: Path) -> Registry:
        """The registry in a folder; raises Unknown when there is none, Refused when it is of another format."""
        return cls.compose(directory, Ledger.open(directory))

    @classmethod
    def compose(cls, directory: Path, ledger: Ledger) -> Registry:
        """The rooms around one ledger."""
        names = Names(ledger.base)
        current = Current(vocabulary.load(), ledger)
        reader = LotReader(ledger, names)
        states = LotStates(ledger, reader, current)
        return cls(Parts(directory, current, ledger, Accounts(ledger), names, reader, states))

    @classmethod
    def restore(cls, file: Path, directory: Path, *, actor: str, key_file: Path | None = None) -> Registry:
        """A registry made of a backup in an empty folder, every digest verified; see ``ledger.restore``."""
        return lifecycle.restore(cls, file, directory, actor, key_file)

    @property
    def terms(self) -> Terms:
        """The terms as the current releases of the ontologies say them."""
        return self.parts.terms

    @property
    def ontologies(self) -> Ontologies:
        """What keeps the ontologies, and answers about their terms."""
        return Ontologies(self.parts)

    def term(self, curie: str) -> TermAnswer:
        """Everything about a cell type, disease or characteristic, by CURIE or IRI; raises Unknown."""
        return term_view.term_answer(self.parts, curie)

    def search_terms(self, text: str, limit: int = 20) -> list[TermLine]:
        """Terms by label, synonym or id, for completion."""
        return term_view.search(self.parts, text, limit)

    def size(self) -> int:
        """The ledger's size: the number of its entries."""
        return self.parts.ledger.size()

    # Evidence

    @property
    def mappings(self) -> Mappings:
        """What the names in instruments' files stand for."""
        return Mappings(self.parts)

    def record(self, digest: str) -> bytes:
        """A record's canonical N-Triples; raises Unknown."""
        return self.parts.ledger.record(digest).ntriples

    def rdf(self, subject: str, identifier: str, media_type: str) -> bytes:
        """A lot, product, record or specification as ``text/turtle``, ``application/ld+json`` or N-Triples."""
        return lifecycle.rdf(self.parts, subject, identifier, media_type)

    # Keeping

    @contextmanager
    def following(self) -> Iterator[None]:
        """For a server: own the graph, as soon as nobody else does, and follow the ledger in threads."""
        with super().following(), self.lot_index.following():
            yield

    def rebuild(self) -> int:
        """Make the index, the lines of the lots and the graph anew; answers the ledger's size."""
        lifecycle.reindex(self.parts)
        self.lot_index.rebuild()
        return super().rebuild()

    def audit(self, known_head: str | None = None) -> AuditReport:
        """Recompute everything from the ledger, and compare the graph with it; see ``audit`` for ``known_head``."""
        return lifecycle.audit(self.parts, self.knowledge, known_head)

    def backup(self, file: Path) -> dict[str, Any]:
        """Copy the registry into one file; see ``ledger.backup``."""
        return lifecycle.backup(self.parts, file)

    def restored(self) -> Restored | None:
        """Where the copy ends that this registry was made of, until the quality unit confirmed it; else None."""
        return marked(self.parts.directory)

    def confirm_restored(self, name: str, password: str, reason: str) -> Receipt:
        """The quality unit's word that what the copy lacks is here again; see ``keeping.confirm_restored``."""
        return lifecycle.confirm_restored(self.parts, name, password, reason)

    def ready(self) -> list[str]:
        """What keeps the registry from answering; empty when nothing does."""
        return lifecycle.ready(self.parts)

    def metrics(self) -> dict[str, float]:
        """A few figures for whoever watches over it."""
        return lifecycle.metrics(self.parts)

    def close(self) -> None:
        """Let go of the graph and the database."""
        if self._knowledge is not None:
            self._knowledge.close()
        self.parts.ledger.close()

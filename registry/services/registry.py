"""One registry in one folder: opened, created, closed, and its services handed out as attributes.

registry = Registry.open(Path("data"))
registry.lots.get("H-03").answer.may_be_injected
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from registry import vocabulary
from registry.accounts import Account, Accounts
from registry.identifiers import Names, check_base
from registry.ledger import Ledger
from registry.ledger.lots import LotReader
from registry.ledger.restored_mark import Restored, marked
from registry.services.accounts.manage import AccountService
from registry.services.answers import HistoryLine, LotAnswer, LotLine
from registry.services.append import Receipt
from registry.services.context import Parts
from registry.services.lot_index import Wanted
from registry.services.lot_index.lists import Overview
from registry.services.lots import history as lists
from registry.services.lots import lot_view
from registry.services.lots.describing_verbs import DescribingVerbs
from registry.services.mappings.approved import NOTHING, Beside, Mappings
from registry.services.ontologies import term_view
from registry.services.ontologies.current import Current
from registry.services.ontologies.ontology_room import Ontologies
from registry.services.ontologies.term_view import TermAnswer, TermLine
from registry.services.printing.print import Printing
from registry.services.queries.ask import Asking
from registry.services.releases.signing_verbs import SigningVerbs
from registry.services.submissions import preview as previewing
from registry.services.submissions import submit as submission
from registry.services.submissions.preview import Preview, Standing
from registry.services.submissions.submit import SubmissionReceipt
from registry.services.upkeep import lifecycle
from registry.services.upkeep.inspection import Inspection
from registry.vocabulary import Terms

if TYPE_CHECKING:
    from registry.audit import AuditReport


ADMINISTRATOR = "admin"
DEFAULT_BASE = "https://registry.example/"


class Registry(Asking, DescribingVerbs, SigningVerbs):
    """One registry in one folder. Safe for the threads of a process; several processes may open the same folder."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.base = parts.names.base
        self.accounts = AccountService(parts.accounts)
        self.lot_index = self.overview = Overview(parts)
        # To come, each a service of its own: lots, products, submissions, releases.
        # And: specifications, queries. ``mappings`` and ``ontologies`` are properties as yet.
        self.upkeep = self.inspection = Inspection(parts, self.audit)
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
        parts = Parts(directory, current, ledger, Accounts(ledger), names, LotReader(ledger, names))
        return cls(parts)

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

    def preview(self, name: str, data: bytes, beside: Beside = NOTHING) -> Preview:
        """What a file says and would be judged to be; nothing is kept."""
        return previewing.preview(self.parts, name, data, beside)

    def standings(self, receipt: SubmissionReceipt) -> tuple[Standing, ...]:
        """What a submission did to its lots: the state of each before it, and now."""
        return previewing.standings(self.parts, receipt)

    def submit(
        self, name: str, data: bytes, account: Account, idempotency_key: str | None = None, beside: Beside = NOTHING
    ) -> SubmissionReceipt:
        """Record a file's panels; see ``submission.submit``."""
        return submission.submit(self.parts, name, data, account.name, account.role, idempotency_key, beside)

    def file(self, digest: str) -> tuple[str, bytes]:
        """(name, bytes) of a submitted file; raises Unknown."""
        return self.parts.ledger.file(digest)

    def record(self, digest: str) -> bytes:
        """A record's canonical N-Triples; raises Unknown."""
        return self.parts.ledger.record(digest).ntriples

    # Looking up

    def lot(self, lot: str, at: datetime | None = None, viewer: Account | None = None) -> LotAnswer:
        """Everything about a lot, the answer first, now or at an earlier time of the ledger; raises Unknown."""
        return lot_view.lot_answer(self.parts, lot, at, viewer.role if viewer else None)

    def find(self, text: str, limit: int = 50) -> list[LotLine]:
        """Lots by id, part of an id, product, or disease with its sub-diseases."""
        return self.overview.find(text, limit)

    def recent(self, limit: int = 20) -> list[LotLine]:
        """The lots that the newest entries speak of."""
        return self.overview.page(Wanted(), limit)

    def waiting(self, limit: int = 50) -> list[LotLine]:
        """Lots that wait for the quality unit."""
        return self.overview.waiting(limit)

    def history(self, lot: str) -> list[HistoryLine]:
        """Every ledger entry about a lot, in words; raises Unknown."""
        return lists.history(self.parts, lot)

    def rdf(self, subject: str, identifier: str, media_type: str) -> bytes:
        """A lot, product, record or specification as ``text/turtle``, ``application/ld+json`` or N-Triples."""
        return lifecycle.rdf(self.parts, subject, identifier, media_type)

    # Keeping

    @contextmanager
    def following(self) -> Iterator[None]:
        """For a server: own the graph, as soon as nobody else does, and follow the ledger in threads."""
        with super().following(), self.overview.following():
            yield

    def rebuild(self) -> int:
        """Make the index, the lines of the lots and the graph anew; answers the ledger's size."""
        lifecycle.reindex(self.parts)
        self.overview.rebuild()
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

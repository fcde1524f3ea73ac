"""One registry in one folder: opened, created, closed, and its services handed out as attributes.

registry = Registry.open(Path("data"))
registry.lots.get("H-03").answer.may_be_injected
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from registry import vocabulary
from registry.accounts import Account, Accounts, LocalOperator, Permission, require
from registry.domain import LotFacts, LotVerdict
from registry.errors import Refused
from registry.identifiers import Names, check_base
from registry.ledger import Ledger
from registry.ledger.backup import restore
from registry.ledger.lots import LotReader
from registry.ledger.signing_keys import establish
from registry.services.accounts.manage import AccountService
from registry.services.answers import HistoryLine, LotAnswer, LotLine
from registry.services.append import Entries
from registry.services.context import Parts
from registry.services.lot_index import Wanted
from registry.services.lot_index.lists import Overview
from registry.services.lot_state import LotStates
from registry.services.lots import history as lists
from registry.services.lots import lot_view
from registry.services.lots.describing_verbs import DescribingVerbs
from registry.services.lots.inherited import InheritedDecision, InheritedEntry, inherited, rests_on
from registry.services.mappings.approved import NOTHING, Beside, Mappings
from registry.services.ontologies.current import Current
from registry.services.ontologies.load import Ontologies
from registry.services.printing.compose import Composer
from registry.services.printing.print import Printing
from registry.services.queries.ask import Queries
from registry.services.queries.lot_triples import verdict_records
from registry.services.releases.signing_verbs import SigningVerbs
from registry.services.specifications.library import Specifications
from registry.services.submissions import preview as previewing
from registry.services.submissions import submit as submission
from registry.services.submissions.preview import Preview, Standing
from registry.services.submissions.read_file import read
from registry.services.submissions.submit import SubmissionReceipt
from registry.services.submissions.withdrawn_panels import PanelNow, panels_now
from registry.services.upkeep.as_rdf import AsRdf
from registry.services.upkeep.lifecycle import Upkeep
from registry.vocabulary import Terms

ADMINISTRATOR = "admin"
DEFAULT_BASE = "https://registry.example/"
INIT = "cell-registry init"
"""Who enters what a new registry begins with."""


class _LotsForNow:
    """What upkeep asks of the lots, until they are a service."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def get(self, lot: str, at: datetime | None = None, viewer: Account | None = None) -> LotAnswer:
        return lot_view.lot_answer(self._parts, lot, at, viewer.role if viewer else None)

    def history(self, lot: str) -> list[HistoryLine]:
        return lists.history(self._parts, lot)

    def inherited(self, lot: str, until: int | None = None) -> list[InheritedDecision]:
        return inherited(self._parts, lot, until)

    def rests_on(self, answer: LotAnswer) -> list[InheritedEntry]:
        return list(rests_on(self._parts, answer))

    def panels_now(self, lots: Iterable[str]) -> dict[int, PanelNow]:
        return panels_now(self._parts, lots)


class Registry(DescribingVerbs, SigningVerbs):
    """One registry in one folder. Safe for the threads of a process; several processes may open the same folder."""

    def __init__(self, directory: Path, ledger: Ledger) -> None:
        names = Names(ledger.base)
        current, accounts, reader = Current(vocabulary.load(), ledger), Accounts(ledger), LotReader(ledger, names)
        entries, states = Entries(ledger, names), LotStates(ledger, reader, current)
        parts = self.parts = Parts(directory, current, ledger, accounts, names, reader)
        lots = _LotsForNow(parts)

        def derive(named: Sequence[str]) -> dict[str, bytes]:
            return dict(verdict_records(parts, named))

        def judge(facts: LotFacts) -> LotVerdict | None:
            return states.verdict(facts, reader.specification(facts.approval.digest)) if facts.approval else None

        self.base = names.base
        self.accounts = AccountService(accounts)
        self.lot_index = self.overview = Overview(parts)
        self.mappings = Mappings(ledger, current, names, entries, accounts)
        self.ontologies = Ontologies(ledger, reader, current, names, entries, accounts)
        self.specifications = Specifications(
            ledger, reader, current, names, entries, accounts, self.mappings,
            lambda name, data, beside: read(parts, name, data, beside),
        )  # fmt: skip
        self.printing = Printing(directory, ledger, reader, Composer(ledger, current, names, lots.get, states.one))
        self.queries = Queries(directory, ledger, current, reader, names, derive, judge, self.specifications.get)
        as_rdf = AsRdf(ledger, reader, names, self.ontologies.triples, derive)
        self.upkeep = Upkeep(
            directory, ledger, names, entries, accounts, lots, self.overview, self.queries, states.known, as_rdf
        )

    @classmethod
    def create(cls, directory: Path, base: str = DEFAULT_BASE) -> tuple[Registry, str]:
        """A new registry in an empty folder, and the one-time password of its administrator.

        Raises Refused for a folder that holds other things, Conflict for one that holds a registry, WrongUsage for a
        base that is no address.
        """
        check_base(base)
        if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
            raise Refused(
                "A registry is created in an empty folder.",
                expected="an empty folder",
                found=str(directory),
                todo="Name another folder with --data.",
            )
        registry = cls(directory, establish(directory, base=base, actor=INIT))
        people = registry.parts.accounts.people
        _account, password = people.create(ADMINISTRATOR, "administrator", by=INIT, printed_name="Administrator")
        return registry, password

    @classmethod
    def open(cls, directory: Path) -> Registry:
        """The registry in a folder; raises Unknown when there is none, Refused when it is of another format."""
        return cls(directory, Ledger.open(directory))

    @classmethod
    def restore(cls, file: Path, directory: Path, *, by: LocalOperator, key_file: Path | None = None) -> Registry:
        """A registry made of a backup in an empty folder, every digest verified; see ``ledger.restore``."""
        require(by, Permission.KEEP)
        return cls(directory, restore(file, directory, actor=by.name, key_file=key_file))

    @property
    def terms(self) -> Terms:
        """The terms as the current releases of the ontologies say them."""
        return self.parts.terms

    def size(self) -> int:
        """The ledger's size: the number of its entries."""
        return self.parts.ledger.size()

    # Evidence

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

    @contextmanager
    def following(self) -> Iterator[None]:
        """For a server: own the graph, as soon as nobody else does, and follow the ledger in threads."""
        with self.queries.knowledge.following(), self.overview.following():
            yield

    def close(self) -> None:
        """Let go of the graph and the database."""
        self.queries.close()
        self.parts.ledger.close()

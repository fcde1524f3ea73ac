"""One registry in one folder: opened, created, closed, and its services handed out as attributes.

registry = Registry.open(Path("data"))
registry.lots.get("H-03").answer.may_be_injected
registry.releases.decide("H-03", "release", name="quality.okafor", password=…)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from registry import vocabulary
from registry.accounts import Accounts, Actor, LocalOperator, Permission, expected, may, require
from registry.audit import AuditReport
from registry.domain import LotFacts, LotVerdict
from registry.errors import NotAllowed, Refused
from registry.identifiers import Names, check_base
from registry.intake.confined import READERS
from registry.ledger import Json, Ledger
from registry.ledger.backup import restore
from registry.ledger.lots import LotReader
from registry.ledger.signing_keys import establish
from registry.records.kinds import in_graph
from registry.services.accounts.manage import AccountService
from registry.services.administrations.administrations import Administrations
from registry.services.append import Entries
from registry.services.claims.claims import Claims
from registry.services.cores import Cores
from registry.services.homes.homes import Homes
from registry.services.lot_index.chosen_rules import ChosenRules
from registry.services.lot_index.lists import LotIndex
from registry.services.lot_state import LotStates
from registry.services.lots.identifiers.identifiers import Identifiers
from registry.services.lots.lots import Lots
from registry.services.mappings.approved import Mappings
from registry.services.ontologies.current import Current
from registry.services.ontologies.load import Ontologies
from registry.services.outcomes.outcomes import Outcomes
from registry.services.printing.compose import Composer
from registry.services.printing.print import Printing
from registry.services.products.products import Products
from registry.services.proofs.proofs import Proofs
from registry.services.queries.ask import Queries
from registry.services.queries.lot_triples import verdict_records
from registry.services.releases.releases import Releases
from registry.services.specifications.library import Specifications
from registry.services.studies.studies import Studies
from registry.services.submissions.read_file import FileReader
from registry.services.submissions.submissions import Submissions
from registry.services.upkeep.as_rdf import AsRdf
from registry.services.upkeep.lifecycle import Upkeep
from registry.services.webhooks.deliver import Deliverer
from registry.services.webhooks.webhooks import Webhooks
from registry.vocabulary import Terms

ADMINISTRATOR = "admin"
DEFAULT_BASE = "https://registry.example/"
INIT = "cell-registry init"
"""Who enters what a new registry begins with."""


class Registry:
    """One registry in one folder. Safe for the threads of a process; several processes may open the same folder."""

    def __init__(self, directory: Path, ledger: Ledger) -> None:
        names, ontologies = Names(ledger.base), Current(vocabulary.load(), ledger)
        reader, accounts, entries = LotReader(ledger, names), Accounts(ledger), Entries(ledger, names)
        states, cores = LotStates(ledger, reader, ontologies), Cores(directory)
        self.directory, self.ledger, self.names, self.base = directory, ledger, names, names.base
        self.reader, self.states, self._ontologies = reader, states, ontologies

        def derive(lots: Sequence[str]) -> Mapping[str, bytes]:
            with ledger.one_moment():
                return verdict_records(states, names, lots)

        def derive_all(portions: Sequence[Sequence[str]]) -> Iterator[Mapping[str, bytes]]:
            return cores.spread("follows", portions, derive)

        def judge(facts: LotFacts) -> LotVerdict | None:
            return states.verdict(facts, reader.specification(facts.approval.digest)) if facts.approval else None

        self.accounts = AccountService(accounts, ledger.head)
        self.products = Products(ledger, reader, ontologies, names, entries)
        self.lots = Lots(ledger, reader, states, ontologies, names, entries)
        self.identifiers = Identifiers(ledger, reader, entries)
        rules = ChosenRules(ledger, reader, accounts, entries)
        self.lot_index = LotIndex(ledger, reader, states, ontologies, names, rules, cores)
        self.studies = Studies(ledger, reader, ontologies, names, entries, self.lot_index)
        self.proofs = Proofs(ledger, reader, self.lots, self.lot_index, names)
        self.outcomes = Outcomes(ledger, reader, ontologies, names)
        self.submissions = Submissions(ledger, reader, states, ontologies, names, accounts, entries)
        self.releases = Releases(ledger, reader, states, accounts, entries)
        self.mappings = Mappings(ledger, ontologies, names, entries, accounts)
        self.ontologies = Ontologies(ledger, reader, ontologies, names, entries, accounts)
        self.administrations = Administrations(ledger, reader, states, ontologies, names, accounts, entries)
        files = FileReader(reader, ontologies, names)
        self.specifications = Specifications(
            ledger, reader, ontologies, names, entries, accounts, self.mappings, files.read, self.lot_index
        )
        self.claims = Claims(ledger, reader, states, ontologies, names, accounts, entries, self.specifications.all)
        composer = Composer(ledger, ontologies, names, self.lots.get, states.one)
        self.printing = Printing(directory, ledger, reader, composer, self.proofs.credential)
        find, trials = self.specifications.get, self.specifications.trials
        self.queries = Queries(
            directory, ledger, ontologies, reader, names, derive, derive_all, judge, find, trials, self.proofs
        )
        as_rdf = AsRdf(ledger, reader, names, self.ontologies.triples, derive)
        self.upkeep = Upkeep(
            directory,
            ledger,
            names,
            entries,
            accounts,
            self.lots,
            self.lot_index,
            self.queries,
            states.known,
            as_rdf,
            self.proofs.seen_elsewhere,
        )
        self.webhooks = Webhooks(directory, ledger, accounts, entries, self.lot_index)
        drafts = self.mappings.drafts
        self.homes = Homes(directory, ledger, accounts, self.lot_index, drafts, self.proofs, self.upkeep)

    @classmethod
    def create(
        cls, directory: Path, base: str = DEFAULT_BASE, *, demonstration: bool = False, url: str = ""
    ) -> tuple[Registry, str]:
        """A new registry in an empty folder, and the one-time password of its administrator.

        ``url`` is of a database server that is to keep the ledger (``postgresql+psycopg://host/database``); the folder
        keeps the key and what is made of the ledger. In a ``demonstration`` a clock that leaps is only warned of.
        Raises Refused for a folder that holds other things, Conflict for one that holds a registry, WrongUsage for a
        base that is no address.
        """
        check_base(base)
        if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
            raise Refused(
                "A registry is created in an empty folder.",
                expected="an empty folder",
                found=str(directory),
                todo="Name another folder.",
                action="choose-folder",
            )
        details: dict[str, Json] = {"demonstration": True} if demonstration else {}
        ledger = establish(directory, base=base, actor=INIT, details=details, url=url)
        people = Accounts(ledger).people
        _account, password = people.create(ADMINISTRATOR, "administrator", by=INIT, printed_name="Administrator")
        return cls(directory, ledger), password

    @classmethod
    def open(cls, directory: Path) -> Registry:
        """The registry in a folder; raises Unknown when there is none, Refused when it is of another format."""
        return cls(directory, Ledger.open(directory))

    @classmethod
    def restore(cls, file: Path, directory: Path, *, by: LocalOperator, key_file: Path | None = None) -> Registry:
        """A registry made of a backup in an empty folder, every digest verified; see ``ledger.restore``."""
        require(by, Permission.KEEP)
        return cls(directory, restore(file, directory, actor=by.name, key_file=key_file))

    @classmethod
    def try_backup(cls, file: Path, *, by: LocalOperator) -> AuditReport:
        """What an audit finds of a registry made of a backup, in a folder of its own that is deleted again.

        Raises Unreadable or Corrupt for what is no sound backup.
        """
        with TemporaryDirectory(prefix=".trying-", dir=file.absolute().parent) as scratch:
            restored = cls.restore(file, Path(scratch) / "data", by=by)
            try:
                return restored.upkeep.audit()
            finally:
                restored.close()

    def deliverer(self) -> Deliverer:
        """What tells the webhooks which lots changed, step by step: for a process of its own."""
        return Deliverer(self.ledger, self.names, self.lot_index, self.webhooks)

    @property
    def terms(self) -> Terms:
        """The terms as the current releases of the ontologies say them."""
        return self._ontologies.terms

    def size(self) -> int:
        """The ledger's size: the number of its entries."""
        return self.ledger.size()

    def record(self, digest: str, viewer: Actor | None = None) -> bytes:
        """A record's canonical N-Triples; raises Unknown, and NotAllowed for one about a recipient who is not named."""
        ntriples = self.ledger.record(digest).ntriples
        if not in_graph(ntriples) and (viewer is None or not may(viewer, Permission.READ_ADMINISTRATIONS)):
            raise NotAllowed(
                "This record is about what was given to somebody.",
                expected=expected(Permission.READ_ADMINISTRATIONS),
                found=viewer.name if viewer is not None else "nobody who is signed in",
            )
        return ntriples

    @contextmanager
    def following(self) -> Iterator[None]:
        """For a server: own the graph, as soon as nobody else does, follow the ledger in threads, confine readers."""
        with self.queries.knowledge.following(), self.lot_index.following(), READERS.opened():
            yield

    def close(self) -> None:
        """Let go of the graph and the database."""
        self.queries.close()
        self.webhooks.queue.close()
        self.ledger.close()

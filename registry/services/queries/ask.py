"""Questions to the graph: SPARQL, the library's questions by name, what the registry offers, and exports.

registry.queries.ask("recall", {"bank": "WCB-2"}, "text/csv", by=account)
registry.queries.query("SELECT …", "text/csv", by=LocalOperator())

Every query is logged in ``queries.log`` (see ``log``) as asked by whoever acts.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from registry import questions
from registry.accounts import Actor, Permission, require
from registry.domain import LotFacts, LotVerdict, Specification
from registry.errors import RegistryError, WrongUsage
from registry.identifiers import Names
from registry.ledger import Ledger
from registry.ledger.lots import LotReader
from registry.questions import Question
from registry.services.ontologies.current import Current
from registry.services.proofs.proofs import Proofs
from registry.services.queries import description, names
from registry.services.queries.graph_service import GraphService, compared
from registry.services.queries.log import QueryLog
from registry.services.queries.prologue import with_prefixes
from registry.services.queries.saved import SavedQuestions
from registry.services.queries.unknown_terms import Misspelt, misspelt
from registry.services.queries.words import Word, words
from registry.services.specifications.trial import Trials

DeriveAll = Callable[[Sequence[Sequence[str]]], Iterator[Mapping[str, bytes]]]

if TYPE_CHECKING:
    from registry.graph import QueryAnswer
    from registry.graph.remote.address import Service
    from registry.services.queries.export import Exported, Selection
    from registry.services.queries.graph import Knowledge


class Queries:
    """What may be asked of a registry. ``seconds`` is how long one query may take; set it before the first.

    ``derive`` says what follows for lots, as N-Triples, ``derive_all`` for portions of many; ``judge`` the verdict by
    what is approved for a lot's product; ``find`` finds a specification by id and version, ``trials`` tries one over
    every lot.
    """

    seconds: float = 10.0
    elsewhere: Service | None = None
    """The service that keeps the graph, if another does; set it before the first question."""
    reads_only: bool = False
    """Whether another server of this registry writes to that service."""

    def __init__(
        self,
        directory: Path,
        ledger: Ledger,
        current: Current,
        lots: LotReader,
        iris: Names,
        derive: Callable[[Sequence[str]], Mapping[str, bytes]],
        derive_all: DeriveAll,
        judge: Callable[[LotFacts], LotVerdict | None],
        find: Callable[[str, str | None], Specification],
        trials: Trials,
        proofs: Proofs,
    ) -> None:
        self._directory, self._ledger, self._current = directory, ledger, current
        self._lots, self._names = lots, iris
        self._derive, self._judge, self._find, self._trials = derive, judge, find, trials
        self._derive_all, self._proofs = derive_all, proofs
        self._log = QueryLog(directory / "queries.log")
        self.saved = SavedQuestions(ledger, self._log, self._check)
        self._lock = threading.Lock()
        self._knowledge: Knowledge | None = None
        self._served: GraphService | None = None

    @property
    def knowledge(self) -> Knowledge | GraphService:
        """The graph that follows the ledger, here or at a service; opened when the first question is asked."""
        if self.elsewhere is None:
            return self.embedded
        here = self.embedded
        with self._lock:
            self._served = self._served or here.at(self.elsewhere, reads_only=self.reads_only)
        return self._served

    @property
    def embedded(self) -> Knowledge:
        """The graph in the registry's own folder."""
        if self._knowledge is None:
            from registry.services.queries.graph import Knowledge

            with self._lock:
                self._knowledge = self._knowledge or Knowledge(
                    self._directory, self._ledger, self._current, self._lots, self._names, self._derive,
                    self._derive_all, self.seconds,
                )  # fmt: skip
        return self._knowledge

    @property
    def answers(self) -> bool:
        """Whether a question asked now would be answered: not while a server makes its first graph."""
        held = self._served or self._knowledge
        return held is None or held.answers

    def lag(self) -> int:
        """How many entries of the ledger the graph does not hold yet."""
        if self._served is not None:
            return self._served.lag()
        from registry.graph.store.snapshots import snapshots

        newest = next(iter(snapshots(self._directory / "graph")), None)
        return max(0, self._ledger.size() - (newest.size if newest else 0))

    def query(
        self,
        text: str,
        accept: str | None,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        *,
        by: Actor,
        name: str = "",
    ) -> QueryAnswer:
        """A SPARQL answer, whole or none; raises NotAllowed, and see ``graph.QueryService.answer``.

        ``name`` is the question's, when it is one of the library.
        """
        require(by, Permission.QUERY)

        def answered() -> QueryAnswer:
            return self._answer(text, accept, default_graphs, named_graphs)

        return self._logged(text, answered, by, name)

    def _check(self, text: str) -> None:
        """Refuse what would be refused when it is asked; see ``graph.guard``."""
        from registry.graph import guard

        guard(text, self._names.base, description.own_graphs(self._current, self._names))

    def _logged(self, text: str, answered: Callable[[], QueryAnswer], by: Actor, name: str) -> QueryAnswer:
        begun = time.monotonic()
        try:
            answer = answered()
        except RegistryError as error:
            self._log.write(by.name, text, time.monotonic() - begun, type(error).__name__, name=name)
            raise
        self._log.write(by.name, text, answer.seconds, "answered", rows=answer.rows, size=answer.ledger_size, name=name)
        return answer

    def _answer(
        self, text: str, accept: str | None, default_graphs: Sequence[str], named_graphs: Sequence[str]
    ) -> QueryAnswer:
        if self.elsewhere is not None:
            return self.knowledge.service.answer(text, accept, default_graphs, named_graphs)
        from registry.services.queries import from_columns  # it loads the engine

        service = self.embedded.service
        whole = not default_graphs and not named_graphs
        kept = from_columns.answer(text, accept, self._trials, service) if whole else None
        return kept or service.answer(text, accept, default_graphs, named_graphs)

    def library(self) -> tuple[Question, ...]:
        """The library of questions, by name."""
        return questions.library()

    def question(self, name: str) -> Question:
        """One question of the library; raises Unknown."""
        return questions.question(name)

    def question_text(self, name: str, params: Mapping[str, str] | None = None) -> str:
        """The SPARQL of a question with its parameters bound; raises Unknown, WrongUsage."""
        question = questions.question(name)
        return self._bound(question, question.text, params or {})

    def _bound(self, question: Question, text: str, params: Mapping[str, str]) -> str:
        resolvers = names.resolvers(self._current.terms, self._lots, self._names, self._find)
        return questions.bind(text, question.parameters, params, resolvers)

    def ask(
        self, name: str, params: Mapping[str, str] | None = None, accept: str | None = None, *, by: Actor
    ) -> QueryAnswer:
        """The answer to a question of the library.

        Raises NotAllowed, Unknown for a name of none, WrongUsage for a parameter.
        """
        require(by, Permission.QUERY)
        text, served = self.question_text(name, params), self.knowledge
        if self.elsewhere is None or not isinstance(served, GraphService):
            return self.query(text, accept, by=by, name=name)
        question = questions.question(name)

        def answered() -> QueryAnswer:
            return served.ask(question, lambda own: self._bound(question, own, params or {}), accept)

        return self._logged(text, answered, by, name)

    def compare(self, *, by: Actor) -> dict[str, str]:
        """How the service that keeps the graph answers each question: ``equal``, ``differs``, or its refusal.

        What it answers alike it may be asked from then on. Raises NotAllowed, Unavailable.
        """
        require(by, Permission.KEEP)
        served = self.knowledge
        if not isinstance(served, GraphService):
            raise WrongUsage("No service that keeps the graph is named.", expected="its address", found="none")
        served.refresh()
        results = compared(served, questions.library(), self._bound, self._plain)
        served.keep_compared({name: result == "equal" for name, result in results.items()})
        return results

    def _plain(self, text: str) -> bytes:
        return self.embedded.service.answer(text, "text/csv").body

    def completion(self) -> dict[str, list[dict[str, str]]]:
        """Prefixes, terms and questions for an editor to complete."""
        return description.completion(self._current.terms)

    def misspelt(self, query: str) -> tuple[Misspelt, ...]:
        """The terms of ours that a query names and that the vocabulary does not have: they match nothing."""
        return misspelt(query)

    def with_prefixes(self, query: str) -> str:
        """The query with the ``PREFIX`` lines of ours that it uses and does not declare."""
        return with_prefixes(query)

    def words(self) -> Mapping[str, Word]:
        """Every word of the vocabulary by its name, with its sentence."""
        return words()

    def service_description(self, address: str, media_type: str) -> bytes:
        """What the SPARQL service at ``address`` offers (SPARQL 1.1 Service Description)."""
        graphs = description.own_graphs(self._current, self._names)
        return description.service_description(graphs, self._ledger.size(), address, media_type)

    def dataset_description(self, site: str, media_type: str) -> bytes:
        """VoID and DCAT of the registry as a dataset, for the site at ``site``; no lot, no person, no figure."""
        return description.dataset_description(self._names.base, site, media_type)

    def question_examples(self, site: str, media_type: str) -> bytes:
        """The library as examples that SPARQL editors and models read, for the site at ``site``."""
        return description.question_examples(site, media_type)

    def export(self, form: str, target: Path, lots: Sequence[str] = ()) -> Exported:
        """The whole graph, or what concerns ``lots``, in a form of ``export.FORMS``; see ``export.export``."""
        from registry.services.queries.export import export

        return export(self.selection(), lambda: self.embedded, form, target, lots)

    def selection(self) -> Selection:
        """Every lot, as the ledger tells of them now."""
        from registry.services.queries.export import Selection, every_lot

        ledger, lots = self._ledger, every_lot(self._ledger)
        return Selection(ledger, self._lots, self._current, self._names, self._derive, self._judge,
                         self._proofs.credential, self._proofs.inclusion, lots, ledger.size())  # fmt: skip

    def close(self) -> None:
        """End the query helper and let another process write the graph."""
        if self._served is not None:
            self._served.close()
        if self._knowledge is not None:
            self._knowledge.close()

"""Questions to the graph: SPARQL, the library's questions by name, what the registry offers, and exports.

``Registry`` inherits these verbs; they need nothing of it but its parts and the graph that follows its ledger.
"""

from __future__ import annotations

import getpass
import time
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from registry import questions
from registry.errors import RegistryError
from registry.graph.query.limits import Limits
from registry.questions import Question
from registry.services.context import Parts
from registry.services.queries import description, names
from registry.services.queries.log import Asked
from registry.services.queries.unknown_terms import Misspelt, misspelt

if TYPE_CHECKING:
    from registry.graph import QueryAnswer
    from registry.services.queries.export import Exported
    from registry.services.queries.graph import Knowledge

WAITING_QUERIES = Limits().waiting
"""How many queries wait for their turn at most; as many as there are cores run beside them."""


class Asking:
    """What may be asked of a registry. ``query_seconds`` is how long one query may take; set it before the first."""

    parts: Parts
    query_seconds: float = 10.0
    _knowledge: Knowledge | None = None

    @property
    def knowledge(self) -> Knowledge:
        """The graph that follows the ledger; opened when the first question is asked."""
        if self._knowledge is None:
            from registry.services.queries.graph import Knowledge

            with self.parts.lock:
                self._knowledge = self._knowledge or Knowledge(self.parts, self.query_seconds)
        return self._knowledge

    def query(
        self,
        text: str,
        accept: str | None,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        *,
        by: str = "",
        name: str = "",
    ) -> QueryAnswer:
        """A SPARQL answer, whole or none; see ``graph.QueryService.answer`` for what it raises.

        Every query is logged in ``queries.log`` (see ``asked``) as asked by ``by``, else by this machine's user;
        ``name`` is the question's, when it is one of the library.
        """
        begun, who = time.monotonic(), by or f"local:{getpass.getuser()}"
        log = Asked(self.parts.directory / "queries.log")
        try:
            found = self.knowledge.service.answer(text, accept, default_graphs, named_graphs)
        except RegistryError as error:
            log.write(who, text, time.monotonic() - begun, type(error).__name__, name=name)
            raise
        log.write(who, text, found.seconds, "answered", rows=found.rows, size=found.ledger_size, name=name)
        return found

    def questions(self) -> tuple[Question, ...]:
        """The library of questions, by name."""
        return questions.library()

    def question(self, name: str) -> Question:
        """One question of the library; raises Unknown."""
        return questions.question(name)

    def question_text(self, name: str, params: Mapping[str, str] | None = None) -> str:
        """The SPARQL of a question with its parameters bound; raises Unknown, WrongUsage."""
        one = questions.question(name)
        return questions.bind(one.text, one.parameters, params or {}, names.resolvers(self.parts))

    def ask(
        self, name: str, params: Mapping[str, str] | None = None, accept: str | None = None, *, by: str = ""
    ) -> QueryAnswer:
        """The answer to a question of the library; raises Unknown for a name of none, WrongUsage for a parameter."""
        return self.query(self.question_text(name, params), accept, by=by, name=name)

    def completion(self) -> dict[str, list[dict[str, str]]]:
        """Prefixes, terms and questions for an editor to complete."""
        return description.completion(self.parts)

    def misspelt(self, query: str) -> tuple[Misspelt, ...]:
        """The terms of ours that a query names and that the vocabulary does not have: they match nothing."""
        return misspelt(query)

    def service_description(self, address: str, media_type: str) -> bytes:
        """What the SPARQL service at ``address`` offers (SPARQL 1.1 Service Description)."""
        return description.service_description(self.parts, address, media_type)

    def dataset_description(self, site: str, media_type: str) -> bytes:
        """VoID and DCAT of the registry as a dataset, for the site at ``site``; no lot, no person, no figure."""
        return description.dataset_description(self.parts, site, media_type)

    def export(self, form: str, target: Path, lots: Sequence[str] = ()) -> Exported:
        """The whole graph, or what concerns ``lots``, as trig, nquads, parquet or ro-crate; see ``exporting``."""
        from registry.services.queries import export as exporting

        return exporting.export(self.parts, self.knowledge, form, target, lots)

    def following(self) -> AbstractContextManager[None]:
        """For a server: own the graph, as soon as nobody else does, and follow the ledger in a thread."""
        return self.knowledge.following()

    def rebuild(self) -> int:
        """Make the graph anew; answers the ledger's size."""
        return self.knowledge.rebuild()

"""The graph kept by another service: what ``Knowledge`` is, for a registry whose graph stands elsewhere.

A question of the library is asked in the words that the service's engine is known to answer alike; one that it is not
known to answer alike is refused by name. Looking up, judging and releasing read the ledger and never ask the service.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from registry import questions
from registry.errors import Refused
from registry.graph import Limits, QueryAnswer
from registry.graph.remote.address import Service
from registry.graph.remote.follower import RemoteFollower
from registry.graph.remote.http import Http
from registry.graph.remote.service import RemoteQueries
from registry.graph.remote.store import RemoteStore
from registry.graph.store.fill import Concerns, Derive
from registry.graph.store.owner import Slices
from registry.ledger import Ledger
from registry.questions import Question
from registry.services.queries.one_follower import OneFollower

COMPARED = "compared.json"
"""In the folder of the graph: which questions each service was seen to answer as the embedded engine does."""


class GraphService:
    """The graph of one registry at ``service``, and what is asked of it. Safe for threads."""

    def __init__(
        self, service: Service, folder: Path, ledger: Ledger, base: str, slices: Slices, derive: Derive,
        concerns: Concerns, own_graphs: Callable[[], Iterable[str]], limits: Limits, *, reads_only: bool = False,
    ) -> None:  # fmt: skip
        http = Http(service)
        self._service, self._folder = service, folder
        self._store = RemoteStore(http, base)
        self._alone = OneFollower(ledger, service.shown)
        leads = (lambda: False) if reads_only else self._alone.leads
        self._follower = RemoteFollower(self._store, ledger, slices, derive, concerns, leads)
        self.service = RemoteQueries(http, self._store, limits, own_graphs, self._follower.refresh)

    @contextmanager
    def following(self) -> Iterator[None]:
        """Follow the ledger in a thread."""
        self._follower.start()
        try:
            yield
        finally:
            self._follower.stop()
            self._alone.end()

    def refresh(self) -> int:
        """Bring the service up to the ledger; answers its size."""
        return self._follower.refresh()

    @property
    def answers(self) -> bool:
        """True: a registry whose service is away looks lots up and releases them."""
        return True

    def lag(self) -> int:
        """How many entries of the ledger the service did not hold when it was last looked at."""
        return self._follower.lag()

    def rebuild(self) -> int:
        """Make the graph anew at the service."""
        return self._follower.rebuild()

    def held_and_expected(self) -> tuple[Iterable[Hashable], Iterable[Hashable]]:
        """Graph and triple as the service holds them, and as they follow from the ledger, by value: for the audit."""
        self._follower.refresh()
        return self._follower.held(), self._follower.expected()

    def ask(self, question: Question, text: Callable[[str], str], accept: str | None) -> QueryAnswer:
        """The answer to a question of the library; ``text`` binds its parameters to a text of it.

        Raises Refused, naming the question, for one that the service is not known to answer as the embedded engine.
        """
        asked = questions.at(question, self._service.engine)
        if asked is None or (self._service.engine != "virtuoso" and not self._compared().get(question.name)):
            raise Refused(
                f"The question {question.name} is not answered by the service that keeps the graph.",
                expected="one that it answers as the registry's own engine does", found=question.name,
                where=self._service.shown, todo="Ask it at the command line, where the registry's own engine answers.",
            )  # fmt: skip
        return self.service.answer(text(asked.text), accept, proven=True, truths=asked.truths)

    def _compared(self) -> Mapping[str, bool]:
        file = self._folder / COMPARED
        held: dict[str, dict[str, bool]] = json.loads(file.read_text("utf-8")) if file.exists() else {}
        return held.get(self._service.shown, {})

    def keep_compared(self, alike: Mapping[str, bool]) -> None:
        """Keep which questions were answered alike."""
        file = self._folder / COMPARED
        held = json.loads(file.read_text("utf-8")) if file.exists() else {}
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.write_text(json.dumps({**held, self._service.shown: dict(alike)}, indent=1, sort_keys=True), "utf-8")

    def close(self) -> None:
        """Let another process follow; nothing else is held open between two questions."""
        self._alone.end()


def compared(
    served: GraphService,
    library: Sequence[Question],
    text: Callable[[Question, str, Mapping[str, str]], str],
    embedded: Callable[[str], bytes],
) -> dict[str, str]:
    """How each question is answered, at its defaults and its example: ``equal``, ``differs`` or a refusal."""
    results = {}
    for question in library:
        asked = questions.at(question, served._service.engine)
        results[question.name] = "not asked" if asked is None else _result(served, question, asked, text, embedded)
    return results


def _result(
    served: GraphService, question: Question, asked: questions.Asked,
    text: Callable[[Question, str, Mapping[str, str]], str], embedded: Callable[[str], bytes],
) -> str:  # fmt: skip
    for given in ({}, question.example_parameters()):
        try:
            answer = served.service.answer(
                text(question, asked.text, given), "text/csv", proven=True, truths=asked.truths
            )
        except Refused as error:
            return f"refused: {error.found}"
        if answer.body != embedded(text(question, question.text, given)):
            return "differs"
    return "equal"

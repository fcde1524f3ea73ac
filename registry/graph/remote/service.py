"""Ask the service: guarded, in turn, the whole answer of one size of the ledger or none.

An answer is taken only when the graph stood whole before and stands at the same turn after it: so no answer is of a
graph that was being written, whoever writes it and however that ends.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Sequence

from registry.errors import TooLarge, Unavailable, WrongUsage
from registry.graph.query.formats import Format, named, negotiate
from registry.graph.query.guard import ParsedQuery, check_dataset, guard
from registry.graph.query.limits import Limits
from registry.graph.query.service import QueryAnswer
from registry.graph.remote import dialect, results
from registry.graph.remote.http import Answer, Http
from registry.graph.remote.store import RemoteStore
from registry.turns import Turns

_PAUSE = 0.05
_GRACE = 2.0
_ACCEPT = {"rows": "application/sparql-results+json", "triples": "application/n-triples"}


class RemoteQueries:
    """Answers queries at a service. Safe for threads. ``refresh`` brings it up to the ledger and answers its size.

    ``own_graphs`` gives the graphs outside ``store.base`` that FROM may name.
    """

    def __init__(
        self, http: Http, store: RemoteStore, limits: Limits, own_graphs: Callable[[], Iterable[str]],
        refresh: Callable[[], int],
    ) -> None:  # fmt: skip
        self._http, self._store, self.limits = http, store, limits
        self._own_graphs, self._refresh = own_graphs, refresh
        self._turns = Turns(
            running=limits.running, waiting=limits.waiting, share=limits.waiting, patience=limits.seconds
        )

    def answer(
        self,
        query: str,
        accept: str | None = None,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        *,
        format_name: str | None = None,
        proven: bool = False,
        truths: Collection[str] = (),
    ) -> QueryAnswer:
        """The whole answer to ``query``; raises as ``QueryService.answer`` does.

        ``proven`` is a question that this engine is known to answer as the embedded one does: it is asked as it stands.
        In the columns ``truths`` the engine's 1 and 0 are true and false.
        """
        begun = time.monotonic()
        own = tuple(self._own_graphs())
        parsed = guard(query, self._store.base, own)
        format_ = named(format_name, parsed.form) if format_name else negotiate(accept, parsed.form)
        text = self._adapted(parsed, own, proven)
        chosen = check_dataset((*default_graphs, *named_graphs), self._store.base, own)
        current = self._refresh()
        with self._turns.taken("a query"):
            size, answer = self._whole(text, self._dataset(parsed, chosen), format_, begun + self.limits.seconds)
        if format_.yields == "rows":
            rows, body = results.rows(answer.body, format_.name, self.limits, truths)
        else:
            rows, body = results.triples(answer.body, format_.name, self.limits)
        return QueryAnswer(body, format_.media_type, size, rows, time.monotonic() - begun, current)

    def _adapted(self, parsed: ParsedQuery, own: Sequence[str], proven: bool) -> str:
        if proven:
            return parsed.text
        if self._http.service.engine == "virtuoso":
            return dialect.virtuoso(parsed, self._store.base, own)
        return dialect.named_only(parsed.text, self._store.base, own)

    def _dataset(self, parsed: ParsedQuery, chosen: Sequence[str]) -> dict[str, str | list[str]]:
        if chosen:
            raise WrongUsage(
                "A dataset is named in the query itself where another service keeps the graph.",
                expected="FROM and FROM NAMED", found="default-graph-uri or named-graph-uri",
            )  # fmt: skip
        return {} if parsed.graphs else {"default-graph-uri": self._store.union}

    def _whole(
        self, query: str, dataset: dict[str, str | list[str]], format_: Format, deadline: float
    ) -> tuple[int, Answer]:
        """The ledger's size, and what was answered of it."""
        while True:
            before = self._store.standing(_left(deadline))
            if before.whole:
                answer = self._ask(query, dataset, format_, deadline)
                if self._store.standing(max(_left(deadline), _GRACE)) == before:
                    return before.size, answer
            if _left(deadline) <= _PAUSE:
                raise _written()
            time.sleep(_PAUSE)

    def _ask(self, query: str, dataset: dict[str, str | list[str]], format_: Format, deadline: float) -> Answer:
        seconds = _left(deadline)
        # A Virtuoso stops at this time and sends what it has by then, which the header below tells.
        fields = {"query": query, **dataset, "timeout": str(int(seconds * 1000))}
        path, accept = self._http.service.query, _ACCEPT[format_.yields]
        answer = self._http.form(path, fields, accept, seconds=seconds, most=4 * self.limits.body)
        if "x-sql-state" in answer.headers:
            raise self.limits.overrun()
        if "x-sparql-maxrows" in answer.headers:
            raise TooLarge(
                "The answer is larger than one answer may be, and half an answer would mislead.",
                expected=f"at most {self.limits.rows:,} rows, and no more than the service itself gives",
                found=f"more than {answer.headers['x-sparql-maxrows'][:20]} rows", todo="Add LIMIT, or ask for counts.",
            )  # fmt: skip
        return answer

    def close(self) -> None:
        """Nothing stays open between two questions."""


def _left(deadline: float) -> float:
    return max(deadline - time.monotonic(), 0.05)


def _written() -> Unavailable:
    busy = Unavailable("The graph is being written at the service that keeps it.", todo="Ask again in a moment.")
    busy.retry_after = 1
    return busy

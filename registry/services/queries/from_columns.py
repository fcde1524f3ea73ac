"""The question of the library that is answered from what is kept of lots in columns, not by the engine.

``would-not-conform`` holds every lot against another specification. As SPARQL it reads every result of every lot; tried
as a specification is (``specification try``) it is the verdict of the gate itself, in a fraction of the time. Only the
question's own text is answered so, wherever it is asked; one that somebody changed goes to the engine. What depends on
the time is asked of the graph, which says it without a clock.
"""

from __future__ import annotations

import csv
import io
import re
import time
from dataclasses import replace
from functools import cache

from registry import questions
from registry.graph import QueryAnswer, QueryService, negotiate, table
from registry.identifiers import SPECIFICATIONS
from registry.questions.parameters import PLACE
from registry.services.specifications.trial import Trials

NAME = "would-not-conform"
WITH_THE_CLOCK = "its verdict depends on the time"
_TIMED = """
PREFIX cpr: <https://w3id.org/cell-product-registry/ns#>
PREFIX dcterms: <http://purl.org/dc/terms/>
SELECT ?lot { ?batch cpr:verdict cpr:DependsOnTime ; cpr:judgedAgainst ?any ; dcterms:identifier ?lot }
"""


def asked_of(text: str) -> tuple[str, str] | None:
    """Id and version of the other specification, where ``text`` is the question with its parameter; else None."""
    match = _whole().fullmatch(_lines(text))
    name, _, version = match["other"].rpartition("/") if match else ("", "", "")
    return (name, version) if name else None


@cache
def _whole() -> re.Pattern[str]:
    """The question, with any one specification at each place of its parameter."""
    parts = [re.escape(part) for part in _lines(questions.question(NAME).text).split(PLACE)]
    first, again = (
        rf"VALUES \(\?other\) \{{ \(<{re.escape(SPECIFICATIONS)}{which}>\) \}}"
        for which in (r"(?P<other>[^>\n]+)", r"(?P=other)")
    )
    return re.compile(parts[0] + first + again.join(parts[1:]))


def _lines(text: str) -> str:
    """Without what a form or an editor may change: how lines are indented and ended."""
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


def answer(text: str, accept: str | None, trials: Trials, service: QueryService) -> QueryAnswer | None:
    """The whole answer; None where it is another question, or too many lots are still to be judged."""
    other = asked_of(text)
    if other is None or not trials.is_quick():
        return None
    begun = time.monotonic()
    form = negotiate(accept, "select")
    timed = service.answer(_TIMED, "text/csv")
    unsaid = {row[0] for row in list(csv.reader(io.StringIO(timed.body.decode(), newline="")))[1:]}
    size, short = trials.would_not_conform(*other)
    rows = {lot: ", ".join(criteria) for lot, criteria in short.items()} | dict.fromkeys(unsaid, WITH_THE_CLOCK)
    body = table(("lot", "not_shown"), sorted(rows.items()), form)
    seconds = time.monotonic() - begun
    return replace(
        timed, body=body, media_type=form.media_type, rows=len(rows), seconds=seconds,
        ledger_size=min(size, timed.ledger_size),
    )  # fmt: skip

"""What was found late as a table, for a file that somebody works through."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from registry.instants import moment
from registry.services.administrations.findings import Finding

FINDING_COLUMNS = (
    "because_of", "state", "relation", "lot", "administration", "recipient", "study", "arm", "containers", "at",
    "open", "answers", "reasons",
)  # fmt: skip


def finding_rows(findings: Iterable[Finding]) -> Iterator[tuple[str, ...]]:
    """One row each; the code is empty for whoever may not see codes."""
    for each in findings:
        given = each.administration
        answers = "; ".join(f"{answer.what} by {answer.by} at {moment(answer.at)}" for answer in each.answers)
        yield (
            each.because_of, each.state, each.relation, given.lot, given.administration, given.recipient or "",
            given.study, given.arm, " ".join(map(str, given.containers)), moment(given.at),
            "yes" if each.open else "no", answers, " ".join(each.reasons),
        )  # fmt: skip

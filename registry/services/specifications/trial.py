"""What a specification would change: every product lot judged by it, beside what each is held against now.

    registry.specifications.try_out(draft).changed
    (Changed("H-03", "released", "pass", "fail", (CriterionChange("cd105", "pass", "fail"),)),)

Nothing is kept and no decision changes: a released lot stays with the specification that its release names. The
compiled engine judges in batches, and whatever changes is compared again by the plain comparison, which must agree.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from registry.domain import CriterionOutcome, LotOutcome, LotVerdict, Specification
from registry.judgement.judge import require_comparison
from registry.ledger import Ledger
from registry.services.answers import Answer
from registry.services.lot_state import LotState, LotStates

AT_ONCE = 500
"""Lots whose evidence is held in memory together."""
FEW = 300
"""Lots up to which a page tries a draft unasked; of more the command does."""


@dataclass(frozen=True, slots=True)
class CriterionChange:
    """One criterion that comes out otherwise; None where a specification does not ask for it."""

    id: str
    before: CriterionOutcome | None
    after: CriterionOutcome | None

    def as_dict(self) -> dict[str, Any]:
        """As JSON: ``from`` and ``to``."""
        return {"id": self.id, "from": self.before, "to": self.after}


@dataclass(frozen=True, slots=True)
class Changed:
    """A lot whose verdict would be another; ``before`` is None for one that is held against nothing now."""

    lot: str
    state: str
    before: LotOutcome | None
    after: LotOutcome
    criteria: tuple[CriterionChange, ...]

    def as_dict(self) -> dict[str, Any]:
        """As JSON: ``from`` and ``to``."""
        criteria = [change.as_dict() for change in self.criteria]
        return {"lot": self.lot, "state": self.state, "from": self.before, "to": self.after, "criteria": criteria}


@dataclass(frozen=True, slots=True)
class Trial(Answer):
    """What a specification would change over so many lots, at a size of the ledger."""

    specification: Specification
    lots: int
    changed: tuple[Changed, ...]
    ledger_size: int

    @property
    def no_longer(self) -> tuple[Changed, ...]:
        """The lots that may be injected now and would not conform."""
        return tuple(each for each in self.changed if each.before == "pass" and each.state == "released")

    @property
    def newly(self) -> tuple[Changed, ...]:
        """The lots that do not conform now, and would."""
        return tuple(each for each in self.changed if each.after == "pass" and each.before is not None)

    @property
    def by_criterion(self) -> list[tuple[CriterionChange, int]]:
        """How often each criterion changes in each way among the lots that change, the most frequent first."""
        return Counter(change for each in self.changed for change in each.criteria).most_common()

    def as_dict(self) -> dict[str, Any]:
        """The document of ``specification try --format json``."""
        return {
            "specification": {name: getattr(self.specification, name) for name in ("id", "version", "digest")},
            "lots": self.lots,
            "changed": [each.as_dict() for each in self.changed],
            "ledger_size": self.ledger_size,
        }


class Trials:
    """Specifications tried over the lots of one registry."""

    def __init__(self, ledger: Ledger, states: LotStates) -> None:
        self._ledger = ledger
        self._states = states

    def is_quick(self) -> bool:
        """Whether there are so few lots that a page may wait for it."""
        return len(self._ledger.matching("lot", limit=FEW + 1, entry_kind="lot")) <= FEW

    def run(self, draft: Specification) -> Trial:
        """Every product lot held against ``draft``; raises Corrupt where two judges do not agree."""
        with self._ledger.view() as moment:
            size = moment.size()
            lots = dict.fromkeys(entry.lots[0] for entry in moment.entries(kind="lot"))
        judged, changed = 0, list[Changed]()
        every = iter(lots)
        while batch := list(islice(every, AT_ONCE)):
            states = [state for state in self._states.of(batch, size=size) if state.facts.lot.kind == "product lot"]
            judged += len(states)
            changed.extend(self._changed(draft, states))
        return Trial(draft, judged, tuple(changed), size)

    def _changed(self, draft: Specification, states: Sequence[LotState]) -> Iterator[Changed]:
        asked = [(state.facts, draft, state.facts.results) for state in states]
        verdicts = self._states.judged(asked, states[0].at) if states else []
        for state, after in zip(states, verdicts, strict=True):
            before = state.verdict
            if before is not None and before.verdict == after.verdict:
                continue
            require_comparison(draft, after, self._states.terms)
            if before is not None and state.specification is not None:
                require_comparison(state.specification, before, self._states.terms)
            yield Changed(
                state.facts.lot.id,
                state.status.state,
                before.verdict if before else None,
                after.verdict,
                tuple(_criteria(before, after)),
            )


def _criteria(before: LotVerdict | None, after: LotVerdict) -> Iterator[CriterionChange]:
    """Every criterion whose outcome differs, the draft's in its order and then those that it no longer asks for.

    What only one of them asks for is listed where the lot does not pass it: it is why the verdict is another.
    """
    old: dict[str, CriterionOutcome] = {item.id: item.verdict for item in before.criteria} if before else {}
    new = {item.id: item.verdict for item in after.criteria}
    for name in dict.fromkeys((*new, *old)):
        if {old.get(name, "pass"), new.get(name, "pass")} != {"pass"} and old.get(name) != new.get(name):
            yield CriterionChange(name, old.get(name), new.get(name))

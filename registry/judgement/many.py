"""Many lots judged by one specification from kept results: what several lots show alike is judged once.

    judge = ManyLots(specification, terms, at)
    cases = judge.cases(Kept("P-07", kept("P-07", results, accepted), containers=12))
    judge.combined(cases)          Combined("fail", (("cd105", "fail"), …))
    judge.require_shacl(cases)     the same cases judged by SHACL; raises Corrupt where it says otherwise

A *case* is one criterion with the results that bear on it, whichever lot shows them. Its evidence is derived by the
same function as at a release, and compared as exact decimals.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from registry.domain import Criterion, CriterionOutcome, Evidence, LotOutcome, Specification
from registry.judgement import combination, evidence, independent, shacl
from registry.judgement.evidence.counting import PERCENT
from registry.judgement.evidence.dose import BESIDE
from registry.judgement.judge import require_agreement
from registry.judgement.kept_results import KeptResults, result_of, shared
from registry.vocabulary import Terms

Cases = tuple[int, ...]
"""The number of one case for each criterion, in the criteria's order."""
_Texts = tuple[str, ...]
_Case = tuple[int, _Texts, int | None, tuple[tuple[str, _Texts], ...]]
"""The criterion's place, the results that bear on it, the lot's containers, and its origins' results."""
_Shown = tuple[bool, str | None, str | None, Decimal | None]
_ANY = "any lot"


@dataclass(frozen=True, slots=True)
class Kept:
    """One lot as it is kept: its results, how many containers it was recorded with, and what it derives from.

    ``origins`` are the lots that a criterion may be inherited from, in their order.
    """

    lot: str
    results: KeptResults
    containers: int | None = None
    origins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Combined:
    """A lot's verdict and the outcome of each criterion and each either/or, without what it rests on."""

    verdict: LotOutcome
    criteria: tuple[tuple[str, CriterionOutcome], ...]
    groups: tuple[tuple[str, CriterionOutcome], ...] = ()


class ManyLots:
    """One specification held against many lots at one time. ``origin`` finds what is kept of a lot's origin."""

    def __init__(
        self, specification: Specification, terms: Terms, at: datetime, origin: Callable[[str], Kept | None]
    ) -> None:
        self.specification = specification
        self.grows_stale = any(each.window is not None for each in specification.criteria)
        self._terms = terms
        self._at = at
        self._origin = origin
        self._criteria = specification.criteria
        self._alone = tuple(not _may_be_converted(each) and each.inherited_from is None for each in self._criteria)
        self._bearing: dict[str, tuple[tuple[int, str], ...]] = {}
        self._numbers: dict[_Case | tuple[int, _Texts], int] = {}
        self._nodes: list[tuple[Evidence, ...]] = []
        self._outcomes: list[list[CriterionOutcome]] = []
        self._kinds: list[int] = []
        self._kind_of: dict[tuple[int, tuple[CriterionOutcome, ...], tuple[_Shown, ...]], int] = {}
        self._alike: dict[tuple[int, ...], Combined] = {}
        self._agreed: set[int] = set()

    def cases(self, lot: Kept) -> Cases:
        """The cases of one lot, each judged by the comparison when it is met first."""
        if lot.results.tangled:
            every = lot.results.texts
            return tuple(self._beside(place, every, lot) for place in range(len(self._criteria)))
        per: list[_Texts] = [()] * len(self._criteria)
        bearing, numbers, alone = self._bearing, self._numbers, self._alone
        for text in lot.results.texts:
            places = bearing.get(text)
            for place, name in self._bears(text) if places is None else places:
                per[place] += (name,)
        return tuple(
            known if alone[key[0]] and (known := numbers.get(key)) is not None else self._beside(key[0], key[1], lot)
            for key in enumerate(per)
        )

    def combined(self, cases: Cases) -> Combined:
        """What they say together; lots whose cases come out alike share it."""
        kinds = tuple(map(self._kinds.__getitem__, cases))
        known = self._alike.get(kinds)
        if known is None:
            nodes = [replace(node, lot=_ANY) for case in cases for node in self._nodes[case]]
            outcomes = {
                (_ANY, criterion.id): self._outcomes[case]
                for criterion, case in zip(self._criteria, cases, strict=True)
            }
            verdict = combination.combine(self.specification, _ANY, nodes, outcomes, self._terms)
            known = Combined(
                verdict.verdict, tuple((item.id, item.verdict) for item in verdict.criteria),
                tuple((group.id, group.verdict) for group in verdict.groups),
            )  # fmt: skip
            self._alike[kinds] = known
        return known

    def require_shacl(self, cases: Iterable[int]) -> None:
        """Judge these cases by SHACL too, those that were not yet; raises Corrupt where the two do not agree."""
        asked = [case for case in dict.fromkeys(cases) if case not in self._agreed]
        if not asked:
            return
        judged = shacl.judge(self.specification, [node for case in asked for node in self._nodes[case]])
        compared = {self._key(case): self._outcomes[case] for case in asked}
        require_agreement(self.specification, "the plain comparison", compared, judged)
        self._agreed.update(asked)

    def _key(self, case: int) -> tuple[str, str]:
        node = self._nodes[case][0]
        return node.lot, node.criterion

    def _bears(self, text: str) -> tuple[tuple[int, str], ...]:
        """On which criteria a result bears, each with as much of the text as the criterion asks for."""
        if text in self._bearing:
            return self._bearing[text]
        result, _accepted = result_of(text, _ANY)
        places = []
        for place, criterion in enumerate(self._criteria):
            amount = result.characteristic in BESIDE and _may_be_converted(criterion)
            if amount or evidence.bears(result, criterion, self._terms):
                places.append((place, text if _asks_of_its_own(criterion) else shared(text)))
        self._bearing[text] = tuple(places)
        return self._bearing[text]

    def _beside(self, place: int, texts: _Texts, lot: Kept) -> int:
        """The case of a criterion, with what may matter to it beside the results that bear on it."""
        criterion = self._criteria[place]
        held: tuple[tuple[str, _Texts], ...] = ()
        if criterion.inherited_from is not None:
            held = tuple((name, self._of_origin(place, name)) for name in lot.origins)
        containers = lot.containers if texts and _may_be_converted(criterion) else None
        key: _Case | tuple[int, _Texts] = (place, texts) if self._alone[place] else (place, texts, containers, held)
        known = self._numbers.get(key)
        return self._new(key, (place, texts, containers, held)) if known is None else known

    def _of_origin(self, place: int, name: str) -> _Texts:
        kept = self._origin(name)
        if kept is None or kept.results.tangled:
            return () if kept is None else kept.results.texts
        return tuple(name for text in kept.results.texts for at, name in self._bears(text) if at == place)

    def _new(self, key: _Case | tuple[int, _Texts], case: _Case) -> int:
        place, texts, containers, held = case
        number, criterion = len(self._nodes), self._criteria[place]
        lot = f"case {number}"
        own = [result_of(text, lot) for text in texts]
        origins = {name: [result_of(text, name) for text in its] for name, its in held}
        accepted = {result.iri for pairs in (own, *origins.values()) for result, is_accepted in pairs if is_accepted}
        nodes = evidence.derive(
            self.specification, lot, [result for result, _accepted in own], self._terms, at=self._at,
            accepted=frozenset(iri for iri in accepted if iri is not None), containers=containers, only=criterion.id,
            origins={name: [result for result, _accepted in pairs] for name, pairs in origins.items()},
        )  # fmt: skip
        outcomes = independent.judge(self.specification, nodes)[lot, criterion.id]
        shown = tuple((node.conflict, node.outcome, node.method, node.duration) for node in nodes)
        kind = self._kind_of.setdefault((place, tuple(outcomes), shown), len(self._kind_of))
        self._nodes.append(nodes)
        self._outcomes.append(outcomes)
        self._kinds.append(kind)
        self._numbers[key] = number
        return number


def _may_be_converted(criterion: Criterion) -> bool:
    """Whether other amounts may be needed beside its own result."""
    return criterion.operator != "one of" and criterion.unit != PERCENT


def _asks_of_its_own(criterion: Criterion) -> bool:
    """Whether a criterion asks for what differs from lot to lot: when a test was, and of how many events."""
    return any(asked is not None for asked in (criterion.window, criterion.confidence, criterion.least_events))

"""A lot's state: what is on record at a time, judged by the specification in force, and what that answers.

The only place that composes it. A lot's page, lists, previews, the queue, the graph, certificates and releases ask
here, so that none of them can say what another does not.

1. what is on record                 ``LotReader.facts_of``
2. the specification in force        ``specifications.in_force``
3. the evidence judged, in batches   ``LotStates.verdicts``, ``judge_lots``
4. since when a release did not stand  ``LotStates._lapse``, ``release.first_lapse``
5. how long the evidence stays fresh   ``release.fresh_until``
6. the answer                        ``release.status``
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from registry.domain import DecisionKind, LotFacts, LotVerdict, PanelOnRecord, Recorded, Result, Specification
from registry.judgement.judge import if_fresh, judge_lots
from registry.ledger import Ledger
from registry.ledger.lots import LotReader
from registry.release import Lapse, Status, awaited, completes, first_lapse, fresh_until, lapsed, passes, status
from registry.services.ontologies.current import Current
from registry.services.specifications.in_force import specification_of
from registry.services.verdict_cache import VerdictCache, grows_stale, key_of
from registry.specifications import departures_of, gaps_at_release
from registry.vocabulary import Terms

BEFORE_ANY_EXPIRY = datetime(1, 1, 1, tzinfo=UTC)
"""At this moment no lot has expired, no condition is overdue, and no result is fresh yet."""
Judged = tuple[LotFacts, Specification, Sequence[Result]]
"""A lot, the specification that it is judged by, and the results that are judged: its own, more, or some of them."""


@dataclass(frozen=True, slots=True)
class LotState:
    """A lot's facts, the specification that it is held against, the verdict, and the answer (``status``) at ``at``.

    ``pinned`` tells whether a decision settled the specification (the release that named it, or a rejection), or it is
    the one now approved for the product. ``fresh`` is when evidence outlives its window.
    """

    facts: LotFacts
    specification: Specification | None
    pinned: bool
    verdict: LotVerdict | None
    lapse: Lapse | None
    fresh: datetime | None
    status: Status
    at: datetime

    @property
    def without_clock(self) -> Status:
        """The answer as if no lot expired and no condition became overdue: whoever keeps it compares the time later."""
        return status(self.facts, self.verdict, BEFORE_ANY_EXPIRY, self.lapse)


@dataclass(frozen=True, slots=True)
class TimelessState:
    """What is so of a lot for the same ledger whatever the clock says, as the graph holds it.

    ``verdict`` is that of a moment when nothing is fresh yet, ``if_fresh`` of one when everything whose time is known
    is: where they differ it depends on the time. ``suspended`` is of a lot whose newest decision is a release, and
    ``lapses_at`` of one that awaits something until then.
    """

    facts: LotFacts
    specification: Specification | None = None
    verdict: LotVerdict | None = None
    if_fresh: LotVerdict | None = None
    suspended: bool = False
    lapses_at: datetime | None = None


class LotStates:
    """The states of one registry's lots. One instance serves all threads of a process."""

    def __init__(self, ledger: Ledger, reader: LotReader, ontologies: Current) -> None:
        self._ledger = ledger
        self._reader = reader
        self._ontologies = ontologies
        self.known = VerdictCache()

    @property
    def terms(self) -> Terms:
        """What terms are called now: a release records it."""
        return self._ontologies.terms

    def of(self, lots: Sequence[str], at: datetime | None = None, *, size: int | None = None) -> list[LotState]:
        """The state of each lot, now or at an earlier time of the ledger, all judged together; raises Unknown.

        ``size`` is the ledger's size at which they are read, that of ``at`` unless one is named.
        """
        moment = self._ledger.now() if at is None else at
        every = self._reader.facts_of(lots, self._reader.size_at(at) if size is None else size)
        return self._states(every, moment)

    def one(self, lot: str, at: datetime | None = None) -> LotState:
        """The state of one lot, now or at an earlier time of the ledger; raises Unknown."""
        return self.of([lot], at)[0]

    def for_decision(self, states: Sequence[LotState], kind: DecisionKind, *, compare: bool = False) -> list[LotState]:
        """The lots held against what a decision on them would pin: the specification approved for each product now.

        A release that completes a conditional release keeps to the specification that that one names. Once the lot has
        expired nobody is given it on the strength of this, and its evidence need be no fresher than when it was given.
        ``compare`` asks the plain comparison too.
        """
        held: list[LotState] = []
        for state in states:
            digest, at = _would_pin(state, kind)
            against = self._reader.specification(digest) if digest else None
            verdict = state.verdict
            if compare or at != state.at or against != state.specification:
                verdict = self.verdict(state.facts, against, at=at, compare=compare) if against else None
            held.append(replace(state, specification=against, verdict=verdict, pinned=False))
        return held

    def timeless(self, lots: Sequence[str]) -> list[TimelessState]:
        """What is so of each lot whatever the clock says, judged together; only product lots are held against anything.

        What the entries about a release's evidence tell, and no clock: a release that did not stand at one of them
        stays suspended though the evidence passes again, and a time that is over without an entry since is compared
        when it is read.
        """
        every = self._reader.facts_of(lots)
        products = [facts.lot.kind == "product lot" for facts in every]
        against = [
            specification_of(self._reader, facts)[0] if made else None
            for facts, made in zip(every, products, strict=True)
        ]
        verdicts = self._where_held(every, against, BEFORE_ANY_EXPIRY)
        return [self._timeless(*each) for each in zip(every, against, verdicts, strict=True)]

    def _states(self, every: Sequence[LotFacts], at: datetime) -> list[LotState]:
        held = [specification_of(self._reader, facts) for facts in every]
        verdicts = self._where_held(every, [against for against, _pinned in held], at)
        states = []
        for facts, (against, pinned), verdict in zip(every, held, verdicts, strict=True):
            lapse = self._lapse(facts, against, at)
            fresh = fresh_until(against, verdict, at) if against and verdict else None
            answer = status(facts, verdict, at, lapse, fresh)
            states.append(LotState(facts, against, pinned, verdict, lapse, fresh, answer, at))
        return states

    def with_results(self, states: Sequence[LotState], added: Mapping[str, Sequence[Result]]) -> list[LotState]:
        """The same lots as if these results, by lot, were entered now; one that is held against nothing stays so."""
        grown = [(state, tuple(added.get(state.facts.lot.id, ()))) for state in states]
        asked = [
            (state.facts, state.specification, (*state.facts.results, *results))
            for state, results in grown
            if state.specification is not None and results
        ]
        verdicts = iter(self.judged(asked, states[0].at) if asked else ())
        return [
            _grown(state, results, next(verdicts)) if state.specification is not None and results else state
            for state, results in grown
        ]

    def _timeless(self, facts: LotFacts, against: Specification | None, verdict: LotVerdict | None) -> TimelessState:
        if against is None or verdict is None:
            return TimelessState(facts)
        fresh = if_fresh(against, verdict, self._ontologies.terms)
        release = facts.decision_in_force
        if release is None or not release.releases or release.entry is None:
            return TimelessState(facts, against, verdict, fresh)
        changes = [change.at for each in (facts, *self.origins(facts, against)) for change in each.evidence_changes]
        lapse = self._lapse(facts, against, max([release.entry.at, *changes]))
        suspended = lapse is not None or not (passes(facts, verdict) or passes(facts, fresh))
        lapses_at = release.complete_by if awaited(facts, verdict) else None
        return TimelessState(facts, against, verdict, fresh, suspended, lapses_at)

    def _lapse(self, facts: LotFacts, against: Specification | None, at: datetime) -> Lapse | None:
        if against is None:
            return None
        return first_lapse(
            facts, self.origins(facts, against), at,
            lambda then, moment: self.verdict(then, against, at=moment),
            lambda moment: self._reader.facts(facts.lot.id, min(self._reader.size_at(moment), facts.size)),
            grows_stale=grows_stale(against),
        )  # fmt: skip

    def identity_gaps(self, facts: LotFacts, against: Specification) -> tuple[str, ...]:
        """Which identity markers of the product's cell type the specification does not gate, as sentences."""
        return gaps_at_release(departures_of(against, facts.product, self._ontologies.terms, {}))

    def origins(self, facts: LotFacts, against: Specification) -> tuple[LotFacts, ...]:
        """What is known of the lots that this one is recorded to derive from, where a criterion may be inherited.

        Product lots where there are any, else the cell banks; nothing where no criterion asks for it.
        """
        if not any(criterion.inherited_from is not None for criterion in against.criteria):
            return ()
        return tuple(self._reader.facts(parent, facts.size) for parent in facts.origin_names)

    def evidence(self, facts: LotFacts, against: Specification) -> tuple[str, ...]:
        """The digests of the records that a verdict rests on: the lot's current panels, and those it inherits from."""
        every = (facts, *self.origins(facts, against))
        return tuple(sorted({panel.entry.record for each in every for panel in each.current_panels}))

    def verdict(
        self, facts: LotFacts, against: Specification, *, at: datetime | None = None, compare: bool = False
    ) -> LotVerdict:
        """The evidence of one lot judged by one specification; ``compare`` asks the plain comparison too.

        ``at`` is the moment for which evidence may be stale, now unless one is named.
        """
        if not compare:
            return self.verdicts([(facts, against)], at)[0]
        verdict = self.judged([(facts, against, facts.results)], at, compare=True)[0]
        self.known.keep(key_of((facts, *self.origins(facts, against)), against), verdict)
        return verdict

    def verdicts(self, asked: Sequence[tuple[LotFacts, Specification]], at: datetime | None = None) -> list[LotVerdict]:
        """As ``verdict``, each lot by a specification of its own: what is not known yet is judged together."""
        keys = [key_of((facts, *self.origins(facts, against)), against) for facts, against in asked]
        answers = [self.known.get(key) for key in keys]
        unknown = [place for place, answer in enumerate(answers) if answer is None]
        judged = self.judged([(*asked[place], asked[place][0].results) for place in unknown], at)
        for place, verdict in zip(unknown, judged, strict=True):
            answers[place] = verdict
            self.known.keep(keys[place], verdict)
        return [answer for answer in answers if answer is not None]

    def judged(self, asked: Sequence[Judged], at: datetime | None = None, *, compare: bool = False) -> list[LotVerdict]:
        """Any results judged, such as a lot's own with those of a file that is not on record yet, in their order.

        What one specification judges is judged together: a batch costs a fraction of one by one. A lot that is named
        again is judged apart, for one graph holds one body of evidence of each lot.
        """
        moment = self._ledger.now() if at is None else at
        batches: dict[tuple[str, int], list[int]] = {}
        named = Counter[tuple[str, str]]()
        for place, (facts, against, _results) in enumerate(asked):
            again = (against.digest, facts.lot.id)
            batches.setdefault((against.digest, named[again]), []).append(place)
            named[again] += 1
        verdicts: dict[int, LotVerdict] = {}
        for places in batches.values():
            batch = self._batch([asked[place] for place in places], moment, compare=compare)
            verdicts |= dict(zip(places, batch, strict=True))
        return [verdicts[place] for place in range(len(asked))]

    def _batch(self, asked: Sequence[Judged], at: datetime, *, compare: bool) -> list[LotVerdict]:
        """Different lots judged by one specification. Lots without any result have the same verdict: one is judged."""
        against = asked[0][1]
        origins = {facts.lot.id: self.origins(facts, against) for facts, _against, _results in asked}
        every = [facts for facts, _against, _results in asked] + [each for known in origins.values() for each in known]
        bare = [facts.lot.id for facts, _against, results in asked if not results and not origins[facts.lot.id]]
        same = set(bare[1:])
        verdicts = judge_lots(
            against,
            {facts.lot.id: results for facts, _against, results in asked if facts.lot.id not in same},
            self._ontologies.terms,
            accepted=frozenset[str]().union(*(facts.accepted for facts in every)),
            compare=compare,
            at=at,
            origins_by_lot={lot: {each.lot.id: each.results for each in known} for lot, known in origins.items()},
            containers_by_lot={facts.lot.id: facts.lot.containers for facts, _against, _results in asked},
        )
        by_lot = {verdict.lot: verdict for verdict in verdicts}
        by_lot |= {lot: replace(by_lot[bare[0]], lot=lot) for lot in bare}
        return [by_lot[facts.lot.id] for facts, _against, _results in asked]

    def _where_held(
        self, every: Sequence[LotFacts], against: Sequence[Specification | None], at: datetime
    ) -> list[LotVerdict | None]:
        """The verdict of each lot, None for one that is held against nothing."""
        held = [(facts, by) for facts, by in zip(every, against, strict=True) if by is not None]
        verdicts = iter(self.verdicts(held, at))
        return [next(verdicts) if by is not None else None for by in against]


def _would_pin(state: LotState, kind: DecisionKind) -> tuple[str | None, datetime]:
    """The digest of the specification that a decision would name, and when the evidence has to be fresh."""
    first, answer = state.facts.on_condition, state.status.state
    if first is not None and completes(state.facts, kind) and answer in {"released", "expired"}:
        return first.specification_digest, first.signed_at if answer == "expired" else state.at
    return (state.facts.approval.digest if state.facts.approval else None), state.at


def _grown(state: LotState, results: Sequence[Result], verdict: LotVerdict) -> LotState:
    """The state with results that were entered now: what was accepted before does not cover them."""
    facts, at, release = state.facts, state.at, state.facts.decision_in_force
    entry = Recorded(facts.size + 1, at, "", "")
    panel = PanelOnRecord("", facts.lot.id, None, tuple(results), None, "", entry)
    after, lapse = replace(facts, panels=(*facts.panels, panel)), state.lapse
    if state.verdict is not None and release is not None and release.releases:
        lapse = lapse or lapsed(facts, state.verdict, at) or lapsed(after, verdict, at)
    fresh = fresh_until(state.specification, verdict, at) if state.specification else None
    answer = status(after, verdict, at, lapse, fresh)
    return replace(state, facts=after, verdict=verdict, lapse=lapse, fresh=fresh, status=answer)

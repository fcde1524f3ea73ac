"""Which results of a lot stand, and how they are related (design: several results for one characteristic).

A retest or correction takes the place of what it names only once the quality unit has accepted it. Until then both
stand and the worst counts: so a result that passed may be made worse at once, and never better.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

from registry.domain import Result


def by(key: Callable[[Result], Hashable], results: Sequence[Result]) -> list[list[Result]]:
    """The results grouped by ``key``, groups and members in their first order."""
    groups: dict[Hashable, list[Result]] = {}
    for result in results:
        groups.setdefault(key(result), []).append(result)
    return list(groups.values())


def _kind(result: Result) -> Hashable:
    """What has to agree for one result to be a retest of another: what was measured, and at which stage."""
    return (result.characteristic, frozenset(result.members), result.stage)


def _names(named: Result, by_result: Result) -> set[str]:
    """What ``by_result`` may call ``named``: its IRI, or its row, alone in the same file or after the file's name."""
    if named.source.row is None:
        return {named.iri} if named.iri else set()
    row, file = named.source.row, named.source.file
    names = {f"{file}#{row}", f"{file}:{row}", f"{file} row {row}"}
    if file == by_result.source.file:
        names |= {str(row), f"row {row}", f"#{row}"}
    return names | ({named.iri} if named.iri else set())


class Relations:
    """The results of one lot, and what supersedes what. ``standing`` are those that no accepted one replaces."""

    def __init__(self, results: Sequence[Result], accepted: frozenset[str]) -> None:
        self._results = list(results)
        self._accepted = accepted
        self._target: dict[int, int] = {}
        for place, result in enumerate(self._results):
            target = self._resolve(place, result)
            if target is not None:
                self._target[place] = target
        self._drop_cycles()
        self._gone = {target for place, target in self._target.items() if self._is_accepted(self._results[place])}
        self.standing = [result for place, result in enumerate(self._results) if place not in self._gone]
        self._place = {id(result): place for place, result in enumerate(self._results)}

    def _resolve(self, place: int, result: Result) -> int | None:
        """The one result that a retest or correction names; None when it names none here, or more than one."""
        if result.relation not in ("retest", "correction") or not result.supersedes or not result.reason:
            return None
        name = result.supersedes.strip()
        places = [at for at, other in enumerate(self._results) if at != place and name in _names(other, result)]
        if len(places) > 1:
            places = [at for at in places if _kind(self._results[at]) == _kind(result)]
        return places[0] if len(places) == 1 else None

    def _drop_cycles(self) -> None:
        """Results that supersede each other in a ring supersede nothing: else all of them would vanish."""
        in_ring = set()
        for start in self._target:
            seen, at = {start}, self._target.get(start)
            while at is not None and at not in seen:
                seen.add(at)
                at = self._target.get(at)
            if at == start:
                in_ring.add(start)
        for place in in_ring:
            del self._target[place]

    def _is_accepted(self, result: Result) -> bool:
        return result.iri is not None and result.iri in self._accepted

    def is_untested(self, result: Result) -> bool:
        """A plain "not tested" is no result. As a correction of a result it is one, and says that nothing is known."""
        if result.reading.state != "not tested":
            return False
        target = self._target.get(self._place[id(result)])
        return target is None or target in self._gone

    def conflict(self, group: Sequence[Result]) -> bool:
        """True when results of one characteristic and stage stand beside each other unrelated."""
        roots = {self._root(self._place[id(result)]) for result in group if result.relation != "replicate"}
        return len(roots) > 1

    def _root(self, place: int) -> int:
        while place in self._target and _kind(self._results[self._target[place]]) == _kind(self._results[place]):
            place = self._target[place]
        return place

    def _awaiting(self, result: Result) -> list[Result]:
        """The retests and corrections of ``result`` that nobody has accepted yet."""
        named = self._place[id(result)]
        return [self._results[place] for place, target in self._target.items() if target == named]

    def is_contested(self, result: Result) -> bool:
        """True when an unaccepted correction says that ``result`` was another characteristic, stage or cocktail."""
        return any(_kind(other) != _kind(result) for other in self._awaiting(result))

    def note(self, result: Result) -> str:
        """What is to be said about how ``result`` stands to others."""
        place = self._place[id(result)]
        if self._awaiting(result):
            return "a retest or correction of it counts only once the quality unit has accepted it"
        if result.relation in ("retest", "correction"):
            if place not in self._target:
                return f"the {result.relation} names no result here, or gives no reason"
            if not self._is_accepted(result):
                return f"a {result.relation} that the quality unit has not accepted yet"
        return ""

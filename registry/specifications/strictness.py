"""Whether a change lets more lots through, or fewer. A looser limit harms, so what cannot be told counts as looser too.

    effect_of_change(old, new, terms)     "looser": something that the old one stopped may now pass
                                          "stricter": only less may pass than before
                                          "partly looser": both, or it cannot be told
                                          "none": no verdict changes by it

Every aspect says in which directions it moves, and the directions of all aspects are put together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Literal

from registry.domain import Criterion, Interval, Specification
from registry.specifications.lint.limits import limits_of
from registry.vocabulary import Terms

Effect = Literal["looser", "partly looser", "stricter", "none"]
Directions = frozenset[str]

NOTHING: Directions = frozenset()
LOOSER: Directions = frozenset({"looser"})
STRICTER: Directions = frozenset({"stricter"})
BOTH = LOOSER | STRICTER

HARM_FIRST: tuple[Effect, ...] = ("looser", "partly looser", "stricter", "none")
_WEIGHT = {"informative": 0, "reference": 1, "gating": 2}


def effect_of_change(old: Criterion, new: Criterion, terms: Terms) -> Effect:
    """What it means for lots that ``old`` is now ``new``."""
    before, after = _WEIGHT[old.standing], _WEIGHT[new.standing]
    if not after or not before:
        return _effect(_more(before, after))
    return _effect(_more(before, after).union(*_asked(old, new, terms)))


def effect_of_adding(criterion: Criterion, groups_before: Iterable[str | None]) -> Effect:
    """A further criterion asks for more; in an either/or that stood already it is a further way to pass as well."""
    if criterion.standing == "informative":
        return "none"
    return _effect(BOTH if criterion.group is not None and criterion.group in groups_before else STRICTER)


def effect_of_removing(criterion: Criterion, groups_after: Iterable[str | None]) -> Effect:
    """What is no longer asked for stops no lot; in an either/or that stays, a way to pass is gone as well."""
    if criterion.standing == "informative":
        return "none"
    return _effect(BOTH if criterion.group is not None and criterion.group in groups_after else LOOSER)


def effect_on_the_whole(old: Specification, new: Specification) -> Effect:
    """For which products it may be approved, and whether it rounds."""
    directions = _optional(old.cell_type, new.cell_type) | _optional(old.species, new.species)
    if old.rounding != new.rounding:
        for criterion in new.criteria if new.rounding == "round to limit" else old.criteria:
            directions |= _rounded(criterion, coarser=new.rounding == "round to limit")
    return _effect(directions)


def _effect(directions: Directions) -> Effect:
    if directions == BOTH:
        return "partly looser"
    if not directions:
        return "none"
    return "looser" if directions == LOOSER else "stricter"


def _asked(old: Criterion, new: Criterion, terms: Terms) -> Iterator[Directions]:
    """One item for each aspect. Another stage or method lets other results count, good ones and bad ones: both."""
    if (old.characteristic, old.stage) != (new.characteristic, new.stage) or old.method != new.method:
        yield BOTH
    yield _limit(old, new, terms)
    yield _group(old.group, new.group)
    yield _more(old.duration or 0, new.duration or 0)
    yield _window(old.window, new.window)
    yield _more(old.confidence or 0, new.confidence or 0)
    yield _more(old.least_events or 0, new.least_events or 0)
    if old.population != new.population:
        yield STRICTER if old.population is None else BOTH
    yield _more(old.due == "before release", new.due == "before release")
    if old.inherited_from != new.inherited_from:
        yield BOTH if old.inherited_from and new.inherited_from else LOOSER if new.inherited_from else STRICTER


def _more(old: Decimal | int, new: Decimal | int) -> Directions:
    """More is stricter."""
    return NOTHING if old == new else STRICTER if new > old else LOOSER


def _window(old: Decimal | None, new: Decimal | None) -> Directions:
    """A shorter window is stricter, and none is the longest."""
    return _more(-(old or Decimal("Infinity")), -(new or Decimal("Infinity")))


def _optional(old: str | None, new: str | None) -> Directions:
    return NOTHING if old == new else BOTH if old and new else STRICTER if new else LOOSER


def _group(old: str | None, new: str | None) -> Directions:
    """Alone a criterion must be shown; in an either/or another one may be shown instead."""
    return NOTHING if old == new else BOTH if old and new else LOOSER if new else STRICTER


def _limit(old: Criterion, new: Criterion, terms: Terms) -> Directions:
    if "one of" in (old.operator, new.operator):
        if old.operator != new.operator:
            return BOTH
        before, after = set(old.outcomes), set(new.outcomes)
        return (LOOSER if after - before else NOTHING) | (STRICTER if before - after else NOTHING)
    if old.unit != new.unit:
        return BOTH
    was, now = _accepted(old, terms), _accepted(new, terms)
    directions = (NOTHING if now.within(was) else LOOSER) | (NOTHING if was.within(now) else STRICTER)
    if None in (old.decimals, new.decimals) or old.decimals == new.decimals:
        return directions  # that a specification rounds at all is said of the whole
    coarser = (new.decimals or 0) < (old.decimals or 0)
    return directions | _rounded(old, coarser=coarser) | _rounded(new, coarser=coarser)


def _accepted(criterion: Criterion, terms: Terms) -> Interval:
    """The values that meet the limit and can occur at all."""
    known = terms.characteristics.get(criterion.characteristic)
    limits = limits_of(criterion)
    possible = known.range if known is not None and criterion.unit in known.units else None
    return limits if possible is None else limits.intersect(possible)


def _rounded(criterion: Criterion, *, coarser: bool) -> Directions:
    """94.6 rounds up to a limit of at least 95, and 80.4 down to one that 80 does not meet."""
    if criterion.operator == "one of":
        return NOTHING
    limits = limits_of(criterion)
    ends = [is_open for limit, is_open in ((limits.low, limits.low_open), (limits.high, limits.high_open))
            if limit is not None]  # fmt: skip
    return NOTHING.union(*(LOOSER if coarser != is_open else STRICTER for is_open in ends))

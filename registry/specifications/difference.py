"""Two specifications, criterion by criterion, in words: what lets more lots through comes first.

cd34 changed, looser: limit: at most 2 % is now at most 5 %
cd166 added, stricter: CD166: at least 80 %, gating
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from registry.domain import Criterion, Specification
from registry.specifications.limits import words
from registry.specifications.overlap import akin
from registry.specifications.strictness import (
    HARM_FIRST,
    Effect,
    effect_of_adding,
    effect_of_change,
    effect_of_removing,
    effect_on_the_whole,
)
from registry.specifications.vocabulary import decimal_text
from registry.vocabulary import Terms
from registry.vocabulary.durations import printed

Kind = Literal["added", "removed", "changed"]
_WORDING = {"id", "title", "description", "source", "scope", "justification", "note", "name", "message", "label"}
_ASKED = ("either/or group", "stage", "inherited from", "method", "duration", "window", "population", "confidence",
          "least events")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """One aspect, as it was and as it is now; an empty text is nothing. ``wording``: it is only said otherwise."""

    aspect: str
    old: str
    new: str
    wording: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """One criterion (None: the specification as a whole) that differs, how, and what that does to lots.

    ``label`` is the criterion's name on paper, empty for the whole. Of what is added or removed, the one change holds
    everything that it asks for. ``instead`` is of what is removed: what the new one asks about the same or about
    what is evidence for it, in words; whether that is as strict is for the reader to tell.
    """

    criterion: str | None
    label: str
    kind: Kind
    effect: Effect
    changes: tuple[Change, ...]
    instead: tuple[str, ...] = ()

    @property
    def sentences(self) -> tuple[str, ...]:
        """``limit: at most 2 % is now at most 5 %``; ``CD166: at least 80 %, gating`` of what is new or gone."""
        if self.kind != "changed":
            return tuple(f"{self.label}: {change.old or change.new}" for change in self.changes)
        return tuple(
            f"{change.aspect}: {change.old or 'nothing'} is now {change.new or 'nothing'}" for change in self.changes
        )

    def as_dict(self) -> dict[str, object]:
        """The shape of one item of ``specification diff --format json``; ``instead`` is of what is removed alone."""
        answer: dict[str, object] = {"criterion": self.criterion, "label": self.label, "kind": self.kind}
        answer |= {"effect": self.effect, "changes": list(self.sentences)}
        return answer | {"instead": list(self.instead)} if self.kind == "removed" else answer


def compared(old: Specification, new: Specification, differences: Iterable[Difference]) -> dict[str, object]:
    """The shape of ``specification diff --format json``."""
    names = [
        {"id": specification.id, "version": specification.version, "digest": specification.digest}
        for specification in (old, new)
    ]
    return {"old": names[0], "new": names[1], "differences": [difference.as_dict() for difference in differences]}


def differences(old: Specification, new: Specification, terms: Terms) -> tuple[Difference, ...]:
    """Everything that differs: what is looser first, else in the new one's order, and what is gone last."""
    every = [*_of_the_whole(old, new, terms), *_of_criteria(old, new, terms)]
    return tuple(sorted(every, key=lambda difference: HARM_FIRST.index(difference.effect)))


def _of_the_whole(old: Specification, new: Specification, terms: Terms) -> Iterator[Difference]:
    whole = tuple(_changes(_head(old, terms), _head(new, terms)))
    if whole:
        yield Difference(None, "", "changed", effect_on_the_whole(old, new), whole)


def _of_criteria(old: Specification, new: Specification, terms: Terms) -> Iterator[Difference]:
    before = {criterion.id: criterion for criterion in old.criteria}
    renamed = _renamed(old.criteria, new.criteria)
    added: list[Criterion] = []
    groups = [{criterion.group for criterion in specification.criteria} for specification in (old, new)]
    for criterion in new.criteria:
        known = before.pop(renamed.get(criterion.id, criterion.id), None)
        if known is None:
            added.append(criterion)
            effect = effect_of_adding(criterion, groups[0])
            change = Change("", "", _summary(criterion, terms))
            yield Difference(criterion.id, criterion.label, "added", effect, (change,))
        elif changes := tuple(_changes(_said(known, terms), _said(criterion, terms))):
            effect = effect_of_change(known, criterion, terms)
            yield Difference(criterion.id, criterion.label, "changed", effect, changes)
    for name, removed in before.items():
        change = Change("", _summary(removed, terms), "")
        instead = tuple(f"{other.label}: {_summary(other, terms)}" for other in added if akin(removed, other, terms))
        yield Difference(name, removed.label, "removed", effect_of_removing(removed, groups[1]), (change,), instead)


def _renamed(old: Iterable[Criterion], new: Iterable[Criterion]) -> dict[str, str]:
    """New id → old id of what both ask of one characteristic at one stage, where no other could be meant."""
    ids = [{criterion.id for criterion in side} for side in (old, new)]
    apart = [
        Counter((criterion.characteristic, criterion.stage) for criterion in side if criterion.id not in others)
        for side, others in ((old, ids[1]), (new, ids[0]))
    ]
    once = {what for what, count in apart[0].items() if count == 1 == apart[1][what]}
    were = {
        (criterion.characteristic, criterion.stage): criterion.id for criterion in old if criterion.id not in ids[1]
    }
    return {
        criterion.id: were[criterion.characteristic, criterion.stage]
        for criterion in new
        if criterion.id not in ids[0] and (criterion.characteristic, criterion.stage) in once
    }


def _summary(criterion: Criterion, terms: Terms) -> str:
    """Everything that it asks for: ``no growth, gating, duration 14 d``."""
    texts = _said(criterion, terms)
    more = [f"{name} {texts[name]}" for name in _ASKED if texts[name]]
    late = [f"due {criterion.due}"] if criterion.due != "before release" else []
    return ", ".join([_limit(criterion, terms), criterion.standing, *more, *late])


def _changes(old: dict[str, str], new: dict[str, str]) -> Iterator[Change]:
    """What differs, wording last; that a sentence follows its limit need not be said."""
    for name in sorted(new, key=lambda name: name in _WORDING):
        follows = name == "message" and old.get("limit") != new.get("limit")
        if old[name] != new[name] and not follows:
            yield Change(name, old[name], new[name], name in _WORDING)


def _head(specification: Specification, terms: Terms) -> dict[str, str]:
    return {
        "title": specification.title,
        "description": specification.description,
        "source": specification.source,
        "cell type": terms.curie(specification.cell_type or ""),
        "species": terms.curie(specification.species or ""),
        "scope": specification.scope,
        "rounding": specification.rounding,
        "leaves out": "; ".join(f"{terms.label(iri)}: {why}" for iri, why in specification.omissions),
        "published": "yes" if specification.published else "no",
        "illustrative": "yes" if specification.illustrative else "no",
    }


def _limit(criterion: Criterion, terms: Terms) -> str:
    if criterion.operator == "one of":
        return " or ".join(terms.label(outcome) for outcome in criterion.outcomes)
    return words(criterion, terms.label(criterion.unit) if criterion.unit else "")


def _said(criterion: Criterion, terms: Terms) -> dict[str, str]:
    return {
        "id": criterion.id,
        "characteristic": terms.label(criterion.characteristic),
        "limit": _limit(criterion, terms),
        "standing": criterion.standing,
        "either/or group": criterion.group or "",
        "stage": terms.label(criterion.stage) if criterion.stage else "",
        "inherited from": terms.label(criterion.inherited_from) if criterion.inherited_from else "",
        "method": criterion.method or "",
        "duration": printed(criterion.duration) if criterion.duration is not None else "",
        "window": printed(criterion.window) if criterion.window is not None else "",
        "population": terms.label(criterion.population) if criterion.population else "",
        "confidence": decimal_text(criterion.confidence) if criterion.confidence is not None else "",
        "least events": str(criterion.least_events or ""),
        "due": criterion.due,
        "supports the claim": criterion.claim or "",
        "source": criterion.source,
        "justification": criterion.justification or "",
        "note": criterion.note or "",
        "name": criterion.name,
        "description": criterion.description,
        "message": criterion.message,
        "label": criterion.label,
    }

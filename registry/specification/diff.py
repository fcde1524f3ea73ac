"""Two versions of a specification, criterion by criterion, in words.

CD34: limit at most 2 % is now at most 5 %
CD166: new, at least 80 %, gating
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from registry.model import Criterion, Specification
from registry.specification.limits import words
from registry.terms import Terms
from registry.terms.durations import printed

Kind = Literal["added", "removed", "changed"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One criterion (None: the specification as a whole) that differs, and how, in sentences."""

    criterion: str | None
    kind: Kind
    changes: tuple[str, ...]

    def as_dict(self) -> dict[str, object]:
        """The shape of one item of ``specification diff --format json``."""
        return {"criterion": self.criterion, "kind": self.kind, "changes": list(self.changes)}


def differences(old: Specification, new: Specification, terms: Terms) -> tuple[Difference, ...]:
    """Everything that differs between two specifications, in the new one's order, what is gone last."""
    found = []
    whole = tuple(_changes(_head(old, terms), _head(new, terms)))
    if whole:
        found.append(Difference(None, "changed", whole))
    before = {criterion.id: criterion for criterion in old.criteria}
    for criterion in new.criteria:
        known = before.pop(criterion.id, None)
        if known is None:
            found.append(Difference(criterion.id, "added", (f"{criterion.label}: {_summary(criterion, terms)}",)))
        elif changes := tuple(_changes(_said(known, terms), _said(criterion, terms))):
            found.append(Difference(criterion.id, "changed", changes))
    gone = (Difference(name, "removed", (f"{one.label}: {_summary(one, terms)}",)) for name, one in before.items())
    return (*found, *gone)


def _summary(criterion: Criterion, terms: Terms) -> str:
    return f"{_limit(criterion, terms)}, {criterion.standing}"


def _changes(old: dict[str, str], new: dict[str, str]) -> Iterator[str]:
    """What is said otherwise; that a sentence follows its limit need not be said."""
    for name, value in new.items():
        follows = name == "message" and old.get("limit") != new.get("limit")
        if old[name] != value and not follows:
            yield f"{name}: {old[name] or 'nothing'} is now {value or 'nothing'}"


def _head(one: Specification, terms: Terms) -> dict[str, str]:
    return {
        "title": one.title,
        "description": one.description,
        "source": one.source,
        "cell type": terms.curie(one.cell_type or ""),
        "species": terms.curie(one.species or ""),
        "scope": one.scope,
        "rounding": one.rounding,
        "leaves out": "; ".join(f"{terms.label(iri)}: {why}" for iri, why in one.omissions),
        "published": "yes" if one.published else "no",
        "illustrative": "yes" if one.illustrative else "no",
    }


def _limit(criterion: Criterion, terms: Terms) -> str:
    if criterion.operator == "one of":
        return " or ".join(terms.label(outcome) for outcome in criterion.outcomes)
    return words(criterion, terms.label(criterion.unit) if criterion.unit else "")


def _said(criterion: Criterion, terms: Terms) -> dict[str, str]:
    return {
        "characteristic": terms.label(criterion.characteristic),
        "limit": _limit(criterion, terms),
        "standing": criterion.standing,
        "either/or group": criterion.group or "",
        "stage": terms.label(criterion.stage) if criterion.stage else "",
        "inherited from": terms.label(criterion.inherited_from) if criterion.inherited_from else "",
        "method": criterion.method or "",
        "duration": printed(criterion.duration) if criterion.duration is not None else "",
        "window": printed(criterion.window) if criterion.window is not None else "",
        "due": criterion.due,
        "source": criterion.source,
        "justification": criterion.justification or "",
        "note": criterion.note or "",
        "name": criterion.name,
        "description": criterion.description,
        "message": criterion.message,
        "label": criterion.label,
    }

"""A specification in words: everything that it can say, readable by somebody who never saw its table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from registry.domain import Criterion, Specification
from registry.errors import Unknown
from web.access import registry
from web.language import _, several
from web.number_format import figure

TWO_DAYS = 48
_LONG = re.compile(r"(?<![\w./-])[0-9]{5,}(?![\w./-])")


@dataclass(frozen=True, slots=True)
class Choice:
    """A specification to choose, by ID@VERSION."""

    name: str
    title: str
    is_chosen: bool


def choices(
    others: Iterable[Specification], same: str, chosen: str = "", but: str = ""
) -> tuple[tuple[str, list[Choice]], ...]:
    """Specifications to choose from: those with the id ``same`` first, then others; ``but`` is left out."""
    groups: tuple[list[Choice], list[Choice]] = ([], [])
    for other in others:
        name = f"{other.id}@{other.version}"
        if name != but:
            groups[other.id != same].append(Choice(name, other.title, name == chosen))
    return (_("The same specification"), groups[0]), (_("Others"), groups[1])


def rows(specification: Specification) -> list[dict[str, object]]:
    """Each criterion: what it is of, its limit, what is asked of its evidence, and why."""
    terms = registry().terms
    return [
        {
            "criterion": item,
            "id": "" if item.id == item.label.lower().replace(" ", "-") else item.id,
            "name": "" if item.name == item.label else item.name,
            "term": "" if _members(item) else terms.curie(item.characteristic),
            "members": _members(item),
            "limit": limit(item),
            "asked": list(_asked(item)),
            "told": [words for words in registry().specifications.own_words(item) if words],
        }
        for item in specification.criteria
    ]


def left_out(specification: Specification) -> list[tuple[str, str]]:
    """(marker, why) of every marker that it says it leaves out."""
    return [(registry().terms.label(iri), why) for iri, why in specification.omissions]


def scope(specification: Specification) -> dict[str, str]:
    """For which cells of which species it is, by CURIE; an empty text for any."""
    terms = registry().terms
    return {
        "cell_type": terms.curie(specification.cell_type or ""),
        "species": terms.curie(specification.species or ""),
    }


def _members(criterion: Criterion) -> list[str]:
    """The markers of a cocktail that is read as one figure."""
    terms = registry().terms
    members = next(
        (cocktail.members for cocktail in terms.cocktails if cocktail.iri == criterion.characteristic), frozenset()
    )
    return sorted(terms.label(iri) for iri in members)


def limit(criterion: Criterion) -> str:
    """The acceptance limit: ``at least 95 %``, ``more than 8 and at most 48 h``, ``one of: 46,XX; 46,XY``."""
    terms = registry().terms
    if criterion.outcomes:
        words = [terms.label(outcome) for outcome in criterion.outcomes]
        return words[0] if len(words) == 1 else _("one of: %(outcomes)s", outcomes="; ".join(words))
    unit = f" {terms.label(criterion.unit)}" if criterion.unit else ""
    low, high = (printed(value, criterion.decimals) for value in (criterion.low, criterion.high))
    above = criterion.low_is_excluded
    below = criterion.high_is_excluded
    if low and high:
        return _between(low, high + unit, above=above, below=below)
    if low:
        return _("more than %(low)s", low=low + unit) if above else _("at least %(low)s", low=low + unit)
    return _("less than %(high)s", high=high + unit) if below else _("at most %(high)s", high=high + unit)


def grouped(text: str) -> str:
    """The same limit with its long figures in groups of three."""
    return _LONG.sub(lambda match: figure(match[0]), text)


def _between(low: str, high: str, *, above: bool, below: bool) -> str:
    if above and below:
        return _("more than %(low)s and less than %(high)s", low=low, high=high)
    if above:
        return _("more than %(low)s and at most %(high)s", low=low, high=high)
    if below:
        return _("at least %(low)s and less than %(high)s", low=low, high=high)
    return _("at least %(low)s and at most %(high)s", low=low, high=high)


def printed(value: Decimal | None, decimals: int | None = None) -> str:
    """``20 000 000``, ``0.5``; with as many decimals as results are rounded to. An empty text for none."""
    if value is None:
        return ""
    whole, _point, fraction = format(value.normalize(), "f").partition(".")
    fraction = fraction.ljust(decimals or 0, "0")
    return figure(f"{whole}.{fraction}" if fraction else whole)


def time(hours: Decimal) -> str:
    """``14 days``, ``2 hours``, ``90 minutes``."""
    if hours >= TWO_DAYS and hours % 24 == 0:
        return several("%(num)s day", "%(num)s days", int(hours / 24))
    if hours % 1 == 0:
        return several("%(num)s hour", "%(num)s hours", int(hours))
    if hours * 60 % 1 == 0:
        return several("%(num)s minute", "%(num)s minutes", int(hours * 60))
    return _("%(number)s hours", number=printed(hours))


def claim_text(claim: str) -> str:
    """The claim by what it says, where it is one of this registry's; else by its identifier alone."""
    try:
        known = registry().claims.get(claim)
    except Unknown:
        return claim
    text = _("%(cells)s: %(process)s", cells=known.of.label, process=known.process.label)
    return _("%(claim)s (withdrawn)", claim=claim) if known.withdrawn else f"{claim} ({text})"


def _asked(criterion: Criterion) -> Iterator[str]:
    """What is asked of the evidence beside its value, a sentence each."""
    terms = registry().terms
    if criterion.stage is not None:
        yield _("At the stage %(stage)s.", stage=terms.label(criterion.stage))
    if criterion.inherited_from is not None:
        yield _(
            "Not tested there, it may be shown at the stage %(stage)s, by this lot or by every lot it derives from.",
            stage=terms.label(criterion.inherited_from),
        )
    if criterion.method is not None:
        methods = [method.strip() for method in criterion.method.split("|")]
        yield _("By %(methods)s, and by nothing else.", methods=f" {_('or')} ".join(methods))
    if criterion.duration is not None:
        yield _("A test of at least %(time)s; a shorter one does not show it.", time=time(criterion.duration))
    if criterion.population is not None:
        yield _("A percentage of %(cells)s, and it must say so.", cells=terms.label(criterion.population))
    if criterion.least_events is not None:
        yield _("Of at least %(count)s counted events.", count=criterion.least_events)
    if criterion.confidence is not None:
        yield _(
            "The counted events must show it with %(sure)s %% confidence (one-sided, Clopper-Pearson).",
            sure=printed(criterion.confidence * 100),
        )
    if criterion.window is not None:
        yield _("Not older than %(time)s when the lot is judged.", time=time(criterion.window))
    if criterion.claim is not None:
        yield _("A lot that passes it shows the claim %(claim)s by its own result.", claim=claim_text(criterion.claim))
    if criterion.due != "before release":
        yield _("Due after release: until it is known, only a conditional release can be signed.")
    if criterion.decimals == 0:
        yield _("A figure is rounded half up to a whole number before it is judged.")
    elif criterion.decimals is not None:
        yield several(
            "A figure is rounded half up to %(num)s decimal before it is judged.",
            "A figure is rounded half up to %(num)s decimals before it is judged.",
            criterion.decimals,
        )

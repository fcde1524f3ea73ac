"""What changed from one release to the next, term by term."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from registry.identifiers import CPR
from registry.ontology_releases.slices.slices import Class, Slice
from registry.ontology_releases.successor import Resolution, is_reissued, resolve

_SIGN = {
    CPR + "carries": "carries",
    CPR + "carriesHigh": "carries",
    CPR + "carriesLow": "carries",
    CPR + "lacks": "lacks",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One term that is not what it was: its name or parents (IRIs, sorted) before and after."""

    iri: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Flip:
    """A cell type that carried a marker and now lacks it, or the reverse."""

    iri: str
    marker: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Difference:
    """Everything that changed. ``obsolete`` were current before and are not now, each with what became of it;
    ``reused`` are numbers that mean something else than they did, or that were given up because they did."""

    old: Slice
    new: Slice
    added: tuple[str, ...]
    obsolete: tuple[Resolution, ...]
    relabelled: tuple[Change, ...]
    moved: tuple[Change, ...]
    reused: tuple[str, ...]
    flips: tuple[Flip, ...]
    relations_gone: tuple[str, ...]
    relations_new: tuple[str, ...]

    @property
    def replaced(self) -> tuple[Resolution, ...]:
        """Those obsolete ones that have one current successor."""
        return tuple(resolution for resolution in self.obsolete if resolution.outcome == "replaced")

    def is_empty(self) -> bool:
        """True when nothing that is compared here changed."""
        return not (self.added or self.obsolete or self.relabelled or self.moved or self.reused or self.flips)

    def touched(self) -> frozenset[str]:
        """The terms whose meaning a user should look at: obsolete, relabelled, moved, reused, flipped."""
        terms = {change.iri for group in (self.obsolete, self.relabelled, self.moved, self.flips) for change in group}
        return frozenset(terms | set(self.reused))


def difference(old: Slice, new: Slice) -> Difference:
    """What changed from ``old`` to ``new``; a term that ``old`` never had and that is obsolete in ``new`` did not."""
    before = {iri: term for iri, term in old.classes.items() if not term.deprecated}
    after = {iri: term for iri, term in new.classes.items() if not term.deprecated}
    both = sorted(before.keys() & after.keys())
    return Difference(
        old=old,
        new=new,
        added=tuple(sorted(after.keys() - old.classes.keys())),
        obsolete=tuple(resolve(new.classes, iri) for iri in sorted(before.keys() - after.keys())),
        relabelled=tuple(
            Change(iri, (before[iri].label,), (after[iri].label,))
            for iri in both
            if before[iri].label != after[iri].label
        ),
        moved=tuple(
            Change(iri, before[iri].parents, after[iri].parents)
            for iri in both
            if before[iri].parents != after[iri].parents
        ),
        reused=tuple(sorted(_reused(old, new))),
        flips=tuple(flip for iri in both for flip in _flips(before[iri], after[iri])),
        relations_gone=tuple(sorted(old.relations - new.relations)),
        relations_new=tuple(sorted(new.relations - old.relations)),
    )


def _reused(old: Slice, new: Slice) -> Iterator[str]:
    """Numbers brought back from the dead, given to another name that had one already, or given up for a new one."""
    owners: dict[str, set[str]] = {}
    for iri, term in new.classes.items():
        if not term.deprecated:
            owners.setdefault(term.label.casefold(), set()).add(iri)
    for iri, term in new.classes.items():
        was = old.classes.get(iri)
        if was is None:
            if term.deprecated and is_reissued(term, new.classes):
                yield iri
        elif was.deprecated and not term.deprecated:
            yield iri
        elif not was.deprecated and not term.deprecated and was.label != term.label:
            yield from [iri] if owners.get(was.label.casefold(), set()) - {iri} else []


def _flips(before: Class, after: Class) -> Iterator[Flip]:
    was, now = _signs(before), _signs(after)
    for marker in sorted(was.keys() & now.keys()):
        if not was[marker] & now[marker]:
            yield Flip(before.iri, marker, min(was[marker]), min(now[marker]))


def _signs(term: Class) -> dict[str, set[str]]:
    signs: dict[str, set[str]] = {}
    for fact, marker in term.surface:
        signs.setdefault(marker, set()).add(_SIGN[fact])
    return signs

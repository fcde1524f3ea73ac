"""What an obsolete term became: followed to a current term, or to where the trail ends.

resolve(classes, CL:0002452)     replaced, by CL:0000134
resolve(classes, CL:0000073)     dead end: CL:0000215 is obsolete itself, and nothing replaced it
resolve(classes, CL:0000274)     leaves the ontology, for PO:0000079
resolve(classes, CL:0000055)     only to be considered: CL:0011026
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from registry.ontology_releases.names import curie_of, iri_of
from registry.ontology_releases.slices.slices import Class

Outcome = Literal["current", "replaced", "consider", "elsewhere", "dead end", "ring", "nothing", "unknown"]


@dataclass(frozen=True, slots=True)
class Resolution:
    """What became of ``iri``. ``chain`` are the terms passed on the way; ``to`` is set when there is one successor.

    ``consider`` are terms that a person may choose from: never chosen by the program. ``reissued`` is True when the
    number had been used for something else, and the term was given a new one.
    """

    iri: str
    outcome: Outcome
    to: str | None = None
    chain: tuple[str, ...] = ()
    consider: tuple[str, ...] = ()
    reissued: bool = False

    def sentence(self, label: str = "") -> str:
        """What to tell a person."""
        name, way = curie_of(self.iri), " → ".join(map(curie_of, self.chain))
        to = f"{curie_of(self.to)} {label}".strip() if self.to else ""
        options = ", ".join(map(curie_of, self.consider))
        words = {
            "current": f"{name} is current.",
            "replaced": f"{name} was replaced by {to}" + (f" (by way of {way})." if way else "."),
            "consider": f"{name} is obsolete; its authors say to consider {options}.",
            "elsewhere": f"{name} was replaced by {to}, in another ontology" + (f" (by way of {way})." if way else "."),
            "dead end": f"{name} was replaced by {way or to}, which is no current term itself.",
            "ring": f"{name} is said to be replaced by itself, by way of {way}.",
            "nothing": f"{name} is obsolete, and nothing replaces it.",
            "unknown": f"{name} is not in this release.",
        }
        return words[self.outcome] + (
            " Its number had been used before: it was given a new one." if self.reissued else ""
        )


def resolve(classes: Mapping[str, Class], iri: str) -> Resolution:
    """Follow ``replaced by`` from a term to a current one, or to where the trail ends."""
    if iri not in classes:
        return Resolution(iri, "unknown")
    start = at = classes[iri]
    if not start.deprecated:
        return Resolution(iri, "current", iri)
    chain: list[str] = []
    while at.deprecated:
        following = at.replaced_by
        if following is None:
            return _ended(start, at, chain)
        if following not in classes:
            ours = following.rsplit("_", 1)[0] == iri.rsplit("_", 1)[0]
            if ours:
                return Resolution(iri, "dead end", None, (*chain, following), reissued=is_reissued(start, classes))
            return Resolution(iri, "elsewhere", following, tuple(chain))
        if following in {iri, *chain}:
            return Resolution(iri, "ring", None, (*chain, following))
        chain.append(following)
        at = classes[following]
    return Resolution(iri, "replaced", at.iri, tuple(chain[:-1]), reissued=is_reissued(start, classes))


def _ended(start: Class, at: Class, chain: list[str]) -> Resolution:
    consider = tuple(iri_of(iri) for iri in at.consider)
    if consider:
        return Resolution(start.iri, "consider", None, tuple(chain), consider)
    return Resolution(start.iri, "dead end" if chain else "nothing", None, tuple(chain))


def is_reissued(term: Class, classes: Mapping[str, Class]) -> bool:
    """True when the replacement bears the very name: not another term, the same under a new number."""
    name = term.label.removeprefix("obsolete ").casefold()
    follower = classes.get(term.replaced_by or "")
    return bool(name) and follower is not None and follower.label.casefold() == name

"""What loading, checking and asking for the status of an ontology answer."""

from __future__ import annotations

from dataclasses import dataclass

from registry.services.answers import Answer


@dataclass(frozen=True, slots=True)
class OntologyStatus(Answer):
    """One ontology as it is current. ``terms`` are current ones, ``classes`` those and the obsolete ones.

    ``digest`` is of the release's file as it came; ``loaded_at`` is None for the packaged slice.
    """

    ontology: str
    title: str
    version: str
    date: str
    source: str
    digest: str
    terms: int
    obsolete: int
    classes: int
    packaged: bool
    loaded_by: str | None
    loaded_at: str | None
    position: int | None


@dataclass(frozen=True, slots=True)
class LoadAnswer(Answer):
    """What loading came to: ``loaded`` or ``already current``; ``waiting`` are replacements for a person to approve."""

    outcome: str
    status: OntologyStatus
    changes: dict[str, int]
    notices: tuple[str, ...]
    waiting: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Examination(Answer):
    """What the gate says of a release, or of what is current: in order when nothing is refused.

    ``reasoning`` says who classified it, in how long, and what of it was inferred.
    """

    ontology: str
    date: str
    refusals: tuple[str, ...]
    notices: tuple[str, ...]
    reasoning: tuple[str, ...] = ()

"""What differs between two specifications, and what is to be looked at in one, in words: what is looser comes first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from web.language import _, marked
from web.specifications.specification_text import grouped
from web.vocabulary import said

MEANINGS = {
    "looser": marked("What was stopped may pass."),
    "partly looser": marked("Some of what was stopped may pass, or it cannot be told: read each."),
    "stricter": marked("Less may pass than before."),
    "none": marked("No verdict changes by it."),
}
"""What a difference does to lots, the loudest first."""
SAID_AS_DEPARTURES = {
    "identity-left-out",
    "identity-informative",
    "identity-wrong-side",
    "identity-weaker-limit",
}
"""Codes of findings that a page says as departures from identity already."""


@dataclass(frozen=True, slots=True)
class ChangeText:
    """One aspect that differs; ``is_change`` is False for what is only new or only gone."""

    aspect: str
    old: str
    new: str
    is_change: bool


@dataclass(frozen=True, slots=True)
class CriterionText:
    """One criterion that differs: what changes of its demand, what is asked for instead, and what only reads otherwise.

    An empty ``label`` is of the specification as a whole.
    """

    label: str
    kind: str
    effect: str
    changes: tuple[ChangeText, ...]
    instead: tuple[str, ...]
    worded: tuple[ChangeText, ...]


@dataclass(frozen=True, slots=True)
class EffectText:
    """All criteria with one effect on lots."""

    word: str
    criteria: tuple[CriterionText, ...]

    @property
    def number(self) -> int:
        """Its place among the effects, from 1."""
        return [*MEANINGS].index(self.word) + 1

    @property
    def meaning(self) -> str:
        """What it does to lots, a sentence."""
        return _(MEANINGS[self.word])

    @property
    def is_wording(self) -> bool:
        """True where no verdict changes."""
        return self.word == "none"


@dataclass(frozen=True, slots=True)
class FindingText:
    """One thing to correct, or to look at; an empty ``criterion`` is of the specification as a whole."""

    is_error: bool
    criterion: str
    message: str


def by_effect(differences: Iterable[Any]) -> list[EffectText]:
    """The differences in sections by what they do to lots; those effects that there are."""
    known = list(differences)
    sections = []
    for word in MEANINGS:
        criteria = tuple(criterion_text(difference) for difference in known if difference.effect == word)
        if criteria:
            sections.append(EffectText(word, criteria))
    return sections


def loosened(differences: Iterable[Any]) -> list[CriterionText]:
    """Those criteria that let more through than before."""
    return [
        criterion_text(difference)
        for difference in differences
        if difference.kind == "changed" and difference.effect in {"looser", "partly looser"}
    ]


def criterion_text(difference: Any) -> CriterionText:
    """One difference of the registry in words."""
    texts = [(change.wording, _change(change, difference.kind)) for change in difference.changes]
    return CriterionText(
        difference.label,
        difference.kind,
        difference.effect,
        tuple(text for wording, text in texts if not wording),
        tuple(difference.instead),
        tuple(text for wording, text in texts if wording),
    )


def _change(change: Any, kind: str) -> ChangeText:
    """Old and new in the reader's language; the figures of a limit in groups of three."""
    old, new = said(change.old), said(change.new)
    if not change.wording and change.aspect in {"", "limit"}:
        old, new = grouped(old), grouped(new)
    return ChangeText(change.aspect, old, new, kind == "changed")


def findings_text(findings: Iterable[Any]) -> list[FindingText]:
    """What lint says, each with what to do about it, if anything."""
    return [
        FindingText(
            finding.severity == "error",
            finding.criterion or "",
            finding.message if finding.todo == "Nothing." else f"{finding.message} {finding.todo}",
        )
        for finding in findings
    ]


def beside_departures(findings: Iterable[Any]) -> list[FindingText]:
    """The same without what the page says as departures."""
    return findings_text(finding for finding in findings if finding.code not in SAID_AS_DEPARTURES)

"""What the page of a decision says before it is signed: what counts, what is new since, which forms stand on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

RELEASES = ("release", "conditional release")


@dataclass(frozen=True, slots=True)
class DecisionPage:
    """The values of the page.

    ``senders`` submitted what counts. ``completes`` is the conditional release that a full one would complete.
    ``notes`` are to be known before signing, without what stands above. ``other_specification`` is True when a new
    release is held against another specification than the table shows. ``withdrawn`` are the panels taken back.
    ``allowed`` and ``refused`` are the other decisions. ``failed_release`` and ``failed_other`` say which form the
    refusal on the page is of. ``other_first`` is True where those come before the release: the lot is released, or one
    of them, ``wanted``, was asked for.
    """

    on_condition: bool
    senders: tuple[str, ...]
    completes: Mapping[str, Any] | None
    notes: tuple[str, ...]
    other_specification: bool
    evidence: tuple[str, ...]
    withdrawn: tuple[Mapping[str, Any], ...]
    allowed: tuple[Mapping[str, Any], ...]
    refused: tuple[Mapping[str, Any], ...]
    failed_release: bool
    failed_other: bool
    other_first: bool
    wanted: str


def page(lot: Mapping[str, Any], check: Mapping[str, Any], refused_kind: str | None, wanted: str = "") -> DecisionPage:
    """The page of a lot, its release check, and of the decision that was refused just now; None when none was.

    ``wanted`` is the decision that somebody came for; empty where nobody said.
    """
    counting = [panel for panel in lot["panels"] if not panel["withdrawn"]]
    failed_release = refused_kind in RELEASES
    return DecisionPage(
        on_condition=check["kind"] == "conditional release",
        senders=tuple(dict.fromkeys(panel["actor"] for panel in counting)),
        completes=_completes(lot, check),
        notes=tuple(note for note in check["notes"] if note not in lot["doubts"]),
        other_specification=_differ(check["specification"], lot["specification"]),
        evidence=tuple(panel["record"] for panel in counting),
        withdrawn=tuple(panel for panel in lot["panels"] if panel["withdrawn"]),
        allowed=tuple(each for each in check["further"] if not each["refused"]),
        refused=tuple(each for each in check["further"] if each["refused"]),
        failed_release=failed_release,
        failed_other=refused_kind is not None and not failed_release,
        other_first=not failed_release and (lot["answer"]["may_be_injected"] or bool(wanted)),
        wanted=wanted,
    )


def _completes(lot: Mapping[str, Any], check: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The newest conditional release, where one holds and a full release could now be signed."""
    if check["kind"] == "conditional release" or not lot["answer"]["condition"]:
        return None
    conditional = [each for each in lot["decisions"] if each["kind"] == "conditional release"]
    return conditional[-1] if conditional else None


def _differ(signed: Mapping[str, Any] | None, shown: Mapping[str, Any] | None) -> bool:
    return bool(signed and shown and signed["digest"] != shown["digest"])

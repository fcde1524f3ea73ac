"""What was found late about something that was given: a recall, a withdrawn panel, a late positive; and who answered.

Nothing has to be sent for it to be seen: whatever stands against a lot now, and did not when it was given, concerns
everybody who received the lot, and everybody who received a lot that shares its origin. It stays until somebody
answers it, and stands again when something else is found.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from registry.accounts import Actor, Permission, require
from registry.domain import Administration
from registry.errors import WrongUsage
from registry.identifiers import Names
from registry.intake.checks.free_text_privacy import refuse_persons
from registry.ledger import Entry, Json, NewEntry
from registry.ledger.lots import LotReader
from registry.records.keys import FOLLOW_UP
from registry.release import Status
from registry.services.administrations.book import Book
from registry.services.administrations.views import AdministrationAnswer, administration_answer
from registry.services.answers import Answer
from registry.services.append import Entries, Receipt
from registry.services.lot_state import LotStates
from registry.services.ontologies.current import Current

ANSWERS = ("seen", "told")
"""What somebody says: that they have seen it, or that whoever received it was told. The second ends it."""
DEVIATION = "deviation"
"""What is answered when something was given although something stood against it."""
_OVER = frozenset({"expired"})
"""What comes by itself, and is nothing that was found."""


@dataclass(frozen=True, slots=True)
class FollowUp(Answer):
    """Somebody's word on what was found late."""

    what: str
    note: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Finding(Answer):
    """Something given, and what was found since. ``because_of`` is the lot that it was found about: the one that was
    given, or one that shares its origin. ``open`` until whoever received it was told.
    """

    administration: AdministrationAnswer
    because_of: str
    relation: str
    state: str
    reasons: tuple[str, ...]
    answers: tuple[FollowUp, ...]
    open: bool


def finding_of(status: Status) -> str:
    """What stands against a lot, as one short text: the same as long as nothing else is found. Empty while nothing
    does; that a lot expires is nothing that was found.
    """
    against = sorted(f"{reason.code}: {reason.message}" for reason in status.reasons if reason.code not in _OVER)
    return hashlib.sha256("\n".join(against).encode()).hexdigest()[:16] if against else ""


@dataclass(frozen=True, slots=True)
class Findings:
    """What looks for what was found late, and enters what is answered."""

    reader: LotReader
    states: LotStates
    ontologies: Current
    names: Names
    entries: Entries
    book: Book

    def all(self, viewer: Actor | None) -> tuple[Finding, ...]:
        """Everything that was found late, the lots' own first; codes only for whoever may see them."""
        return self._among(self.book.entries(), viewer)

    def _about_one(self, given: Administration) -> list[Finding]:
        """What was found late that concerns this alone: its lot is judged, and those whose finding would reach it."""
        above = {each.id for each in self.reader.ancestors(given.lot)}
        every = self.book.entries()
        near = {
            lot for lot in {each.lot for each, _entry in every} if above.intersection(self.reader.lot(lot).derived_from)
        }
        found_late = self._among([pair for pair in every if pair[0].lot in {given.lot, *near}], None)
        return [finding for finding in found_late if finding.administration.administration == given.id]

    def _among(self, given: Sequence[tuple[Administration, Entry]], viewer: Actor | None) -> tuple[Finding, ...]:
        lots = list(dict.fromkeys(each.lot for each, _entry in given))
        status = {state.facts.lot.id: state.status for state in (self.states.of(lots) if lots else [])}
        affected = [(each, entry) for each, entry in given if _is_new(entry, status[each.lot])]
        stopped = dict.fromkeys(each.lot for each, _entry in affected)
        findings = [
            self._finding(each, entry, each.lot, "the lot itself", status[each.lot], viewer) for each, entry in affected
        ]
        for lot in stopped:
            beside = self.siblings(lot)
            findings += [
                self._finding(each, entry, lot, f"shares its origin with {lot}", status[lot], viewer)
                for each, entry in given
                if each.lot in beside and each.lot not in stopped
            ]
        return tuple(findings)

    def reached(self, lot: str, viewer: Actor | None) -> tuple[tuple[str, AdministrationAnswer], ...]:
        """What was given of the lot, of what derives from it and of what shares its origin, each with how."""
        registered = self.reader.lot(lot).id
        groups = (
            ("the lot itself", (registered,)),
            (f"derives from {registered}", self.reader.descendants(registered)),
            (f"shares its origin with {registered}", tuple(sorted(self.siblings(registered)))),
        )
        seen: dict[str, str] = {}
        for relation, names in groups:
            for name in names:
                seen.setdefault(name, relation)
        pairs = ((relation, self.given_of(name, viewer)) for name, relation in seen.items())
        return tuple((relation, given) for relation, every in pairs for given in every)

    def answer(self, administration: str, what: str, *, note: str = "", actor: Actor) -> Receipt:
        """Enter that somebody has seen what was found, or that whoever received it was told.

        Raises WrongUsage for another word or when nothing was found, PatientData, Unknown, NotAllowed.
        """
        require(actor, Permission.FOLLOW_UP)
        if what not in ANSWERS:
            raise WrongUsage("This is no answer.", expected=" or ".join(ANSWERS), found=what, where="what")
        refuse_persons(self.entries.ledger.now().year, note=note)
        given, _entry = self.book.one(administration)
        about: list[Json] = [self._about(each.because_of) for each in self._about_one(given)]
        about += [DEVIATION] if given.deviation else []
        if not about:
            raise WrongUsage(
                "Nothing was found since this was given.", expected="a finding that waits", found=given.id,
                where="administration",
            )  # fmt: skip
        words = "What was found since was seen." if what == "seen" else "Whoever received it was told."
        entry = NewEntry(
            "follow-up",
            lots=(given.lot,),
            details={
                "administration": given.id,
                "about": about,
                "what": what,
                "note": note.strip(),
                "summary": words,
            },
        )
        return self.entries.enter(entry, actor.name, given.id)

    def deviation_seen(self, administration: str) -> bool:
        """Whether somebody has answered that something was given as a deviation."""
        return any(True for _answer in self._answers(administration, DEVIATION))

    def siblings(self, lot: str) -> frozenset[str]:
        """Lots that derive from what the lot derives from; not the lot itself."""
        parents = self.reader.lot(lot).derived_from
        every = (self.reader.descendants(parent) for parent in parents if self.reader.registered(parent))
        return frozenset(name for names in every for name in names) - {lot}

    def _about(self, lot: str) -> str:
        return f"{lot}:{finding_of(self.states.one(lot).status)}"

    def _finding(
        self, given: Administration, entry: Entry, lot: str, relation: str, status: Status, viewer: Actor | None
    ) -> Finding:
        answers = tuple(self._answers(given.id, f"{lot}:{finding_of(status)}"))
        return Finding(
            administration=self.given(given, entry, viewer, status.state if given.lot == lot else ""),
            because_of=lot,
            relation=relation,
            state=status.state,
            reasons=tuple(reason.message for reason in status.reasons),
            answers=answers,
            open=all(each.what != "told" for each in answers),
        )

    def _answers(self, administration: str, about: str) -> Iterator[FollowUp]:
        for entry in self.reader.ledger.entries(key=(FOLLOW_UP, administration), kind="follow-up"):
            known = entry.details.get("about")
            if isinstance(known, list) and about in known:
                note = str(entry.details.get("note", ""))
                yield FollowUp(str(entry.details.get("what", "")), note, entry.actor, entry.at)

    def given_of(self, lot: str, viewer: Actor | None) -> tuple[AdministrationAnswer, ...]:
        """Everything that was given of a lot, oldest first."""
        return tuple(self.given(each, entry, viewer) for each, entry in self.book.entries(lot))

    def given(self, given: Administration, entry: Entry, viewer: Actor | None, state: str = "") -> AdministrationAnswer:
        """Something that was given, as whoever looks may see it."""
        return administration_answer(
            given, stood_against(entry.details.get("against")), self.ontologies.terms, self.names, viewer, state
        )


def _is_new(entry: Entry, status: Status) -> bool:
    """Whether something stands against the lot now that did not when this was given."""
    finding = finding_of(status)
    return bool(finding) and str(entry.details.get("seen", "")) != finding


def stood_against(kept: object) -> Iterable[str]:
    """What stood against something when it was given, as its entry keeps it."""
    return [str(sentence) for sentence in kept] if isinstance(kept, list) else []

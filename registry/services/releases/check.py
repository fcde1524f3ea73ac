"""Before anybody signs: which decisions could be taken on a lot now, and everything that stands against a release."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from registry.accounts import Account, Accounts, Permission
from registry.accounts.permissions import roles_of
from registry.domain import DecisionKind
from registry.instants import moment
from registry.judgement.plausibility import contradictions
from registry.ledger import Ledger
from registry.ledger.lots import LotReader, look_alikes
from registry.release import awaited, known_not_before, missing_for_release, out_of_order
from registry.release.second_person import refused_alone, submitted_above, to_know
from registry.services.answers import Answer
from registry.services.lot_state import LotState, LotStates
from registry.services.releases.set_aside import set_aside
from registry.services.releases.trail_review import TrailReviews
from registry.services.submissions.read_file import same_figures

_FURTHER: tuple[DecisionKind, ...] = ("hold", "hold lifted", "rejection", "recall")
NO_ORIGIN = "No origin is recorded: nothing above this lot can stop it."


@dataclass(frozen=True, slots=True)
class Due:
    """A criterion that is due after release and not known yet; ``expected`` says for how long it is tested.

    ``not_before`` is when it can be known at the earliest, begun at manufacture; None when nobody can tell.
    """

    id: str
    characteristic: str
    expected: str
    observed: str | None
    not_before: datetime | None


@dataclass(frozen=True, slots=True)
class Further:
    """A decision that is no release; ``refused`` says why it cannot be taken now, and is empty when it can."""

    kind: DecisionKind
    refused: str


@dataclass(frozen=True, slots=True)
class Pinned:
    """The specification that the signature would name."""

    id: str
    version: str
    digest: str


@dataclass(frozen=True, slots=True)
class ReleaseCheck(Answer):
    """Which release could be signed (``release`` or ``conditional release``), and everything that stands against it.

    ``notes`` stand against nothing, and are for whoever signs to know. ``further`` are the decisions beside a release.
    """

    lot: str
    kind: DecisionKind
    missing: tuple[str, ...]
    due: tuple[Due, ...]
    specification: Pinned | None
    further: tuple[Further, ...]
    notes: tuple[str, ...] = ()

    @property
    def decisions(self) -> tuple[DecisionKind, ...]:
        """The kinds that this person could sign now."""
        releases = () if self.missing else (self.kind,)
        return (*releases, *(each.kind for each in self.further if not each.refused))


class ReleaseChecks:
    """What stands against decisions on the lots of one registry."""

    def __init__(
        self, ledger: Ledger, reader: LotReader, states: LotStates, accounts: Accounts, trail: TrailReviews
    ) -> None:
        self._trail = trail
        self._ledger = ledger
        self._reader = reader
        self._states = states
        self._accounts = accounts

    def check(self, lot: str, signer: Account, meaning: str, kind: DecisionKind | None = None) -> ReleaseCheck:
        """What stands between the lot and a release signed by this person; on condition while something is still due.

        ``kind`` asks about that one, whether or not it is the one that could be signed.
        """
        as_it_is = self._states.one(lot)
        (state,) = self._states.for_decision([as_it_is], "release")
        due = awaited(state.facts, state.verdict) if state.verdict is not None else ()
        wanted: DecisionKind = kind or ("conditional release" if due else "release")
        (state,) = self._states.for_decision([as_it_is], wanted)
        missing = self.missing(state, signer, meaning, wanted)
        named = Pinned(against.id, against.version, against.digest) if (against := state.specification) else None
        return ReleaseCheck(
            state.facts.lot.id, wanted, tuple(missing), _due(state), named,
            tuple(Further(each, out_of_order(state.facts.decision_in_force, each)) for each in _FURTHER),
            self.to_know(state, signer, wanted),
        )  # fmt: skip

    def missing(self, state: LotState, signer: Account, meaning: str, kind: DecisionKind) -> list[str]:
        """Everything that stands between the lot and a release signed by this person; see ``missing_for_release``.

        Beside it what asks for a second person: results that the lot inherits, and failures that were set aside.
        """
        facts = state.facts
        missing = missing_for_release(
            facts, state.verdict, signer=signer.name, signer_role=signer.role, meaning=meaning, now=state.at, kind=kind
        )
        if state.specification is not None:
            missing += self._states.identity_gaps(facts, state.specification)
        if state.specification is not None and state.verdict is not None:
            origins = self._states.origins(facts, state.specification)
            missing += submitted_above(state.verdict, origins, signer.name)
        failures = set_aside(self._states, self._reader, state, kind)
        missing += refused_alone(facts, failures, signer.name, self._members())
        missing += self._trail.missing(facts, signer.name)
        if (
            kind == "release"
            and state.status.may_be_injected
            and facts.decision_in_force
            and facts.decision_in_force.kind == "release"
        ):
            missing.append("The lot is released already, on this evidence.")
        return missing

    def to_know(self, state: LotState, signer: Account, kind: DecisionKind) -> tuple[str, ...]:
        """What a release rests on without being asked: what was set aside, what was copied, and which lot."""
        facts, lot = state.facts, state.facts.lot
        failures = set_aside(self._states, self._reader, state, kind)
        notes = [*to_know(facts, failures, signer.name, self._members()), *contradictions(facts)]
        for panel in facts.current_panels:
            if others := same_figures(self._ledger, lot.id, panel.results):
                notes.append(
                    f"{panel.file_name} (panel {panel.id}) has the same figures throughout as {', '.join(others)}: "
                    "were they copied, or is it the wrong lot?"
                )
        for alike in look_alikes(self._ledger, lot.id):
            notes.append(f"Not to be confused with {alike.lot}: {alike.difference} Compare the label.")
        if lot.kind == "product lot" and not lot.derived_from:
            notes.append(NO_ORIGIN)
        return tuple(notes)

    def _members(self) -> frozenset[str]:
        """The accounts in use that may sign a release."""
        signing = roles_of(Permission.SIGN_RELEASE)
        accounts = self._accounts.people.all()
        return frozenset(account.name for account in accounts if account.role in signing and not account.disabled)


def _due(state: LotState) -> tuple[Due, ...]:
    """What is due after release and not known yet, held against what a release would name."""
    if state.verdict is None or state.specification is None:
        return ()
    criteria = {criterion.id: criterion for criterion in state.specification.criteria}
    made = state.facts.lot.manufactured_on
    return tuple(
        Due(item.id, item.characteristic, item.expected, item.observed, known_not_before(criteria[item.id], made))
        for item in awaited(state.facts, state.verdict)
    )


def too_soon(state: LotState, complete_by: datetime | None) -> tuple[str, ...]:
    """What cannot be known by the time that is named: the release lapses then, whatever the culture shows."""
    if complete_by is None:
        return ()
    return tuple(
        f"{due.characteristic} cannot be known before {moment(due.not_before)}, begun at manufacture: "
        f"the release lapses at {moment(complete_by)} without it."
        for due in _due(state)
        if due.not_before is not None and complete_by < due.not_before
    )

"""One lot of the quality unit's first page: how it stands, and what is to be done about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from registry.services.answers import LotLine
from registry.services.releases.queue import Lacking
from web.chips import MUST_NOT, Chip, of_state
from web.language import _


@dataclass(frozen=True, slots=True)
class WaitingCard:
    """A lot that nobody has decided on, or whose release no longer stands.

    ``chips`` say how it stands; ``only_due`` is True when all that it lacks is due after release.
    """

    line: LotLine
    lack: Lacking
    chips: tuple[Chip, ...]
    only_due: bool

    @property
    def is_ready(self) -> bool:
        """True when it can be signed."""
        return self.lack.nothing


@dataclass(frozen=True, slots=True)
class ConditionCard:
    """A lot released on condition. ``stand`` is one of fails, overdue, waits, complete and undecided, the first that
    is so.
    """

    line: LotLine
    lack: Lacking
    stand: str
    chip: Chip
    state: Chip

    @property
    def is_urgent(self) -> bool:
        """True when somebody has to decide now."""
        return self.stand != "waits"


def waiting_card(line: LotLine, lack: Lacking) -> WaitingCard:
    """The card of a lot that waits for its first decision, or for another."""
    chips = (_first(line, lack), *((Chip("suspended"),) if line.state == "suspended" else ()))
    return WaitingCard(line, lack, chips, only_due=bool(line.panels and lack.evidence_suffices and lack.due))


def _first(line: LotLine, lack: Lacking) -> Chip:
    if lack.nothing:
        return Chip("missing", _("waits")) if lack.due else Chip("pass", _("lacks nothing"))
    if lack.no_expiry and not lack.fails and not lack.not_shown:
        return Chip(MUST_NOT, _("no expiry"))
    return Chip(line.verdict) if line.verdict else Chip("missing", _("no specification"))


def condition_card(line: LotLine, lack: Lacking, now: datetime) -> ConditionCard:
    """The card of a lot under a conditional release."""
    stand = condition_stand(line, now)
    chips: Mapping[str, Chip] = {
        "fails": Chip("fail"),
        "overdue": Chip("suspended", _("overdue")),
        "waits": Chip("missing", _("waits")),
        "complete": Chip("pass", _("complete")),
        "undecided": Chip("undetermined", _("to decide")),
    }
    return ConditionCard(line, lack, stand, chips[stand], of_state(line.state, may_be_injected=line.may_be_injected))


def condition_stand(line: LotLine, now: datetime) -> str:
    """How a conditional release stands: a failure before all else, because containers may have been injected."""
    condition = line.condition
    if line.verdict == "fail":
        return "fails"
    if condition is None:
        return "undecided"
    if condition.due:
        return "overdue" if condition.complete_by <= now else "waits"
    return "complete" if condition.met else "undecided"

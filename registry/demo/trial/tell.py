"""What happens in the study, through the services that everybody uses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from registry.demo.trial import lots, recipients
from registry.services import Account, LotDraft, Registry

Decide = Callable[[str, str, str], None]
"""Sign a decision on a lot: its kind, and the reason."""
NOTE = "Made up for the demonstration."


def tell(registry: Registry, product: str, people: dict[str, Account], decide: Decide) -> Iterator[str]:
    """Lots, panels, decisions, what was given, what was seen, and the culture that grew late.

    ``people`` are those who do it, by role: ``submitter``, ``clinician`` and ``quality unit``. Bank MCB-1 is there.
    """
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    lab, clinic, quality = people["submitter"], people["clinician"], people["quality unit"]
    yield "Two years of lots: registering them"
    _register(registry, product, now, people)
    yield "Two years of lots: submitting their panels"
    registry.submissions.submit("two-years.csv", lots.panels(now.date()), lab)
    yield "Two years of lots: releasing them"
    for lot in lots.lots(now.date()):
        if lot.name in lots.REJECTED:
            decide(lot.name, "rejection", lots.REJECTED[lot.name])
        elif lot.name not in lots.UNDECIDED:
            decide(lot.name, "release", "")
    yield "Giving them to 28 made-up recipients in three arms"
    given = [registry.administrations.record(each.draft, clinic).id for each in recipients.recipients(now.date())]
    for name, state, number in (("T-38", "reserved", 3), ("T-37", "returned", 3), ("T-28", "retained", 12)):
        registry.administrations.move(name, state, numbers=(number,), reason="For the demonstration.", actor=clinic)
    yield "Seeing them every two weeks"
    registry.outcomes.submit("visits.csv", recipients.outcomes(now.date()), clinic)
    yield f"A culture of {lots.POSITIVE} grows late"
    registry.submissions.submit("late-culture.csv", lots.late_culture(now), lab)
    decide(lots.POSITIVE, "hold", "The sterility culture became positive after the lot was given.")
    reached = [key for place, key in enumerate(given) if recipients.GIVEN[place // 2] == lots.POSITIVE]
    registry.administrations.answer(reached[0], "told", note="By the study physician, in person.", actor=clinic)
    registry.administrations.answer(reached[1], "seen", note="", actor=quality)


def _register(registry: Registry, product: str, now: datetime, people: dict[str, Account]) -> None:
    for bank in ("WCB-3", "WCB-4"):
        draft = LotDraft(bank, kind="cell bank", derived_from=("MCB-1",), synthetic=True, note=NOTE)
        registry.lots.register(draft, people["quality unit"])
    for lot in lots.lots(now.date()):
        draft = LotDraft(
            lot.name,
            product=product,
            passage=lot.passage,
            manufactured_on=lot.made,
            expires_at=now + timedelta(days=3 * 365 - (now.date() - lot.made).days),
            containers=12,
            usable_hours=4,
            storage="vapour phase of liquid nitrogen, below -150 °C",
            derived_from=(lot.bank,),
            synthetic=True,
            note=NOTE,
        )
        registry.lots.register(draft, people["submitter"])

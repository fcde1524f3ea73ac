"""A lot at a terminal: the answer first, then why."""

from __future__ import annotations

from rich.panel import Panel
from rich.text import Text

from registry.cli.terminal import console, sign
from registry.domain import with_unit
from registry.instants import moment
from registry.services.answers import LotAnswer


def show_lot_answer(lot: LotAnswer, now: LotAnswer | None = None) -> None:
    """The answer, every reason, the criteria, who decided. ``now`` is given of an earlier time: the answer as it is."""
    screen = console()
    screen.print(Panel(_answer(lot) if now is None else _past(lot, now), expand=False))
    for reason in lot.answer.reasons:
        screen.print(Text("  ✗ ", style="red") + Text(reason.message))
        screen.print(Text(f"    {reason.todo}", style="dim"))
    if lot.specification is not None and lot.verdict is not None:
        held = lot.specification
        screen.print(Text(f"\n{held.title} ({held.id} version {held.version}): ") + sign(lot.verdict))
        for item in lot.criteria:
            observed = item.observed if item.observed is not None else "no result"
            screen.print(
                Text(f"  {item.characteristic}: expected {item.expected}, observed {observed}: ") + sign(item.verdict)
            )
        if lot.unaccepted:
            many = f"{len(lot.unaccepted)} retests or corrections wait"
            words = "A retest or correction waits" if len(lot.unaccepted) == 1 else many
            screen.print(Text(f"  {words} for the quality unit to accept or leave", style="yellow"))
        if lot.due:
            screen.print(Text(f"  due after release: {', '.join(lot.due)}", style="yellow"))
        for departure in held.departures:
            screen.print(Text(f"  departs from identity: {departure.message}", style="yellow"))
    if lot.in_force is not None:
        screen.print(Text(f"  {lot.in_force.message}", style="bold yellow"))
    for sentence in lot.doubts:
        screen.print(Text(f"  cannot be: {sentence}", style="bold yellow"))
    if lot.not_judged:
        results = ", ".join(f"{item.label} {with_unit(item.printed, item.unit)}" for item in lot.not_judged)
        screen.print(Text(f"  recorded, and asked about by no criterion: {results}", style="yellow"))
    for decision in lot.decisions:
        valid = "signature valid" if decision.signature_valid else "SIGNATURE INVALID"
        signer = f"{decision.printed_name} ({decision.signed_by})"
        screen.print(Text(f"{moment(decision.at)}  {decision.kind}: {signer}: {decision.meaning} [{valid}]"))
        if decision.reason:
            screen.print(Text(f"    {decision.reason}", style="dim"))
        if decision.complete_by:
            screen.print(Text(f"    what is due must be there by {moment(decision.complete_by)}", style="dim"))
    screen.print(Text(f"ledger size {lot.ledger_size}", style="dim"))


def _past(lot: LotAnswer, now: LotAnswer) -> Text:
    """What was known then is no answer, so it has no sign and no green; what is so now stands beside it."""
    lines = Text(f"{lot.lot}: was {lot.answer.state} at {moment(lot.at)}")
    may = now.answer.may_be_injected
    state = f"NOW: {now.answer.state}" + ("." if may else ", must not be injected.")
    lines.append(f"\n{state}", style="bold" if may else "bold red")
    return lines


def _answer(lot: LotAnswer) -> Text:
    """The answer, for what, and what must not be overlooked about the lot."""
    answer = lot.answer
    word = "MAY BE INJECTED" if answer.may_be_injected else "MUST NOT BE INJECTED"
    symbol, style = ("✓", "bold green") if answer.may_be_injected else ("✗", "bold red")
    lines = Text(f"{symbol} {lot.lot}: {word} ({answer.state})", style=style)
    if answer.may_be_injected:
        lines.append(f"\n{answer.sentence}", style="default")
    diseases = ", ".join(f"{term.label} ({term.id})" for term in answer.for_)
    if diseases:
        lines.append(f"\nfor {diseases}", style="default")
    if lot.synthetic:
        lines.append("\nSynthetic: made up for demonstration, no such lot exists.", style="yellow")
    for other in lot.look_alikes:
        lines.append(f"\nNot to be confused with {other.lot}: {other.difference}", style="bold yellow")
    return lines

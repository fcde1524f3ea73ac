"""What signed records name, and what the rules allowed at that moment.

A decision names a specification, evidence and a ledger size by digest and number; an acceptance a result, an approval a
specification, a withdrawal a panel, a claim its product, studies and publications. Each is looked up as the ledger was
then. Who signed must have been in use, and of the quality unit where the rules ask for it; a decision must have been in
order after the one before; whoever submitted a lot's results did not release it (21 CFR 11.10(f), (g); EU GMP Part IV).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from registry.audit.findings import Findings
from registry.domain import (
    RELEASES,
    Acceptance,
    Approval,
    Claim,
    ClaimWithdrawal,
    Decision,
    LotFacts,
    Withdrawal,
)
from registry.errors import RegistryError
from registry.identifiers import Names
from registry.ledger import Entry, View
from registry.ledger.lots import LotReader, recorded
from registry.records.kinds import KINDS
from registry.release import out_of_order

QUALITY = "quality unit"
MEMBERS_SIGN = frozenset(
    {"decision", "approval", "acceptance", "mapping", "replacement", "claim", "claim-withdrawal", "trail-review"}
)
"""Kinds that a member of the quality unit alone signs."""
RESOLVED = frozenset({"decision", "approval", "acceptance", "withdrawal", "claim", "claim-withdrawal"})
"""Kinds of which everything that they name is looked up."""


@dataclass
class _People:
    """Who was in use, and in which role, as entries made it."""

    roles: dict[str, str] = field(default_factory=dict)
    last: dict[str, str] = field(default_factory=dict)

    def follow(self, entry: Entry) -> None:
        if entry.kind != "account":
            return
        name, event = str(entry.details.get("account")).casefold(), entry.details.get("event")
        if event == "disabled":
            self.roles.pop(name, None)
        elif role := entry.details.get("role"):
            self.roles[name] = str(role)
        elif event == "enabled":
            self.roles.setdefault(name, self.last.get(name, ""))
        if name in self.roles:
            self.last[name] = self.roles[name]


def check_decisions(view: View, entries: Sequence[Entry], names: Names, findings: Findings) -> None:
    """Look up everything that signed records name, and hold each against the rules of its moment."""
    people, newest, reader = _People(), dict[str, Decision](), LotReader(view, names)
    records = {entry.record: entry.position for entry in reversed(entries) if entry.record is not None}
    for entry in entries:
        people.follow(entry)
        if entry.kind in MEMBERS_SIGN and "signature" in entry.details:
            _check_signer(entry, people, findings)
        if entry.kind not in RESOLVED or entry.record is None:
            continue
        findings.counts["signed records resolved"] += 1
        stated = _read(view, entry, names, findings)
        if isinstance(stated, Decision):
            _check_decision(stated, entry, newest.get(stated.lot.casefold()), reader, records, findings)
            newest[stated.lot.casefold()] = stated
        elif isinstance(stated, Approval):
            _check_named("specification", stated.digest, entry, records, findings)
        elif isinstance(stated, Withdrawal):
            _check_panel(stated, entry, view, findings)
        elif isinstance(stated, Acceptance):
            _check_acceptance(stated, entry, reader, findings)
        elif isinstance(stated, Claim | ClaimWithdrawal):
            _check_claim(stated, entry, view, findings)


def _read(view: View, entry: Entry, names: Names, findings: Findings) -> object:
    """What a signed record says; None with a finding when it cannot be read."""
    read = KINDS[entry.kind].read
    try:
        return read(view.record(entry.record or ""), recorded(entry), names, entry.details) if read else None
    except (RegistryError, ValueError, KeyError, TypeError) as error:
        findings.add("named", entry.position, f"The {entry.kind} cannot be read.", expected="a record of its kind",
                     found=error)  # fmt: skip
        return None


def _check_signer(entry: Entry, people: _People, findings: Findings) -> None:
    role = people.roles.get(entry.actor.casefold())
    if role != QUALITY:
        findings.add("authority", entry.position, f"The {entry.kind} was signed by somebody who may not.",
                     expected=f"a member of the {QUALITY} in use",
                     found=f"{entry.actor}, {role or 'no account in use'}")  # fmt: skip


def _check_decision(
    decision: Decision, entry: Entry, before: Decision | None, reader: LotReader, records: Mapping[str, int],
    findings: Findings,
) -> None:  # fmt: skip
    if refused := out_of_order(before, decision.kind):
        findings.add("order", entry.position, "A decision was signed out of order.", expected="one that may follow",
                     found=f"{decision.kind}: {refused}")  # fmt: skip
    if decision.signed_by.casefold() != entry.actor.casefold():
        findings.add("authority", entry.position, "A decision was entered by another than who signed it.",
                     expected=decision.signed_by, found=entry.actor)  # fmt: skip
    if decision.ledger_size >= entry.position:
        findings.add("named", entry.position, "A decision names a ledger that was not there yet.",
                     expected=f"fewer than {entry.position} entries", found=decision.ledger_size)  # fmt: skip
    if decision.specification_digest:
        _check_named("specification", decision.specification_digest, entry, records, findings)
    for digest in decision.evidence:
        _check_named("evidence", digest, entry, records, findings, until=decision.ledger_size)
    if decision.kind in RELEASES:
        _check_release(decision, entry, reader, findings)


def _check_release(decision: Decision, entry: Entry, reader: LotReader, findings: Findings) -> None:
    """The evidence that a release names is the lot's own of then, and no one's who signed it."""
    try:
        facts: LotFacts = reader.facts(decision.lot, decision.ledger_size)
    except RegistryError as error:
        findings.add("named", entry.position, "The lot of a release is gone.", expected=decision.lot,
                     found=error.message)  # fmt: skip
        return
    own = {panel.entry.record for panel in facts.current_panels}
    if not own <= set(decision.evidence):
        findings.add("named", entry.position, "A release does not name the evidence that the lot had.",
                     expected=", ".join(sorted(own)), found=", ".join(decision.evidence) or "none")  # fmt: skip
    if any(panel.entry.actor.casefold() == decision.signed_by.casefold() for panel in facts.current_panels):
        findings.add("authority", entry.position, "A lot was released by who submitted its results.",
                     expected="another member", found=decision.signed_by)  # fmt: skip


def _check_named(
    what: str, digest: str, entry: Entry, records: Mapping[str, int], findings: Findings, until: int | None = None
) -> None:
    position = records.get(digest)
    limit = entry.position if until is None else until
    if position is None or position > limit:
        findings.add("named", entry.position, f"The {what} that a {entry.kind} names is not in the ledger of then.",
                     expected=digest, found="none" if position is None else f"entry {position}")  # fmt: skip


def _check_panel(withdrawal: Withdrawal, entry: Entry, view: View, findings: Findings) -> None:
    position = view.newest("panel", [withdrawal.panel]).get(withdrawal.panel.casefold(), 0)
    if not position:
        findings.add("named", entry.position, "The panel that was withdrawn is not in the ledger.",
                     expected=withdrawal.panel, found="none")  # fmt: skip


def _check_claim(stated: Claim | ClaimWithdrawal, entry: Entry, view: View, findings: Findings) -> None:
    """What a claim stands on was on record before it, and so was a claim that is withdrawn."""
    if isinstance(stated, ClaimWithdrawal):
        named = [("claim", stated.claim)]
    else:
        named = [("product", stated.product)] if stated.product else []
        named += [("study", each.about) for each in stated.on("study")]
        named += [("publication", each.about) for each in stated.on("literature")]
    for kind, key in named:
        if not any(True for _ in view.entries(until=entry.position - 1, kind=kind, key=(kind, key))):
            what = f"The {kind} that a {entry.kind} names was not in the ledger of then."
            findings.add("named", entry.position, what, expected=key, found="none")


def _check_acceptance(acceptance: Acceptance, entry: Entry, reader: LotReader, findings: Findings) -> None:
    """What was accepted is a result of the lot, or a criterion of a specification (an IRI with its fragment)."""
    try:
        facts = reader.facts(acceptance.lot, entry.position - 1)
    except RegistryError as error:
        findings.add("named", entry.position, "The lot of an acceptance is gone.", expected=acceptance.lot,
                     found=error.message)  # fmt: skip
        return
    results = {result.iri for panel in facts.panels for result in panel.results}
    is_criterion = facts.approval is not None and acceptance.accepts.startswith(facts.approval.specification)
    if acceptance.accepts not in results and not is_criterion and "#" not in acceptance.accepts:
        findings.add("named", entry.position, "What was accepted is no result of the lot.",
                     expected=acceptance.accepts, found="none")  # fmt: skip

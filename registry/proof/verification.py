"""``verify``: does a credential hold, told by itself, the keys and the lists at hand. No registry, no network.

    verification = verify(text, keys=("MCowBQ…",), lists=[suspension, revocation], now=now)
    verification.valid, verification.status, verification.checks

The path:
1. ``read_credential`` takes the one form that a registry writes.
2. ``_signature``: by the key it names, which is the one that is trusted when one is given.
3. ``_period``: stated before now, and not past its end.
4. ``_inclusion``: the decision's entry is in the ledger.
5. ``_checkpoint``: the ledger is the one of which a checkpoint was kept.
6. ``_witnesses``: who else saw it.
7. ``_status``: what the lists say.
8. ``_recipient``: whom an autologous lot is for.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from registry.errors import RegistryError, Unreadable
from registry.instants import moment
from registry.proof import commitment
from registry.proof.checkpoint import checkpoint_of, read_checkpoint, verifier_of
from registry.proof.cosignature import belied, cosignatures
from registry.proof.credential import LotStatement, read_credential, read_document
from registry.proof.data_integrity import proof_holds
from registry.proof.did import key_in
from registry.proof.inclusion_file import HEAD, InclusionProof, read_inclusion
from registry.proof.merkle import leaf_hash
from registry.proof.note import Note, Verifier
from registry.proof.status_list import StatusList, read_list

Result = Literal["holds", "fails", "unknown"]
_WITHDRAWS = frozenset({"hold", "recall", "rejection"})
WithdrawalStatus = Literal["current", "suspended", "revoked", "unknown"]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at, what came of it, and why."""

    what: str
    result: Result
    why: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What came of a credential, whose ``answer`` counts where it is ``valid``: nothing fails, no list withdraws it."""

    valid: bool
    lot: str
    answer: str
    status: WithdrawalStatus
    issuer_known: bool
    checks: tuple[Check, ...]
    statement: LotStatement

    @property
    def misleads(self) -> bool:
        """True of one that says that the lot may be injected, and does not hold."""
        return self.statement.may_be_injected and not self.valid

    def as_dict(self) -> dict[str, Any]:
        """As JSON."""
        checks = [{"what": check.what, "result": check.result, "why": check.why} for check in self.checks]
        kept = {"valid": self.valid, "lot": self.lot, "answer": self.answer, "status": self.status}
        return {**kept, "issuer_known": self.issuer_known, "checks": checks}


@dataclass(frozen=True, slots=True)
class AtHand:
    """What a credential is held against: trusted keys (base64), status lists and a checkpoint as they were given, the
    witnesses whose keys are known, a recipient's code, and the time.

    In place of the checkpoint may be the ``.tlog-proof`` that leads from the decision's entry to one.
    """

    now: datetime
    keys: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    checkpoint: str = ""
    witnesses: tuple[Verifier, ...] = ()
    recipient: str | None = None


def verify(text: str, at_hand: AtHand, where: str = "the credential") -> Verification:
    """Every check, none left out for another's sake. Raises Unreadable for what is no credential of a lot."""
    statement, whole = read_credential(text, where)
    public = _named_key(statement, whole)
    proof = _proof_of(statement)
    status, status_checks = _status(statement, at_hand, public)
    kept, note = _checkpoint(statement, proof, at_hand, public)
    checks = (
        _signature(whole, public, at_hand.keys),
        _period(statement, at_hand.now),
        _inclusion(statement, proof, public),
        *kept,
        *_witnesses([*([proof.note] if proof else []), *([note] if note else [])], at_hand.witnesses),
        *status_checks,
        *_recipient(statement, at_hand.recipient),
    )
    fails = any(check.result == "fails" for check in checks)
    valid = not fails and status not in {"suspended", "revoked"}
    return Verification(valid, statement.lot, statement.sentence, status, bool(at_hand.keys), checks, statement)


def _named_key(statement: LotStatement, whole: dict[str, Any]) -> str:
    """The key that the proof names, which has to be one of the issuer's."""
    method = str(whole["proof"]["verificationMethod"])
    if method.rpartition("#")[0] != statement.issuer:
        raise Unreadable(
            "The proof is not by the issuer.", expected=statement.issuer, found=method[:200], where="verificationMethod"
        )
    return key_in(method)


def _signature(whole: dict[str, Any], public: str, keys: Sequence[str]) -> Check:
    if keys and public not in keys:
        return Check("signature", "fails", "It is signed by another key than the one that is trusted here.")
    if not proof_holds(whole, public):
        return Check("signature", "fails", "Something was changed since it was signed, or it was signed otherwise.")
    if not keys:
        return Check(
            "signature", "holds", "It is whole, by the key that it carries itself; nobody here vouches for that key."
        )
    return Check("signature", "holds", "It is whole, and signed by the key that is trusted here.")


def _period(statement: LotStatement, now: datetime) -> Check:
    stated = datetime.fromisoformat(statement.stated_at)
    until = datetime.fromisoformat(statement.until) if statement.until else None
    if stated > now:
        return Check("period", "fails", f"It is stated for {moment(stated)}, which is yet to come.")
    if until is not None and until <= now:
        return Check("period", "fails", f"It ended at {moment(until)}.")
    ends = f"; it ends at {moment(until)}" if until is not None else ""
    return Check("period", "holds", f"It says what was so at {moment(stated)}{ends}.")


def _proof_of(statement: LotStatement) -> InclusionProof | None:
    return read_inclusion(statement.inclusion, "the inclusion proof") if statement.inclusion else None


def _inclusion(statement: LotStatement, proof: InclusionProof | None, public: str) -> Check:
    """The decision's entry is in the ledger that the checkpoint speaks of, at its position, about this lot."""
    decided = statement.decision
    if decided is None:
        return Check("ledger", "unknown", "Nothing was decided on this lot, so no entry is shown.")
    if proof is None:
        return Check("ledger", "fails", "The decision's entry is not shown to be in the ledger.")
    if not proof.holds(leaf_hash(statement.entry.encode())):
        return Check("ledger", "fails", "The entry that is shown is not in the ledger of the checkpoint.")
    if not proof.note.signed_by(verifier_of(proof.checkpoint.origin, public)):
        return Check("ledger", "fails", "The checkpoint is not signed by the key of the credential.")
    if proof.checkpoint.size > statement.ledger_size:
        return Check("ledger", "fails", "The checkpoint is of a longer ledger than the credential speaks of.")
    entry = _entry(statement.entry)
    about = entry.get("record") == decided.record and entry.get("lots") == [statement.lot]
    if not about or entry.get("position") != decided.position or proof.place != decided.position - 1:
        return Check("ledger", "fails", "The entry that is shown is not this decision's.")
    size = proof.checkpoint.size
    return Check("ledger", "holds", f"The decision is entry {decided.position} of a ledger of {size} entries.")


def _entry(text: str) -> dict[str, Any]:
    try:
        entry = json.loads(text)
    except ValueError:
        entry = {}
    return entry if isinstance(entry, dict) else {}


def _checkpoint(
    statement: LotStatement, proof: InclusionProof | None, at_hand: AtHand, public: str
) -> tuple[list[Check], Note | None]:
    """What the kept checkpoint says of the ledger; and the note that it is, where it is believed."""
    if not at_hand.checkpoint:
        return [], None
    if proof is None:
        why = "The credential shows no checkpoint to hold the kept one against."
        return [Check("checkpoint", "unknown", why)], None
    lead = read_inclusion(at_hand.checkpoint, "the kept proof") if at_hand.checkpoint.startswith(HEAD) else None
    note = lead.note if lead else read_checkpoint(at_hand.checkpoint, "the kept checkpoint")[1]
    if problem := _kept_problem(statement, proof, lead, note, {public, *at_hand.keys}):
        return [Check("checkpoint", "fails", problem)], None
    size, own = checkpoint_of(note).size, proof.checkpoint.size
    if lead is None and size != own:
        why = f"The kept checkpoint is of {size} entries, this one's of {own}: ask for the proof between."
        return [Check("checkpoint", "unknown", why)], None
    return [Check("checkpoint", "holds", f"The ledger is the one of which a checkpoint of {size} was kept.")], note


def _kept_problem(
    statement: LotStatement, proof: InclusionProof, lead: InclusionProof | None, note: Note, publics: set[str]
) -> str:
    other, own = checkpoint_of(note), proof.checkpoint
    if other.origin != own.origin:
        return f"The kept checkpoint is of another ledger, {other.origin}."
    if not any(note.signed_by(verifier_of(other.origin, public)) for public in publics):
        return "The kept checkpoint is not signed by the key of the credential, nor by another that is trusted here."
    if other.size == own.size and other.root != own.root:
        return "Two different ledgers of this size were signed: one was rewritten."
    if lead is not None and (lead.place != proof.place or not lead.holds(leaf_hash(statement.entry.encode()))):
        return "The decision's entry is not in the ledger of the kept checkpoint."
    return ""


def _witnesses(notes: Sequence[Note], witnesses: Sequence[Verifier]) -> list[Check]:
    if not witnesses:
        return []
    if false := [witness.name for witness in witnesses for note in notes if belied(note, witness)]:
        return [Check("witnesses", "fails", f"A line says that it is the word of {false[0]}, and is not.")]
    seen = {word.name: word for note in notes for word in cosignatures(note, witnesses)}
    if not seen:
        return [Check("witnesses", "unknown", "No witness that is known here has cosigned the checkpoint.")]
    names = ", ".join(f"{word.name} at {moment(word.at)}" for word in seen.values())
    return [Check("witnesses", "holds", f"The ledger was seen by {names}.")]


def _status(statement: LotStatement, at_hand: AtHand, public: str) -> tuple[WithdrawalStatus, list[Check]]:
    checks: list[Check] = []
    clear: set[str] = set()
    worst: WithdrawalStatus = "unknown"
    for place, text in enumerate(at_hand.lists, 1):
        where = f"status list {place}"
        document = read_document(text, where)
        named = read_list(document, where)
        if problem := _list_problem(document, named, statement, at_hand.now, public):
            checks.append(Check(f"status: {named.purpose}", "fails", problem))
        elif not named.is_set(statement.status_index):
            clear.add(named.purpose)
            checks.append(Check(f"status: {named.purpose}", "holds", f"Not withdrawn as of {_time(named.valid_from)}."))
        elif named.purpose == "revocation":
            worst = "revoked"
            why = f"The lot was recalled or rejected, {_since(statement, named)}."
            checks.append(Check("status: revocation", "fails", why))
        else:
            worst = "suspended" if worst != "revoked" else worst
            why = f"The lot may not be injected, {_since(statement, named)}."
            checks.append(Check("status: suspension", "fails", why))
    if worst == "unknown" and clear == {"suspension", "revocation"}:
        worst = "current"
    if worst == "unknown" and not checks:
        checks.append(
            Check("status", "unknown", "No status list is at hand: a hold or recall since is not known here.")
        )
    return worst, checks


def _since(statement: LotStatement, named: StatusList) -> str:
    """Since when: a list of bits holds no times, but the credential and the list have theirs."""
    decided, by = statement.decision, f"by {_time(named.valid_from)} at the latest"
    if decided is not None and decided.kind in _WITHDRAWS:
        return f"since {_time(decided.signed_at)}; the list of {_time(named.valid_from)} says so too"
    return f"after {_time(statement.stated_at)} and {by}" if statement.may_be_injected else by


def _list_problem(
    document: dict[str, Any], named: StatusList, statement: LotStatement, now: datetime, public: str
) -> str:
    if named.id != f"{statement.status_base}{named.purpose}" or named.issuer != statement.issuer:
        return "The list is another registry's."
    try:
        method = document["proof"]["verificationMethod"]
        whole = method.rpartition("#")[0] == named.issuer and key_in(method) == public and proof_holds(document, public)
    except (RegistryError, KeyError, TypeError, AttributeError):
        whole = False
    if not whole:
        return "The list is not signed by the key of the credential, or was changed."
    if datetime.fromisoformat(named.valid_until) <= now:
        return f"The list is out of date: it held until {_time(named.valid_until)}."
    if datetime.fromisoformat(named.valid_from) > now:
        return f"The list is of {_time(named.valid_from)}, which is yet to come."
    return ""


def _time(text: str) -> str:
    return moment(datetime.fromisoformat(text))


def _recipient(statement: LotStatement, code: str | None) -> list[Check]:
    if code is None and not statement.commitment:
        return []
    if code is None:
        return [Check("recipient", "unknown", "The lot is for one recipient: give the code to see whose.")]
    if not statement.commitment:
        return [Check("recipient", "unknown", "The lot is made for nobody in particular.")]
    if commitment.opens(statement.commitment, code):
        return [Check("recipient", "holds", "The lot is for the recipient of this code.")]
    return [Check("recipient", "fails", "The lot is for another recipient.")]

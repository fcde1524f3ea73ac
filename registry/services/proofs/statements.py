"""What a credential says of a lot: the lot's own answer, with the decision's entry and its proof beside it."""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime

from registry.domain import Decision, LotFacts
from registry.errors import Refused
from registry.identifiers import Names
from registry.instants import xsd_moment
from registry.ledger import Ledger, entry_bytes
from registry.ledger.proofs import inclusion_at
from registry.proof import commitment
from registry.proof.credential import LotStatement, Named, SignedDecision
from registry.proof.did import did_web
from registry.proof.signing import SigningKey
from registry.services.answers import LotAnswer, TermRef
from registry.services.studies.arms_served import arm_sentence
from registry.vocabulary import expanded


def statement_of(answer: LotAnswer, facts: LotFacts, ledger: Ledger, names: Names, key: SigningKey) -> LotStatement:
    """The statement about a product lot; raises Refused for what is no product lot."""
    if facts.lot.kind != "product lot" or facts.lot.entry is None or answer.product is None:
        raise Refused(
            "A credential is of a product lot.", expected="a product lot", found=facts.lot.kind, where=facts.lot.id
        )
    decision, against, condition = facts.decision_in_force, answer.specification, answer.answer.condition
    entry, proof = _shown(decision, ledger, answer.ledger_size, key)
    return LotStatement(
        address=f"{names.base}lots/{names.lot(facts.lot.id).rpartition('/')[2]}.vc.json",
        issuer=did_web(names.base),
        iri=answer.iri,
        lot=facts.lot.id,
        product=answer.product.id,
        cell_type=_named(answer.product.cell_type),
        indications=tuple(_named(term) for term in answer.product.indications),
        state=answer.answer.state,
        may_be_injected=answer.answer.may_be_injected,
        sentence=answer.answer.sentence,
        specification=against.iri if against else "",
        specification_digest=against.digest if against else "",
        evidence=tuple(sorted(decision.evidence)) if decision else (),
        decision=_signed(decision) if decision else None,
        stated_at=xsd_moment(answer.at),
        until=_moment(answer.answer.until or facts.lot.expires_at),
        ledger_size=answer.ledger_size,
        status_index=facts.lot.entry.position,
        status_base=f"{names.base}status/",
        due=tuple(condition.due) if condition else (),
        complete_by=_moment(condition.complete_by) if condition else "",
        arms=tuple(f"{arm.arm}: {arm_sentence(arm)}" for arm in answer.arms),
        commitment=commitment.commit(facts.lot.recipient, _salt(answer, key)) if facts.lot.recipient else "",
        entry=entry,
        inclusion=proof,
    )


def _salt(answer: LotAnswer, key: SigningKey) -> bytes:
    """A salt that nobody without the key can make, and whoever has it makes again for the same statement."""
    text = f"salt of a commitment\n{answer.iri}\n{answer.ledger_size}\n"
    return hashlib.sha256(base64.b64decode(key.sign(text.encode()))).digest()[: commitment.SALT_BYTES]


def _shown(decision: Decision | None, ledger: Ledger, size: int, key: SigningKey) -> tuple[str, str]:
    """(the canonical text of the decision's entry, that it is in the ledger of this size)."""
    if decision is None or decision.entry is None:
        return "", ""
    position = decision.entry.position
    with ledger.view() as view:
        return entry_bytes(view.entry(position)).decode(), inclusion_at(
            view, position, size, ledger.base, key
        ).written()


def _signed(decision: Decision) -> SignedDecision:
    return SignedDecision(
        kind=decision.kind,
        signed_by=decision.signed_by,
        printed_name=decision.printed_name,
        signed_at=xsd_moment(decision.signed_at),
        meaning=decision.meaning,
        record=decision.entry.record if decision.entry else "",
        position=decision.entry.position if decision.entry else 0,
    )


def _named(term: TermRef) -> Named:
    return Named(expanded(term.id), term.label)


def _moment(at: datetime | None) -> str:
    return xsd_moment(at) if at is not None else ""

"""A lot's credential: what was decided on which evidence, for whoever does not ask us (W3C VC 2.0).

``LotStatement`` is what it says; ``document`` gives it as JSON-LD, ``written`` as the one form of its file (JSON, an
indent of one space, a line feed at the end), and ``read_credential`` takes back that form and no other: a property that
is not ours, an order that is not ours, a number that is written otherwise are refused.

    {
     "@context": ["https://www.w3.org/ns/credentials/v2", {…our terms…}],
     "id": "https://registry.example/lots/H-01.vc.json#204",
     "type": ["VerifiableCredential", "LotCredential"],
     "issuer": "did:web:registry.example",
     …
     "credentialSubject": {"id": "https://registry.example/lot/H-01", "state": "released", …},
     "proof": {"cryptosuite": "eddsa-rdfc-2022", …}
    }
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from registry.errors import Unreadable
from registry.proof.contexts import CONTEXT
from registry.proof.status_list import PURPOSES

MAX_BYTES = 200_000
TYPE = ["VerifiableCredential", "LotCredential"]


@dataclass(frozen=True, slots=True)
class Named:
    """A term by IRI, and the name that it had when the credential was given."""

    iri: str
    name: str


@dataclass(frozen=True, slots=True)
class SignedDecision:
    """The decision in force: who signed what, when (21 CFR 11.50), and where it stands in the ledger."""

    kind: str
    signed_by: str
    printed_name: str
    signed_at: str
    meaning: str
    record: str
    position: int


@dataclass(frozen=True, slots=True)
class LotStatement:
    """What a credential says of a lot. Times are canonical xsd:dateTime; digests begin with ``sha256:``.

    ``until`` is the expiry, or an earlier end such as that of a condition. ``arms`` are the arms of its study that it
    suffices for, in words. ``commitment`` binds an autologous lot to its one recipient without telling the code.
    ``entry`` is the canonical text of the decision's entry in the ledger, ``inclusion`` its ``.tlog-proof``.
    """

    address: str
    issuer: str
    iri: str
    lot: str
    product: str
    cell_type: Named | None
    indications: tuple[Named, ...]
    state: str
    may_be_injected: bool
    sentence: str
    specification: str
    specification_digest: str
    evidence: tuple[str, ...]
    decision: SignedDecision | None
    stated_at: str
    until: str
    ledger_size: int
    status_index: int
    status_base: str
    due: tuple[str, ...] = ()
    complete_by: str = ""
    arms: tuple[str, ...] = ()
    commitment: str = ""
    entry: str = ""
    inclusion: str = ""

    @property
    def id(self) -> str:
        """The credential's own address: the lot's, at this size of the ledger."""
        return f"{self.address}#{self.ledger_size}"


def document(statement: LotStatement) -> dict[str, Any]:
    """The credential as JSON-LD without its proof, its properties in the one order."""
    whole: dict[str, Any] = {
        "@context": CONTEXT,
        "id": statement.id,
        "type": TYPE,
        "issuer": statement.issuer,
        "validFrom": statement.stated_at,
    }
    if statement.until:
        whole["validUntil"] = statement.until
    whole["credentialStatus"] = [
        {
            "id": f"{statement.status_base}{purpose}#{statement.status_index}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": purpose,
            "statusListIndex": str(statement.status_index),
            "statusListCredential": f"{statement.status_base}{purpose}",
        }
        for purpose in PURPOSES
    ]
    whole["credentialSubject"] = _subject(statement)
    return whole


def written(signed_document: Mapping[str, Any]) -> str:
    """The file of a credential or a status list: JSON with an indent of one space."""
    return json.dumps(signed_document, ensure_ascii=False, indent=1) + "\n"


def read_document(text: str, where: str) -> dict[str, Any]:
    """A JSON object in the one form of ``written``; raises Unreadable for another, a name twice, or too much of it."""
    if len(text) > MAX_BYTES:
        raise Unreadable("This file is too long.", expected=f"at most {MAX_BYTES} characters", where=where)
    try:
        parsed = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable("This is no JSON.", expected="a credential's file", where=where) from error
    if not isinstance(parsed, dict) or written(parsed) != text:
        raise Unreadable(
            "This file is not in the form in which a registry writes it.",
            expected="JSON with an indent of one space, each name once, and a line feed at the end", where=where,
            todo="Ask for the file again; do not save it from an editor.",
        )  # fmt: skip
    return parsed


def read_credential(text: str, where: str = "the credential") -> tuple[LotStatement, dict[str, Any]]:
    """(what it says, the signed document); raises Unreadable for whatever we did not write. No proof is looked at."""
    whole = read_document(text, where)
    try:
        statement = _statement(whole)
        same = document(statement) == {name: value for name, value in whole.items() if name != "proof"}
        proof_names = list(whole["proof"])
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise Unreadable("This is no credential of a lot.", expected="a LotCredential", where=where) from error
    own = [*document(statement), "proof"]
    ordered = ["type", "cryptosuite", "created", "verificationMethod", "proofPurpose", "proofValue"]
    if not same or list(whole) != own or proof_names != ordered:
        raise Unreadable(
            "This credential says something that a credential of a lot does not say, or says it in another form.",
            expected="the properties that a registry writes, and no other", where=where,
        )  # fmt: skip
    return statement, whole


def _subject(statement: LotStatement) -> dict[str, Any]:
    subject: dict[str, Any] = {
        "id": statement.iri,
        "type": "CellProductLot",
        "lot": statement.lot,
        "product": statement.product,
        "state": statement.state,
        "mayBeInjected": statement.may_be_injected,
        "sentence": statement.sentence,
    }
    if statement.cell_type is not None:
        subject["cellType"] = _named(statement.cell_type)
    if statement.indications:
        subject["indication"] = [_named(term) for term in statement.indications]
    for name, value in (
        ("specification", statement.specification),
        ("specificationDigest", statement.specification_digest),
        ("evidenceDigest", list(statement.evidence)),
        ("expires", statement.until),
        ("arm", list(statement.arms)),
        ("recipientCommitment", statement.commitment),
    ):
        if value:
            subject[name] = value
    subject |= {"statedAt": statement.stated_at, "ledgerSize": statement.ledger_size}
    if statement.due:
        subject["condition"] = {"due": list(statement.due), "completeBy": statement.complete_by}
    if statement.decision is not None:
        subject["decision"] = _decision(statement.decision)
    if statement.entry:
        subject["ledger"] = {"entry": statement.entry, "inclusionProof": statement.inclusion}
    return subject


def _named(term: Named) -> dict[str, str]:
    return {"id": term.iri, "name": term.name}


def _decision(decision: SignedDecision) -> dict[str, Any]:
    return {
        "decisionKind": decision.kind,
        "signedBy": decision.signed_by,
        "printedName": decision.printed_name,
        "signedAt": decision.signed_at,
        "meaning": decision.meaning,
        "record": decision.record,
        "position": decision.position,
    }


def _statement(whole: Mapping[str, Any]) -> LotStatement:
    subject = whole["credentialSubject"]
    first = whole["credentialStatus"][0]
    decided, condition = subject.get("decision"), subject.get("condition", {})
    ledger, cell_type = subject.get("ledger", {}), subject.get("cellType")
    return LotStatement(
        address=_text(whole["id"]).rpartition("#")[0],
        issuer=_text(whole["issuer"]),
        iri=_text(subject["id"]),
        lot=_text(subject["lot"]),
        product=_text(subject["product"]),
        cell_type=_term(cell_type) if cell_type is not None else None,
        indications=tuple(_term(term) for term in subject.get("indication", [])),
        state=_text(subject["state"]),
        may_be_injected=_boolean(subject["mayBeInjected"]),
        sentence=_text(subject["sentence"]),
        specification=_text(subject.get("specification", "")),
        specification_digest=_text(subject.get("specificationDigest", "")),
        evidence=tuple(_text(digest) for digest in subject.get("evidenceDigest", [])),
        decision=_signed_decision(decided) if decided is not None else None,
        stated_at=_text(subject["statedAt"]),
        until=_text(subject.get("expires", "")),
        ledger_size=_number(subject["ledgerSize"]),
        status_index=int(_text(first["statusListIndex"])),
        status_base=_text(first["statusListCredential"]).removesuffix(PURPOSES[0]),
        due=tuple(_text(name) for name in condition.get("due", [])),
        complete_by=_text(condition.get("completeBy", "")),
        arms=tuple(_text(arm) for arm in subject.get("arm", [])),
        commitment=_text(subject.get("recipientCommitment", "")),
        entry=_text(ledger.get("entry", "")),
        inclusion=_text(ledger.get("inclusionProof", "")),
    )


def _signed_decision(decided: Mapping[str, Any]) -> SignedDecision:
    return SignedDecision(
        kind=_text(decided["decisionKind"]),
        signed_by=_text(decided["signedBy"]),
        printed_name=_text(decided["printedName"]),
        signed_at=_text(decided["signedAt"]),
        meaning=_text(decided["meaning"]),
        record=_text(decided["record"]),
        position=_number(decided["position"]),
    )


def _term(term: Mapping[str, Any]) -> Named:
    return Named(_text(term["id"]), _text(term["name"]))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("a text")
    return value


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError("a whole number")
    return value


def _boolean(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError("true or false")
    return value

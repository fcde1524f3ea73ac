"""The terms of the two JSON-LD contexts that a credential of ours uses. Nothing is ever fetched.

``https://www.w3.org/ns/credentials/v2`` is given here by the terms that we write, with the same expansions as the
published context (held by a test where it is at hand); our own terms stand in the credential itself, so that anybody
can expand it without asking us.
"""

from __future__ import annotations

from typing import Any

from registry.identifiers import CPR

CREDENTIALS_V2 = "https://www.w3.org/ns/credentials/v2"
_CRED = "https://www.w3.org/2018/credentials#"
_SEC = "https://w3id.org/security#"
_STATUS = "https://www.w3.org/ns/credentials/status#"
_XSD = "http://www.w3.org/2001/XMLSchema#"


def _link(iri: str) -> dict[str, str]:
    return {"@id": iri, "@type": "@id"}


def _moment(iri: str) -> dict[str, str]:
    return {"@id": iri, "@type": _XSD + "dateTime"}


OF_THE_W3C: dict[str, Any] = {
    "id": "@id",
    "type": "@type",
    "name": "https://schema.org/name",
    "VerifiableCredential": _CRED + "VerifiableCredential",
    "issuer": _link(_CRED + "issuer"),
    "validFrom": _moment(_CRED + "validFrom"),
    "validUntil": _moment(_CRED + "validUntil"),
    "credentialSubject": _link(_CRED + "credentialSubject"),
    "credentialStatus": _link(_CRED + "credentialStatus"),
    "BitstringStatusListEntry": _STATUS + "BitstringStatusListEntry",
    "BitstringStatusListCredential": _STATUS + "BitstringStatusListCredential",
    "BitstringStatusList": _STATUS + "BitstringStatusList",
    "statusPurpose": _STATUS + "statusPurpose",
    "statusListIndex": _STATUS + "statusListIndex",
    "statusListCredential": _link(_STATUS + "statusListCredential"),
    "encodedList": {"@id": _STATUS + "encodedList", "@type": _SEC + "multibase"},
    "DataIntegrityProof": _SEC + "DataIntegrityProof",
    "created": _moment("http://purl.org/dc/terms/created"),
    "cryptosuite": {"@id": _SEC + "cryptosuite", "@type": _SEC + "cryptosuiteString"},
    "proofPurpose": {
        "@id": _SEC + "proofPurpose",
        "@type": "@vocab",
        "@context": {"assertionMethod": _SEC + "assertionMethod"},
    },
    "verificationMethod": _link(_SEC + "verificationMethod"),
}

_OWN_TEXTS = {
    "lot": "lotIdentifier",
    "product": "productIdentifier",
    "state": "state",
    "sentence": "answer",
    "mayBeInjected": "mayBeInjected",
    "specificationDigest": "specificationDigest",
    "evidenceDigest": "evidenceDigest",
    "decisionKind": "decisionKind",
    "signedBy": "signedBy",
    "printedName": "printedName",
    "meaning": "meaning",
    "record": "recordDigest",
    "position": "position",
    "ledgerSize": "ledgerSize",
    "due": "due",
    "arm": "arm",
    "recipientCommitment": "recipientCommitment",
    "entry": "entryText",
    "inclusionProof": "inclusionProof",
}
_OWN_MOMENTS = {"signedAt": "signedAt", "statedAt": "statedAt", "expires": "expires", "completeBy": "completeBy"}
_OWN_LINKS = {
    "cellType": "cellType",
    "specification": "specification",
    "indication": "indication",
    "decision": "decision",
    "condition": "condition",
    "ledger": "ledger",
}
OURS: dict[str, Any] = {
    "LotCredential": CPR + "LotCredential",
    "CellProductLot": CPR + "Lot",
    **{name: CPR + term for name, term in _OWN_TEXTS.items()},
    **{name: _moment(CPR + term) for name, term in _OWN_MOMENTS.items()},
    **{name: _link(CPR + term) for name, term in _OWN_LINKS.items()},
}
"""Our own terms, as they stand in every credential of ours."""

CONTEXT: list[Any] = [CREDENTIALS_V2, OURS]
STATUS_CONTEXT: list[Any] = [CREDENTIALS_V2]

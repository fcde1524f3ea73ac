"""Which lots were withdrawn since their credentials were given: two lists of bits (W3C Bitstring Status List 1.0).

``revocation`` has the bits of lots that are rejected or recalled, for good; ``suspension`` of lots that may not be
injected now: held, suspended, lapsed, expired, or made from something that is. A list is a credential of its own,
short-lived and the same for everybody, so whoever fetches it does not tell which lot is asked about. A lot's bit is at
the position of its first entry in the ledger.
"""

from __future__ import annotations

import base64
import binascii
import gzip
import io
import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from registry.errors import Unreadable
from registry.instants import xsd_moment
from registry.proof.contexts import STATUS_CONTEXT

Purpose = Literal["suspension", "revocation"]
PURPOSES: tuple[Purpose, ...] = ("suspension", "revocation")
SMALLEST = 131_072
"""Bits of the shortest list: with fewer, the list would tell too much (section 4.1 of the specification)."""
_LARGEST = 1 << 27


@dataclass(frozen=True, slots=True)
class StatusList:
    """What a list says: for which purpose, by whom, from when until when, and the bits."""

    id: str
    purpose: Purpose
    issuer: str
    valid_from: str
    valid_until: str
    bits: bytes

    def is_set(self, index: int) -> bool:
        """The bit of a lot; the first bit is the leftmost. A list that is too short says nothing: Unreadable."""
        if not 0 <= index < len(self.bits) * 8:
            raise Unreadable(
                "The list ends before this lot.", expected=f"more than {index} bits", found=f"{len(self.bits) * 8}"
            )
        return bool(self.bits[index // 8] >> (7 - index % 8) & 1)


def packed(indexes: Collection[int], at_least: int) -> bytes:
    """The bits, those at ``indexes`` set; as long as the ledger needs, doubling from the smallest list."""
    size = SMALLEST
    while size <= max([at_least, *indexes]):
        size *= 2
    bits = bytearray(size // 8)
    for index in indexes:
        bits[index // 8] |= 1 << (7 - index % 8)
    return bytes(bits)


def list_document(
    address: str, issuer: str, purpose: Purpose, bits: bytes, at: datetime, until: datetime
) -> dict[str, Any]:
    """The list as a credential without its proof; ``address`` is where it is served."""
    return {
        "@context": list(STATUS_CONTEXT),
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": xsd_moment(at),
        "validUntil": xsd_moment(until),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": purpose,
            "encodedList": _encoded(bits),
        },
    }


def read_list(document: Mapping[str, Any], where: str = "the status list") -> StatusList:
    """What a list says; raises Unreadable for what is not in the form that ``list_document`` writes. No proof is
    looked at.
    """
    try:
        subject = document["credentialSubject"]
        purpose: Purpose = subject["statusPurpose"]
        status_list = StatusList(
            document["id"], purpose, document["issuer"], document["validFrom"], document["validUntil"],
            _decoded(subject["encodedList"]),
        )  # fmt: skip
        again = {
            "@context": list(STATUS_CONTEXT),
            "id": status_list.id,
            "type": ["VerifiableCredential", "BitstringStatusListCredential"],
            "issuer": status_list.issuer,
            "validFrom": status_list.valid_from,
            "validUntil": status_list.valid_until,
            "credentialSubject": {
                "id": f"{status_list.id}#list",
                "type": "BitstringStatusList",
                "statusPurpose": purpose,
                "encodedList": subject["encodedList"],
            },
        }
    except (KeyError, TypeError, ValueError) as error:
        raise Unreadable("This is no status list.", expected="a BitstringStatusListCredential", where=where) from error
    if {name: value for name, value in document.items() if name != "proof"} != again or purpose not in PURPOSES:
        raise Unreadable("This status list is not in the form that a registry writes.", where=where)
    return status_list


def _encoded(bits: bytes) -> str:
    packed_bits = gzip.compress(bits, compresslevel=9, mtime=0)
    return "u" + base64.urlsafe_b64encode(packed_bits).decode().rstrip("=")


def _decoded(text: str) -> bytes:
    if not text.startswith("u"):
        raise ValueError("not base64url")
    try:
        data = base64.b64decode(text[1:] + "=" * (-len(text[1:]) % 4), altchars=b"-_", validate=True)
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            bits = file.read(_LARGEST // 8 + 1)
    except (binascii.Error, OSError, EOFError, zlib.error) as error:
        raise ValueError("not gzip") from error
    if not SMALLEST // 8 <= len(bits) <= _LARGEST // 8:
        raise ValueError("of another length")
    return bits

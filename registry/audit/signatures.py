"""Signatures: every signed entry's is over its record's bytes, by the key in force at its position."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from registry.audit.findings import Findings
from registry.errors import Corrupt, Refused, Unknown
from registry.ledger import Entry, View, public_key_of
from registry.proof.signing import fingerprint, rotation_problem, verify


def check_signatures(view: View, entries: Sequence[Entry], signed_kinds: Collection[str], findings: Findings) -> None:
    """Follow the keys from the first entry on, and verify each signature; entries of ``signed_kinds`` must have one."""
    public = ""
    for entry in entries:
        if entry.kind in ("init", "key"):
            public = _next_key(public, entry, findings)
        elif "signature" in entry.details or entry.kind in signed_kinds:
            findings.counts["signatures"] += 1
            _check(view, entry, public, findings)


def _next_key(public: str, entry: Entry, findings: Findings) -> str:
    try:
        successor = public_key_of(entry.details)
        fingerprint(successor)
        problem = rotation_problem(public, entry.details) if entry.kind == "key" else ""
    except (Corrupt, Refused) as error:
        findings.add("key", entry.position, error.message, expected=error.expected, found=error.found)
        return public
    if problem:
        findings.add("key", entry.position, "The signing key was not replaced in order.", expected="a sound rotation",
                     found=problem)  # fmt: skip
    findings.counts["keys"] += 1
    if entry.kind == "key" and "consent" not in entry.details:
        findings.counts["keys replaced without the old one's consent"] += 1
    return successor


def _check(view: View, entry: Entry, public: str, findings: Findings) -> None:
    signature, key = entry.details.get("signature"), entry.details.get("key")
    if not isinstance(signature, str) or entry.record is None:
        findings.add("signature", entry.position, f"A {entry.kind} is not signed.", expected="a signed record",
                     found=f"signature {signature!r}, record {entry.record}")  # fmt: skip
        return
    if not public:
        findings.add("signature", entry.position, "No key is in force.", expected="a public key", found="none")
        return
    findings.compare("signature", entry.position, "Another key signed than was in force.", expected=fingerprint(public),
                     found=key)  # fmt: skip
    try:
        data = view.record(entry.record).ntriples
    except Unknown:
        return  # reported as a missing record
    if not verify(public, data, signature):
        findings.add("signature", entry.position, "The signature is not over this record.", expected="Ed25519 over its "
                     "bytes by the key in force", found=signature)  # fmt: skip

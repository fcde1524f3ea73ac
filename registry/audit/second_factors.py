"""Second factors: those that stand are those that were enrolled, and whoever had one signed with it."""

from __future__ import annotations

from collections.abc import Sequence

from registry.audit.accounts import State, compare_states
from registry.audit.findings import Findings
from registry.ledger import Entry, View
from registry.records import digest_of


def check_second_factors(view: View, entries: Sequence[Entry], findings: Findings) -> None:
    """Replay what was enrolled, taken away and required; hold every signature against it, and then the table."""
    enrolled: State = {}
    last: dict[str, int] = {}
    roles: dict[str, object] = {}
    required: tuple[str, ...] = ()
    for entry in entries:
        name = str(entry.details.get("account")).casefold()
        if entry.kind == "setting" and entry.details.get("setting") == "second factor":
            named = entry.details.get("roles")
            required = tuple(str(role) for role in named) if isinstance(named, list) else ()
        elif entry.kind == "account" and "role" in entry.details:
            roles[name] = entry.details["role"]
        elif entry.kind == "account" and "factor" in entry.details:
            last[f"second factor {name}"] = entry.position
            _follow(enrolled, name, entry, findings)
        elif "signature" in entry.details:
            _check(entry, enrolled, roles.get(entry.actor.casefold()) in required, findings)
    standing = {row["account"]: {"kind": row["kind"], "credential": digest_of(row["secret"].encode())}
                for row in view.rows("second_factors")}  # fmt: skip
    compare_states("second factor", enrolled, standing, last, findings)
    findings.counts["second factors"] = len(standing)


def _follow(enrolled: State, name: str, entry: Entry, findings: Findings) -> None:
    if entry.details.get("event") == "second factor enrolled":
        if entry.actor.casefold() != name:
            findings.add("second factor", entry.position, "A second factor was enrolled for somebody else.",
                         expected=name, found=entry.actor)  # fmt: skip
        enrolled[name] = {"kind": entry.details["factor"], "credential": entry.details.get("factor_credential")}
        return
    if entry.actor.casefold() == name:
        findings.add("second factor", entry.position, "A second factor was taken away by its owner.",
                     expected="another account", found=entry.actor)  # fmt: skip
    enrolled.pop(name, None)


def _check(entry: Entry, enrolled: State, is_required: bool, findings: Findings) -> None:
    owned = enrolled.get(entry.actor.casefold(), {}).get("kind")
    given = entry.details.get("second_factor")
    if given != owned or (is_required and given is None):
        findings.add("second factor", entry.position, f"The {entry.kind} was not signed with the second factor due.",
                     expected=owned or ("any" if is_required else "none"), found=given or "none")  # fmt: skip

"""Second factors and passkeys: those that stand are those that were enrolled, and whoever had one signed with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from registry.audit.accounts import State, compare_states
from registry.audit.findings import Findings
from registry.ledger import Entry, View
from registry.records import digest_of

PASSKEY = "passkey"


@dataclass
class _Owned:
    """What is enrolled at one place of the ledger: codes by account, passkeys by their id."""

    codes: State = field(default_factory=dict)
    keys: State = field(default_factory=dict)
    last: dict[str, int] = field(default_factory=dict)

    def kinds(self, name: str) -> set[object]:
        """What an account may give at a signature."""
        kinds = {self.codes[name]["kind"]} if name in self.codes else set()
        return kinds | ({PASSKEY} if any(key["account"] == name for key in self.keys.values()) else set())


def check_second_factors(view: View, entries: Sequence[Entry], findings: Findings) -> None:
    """Replay what was enrolled, taken away and required; hold every signature against it, and then the tables."""
    owned, roles = _Owned(), dict[str, object]()
    required: tuple[str, ...] = ()
    for entry in entries:
        name = str(entry.details.get("account")).casefold()
        if entry.kind == "setting" and entry.details.get("setting") == "second factor":
            named = entry.details.get("roles")
            required = tuple(str(role) for role in named) if isinstance(named, list) else ()
        elif entry.kind == "account" and "role" in entry.details:
            roles[name] = entry.details["role"]
        elif entry.kind == "account" and "factor" in entry.details:
            _follow(owned, name, entry, findings)
        elif "signature" in entry.details:
            actor = entry.actor.casefold()
            _check(entry, owned.kinds(actor), roles.get(actor) in required, findings)
    _compare(view, owned, findings)


def _compare(view: View, owned: _Owned, findings: Findings) -> None:
    codes = {row["account"]: {"kind": row["kind"], "credential": digest_of(row["secret"].encode())}
             for row in view.rows("second_factors")}  # fmt: skip
    keys = {row["id"]: {"account": row["account"], "label": row["label"], "party": row["party"],
                        "credential": digest_of(row["public_key"].encode())}
            for row in view.rows("passkeys")}  # fmt: skip
    compare_states("second factor", owned.codes, codes, owned.last, findings)
    compare_states("passkey", owned.keys, keys, owned.last, findings)
    findings.counts["second factors"], findings.counts["passkeys"] = len(codes), len(keys)


def _follow(owned: _Owned, name: str, entry: Entry, findings: Findings) -> None:
    details, by_owner = entry.details, entry.actor.casefold() == name
    if details.get("event") == "second factor taken away":
        if by_owner:
            findings.add("second factor", entry.position, "A second factor was taken away by its owner.",
                         expected="another account", found=entry.actor)  # fmt: skip
        owned.last[f"second factor {name}"] = entry.position
        owned.codes.pop(name, None)
        for key in [key for key, state in owned.keys.items() if state["account"] == name]:
            owned.last[f"passkey {key}"] = entry.position
            del owned.keys[key]
        return
    if not by_owner:
        findings.add("second factor", entry.position, "A second factor was enrolled for somebody else.",
                     expected=name, found=entry.actor)  # fmt: skip
    if details["factor"] == PASSKEY:
        key = str(details.get("passkey"))
        owned.last[f"passkey {key}"] = entry.position
        owned.keys[key] = {"account": name, "label": details.get("label"), "party": details.get("party"),
                           "credential": details.get("factor_credential")}  # fmt: skip
        return
    owned.last[f"second factor {name}"] = entry.position
    owned.codes[name] = {"kind": details["factor"], "credential": details.get("factor_credential")}


def _check(entry: Entry, owned: set[object], is_required: bool, findings: Findings) -> None:
    given = entry.details.get("second_factor")
    if given not in (owned or {None}) or (is_required and given is None):
        due = " or ".join(sorted(str(kind) for kind in owned))
        findings.add("second factor", entry.position, f"The {entry.kind} was not signed with the second factor due.",
                     expected=due or ("any" if is_required else "none"), found=given or "none")  # fmt: skip

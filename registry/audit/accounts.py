"""People: accounts and tokens are what the entries made of them, so that nobody was given rights on the side."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from registry.audit.findings import Findings
from registry.errors import Corrupt
from registry.instants import moment_of
from registry.ledger import Entry, View
from registry.records import digest_of

DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
State = dict[str, dict[str, Any]]


def check_people(view: View, entries: Sequence[Entry], findings: Findings) -> None:
    """Replay entries of kinds ``account`` and ``token``, and compare the tables with what comes out."""
    accounts: State = {}
    tokens: State = {}
    last: dict[str, int] = {}
    for entry in entries:
        if entry.kind == "account":
            name = str(entry.details.get("account")).casefold()
            last["account " + name] = entry.position
            _account(accounts.setdefault(name, {"disabled": False}), entry.details)
        elif entry.kind == "token":
            token = str(entry.details.get("id"))
            last["token " + token] = entry.position
            _token(tokens.setdefault(token, {}), entry.details)
    standing = {row["key"]: _account_row(row) for row in view.rows("accounts")}
    compare_states("account", accounts, standing, last, findings)
    rights = {row["token"]: row["scopes"].split(" ") for row in view.rows("token_rights")}
    held = {row["id"]: _token_row(row, rights.pop(row["id"], None)) for row in view.rows("tokens")}
    compare_states("token", tokens, held, last, findings)
    for token in sorted(rights.keys() - tokens.keys()):
        findings.add("token", None, f"What the token {token} may is of no token.", expected="a token's id", found=token)
    findings.counts["accounts"], findings.counts["tokens"] = len(accounts), len(tokens)


def check_sessions(view: View, findings: Findings) -> None:
    """Every session is of an account, kept by the digest of its secret, and used after it was begun."""
    accounts = {row["key"] for row in view.rows("accounts")}
    count = 0
    for row in view.rows("sessions"):
        count += 1
        problem = "" if row["account"] in accounts else f"of {row['account']}, no account"
        problem = problem or ("" if DIGEST.fullmatch(row["hash"]) else f"hash {row['hash']}")
        try:
            begun, used = moment_of(row["created"]), moment_of(row["used"])
            problem = problem or ("" if begun <= used else f"used {used}, before {begun}, when it was begun")
        except Corrupt as error:
            problem = problem or error.found
        if problem:
            findings.add("session", None, "A session is none that a sign-in began.", expected="one of an account",
                         found=problem)  # fmt: skip
    findings.counts["sessions"] = count


def _account(state: dict[str, Any], details: Mapping[str, Any]) -> None:
    if details.get("event") == "created":
        state["name"] = details.get("account")
    if details.get("event") in ("disabled", "enabled"):
        state["disabled"] = details.get("event") == "disabled"
    for name in ("printed_name", "role", "must_change", "credential"):
        if name in details:
            state[name] = details[name]


def _token(state: dict[str, Any], details: Mapping[str, Any]) -> None:
    if details.get("event") == "revoked":
        state["revoked"] = True
        return
    named = ("account", "label", "expires", "credential", "scopes")
    state.update({name: details.get(name) for name in named}, revoked=False)


def _account_row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": row["name"], "printed_name": row["printed_name"], "role": row["role"],
        "credential": digest_of(row["password"].encode()), "must_change": bool(row["must_change"]),
        "disabled": bool(row["disabled"]),
    }  # fmt: skip


def _token_row(row: Mapping[str, Any], scopes: list[str] | None) -> dict[str, Any]:
    return {
        "account": row["account"], "label": row["label"], "expires": row["expires"], "credential": row["hash"],
        "revoked": row["revoked"] is not None, "scopes": scopes,
    }  # fmt: skip


def compare_states(check: str, entered: State, standing: State, last: Mapping[str, int], findings: Findings) -> None:
    """Hold the rows of a table against what entries made of them; ``last`` has the newest entry of each."""
    for key in sorted({*entered, *standing}):
        position = last.get(f"{check} {key}")
        if key not in entered or key not in standing:
            findings.add(check, position, f"The {check} {key} does not stand on both sides.",
                         expected="entered" if key in entered else "never entered",
                         found="standing" if key in standing else "gone")  # fmt: skip
            continue
        for name in sorted({*entered[key], *standing[key]}):
            findings.compare(check, position, f"The {name} of the {check} {key} was changed without an entry.",
                             expected=entered[key].get(name), found=standing[key].get(name))  # fmt: skip

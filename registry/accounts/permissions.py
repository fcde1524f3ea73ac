"""Who may do what: the one table, read by services, pages and commands alike.

    require(actor, Permission.SUBMIT)      # raises NotAllowed for an analyst

Whoever acts is an ``Actor``: an account whose password, session or token was verified (``registry.accounts``), or the
``LocalOperator``, whoever may write the registry's folder. A name alone is nobody: no verb that enters something takes
one. A signature asks for more, the name and password given again, and verifies them itself (21 CFR 11.200); it is the
account so verified that ``require`` is asked about.

What asks more than a role (a submitter's own panel, a second person) is decided by the service that knows it.
"""

from __future__ import annotations

import getpass
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum, unique

from registry.accounts.account_table import Account
from registry.errors import NotAllowed

ROLES: Mapping[str, str] = {
    "submitter": "registers products and lots, submits panels, withdraws its own",
    "quality unit": "approves specifications, releases, holds, rejects, recalls",
    "clinician": "looks lots up before they are given",
    "analyst": "asks questions of everything that is not a person's",
    "inspector": "reads everything, changes nothing",
    "administrator": "manages accounts, ends tokens, and nothing else",
}


@unique
class Permission(Enum):
    """What may be asked of a registry; the value finishes the sentence "She may not …"."""

    READ = "read this"
    QUERY = "ask the graph"
    SAVE_QUESTION = "save a question"
    EXPLORE = "explore the lots"
    READ_TRENDS = "see trends"
    READ_EVIDENCE = "see the evidence beside its source"
    READ_MAPPINGS = "read mappings"
    READ_DRAFTS = "read drafts"
    READ_LEDGER = "read the ledger"
    READ_ACCOUNTS = "see the accounts"
    READ_SETTINGS = "see the settings"
    COPY_RECORDS = "take copies for an inspection"
    REVIEW = "review what waits"
    REVIEW_TRAIL = "review an audit trail"
    REGISTER_PRODUCT = "register a product"
    REGISTER_LOT = "register a lot"
    IDENTIFY = "record an identifier of others"
    ADD_STUDY = "add a study"
    CITE = "add a publication"
    MAKE_CLAIM = "make a claim"
    SUBMIT = "submit results"
    WITHDRAW = "withdraw a panel"
    WITHDRAW_ANY = "withdraw this panel"
    ACCEPT = "accept this"
    SIGN_RELEASE = "sign this"
    SUBMIT_OUTCOMES = "submit outcomes"
    READ_OUTCOMES = "see outcomes of single administrations"
    READ_OUTCOME_SUMMARY = "see what outcomes say of many"
    ADMINISTER = "record what was given"
    MOVE_CONTAINERS = "move containers"
    READ_ADMINISTRATIONS = "see what was given"
    SEE_RECIPIENTS = "see recipients' codes"
    FOLLOW_UP = "answer what was found late"
    DRAFT_SPECIFICATION = "draft a specification"
    APPROVE_SPECIFICATION = "approve a specification"
    DRAFT_MAPPING = "draft a mapping"
    APPROVE_MAPPING = "approve a mapping"
    REPLACE_TERM = "replace a term"
    LOAD_ONTOLOGY = "load an ontology"
    PRINT_CERTIFICATE = "print a certificate"
    PRINT_LABEL = "print labels"
    CHANGE_PASSWORD = "choose a password"  # noqa: S105 - a word, no password
    CREATE_TOKEN = "make a token"  # noqa: S105 - a word, no token
    MANAGE_ACCOUNTS = "manage accounts"
    MANAGE_WEBHOOKS = "manage webhooks"
    RECOVER_SECOND_FACTOR = "take away a second factor"
    RESET_ADMINISTRATOR = "reset an administrator's password"
    AUDIT = "audit the registry"
    CONFIRM_RESTORED = "confirm a restored registry"
    CONFIRM_CLOCK = "confirm the clock"
    KEEP = "keep the registry's folder"
    """Create, restore, back up, rebuild, export to a file."""


@dataclass(frozen=True, slots=True)
class LocalOperator:
    """Whoever may write the registry's folder and gives no account; recorded as ``local:<user>``."""

    user: str = field(default_factory=getpass.getuser)

    @property
    def name(self) -> str:
        """As entries name them; no account's name holds a colon."""
        return f"local:{self.user}"

    @property
    def printed_name(self) -> str:
        """The same: nobody knows another name of theirs."""
        return self.name


Actor = Account | LocalOperator

_S, _Q, _C, _A, _I, _M = ROLES
LOCAL = "local operator"
"""Stands in the table for whoever acts without an account."""

_TABLE: Mapping[Permission, frozenset[str]] = {
    permission: frozenset(holders)
    for permission, holders in {
        Permission.READ: (_S, _Q, _C, _A, _I, _M, LOCAL),
        Permission.QUERY: (_S, _Q, _C, _A, _I, LOCAL),
        Permission.SAVE_QUESTION: (_S, _Q, _A),
        Permission.EXPLORE: (_Q, _A, _I, LOCAL),
        Permission.READ_TRENDS: (_S, _Q, _A, _I, LOCAL),
        Permission.READ_EVIDENCE: (_S, _Q, _I, LOCAL),
        Permission.READ_MAPPINGS: (_S, _Q, _I, LOCAL),
        Permission.READ_DRAFTS: (_Q, _I, LOCAL),
        Permission.READ_LEDGER: (_Q, _I, _M, LOCAL),
        Permission.READ_ACCOUNTS: (_I, _M, LOCAL),
        Permission.READ_SETTINGS: (_I, _M, LOCAL),
        Permission.COPY_RECORDS: (_Q, _I, LOCAL),
        Permission.REVIEW: (_Q,),
        Permission.REVIEW_TRAIL: (_Q,),
        Permission.REGISTER_PRODUCT: (_S, _Q, LOCAL),
        Permission.REGISTER_LOT: (_S, _Q, LOCAL),
        Permission.IDENTIFY: (_S, _Q),
        Permission.ADD_STUDY: (_S, _Q),
        Permission.CITE: (_S, _Q),
        Permission.MAKE_CLAIM: (_Q,),
        Permission.SUBMIT: (_S, _Q),
        Permission.WITHDRAW: (_S, _Q),
        Permission.WITHDRAW_ANY: (_Q,),
        Permission.ACCEPT: (_Q,),
        Permission.SIGN_RELEASE: (_Q,),
        Permission.SUBMIT_OUTCOMES: (_Q, _C),
        Permission.READ_OUTCOMES: (_Q, _C, _I, LOCAL),
        Permission.READ_OUTCOME_SUMMARY: (_Q, _C, _A, _I, LOCAL),
        Permission.ADMINISTER: (_C,),
        Permission.MOVE_CONTAINERS: (_S, _Q, _C),
        Permission.READ_ADMINISTRATIONS: (_Q, _C, _I, LOCAL),
        Permission.SEE_RECIPIENTS: (_Q, _C, _I),
        Permission.FOLLOW_UP: (_Q, _C),
        Permission.DRAFT_SPECIFICATION: (_Q,),
        Permission.APPROVE_SPECIFICATION: (_Q,),
        Permission.DRAFT_MAPPING: (_S, _Q),
        Permission.APPROVE_MAPPING: (_Q,),
        Permission.REPLACE_TERM: (_Q,),
        Permission.LOAD_ONTOLOGY: (_M, LOCAL),
        Permission.PRINT_CERTIFICATE: (_S, _Q, _C, _I, LOCAL),
        Permission.PRINT_LABEL: (_S, _Q, _C, LOCAL),
        Permission.CHANGE_PASSWORD: (_S, _Q, _C, _A, _I, _M),
        Permission.CREATE_TOKEN: (_S, _Q, _C, _A, _I, _M),
        Permission.MANAGE_ACCOUNTS: (_M,),
        Permission.MANAGE_WEBHOOKS: (_M,),
        Permission.RECOVER_SECOND_FACTOR: (_Q,),
        Permission.RESET_ADMINISTRATOR: (_M, LOCAL),
        Permission.AUDIT: (_Q, _I, _M, LOCAL),
        Permission.CONFIRM_RESTORED: (_Q,),
        Permission.CONFIRM_CLOCK: (_M, LOCAL),
        Permission.KEEP: (LOCAL,),
    }.items()
}

SCOPES: Mapping[str, str] = {
    "read": "look up lots and what is known of them, print certificates and labels",
    "ask": "ask questions of the graph, explore lots and trends",
    "submit": "register lots and products, submit results and outcomes, withdraw its own, move containers",
    "recipients": "record and read what was given to whom, and single outcomes",
    "inspect": "read the ledger, the accounts and the settings, take copies, audit",
    "sign": "what is signed, with name and password beside the token",
}
"""What a token may be for; nobody's token manages accounts, makes tokens or changes a password."""
USUAL = ("read", "ask", "submit")
"""The scopes of a token whose maker names none, as far as the role may use them."""
_IN_SCOPE: Mapping[str, frozenset[Permission]] = {
    scope: frozenset(permissions)
    for scope, permissions in {
        "read": (
            *(Permission.READ, Permission.EXPLORE, Permission.READ_TRENDS, Permission.READ_EVIDENCE),
            *(Permission.READ_MAPPINGS, Permission.READ_DRAFTS, Permission.REVIEW, Permission.READ_OUTCOME_SUMMARY),
            *(Permission.PRINT_CERTIFICATE, Permission.PRINT_LABEL),
        ),
        "ask": (Permission.QUERY, Permission.EXPLORE, Permission.READ_TRENDS, Permission.READ_OUTCOME_SUMMARY),
        "submit": (
            *(Permission.REGISTER_PRODUCT, Permission.REGISTER_LOT, Permission.ADD_STUDY, Permission.CITE),
            Permission.IDENTIFY,
            *(Permission.SUBMIT, Permission.WITHDRAW, Permission.WITHDRAW_ANY, Permission.SUBMIT_OUTCOMES),
            *(Permission.MOVE_CONTAINERS, Permission.DRAFT_SPECIFICATION, Permission.DRAFT_MAPPING),
        ),
        "recipients": (
            *(Permission.ADMINISTER, Permission.READ_ADMINISTRATIONS, Permission.SEE_RECIPIENTS, Permission.FOLLOW_UP),
            *(Permission.READ_OUTCOMES, Permission.READ_OUTCOME_SUMMARY),
        ),
        "inspect": (
            *(Permission.READ_LEDGER, Permission.READ_ACCOUNTS, Permission.READ_SETTINGS, Permission.COPY_RECORDS),
            Permission.AUDIT,
        ),
        "sign": (
            *(Permission.REVIEW_TRAIL, Permission.MAKE_CLAIM, Permission.ACCEPT, Permission.SIGN_RELEASE),
            *(Permission.APPROVE_SPECIFICATION, Permission.APPROVE_MAPPING, Permission.REPLACE_TERM),
        ),
    }.items()
}  # fmt: skip

_HOLDERS = {_Q: "a member of the quality unit", LOCAL: "whoever may write the registry's folder"}


def roles_of(*permissions: Permission) -> tuple[str, ...]:
    """The roles that hold every one of these permissions, in the order of ``ROLES``."""
    return tuple(role for role in ROLES if all(role in _TABLE[permission] for permission in permissions))


def may(actor: Actor, permission: Permission) -> bool:
    """Whether this actor may do this; nobody may with a disabled account or, but choosing one's own, a one-time
    password.
    """
    if isinstance(actor, LocalOperator):
        return LOCAL in _TABLE[permission]
    if actor.disabled or (actor.must_change and permission is not Permission.CHANGE_PASSWORD):
        return False
    if actor.limited_to is not None and permission.value not in actor.limited_to:
        return False
    return actor.role in _TABLE[permission]


def require(actor: Actor, permission: Permission) -> None:
    """Let the actor through, or raise NotAllowed with who may do it and who asked."""
    if may(actor, permission):
        return
    if isinstance(actor, Account) and actor.role in _TABLE[permission]:
        beyond = actor.limited_to is not None and permission.value not in actor.limited_to
        raise _beyond_token(permission) if beyond else _own_password_first(actor)
    raise NotAllowed(
        f"{actor.name} may not {permission.value}.",
        expected=expected(permission),
        found="nobody who is signed in" if isinstance(actor, LocalOperator) else holder(actor.role),
        todo="Do it with an account of such a role, or ask somebody who has one.",
    )


def within(scopes: Iterable[str]) -> frozenset[str]:
    """The values of the permissions that a token of these scopes may use, where its account's role has them."""
    return frozenset(permission.value for scope in scopes for permission in _IN_SCOPE.get(scope, ()))


def scopes_of(role: str) -> tuple[str, ...]:
    """The scopes of which this role may use anything."""
    return tuple(scope for scope in SCOPES if any(role in _TABLE[permission] for permission in _IN_SCOPE[scope]))


def expected(permission: Permission) -> str:
    """Who holds a permission, in words: ``a submitter or a member of the quality unit``."""
    named = [holder(role) for role in (*ROLES, LOCAL) if role in _TABLE[permission]]
    return named[0] if len(named) == 1 else f"{', '.join(named[:-1])} or {named[-1]}"


def holder(role: str) -> str:
    """Somebody of a role, in words: ``an analyst``."""
    return _HOLDERS.get(role) or f"{'an' if role[:1] in 'aeiou' else 'a'} {role}"


def _beyond_token(permission: Permission) -> NotAllowed:
    scopes = [scope for scope in SCOPES if permission in _IN_SCOPE[scope]]
    return NotAllowed(
        f"This token may not {permission.value}.", expected=" or ".join(scopes) or "a person who signs in",
        found="a token of other scopes", code="token-scope",
        todo="Make a token with that scope." if scopes else "Sign in: no token does this.",
    )  # fmt: skip


def _own_password_first(account: Account) -> NotAllowed:
    if account.disabled:
        return NotAllowed("This account is disabled.", expected="an account in use", found=account.name)
    return NotAllowed(
        "Nothing is done with a one-time password but to choose one's own.",
        expected="a password that only its owner knows",
        found=f"the one-time password of {account.name}",
        todo="Choose your own password first.",
    )

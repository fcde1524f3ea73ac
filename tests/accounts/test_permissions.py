"""Who may do what: the table as it is expected, each permission for each role and for whoever has no account."""

from __future__ import annotations

import pytest

from registry.accounts import ROLES, Account, LocalOperator, Permission, require
from registry.accounts.permissions import may, roles_of
from registry.errors import NotAllowed

S, Q, C, A, I, M = ROLES  # noqa: E741  # submitter, quality unit, clinician, analyst, inspector, manager
LOCAL = "local operator"

EXPECTED: dict[Permission, set[str]] = {
    Permission.READ: {S, Q, C, A, I, M, LOCAL},
    Permission.QUERY: {S, Q, C, A, I, LOCAL},
    Permission.SAVE_QUESTION: {S, Q, A},
    Permission.EXPLORE: {Q, A, I, LOCAL},
    Permission.READ_TRENDS: {S, Q, A, I, LOCAL},
    Permission.READ_EVIDENCE: {S, Q, I, LOCAL},
    Permission.READ_MAPPINGS: {S, Q, I, LOCAL},
    Permission.READ_DRAFTS: {Q, I, LOCAL},
    Permission.READ_LEDGER: {Q, I, M, LOCAL},
    Permission.READ_ACCOUNTS: {I, M, LOCAL},
    Permission.READ_SETTINGS: {I, M, LOCAL},
    Permission.COPY_RECORDS: {Q, I, LOCAL},
    Permission.REVIEW: {Q},
    Permission.REGISTER_PRODUCT: {S, Q, LOCAL},
    Permission.REGISTER_LOT: {S, Q, LOCAL},
    Permission.ADD_STUDY: {S, Q},
    Permission.SUBMIT: {S, Q},
    Permission.CITE: {S, Q},
    Permission.SUBMIT_OUTCOMES: {Q, C},
    Permission.READ_OUTCOMES: {Q, C, I, LOCAL},
    Permission.READ_OUTCOME_SUMMARY: {Q, C, A, I, LOCAL},
    Permission.WITHDRAW: {S, Q},
    Permission.WITHDRAW_ANY: {Q},
    Permission.ACCEPT: {Q},
    Permission.SIGN_RELEASE: {Q},
    Permission.MAKE_CLAIM: {Q},
    Permission.ADMINISTER: {C},
    Permission.MOVE_CONTAINERS: {S, Q, C},
    Permission.READ_ADMINISTRATIONS: {Q, C, I, LOCAL},
    Permission.SEE_RECIPIENTS: {Q, C, I},
    Permission.FOLLOW_UP: {Q, C},
    Permission.DRAFT_SPECIFICATION: {Q},
    Permission.APPROVE_SPECIFICATION: {Q},
    Permission.DRAFT_MAPPING: {S, Q},
    Permission.APPROVE_MAPPING: {Q},
    Permission.REPLACE_TERM: {Q},
    Permission.LOAD_ONTOLOGY: {M, LOCAL},
    Permission.PRINT_CERTIFICATE: {S, Q, C, I, LOCAL},
    Permission.PRINT_LABEL: {S, Q, C, LOCAL},
    Permission.CHANGE_PASSWORD: {S, Q, C, A, I, M},
    Permission.CREATE_TOKEN: {S, Q, C, A, I, M},
    Permission.MANAGE_ACCOUNTS: {M},
    Permission.MANAGE_WEBHOOKS: {M},
    Permission.IDENTIFY: {S, Q},
    Permission.REVIEW_TRAIL: {Q},
    Permission.RECOVER_SECOND_FACTOR: {Q},
    Permission.RESET_ADMINISTRATOR: {M, LOCAL},
    Permission.AUDIT: {Q, I, M, LOCAL},
    Permission.CONFIRM_RESTORED: {Q},
    Permission.CONFIRM_CLOCK: {M, LOCAL},
    Permission.KEEP: {LOCAL},
}


def test_every_permission_is_expected_of_somebody() -> None:
    """A permission that nobody thought about here would be nobody's and everybody's."""
    assert set(EXPECTED) == set(Permission)


@pytest.mark.parametrize("permission", Permission, ids=lambda permission: permission.name)
def test_who_may(permission: Permission) -> None:
    """Each role, and whoever may write the folder, is let through or refused as written above."""
    actors = {role: Account("somebody", "Somebody", role) for role in ROLES} | {LOCAL: LocalOperator("tests")}
    assert {name for name, actor in actors.items() if may(actor, permission)} == EXPECTED[permission]
    assert set(roles_of(permission)) == EXPECTED[permission] - {LOCAL}


@pytest.mark.parametrize("role", ROLES)
def test_a_one_time_password_is_good_for_one_thing(role: str) -> None:
    """Nor is a disabled account good for anything: its role counts for nothing."""
    fresh, gone = Account("new", "New", role, must_change=True), Account("old", "Old", role, disabled=True)
    assert [permission for permission in Permission if may(fresh, permission)] == [Permission.CHANGE_PASSWORD]
    assert not [permission for permission in Permission if may(gone, permission)]


def test_a_refusal_says_who_may_and_who_asked() -> None:
    """What was expected and found, and what to do."""
    with pytest.raises(NotAllowed) as refusal:
        require(Account("ana", "Ana", A), Permission.SUBMIT)
    assert refusal.value.as_dict() == {
        "kind": "NotAllowed",
        "code": "not-allowed",
        "message": "ana may not submit results.",
        "expected": "a submitter or a member of the quality unit",
        "found": "an analyst",
        "todo": "Do it with an account of such a role, or ask somebody who has one.",
    }


def test_whoever_may_write_the_folder_signs_nothing() -> None:
    """What needs an account says so; their name is one that no account can have."""
    with pytest.raises(NotAllowed, match="local:tests may not sign this") as refusal:
        require(LocalOperator("tests"), Permission.SIGN_RELEASE)
    assert (refusal.value.expected, refusal.value.found) == ("a member of the quality unit", "nobody who is signed in")


def test_several_permissions_are_held_together() -> None:
    """A page that needs two shows itself to those who hold both."""
    assert roles_of(Permission.REGISTER_PRODUCT, Permission.APPROVE_SPECIFICATION) == (Q,)

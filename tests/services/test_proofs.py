"""What the registry shows to whoever does not trust it, told from the worked example."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from registry.demo.story import open_demo
from registry.errors import Refused, Unknown
from registry.proof.credential import read_credential
from registry.proof.did import read_keys
from registry.proof.verification import AtHand, Verification, verify
from registry.services import Registry
from tests.services.conftest import House


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    """The worked example."""
    registry, _sign_ins, _token = open_demo(tmp_path_factory.mktemp("told") / "data", lambda _step: None)
    yield registry
    registry.close()


def verified(registry: Registry, lot: str) -> Verification:
    """The lot's credential, held against the registry's keys and both of its lists as they are now."""
    proofs = registry.proofs
    lists = (proofs.status_list("suspension"), proofs.status_list("revocation"))
    keys = read_keys(json.dumps(proofs.did()).encode())
    return verify(proofs.credential(lot), AtHand(datetime.now(UTC), keys, lists))


def test_a_released_lot_has_a_credential_that_is_current(told: Registry) -> None:
    """It says what the lot's page says."""
    verification = verified(told, "H-01")
    assert (verification.valid, verification.status) == (True, "current")
    assert verification.answer == told.lots.get("H-01").answer.sentence
    assert {check.what: check.result for check in verification.checks} == {
        "signature": "holds",
        "period": "holds",
        "ledger": "holds",
        "status: suspension": "holds",
        "status: revocation": "holds",
    }


def test_every_lot_is_withdrawn_by_the_lists_unless_it_may_be_injected(told: Registry) -> None:
    """A rejection and a recall revoke, everything else suspends; the lists and the lots' pages say the same."""
    for line in told.lot_index.recent(200):
        if line.kind != "product lot":
            continue
        answer = told.lots.get(line.lot).answer
        wanted = "current" if answer.may_be_injected else "suspended"
        wanted = "revoked" if answer.state in {"recalled", "rejected"} else wanted
        assert verified(told, line.lot).status == wanted, line.lot


def test_a_credential_given_before_a_hold_is_withdrawn_by_the_list_after_it(house: House) -> None:
    """Whoever holds it, and the list of now, need not ask us."""
    house.lot("P-01")
    house.submit("P-01")
    house.decide("P-01", "release")
    before = house.registry.proofs.credential("P-01")
    house.decide("P-01", "hold")
    lists = (house.registry.proofs.status_list("suspension"),)
    verification = verify(before, AtHand(datetime.now(UTC), lists=lists))
    assert (verification.valid, verification.status) == (False, "suspended")


def test_a_bank_has_no_credential(told: Registry) -> None:
    """It is injected into nobody."""
    with pytest.raises(Refused, match="A credential is of a product lot"):
        told.proofs.credential("WCB-1")
    with pytest.raises(Unknown):
        told.proofs.credential("NOPE")


def test_a_credential_says_each_arm_with_its_dose_and_whether_the_lot_suffices(told: Registry) -> None:
    """As the lot's page says it."""
    arms = read_credential(told.proofs.credential("H-01"))[0].arms
    assert [arm.partition(":")[0] for arm in arms] == [arm.arm for arm in told.lots.get("H-01").arms]
    assert arms[0] == (
        "low: 2000000 viable cells in each of right ovary and left ovary, 4000000 for one recipient: "
        "suffices for 12 recipients, 1 container for each."
    )

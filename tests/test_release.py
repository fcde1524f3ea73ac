"""When a lot may be injected, and what stands between it and a release."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.model import CriterionVerdict, GroupVerdict, LotVerdict, Source
from registry.release import missing_for_release, status
from registry.standing import (
    Acceptance,
    Ancestor,
    Approval,
    Decision,
    DecisionKind,
    Lot,
    LotFacts,
    PanelOnRecord,
    Product,
    Recorded,
)

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=30)
CL_MSC = "http://purl.obolibrary.org/obo/CL_0000134"
PRODUCT = Product("POI-M", "hESC-derived MSC", CL_MSC, "CLO:0037280", "allogeneic", "NCBITaxon:9606")


def decision(kind: DecisionKind, reason: str = "") -> Decision:
    return Decision(kind, "H-01", "q.one", "Quality One", NOW - timedelta(hours=1), "I decide.", reason)


def panel(actor: str = "lab.li") -> PanelOnRecord:
    return PanelOnRecord("p1", "H-01", None, (), None, "panel.csv", Recorded(5, NOW, actor, "sha256:ab"))


APPROVAL = Approval("POI-M", "msc-identity", "1", "sha256:cd", "q.one", "Quality One", NOW, "I approve.")


def facts(**changes: object) -> LotFacts:
    """A lot that is released and in order, but for the changes."""
    whole = LotFacts(
        lot=Lot("H-01", product="POI-M", expires_at=LATER),
        product=PRODUCT,
        approval=APPROVAL,
        panels=(panel(),),
        decisions=(decision("release"),),
        acceptances=(),
        ancestors=(Ancestor("WCB-1", "cell bank", None),),
        missing_ancestors=(),
        size=9,
        heads={},
    )
    return replace(whole, **changes)  # type: ignore[arg-type]


def criterion(
    verdict: str = "pass", standing: str = "gating", group: str | None = None, name: str = "cd105"
) -> CriterionVerdict:
    return CriterionVerdict(
        name, name.upper(), standing, verdict, ">= 95 %", "93.1 %", Source("panel.csv", 4, "value"), group  # type: ignore[arg-type]
    )  # fmt: skip


PASS = LotVerdict("H-01", "pass", (criterion(),))
FAIL = LotVerdict("H-01", "fail", (criterion("fail"),))


def test_a_released_lot_in_order_may_be_injected_until_it_expires() -> None:
    answer = status(facts(), PASS, NOW)
    assert (answer.state, answer.may_be_injected, answer.until, answer.reasons) == ("released", True, LATER, ())


@pytest.mark.parametrize(
    ("changes", "verdict", "state", "codes"),
    [
        ({"decisions": ()}, PASS, "not released", ["not released"]),
        ({"decisions": ()}, FAIL, "not released", ["not released", "criterion"]),
        ({"decisions": ()}, None, "not released", ["not released"]),
        (
            {"decisions": (decision("hold"), decision("hold lifted"))},
            FAIL,
            "not released",
            ["not released", "criterion"],
        ),
        ({"decisions": (decision("hold"),)}, FAIL, "on hold", ["on hold"]),
        ({"decisions": (decision("release"), decision("hold"))}, PASS, "on hold", ["on hold"]),
        ({"decisions": (decision("release"), decision("rejection"))}, PASS, "rejected", ["rejected"]),
        ({"decisions": (decision("release"), decision("recall"))}, PASS, "recalled", ["recalled"]),
        ({"decisions": (decision("hold"), decision("hold lifted"))}, PASS, "not released", ["not released"]),
        (
            {"ancestors": (Ancestor("WCB-1", "cell bank", decision("recall")),)},
            PASS,
            "recalled",
            ["recalled by derivation"],
        ),
        ({"ancestors": (Ancestor("WCB-1", "cell bank", decision("hold lifted")),)}, PASS, "released", []),
        ({"missing_ancestors": ("WCB-7",)}, PASS, "suspended", ["unknown origin"]),
        ({"lot": Lot("H-01", product="POI-M", expires_at=NOW)}, PASS, "expired", ["expired"]),
        ({"lot": Lot("WCB-1", kind="cell bank")}, PASS, "not released", ["not a product lot"]),
        ({}, FAIL, "suspended", ["suspended", "criterion"]),
        ({}, None, "suspended", ["not judged"]),
        ({}, LotVerdict("H-01", "pass", (criterion(),), held=("cd29",)), "suspended", ["suspended"]),
    ],
)
def test_everything_else_keeps_a_lot_from_injection_and_says_why(
    changes: dict[str, object], verdict: LotVerdict | None, state: str, codes: list[str]
) -> None:
    answer = status(facts(**changes), verdict, NOW)
    assert (answer.state, [reason.code for reason in answer.reasons]) == (state, codes)
    assert answer.may_be_injected == (state == "released")


@pytest.mark.parametrize("decisions", [(), (decision("release"),)])
@pytest.mark.parametrize(
    ("verdict", "todo"),
    [
        ("fail", "A retest with its reason, accepted by the quality unit, shows otherwise; else the lot is rejected."),
        ("missing", "The laboratory submits this result."),
        ("undetermined", "The laboratory submits a result that decides it."),
    ],
)
def test_each_criterion_not_shown_is_a_reason_with_what_would_change_it(
    decisions: tuple[Decision, ...], verdict: str, todo: str
) -> None:
    """Whether somebody has released the lot or nobody has, as long as no hold, rejection or recall says more."""
    judged = LotVerdict(
        "H-01", "incomplete", (criterion(), criterion(verdict, name="cd73"), criterion("fail", "reference"))
    )
    found = status(facts(decisions=decisions), judged, NOW).reasons[1:]
    message = f"CD73: {verdict}: expected >= 95 %, found 93.1 % (panel.csv, row 4)."
    assert [(one.code, one.message, one.todo) for one in found] == [("criterion", message, todo)]


def test_a_result_that_is_due_after_release_keeps_no_lot_from_injection() -> None:
    late = LotVerdict("H-01", "pass", (criterion(), replace(criterion("missing", name="sterility"), due=True)))
    assert (status(facts(), late, NOW).state, missing(facts(), late)) == ("released", [])


def test_all_reasons_are_given_at_once_and_the_gravest_names_the_state() -> None:
    found = facts(
        lot=Lot("H-01", product="POI-M", expires_at=NOW),
        decisions=(decision("release"), decision("hold", "A gap in the log.")),
        ancestors=(Ancestor("WCB-1", "cell bank", decision("recall", "Mycoplasma.")),),
    )
    answer = status(found, FAIL, NOW)
    assert answer.state == "recalled"
    assert [reason.code for reason in answer.reasons] == ["on hold", "recalled by derivation", "expired"]


@given(
    kinds=st.lists(st.sampled_from(["release", "rejection", "hold", "hold lifted", "recall"]), max_size=4),
    bank=st.sampled_from([None, "hold", "recall", "rejection", "hold lifted"]),
    verdict=st.sampled_from([PASS, FAIL, LotVerdict("H-01", "incomplete", (criterion("missing"),)), None]),
    hours=st.integers(-2, 2),
    lot_kind=st.sampled_from(["product lot", "cell bank", "donor"]),
)
def test_a_lot_is_released_only_when_every_rule_holds(
    kinds: list[DecisionKind], bank: DecisionKind | None, verdict: LotVerdict | None, hours: int, lot_kind: str
) -> None:
    lot = Lot("H-01", kind=lot_kind, product="POI-M", expires_at=NOW + timedelta(hours=hours))  # type: ignore[arg-type]
    newest = decision(bank) if bank else None
    found = facts(
        lot=lot,
        decisions=tuple(decision(kind) for kind in kinds),
        ancestors=(Ancestor("WCB-1", "cell bank", newest),),
    )
    rules = (
        bool(kinds) and kinds[-1] == "release",
        bank not in {"hold", "recall", "rejection"},
        hours > 0,
        verdict is PASS,
        lot_kind == "product lot",
    )
    assert status(found, verdict, NOW).may_be_injected == all(rules)


def missing(
    found: LotFacts, verdict: LotVerdict | None, role: str = "quality unit", meaning: str = "I release."
) -> list[str]:
    return missing_for_release(found, verdict, signer="q.one", signer_role=role, meaning=meaning, now=NOW)


def test_nothing_is_missing_for_a_lot_that_passes() -> None:
    assert missing(facts(decisions=()), PASS) == []


def test_everything_missing_is_listed_at_once() -> None:
    found = facts(
        lot=Lot("H-01", product="POI-M"),
        product=replace(PRODUCT, donor_relation="autologous"),
        panels=(panel("q.one"),),
        decisions=(),
    )
    verdict = LotVerdict("H-01", "fail", (criterion("fail"), criterion("missing", name="cd73")), held=("cd29",))
    assert missing(found, verdict, role="submitter", meaning=" ") == [
        "q.one is a submitter: only the quality unit releases a lot.",
        "q.one submitted results of this lot (panel p1): another member signs.",
        "The meaning of the signature is missing, such as: I have reviewed the evidence and release it.",
        "The lot has no expiry: a lot without one is never released.",
        "The product is autologous and the lot names no recipient's code.",
        "CD105: fail: expected >= 95 %, found 93.1 % (panel.csv, row 4).",
        "CD73: missing: expected >= 95 %, found 93.1 % (panel.csv, row 4).",
        "The reference criterion cd29 is not shown and nobody has accepted that with a reason.",
    ]


def test_no_specification_no_release() -> None:
    assert missing(facts(approval=None), None) == ["No specification is approved for the product POI-M."]


def test_a_lot_without_a_panel_is_never_released() -> None:
    assert missing(facts(panels=()), PASS) == ["The lot has no panel."]


def test_a_held_reference_criterion_blocks_until_it_is_accepted() -> None:
    held = LotVerdict("H-01", "pass", (criterion(), criterion("fail", "reference", name="cd29")), held=("cd29",))
    assert missing(facts(), held) == [
        "The reference criterion cd29 is not shown and nobody has accepted that with a reason."
    ]
    accepted = Acceptance("H-01", "https://x.example/specification/s/1#cd29", "Known.", "q.one", "Quality One", NOW)
    assert missing(facts(acceptances=(accepted,)), held) == []
    assert status(facts(acceptances=(accepted,)), held, NOW).state == "released"


def test_a_group_that_passes_by_one_member_asks_nothing_of_the_other() -> None:
    verdict = LotVerdict(
        "H-01",
        "pass",
        (criterion(group="g", name="cd14"), criterion("missing", group="g", name="cd11b")),
        groups=(GroupVerdict("g", ("cd14", "cd11b"), "pass"),),
    )
    assert missing(facts(), verdict) == []


@given(verdict=st.sampled_from(["fail", "undetermined", "missing"]))
def test_a_verdict_that_is_not_pass_always_leaves_something_missing(verdict: str) -> None:
    lot = "fail" if verdict == "fail" else "incomplete"
    assert missing(facts(), LotVerdict("H-01", lot, (criterion(verdict),))) != []  # type: ignore[arg-type]
    assert missing(facts(), LotVerdict("H-01", lot, ())) == [f"The verdict is {lot}, not pass."]  # type: ignore[arg-type]

"""When a lot may be injected, and what stands between it and a release."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.domain import (
    Acceptance,
    Ancestor,
    Approval,
    CriterionVerdict,
    Decision,
    DecisionKind,
    GroupVerdict,
    Lot,
    LotFacts,
    LotVerdict,
    PanelOnRecord,
    Product,
    Reading,
    Recorded,
    Result,
    Source,
)
from registry.identifiers import CPR
from registry.release import Condition, Lapse, missing_for_release, out_of_order, status

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=30)
CL_MSC = "http://purl.obolibrary.org/obo/CL_0000134"
OF = "https://x.example/specification/s/1#"
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
        name, name.upper(), standing, verdict, ">= 95 %", "93.1 %", Source("panel.csv", 4, "value"), group,  # type: ignore[arg-type]
        iri=f"{OF}{name}",
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
        ({"decisions": (decision("hold"),)}, FAIL, "on hold", ["on hold", "criterion"]),
        ({"decisions": (decision("hold"),)}, PASS, "on hold", ["on hold"]),
        ({"decisions": (decision("rejection"),)}, FAIL, "rejected", ["rejected", "criterion"]),
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
        (
            {"lot": Lot("H-01", product="POI-M", expires_at=NOW), "decisions": ()},
            FAIL,
            "expired",
            ["expired", "not released", "criterion"],
        ),
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


LATE = replace(criterion("missing", name="sterility"), due=True, observed=None, source=None)
WAITING = LotVerdict("H-01", "pass", (criterion(), LATE), due=("sterility",))


def conditionally(hours: int = 24, *after: Decision, **changes: object) -> LotFacts:
    """A lot that was released on condition an hour ago, to be complete in so many hours; and what was decided since."""
    first = replace(decision("conditional release", "Needed today."), complete_by=NOW + timedelta(hours=hours))
    return facts(decisions=(first, *after), **changes)


def test_a_conditional_release_stands_until_what_is_due_must_be_there() -> None:
    """The lot may be injected, until the earlier of its expiry and that time, and the answer says what it waits for."""
    answer = status(conditionally(), WAITING, NOW)
    assert (answer.state, answer.until, answer.reasons) == ("released", NOW + timedelta(hours=24), ())
    assert answer.condition == Condition(("sterility",), NOW + timedelta(hours=24), met=False)
    soon = Lot("H-01", product="POI-M", expires_at=NOW + timedelta(hours=2))
    assert status(conditionally(lot=soon), WAITING, NOW).until == NOW + timedelta(hours=2)


def test_when_all_that_was_due_is_there_in_time_the_condition_is_met() -> None:
    """It then ends nothing any more, also long after, and nobody has to sign again."""
    answer = status(conditionally(-1), PASS, NOW)
    assert (answer.state, answer.until, answer.reasons) == ("released", LATER, ())
    assert answer.condition == Condition((), NOW - timedelta(hours=1), met=True)


@pytest.mark.parametrize(
    ("hours", "verdict", "lapse", "code", "message", "todo"),
    [
        (
            0, WAITING, None, "overdue",
            "The lot was released on condition at 2026-11-22 11:00 +00:00. What had to be there by 2026-11-22 12:00 "
            "+00:00 is not: STERILITY.",
            "The laboratory submits what is missing; the quality unit then decides again.",
        ),
        (
            -1, PASS, Lapse(WAITING, (LATE,)), "overdue",
            "The lot was released on condition at 2026-11-22 11:00 +00:00. What had to be there by 2026-11-22 11:00 "
            "+00:00 came later: STERILITY.",
            "The quality unit decides again.",
        ),
        (
            24, WAITING, Lapse(FAIL), "suspended",
            "The lot was released on condition at 2026-11-22 11:00 +00:00; its evidence did not pass for a time since, "
            "and does now.",
            "The quality unit decides again.",
        ),
        (
            24, FAIL, None, "suspended",
            "The lot was released on condition at 2026-11-22 11:00 +00:00, but its evidence no longer passes. "
            "Containers may have been injected.",
            "The quality unit decides again, and considers a recall.",
        ),
    ],
)  # fmt: skip
def test_a_conditional_release_lapses_and_says_what_would_change_it(
    hours: int, verdict: LotVerdict, lapse: Lapse | None, code: str, message: str, todo: str
) -> None:
    """At the very time, when what was due came too late, when something failed for a time, and when it fails now."""
    answer = status(conditionally(hours), verdict, NOW, lapse)
    first = answer.reasons[0]
    assert (answer.state, answer.until, first.code, first.message, first.todo) == (
        "suspended", None, code, message, todo,
    )  # fmt: skip
    assert answer.condition is not None
    assert answer.condition.met is False


def test_released_means_that_everything_is_known() -> None:
    """What was known at a plain release and is not any more, such as a panel withdrawn since, suspends it."""
    answer = status(facts(), WAITING, NOW)
    assert (answer.state, [(one.code, one.message) for one in answer.reasons]) == (
        "suspended",
        [("suspended", "The lot was released at 2026-11-22 11:00 +00:00, and this is not known: STERILITY.")],
    )


def test_what_can_change_no_verdict_is_not_awaited() -> None:
    """An informative criterion that is due never is, a reference one until the quality unit accepts that."""
    informative = LotVerdict("H-01", "pass", (criterion(), replace(LATE, standing="informative")), due=("sterility",))
    assert (status(facts(), informative, NOW).state, missing(facts(), informative)) == ("released", [])
    reference = LotVerdict("H-01", "pass", (criterion(), replace(LATE, standing="reference")), due=("sterility",))
    assert status(facts(), reference, NOW).state == "suspended"
    known = Acceptance("H-01", OF + "sterility", "Known.", "q.one", "Quality One", NOW)
    accepted = facts(acceptances=(known,))
    assert (status(accepted, reference, NOW).state, missing(accepted, reference)) == ("released", [])


@pytest.mark.parametrize(
    ("after", "waits"),
    [((), True), (("hold",), True), (("hold", "hold lifted"), True), (("release",), False), (("rejection",), False),
     (("recall",), False), (("release", "hold"), False)],
)  # fmt: skip
def test_what_is_due_matters_until_another_release_a_rejection_or_a_recall(
    after: tuple[DecisionKind, ...], waits: bool
) -> None:
    """On hold too: containers may have been injected before."""
    found = conditionally(24, *(decision(kind) for kind in after))
    assert (status(found, WAITING, NOW).condition is not None) == waits


def test_while_something_is_due_only_a_conditional_release_is_let_through_and_afterwards_only_a_release() -> None:
    """Each refusal names the other."""
    undecided = facts(decisions=())
    assert missing(undecided, WAITING) == [
        "STERILITY is not known yet: expected >= 95 %, found no result. Sign a conditional release, or wait."
    ]
    assert missing(undecided, WAITING, kind="conditional release") == []
    assert missing(undecided, PASS, kind="conditional release") == [
        "Nothing that is due after release is still to come: sign a release."
    ]
    assert missing(conditionally(), PASS) == []


def test_a_release_that_completes_a_conditional_one_is_signed_after_the_expiry_too() -> None:
    """A culture of 14 days ends after a shelf life of hours: its lot is completed on record, and injected no more."""
    over = Lot("H-01", product="POI-M", expires_at=NOW)
    found = conditionally(lot=over)
    assert (missing(found, PASS), status(found, PASS, NOW).state) == ([], "expired")
    expired = ["The lot expired at 2026-11-22 12:00 +00:00."]
    assert missing(facts(lot=over), PASS) == expired
    assert missing(found, WAITING, kind="conditional release") == expired


def test_all_reasons_are_given_at_once_and_the_gravest_names_the_state() -> None:
    found = facts(
        lot=Lot("H-01", product="POI-M", expires_at=NOW),
        decisions=(decision("release"), decision("hold", "A gap in the log.")),
        ancestors=(Ancestor("WCB-1", "cell bank", decision("recall", "Mycoplasma.")),),
    )
    answer = status(found, FAIL, NOW)
    assert answer.state == "recalled"
    assert [reason.code for reason in answer.reasons] == [
        "on hold",
        "recalled by derivation",
        "expired",
        "worsened",
        "criterion",
    ]


@pytest.mark.parametrize(
    ("changes", "todo"),
    [
        ({"lot": Lot("H-01", product="POI-M", expires_at=NOW), "decisions": ()}, "an expired lot is never injected."),
        ({"decisions": (decision("rejection"),)}, "a rejected lot is never injected."),
        ({"decisions": (decision("release"), decision("recall"))}, "a recalled lot is never injected."),
    ],
)
def test_of_a_lot_that_is_over_no_result_is_said_to_change_anything(changes: dict[str, object], todo: str) -> None:
    """What it lacks is named all the same."""
    found = status(facts(**changes), FAIL, NOW).reasons[1:]
    assert found[-1].message == "CD105: fail: expected >= 95 %, found 93.1 % (panel.csv, row 4)."
    assert {one.todo for one in found} == {f"Nothing: {todo}"}


@pytest.mark.parametrize(
    ("before", "said"),
    [
        ((), "The hold was lifted, and nobody has released the lot."),
        (("release",), "The hold was lifted, and nobody has released the lot again."),
    ],
)
def test_after_a_hold_is_lifted_the_lot_waits_for_a_release(before: tuple[DecisionKind, ...], said: str) -> None:
    decisions = tuple(decision(kind) for kind in (*before, "hold", "hold lifted"))
    assert [one.message for one in status(facts(decisions=decisions), PASS, NOW).reasons] == [said]


@pytest.mark.parametrize(
    ("decisions", "stop", "todo"),
    [
        ((), "recall", "Nothing: what derives from WCB-1 is never injected."),
        (
            (decision("release"),),
            "recall",
            "Nothing: what derives from WCB-1 is never injected. Return or destroy what is left, and follow up those "
            "who received it.",
        ),
        ((decision("release"),), "hold", "The quality unit lifts the hold on WCB-1, when it is over."),
    ],
)
def test_of_a_lot_that_was_released_a_recalled_origin_calls_back_the_containers(
    decisions: tuple[Decision, ...], stop: DecisionKind, todo: str
) -> None:
    """A hold of the origin may end, and a lot never released is in nobody's hands."""
    found = facts(decisions=decisions, ancestors=(Ancestor("WCB-1", "cell bank", decision(stop)),))
    assert status(found, PASS, NOW).reasons[0].todo == todo


def test_a_stopped_bank_is_called_what_it_is() -> None:
    """Not a lot, which is what is injected."""
    bank = facts(lot=Lot("WCB-1", kind="cell bank"), decisions=(decision("recall", "Mycoplasma."),))
    assert status(bank, None, NOW).reasons[0].message == (
        "The cell bank WCB-1 was recalled by Quality One (q.one) at 2026-11-22 11:00 +00:00: Mycoplasma."
    )


@given(
    kinds=st.lists(
        st.sampled_from(["release", "conditional release", "rejection", "hold", "hold lifted", "recall"]), max_size=4
    ),
    bank=st.sampled_from([None, "hold", "recall", "rejection", "hold lifted"]),
    verdict=st.sampled_from([PASS, WAITING, FAIL, LotVerdict("H-01", "incomplete", (criterion("missing"),)), None]),
    hours=st.integers(-2, 2),
    due_in=st.integers(-2, 2),
    lapse=st.sampled_from([None, Lapse(FAIL), Lapse(WAITING, (LATE,))]),
    lot_kind=st.sampled_from(["product lot", "cell bank", "donor"]),
)
def test_a_lot_is_released_only_when_every_rule_holds(
    kinds: list[DecisionKind],
    bank: DecisionKind | None,
    verdict: LotVerdict | None,
    hours: int,
    due_in: int,
    lapse: Lapse | None,
    lot_kind: str,
) -> None:
    lot = Lot("H-01", kind=lot_kind, product="POI-M", expires_at=NOW + timedelta(hours=hours))  # type: ignore[arg-type]
    newest = decision(bank) if bank else None
    found = facts(
        lot=lot,
        decisions=tuple(
            replace(
                decision(kind), complete_by=NOW + timedelta(hours=due_in) if kind == "conditional release" else None
            )
            for kind in kinds
        ),
        ancestors=(Ancestor("WCB-1", "cell bank", newest),),
    )
    conditional = kinds[-1:] == ["conditional release"]
    rules = (
        conditional or kinds[-1:] == ["release"],
        bank not in {"hold", "recall", "rejection"},
        hours > 0,
        verdict is PASS or (verdict is WAITING and conditional and due_in > 0),
        lapse is None,
        lot_kind == "product lot",
    )
    answer = status(found, verdict, NOW, lapse)
    assert answer.may_be_injected == all(rules)
    assert answer.until == (
        (min(hours, due_in) if verdict is WAITING else hours) * timedelta(hours=1) + NOW if all(rules) else None
    )


def missing(
    found: LotFacts,
    verdict: LotVerdict | None,
    role: str = "quality unit",
    meaning: str = "I release.",
    kind: DecisionKind = "release",
) -> list[str]:
    return missing_for_release(found, verdict, signer="q.one", signer_role=role, meaning=meaning, now=NOW, kind=kind)


@given(
    verdict=st.sampled_from([PASS, WAITING, FAIL, LotVerdict("H-01", "incomplete", (criterion("missing"),)), None]),
    before=st.sampled_from(["", "release", "conditional release", "hold", "recall"]),
    hours=st.integers(-1, 1),
    role=st.sampled_from(["quality unit", "submitter"]),
)
def test_at_most_one_kind_of_release_is_ever_let_through(
    verdict: LotVerdict | None, before: str, hours: int, role: str
) -> None:
    """Which one is decided by what is known; neither while anything else is missing."""
    lot = Lot("H-01", product="POI-M", expires_at=NOW + timedelta(hours=hours))
    decided = (replace(decision(before), complete_by=NOW),) if before else ()  # type: ignore[arg-type]
    found = facts(lot=lot, decisions=decided)
    through = {kind: missing(found, verdict, role, kind=kind) == [] for kind in ("release", "conditional release")}  # type: ignore[arg-type]
    in_order = role == "quality unit" and before not in {"hold", "recall"}
    assert through == {
        "release": in_order and verdict is PASS and (hours > 0 or before == "conditional release"),
        "conditional release": in_order and verdict is WAITING and hours > 0,
    }


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
    accepted = Acceptance("H-01", OF + "cd29", "Known.", "q.one", "Quality One", NOW)
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


@pytest.mark.parametrize(
    ("newest", "expected"),
    [
        (None, ["release", "conditional release", "hold", "rejection", "recall"]),
        ("release", ["release", "conditional release", "hold", "rejection", "recall"]),
        ("hold", ["release", "conditional release", "hold", "hold lifted", "rejection", "recall"]),
        ("hold lifted", ["release", "conditional release", "hold", "rejection", "recall"]),
        ("rejection", ["recall"]),
        ("recall", []),
    ],
)
def test_which_decision_may_follow_which(newest: DecisionKind | None, expected: list[DecisionKind]) -> None:
    """After a rejection only a recall, after a recall nothing; only a hold is lifted (the gate has more to say)."""
    kinds: tuple[DecisionKind, ...] = ("release", "conditional release", "hold", "hold lifted", "rejection", "recall")
    before = decision(newest) if newest is not None else None
    assert [kind for kind in kinds if not out_of_order(before, kind)] == expected


@pytest.mark.parametrize(
    ("sex", "outcome", "refused"),
    [
        ("female", "Karyotype46XY", True), ("male", "Karyotype46XX", True), ("female", "Karyotype46XX", False),
        ("male", "Karyotype46XY", False), ("", "Karyotype46XY", False), ("mixed", "Karyotype46XY", False),
        ("female", "KaryotypeNormal", False),
    ],
)  # fmt: skip
def test_a_karyotype_of_the_other_sex_than_its_line_is_not_released(sex: str, outcome: str, refused: bool) -> None:
    """46,XY of cells from a line that is recorded as female is normal, and not of that line."""
    karyotype = Result(
        "H-01", f"{CPR}karyotype", "karyotype", "46,XY", Reading(outcome=CPR + outcome), Source("g.csv", 2, "value")
    )
    line = Ancestor("hESC-X", "cell line", None, sex)
    found = facts(ancestors=(line,), panels=(replace(panel(), results=(karyotype,)),), decisions=())
    said = missing_for_release(
        found, PASS, signer="q.one", signer_role="quality unit", meaning="I release it.", now=NOW
    )
    assert [sentence for sentence in said if "mixed up" in sentence] == [
        f"karyotype 46,XY (g.csv) is not of hESC-X, which is recorded as {sex}: look whether the sample or the culture "
        "was mixed up. If it was written down wrongly, withdraw the panel."
    ] * refused

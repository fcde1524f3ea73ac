"""For which products a specification may be approved at all: identity is not waived, other limits have reasons."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from click.testing import CliRunner

from registry import specifications
from registry.cli import cli
from registry.domain import Approval, Product, Specification, approvals_in_force, first_of_two
from registry.identifiers import CPR
from registry.specifications.overlap import asked_about
from tests.lots import TERMS

IDENTITY = specifications.load("msc-identity")
MSC = "http://purl.obolibrary.org/obo/CL_0000134"
MARROW = "http://purl.obolibrary.org/obo/CL_0002540"
BY_ID = {criterion.id: criterion for criterion in IDENTITY.criteria}
REASON = "Donors of adipose tissue keep CD34 through two passages, and 10 % was the limit of the trial: PMID 32655648"
WHITEHOUSE = Product(
    "W", "MSC of bone marrow", MSC, "bone marrow", "autologous", "http://purl.obolibrary.org/obo/NCBITaxon_9606",
    citation="Whitehouse 2017, Stem Cells Translational Medicine, doi 10.1002/sctm.16-0199",
)  # fmt: skip


def changed(criterion: str, **asked: object) -> Specification:
    """The identity specification with one criterion asked otherwise."""
    items = (replace(item, **asked) if item.id == criterion else item for item in IDENTITY.criteria)  # type: ignore[arg-type]
    return specifications.build(replace(IDENTITY, criteria=tuple(items)))


def refusals(spec: Specification, cell_type: str = MSC) -> tuple[str, ...]:
    found = specifications.departures(spec, TERMS.identity_of(cell_type), TERMS)
    return specifications.refusals(found, "mesenchymal stem cell")


def test_the_six_at_isct_limits_may_be_approved() -> None:
    for name in ("msc-identity", "isct-2006-immunophenotype", "isct-2006", "hesc-msc-ovarian-illustrative"):
        assert refusals(specifications.load(name)) == ()


@pytest.mark.parametrize("cell_type", [MSC, MARROW])
@pytest.mark.parametrize("marker", sorted(BY_ID))
def test_without_one_of_the_six_nobody_approves(marker: str, cell_type: str) -> None:
    """Whatever is written about it, for every kind of mesenchymal stem cell."""
    left = tuple(item for item in IDENTITY.criteria if item.id != marker)
    omission = ((BY_ID[marker].characteristic, REASON),)
    spec = specifications.build(replace(IDENTITY, criteria=left, omissions=omission))
    (refusal,) = refusals(spec, cell_type)
    assert refusal.endswith("nobody can waive one.")


@pytest.mark.parametrize(
    "asked",
    [
        {"standing": "informative"},
        {"standing": "reference"},
        {"due": "after release"},
        {"operator": ">=", "low": Decimal(95), "high": None},
        {"operator": "range", "low": Decimal(1), "high": Decimal(2)},
        {"population": f"{CPR}population-dead-cells"},
        {"population": f"{CPR}population-all-events"},
    ],
    ids=str,
)
def test_a_marker_that_does_not_gate_in_cls_sense_is_waived(asked: dict[str, object]) -> None:
    spec = changed("cd45", justification=REASON, **asked)
    assert len(refusals(spec)) == 1
    assert len(specifications.gaps_at_release(specifications.departures(spec, TERMS.identity_of(MSC), TERMS))) == 1


def test_a_marker_asked_for_of_live_cells_is_not_waived() -> None:
    assert refusals(changed("cd45", population=f"{CPR}population-live-singlets")) == ()


def test_other_cells_have_no_such_identity() -> None:
    spec = specifications.build(replace(IDENTITY, criteria=(BY_ID["cd73"],)))
    assert refusals(spec, "http://purl.obolibrary.org/obo/CL_0000084") == ()


@pytest.mark.parametrize(("limit", "count"), [("2", 0), ("1", 0), ("2.01", 1), ("10", 1)])
def test_a_weaker_limit_needs_a_reason_and_a_stricter_one_does_not(limit: str, count: int) -> None:
    spec = changed("cd34", high=Decimal(limit))
    assert len(refusals(spec)) == count
    assert specifications.needs_second_member(specifications.departures(spec, TERMS.identity_of(MSC), TERMS)) is bool(
        count
    )
    assert refusals(changed("cd34", high=Decimal(limit), justification=REASON)) == ()


@pytest.mark.parametrize(
    "reason",
    [
        None, "", " ", "x", "ok", "n/a", "because", "clinical reasons", "10.1002/sctm.16-0199",
        "aaaa aaaa aaaa PMID 32655648",
        "see see see see see see see see see see PMID 32655648",
        "This limit is the one that we have always used for all of our donors here",
    ],
)  # fmt: skip
def test_a_word_is_no_justification(reason: str | None) -> None:
    assert specifications.lack_of_substance(reason)
    (refusal,) = refusals(changed("cd34", high=Decimal(5), justification=reason if reason and reason.strip() else None))
    assert refusal.startswith("CD34: at most 5 % is weaker than the 2 % of ISCT 2006. ")


@pytest.mark.parametrize(
    "source", ["doi 10.1002/sctm.16-0199", "PMID 32655648", "PMC6567533", "NCT03877471",
               "validation report VAL-2026-014",
               "Ph. Eur. 2.7.24", "https://example.org/report"],
)  # fmt: skip
def test_a_reason_in_words_with_its_source_is_one(source: str) -> None:
    assert (
        specifications.lack_of_substance(f"Donors of adipose tissue keep this marker through two passages: {source}")
        == ""
    )


# --- a second member


def approval(by: str, digest: str = "sha256:a", *, awaits: bool = False) -> Approval:
    at = datetime(2026, 11, 30, tzinfo=UTC)
    return Approval("P", "s", "1", digest, by, by.title(), at, "I approve.", awaits_second=awaits)


def test_the_first_of_two_is_not_in_force_and_the_second_is() -> None:
    before, first, second = approval("ada"), approval("ada", "sha256:b", awaits=True), approval("ben", "sha256:b")
    assert approvals_in_force((before, first)) == (before,)
    assert approvals_in_force((before, first, second)) == (before, second)


def test_only_another_member_completes_an_approval_of_the_same_version() -> None:
    first = approval("ada", awaits=True)
    assert first_of_two((first,), "sha256:a", "ben") == first
    assert first_of_two((first,), "sha256:a", "Ada") is None
    assert first_of_two((first,), "sha256:b", "ben") is None
    assert first_of_two((first, approval("eve", "sha256:c")), "sha256:a", "ben") is None
    assert first_of_two((), "sha256:a", "ben") is None


# --- products that are only cited


def test_a_cited_product_is_judged_by_its_own_publications_specification() -> None:
    own, others = (specifications.load(name) for name in ("c12-whitehouse-2017-bone-marrow", "c25-pers-2016-adipose"))
    assert specifications.cites(WHITEHOUSE, own)
    assert not specifications.cites(WHITEHOUSE, others)
    assert not specifications.cites(replace(WHITEHOUSE, citation=""), own)
    assert not specifications.cites(WHITEHOUSE, replace(own, published=False))


@pytest.mark.parametrize("spec", specifications.shipped(), ids=lambda spec: spec.id)
def test_what_a_shipped_specification_leaves_out_is_said_where_it_is_listed(spec: Specification) -> None:
    """Each of the six gates, or a departure names it."""
    found = specifications.departures(spec, TERMS.identity_of(MSC), TERMS)
    gating = {item.characteristic for item in spec.criteria if item.standing == "gating"}
    asked: set[str] = set()
    for criterion in (item for item in spec.criteria if item.characteristic in gating):
        asked |= asked_about(criterion, TERMS)
    named = {departure.characteristic for departure in found}
    assert {marker.characteristic for marker in TERMS.identity_of(MSC)} <= asked | named


def test_a_listed_specification_says_which_markers_it_lacks() -> None:
    """``specification list`` names them beside the departures; one that gates all six lacks none."""
    told = CliRunner().invoke(cli, ["specification", "list", "--format", "json"])
    lacks = {item["id"]: item["lacks"] for item in json.loads(told.stdout)["specifications"]}
    assert lacks["msc-identity"] == []
    assert lacks["c08-kastrup-2017-adipose"] == ["CD34"]
    assert lacks["c12-whitehouse-2017-bone-marrow"] == ["CD73", "MHC II / HLA-DR"]

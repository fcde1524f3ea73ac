"""Specifications: compiled and read back to the same bytes, refused when the two disagree, and held to identity."""

from __future__ import annotations

import csv
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from registry import records, specifications
from registry.domain import Criterion, Departure, Specification
from registry.errors import NotWellFormed, RegistryError, TooLarge, Unknown, Unreadable, WrongUsage
from registry.identifiers import CPR
from tests.lots import TERMS

SHIPPED = specifications.shipped()
IDENTITY = specifications.load("msc-identity")
ISCT = specifications.load("isct-2006")
MSC = "http://purl.obolibrary.org/obo/CL_0000134"
TURTLE = specifications.turtle(IDENTITY)


def test_what_is_shipped() -> None:
    """Beside the published ones, which ``tests/specifications/test_published.py`` holds to their tables."""
    assert [(s.id, s.version, len(s.criteria), s.illustrative) for s in SHIPPED if not s.published] == [
        ("hesc-msc-ovarian-illustrative", "1", 14, True),
        ("hesc-msc-ovarian-illustrative", "2", 19, True),
        ("isct-2006", "1", 14, False),
        ("isct-2006-immunophenotype", "1", 10, False),
        ("msc-identity", "1", 6, False),
    ]


def test_a_criterion_id_is_never_used_again_for_another_thing() -> None:
    """One characteristic at one stage, in every version of a specification."""
    meant: dict[tuple[str, str], set[tuple[str, str | None]]] = {}
    for spec in SHIPPED:
        for criterion in spec.criteria:
            meant.setdefault((spec.id, criterion.id), set()).add((criterion.characteristic, criterion.stage))
    assert {key for key, things in meant.items() if len(things) > 1} == set()


def test_version_2_of_the_illustrative_one_asks_for_what_its_sources_ask() -> None:
    """And version 1 is what it was."""
    first, second = (specifications.load("hesc-msc-ovarian-illustrative", version) for version in ("1", "2"))
    assert first.digest == "sha256:21994ea0fe0a75bd5db9939264adde5f16d0b9207c8b5a2cb81975f9558b8993"
    by_id = {criterion.id: criterion for criterion in second.criteria}
    number = by_id["viable-cell-number-after-thaw"]
    assert (number.low, number.high, TERMS.label(number.stage or "")) == (20_000_000, 100_000_000, "after thaw")
    assert (by_id["sterility"].method, by_id["sterility"].duration) == (
        "USP <71> | Ph. Eur. 2.6.1 | Ph. Eur. 2.6.27",
        336,
    )
    assert [by_id[name].confidence for name in ("oct4", "tra-1-60")] == [Decimal("0.95")] * 2
    assert {criterion.group for criterion in second.criteria} == {None, "cd14-or-cd11b", "cd79a-or-cd19"}
    assert by_id["potency"].low == 20
    assert all(criterion.source != second.source for criterion in second.criteria)
    assert "adherence" in second.description


def test_the_six_of_identity_at_95_and_2_percent() -> None:
    assert [(c.id, c.operator, c.low or c.high, TERMS.curie(c.characteristic)) for c in IDENTITY.criteria] == [
        ("cd73", ">=", Decimal(95), "PR:000001800"),
        ("cd90", ">=", Decimal(95), "PR:000001843"),
        ("cd105", ">=", Decimal(95), "PR:000001345"),
        ("cd45", "<=", Decimal(2), "PR:000001006"),
        ("cd34", "<=", Decimal(2), "PR:000001003"),
        ("mhc-ii", "<=", Decimal(2), "GO:0042613"),
    ]


def test_the_either_or_groups_of_isct() -> None:
    groups = [(c.id, c.group) for c in specifications.load("isct-2006-immunophenotype").criteria if c.group]
    assert groups == [
        ("cd14", "cd14-or-cd11b"), ("cd11b", "cd14-or-cd11b"), ("cd79a", "cd79a-or-cd19"), ("cd19", "cd79a-or-cd19"),
    ]  # fmt: skip


def test_the_limits_of_isct_are_those_of_the_facts(shared: Path) -> None:
    """``criteria.csv`` A1 lists eight antigens with 95 and 2 percent, and four demonstrations."""
    with (shared / "facts" / "criteria.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["set_id"] == "A1"]
    facts = sorted((row["operator"], row["limit"]) for row in rows if row["unit"] == "%")
    held = {c.group or c.id: (c.operator, str(c.low or c.high)) for c in ISCT.criteria if c.operator != "one of"}
    assert sorted(held.values()) == facts
    assert len([row for row in rows if row["unit"] != "%"]) == len([c for c in ISCT.criteria if c.outcomes])


@pytest.mark.parametrize("shipped", SHIPPED, ids=lambda s: s.id)
def test_every_criterion_says_what_it_asks_and_where_that_comes_from(shipped: Specification) -> None:
    for criterion in shipped.criteria:
        assert all((criterion.name, criterion.description, criterion.message, criterion.source)), criterion.id
        known = TERMS.characteristics.get(criterion.characteristic, TERMS.characteristics[CPR + "Cocktail"])
        assert criterion.unit is None or criterion.unit in known.units, criterion.id
        assert set(criterion.outcomes) <= {outcome.iri for outcome in known.outcomes}, criterion.id
        assert criterion.label == TERMS.label(criterion.characteristic) or criterion.operator == "one of", criterion.id


@pytest.mark.parametrize("shipped", SHIPPED, ids=lambda s: s.id)
def test_reading_what_was_compiled_gives_the_same_specification(shipped: Specification) -> None:
    assert specifications.read(shipped.ntriples) == shipped
    assert specifications.read(specifications.turtle(shipped)) == shipped
    assert specifications.build(replace(shipped, ntriples=b"", digest="", iri="")) == shipped


@pytest.mark.parametrize("shipped", SHIPPED, ids=lambda s: s.id)
def test_its_digest_is_the_digest_of_its_record(shipped: Specification) -> None:
    kept = records.read_ntriples(shipped.ntriples)
    assert (kept.digest, kept.ntriples) == (shipped.digest, shipped.ntriples)
    assert records.read_turtle(specifications.turtle(shipped)).digest == shipped.digest


def test_a_decimal_may_be_written_in_any_form() -> None:
    assert specifications.read(TURTLE.replace(b" 95.0 ", b' "+095.00"^^xsd:decimal ')) == IDENTITY


# --- refused


@pytest.mark.parametrize(
    ("old", "new", "message", "details"),
    [
        (b"sh:minInclusive 95.0", b"sh:minInclusiv 95.0",
         "The specification uses terms that SHACL does not have: they would be ignored without a word.",
         ("sh:minInclusiv: did you mean sh:minInclusive?",)),
        (b"sh:minInclusive 95.0", b"sh:minInclusive 80.0",
         "The graph of msc-identity@1 is not what its criteria compile to.", None),
        (b"cpr:lowLimit 95.0", b"cpr:lowLimit 80.0",
         "The graph of msc-identity@1 is not what its criteria compile to.", None),
        (b"sh:targetClass :cd73", b"sh:targetClass :cd74",
         "The graph of msc-identity@1 is not what its criteria compile to.", None),
        (b'cpr:draftedBy "the project"', b'cpr:draftedBy "the project" ; sh:deactivated true',
         "The graph of msc-identity@1 is not what its criteria compile to.", None),
        (b"cpr:operator", b"cpr:operater",
         "The specification does not say https://w3id.org/cell-product-registry/ns#operator as it must.", ()),
        (b"cpr:standing cpr:Gating", b"cpr:standing cpr:Optional",
         "The specification does not say https://w3id.org/cell-product-registry/ns#standing as it must.", ()),
        (b"cpr:lowLimit 95.0", b"cpr:lowLimit 95.0, 90.0",
         "The specification does not say https://w3id.org/cell-product-registry/ns#lowLimit as it must.", ()),
        (b"sh:path cpr:present", b"sh:path [ sh:inversePath cpr:present ]", "The specification has a blank node.", ()),
    ],
)  # fmt: skip
def test_a_graph_that_disagrees_with_itself_is_refused(
    old: bytes, new: bytes, message: str, details: tuple[str, ...] | None
) -> None:
    assert old in TURTLE
    with pytest.raises(NotWellFormed) as refusal:
        specifications.read(TURTLE.replace(old, new, 1))
    assert refusal.value.message == message
    assert details is None or refusal.value.details == details


def test_the_refusal_lists_every_difference() -> None:
    with pytest.raises(NotWellFormed) as refusal:
        specifications.read(TURTLE.replace(b"sh:minInclusive 95.0", b"sh:minInclusive 80.0", 1))
    shape, decimal = f"<{IDENTITY.iri}#cd73-not-refuted>", "^^<http://www.w3.org/2001/XMLSchema#decimal>"
    assert refusal.value.details == (
        f'not expected: {shape} <http://www.w3.org/ns/shacl#minInclusive> "80"{decimal} .',
        f'left out: {shape} <http://www.w3.org/ns/shacl#minInclusive> "95"{decimal} .',
    )


NEEDED = [line for line in IDENTITY.ntriples.splitlines() if b"/dc/terms/source>" not in line]
"""A criterion's source alone may be missing: a row that cites none says so."""


@pytest.mark.parametrize("statement", NEEDED[::7])
def test_no_statement_may_be_left_out(statement: bytes) -> None:
    """Every seventh of the others: leaving one out is never read as the same specification, nor as another."""
    with pytest.raises(RegistryError):
        specifications.read(IDENTITY.ntriples.replace(statement + b"\n", b""))


@pytest.mark.parametrize(
    ("data", "error"),
    [(b"\xff", Unreadable), (b"@prefix", Unreadable), (b"", Unreadable), (b"#" * 1_000_001, TooLarge),
     (IDENTITY.ntriples + specifications.load("isct-2006").ntriples, Unreadable)],
)  # fmt: skip
def test_what_is_not_one_specification_is_unreadable(data: bytes, error: type[RegistryError]) -> None:
    with pytest.raises(error):
        specifications.read(data)


@pytest.mark.parametrize(
    ("asked", "near"), [(("nothing-like-it", None), ""), (("msc-identity", "9"), ", such as msc-identity@1")]
)
def test_an_unknown_specification_is_refused_with_what_is_near(asked: tuple[str, str | None], near: str) -> None:
    """How many there are, and the nearest of them; all of them are a list of their own."""
    with pytest.raises(Unknown) as refusal:
        specifications.load(*asked)
    assert refusal.value.expected == f"one of {len(specifications.names())} specifications{near}"


CD73, CD45 = IDENTITY.criteria[0], IDENTITY.criteria[3]


@pytest.mark.parametrize(
    ("criteria", "problem"),
    [
        ((replace(CD73, standing="reference"),), "no criterion is gating: every lot would pass"),
        ((CD73, CD73), "the criterion id cd73 is used 2 times"),
        ((replace(CD73, low=None),), "cd73: the operator >= needs a low limit"),
        ((replace(CD73, high=Decimal(99)),), "cd73: the operator >= takes no high limit"),
        ((replace(CD73, low=Decimal("NaN")),), "cd73: the low limit is NaN, which is no number"),
        ((replace(CD73, unit=None),), "cd73: a numeric limit needs its unit, and outcomes have none"),
        ((replace(CD73, low_open=True),), "cd73: the operator >= says itself whether its limit is included"),
        ((replace(CD73, operator="range", high=Decimal(90)),), "cd73: no value lies between 95 and 90"),
        ((replace(CD73, operator="one of", low=None, unit=None),),
         "cd73: accepted outcomes belong to the operator 'one of', and it needs at least one"),
        ((CD73, replace(CD45, group="either")), "the group either has one member: an either/or needs two"),
        ((replace(CD73, group="g"), replace(CD45, group="g", standing="reference")),
         "the group g mixes standings: all of its members gate, or none does"),
        ((replace(CD73, id="cd73-present"),),
         "cd73-present: the id must be lower-case letters and digits joined by single hyphens, "
         "and not end as a shape's name"),
        ((replace(CD73, characteristic="CD73"),), "cd73: the characteristic is 'CD73'; expected an absolute IRI"),
    ],
)  # fmt: skip
def test_a_draft_that_contradicts_itself_is_refused(criteria: tuple[Criterion, ...], problem: str) -> None:
    with pytest.raises(WrongUsage) as refusal:
        specifications.build(replace(IDENTITY, criteria=criteria))
    assert refusal.value.details == (problem,)


# --- departures from identity


def departed(*criteria: Criterion, omissions: tuple[tuple[str, str], ...] = ()) -> tuple[Departure, ...]:
    kept = {criterion.characteristic for criterion in criteria} | {iri for iri, _ in omissions}
    ids = {criterion.id for criterion in criteria}
    others = [c for c in IDENTITY.criteria if c.characteristic not in kept and c.id not in ids]
    spec = specifications.build(replace(IDENTITY, criteria=(*criteria, *others), omissions=omissions))
    return specifications.departures(spec, TERMS.identity_of(MSC), TERMS)


@pytest.mark.parametrize("shipped", [s for s in SHIPPED if not s.published], ids=lambda s: s.id)
def test_no_shipped_specification_departs_from_identity(shipped: Specification) -> None:
    assert specifications.departures(shipped, TERMS.identity_of(MSC), TERMS) == ()


def test_identity_follows_the_cell_type() -> None:
    """A bone marrow MSC is a mesenchymal stem cell by inference alone; a T cell has no such identity."""
    spec = specifications.build(replace(IDENTITY, criteria=(CD73,)))
    marrow, t_cell = "http://purl.obolibrary.org/obo/CL_0002540", "http://purl.obolibrary.org/obo/CL_0000084"
    assert [d.label for d in specifications.departures(spec, TERMS.identity_of(marrow), TERMS)] == [
        "CD105", "CD34", "CD45", "CD90", "MHC II / HLA-DR",
    ]  # fmt: skip
    assert specifications.departures(spec, TERMS.identity_of(t_cell), TERMS) == ()


@pytest.mark.parametrize(
    ("criterion", "kind", "message"),
    [
        (replace(CD45, standing="informative"), "informative",
         "CD45 is informative: a lot outside its limit may still pass."),
        (replace(CD45, standing="reference"), "informative",
         "CD45 is reference: a lot outside its limit may still pass."),
        (replace(CD45, operator=">=", low=Decimal(95), high=None), "wrong side",
         "CD45 is negative in the cell type's definition; no limit says at most."),
        (replace(CD45, operator="range", low=Decimal(1), high=Decimal(2)), "wrong side",
         "CD45 is negative in the cell type's definition; the limits exclude such cells."),
        (replace(CD45, high=Decimal(5)), "weaker limit", "CD45: at most 5 % is weaker than the 2 % of ISCT 2006."),
        (replace(CD73, low=Decimal(80)), "weaker limit", "CD73: at least 80 % is weaker than the 95 % of ISCT 2006."),
        (replace(CD73, operator=">", low=Decimal(80)), "weaker limit",
         "CD73: more than 80 % is weaker than the 95 % of ISCT 2006."),
        (replace(CD73, operator="range", low=Decimal(80), high=Decimal(100), low_open=True), "weaker limit",
         "CD73: more than 80 % is weaker than the 95 % of ISCT 2006."),
        (replace(CD45, operator="<", high=Decimal(5)), "weaker limit",
         "CD45: less than 5 % is weaker than the 2 % of ISCT 2006."),
    ],
)  # fmt: skip
def test_a_departure_is_named(criterion: Criterion, kind: str, message: str) -> None:
    (found,) = departed(criterion)
    assert (found.kind, found.message, found.justification) == (kind, message, None)


def test_a_marker_left_out_is_a_departure_and_nothing_justifies_it() -> None:
    """Identity is not waived by one letter, nor by a sentence."""
    why = "HLA-DR is unpredictable between donors and sites, as 130 batches of two sites have shown (PMC6567533)"
    mhc = IDENTITY.criteria[5].characteristic
    (found,) = departed(omissions=((mhc, why),))
    assert (found.kind, found.label, found.justification) == ("left out", "MHC II / HLA-DR", why)
    assert specifications.unjustified((found, replace(found, justification=None))) == (
        found, replace(found, justification=None),
    )  # fmt: skip


def test_a_weaker_limit_is_shown_and_needs_a_justification_of_substance() -> None:
    (found,) = departed(replace(CD45, high=Decimal(5)))
    assert specifications.unjustified((found,)) == (found,)
    why = "Freshly thawed cells of adipose tissue keep some leukocytes that are gone after one passage, PMID 32655648"
    assert specifications.unjustified((replace(found, justification=why),)) == ()


def test_a_criterion_for_hla_dr_is_one_for_mhc_ii() -> None:
    dr = TERMS.characteristic("HLA-DR").iri
    assert departed(replace(IDENTITY.criteria[5], characteristic=dr)) == ()


def test_a_stricter_criterion_beside_a_lax_one_is_no_departure() -> None:
    assert departed(CD45, replace(CD45, id="cd45-lax", high=Decimal(5))) == ()

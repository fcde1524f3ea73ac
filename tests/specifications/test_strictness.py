"""What a difference does to lots: a looser limit harms, so it is never taken for a stricter one."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry import specifications
from registry.domain import Criterion, Evidence, Interval, Specification
from registry.judgement import independent
from registry.specifications.strictness import effect_of_change
from tests.lots import TERMS
from tests.specifications.strategies import criteria, numbers

IDENTITY = specifications.load("msc-identity")
ISCT = specifications.load("isct-2006-immunophenotype")
CD73 = next(one for one in IDENTITY.criteria if one.id == "cd73")
CD34 = next(one for one in IDENTITY.criteria if one.id == "cd34")
LABEL = {unit.label: iri for iri, unit in TERMS.units.items()}
KARYOTYPE = next(
    one for one in specifications.load("hesc-msc-ovarian-illustrative", "1").criteria if one.id == "karyotype"
)
DAY, RELEASE, THAWED = Decimal(24), TERMS.stage("release"), TERMS.stage("after thaw")


def of(old: Criterion, new: Criterion) -> str:
    return effect_of_change(old, new, TERMS)


@pytest.mark.parametrize(
    ("old", "new", "effect"),
    [
        (CD73, replace(CD73, low=Decimal(96)), "stricter"),
        (CD73, replace(CD73, low=Decimal("94.9")), "looser"),
        (CD73, replace(CD73, operator=">"), "stricter"),
        (CD73, replace(CD73, operator="range", high=Decimal(100)), "none"),
        (CD73, replace(CD73, operator="range", high=Decimal(99)), "stricter"),
        (CD34, replace(CD34, high=Decimal(5)), "looser"),
        (CD34, replace(CD34, operator="<"), "stricter"),
        (CD34, replace(CD34, operator="range", low=Decimal(1), high=Decimal(3)), "partly looser"),
        (CD73, replace(CD73, unit=LABEL["cells"]), "partly looser"),
        (CD73, replace(CD73, operator="one of", outcomes=KARYOTYPE.outcomes, low=None, unit=None), "partly looser"),
        (KARYOTYPE, replace(KARYOTYPE, outcomes=KARYOTYPE.outcomes[1:]), "stricter"),
        (replace(KARYOTYPE, outcomes=KARYOTYPE.outcomes[1:]), KARYOTYPE, "looser"),
        (replace(KARYOTYPE, outcomes=("a:b", "a:c")), replace(KARYOTYPE, outcomes=("a:c", "a:d")), "partly looser"),
    ],
)
def test_a_limit_is_held_against_the_values_that_can_occur(old: Criterion, new: Criterion, effect: str) -> None:
    """Percentages end at 100; another unit, or a word for a number, cannot be told and counts as looser in part."""
    assert of(old, new) == effect


@pytest.mark.parametrize(
    ("changes", "there", "back"),
    [
        ({"standing": "reference"}, "looser", "stricter"),
        ({"standing": "informative"}, "looser", "stricter"),
        ({"group": "one-of-two"}, "looser", "stricter"),
        ({"due": "after release"}, "looser", "stricter"),
        ({"inherited_from": RELEASE}, "looser", "stricter"),
        ({"duration": 14 * DAY}, "stricter", "looser"),
        ({"window": DAY}, "stricter", "looser"),
        ({"stage": RELEASE}, "partly looser", "partly looser"),
        ({"method": "flow cytometry"}, "partly looser", "partly looser"),
        ({"characteristic": CD34.characteristic}, "partly looser", "partly looser"),
        ({"source": "elsewhere", "note": "a word", "justification": "another"}, "none", "none"),
        ({"standing": "reference", "low": Decimal(99)}, "partly looser", "partly looser"),
        ({"standing": "informative", "low": Decimal(99)}, "looser", "stricter"),
    ],
)
def test_everything_that_a_criterion_asks_has_its_direction(changes: dict[str, object], there: str, back: str) -> None:
    """Another method or stage lets other results count: good ones, and bad ones no longer."""
    changed: Criterion = replace(CD73, **changes)  # type: ignore[arg-type]
    assert (of(CD73, changed), of(changed, CD73)) == (there, back)


@pytest.mark.parametrize(
    ("name", "old", "new", "effect"),
    [
        ("duration", 7 * DAY, 14 * DAY, "stricter"),
        ("window", 2 * DAY, DAY, "stricter"),
        ("window", DAY, 2 * DAY, "looser"),
        ("group", "a", "b", "partly looser"),
        ("inherited_from", RELEASE, THAWED, "partly looser"),
    ],
)
def test_what_was_asked_for_already_may_change_too(name: str, old: object, new: object, effect: str) -> None:
    """A longer test and a fresher result ask for more."""
    assert of(replace(CD73, **{name: old}), replace(CD73, **{name: new})) == effect  # type: ignore[arg-type]


def test_an_informative_criterion_changes_no_verdict() -> None:
    """Whatever is changed in it, added or removed."""
    told = replace(CD73, standing="informative")
    without = replace(IDENTITY, criteria=tuple(one for one in IDENTITY.criteria if one.id != "cd73"))
    with_it = replace(IDENTITY, criteria=(told, *without.criteria))
    assert of(told, replace(told, low=Decimal(5), method="any")) == "none"
    assert effects(without, with_it) == {"cd73": "none"}
    assert effects(with_it, without) == {"cd73": "none"}


@pytest.mark.parametrize(
    ("operator", "old", "new", "effect"),
    [(">=", 0, 1, "stricter"), (">=", 1, 0, "looser"), (">", 0, 1, "looser"), (">", 1, 0, "stricter")],
)
def test_fewer_decimals_let_more_through_only_where_the_limit_itself_passes(
    operator: str, old: int, new: int, effect: str
) -> None:
    """94.6 rounds up to 95; but 95.4 rounds down to 95, which is not more than 95."""
    first = replace(CD73, operator=operator, decimals=old)  # type: ignore[arg-type]
    assert of(first, replace(first, decimals=new)) == effect


def effects(old: Specification, new: Specification) -> dict[str | None, str]:
    return {one.criterion: one.effect for one in specifications.differences(old, new, TERMS)}


def test_the_whole_may_become_looser_too() -> None:
    """By rounding, by leaving out for which cells it is; a new title is only a title."""
    rounding = replace(IDENTITY, rounding="round to limit",
                       criteria=tuple(replace(one, decimals=0) for one in IDENTITY.criteria))  # fmt: skip
    strict = replace(rounding, criteria=tuple(replace(one, operator=">") for one in rounding.criteria[:3]))
    for_dogs = replace(IDENTITY, species="http://purl.obolibrary.org/obo/NCBITaxon_9615")
    assert effects(IDENTITY, rounding) == {None: "looser"}
    assert effects(rounding, IDENTITY) == {None: "stricter"}
    assert effects(replace(strict, rounding="none"), strict) == {None: "stricter"}
    assert (effects(IDENTITY, for_dogs), effects(for_dogs, IDENTITY)) == ({None: "stricter"}, {None: "looser"})
    assert effects(IDENTITY, replace(IDENTITY, title="Another")) == {None: "none"}


def test_a_way_to_pass_more_or_less_in_an_either_or_is_partly_looser() -> None:
    """CD14 or CD11b: a third member is another way to pass and another way to fail."""
    cd11b = next(one for one in ISCT.criteria if one.id == "cd11b")
    third = replace(cd11b, id="cd34-too", characteristic="a:b")
    wider = replace(ISCT, criteria=(*ISCT.criteria, third))
    assert effects(ISCT, wider) == {"cd34-too": "partly looser"}
    assert effects(wider, ISCT) == {"cd34-too": "partly looser"}
    gone = replace(ISCT, criteria=tuple(one for one in ISCT.criteria if one.group != cd11b.group))
    assert effects(ISCT, gone) == {"cd14": "looser", "cd11b": "looser"}
    assert effects(gone, ISCT) == {"cd14": "stricter", "cd11b": "stricter"}


def test_what_is_looser_stands_first() -> None:
    """Then what is looser in part, then what is stricter, then what is only said otherwise."""
    first, second, third, fourth, *rest = IDENTITY.criteria
    new = (replace(first, source="elsewhere"), replace(second, low=Decimal(99)), replace(third, method="any"), *rest)
    assert list(effects(IDENTITY, replace(IDENTITY, criteria=new)).items()) == [
        (fourth.id, "looser"), (third.id, "partly looser"), (second.id, "stricter"), (first.id, "none"),
    ]  # fmt: skip


def test_the_same_question_under_another_id_is_one_that_changed() -> None:
    """A limit of 90 is not hidden behind one criterion removed and another one added."""
    new = replace(IDENTITY, criteria=tuple(
        replace(one, id="cd73-again", low=Decimal(90)) if one.id == "cd73" else one for one in IDENTITY.criteria
    ))  # fmt: skip
    (found,) = specifications.differences(IDENTITY, new, TERMS)
    assert (found.criterion, found.kind, found.effect, found.sentences) == (
        "cd73-again", "changed", "looser", ("limit: at least 95 % is now at least 90 %", "id: cd73 is now cd73-again"),
    )  # fmt: skip


def test_what_is_new_says_everything_that_it_asks_for() -> None:
    """Method, duration and when it is due stand beside the limit."""
    late = replace(KARYOTYPE, id="late", characteristic="a:b", label="culture", stage=RELEASE, method="Bactec",
                   duration=14 * DAY, window=DAY, due="after release", group="g", outcomes=("x:y",))  # fmt: skip
    (found,) = specifications.differences(IDENTITY, replace(IDENTITY, criteria=(*IDENTITY.criteria, late)), TERMS)
    assert found.as_dict() == {
        "criterion": "late", "label": "culture", "kind": "added", "effect": "stricter",
        "changes": ["culture: x:y, gating, either/or group g, stage release, method Bactec, duration 14 d, "
                    "window 24 h, due after release"],
    }  # fmt: skip


def test_what_is_gone_says_what_is_asked_for_instead() -> None:
    """As the page says it; nothing where nothing is."""
    mhc, dr = next(one for one in IDENTITY.criteria if one.id == "mhc-ii"), TERMS.characteristic("HLA-DR")
    instead = replace(mhc, id="hla-dr", characteristic=dr.iri, label="HLA-DR")
    new = replace(IDENTITY, criteria=(*(one for one in IDENTITY.criteria if one.id not in {"mhc-ii", "cd73"}), instead))
    gone = {one.criterion: one.as_dict() for one in specifications.differences(IDENTITY, new, TERMS)}
    assert gone["mhc-ii"] == {
        "criterion": "mhc-ii", "label": "MHC II / HLA-DR", "kind": "removed", "effect": "looser",
        "changes": ["MHC II / HLA-DR: at most 2 %, gating"], "instead": ["HLA-DR: at most 2 %, gating"],
    }  # fmt: skip
    assert (gone["cd73"]["instead"], "instead" in gone["hla-dr"]) == ([], False)


@given(st.data())
def test_nothing_that_is_called_stricter_lets_a_value_through_that_was_stopped(data: st.DataObject) -> None:
    """Of any two limits and any value: held against a comparison that knows nothing of directions."""
    old = data.draw(criteria("one", rounds=False, gating=True))
    other = data.draw(criteria("one", rounds=False, gating=True))
    limits = ("operator", "low", "high", "low_open", "high_open", "outcomes", "unit", "characteristic")
    kept = {name: getattr(other, name) for name in limits if name != "characteristic"}
    new: Criterion = replace(old, **kept)  # type: ignore[arg-type]
    known = TERMS.characteristics[old.characteristic]
    value = data.draw(numbers(None))
    if known.range is not None and Interval(value, value).intersect(known.range).is_empty:
        return
    shown = Evidence("L", "one", present=True, interval=Interval(value, value), unit=old.unit or new.unit)
    shown = replace(shown, method=old.method, duration=old.duration, age=Decimal(0))
    before, after = (independent.compare(one, shown) for one in (old, new))
    effect = of(old, new)
    assert not (before != "pass" == after and effect in {"stricter", "none"})
    assert not (after != "pass" == before and effect in {"looser", "none"})

"""What a printed name names, and what it never does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.intake.names.printed import Namer, NegativeFraction, Subject
from registry.intake.values import Misprint
from tests.intake.inputs import TERMS, table

NAMER = Namer(TERMS)


@pytest.mark.parametrize(
    ("printed", "label"),
    [
        ("cd73", "CD73"),
        ("CD 73", "CD73"),
        ("NT5E", "CD73"),
        ("CD73+", "CD73"),
        ("CD73⁺", "CD73"),
        ("Thy-1", "CD90"),
        ("endoglin", "CD105"),
        ("PTPRC", "CD45"),
        ("HLADR", "HLA-DR"),
        ("HLA–DR", "HLA-DR"),
        ("MHCII", "MHC II / HLA-DR"),
        ("MHC II / HLA-DR", "MHC II / HLA-DR"),
        ("CD73/NT5E", "CD73"),
        ("TRA-1-60+", "TRA-1-60"),
        ("Viability", "viability"),
        ("bacteria and fungi", "sterility"),
    ],
)
def test_one_characteristic(printed: str, label: str) -> None:
    """Case, spaces, hyphens, synonyms and one final plus change nothing."""
    subject = NAMER.subject(printed)
    assert (subject.label, subject.gate, subject.members) == (label, None, ())


@pytest.mark.parametrize(
    ("printed", "members"),
    [
        ("CD34|CD11b|CD19|CD45|HLA-DR", 5),
        ("CD34 | CD45", 2),
        ("CD34+|CD45+", 2),
        ("CD11b+CD19+CD34+CD45+HLA-DR", 5),
        ("negative cocktail (CD11b,CD19,CD34,CD45,HLA-DR)", 5),
        ("Negative Cocktail [CD34; CD11b; CD19; CD45; HLA-DR]", 5),
        ("lineage cocktail (CD34|CD45|CD3)", 3),
    ],
)
def test_cocktails(printed: str, members: int) -> None:
    """Written with | any set; with + or in words only a set that the ontology declares."""
    subject = NAMER.subject(printed)
    assert (subject.characteristic.symbol, len(subject.members), subject.gate) == ("cocktail", members, None)


@pytest.mark.parametrize(
    "printed",
    [
        "CD45-/CD105+",
        "CD45+/CD105+",
        "CD45−/CD105+",
        "CD79a/ CD19",
        "CD34+CD45+",
        "CD45-CD105+",
        "CD45- CD73+",
        "CD14/CD11b",
    ],
)
def test_co_expression_gates(printed: str) -> None:
    """A trailing +, any − or a / between markers: kept as it was printed, under no single marker."""
    subject = NAMER.subject(printed)
    assert (subject.characteristic.symbol, subject.gate, subject.members) == ("co-expression gate", printed, ())


@pytest.mark.parametrize(
    "printed", ["CD45-", "CD45−", "CD45–", "CD45neg", "CD45 neg.", "CD45 (-)", "CD45⁻", "HLA-DR-", "Thy-1-"]
)
def test_a_negative_fraction_is_never_the_marker(printed: str) -> None:
    """Its end is a minus sign, not typography."""
    with pytest.raises(NegativeFraction):
        NAMER.subject(printed)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("98.4", "CD45, percent positive: likely 1.6"),
        ("95.38%", "CD45, percent positive: likely 4.62"),
        ("98,4", "CD45, percent positive: likely 1.6"),
        (">98", "CD45, percent positive"),
        ("negative", "CD45, percent positive"),
    ],
)
def test_a_negative_fraction_names_the_likely_percent_positive(value: str, expected: str) -> None:
    """100 minus it, when it is one number; it is never converted."""
    said = table(f'P-1,CD45-,"{value}",%')
    assert ([error.expected for error in said.errors], said.results) == ([expected], ())


@pytest.mark.parametrize(
    "printed",
    [
        *(
            "",
            "CD733",
            "Lin-",
            "Live/CD73+",
            "CD73++",
            "CD73+-",
            "CD79",
            "CD3|CD79",
            "+",
            "-",
            "|",
            "CD34|",
            "CD34|CD34",
        ),
        *("CD14 OR CD11b", "CD14 and CD11b", "CD34, CD45", "CD34+CD45", "negative cocktail", "cocktail"),
        *("negative cocktail (CD34,CD45)", "CD34|viability", "CD34|CD45-", "co-expression gate", "x" * 300, "CD73\x07"),
        "https://w3id.org/cell-product-registry/ns#Cocktail",
    ],
)
def test_what_names_no_one_thing(printed: str) -> None:
    """Unknown, ambiguous, several at once, undeclared: refused in the characteristic's column."""
    with pytest.raises(Misprint) as caught:
        NAMER.subject(printed)
    assert caught.value.column == "characteristic"


def test_an_unknown_name_is_told_its_neighbours() -> None:
    """The nearest names stand in the refusal."""
    (error,) = table("P-1,Viabilty,97,%").errors
    assert error.message == (
        "No characteristic is called 'Viabilty'. Did you mean viability or viability flow or viability (PI)?"
    )


PIECES = st.lists(
    st.sampled_from(["CD34", "CD45", "HLA-DR", "+", "-", "/", "|", " ", "neg", "(", ")", ",", "x"]), max_size=14
)


@given(st.one_of(PIECES.map("".join), st.text(max_size=30)))
def test_any_name_is_a_subject_or_a_misprint(printed: str) -> None:
    """And whatever ends in a minus or ``neg`` is never one marker."""
    try:
        subject: Subject | None = Namer(TERMS).subject(printed) if len(printed) < 3 else NAMER.subject(printed)
    except Misprint:
        subject = None
    if subject is not None and printed.strip().endswith(("-", "neg")):
        assert subject.gate is not None

"""What lint says of a specification, each finding beside a specification that it says nothing of."""

from __future__ import annotations

from dataclasses import replace

import pytest

from registry import specifications
from registry.domain import Criterion, Specification
from registry.specifications import table
from tests.lots import TERMS

IDENTITY = specifications.load("msc-identity")
HEAD = "specification,ours\nversion,1\ntitle,Ours\nsource,a document\n\n"
COLUMNS = "id,characteristic,operator,limit,unit,standing,stage,method,source\n"
SIX = "".join(
    f"{name.lower()},{name},{limit},%\n"
    for name, limit in (("CD73", ">=,95"), ("CD90", ">=,95"), ("CD105", ">=,95"), ("CD45", "<=,2"), ("CD34", "<=,2"),
                        ("HLA-DR", "<=,2"))
)  # fmt: skip


def cited(spec: Specification) -> Specification:
    """The same with a source for each limit that cites none, which is not what is looked at here."""
    return replace(spec, criteria=tuple(replace(one, source=one.source or "a document") for one in spec.criteria))


def found(*rows: str, six: str = SIX) -> list[tuple[str, str, str | None]]:
    """(severity, code, criterion) of each finding."""
    made = cited(table.draft("ours.csv", (HEAD + COLUMNS + six + "\n".join(rows)).encode(), TERMS))
    return [(one.severity, one.code, one.criterion) for one in specifications.lint(made, TERMS)]


def test_nothing_is_said_of_the_identity_at_its_limits() -> None:
    assert (found(), specifications.lint(IDENTITY, TERMS)) == ([], ())


def test_a_row_without_a_source_cites_none() -> None:
    """The document that the whole rests on is not the source of each of its limits."""
    made = table.draft("ours.csv", (HEAD + COLUMNS + SIX + "v,viability,>=,70,%,,,,Ph. Eur. 2.7.29").encode(), TERMS)
    assert [one.source for one in made.criteria] == [""] * 6 + ["Ph. Eur. 2.7.29"]
    assert [(one.code, one.criterion) for one in specifications.lint(made, TERMS)] == [
        ("missing-source", name) for name in ("cd73", "cd90", "cd105", "cd45", "cd34", "hla-dr")
    ]
    compiled = specifications.build(made)
    assert specifications.read(compiled.ntriples).criteria == compiled.criteria


@pytest.mark.parametrize(
    ("row", "finding"),
    [
        ("v,viability,>=,70,%", None),
        ("v,viability,>=,101,%", ("error", "cannot-be-met", "v")),
        ("v,viability,>,100,%", ("error", "cannot-be-met", "v")),
        ("v,viability,>=,0,%", ("error", "lets-everything-through", "v")),
        ("v,viability,>,0,%", None),
        ("v,viability,<=,70,%", ("error", "wrong-side", "v")),
        ("v,viability,range,70 to 100,%", None),
        ("e,endotoxin,>=,0.5,EU/mL", ("error", "wrong-side", "e")),
        ("e,endotoxin,<,0.5,EU/mL", None),
        ("e,endotoxin,<,0.5,EU/kg", None),
        ("e,endotoxin,<,0.5,CFU/mL", ("error", "unit-does-not-fit", "e")),
        ("f,FSH,>,25,mIU/mL", None),
        ("f,FSH,>,25,EU/mL", ("error", "unit-does-not-fit", "f")),
        ("m,CD14,<=,50,%", None),
        ("m,CD14,<=,50.1,%", ("warning", "negative-limit-above-50", "m")),
        ("m,CD166,>=,20,%", None),
        ("p,inhibition of proliferation,>=,20,%", None),
        ("s,sterility,one of,no growth,,,,,ISO 24651", ("warning", "standard-out-of-scope", "s")),
        ("s,sterility,one of,no growth,,,,,ISO 13485", None),
        ("s,sterility,one of,no growth,,,,,in-house", ("warning", "missing-source", "s")),
        ("s,sterility,one of,no growth,,,,,n/a", ("warning", "missing-source", "s")),
    ],
)
def test_of_one_criterion(row: str, finding: tuple[str, str, str] | None) -> None:
    assert found(row) == ([finding] if finding else [])


@pytest.mark.parametrize(
    ("first", "second", "finding"),
    [
        ("a,CD14,<=,2,%", "b,CD14,>=,95,%", ("error", "contradiction", "b")),
        ("a,CD14,<,2,%", "b,CD14,>=,2,%", ("error", "contradiction", "b")),
        ("a,CD14,<=,2,%", "b,CD14,<=,5,%,reference", ("warning", "two-limits", "b")),
        ("a,viable MSC per dose,>=,75e6,cells", "b,viable MSC per dose,<=,150e6,cells", None),
        ("a,viability,>=,90,%,,frozen product", "b,viability,>=,85,%,,before infusion", None),
        ('a,karyotype,one of,"46,XY"', "b,karyotype,one of,normal karyotype", ("error", "contradiction", "b")),
        ("a,mycoplasma,one of,negative,,,,PCR", "b,mycoplasma,one of,negative,,,,culture", None),
    ],
)
def test_of_two_criteria_for_one_characteristic(first: str, second: str, finding: tuple[str, str, str] | None) -> None:
    assert found(first, second) == ([finding] if finding else [])


@pytest.mark.parametrize(
    ("six", "finding"),
    [
        (SIX.replace("cd34,CD34,<=,2,%\n", ""), ("warning", "identity-left-out", None)),
        (SIX.replace("cd34,CD34,<=,2,%", "cd34,CD34,<=,2,%,informative"), ("warning", "identity-informative", "cd34")),
        (SIX.replace("cd34,CD34,<=,2,%", "cd34,CD34,<=,5,%"), ("warning", "identity-weaker-limit", "cd34")),
        (SIX.replace("cd34,CD34,<=,2,%", "cd34,CD34,>=,2,%"), ("error", "identity-wrong-side", "cd34")),
        (SIX.replace("cd34,CD34,<=,2,%", "cd34,CD34,one of,negative,"), ("warning", "identity-weaker-limit", "cd34")),
    ],
)
def test_of_identity_markers(six: str, finding: tuple[str, str, str | None]) -> None:
    assert found(six=six) == [finding]


def test_a_justification_is_said_beside_the_departure() -> None:
    cells = "cell type,CL:0000134\nleaves out,CD34,Adipose cells carry it.\n"
    made = table.draft("ours.csv", (HEAD.replace("source", cells + "source") + COLUMNS + SIX.replace(
        "cd34,CD34,<=,2,%\n", "")).encode(), TERMS)  # fmt: skip
    (finding,) = specifications.lint(cited(made), TERMS)
    assert (finding.severity, finding.message) == (
        "warning",
        "CD34 is negative in the cell type's definition; the specification does not ask for it. "
        "Justified: Adipose cells carry it.",
    )


def test_a_t_cell_is_not_asked_for_the_markers_of_an_msc() -> None:
    head = HEAD.replace("source", "cell type,CL:0000084\nsource")
    made = table.draft("t.csv", (head + COLUMNS + "cd3,CD3,>=,90,%\n").encode(), TERMS)
    assert specifications.lint(cited(made), TERMS) == ()


def test_what_is_not_compiled_is_said_too() -> None:
    made = table.draft("ours.csv", (HEAD + COLUMNS + SIX + "d,fill volume,range,9 to 8,mL\n").encode(), TERMS)
    assert [(one.severity, one.code, one.message) for one in specifications.lint(cited(made), TERMS)] == [
        ("error", "unsound", "d: no value lies between 9 and 8."),
        ("error", "cannot-be-met", "No value of fill volume meets at least 9 and at most 8: every lot would fail."),
    ]


def test_every_finding_says_what_to_do() -> None:
    every = [one for shipped in specifications.shipped() for one in specifications.lint(shipped, TERMS)]
    assert all(one.message.endswith((".", "%")) and one.todo.endswith(".") for one in every)
    assert {tuple(one.as_dict()) for one in every} == {("code", "severity", "criterion", "message", "todo")}


# --- what differs


CD73 = IDENTITY.criteria[0]


def changed(**changes: object) -> list[tuple[str | None, str, tuple[str, ...]]]:
    """What differs when the first criterion is changed so."""
    first: Criterion = replace(CD73, **changes)  # type: ignore[arg-type]
    other = replace(IDENTITY, version="2", criteria=(first, *IDENTITY.criteria[1:]))
    return differences(IDENTITY, other)


def differences(old: Specification, new: Specification) -> list[tuple[str | None, str, tuple[str, ...]]]:
    return [(one.criterion, one.kind, one.sentences) for one in specifications.differences(old, new, TERMS)]


@pytest.mark.parametrize(
    ("changes", "sentences"),
    [
        ({}, ()),
        ({"operator": ">"}, ("limit: at least 95 % is now more than 95 %",)),
        ({"standing": "reference"}, ("standing: gating is now reference",)),
        ({"method": "flow cytometry"}, ("method: nothing is now flow cytometry",)),
        ({"stage": TERMS.stage("release")}, ("stage: nothing is now release",)),
        ({"source": "elsewhere"}, (f"source: {CD73.source} is now elsewhere",)),
    ],
)
def test_a_changed_criterion_is_told_in_words(changes: dict[str, object], sentences: tuple[str, ...]) -> None:
    assert changed(**changes) == ([("cd73", "changed", sentences)] if sentences else [])


def test_what_is_new_and_what_is_gone() -> None:
    isct = specifications.load("isct-2006-immunophenotype")
    assert differences(IDENTITY, replace(IDENTITY, title="Another", criteria=IDENTITY.criteria[1:])) == [
        ("cd73", "removed", ("CD73: at least 95 %, gating",)),
        (None, "changed", (f"title: {IDENTITY.title} is now Another",)),
    ]
    added = [one for one in differences(IDENTITY, isct) if one[1] == "added"]
    assert added[0] == ("cd14", "added", ("CD14: at most 2 %, gating, either/or group cd14-or-cd11b",))
    assert len(added) == 4

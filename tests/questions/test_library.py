"""Every question of the library, asked of the demonstration, gives exactly what stands in ``expected/``."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from pathlib import Path

import pytest

from registry import questions, specifications, vocabulary
from registry.errors import Unknown, WrongUsage
from registry.judgement import combination, evidence, independent
from registry.questions import Question
from registry.services import Registry
from tests.people import LOCAL

EXPECTED = Path(__file__).parent / "expected"
LIBRARY = {one.name: one for one in questions.library()}
WITH_PARAMETERS = [name for name, one in LIBRARY.items() if one.parameters]


def example(one: Question) -> dict[str, str]:
    """The parameters of a question's example: ``cell-registry ask NAME --param name=value``."""
    words = one.example.split()
    assert words[:3] == ["cell-registry", "ask", one.name], one.example
    return dict(word.split("=", 1) for word in words[3:] if "=" in word)


def asked(demo: Registry, name: str, params: dict[str, str] | None = None) -> list[list[str]]:
    body = demo.queries.ask(name, params, "text/csv", by=LOCAL).body.decode()
    return list(csv.reader(io.StringIO(body.replace(f"{datetime.now(UTC):%Y-%m}", "THIS-MONTH"))))


def expected(name: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO((EXPECTED / f"{name}.csv").read_text("utf-8"))))


@pytest.mark.parametrize("name", sorted(LIBRARY))
def test_a_question_has_its_answer(demo: Registry, name: str) -> None:
    """With every parameter at its default."""
    assert asked(demo, name) == expected(name)


@pytest.mark.parametrize("name", WITH_PARAMETERS)
def test_a_questions_example_has_its_answer(demo: Registry, name: str) -> None:
    """With the parameters that its example line gives."""
    assert asked(demo, name, example(LIBRARY[name])) == expected(f"{name}.example")


def test_every_expected_answer_belongs_to_a_question() -> None:
    """None is left over from a question that is gone."""
    wanted = {*LIBRARY, *(f"{name}.example" for name in WITH_PARAMETERS)}
    assert {path.stem for path in EXPECTED.glob("*.csv")} == wanted


def test_there_are_at_least_twenty_five_and_each_is_told_in_words() -> None:
    """Title, description and example; a question with parameters uses each of them as a variable."""
    assert len(LIBRARY) >= 25
    for one in LIBRARY.values():
        assert one.title
        assert one.description.endswith(".")
        assert ("#@parameters" in one.text) == bool(one.parameters)
        assert all(f"?{parameter.name}" in one.text for parameter in one.parameters)
        assert set(example(one)) <= {parameter.name for parameter in one.parameters}


@pytest.mark.parametrize("identifier", ["isct-2006", "msc-identity", "isct-2006-immunophenotype"])
def test_what_would_not_conform_is_what_the_plain_comparison_says(demo: Registry, identifier: str) -> None:
    """The question reads the results in SPARQL; judging them in Python names the same lots."""
    against = specifications.load(identifier)
    would_not = []
    for lot in sorted(lot for product in demo.reader.products() for lot in demo.reader.lots_of(product)):
        facts = demo.reader.facts(lot)
        if facts.approval is None:
            continue
        derived = evidence.derive(against, lot, facts.results, vocabulary.load())
        other = combination.combine(against, lot, derived, independent.judge(against, derived), vocabulary.load())
        approved = demo.states.verdict(facts, demo.reader.specification(facts.approval.digest))
        if approved.verdict == "pass" and other.verdict != "pass":
            would_not.append(lot)
    rows = asked(demo, "would-not-conform", {"other": f"{identifier}/{against.version}"})
    assert [row[0] for row in rows[1:]] == would_not


@pytest.mark.parametrize(
    ("name", "params", "kind"),
    [
        ("no-such-question", {}, Unknown),
        ("recall", {"bank": "NO-SUCH-BANK"}, Unknown),
        ("recall", {"lot": "WCB-2"}, WrongUsage),
        ("recall", {"bank": "x> } INSERT DATA { <y"}, WrongUsage),
        ("trend-with-passage", {"marker": "CD79"}, WrongUsage),
        ("trend-with-passage", {"marker": "no marker"}, Unknown),
        ("lots-for-a-disease", {"disease": "http://x/> } SERVICE <http://127.0.0.1/"}, Unknown),
        ("lots-for-a-disease", {"disease": "CL:0000134"}, Unknown),
        ("lots-of-a-cell-type", {"cell": "DOID:5426"}, Unknown),
        ("specification", {"asked": "no-such/1"}, Unknown),
        ("specification", {"asked": "msc-identity/99"}, Unknown),
        ("close-to-the-limit", {"within": "1 } #"}, WrongUsage),
        ("close-to-the-limit", {"within": "NaN"}, WrongUsage),
        ("expired", {"day": "soon"}, WrongUsage),
        ("specification", {"asked": "a/b/c"}, WrongUsage),
    ],
)
def test_a_value_that_is_none_is_refused(demo: Registry, name: str, params: dict[str, str], kind: type) -> None:
    """Nothing that a person types is ever read as SPARQL."""
    with pytest.raises(kind):
        demo.queries.ask(name, params, by=LOCAL)


@pytest.mark.parametrize(
    ("name", "params", "message", "expected"),
    [
        (
            "lots-for-a-disease", {"disease": "DOID:5246"},
            "There is no disease DOID:5246 in the ontologies loaded here.",
            "a disease as DOID:…, such as DOID:5426 primary ovarian insufficiency, DOID:3526 cerebral infarction",
        ),
        (
            "lots-of-a-cell-type", {"cell": "mesenchymal stem"},
            "There is no cell type mesenchymal stem in the ontologies loaded here.",
            "a cell type as CL:…, such as CL:0002537 amnion mesenchymal stem cell, CL:0002541 chorionic membrane "
            "mesenchymal stem cell, CL:0002571 hepatic mesenchymal stem cell",
        ),
        (
            "recall", {"bank": "WCB2"}, "There is no lot WCB2 in this registry.",
            "the identifier of a registered lot, such as WCB-2",
        ),
        (
            "specification", {"asked": "msc-identiti/1"}, "There is no such specification here.",
            "one of 37 specifications, such as msc-identity@1",
        ),
        ("recalls", {}, "There is no such question.", "one of 53 questions, such as recall"),
    ],
)  # fmt: skip
def test_what_nobody_knows_is_refused_with_what_is_near_and_has_no_empty_answer(
    demo: Registry, name: str, params: dict[str, str], message: str, expected: str
) -> None:
    """An empty table would read as "there are none"."""
    with pytest.raises(Unknown) as refusal:
        demo.queries.ask(name, params, by=LOCAL)
    assert (refusal.value.message, refusal.value.expected) == (message, expected)
    assert refusal.value.where == next(iter(params), "")

"""What the question says of another specification is what the gate says of it, lot by lot, criterion by criterion.

The question reads results in SPARQL; the gate derives evidence and holds it against SHACL. Left out here is what the
question says that it does not read: how a result was obtained, and in which other unit.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from registry import specifications
from registry.domain import LotVerdict, Specification
from registry.services import Account, LotDraft, ProductDraft, Registry
from registry.services.queries.from_columns import asked_of
from tests.people import LOCAL, account_of

SECRET = "seven grey herons fly"
LAB = Account("lab", "Lab", "submitter")
SIX = {"CD73": "98.5", "CD90": "99.1", "CD105": "97.4", "CD45": "0.3", "CD34": "<0.5", "HLA-DR": "1.2"}
SHOWN, MISSED, OPEN = "1", "5", "<5"
"""A marker that is to be at most 2 %: shown, refuted, neither."""
OTHERS = [
    one
    for one in specifications.shipped()
    if not any(item.method or item.duration or item.window or item.inherited_from for item in one.criteria)
]


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    """Lots that all pass for the six markers; what they show of the others differs."""
    found, once = Registry.create(tmp_path_factory.mktemp("lots") / "data")
    admin = found.accounts.change_password("admin", once, SECRET)
    for name, role in (("quality", "quality unit"), ("lab", "submitter")):
        first = found.accounts.create(name, role, name.title(), by=admin)
        found.accounts.change_password(name, first, SECRET)
    draft = ProductDraft("P", "MSC", "CL:0000134", "fat", "allogeneic", "NCBITaxon:9606", ("DOID:5426",))
    found.products.register(draft, account_of(found, "quality"))
    found.specifications.approve("P", "msc-identity", name="quality", password=SECRET)
    either_or(found)
    repeated(found)
    yield found
    found.close()


def lot(registry: Registry, name: str) -> None:
    registry.lots.register(
        LotDraft(name, product="P", expires_at=datetime.now(UTC) + timedelta(days=90)), account_of(registry, "quality")
    )


def submit(registry: Registry, *rows: tuple[str, ...], name: str = "panel.csv") -> str:
    """Rows of lot, characteristic, value and optional columns; answers the panel of the last lot."""
    header = ("lot", "characteristic", "value", "stage", "relation", "supersedes", "reason")
    lines = [",".join(header) + ",unit"]
    lines += [",".join([*row, *[""] * (len(header) - len(row)), "%" if row[2][-1].isdigit() else ""]) for row in rows]
    receipt = registry.submissions.submit(name, ("\n".join(lines) + "\n").encode(), LAB)
    assert receipt.errors == ()
    return receipt.recorded[-1].panel


def six(name: str, **other: str) -> list[tuple[str, ...]]:
    return [(name, marker, value) for marker, value in (SIX | other).items()]


def either_or(registry: Registry) -> None:
    """Every combination of what two members of an either/or show; the other either/or shown by one member."""
    rows: list[tuple[str, ...]] = []
    for number, (first, second) in enumerate(product((None, SHOWN, MISSED, OPEN), repeat=2)):
        name = f"G-{number:02d}"
        lot(registry, name)
        shown = {"CD14": first, "CD11b": second, "CD19": SHOWN}
        rows += six(name, **{marker: value for marker, value in shown.items() if value})
    lot(registry, "WORDS")
    rows += six("WORDS", CD14="negative", CD11b=SHOWN, CD79a="not evaluable", CD19="not tested")
    submit(registry, *rows)


def repeated(registry: Registry) -> None:
    """Replicates, retests accepted and not, results that no relation connects, several stages, panels taken back."""
    for name in ("REPLICATE", "WORSE", "RETEST", "ACCEPTED", "TWICE", "STAGES", "WITHDRAWN", "COCKTAIL", "WIDE"):
        lot(registry, name)
        submit(registry, *six(name, CD19=SHOWN), name=f"{name}.csv")
    for name, value in (("REPLICATE", "0.4"), ("WORSE", MISSED)):
        submit(registry, (name, "CD14", SHOWN), (name, "CD14", value, "", "replicate"), name=f"{name}-2.csv")
    for name in ("RETEST", "ACCEPTED"):
        panel = submit(registry, (name, "CD14", MISSED), name=f"{name}-2.csv")
        iri = f"{registry.names.panel(panel)}#r1"
        again = submit(registry, (name, "CD14", SHOWN, "", "retest", iri, "Stained twice."), name=f"{name}-3.csv")
    iri = f"{registry.names.panel(again)}#r1"
    registry.releases.accept("ACCEPTED", iri, reason="The cause is known.", name="quality", password=SECRET)
    submit(registry, ("TWICE", "CD14", SHOWN), name="twice-2.csv")
    submit(registry, ("TWICE", "CD14", "0.5"), name="twice-3.csv")
    submit(registry, ("STAGES", "CD14", SHOWN, "after thaw"), name="stages-2.csv")
    submit(registry, ("STAGES", "CD14", SHOWN), name="stages-3.csv")
    panel = submit(registry, ("WITHDRAWN", "CD14", SHOWN), name="withdrawn-2.csv")
    registry.submissions.withdraw(panel, reason="Another lot's tube.", name="quality", password=SECRET)
    submit(registry, ("COCKTAIL", "CD14|CD11b|CD79a", "0.9"), name="cocktail-2.csv")
    submit(registry, ("WIDE", "CD14|CD11b|CD79a", MISSED), name="wide-2.csv")


def not_shown(verdict: LotVerdict, against: Specification) -> list[str]:
    """The gating criteria that keep it from passing, in their order; of an either/or all members."""
    groups = {group.id: group.verdict for group in verdict.groups}
    return [
        item.id
        for item in verdict.criteria
        if item.standing == "gating" and (groups[item.group] if item.group else item.verdict) != "pass"
    ]


def test_there_are_specifications_to_compare_with() -> None:
    assert len(OTHERS) >= 20


@pytest.mark.parametrize("against", OTHERS, ids=lambda one: one.id)
def test_what_would_not_conform_is_what_the_gate_says(registry: Registry, against: Specification) -> None:
    """Of every lot that passes now, and of no other."""
    reader, states = registry.reader, registry.states
    facts = [reader.facts(name) for name in reader.lots_of("P")]
    approved = reader.specification(reader.approvals("P")[-1].digest)
    passing = [one for one in facts if states.verdict(one, approved).verdict == "pass"]
    judged = states.verdicts([(one, against) for one in passing])
    expected = {one.lot: not_shown(one, against) for one in judged if one.verdict != "pass"}
    found = registry.queries.ask(
        "would-not-conform", {"other": f"{against.id}/{against.version}"}, "text/csv", by=LOCAL
    )
    rows = list(csv.reader(io.StringIO(found.body.decode())))
    assert {name: criteria.split(", ") for name, criteria in rows[1:]} == expected
    assert len(passing) > 20


def test_its_own_text_is_answered_from_columns_and_no_other(registry: Registry) -> None:
    """However a form ends its lines; a text that somebody changed, or that names two, goes to the engine."""
    text = registry.queries.question_text("would-not-conform", {"other": "isct-2006/1"})
    assert asked_of(text) == asked_of(text.replace("\n", "\r\n")) == ("isct-2006", "1")
    assert asked_of(text.replace("cpr:Pass", "cpr:Fail", 1)) is None
    assert asked_of(text.replace("isct-2006/1", "isct-2006/2", 1)) is None
    assert asked_of(text + "LIMIT 1") is None
    assert asked_of(registry.queries.question_text("lots")) is None


@pytest.mark.parametrize("form", ["text/csv", "application/sparql-results+json", "application/sparql-results+xml"])
def test_the_columns_say_what_the_sparql_says(registry: Registry, form: str) -> None:
    """To the byte, in each form."""
    text = registry.queries.question_text("would-not-conform", {"other": "isct-2006-immunophenotype/1"})
    from_columns = registry.queries.query(text, form, by=LOCAL)
    from_engine = registry.queries.knowledge.service.answer(text, form)
    assert from_columns.rows == from_engine.rows > 5
    assert from_columns.body == from_engine.body

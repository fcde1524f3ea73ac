"""Our own file of a study is read field by field; what contradicts itself is refused by its place."""

from __future__ import annotations

import json
from contextlib import suppress
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.domain import Arm, Captured
from registry.errors import RegistryError, TooLarge, Unreadable
from registry.exchange.bounded import LARGEST
from registry.exchange.identifiers import days_of, doi_in
from registry.exchange.study_file import read
from registry.intake.values.unreadable_value import Misprint

SEED = files("registry.demo").joinpath("study.toml").read_bytes()
BOTH = ("UBERON:0002118", "UBERON:0002119")


def test_the_seed_study_is_read() -> None:
    """Three arms in both ovaries; two starts, each with its source; what nobody has published."""
    study = read("study.toml", SEED)
    assert (study.id, study.enrolment, study.enrolment_type, study.schedule_days) == (
        "NCT03877471", 28, "estimated", 14,
    )  # fmt: skip
    assert [(arm.id, arm.dose_per_site, arm.total) for arm in study.arms] == [
        ("low", 2_000_000, 4_000_000),
        ("medium", 5_000_000, 10_000_000),
        ("high", 10_000_000, 20_000_000),
    ]
    assert study.start == (
        Captured("2019-04-03", "hPSCreg, clinical study 48, capture A (estimated)"),
        Captured("2019-04-01", "hPSCreg, clinical study 48, capture B (estimated)"),
    )
    assert study.conflicts == ("start", "FSH unit", "condition term")
    assert {"needle", "volume", "cell line", "hormone units"} <= set(study.unknown)


def given_file(**fields: Any) -> bytes:
    """A file with these fields."""
    return json.dumps({"study": "S-1", "title": "A study", **fields}).encode()


def arm(**fields: Any) -> dict[str, Any]:
    """An arm with these fields."""
    return {"id": "low", "dose_per_site": 2_000_000, "sites": list(BOTH), **fields}


def test_the_form_that_is_given_is_read_again() -> None:
    """Doses as value and unit, sites with labels, and a total that agrees."""
    sites = [{"id": site, "label": "an ovary"} for site in BOTH]
    dose, total = {"value": 2_000_000, "unit": "viable cells"}, {"value": 4_000_000, "unit": "viable cells"}
    arms = [{"id": "low", "label": "Low", "dose_per_site": dose, "sites": sites, "total": total}]
    study = read("a.json", given_file(arms=arms, lots=7, conflicts=["start"], iri="https://registry.example/study/S-1"))
    assert study.arms == (Arm("low", "Low", 2_000_000, BOTH),)


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"arms": [arm(total=5_000_000)]}, "arms[0].total"),
        ({"arms": [arm(dose_per_site=2.0)]}, "arms[0].dose_per_site"),
        ({"arms": [arm(dose_per_site=True)]}, "arms[0].dose_per_site"),
        ({"arms": [{"id": "low", "sites": list(BOTH)}]}, "arms[0].dose_per_site"),
        ({"arms": "low"}, "arms"),
        ({"arms": [7]}, "arms[0]"),
        ({"title": ["A", "study"]}, "title"),
        ({"title": "A\u202estudy"}, "title"),
        ({"enrolment": {"value": -1}}, "enrolment.value"),
        ({"enrolment": {"value": 28, "type": "hoped for"}}, "enrolment.type"),
        ({"schedule": {"every": "now and then"}}, "schedule.every"),
        ({"schedule": {"every": "2 weeks", "days": 15}}, "schedule.days"),
        ({"publications": [{"doi": "see the journal"}]}, "publications[0].doi"),
        ({"outcomes": [{"measure": "FSH", "kind": "third"}]}, "outcomes[0].kind"),
        ({"contact": {"name": "somebody"}}, "a.json"),
        ({"eligibility": ["x"] * 3000}, "eligibility"),
    ],
)
def test_what_is_wrong_is_refused_by_its_place(fields: dict[str, Any], where: str) -> None:
    """Nothing is guessed, and nobody's name has a field."""
    with pytest.raises(Unreadable) as refusal:
        read("a.json", given_file(**fields))
    assert refusal.value.where == where


def test_a_lost_superscript_names_the_arm() -> None:
    """Both readings stand in the message."""
    with pytest.raises(Misprint) as refusal:
        read("a.json", given_file(arms=[arm(), arm(id="high", dose_per_site="0.2×107")]))
    assert refusal.value.where == "arms[1].dose_per_site"
    assert "2000000 cells" in refusal.value.message
    assert "21.4 cells" in refusal.value.message


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b"7", b'{"a": NaN}', b"\xff\xfe", b'{"a": 1, "a": 2}', b"[" * 100_000, b'{"a":' * 5000,
     b'{"study": 9999999999999999999999}'],
)  # fmt: skip
def test_hostile_bytes_are_unreadable(data: bytes) -> None:
    """No recursion, no double key, no number beyond any count."""
    with pytest.raises(Unreadable):
        read("a.json", data)


def test_a_file_of_any_size_is_not_read() -> None:
    """Before anything is parsed."""
    with pytest.raises(TooLarge):
        read("a.json", b" " * (LARGEST + 1))


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda x: st.lists(x) | st.dictionaries(
    st.sampled_from(["study", "title", "arms", "id", "sites", "start", "value", "source", "schedule", "captured"]), x),
    max_leaves=20))  # fmt: skip
def test_any_json_gives_a_study_or_a_refusal(value: Any) -> None:
    """Never another error."""
    with suppress(RegistryError):
        read("a.json", json.dumps(value).encode())


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2 weeks", 14),
        ("every 2 weeks", 14),
        ("week", 7),
        ("P2W", 14),
        ("P3D", 3),
        ("0 weeks", None),
        ("2 months", None),
    ],
)
def test_a_period_is_days(text: str, days: int | None) -> None:
    """A month has no fixed length."""
    assert days_of(text) == days


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        ("https://doi.org/10.1038/S41392-023-01670-7.", "10.1038/s41392-023-01670-7"),
        ("Somebody A. A title. doi: 10.1016/j.jogoh.2025.103031.", "10.1016/j.jogoh.2025.103031"),
        ("no DOI", ""),
    ],
)
def test_a_doi_is_found_in_a_citation(text: str, doi: str) -> None:
    """Without the authors before it and the point behind it."""
    assert doi_in(text) == doi

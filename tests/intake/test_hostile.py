"""Hostile bytes: never anything but the registry's own errors, and never for long."""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry import intake
from registry.domain import Intake
from registry.errors import RegistryError
from tests.conftest import ROOT
from tests.intake.inputs import HEADER, TERMS

KINDS = st.sampled_from(["panel.csv", "panel.tsv", "panel.ttl", "panel.jsonld"])
SEEDS = sorted(
    path for path in (ROOT / "tests" / "examples").glob("*/*") if path.suffix in {".csv", ".tsv", ".ttl", ".jsonld"}
)


def taken(name: str, data: bytes) -> Intake | None:
    """What intake says; its own refusals are answers too."""
    try:
        return intake.read(name, data, TERMS)
    except RegistryError:
        return None


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(name=KINDS, data=st.binary(max_size=300))
def test_random_bytes(name: str, data: bytes) -> None:
    """Any bytes under any name."""
    taken(name, data)


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(seed=st.sampled_from(SEEDS), at=st.integers(0, 3000), cut=st.integers(0, 40), patch=st.binary(max_size=8))
def test_mutated_files(seed: object, at: int, cut: int, patch: bytes) -> None:
    """Real files with bytes cut out and others put in; what is read stays within its range."""
    path = next(path for path in SEEDS if path == seed)
    data = path.read_bytes()
    said = taken(path.name, data[:at] + patch + data[at + cut :])
    for result in said.results if said else ():
        bounds, span = result.reading.interval, TERMS.characteristics[result.characteristic].range
        assert bounds is None or (span is not None and bounds.within(span))


CELLS = st.lists(
    st.sampled_from(["P-1", "p-1", "CD73", "CD45-", "98,5", "<2", "%", "", '"', ",", "\x07", "=1", "\ud7ff"]),
    max_size=7,
)


@settings(max_examples=150, deadline=None)
@given(rows=st.lists(CELLS, max_size=6), header=st.sampled_from([HEADER, "lot,CD73 (%),CD90", "lot,value"]))
def test_random_tables(rows: list[list[str]], header: str) -> None:
    """Rows made of what rows are made of: every lot has results, errors or a warning, and reports print safely."""
    said = taken("panel.csv", "\n".join((header, *(",".join(cells) for cells in rows))).encode())
    for error in said.errors if said else ():
        assert error.found.isprintable()
        assert error.message.isprintable()


SLOW = [
    ("panel.csv", (HEADER + "\n" + "P-1,CD73,98,%\n" * 5_000).encode()),
    ("panel.csv", (HEADER + "\n" + "".join(f"P-1,CD{i}x,98,%\n" for i in range(5_000))).encode()),
    ("panel.csv", (HEADER + "\n" + "".join(f"P-1,{'CD45-/' * 15}{i},98,%\n" for i in range(5_000))).encode()),
    ("panel.csv", (",".join(["lot"] + [f"viabilit{i:x}" for i in range(499)]) + "\n" + "P" + ",1" * 499).encode()),
    ("panel.csv", (HEADER + "\nP-1,CD73," + "1 " * 4_000 + ",%").encode()),
    ("panel.csv", (HEADER + "\nP-1,karyotype," + "1.," * 3_000 + ",").encode()),
    ("panel.ttl", ("<a> <b> <c> .\n" * 40_000).encode()),
    ("panel.jsonld", ("[" * 900_000).encode()),
    ("panel.jsonld", (b'{"@context":' * 50_000)),
]


@pytest.mark.parametrize(("name", "data"), SLOW, ids=[f"{number}-{name}" for number, (name, _) in enumerate(SLOW)])
def test_long_files_end_soon(name: str, data: bytes) -> None:
    """No input of a megabyte keeps a laboratory waiting; a minute is a hundred times what it takes."""
    start = time.monotonic()
    taken(name, data)
    assert time.monotonic() - start < 60


def test_four_hundred_lots_of_ten_results_are_read_whole() -> None:
    """As large a table as a laboratory sends."""
    names = ("CD73", "CD90", "CD105", "CD45", "CD34", "HLA-DR", "CD14", "CD19", "CD11b", "CD79a")
    rows = [f"L-{lot},{name},{lot % 90}.{place},%" for lot in range(400) for place, name in enumerate(names)]
    said = taken("panel.csv", "\n".join((HEADER, *rows)).encode())
    assert said is not None
    assert (len(said.results), said.errors) == (4000, ())

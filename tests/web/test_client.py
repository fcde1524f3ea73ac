"""The Python client against a running server: typed rows, frames, a lot, a submission, and refusals as errors."""

from __future__ import annotations

import sys
import threading
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from registry.client import Registry
from registry.errors import NotAllowed, NotSignedIn, Unavailable, Unknown, WrongUsage
from tests.web.conftest import PASSWORD, Site, panel
from web.serve import EACH, STRANGERS, THREADS

TYPED = """SELECT * { BIND(3 AS ?whole) BIND(2.50 AS ?exact) BIND(1e3 AS ?float) BIND(true AS ?truth)
  BIND("2026-11-22"^^<http://www.w3.org/2001/XMLSchema#date> AS ?day)
  BIND("2026-11-22T10:00:00Z"^^<http://www.w3.org/2001/XMLSchema#dateTime> AS ?at)
  BIND("x"@en AS ?text) BIND(<http://example.org/> AS ?iri) OPTIONAL { <no> <such> ?nothing } }"""


@pytest.fixture
def analyst(site: Site, address: str) -> Registry:
    return Registry(address, site.tokens["analyst"])


def test_rows_are_values_of_their_type(site: Site, analyst: Registry) -> None:
    """Integers, exact decimals, times with their zone; None where nothing is bound."""
    answer = analyst.query(TYPED)
    assert answer.rows == [
        {
            "whole": 3,
            "exact": Decimal("2.50"),
            "float": 1000.0,
            "truth": True,
            "day": date(2026, 11, 22),
            "at": datetime(2026, 11, 22, 10, tzinfo=UTC),
            "text": "x",
            "iri": "http://example.org/",
            "nothing": None,
        }
    ]
    assert answer.ledger_size == site.registry.size()
    assert analyst.query("ASK {}").rows == [{"answer": True}]
    assert "<http://s>" in analyst.graph("CONSTRUCT { <http://s> <http://p> 1 } WHERE {}")


def test_frames_have_proper_types(analyst: Registry) -> None:
    """Nullable numbers and times in pandas, native types in polars."""
    frame = analyst.query(TYPED).pandas()
    assert {name: str(kind) for name, kind in frame.dtypes.items() if name not in {"nothing", "at", "day"}} == {
        "whole": "Int64", "exact": "Float64", "float": "Float64", "truth": "boolean", "text": "string", "iri": "string",
    }  # fmt: skip
    assert str(frame.dtypes["at"]).endswith(", UTC]")
    assert str(frame.dtypes["day"]).startswith("datetime64")
    polar = analyst.query(TYPED).polars()
    assert [str(polar.schema[name]) for name in ("whole", "exact", "truth", "day")] == [
        "Int64", "Float64", "Boolean", "Date",
    ]  # fmt: skip
    assert polar["at"].dtype.time_zone == "UTC"
    empty = analyst.query("SELECT ?a { FILTER(false) }")
    assert (list(empty.pandas().columns), empty.polars().columns) == (["a"], ["a"])


def test_a_frame_without_its_library_is_refused_by_name(analyst: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rows are there all the same."""
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(WrongUsage, match="A data frame needs pandas"):
        analyst.query("ASK {}").pandas()


def test_a_question_is_asked_by_name(analyst: Registry) -> None:
    """With its parameters as keywords; each question is listed with them."""
    assert [row["lot"] for row in analyst.ask("recall", bank="B-2").rows] == ["A/1 #7", "H-03", "H-04", "H-05"]
    listed = {one["name"]: one for one in analyst.questions()}
    assert [each["name"] for each in listed["recall"]["parameters"]] == ["bank"]
    with pytest.raises(Unknown):
        analyst.ask("no-such-question")
    with pytest.raises(WrongUsage, match="no such parameter"):
        analyst.ask("recall", marker="CD73")


def test_a_lot_is_what_its_page_says(analyst: Registry) -> None:
    """Also one with a slash and a space in its name; one that is not there is Unknown."""
    assert (analyst.lot("H-03")["answer"]["may_be_injected"], analyst.lot("A/1 #7")["lot"]) == (True, "A/1 #7")
    with pytest.raises(Unknown, match="There is no lot H-99"):
        analyst.lot("H-99")


def test_a_file_is_submitted_with_a_mapping_or_with_gates(site: Site, address: str, tmp_path: Path) -> None:
    """As the server reads them; gates beside a table are its refusal."""
    site.add_lot("CLIENT-2")
    table = b"kind,name,lot,stage,characteristic,parent,unit,value\ncolumn,CD73 PE,,,CD73,,%,\n"
    site.registry.mappings.add("stains", "stains.csv", table, signer="quality", password=PASSWORD)
    lab, file, gates = Registry(address, site.tokens["lab.one"]), tmp_path / "own.csv", tmp_path / "gates.xml"
    file.write_bytes(b"lot,characteristic,value,unit\nCLIENT-2,CD73 PE,98.5,%\n")
    gates.write_bytes(b"<x/>")
    assert [row["found"] for row in lab.submit(file)["errors"]] == ["CD73 PE"]
    assert [row["lot"] for row in lab.submit(file, mapping="stains")["recorded"]] == ["CLIENT-2"]
    with pytest.raises(Unknown, match="No mapping is called none"):
        lab.submit(file, mapping="none")
    with pytest.raises(WrongUsage, match="gates have nothing to select"):
        lab.submit(file, gates=gates)


def test_a_file_is_submitted(site: Site, address: str, tmp_path: Path) -> None:
    """The receipt names what was recorded; row errors come in it, also when nothing was recorded."""
    site.add_lot("CLIENT-1")
    lab = Registry(address, site.tokens["lab.one"])
    good, bad = tmp_path / "CLIENT 1.csv", tmp_path / "bad.csv"
    good.write_bytes(panel("CLIENT-1"))
    bad.write_bytes(panel("CLIENT-1", CD73="101"))
    receipt = lab.submit(good, idempotency_key="once")
    assert [(one["lot"], one["verdict"]) for one in receipt["recorded"]] == [("CLIENT-1", "pass")]
    assert lab.submit(good, idempotency_key="once")["receipt"] == receipt["receipt"]
    refused = lab.submit(bad)
    assert (refused["recorded"], refused["errors"][0]["found"]) == ([], "101")
    with pytest.raises(NotAllowed):
        Registry(address, site.tokens["analyst"]).submit(good)


def test_a_wrong_token_or_a_server_that_is_not_there_is_said_so(address: str) -> None:
    """The same errors as everywhere."""
    with pytest.raises(NotSignedIn):
        Registry(address, "wrong").lot("H-03")
    with pytest.raises(Unavailable):
        Registry("http://127.0.0.1:9", "x", timeout=2).lot("H-03")
    with pytest.raises(WrongUsage):
        Registry("file:///etc", "x")


def test_a_server_has_threads_for_pages_beside_every_query_that_waits(address: str) -> None:
    """Cores and twenty may be queries: more than that are there."""

    assert THREADS > STRANGERS + 4 * EACH
    assert len({one.name for one in threading.enumerate() if one.name.startswith("waitress-")}) == THREADS

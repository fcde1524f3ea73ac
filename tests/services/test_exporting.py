"""What the registry writes for others: the same graph, whole tables, a crate whose digests hold, no secrets."""

from __future__ import annotations

import hashlib
import json
import sys
import zipfile
from pathlib import Path

import pyarrow.parquet
import pytest
from pyoxigraph import RdfFormat, Store

from registry.errors import Refused, Unknown, WrongUsage
from tests.graph.conftest import quads_of
from tests.people import account_of
from tests.services.conftest import SECRET, House


@pytest.fixture
def told(house: House) -> House:
    """A released lot, a failing one, and a bank they derive from."""
    house.lot("P-01")
    house.lot("P-02")
    house.submit("P-01")
    house.submit("P-02", name="second.csv", CD105="88.4")
    house.decide("P-01", "release")
    return house


def quads(file: Path, form: RdfFormat) -> set[tuple[str, str, str, str]]:
    store = Store()
    store.bulk_load(path=str(file), format=form)
    return {(str(q.subject), str(q.predicate), str(q.object), str(q.graph_name)) for q in store}


def test_trig_and_nquads_hold_every_named_graph(told: House, tmp_path: Path) -> None:
    """The two are one graph, and it is the knowledge graph without its default graph."""
    registry = told.registry
    registry.queries.export("trig", tmp_path / "all.trig")
    done = registry.queries.export("nquads", tmp_path / "all.nq")
    assert (done.lots, done.ledger_size) == (2, registry.size())
    named = {quad for quad in quads_of(registry.queries.knowledge.graph) if quad[3]}
    assert quads(tmp_path / "all.trig", RdfFormat.TRIG) == quads(tmp_path / "all.nq", RdfFormat.N_QUADS) == named


def test_a_selection_holds_what_concerns_the_lot_and_nothing_else(told: House, tmp_path: Path) -> None:
    """Its records, its product's, its verdict: each quad as in the whole, none of the other lot."""
    registry = told.registry
    done = registry.queries.export("nquads", tmp_path / "one.nq", ["p-01"])
    assert done.lots == 1
    chosen = quads(tmp_path / "one.nq", RdfFormat.N_QUADS)
    registry.queries.knowledge.refresh()
    assert chosen < {quad for quad in quads_of(registry.queries.knowledge.graph) if quad[3]}
    text = (tmp_path / "one.nq").read_text("utf-8")
    assert text.count("lot/P-02") == 0
    assert text.count('<http://purl.org/dc/terms/identifier> "POI-M"') == 1


def test_parquet_tables_hold_lots_results_and_decisions(told: House, tmp_path: Path) -> None:
    """Typed columns; the value as printed beside its bounds."""
    told.registry.queries.export("parquet", tmp_path / "tables")
    tables = {name: pyarrow.parquet.read_table(tmp_path / "tables" / f"{name}.parquet").to_pylist()
              for name in ("lots", "results", "decisions")}  # fmt: skip
    assert [(row["lot"], row["verdict"], row["specification"]) for row in tables["lots"]] == [
        ("P-01", "pass", "msc-identity@1"),
        ("P-02", "fail", "msc-identity@1"),
    ]
    results = [(row["lot"], row["symbol"], row["printed"], row["low"], row["high"]) for row in tables["results"]]
    assert len(results) == 12
    assert ("P-02", "CD105", "88.4", 88.4, 88.4) in results
    assert [(row["lot"], row["decision"], row["printed_name"]) for row in tables["decisions"]] == [
        ("P-01", "release", "Q.One")
    ]
    assert all(row["signed_at"].tzinfo is not None for row in tables["decisions"])


def test_a_crate_says_who_made_what_of_which_file_and_its_digests_hold(told: House, tmp_path: Path) -> None:
    """Folder and zip are the same crate; every file of it is described, and is what its digest says."""
    told.registry.queries.export("ro-crate", tmp_path / "crate")
    told.registry.queries.export("ro-crate", tmp_path / "crate.zip")
    said = json.loads((tmp_path / "crate" / "ro-crate-metadata.json").read_text("utf-8"))
    by_id = {one["@id"]: one for one in said["@graph"]}
    assert by_id["ro-crate-metadata.json"]["about"] == {"@id": "./"}
    files = {one["@id"]: one for one in said["@graph"] if one["@type"] == "File"}
    there = {str(path.relative_to(tmp_path / "crate")) for path in (tmp_path / "crate").rglob("*") if path.is_file()}
    assert there == {*files, "ro-crate-metadata.json"}
    for name, one in files.items():
        assert hashlib.sha256((tmp_path / "crate" / name).read_bytes()).hexdigest() == one["sha256"]
    actions = [one for one in said["@graph"] if one["@type"] == "CreateAction"]
    made = [one for one in actions if "object" in one and one["name"].endswith("panel")]
    assert [by_id[one["agent"]["@id"]]["name"] for one in made] == ["lab.one", "lab.one"]
    assert all(by_id[each["@id"]]["@type"] == "File" for one in made for each in (one["object"],))
    with zipfile.ZipFile(tmp_path / "crate.zip") as packed:
        assert set(packed.namelist()) == there


def test_a_crate_is_read_by_the_reference_library_and_twice_the_same(
    told: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ro-crate-py (which does not write it: decision 0015) finds every file and action, and asks no network."""
    rocrate = pytest.importorskip("rocrate.rocrate", reason="rocrate is not installed")
    monkeypatch.setattr("socket.socket.connect", lambda *_: pytest.fail("a crate is read without the network"))
    told.registry.queries.export("ro-crate", tmp_path / "crate")
    told.registry.queries.export("ro-crate", tmp_path / "again")
    written = (tmp_path / "crate" / "ro-crate-metadata.json").read_bytes()
    again = (tmp_path / "again" / "ro-crate-metadata.json").read_bytes()

    def apart(crate: bytes) -> list[object]:
        return [row for row in json.loads(crate)["@graph"] if not row["@id"].startswith("proofs/")]

    assert apart(written) == apart(again)  # a credential says when it was given
    crate = rocrate.ROCrate(tmp_path / "crate")
    described = {row["@id"]: row for row in json.loads(written)["@graph"]}
    assert {entity.id for entity in crate.get_entities()} == set(described)
    assert {entity.id for entity in crate.data_entities} == {
        key for key, row in described.items() if row["@type"] == "File"
    }
    for action in crate.get_by_type("CreateAction"):
        assert action["agent"].type == "Person"
        assert action["result"].type == "File"


def test_no_export_holds_an_account_a_token_or_a_recipient(told: House, tmp_path: Path) -> None:
    """Whatever the form; the accounts that recorded something are named, as in the ledger."""
    registry = told.registry
    token = registry.accounts.create_token("lab.one", "secret label", by=account_of(registry, "lab.one"))
    for form in ("trig", "nquads", "parquet", "ro-crate", "ro-crate-1.1", "eln"):
        target = tmp_path / "exports" / (f"ours.{form}" if form == "eln" else form)
        target.parent.mkdir(exist_ok=True)
        registry.queries.export(form, target)
    held = b"".join(path.read_bytes() for path in (tmp_path / "exports").rglob("*") if path.is_file())
    assert b"lab.one" in held
    for secret in (SECRET, token, "secret label", "R-0042", "argon2"):
        assert secret.encode() not in held


def test_an_export_overwrites_nothing_and_names_what_is_missing(
    told: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A target that exists, a lot that does not, a form that is none, Parquet without its extra: nothing is written."""
    (tmp_path / "there").write_text("mine")
    registry = told.registry
    for form, name, lots, kind in (
        ("trig", "there", (), Refused),
        ("nquads", "new", ("P-99",), Unknown),
        ("xml", "new", (), WrongUsage),
    ):
        with pytest.raises(kind):
            registry.queries.export(form, tmp_path / name, lots)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(WrongUsage, match="extra parquet"):
        registry.queries.export("parquet", tmp_path / "new")
    assert (tmp_path / "there").read_text() == "mine"
    assert not (tmp_path / "new").exists()

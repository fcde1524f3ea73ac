"""Copies of a registry: tried before older ones go, and none but our own is ever deleted."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from registry.cli import cli
from registry.errors import WrongUsage
from registry.services import Registry


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("copied") / "data"
    Registry.create(folder)[0].close()
    return folder


def copy(data: Path, *options: str) -> Result:
    return CliRunner().invoke(cli, ["backup", *options, "--data", str(data), "--format", "json"])


def test_a_copy_is_restored_and_audited_before_older_ones_go(data: Path, tmp_path: Path) -> None:
    for name in ("registry-20260101T000000.000000Z.tar", "registry-20260102T000000.000000Z.tar", "registry.tar", "x"):
        (tmp_path / name).write_text("kept by somebody")
    done = copy(data, "--to", str(tmp_path), "--keep", "2", "--verify")
    answer = json.loads(done.stdout)
    assert (done.exit_code, answer["findings"]) == (0, [])
    assert answer["deleted"] == [str(tmp_path / "registry-20260101T000000.000000Z.tar")]
    newest = Path(answer["file"]).name
    assert {path.name for path in tmp_path.iterdir()} == {
        newest, "registry-20260102T000000.000000Z.tar", "registry.tar", "x",
    }  # fmt: skip


def test_a_copy_that_is_not_what_it_says_deletes_nothing(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "registry-20260101T000000.000000Z.tar").write_text("older")
    monkeypatch.setattr("registry.cli.upkeep._findings", lambda _file: ("entry 2: the hash is another",))
    done = copy(data, "--to", str(tmp_path), "--keep", "1", "--verify")
    assert (done.exit_code, json.loads(done.stdout)["deleted"], len(list(tmp_path.iterdir()))) == (1, [], 2)


def test_a_tried_copy_says_what_an_audit_of_it_finds(data: Path, tmp_path: Path) -> None:
    registry = Registry.open(data)
    with registry.ledger.writing() as connection:
        connection.exec_driver_sql("UPDATE accounts SET role = 'clinician'")
    done = copy(data, str(tmp_path / "altered.tar"), "--verify")
    with registry.ledger.writing() as connection:
        connection.exec_driver_sql("UPDATE accounts SET role = 'administrator'")
    registry.close()
    first, *_others = json.loads(done.stdout)["findings"]
    assert (done.exit_code, first) == (
        1,
        "Entry 2: The role of the account admin was changed without an entry. Expected administrator, found clinician.",
    )


@pytest.mark.parametrize("options", [(), ("a.tar", "--to", "."), ("a.tar", "--keep", "3")])
def test_where_to_copy_is_said_once(data: Path, options: tuple[str, ...]) -> None:
    refusal = copy(data, *options).exception
    assert isinstance(refusal, WrongUsage)
    assert refusal.message == "Where to copy is not said, or said twice."


def test_names_of_copies_sort_as_their_times_do(data: Path, tmp_path: Path) -> None:
    registry = Registry.open(data)
    start = datetime(2026, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)
    names = []
    for later in range(3):
        at = start + timedelta(microseconds=later)
        registry.ledger.clock = lambda at=at: at  # type: ignore[misc]
        names.append(registry.upkeep.backup_into(tmp_path)[0].name)
    registry.close()
    assert names == sorted(names)
    assert registry.upkeep.prune(tmp_path, 1) == [tmp_path / name for name in names[:2]]

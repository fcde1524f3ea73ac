"""Saved questions are bounded, stand beside the ledger, and are copied with it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from registry.errors import Conflict, Refused, Unknown
from registry.services import QuestionDraft, Registry
from registry.services.accounts import Account, LocalOperator
from registry.services.queries import saved

ANA, BEA = Account("ana", "Ana", "analyst"), Account("bea", "Bea", "analyst")


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    registry, _once = Registry.create(tmp_path / "data")
    yield registry
    registry.close()


def draft(name: str, query: str = "ASK {}") -> QuestionDraft:
    return QuestionDraft(name, "A sentence.", query)


def test_a_registry_in_which_nobody_saved_one_has_none(registry: Registry) -> None:
    """Its table is made by the first who saves, so a folder of an earlier version is as it was."""
    assert registry.queries.saved.all(by=ANA) == []
    with pytest.raises(Unknown, match="There is no such saved question"):
        registry.queries.saved.get("0000", by=ANA)


def test_saving_enters_nothing_and_is_logged(registry: Registry, tmp_path: Path) -> None:
    """The ledger is as long as before; who saved and withdrew what stands beside who asked what."""
    size = registry.size()
    kept = registry.queries.saved.save(draft("A"), by=ANA)
    registry.queries.saved.withdraw(kept.id, by=ANA)
    lines = [json.loads(line) for line in (tmp_path / "data" / "queries.log").read_text("utf-8").splitlines()]
    assert registry.size() == size
    assert [(line["by"], line["outcome"], line["question"]) for line in lines] == [
        ("ana", "saved", f"saved/{kept.id}/1"), ("ana", "withdrawn", f"saved/{kept.id}/1"),
    ]  # fmt: skip


def test_two_authors_may_use_one_name_and_one_author_may_not(registry: Registry) -> None:
    registry.queries.saved.save(draft("A"), by=ANA)
    other = registry.queries.saved.save(draft("a"), by=BEA)
    second = registry.queries.saved.save(draft("B"), by=BEA)
    with pytest.raises(Conflict):
        registry.queries.saved.rename(second.id, "A", "A sentence.", by=BEA)
    registry.queries.saved.withdraw(other.id, by=BEA)
    assert registry.queries.saved.rename(second.id, "A", "Now free.", by=BEA).draft.name == "A"


def test_an_account_keeps_so_many_questions_of_so_many_versions(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A withdrawn one makes room; of those withdrawn the newest are still known as such."""
    for name in ("EACH", "VERSIONS", "GONE"):
        monkeypatch.setattr(saved, name, 2)
    first, second = (registry.queries.saved.save(draft(name), by=ANA) for name in ("A", "B"))
    with pytest.raises(Refused, match="An account keeps no more questions"):
        registry.queries.saved.save(draft("C"), by=ANA)
    assert registry.queries.saved.replace(first.id, draft("A", "ASK {?s ?p ?o}"), by=ANA).version == 2
    with pytest.raises(Refused, match="This question has had its versions"):
        registry.queries.saved.replace(first.id, draft("A"), by=ANA)
    for kept in (first, second, registry.queries.saved.save(draft("D"), by=BEA)):
        registry.queries.saved.withdraw(kept.id, by=BEA if kept.author == "bea" else ANA)
    third = registry.queries.saved.save(draft("C"), by=ANA)
    registry.queries.saved.withdraw(third.id, by=ANA)
    told = []
    for kept in (first, second, third):
        with pytest.raises(Unknown) as refusal:
            registry.queries.saved.get(kept.id, by=ANA)
        told.append(refusal.value.message)
    assert told == ["There is no such saved question.", "This question was withdrawn.", "This question was withdrawn."]


def test_a_copy_of_the_registry_holds_them(registry: Registry, tmp_path: Path) -> None:
    kept = registry.queries.saved.save(draft("A"), by=ANA)
    registry.upkeep.backup(tmp_path / "copy")
    copy = Registry.restore(tmp_path / "copy", tmp_path / "other", by=LocalOperator())
    assert copy.queries.saved.all(by=ANA) == [kept]
    copy.close()

"""A registry restored from a copy: what was signed since is gone, and everybody is told until that is confirmed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from registry.cli import cli
from registry.errors import Conflict, NotAllowed, PatientData, Refused, WrongUsage
from registry.services import Registry
from tests.people import LOCAL, account_of
from tests.web.conftest import HTML, PASSWORD, Site, csrf_of
from web import create_app

NOTICE = "This registry was restored from a copy."
LOST = "is not here: holds, rejections and recalls signed since must be signed again before anybody relies on this"


@pytest.fixture
def copied(site: Site, tmp_path: Path) -> Path:
    """A copy of the story with H-03 released; a hold on it is signed after the copy was made."""
    if site.registry.lots.get("H-03").answer.state == "on hold":
        site.sign("H-03", "hold lifted", reason="None was found")
        site.sign("H-03", "release")
    file = tmp_path / "monday.tar"
    site.registry.upkeep.backup(file)
    site.sign("H-03", "hold", reason="Mycoplasma is suspected")
    return file


@pytest.fixture
def again(site: Site, tmp_path: Path) -> Iterator[Site]:
    """The story restored from a copy with its key."""
    site.registry.upkeep.backup(tmp_path / "copy.tar")
    key = site.registry.ledger.key_path
    registry = Registry.restore(tmp_path / "copy.tar", tmp_path / "again", by=LOCAL, key_file=key)
    yield Site(create_app(registry), registry, site.tokens, site.good)
    registry.close()


def test_restore_says_where_the_copy_ends_and_what_is_not_in_it(site: Site, copied: Path, tmp_path: Path) -> None:
    """In words and as JSON; every later command on the copy says it again, beside its answer."""
    said = CliRunner().invoke(cli, ["restore", str(copied), "--data", str(tmp_path / "one")])
    assert (said.exit_code, said.stdout.count(LOST)) == (0, 1)
    answer = CliRunner().invoke(cli, ["restore", str(copied), "--data", str(tmp_path / "two"), "--format", "json"])
    came = json.loads(answer.stdout)["restored"]
    entry = site.registry.ledger.entry(came["size"])
    assert came["head"] == entry.hash
    assert f"newest entry of the copy: {came['size']}, {came['newest_at']}, head {entry.hash}\n" in said.stdout
    looked = CliRunner().invoke(cli, ["lot", "H-03", "--data", str(tmp_path / "one"), "--format", "json"])
    assert json.loads(looked.stdout)["answer"]["state"] == "released"
    assert (site.registry.lots.get("H-03").answer.state, LOST in looked.stderr) == ("on hold", True)


def test_an_audit_tells_an_older_ledger_from_the_one_whose_head_was_noted(
    site: Site, copied: Path, tmp_path: Path
) -> None:
    """The head is printed with its entry's number and time; the copy does not hold what was signed since."""
    noted = site.registry.ledger.head()
    assert site.registry.upkeep.audit(noted[1]).findings == ()
    restored = Registry.restore(copied, tmp_path / "old", by=LOCAL, key_file=site.registry.ledger.key_path)
    entry = restored.ledger.entry(restored.size())
    restored.close()
    told = CliRunner().invoke(cli, ["audit", "--data", str(tmp_path / "old"), "--format", "json"])
    report = json.loads(told.stdout)
    assert (told.exit_code, report["size"], report["head"]) == (0, entry.position, entry.hash)
    told = CliRunner().invoke(
        cli, ["audit", "--data", str(tmp_path / "old"), "--expect-head", noted[1], "--format", "json"]
    )
    found = json.loads(told.stdout)["findings"]
    assert (told.exit_code, [one["check"] for one in found]) == (1, ["known head", "projection"])
    assert found[0]["expected"] == noted[1]


def test_every_page_says_so_until_the_quality_unit_confirms(again: Site) -> None:
    """Whoever is signed in reads it; the confirmation is an entry, and ends it."""
    clinic, quality = again.signed_in("clinic"), again.signed_in("quality")
    pages = ("/", "/lots/H-04", "/password", "/nowhere")
    assert [NOTICE in clinic.get(page, headers=HTML).text for page in pages] == [True] * 4
    assert NOTICE not in again.client().get("/sign-in", headers=HTML).text
    form = {"csrf": csrf_of(quality.get("/restored", headers=HTML).text), "name": "quality", "password": PASSWORD}
    refused = quality.post("/restored", headers=HTML, data=form)
    assert (refused.status_code, NOTICE in clinic.get("/", headers=HTML).text) == (400, True)
    done = quality.post("/restored", headers=HTML, data={**form, "reason": "The old machine was read; nothing missing"})
    assert (done.status_code, done.headers["Location"]) == (303, "/restored?confirmed=1")
    assert [NOTICE in clinic.get(page, headers=HTML).text for page in pages] == [False] * 4
    (line,) = again.registry.upkeep.inspection.trail(1)
    assert (line.kind, line.actor) == ("restore", "quality")
    words = r"Restored by local:test from a copy of \d+ entries; confirmed by Dr Quality: The old machine was read; .*"
    assert re.fullmatch(words, line.summary)
    assert again.registry.upkeep.audit().findings == ()


def test_nothing_is_printed_from_a_copy_that_nobody_confirmed(again: Site) -> None:
    """Paper leaves the building without the notice; a preview, which says that it is one, is still shown."""
    paper = again.registry.printing
    assert paper.certificate("AU-1", form="html", by=None).position == 0
    with pytest.raises(Refused):
        paper.certificate("AU-1", form="html", by=account_of(again.registry, "quality"))
    again.registry.upkeep.confirm_restored("quality", PASSWORD, "The old machine was read; nothing is missing")
    assert (
        paper.certificate("AU-1", form="html", by=account_of(again.registry, "quality")).position
        == again.registry.size()
    )


def test_only_the_quality_unit_confirms_and_says_what_it_did(again: Site, site: Site) -> None:
    """Nobody else's password, no empty reason, no person named; and nothing where nothing was restored."""
    asked = [("clinic", "Looked", NotAllowed), ("quality", " ", WrongUsage), ("quality", "MRN 4711", PatientData)]
    for name, reason, refusal in asked:
        with pytest.raises(refusal):
            again.registry.upkeep.confirm_restored(name, PASSWORD, reason)
    assert again.registry.upkeep.restored() is not None
    with pytest.raises(Conflict):
        site.registry.upkeep.confirm_restored("quality", PASSWORD, "Looked")

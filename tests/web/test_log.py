"""What the server writes down of itself, what it counts for an alarm, and how it stops."""

from __future__ import annotations

import io
import json
import logging
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.request import urlopen

import pytest
import yaml

from tests.conftest import ROOT
from tests.web.conftest import HTML, PASSWORD, Site, sign_in
from web.upkeep.health import REFUSED
from web.upkeep.log import JsonLines

ALARMS = ROOT / "docs" / "guides" / "files" / "alarms.yml"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What the logs write as lines of JSON."""
    written, root = io.StringIO(), logging.getLogger()
    handler, level = logging.StreamHandler(written), root.level
    handler.setFormatter(JsonLines())
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield written
    root.removeHandler(handler)
    root.setLevel(level)


def read(lines: io.StringIO) -> list[dict[str, object]]:
    """Each line as the object that it is."""
    return [json.loads(line) for line in lines.getvalue().splitlines()]


def test_a_line_is_json_with_its_time_in_utc_and_the_request_it_belongs_to(site: Site, lines: io.StringIO) -> None:
    """Who asked for what from where, and what came of it; the same id stands in the answer and in an error's JSON."""
    answer = site.client().get("/lots/H-99", headers=site.bearer("clinic"))
    line = read(lines)[-1]
    assert datetime.fromisoformat(str(line.pop("at"))).tzinfo is UTC
    assert isinstance(line.pop("ms"), int)
    assert line == {
        "level": "warning", "request": answer.headers["X-Request-Id"], "log": "web.request", "by": "clinic",
        "from": "127.0.0.1", "method": "GET", "path": "/lots/H-99", "status": 404,
    }  # fmt: skip
    assert answer.get_json()["request"] == answer.headers["X-Request-Id"]
    page = site.signed_in("clinic").get("/lots/H-99", headers=HTML)
    assert f"request {page.headers['X-Request-Id']}</p>" in page.text


def test_a_role_that_is_refused_and_a_fault_are_logged_under_their_request(
    site: Site, lines: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page of a fault names the line to look for, which holds the traceback."""
    assert site.client().get("/release/H-03", headers=site.bearer("clinic")).status_code == 403
    assert (read(lines)[-1]["status"], read(lines)[-1]["by"]) == (403, "clinic")

    def broken(*_args: object, **_more: object) -> None:
        raise KeyError("a fault")

    monkeypatch.setattr(site.registry.lots, "get", broken)
    monkeypatch.setattr(site.registry.lots, "kept", broken)
    answer = site.client().get("/lots/H-03", headers=site.bearer("clinic"))
    fault = next(line for line in read(lines) if "traceback" in line)
    assert fault["request"] == answer.headers["X-Request-Id"] == answer.get_json()["request"]
    assert answer.get_json()["error"]["where"] == f"log reference {fault['request']}"
    assert "a fault" in str(fault["traceback"])


def test_no_secret_of_a_request_is_logged(site: Site, lines: io.StringIO) -> None:
    """No password, right, wrong or typed as a name; no token, cookie or query; and no line can be forged."""
    sign_in(site.client(), "clinic", PASSWORD)
    sign_in(site.client(), "clinic", "wrong-password-of-mine")
    sign_in(site.client(), "password-typed-as-a-name", "x")
    browser = site.signed_in("quality")
    cookie = browser.get_cookie("session")
    site.client().get("/lots?q=R-0042", headers=site.bearer("clinic"))
    site.client().get("/nowhere%0A%7B%22forged%22%3A1%7D", headers={"Authorization": "Bearer a-wrong-token"})
    text = lines.getvalue()
    secrets = (PASSWORD, "wrong-password", "typed-as-a-name", site.tokens["clinic"], "a-wrong-token", "R-0042")
    assert cookie is not None
    assert [secret for secret in (*secrets, cookie.value) if secret in text] == []
    assert not [line for line in read(lines) if "forged" in line]


def test_no_method_but_those_of_the_table_is_served(site: Site) -> None:
    """TRACE gives nobody their own headers back."""
    assert site.client().open("/lots/H-03", method="TRACE", headers=site.bearer("clinic")).status_code == 405


def test_what_is_worth_an_alarm_is_counted(site: Site, tmp_path: Path) -> None:
    """A refused sign-in and a copy that was just made are seen in the figures."""

    def figures() -> dict[str, float]:
        told = site.client().get("/metrics").text.splitlines()
        return {name: float(value) for name, value in (line.split() for line in told if not line.startswith("#"))}

    before = figures()
    sign_in(site.client(), "inspector", "not the password")
    site.registry.upkeep.backup(tmp_path / "copy.tar")
    after = figures()
    assert after[REFUSED] == before[REFUSED] + 1
    assert after["cell_registry_backup_age_seconds"] <= before["cell_registry_backup_age_seconds"]
    assert after["cell_registry_backup_age_seconds"] < 60
    assert after["cell_registry_ready"] == 1


def test_the_example_of_alarms_speaks_of_figures_that_there_are(site: Site) -> None:
    """Each rule has an expression over our own figures, and says in a sentence what to do."""
    told = {line.split()[0] for line in site.client().get("/metrics").text.splitlines() if not line.startswith("#")}
    rules = yaml.safe_load(ALARMS.read_text("utf-8"))["groups"][0]["rules"]
    assert {name for rule in rules for name in re.findall(r"cell_registry_\w+", rule["expr"])} <= told
    assert all(rule["annotations"]["todo"].endswith(".") for rule in rules)
    assert len(rules) >= 6


def test_a_server_that_is_told_to_end_ends_in_order_and_has_written_json(demonstration: Path, tmp_path: Path) -> None:
    """SIGTERM, as systemd and containers send it: exit 0, and each line of its log is JSON."""
    shutil.copytree(demonstration, tmp_path / "data")
    command = [sys.executable, "-m", "registry", "serve", "--port", "0", "--data", str(tmp_path / "data")]
    said = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
    with subprocess.Popen(
        command, cwd=ROOT, env=said, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as run:
        assert run.stdout is not None
        assert run.stderr is not None
        address = run.stdout.readline().removeprefix("address: ").strip()
        with urlopen(f"{address}sign-in", timeout=30) as answer:
            reference = answer.headers["X-Request-Id"]
        run.send_signal(signal.SIGTERM)
        log = run.stderr.read()
        assert run.wait(30) == 0
    assert [line["request"] for line in map(json.loads, log.splitlines()) if "request" in line] == [reference]

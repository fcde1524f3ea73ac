"""One story over real HTTP and real processes: from the told folder to a signed release, a recall, and an audit."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path

import pytest

COMMAND = [sys.executable, "-m", "registry"]


@dataclass
class Browser:
    """A person's browser without JavaScript: cookies, forms with their CSRF token, redirects."""

    address: str
    opener: urllib.request.OpenerDirector = field(init=False)

    def __post_init__(self) -> None:
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def get(self, path: str, accept: str = "text/html") -> tuple[int, str]:
        return self._open(urllib.request.Request(self.address + path, headers={"Accept": accept}))

    def post(self, path: str, page: str = "", **fields: str) -> tuple[int, str]:
        _code, html = self.get(page or path)
        token = re.search(r'name="csrf"[^>]*value="([^"]+)"', html) or re.search(
            r'value="([^"]+)"[^>]*name="csrf"', html
        )
        body = {"csrf": token.group(1) if token else "", **fields}
        return self._open(urllib.request.Request(self.address + path, urllib.parse.urlencode(body).encode()))

    def _open(self, request: urllib.request.Request) -> tuple[int, str]:
        try:
            with self.opener.open(request, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()


@dataclass
class Demo:
    """A running demonstration: its address, who may sign in, its token."""

    address: str
    sign_ins: dict[str, tuple[str, str]]
    token: str
    folder: Path
    process: subprocess.Popen[str]
    programs: Path
    """The folder of the ``cell-registry`` that acts on it."""

    def api(self, path: str, accept: str = "application/json", **more: object) -> tuple[int, str]:
        headers = {"Accept": accept, "Authorization": f"Bearer {self.token}"}
        request = urllib.request.Request(self.address + path, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def stop(self) -> None:
        self.process.terminate()
        self.process.communicate(timeout=20)

    def signed_in(self, role: str) -> Browser:
        browser = Browser(self.address)
        name, password = self.sign_ins[role]
        code, _html = browser.post("sign-in", name=name, password=password)
        assert code == 200, role
        return browser


def start(folder: Path, programs: Path) -> Demo:
    """``cell-registry demo`` on a free port, read until it has said everything."""
    process = subprocess.Popen(
        [*COMMAND, "demo", "--data", str(folder), "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    address, sign_ins, token = "", {}, ""
    while not token:
        line = process.stdout.readline()
        assert line, "the demonstration ended"
        kind, _, rest = line.strip().partition(": ")
        if kind == "address":
            address = rest
        elif kind == "sign-in":
            role, name, password = rest.split(" ")
            sign_ins[role] = (name, password)
        elif kind == "token":
            token = rest
    return Demo(address, sign_ins, token, folder, process, programs)


@pytest.fixture(scope="module")
def demo(demonstration: Path, standing_by: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demonstration, running; told before, and continued."""
    folder = tmp_path_factory.mktemp("story") / "demo"
    shutil.copytree(demonstration, folder)
    found = start(folder, standing_by)
    yield found
    found.stop()


def run(demo: Demo, *arguments: str) -> tuple[int, str, str]:
    """A command on the same folder, while the server runs."""
    done = command(demo.programs, *arguments, "--data", str(demo.folder))
    return done.returncode, done.stdout, done.stderr


def command(programs: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """``cell-registry`` as a process."""
    typed = [str(programs / "cell-registry"), *arguments]
    return subprocess.run(typed, capture_output=True, text=True, timeout=120, check=False)


def test_the_demonstration_says_where_it_is_and_who_may_sign_in(demo: Demo) -> None:
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", demo.address)
    assert set(demo.sign_ins) == {"submitter", "quality-unit", "clinician", "analyst", "inspector", "administrator"}
    assert re.fullmatch(r"[A-Za-z0-9_-]{32,}", demo.token)
    assert urllib.request.urlopen(demo.address + "healthz", timeout=10).status == 200


def test_every_made_up_lot_is_what_it_was_made_up_to_be(demo: Demo) -> None:
    found = {}
    for number in range(1, 14):
        code, body = demo.api(f"lots/H-{number:02d}.json")
        answer = json.loads(body)
        assert (code, answer["synthetic"]) == (200, True)
        found[answer["lot"]] = (answer["answer"]["state"], answer["verdict"])
    assert found == {
        "H-01": ("released", "pass"),
        "H-02": ("not released", "pass"),
        "H-03": ("not released", "fail"),
        "H-04": ("rejected", "fail"),
        "H-05": ("not released", "incomplete"),
        "H-06": ("released", "pass"),
        "H-07": ("expired", "pass"),
        "H-08": ("on hold", "pass"),
        "H-09": ("recalled", "pass"),
        "H-10": ("recalled", "pass"),
        "H-11": ("not released", "fail"),
        "H-12": ("not released", "incomplete"),
        "H-13": ("not released", "pass"),
    }


def test_everybody_can_sign_in_and_nobody_else_reads_a_lot(demo: Demo) -> None:
    for role in demo.sign_ins:
        assert demo.signed_in(role).get("lots/H-01")[0] == 200
    stranger = Browser(demo.address)
    assert stranger.get("lots/H-01.json", "application/json")[0] == 401
    assert 'name="password"' in stranger.get("lots/H-01")[1]


def test_a_panel_is_submitted_signed_looked_up_held_and_asked_about(demo: Demo, tmp_path: Path) -> None:
    quality, password = demo.sign_ins["quality-unit"]
    (tmp_path / "q.pw").write_text(password + "\n")
    signer = ("--as", quality, "--password-file", str(tmp_path / "q.pw"))
    code, _out, err = run(
        demo,
        "lot",
        "add",
        "H-50",
        "--product",
        "hESC-M-ovary",
        "--expires",
        "2099-01-01T00:00+01:00",
        "--derived-from",
        "WCB-1",
    )
    assert code == 0, err

    panel = (
        (Path(__file__).parent.parent / "registry" / "demo" / "panels" / "H-07.csv").read_text().replace("H-07", "H-50")
    )
    token = run(demo, "token", "add", demo.sign_ins["submitter"][0], *_as(demo, tmp_path, "submitter"))[1].split()[1]
    request = urllib.request.Request(
        demo.address + "api/v1/panels?filename=H-50.csv",
        panel.encode(),
        {"Authorization": f"Bearer {token}", "Content-Type": "text/csv", "Idempotency-Key": "k-1"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        receipt = json.loads(answer.read())
        assert answer.status == 201
    assert [(part["lot"], part["verdict"]) for part in receipt["recorded"]] == 2 * [("H-50", "pass")]  # by stage
    assert json.loads(demo.api("lots/H-50.json")[1])["answer"]["may_be_injected"] is False

    code, out, err = run(demo, "release", "H-50", "--format", "json", *signer)
    assert code == 0, err
    signed = json.loads(demo.api("lots/H-50.json")[1])
    assert signed["answer"]["sentence"] == "May be injected until 2098-12-31 23:00 +00:00."
    (decision,) = signed["decisions"]
    assert (decision["signed_by"], decision["signature_valid"], decision["record"]) == (
        quality,
        True,
        json.loads(out)["record"],
    )

    question = (
        "PREFIX cpr: <https://w3id.org/cell-product-registry/ns#> SELECT ?who WHERE { ?d a cpr:Release ; cpr:lot "
    )
    question += "<https://registry.example/lot/H-50> ; cpr:signedBy ?who }"
    code, body = demo.api("sparql?query=" + urllib.parse.quote(question), "text/csv")
    assert (code, body) == (200, f"who\r\n{quality}\r\n")

    assert run(demo, "hold", "H-50", "--reason", "A gap in the log.", *signer)[0] == 0
    held = demo.signed_in("clinician").get("lots/H-50")[1]
    assert "must not be injected" in held.lower()
    assert "A gap in the log." in held


def _as(demo: Demo, folder: Path, role: str) -> tuple[str, ...]:
    name, password = demo.sign_ins[role]
    (folder / f"{role}.pw").write_text(password + "\n")
    return ("--as", name, "--password-file", str(folder / f"{role}.pw"))


def test_everything_can_be_kept_while_it_serves(demo: Demo, tmp_path: Path) -> None:
    code, out, err = run(demo, "audit", "--format", "json")
    assert (code, json.loads(out)["ok"], json.loads(out)["findings"]) == (0, True, []), err
    assert run(demo, "backup", str(tmp_path / "b.tar"))[0] == 0
    restored = tmp_path / "restored"
    done = command(demo.programs, "restore", str(tmp_path / "b.tar"), "--data", str(restored))
    assert done.returncode == 0, done.stderr
    done = command(demo.programs, "audit", "--data", str(restored))
    assert done.returncode == 0, done.stdout
    code, out, err = run(demo, "rebuild")
    assert code == 0, err


def test_the_demonstration_is_continued_after_it_was_killed_and_nothing_is_lost(
    demonstration: Path, standing_by: Path, tmp_path: Path
) -> None:
    """kill -9 while files are being submitted: what was acknowledged is there when it stands again."""
    shutil.copytree(demonstration, tmp_path / "demo")
    first = start(tmp_path / "demo", standing_by)
    try:
        quality = _as(first, tmp_path, "quality-unit")
        acknowledged = []
        token = run(first, "token", "add", "lab.li", *_as(first, tmp_path, "submitter"))[1].split()[1]
        started = time.monotonic()
        killed = False
        for number in range(60):
            text = f"lot,characteristic,value,unit\nH-02,CD{29 if number % 2 else 44},{90 + number / 10},%\n"
            headers = {"Authorization": f"Bearer {token}", "Content-Type": "text/csv"}
            request = urllib.request.Request(
                first.address + f"api/v1/panels?filename=f{number}.csv", text.encode(), headers
            )
            if number == 12 or time.monotonic() - started > 20:
                os.kill(first.process.pid, signal.SIGKILL)
                killed = True
            try:
                with urllib.request.urlopen(request, timeout=30) as answer:
                    acknowledged.append(json.loads(answer.read())["recorded"][0]["record"])
            except (urllib.error.URLError, ConnectionError):
                break
        assert killed
        assert len(acknowledged) >= 5
    finally:
        first.stop()
    again = start(tmp_path / "demo", standing_by)
    try:
        assert again.sign_ins == first.sign_ins
        panels = json.loads(again.api("lots/H-02.json")[1])["panels"]
        assert set(acknowledged) <= {panel["record"] for panel in panels}
        until = time.monotonic() + 60
        while again.api("readyz")[0] != 200 and time.monotonic() < until:  # the graph is made anew, and audited too
            time.sleep(0.2)
        assert run(again, "audit")[0] == 0
        assert run(again, "hold", "H-02", "--reason", "Killed.", *quality)[0] == 0
    finally:
        again.stop()


def test_another_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "holiday.txt").write_text("mine")
    done = subprocess.run(
        [*COMMAND, "demo", "--no-serve", "--data", str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "not the demonstration's" in done.stderr

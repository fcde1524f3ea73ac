"""Record what a version answers about a data folder that it made: run by that version's own Python.

``python tests/kept/record.py VERSION DATA`` reads the folder DATA and the panels of ``tests/kept/VERSION``, and writes
there ``ledger.sqlite.xz``, ``signing-key.pem`` and ``answers.json.xz``. Only the command line is used, whose names and
keys do not change, so that every version can be asked the same.
"""

from __future__ import annotations

import json
import lzma
import os
import shutil
import sqlite3
import sys
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from registry.cli import cli

HERE = Path(__file__).resolve().parent
NEWEST = "2026-11-30T21:27:33Z"
EARLIER = (
    "2026-11-30T21:27:30.3Z",  # everything measured, nothing decided
    "2026-11-30T21:27:31.4Z",  # H-01, H-06, H-08 and H-09 decided on
    "2026-11-30T21:27:32.8Z",  # everything but the recall of the cell bank
)
LATER = ("2027-03-01T00:00:00Z", "2028-01-01T00:00:00Z")
STORY = (*(f"H-{number:02d}" for number in range(1, 14)), "WCB-1", "WCB-2", "MCB-1", "hESC-line-X")
SPECIFICATIONS = ("msc-identity", "isct-2006", "isct-2006-immunophenotype", "hesc-msc-ovarian-illustrative")
ASKED = ("approvals", "bounds", "criteria-of-a-lot", "decisions", "files", "results-of-a-marker", "retests",
         "specification", "who-said-what", "withdrawn", "work-done")  # fmt: skip
"""Questions of the library whose answers do not change while the clock goes on."""


def lots(ledger: Path) -> list[str]:
    """Every lot, bank, line and donor that the ledger registers, in its order."""
    with sqlite3.connect(ledger) as connection:
        rows = connection.execute("SELECT lots FROM entries WHERE kind = 'lot' ORDER BY position").fetchall()
    return [lot for (text,) in rows for lot in json.loads(text)]


def questions(ledger: Path, panels: Path) -> list[tuple[str, ...]]:
    """The commands whose answers are kept, each without its folder and format."""
    asked: list[tuple[str, ...]] = [("audit",), ("product", "list"), ("specification", "list")]
    asked += [("lot", lot, "--at", NEWEST) for lot in lots(ledger)]
    asked += [("lot", lot, "--at", at) for lot in STORY for at in (*EARLIER, *LATER)]
    asked += [("ask", name) for name in ASKED]
    story = sorted(path.name for path in panels.glob("H-*.csv"))
    published = sorted(path.name for path in panels.glob("*.csv") if path.name not in story)
    for specification in SPECIFICATIONS:
        asked += [("check", name, "--specification", specification) for name in published]
        asked.append(("check", *story, "--specification", specification))
    return asked


def answer(asked: tuple[str, ...], data: Path, panels: Path) -> dict[str, Any]:
    """Exit code and JSON of one command, typed in the folder of the panels."""
    with_folder = () if asked[0] == "check" else ("--data", str(data))
    before = Path.cwd()
    os.chdir(panels)
    try:
        done = CliRunner(env={"COLUMNS": "120"}).invoke(cli, [*asked, *with_folder, "--format", "json"])
    finally:
        os.chdir(before)
    return {"exit": done.exit_code, "answer": json.loads(done.stdout) if done.stdout.strip() else done.stderr}


def main(version: str, made: Path) -> None:
    """Keep the folder ``made`` and its answers as those of ``version``."""
    kept = HERE / version
    panels = kept / "panels"
    ledger = made / "ledger.sqlite"
    (kept / "ledger.sqlite.xz").write_bytes(lzma.compress(ledger.read_bytes(), preset=9))
    shutil.copyfile(made / "signing-key.pem", kept / "signing-key.pem")
    answers = {" ".join(asked): answer(asked, made, panels) for asked in questions(ledger, panels)}
    text = json.dumps(answers, ensure_ascii=False, indent=0).encode()
    (kept / "answers.json.xz").write_bytes(lzma.compress(text, preset=9))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]).resolve())

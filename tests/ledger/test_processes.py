"""The ledger under several processes: whatever was acknowledged is there, whoever died."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
from pathlib import Path

from registry.ledger import Ledger, NewEntry, verify_chain
from tests.ledgers import append_many


def test_processes_append_at_once_and_none_is_lost(tmp_path: Path, ledger: Ledger) -> None:
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=append_many, args=(str(tmp_path / "data"), f"lab{n}", 25)) for n in range(4)]
    for worker in workers:
        worker.start()
    append_many(str(tmp_path / "data"), "lab9", 25)
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0, 0, 0, 0]
    assert [entry.position for entry in ledger.entries()] == list(range(1, 127))
    assert sorted(lot for entry in ledger.entries(kind="panel") for lot in entry.lots) == sorted(
        f"lab{n}-{i}" for n in (0, 1, 2, 3, 9) for i in range(25)
    )
    assert verify_chain(ledger)[0] == 126


def test_a_forked_child_opens_the_database_for_itself(ledger: Ledger) -> None:
    ledger.append([NewEntry("note")], actor="parent")
    child = os.fork()
    if child == 0:
        code = 1
        try:
            ledger.append([NewEntry("note")], actor="child")
            code = 0
        finally:
            os._exit(code)
    assert os.waitpid(child, 0)[1] == 0
    ledger.append([NewEntry("note")], actor="parent")
    assert [entry.actor for entry in ledger.entries(kind="note")] == ["parent", "child", "parent"]
    assert verify_chain(ledger)[0] == 4


_SUBMITTER = """
import sys
from registry.ledger import Ledger, NewEntry
from registry.records import IRI, Literal, digest_of, write
ledger = Ledger.open(sys.argv[1])
number = int(sys.argv[2]) * 1_000_000
while True:
    number += 1
    record = write([(IRI("urn:x:panel"), IRI("urn:p:number"), Literal(str(number) * 200))])
    data = str(number).encode()
    files = {digest_of(data): ("panel.csv", data)}
    ledger.append([NewEntry("submission", files=tuple(files)), NewEntry("panel", record)], actor="lab", files=files)
    print(record.digest, flush=True)
"""


def test_a_killed_process_loses_nothing_that_it_acknowledged(tmp_path: Path, ledger: Ledger) -> None:
    acknowledged: list[str] = []
    for run in range(3):
        command = [sys.executable, "-c", _SUBMITTER, str(tmp_path / "data"), str(run)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            acknowledged += [child.stdout.readline().strip() for _ in range(20 + 7 * run)]
            os.kill(child.pid, signal.SIGKILL)
            acknowledged += [line.strip() for line in child.stdout if line.endswith("\n")]
    ledger.close()
    again = Ledger.open(tmp_path / "data")
    kept = [entry.record for entry in again.entries(kind="panel")]
    assert set(acknowledged) - set(kept) == set()
    assert len(kept) == sum(1 for _ in again.entries(kind="submission"))
    assert verify_chain(again)[0] == 1 + 2 * len(kept)
    again.close()

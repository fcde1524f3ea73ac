"""What reading machines' files costs: a million events under six gates beside FlowKit alone, and 10,000 counter rows.

    python benchmarks/instruments.py            about three minutes on two cores

The events are random 16-bit integers in twelve channels. "FlowKit alone" parses and gates the same two files in a
process of its own. Memory is the largest resident set of the process or, for ours, of its child.
"""

from __future__ import annotations

import json
import platform
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from registry import intake, vocabulary
from registry.intake.instruments import read_export
from registry.intake.names.mapping_table import read_mapping
from tests.instruments import synthetic

ROOT = Path(__file__).resolve().parent.parent
EVENTS = 1_000_000
ROWS = 10_000
CHANNELS = (*synthetic.CHANNELS, "APC-Cy7-A", "BV510-A", "BV605-A", "FSC-H")
ASIDE = "APC-Cy7-A,BV510-A,BV605-A"
ALONE = """
import sys, warnings
warnings.simplefilter("ignore")
import flowkit
sample = flowkit.Sample(sys.argv[1], subsample=1, null_channel_list=sys.argv[3].split(","))
results = flowkit.parse_gating_xml(sys.argv[2]).gate_sample(sample)
print(len(results.report))
"""
OURS = """
import json, sys
from pathlib import Path
from registry import intake, terms
from registry.intake.names.mapping_table import read_mapping
known = terms.load()
mapping = read_mapping("m.csv", Path(sys.argv[3]).read_bytes(), known)
gates = (sys.argv[2], Path(sys.argv[2]).read_bytes()) if sys.argv[2] else None
said = intake.read(sys.argv[1], Path(sys.argv[1]).read_bytes(), known, mapping=mapping, gates=gates)
print(len(said.results), len(said.errors))
"""
MEASURE = """
import json, resource, subprocess, sys, time
begun = time.monotonic()
done = subprocess.run([sys.executable, "-c", *sys.argv[1:]], capture_output=True, text=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([time.monotonic() - begun, used.ru_maxrss // 1024, done.stdout.strip() or done.stderr[-300:]]))
"""


def measured(script: str, *arguments: str) -> tuple[float, int, str]:
    """Seconds, largest resident MB of any process of it, and what it printed."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, script, *arguments], capture_output=True, text=True, check=True, cwd=ROOT
    )
    seconds, memory, said = json.loads(done.stdout)
    return seconds, memory, said


def show(what: str, seconds: float, memory: int, said: str) -> None:
    """One row of the table."""
    print(f"| {what} | {seconds:.1f} | {memory} | {said} |")


def main() -> None:
    """Make the files, measure, print."""
    dice = random.Random(1)  # noqa: S311 - made up, and the same each time
    print(f"{platform.machine()}, Python {platform.python_version()}\n\n| what | s | MB | said |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        rows = dice.randbytes(EVENTS * len(CHANNELS) * 2)
        six = len(synthetic.MARKERS)
        cells = ",".join("1" if row == column else "0.001" for row in range(six) for column in range(six))
        matrix = {"$SPILLOVER": f"{six},{','.join(synthetic.MARKERS.values())},{cells}"}
        (here / "E-01.fcs").write_bytes(synthetic.fcs(rows, CHANNELS, ("",) * len(CHANNELS), matrix))
        (here / "gates.xml").write_bytes(synthetic.gates())
        (here / "flow.csv").write_bytes(synthetic.FLOW_MAPPING)
        size = (here / "E-01.fcs").stat().st_size // 1_000_000
        show(f"FlowKit alone, {EVENTS:,} events, {size} MB, six gates of one parent",
             *measured(ALONE, str(here / "E-01.fcs"), str(here / "gates.xml"), ASIDE))  # fmt: skip
        show("the same through intake, to results", *measured(
            OURS, str(here / "E-01.fcs"), str(here / "gates.xml"), str(here / "flow.csv")))  # fmt: skip
        (here / "counter.csv").write_bytes(synthetic.blu(*(synthetic.blu_row(f"E-{n}") for n in range(ROWS))))
        (here / "counter-mapping.csv").write_bytes(synthetic.COUNTER_MAPPING)
        show(f"a Vi-CELL BLU export of {ROWS:,} rows, both readers, to results", *measured(
            OURS, str(here / "counter.csv"), "", str(here / "counter-mapping.csv")))  # fmt: skip
        known = vocabulary.load()
        mapping = read_mapping("m.csv", synthetic.COUNTER_MAPPING, known)
        begun = time.monotonic()
        read_export("counter.csv", (here / "counter.csv").read_bytes(), "Vi-CELL BLU")
        again = time.monotonic() - begun
        begun = time.monotonic()
        intake.read("counter.csv", (here / "counter.csv").read_bytes(), known, mapping=mapping)
        show("of that, the second reader", again, 0, "")
        show("and everything else", time.monotonic() - begun, 0, "")


if __name__ == "__main__":
    main()

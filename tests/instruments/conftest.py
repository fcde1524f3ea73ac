"""What the tests of machines' files share: the real files, read once by the second reader; mappings written short."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from registry import vocabulary
from registry.domain.name_mapping import Mapping
from registry.intake import instruments
from registry.intake.encoding import decode
from registry.intake.instruments import WITNESSES, XR_SHEET, second_reader
from registry.intake.names.mapping_table import read_mapping
from tests.instruments import synthetic

TERMS = vocabulary.load()
HEADER = "kind,name,lot,stage,characteristic,parent,unit,value\n"


def mapping_of(*lines: str) -> Mapping:
    """A mapping of these rows."""
    return read_mapping("lab.csv", (HEADER + "\n".join(lines)).encode(), TERMS)


def prefetch(files: dict[str, bytes]) -> None:
    """Have the second reader look at all of them in one child process."""
    asked = []
    for name, data in files.items():
        instrument = instruments.instrument_of(name, data)
        if instrument is None:
            continue
        if name.endswith((".wsp", ".xml")):
            asked.append((data, WITNESSES[instrument]))
        elif name.endswith(".xlsx"):
            asked.append((data, XR_SHEET))
        else:
            asked.append((decode(data, name).encode(), WITNESSES[instrument]))
    second_reader.prefetch(asked)


def mended(cellaca: bytes) -> bytes:
    """The Cellaca example with totals that can be true."""
    for was, now in ((b"154,0.30", b"154,0.55"), (b"156,0.30", b"156,0.56"), (b"200,0.39", b"200,0.57")):
        cellaca = cellaca.replace(was, now)
    return cellaca


@pytest.fixture(scope="session")
def real(shared: Path) -> Callable[[str], bytes]:
    """A real instrument file by its name; the second reader has seen all of them."""
    folders = [shared / "data" / "instruments", shared / "data" / "flow" / "diva"]
    paths = {path.name: path for folder in folders for path in folder.iterdir()}
    files = {name: path.read_bytes() for name, path in paths.items() if not name.endswith((".fcs", ".allotropy"))}
    row, again = synthetic.blu_row("CLB1"), synthetic.blu_row("CLB1", again="11/22/2026 12:00")
    made_up = [synthetic.blu(row), synthetic.blu(row, again), synthetic.blu(again)]
    made_up.append(mended(files["Cellaca_Example_1.csv"]))
    prefetch(files | {f"made-up-{count}.csv": data for count, data in enumerate(made_up)})
    return lambda name: paths[name].read_bytes()

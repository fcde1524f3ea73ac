"""Made-up FCS files, gates and counters' exports: nothing in them was measured."""

from __future__ import annotations

import random
import struct
from collections.abc import Mapping, Sequence

CHANNELS = ("FSC-A", "SSC-A", "FITC-A", "PE-A", "APC-A", "PerCP-A", "PE-Cy7-A", "BV421-A")
STAINS = ("", "", "CD90", "CD73", "CD105", "CD45", "CD34", "HLA-DR")
MARKERS = dict(zip(STAINS[2:], CHANNELS[2:], strict=True))
GML = "http://www.isac-net.org/std/Gating-ML/v2.0"


def fcs(
    rows: bytes,
    channels: Sequence[str] = CHANNELS,
    stains: Sequence[str] = STAINS,
    said: Mapping[str, str] | None = None,
    version: str = "FCS3.1",
) -> bytes:
    """An FCS file of 16-bit integers, event by event, little-endian; ``said`` adds or overrides keywords."""
    count = len(channels)
    keywords = {
        "$BEGINANALYSIS": "0", "$ENDANALYSIS": "0", "$BEGINSTEXT": "0", "$ENDSTEXT": "0", "$NEXTDATA": "0",
        "$BYTEORD": "1,2,3,4", "$DATATYPE": "I", "$MODE": "L", "$PAR": str(count), "$TOT": str(len(rows) // 2 // count),
        "$CYT": "Synthetic", "$CYTSN": "S-1", "$OP": "example", "$DATE": "22-NOV-2026", "$BTIM": "10:00:00",
    }  # fmt: skip
    for place, (channel, stain) in enumerate(zip(channels, stains, strict=True), start=1):
        keywords |= {f"$P{place}B": "16", f"$P{place}E": "0,0", f"$P{place}N": channel, f"$P{place}R": "65536"}
        keywords |= {f"$P{place}S": stain} if stain else {}
    begin = 4096
    keywords |= {"$BEGINDATA": str(begin), "$ENDDATA": str(begin + len(rows) - 1), **(said or {})}
    text = "/" + "".join(f"{name}/{value}/" for name, value in keywords.items())
    header = f"{version}    {58:8d}{58 + len(text) - 1:8d}{begin:8d}{begin + len(rows) - 1:8d}{0:8d}{0:8d}"
    return (header + text).encode().ljust(begin, b" ") + rows


def msc(events: int = 11_000, negative: float = 0.012, positive: float = 0.982) -> bytes:
    """An FCS file that looks like MSC: the first three markers mostly bright, the others mostly dim, some debris."""
    dice = random.Random(7)  # noqa: S311 - made up, and the same each time
    rows = bytearray()
    for _ in range(events):
        is_cell = dice.random() < 0.97
        bright = [dice.random() < (positive if place < 3 else negative) for place in range(6)]
        scatter = (dice.randrange(20_000, 50_000), dice.randrange(10_000, 40_000)) if is_cell else (500, 500)
        levels = (dice.randrange(20_000, 40_000) if one else dice.randrange(100, 900) for one in bright)
        rows += struct.pack("<8H", *scatter, *levels)
    six = len(MARKERS)
    cells = ",".join("1" if row == column else "0.001" for row in range(six) for column in range(six))
    return fcs(bytes(rows), said={"$SPILLOVER": f"{six},{','.join(MARKERS.values())},{cells}"})


def gates(
    markers: Mapping[str, str] = MARKERS, *, compensation: str = "FCS", limit: int = 5_000, parent: str = "Cells"
) -> bytes:
    """Gating-ML 2.0: ``Cells`` by scatter, and a gate ``<marker>_pos`` above ``limit`` for each marker."""
    parts = [_rectangle("Cells", "", {"FSC-A": "uncompensated", "SSC-A": "uncompensated"}, 5_000)]
    parts += [
        _rectangle(f"{name.replace('-', '_')}_pos", parent, {channel: compensation}, limit)
        for name, channel in markers.items()
    ]
    spaces = " ".join(
        f'xmlns:{prefix}="{GML}/{name}"'
        for prefix, name in (("gating", "gating"), ("transforms", "transformations"), ("data-type", "datatypes"))
    )
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<gating:Gating-ML {spaces}>\n'
    return (head + "".join(parts) + "</gating:Gating-ML>\n").encode()


def _rectangle(gate: str, parent: str, dimensions: Mapping[str, str], limit: int) -> str:
    under = f' gating:parent_id="{parent}"' if parent else ""
    inner = "".join(
        f'    <gating:dimension gating:compensation-ref="{by}" gating:min="{limit}">'
        f'<data-type:fcs-dimension data-type:name="{channel}"/></gating:dimension>\n'
        for channel, by in dimensions.items()
    )
    return f'  <gating:RectangleGate gating:id="{gate}"{under}>\n{inner}  </gating:RectangleGate>\n'


FLOW_MAPPING = "\n".join(
    [
        "kind,name,lot,stage,characteristic,parent,unit,value",
        "sample,E-01.fcs,E-01,after thaw,,,,",
        *(f"gate,{name.replace('-', '_')}_pos,,,{name},Cells,," for name in MARKERS),
        "",
    ]
).encode()
COUNTER_MAPPING = b"""kind,name,lot,stage,characteristic,parent,unit,value
sample,E-*,E-*,after thaw,,,,
column,Viability (%),,,viability (trypan blue),,%,
column,Viable (x10^6) cells/mL,,,viable cell density,,10^6 cells/mL,
setting,instrument,,,,,,Vi-CELL BLU
"""
BLU_HEADER = (
    "Sample ID,Cell count,Viable cells,Total (x10^6) cells/mL,Viable (x10^6) cells/mL,Viability (%),"
    "Average diameter (μm),Average viable diameter (μm),Average circularity,Average viable circularity,"
    "Average cells per image,Average background intensity,Bubble count,Cluster count,Images for analysis,Cell type,"
    "Minimum Diameter (μm),Maximum Diameter (μm),Images,Cell sharpness,Minimum circularity,Decluster degree,"
    "Aspiration cycles,Viable spot brightness (%),Viable spot area (%),Mixing cycles,Analysis date/time,"
    "Reanalysis date/time,Analysis by,Reanalysis by,Dilution,Wash"
)


def blu_row(sample: str, total: str = "1000", viable: str = "950", again: str = "", viability: str = "95") -> str:
    """One row of a Vi-CELL BLU export, of a count of 1,000 cells unless told otherwise."""
    return (
        f"{sample},{total},{viable},1.00,0.95,{viability},15.0,15.2,0.9,0.9,10,130,0,0,100,MSC,6,30,100,7,0.1,Medium,3,"
        f"50,5,3,11/22/2026 10:00,{again},example,{'reviewer' if again else ''},1,Normal Wash"
    )


def blu(*rows: str) -> bytes:
    """A Vi-CELL BLU export."""
    return ("\r\n".join((BLU_HEADER, *rows)) + "\r\n").encode()

"""Every reader under random and mutated bytes: each ends in results, row errors or a refusal, never in a traceback.

    python benchmarks/fuzz.py [SECONDS]         a minute without SECONDS; prints counts by reader

Seeds are made up (tables, RDF, exports, events, gates) and, where ``shared/`` stands beside the checkout, real files.
A mutation flips, cuts, doubles, or inserts bytes that break parsers. Events and gates are held up to their frames and,
every hundredth time, all the way through FlowKit in its child process; exports are confirmed by the second reader as
rarely. Beside them: zip bombs, XML entities and huge tables, once each; and forty times a second's tries the dangers of
``dangers.py``, whole tables of which none may pass (20,000 in 500 seconds).
"""

from __future__ import annotations

import io
import random
import sys
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from registry import intake, vocabulary
from registry.errors import RegistryError
from registry.intake.flow.fcs import read_frame
from registry.intake.flow.gatingml import read_gating
from registry.intake.instruments import _read, instrument_of
from registry.intake.names.mapping_table import read_mapping
from tests.instruments import synthetic

ROOT = Path(__file__).resolve().parent.parent
TERMS = vocabulary.load()
NASTY = (
    b"\x00", b"\xff\xfe", b'"', b"\r", b";", b"<!DOCTYPE a [<!ENTITY x 'y'>]>", b"&x;", b"9" * 60, b"1e999", b"-0.0",
    b"\xe2\x88\x92", b"=cmd|' /C calc'!A0", b"../../", b"]]>", b"PK\x03\x04", b"NaN", b"\n\n\n", b"@prefix", b"{",
    b"\x1a",
)  # fmt: skip
TABLE = b"lot,characteristic,value,unit\nP-07,CD73,98.5,%\nP-07,CD45,<0.5,%\n"
TURTLE = b'@prefix cpr: <https://w3id.org/cell-product-registry/ns#> .\n[] a cpr:Panel ; cpr:lot "P-07" .\n'


def mutated(data: bytes, dice: random.Random) -> bytes:
    """The bytes, damaged in one to eight places."""
    changed = bytearray(data)
    for _ in range(dice.randint(1, 8)):
        at = dice.randrange(len(changed) + 1)
        kind = dice.randrange(5)
        if kind == 0 and changed:
            changed[at % len(changed)] = dice.randrange(256)
        elif kind == 1:
            del changed[at : at + dice.randint(1, 200)]
        elif kind == 2:
            changed[at:at] = changed[at : at + dice.randint(1, 200)]
        elif kind == 3:
            changed[at:at] = dice.choice(NASTY)
        else:
            changed[at:at] = dice.randbytes(dice.randint(1, 20))
    return bytes(changed)


def workbook(sheet: bytes) -> bytes:
    """A zip that calls itself a workbook."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/sharedStrings.xml", "<sst><si><t>Vi-CELL XR 2.06</t></si></sst>")
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
    return held.getvalue()


def seeds() -> dict[str, list[tuple[str, bytes]]]:
    """Files by reader."""
    found = {
        "tables": [("p.csv", TABLE), ("p.tsv", TABLE.replace(b",", b"\t")), ("w.csv", b"lot,CD73 (%)\nP-07,98.5\n")],
        "workbooks": [("p.xlsx", workbook(b"<worksheet><sheetData/></worksheet>"))],
        "rdf": [("p.ttl", TURTLE), ("p.jsonld", b'{"@type": "Panel", "lot": "P-07"}')],
        "exports": [("c.csv", synthetic.blu(synthetic.blu_row("E-01"), synthetic.blu_row("E-02", "ERROR")))],
        "events": [("E-01.fcs", synthetic.msc(50))],
        "gates": [("gates.xml", synthetic.gates())],
        "mappings": [("m.csv", synthetic.FLOW_MAPPING), ("m.csv", synthetic.COUNTER_MAPPING)],
    }
    for path in sorted((ROOT / "tests" / "examples" / "accepted").glob("*.*")):
        if path.suffix in {".csv", ".tsv", ".ttl", ".jsonld"}:
            found["rdf" if path.suffix in {".ttl", ".jsonld"} else "tables"].append((path.name, path.read_bytes()))
    for path in sorted((ROOT.parent / "shared" / "data").glob("instruments/*.*")):
        if path.suffix in {".csv", ".txt", ".xlsx", ".wsp", ".xml"}:
            found["exports"].append((path.name, path.read_bytes()))
    for path in sorted((ROOT.parent / "shared" / "data").glob("flow/isac-gatingml/*.xml")):
        found["gates"].append((path.name, path.read_bytes()))
    return found


def readers() -> dict[str, Callable[[str, bytes], object]]:
    """What reads each kind, without child processes."""
    return {
        "tables": lambda name, data: intake.read(name, data, TERMS),
        "workbooks": lambda name, data: intake.read(name, data, TERMS),
        "rdf": lambda name, data: intake.read(name, data, TERMS),
        "exports": _export,
        "events": lambda name, data: read_frame(data, name),
        "gates": lambda name, data: read_gating(data, name),
        "mappings": lambda name, data: read_mapping(name, data, TERMS),
    }


def _export(name: str, data: bytes) -> object:
    instrument = instrument_of(name, data)
    return intake.read(name, data, TERMS) if instrument is None else _read(name, data, instrument)


def whole(name: str, data: bytes) -> object:
    """The whole way, child processes included."""
    table = synthetic.FLOW_MAPPING if name.endswith(".fcs") else synthetic.COUNTER_MAPPING
    mapped = name.endswith(".fcs") or data.startswith(b"Sample ID")
    mapping = read_mapping("m.csv", table, TERMS) if mapped else None
    gates = ("gates.xml", synthetic.gates()) if name.endswith(".fcs") else None
    return intake.read(name, data, TERMS, mapping=mapping, gates=gates)


def bombs() -> list[tuple[str, bytes]]:
    """Small files that ask for much."""
    laugh = b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">' + b"".join(
        b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(8)
    )
    return [
        ("laugh.xml", laugh + b"]><bdfacs>&i;</bdfacs>"),
        ("outside.wsp", b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><Workspace>&x;</Workspace>'),
        ("deep.xml", b"<bdfacs>" + b"<a>" * 1_000_000),
        ("bomb.xlsx", workbook(b" " * 300_000_000)),
        ("rows.csv", b"lot,characteristic,value,unit\n" + b"P-07,CD73,98.5,%\n" * 500_000),
        ("columns.csv", b"a," * 3_000_000),
        ("cell.csv", b'lot,characteristic,value,unit\n"' + b"x" * 9_000_000),
        ("long.fcs", synthetic.fcs(b"\0" * 16, said={"$P1N": "x" * 3_000})),
        ("samples.csv", synthetic.blu(*(synthetic.blu_row(f"E-{n}") for n in range(150_000)))),
    ]


def tried(read: Callable[[str, bytes], object], name: str, data: bytes, counts: Counter[str]) -> None:
    """Count how it ended; a traceback is kept in sight."""
    begun = time.monotonic()
    try:
        answered = read(name, data)
        ending = "row errors" if getattr(answered, "errors", ()) else "read"
    except RegistryError as error:
        ending = f"refused: {type(error).__name__}"
    except Exception:
        ending = "TRACEBACK"
        traceback.print_exc()
    counts[ending] += 1
    counts["slowest, ms"] = max(counts["slowest, ms"], int(1000 * (time.monotonic() - begun)))


def run(seconds: float, seed: int = 1, *, children: bool = True) -> dict[str, Counter[str]]:
    """Fuzz every reader for an equal part of the time; counts by reader and by how each try ended."""
    dice, known, by = random.Random(seed), seeds(), readers()  # noqa: S311 - the same each time
    found: dict[str, Counter[str]] = {kind: Counter() for kind in known}
    for kind, files in known.items():
        until = time.monotonic() + seconds / len(known)
        tries = 0
        while time.monotonic() < until:
            name, data = dice.choice(files)
            damaged = dice.randbytes(dice.randrange(2_000)) if dice.random() < 0.1 else mutated(data, dice)
            deep = children and kind in {"exports", "events"} and tries % 100 == 50
            tried(whole if deep else by[kind], name, damaged, found[kind])
            tries += 1
    return found


def struck(tries: int) -> Counter[str]:
    """How tables end that one danger speaks against, beside tables without one."""
    import dangers

    counts, false, lost = dangers.run(tries)
    for danger, name, _ in false:
        print(f"FALSE PASS: {danger}, {name}", file=sys.stderr)
    return Counter(held=counts.total() - len(false), **{"FALSE PASS": len(false), "lost without a danger": lost})


def main() -> int:
    """Print the counts; exit 1 on a traceback or a false pass."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60
    found = run(seconds)
    found["dangers"] = struck(int(40 * seconds))
    found["bombs"] = Counter()
    for name, data in bombs():
        tried(whole, name, data, found["bombs"])
    print("| reader | tries | how they ended | slowest |\n|---|---|---|---|")
    for kind, counts in found.items():
        ways = ", ".join(f"{way} {count:,}" for way, count in counts.most_common() if way != "slowest, ms")
        total = sum(count for way, count in counts.items() if way != "slowest, ms")
        print(f"| {kind} | {total:,} | {ways} | {counts['slowest, ms']:,} ms |")
    return int(any(counts["TRACEBACK"] or counts["FALSE PASS"] for counts in found.values()))


if __name__ == "__main__":
    sys.exit(main())

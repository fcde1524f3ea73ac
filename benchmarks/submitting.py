"""What a submission of one lot and six markers costs, beside a bare insert of as many bytes into SQLite, durable too.

    python benchmarks/submitting.py [HOW MANY]      200 without it; ratios are against the bare insert

CPU time of the process, and time on the clock; both databases are in one folder, with WAL and ``synchronous=FULL``.
With ``--profile`` the functions that take most of the CPU are listed as well.
"""

from __future__ import annotations

import cProfile
import pstats
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from many_products import PASSWORD

from registry.accounts import Account, Accounts
from registry.services import LotDraft, ProductDraft, Registry
from tests.people import account_of

SIX = "L-{lot},CD73,98.5,%\nL-{lot},CD90,99.1,%\nL-{lot},CD105,97.4,%\n" \
      "L-{lot},CD45,0.3,%\nL-{lot},CD34,{cd34},%\nL-{lot},HLA-DR,1.2,%\n"  # fmt: skip
"""Every tenth lot has too much CD34."""
WARM = 5


def table(lot: int) -> bytes:
    """The file of one lot."""
    rows = SIX.format(lot=lot, cd34="2.4" if lot % 10 == 0 else "0.6")
    return f"lot,characteristic,value,unit\n{rows}".encode()


def furnished(folder: Path, lots: int) -> tuple[Registry, Account]:
    """A registry with a product, an approved specification and so many lots; and who submits."""
    registry, _password = Registry.create(folder)
    people = Accounts(registry.ledger).people
    for name, role in (("lab", "submitter"), ("quality", "quality unit")):
        people.create(name, role, by="admin", printed_name=name.title(), password=PASSWORD, must_change=False)
    quality, lab = account_of(registry, "quality"), account_of(registry, "lab")
    product = ProductDraft(
        "POI-M", "hESC-derived MSC", "CL:0000134", "CLO:0037280", "allogeneic", "NCBITaxon:9606", ("DOID:5426",)
    )
    registry.products.register(product, quality)
    registry.specifications.approve("POI-M", "msc-identity", name="quality", password=PASSWORD)
    for lot in range(lots):
        expires = datetime.now(UTC) + timedelta(days=90)
        registry.lots.register(LotDraft(f"L-{lot}", product="POI-M", expires_at=expires), quality)
    return registry, lab


def bare(folder: Path, files: list[bytes]) -> Callable[[int], None]:
    """An insert of the same bytes into a table of a database of its own."""
    database = sqlite3.connect(folder / "bare.db", isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute("CREATE TABLE kept (position INTEGER PRIMARY KEY, bytes BLOB)")
    return lambda lot: database.execute("INSERT INTO kept (bytes) VALUES (?)", (files[lot],)).close()


def timed(run: Callable[[int], object], lots: range) -> tuple[float, float]:
    """Milliseconds of CPU and of the clock, each."""
    cpu, clock = time.process_time(), time.perf_counter()
    for lot in lots:
        run(lot)
    return (time.process_time() - cpu) * 1000 / len(lots), (time.perf_counter() - clock) * 1000 / len(lots)


def main() -> None:
    """Measure and print."""
    given = [int(text) for text in sys.argv[1:] if text.isdecimal()]
    many = (given[0] if given else 200) + WARM
    files = [table(lot) for lot in range(many)]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        registry, lab = furnished(folder / "registry", many)

        def submit(lot: int) -> object:
            return registry.submissions.submit(f"{lot}.csv", files[lot], lab)

        timed(submit, range(WARM))
        base = timed(bare(folder, files), range(many))
        profile = cProfile.Profile(time.process_time)
        if "--profile" in sys.argv:
            profile.enable()
        measured = timed(submit, range(WARM, many))
        profile.disable()
        print(f"{'':<44}ms of CPU      ms   times a bare insert (CPU)")
        for what, (cpu, clock) in (
            ("bare insert into SQLite", base),
            ("a submission: read, judged, entered", measured),
        ):
            print(f"{what:<44}{cpu:>9.2f}{clock:>8.1f}{cpu / base[0]:>12.0f} x")
        if "--profile" in sys.argv:
            pstats.Stats(profile).sort_stats("cumulative").print_stats(70)
        registry.close()


if __name__ == "__main__":
    main()

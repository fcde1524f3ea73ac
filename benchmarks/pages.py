"""Pages of a registry with 50,000 lots, beside a bare Flask page on the same machine.

    python benchmarks/pages.py [--lots 50000]

The lots are made by the same writers that a registration and a submission use, appended in large transactions; their
lines are written as the follower of the ledger writes them, with verdicts drawn in proportion instead of judged, since
judging is measured in ``gate.py``. Each page is asked for within the process, so that the figures are of the
application and not of a socket.
"""

from __future__ import annotations

import argparse
import re
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from registry.kinds.index import keys
from registry.kinds.lot import write_lot
from registry.ledger import NewEntry
from registry.lot_lines import Judgement, Value
from registry.registry import LotDraft, ProductDraft, Registry
from web import create_app

SECRET = "a few odd words here"  # noqa: S105  # of a registry that lives for a minute
HTML = {"Accept": "text/html"}
BATCH, PRODUCTS, ROUNDS = 2_000, 8, 25
SIX = ("cd73", "cd90", "cd105", "cd45", "cd34", "mhc-ii")


def fill(registry: Registry, count: int) -> None:
    """People, products with an approved specification, and the lots."""
    for name, role in (("lab", "submitter"), ("quality", "quality unit"), ("clinic", "clinician")):
        once = registry.create_account(name, role, name, by="admin")
        registry.change_password(name, once, SECRET)
    for number in range(PRODUCTS):
        product = f"P-{number}"
        draft = ProductDraft(
            product, f"Product {number}", "CL:0000134", "a line", "allogeneic", "NCBITaxon:9606", ("DOID:5426",)
        )
        registry.add_product(draft, "quality")
        registry.approve(product, "msc-identity", name="quality", password=SECRET, meaning="I approve.")
    parts, now = registry.parts, datetime.now(UTC)
    for start in range(0, count, BATCH):
        entries = []
        for number in range(start, min(start + BATCH, count)):
            lot = LotDraft(
                f"L-{number:05d}", product=f"P-{number % PRODUCTS}", expires_at=now + timedelta(days=number % 400 - 20),
                manufactured_on=date(2024, 1, 1) + timedelta(days=number % 900), containers=10, synthetic=True,
            )  # fmt: skip
            record = write_lot(lot, parts.names)
            details = {"summary": f"Product lot {lot.id} registered"}
            entries.append(NewEntry("lot", record, (lot.id,), details, keys("lot", record, parts.names)))
        parts.ledger.append(entries, actor="lab")
    judge(registry, count)


def judge(registry: Registry, count: int) -> None:
    """A verdict for each line: of ten lots seven pass, two lack something, one fails."""
    lines = registry.overview._lines
    size = lines.follow()
    judged = []
    for number in range(count):
        lacks = {8: ("cd45",), 9: ("cd105", "cd34")}.get(number % 10, ("mhc-ii",) if number % 10 == 7 else ())
        verdict = "pass" if not lacks else "fail" if number % 10 == 9 else "incomplete"
        values = tuple(Value(name, "97", "97", "97 %", "pass") for name in SIX)
        state = "released" if number % 3 and not lacks else "not released"
        judged.append(Judgement(f"L-{number:05d}", size, state, verdict, (), lacks, 1, None, values))
    lines.keep(judged)


def signed_in(app: Flask, name: str) -> FlaskClient:
    """A browser of this person."""
    client = app.test_client()
    token = re.search(r'name="csrf" value="([^"]+)"', client.get("/sign-in", headers=HTML).text)
    assert token is not None
    client.post("/sign-in", headers=HTML, data={"csrf": token[1], "name": name, "password": SECRET})
    return client


def timed(ask: Callable[[], object]) -> tuple[float, float, float]:
    """(first, median, 95th percentile) in milliseconds."""
    taken = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        ask()
        taken.append((time.perf_counter() - began) * 1000)
    rest = sorted(taken[1:])
    return taken[0], statistics.median(rest), rest[int(len(rest) * 0.95) - 1]


def bare() -> FlaskClient:
    """The least that Flask answers."""
    app = Flask("bare")
    app.add_url_rule("/", "page", lambda: "<!doctype html><title>Bare</title><p>Hello")
    return app.test_client()


PAGES = (
    ("clinic", "/"), ("clinic", "/lots?q=L-0421"), ("clinic", "/lots?q=menopause"), ("clinic", "/lots/L-03217"),
    ("clinic", "/live/L-03217"), ("quality", "/review"), ("quality", "/explore"),
    ("quality", "/explore?state=released&disease=DOID:5426"), ("quality", "/trends/P-3?criterion=cd105"),
    ("quality", "/ledger"), ("quality", "/ledger?kind=lot&lot=L-03217"), ("quality", "/products"),
    ("quality", "/products/P-3"), ("quality", "/evidence/L-03217"), ("quality", "/release/L-03217"),
)  # fmt: skip


def main() -> None:
    """Fill, ask, print."""
    options = argparse.ArgumentParser()
    options.add_argument("--lots", type=int, default=50_000)
    count = options.parse_args().lots
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        registry, first = Registry.create(Path(folder) / "data")
        registry.change_password("admin", first, SECRET)
        fill(registry, count)
        print(f"{count:,} lots in {time.perf_counter() - began:.0f} s\n")
        print("| page | first ms | p50 ms | p95 ms |\n|---|---|---|---|")
        client = bare()
        print("| bare Flask page | {:.1f} | {:.2f} | {:.2f} |".format(*timed(lambda: client.get("/"))))
        app = create_app(registry)
        people = {name: signed_in(app, name) for name in ("clinic", "quality")}
        for name, path in PAGES:
            assert people[name].get(path, headers=HTML).status_code == 200, path
            figures = timed(lambda name=name, path=path: people[name].get(path, headers=HTML))
            print("| `{}` | {:.0f} | {:.0f} | {:.0f} |".format(path, *figures))
        registry.close()


if __name__ == "__main__":
    main()

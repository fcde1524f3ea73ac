"""What each question of the library costs at 1,000 and 50,000 lots, beside rdflib's own engine on the same data.

    python benchmarks/questions.py                              1,000 lots, rdflib with a minute a question
    python benchmarks/questions.py --lots 50000 --rdflib 0      50,000 lots, without rdflib: some five minutes

Twenty lots are made by a real registry (registered, submitted, judged, some released); what its graph says of each is
written again under other names until there are as many as asked for. The time is the analyst's: guard, a process of its
own, the open snapshot, the answer. A question over its limit of 10 s is printed as such.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import platform
import re
import signal
import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from pyoxigraph import RdfFormat, Store, parse

from registry.errors import Unavailable
from registry.graph import QueryService
from registry.graph.store.projection import facts, twice
from registry.services import LotDraft, ProductDraft, Registry
from tests.people import account_of

PASSWORD = "a few odd words here"  # noqa: S105 - of a registry that lives for a minute
NAMES = ["H-05", "H-08", "H-09", "H-01", "H-03", *(f"T-{number:02d}" for number in range(15))]
BANKS = ("MCB-1", "WCB-1", "WCB-2")
_PANEL = re.compile(rb"panel/([0-9a-f]{16})")
_RECORD = re.compile(rb"record/([0-9a-f]{64})")
_POSITION = re.compile(rb"ledger/([0-9]+)>")


@dataclass
class Story:
    """The registry of twenty lots, and the N-Quads of what it says of each and of everything else."""

    registry: Registry
    lots: dict[str, bytes]
    rest: bytes


def tell(folder: Path) -> Story:
    """The twenty lots, their banks, product and specification."""
    registry, first = Registry.create(folder)
    admin = registry.accounts.change_password("admin", first, PASSWORD)
    for name, role in (("quality", "quality unit"), ("lab", "submitter")):
        registry.accounts.change_password(name, registry.accounts.create(name, role, name.title(), by=admin), PASSWORD)
    draft = ProductDraft("P", "MSC", "CL:0000134", "umbilical cord", "allogeneic", "NCBITaxon:9606", ("DOID:5426",))
    registry.products.register(draft, account_of(registry, "quality"))
    registry.specifications.approve("P", "msc-identity", name="quality", password=PASSWORD, meaning="I approve it.")
    registry.lots.register(LotDraft(BANKS[0], kind="cell bank"), account_of(registry, "quality"))
    for bank in BANKS[1:]:
        registry.lots.register(
            LotDraft(bank, kind="cell bank", derived_from=BANKS[:1]), account_of(registry, "quality")
        )
    lab = next(one for one in registry.accounts.all() if one.name == "lab")
    for number, name in enumerate(NAMES):
        made = date(2025, 1 + number % 12, 3)
        draft_lot = LotDraft(
            name,
            product="P",
            passage=3 + number % 5,
            manufactured_on=made,
            expires_at=datetime(2027, 1, 1, tzinfo=UTC),
            containers=12,
            derived_from=(BANKS[1 + number % 2],),
            synthetic=True,
        )
        registry.lots.register(draft_lot, account_of(registry, "lab"))
        registry.submissions.submit(f"{name}.csv", panel(name, number), lab)
        if number % 3 == 0:
            registry.releases.sign(name, "hold", name="quality", password=PASSWORD, reason="A benchmark.")
    shared = (*BANKS, NAMES[0])
    every = {name: quads(registry, (name,), own=True) for name in NAMES}
    return Story(registry, every, quads(registry, shared, own=False))


def panel(name: str, number: int) -> bytes:
    """Six markers; every seventh lot fails CD105, every ninth leaves HLA-DR undetermined."""
    positive = {
        "CD73": f"{98 + number % 3 / 2}",
        "CD90": "99.1",
        "CD105": f"{96 + number % 4}" if number % 7 else "88.4",
    }
    values = {**positive, "CD45": "0.4", "CD34": "0.6", "HLA-DR": "1.1" if number % 9 else "<5"}
    rows = "".join(f"{name},{marker},{value},%\n" for marker, value in values.items())
    return f"lot,characteristic,value,unit\n{rows}".encode()


def quads(registry: Registry, lots: tuple[str, ...], *, own: bool) -> bytes:
    """What the graph says of these lots: ``own`` takes what is said of one lot alone, else what is said of no lot."""
    chosen = replace(registry.queries.selection(), lots=lots)
    said = []
    for entry in chosen.entries:
        if (entry.lots == lots) if own else (not set(entry.lots) & set(NAMES)):
            said.append(twice(facts(entry, registry.base), f"{registry.base}ledger"))
            said.append(twice(chosen.record(entry), registry.names.record(entry.record or "")))
    if own:
        for lot, verdict in chosen.verdicts():
            said.append(twice(verdict, f"{registry.base}verdict/{lot}"))
    else:
        for graph in registry.queries.knowledge.graph._slices():
            said.append(ontology(registry.base, *graph))
    return b"".join(said)


def ontology(base: str, name: str, data: bytes) -> bytes:
    """An ontology file as N-Quads, twice."""
    triples = b"".join(f"{t.subject} {t.predicate} {t.object} .\n".encode() for t in parse(data, RdfFormat.TURTLE))
    return twice(triples, f"{base}ontology/{name}")


def many(story: Story, count: int) -> Iterator[bytes]:
    """N-Quads of ``count`` lots: the twenty as they are, then under other names."""
    yield story.rest
    yield from story.lots.values()
    templates = list(story.lots.items())
    for number in range(len(templates), count):
        name, text = templates[number % len(templates)]
        salt = str(number).encode()

        def renamed(match: re.Match[bytes], salt: bytes = salt) -> bytes:
            digest = hashlib.sha256(match[1] + salt).hexdigest().encode()
            return match[0][: -len(match[1])] + digest[: len(match[1])]

        text = _POSITION.sub(rb"ledger/\g<1>" + salt + b">", _RECORD.sub(renamed, _PANEL.sub(renamed, text)))
        yield text.replace(name.encode(), b"L-%06d" % number)


def build(story: Story, count: int, folder: Path) -> tuple[int, float]:
    """A snapshot of so many lots; its triples, and the seconds it took."""
    begun = time.perf_counter()
    store = Store(str(folder / f"at-{count}"))
    batch: list[bytes] = []
    for text in many(story, count):
        batch.append(text)
        if len(batch) >= 2000:
            store.bulk_load(b"".join(batch), RdfFormat.N_QUADS)
            batch.clear()
    store.bulk_load(b"".join(batch), RdfFormat.N_QUADS)
    store.flush()
    triples = sum(1 for _ in store.quads_for_pattern(None, None, None, None)) // 2
    return triples, time.perf_counter() - begun


def timed(service: QueryService, text: str, runs: int) -> tuple[list[float], int]:
    """Milliseconds of each run, and the rows; an empty list when it is over its limit."""
    taken, rows = [], 0
    for _ in range(runs):
        begun = time.perf_counter()
        try:
            rows = service.answer(text, "text/csv").rows
        except Unavailable:
            return [], 0
        taken.append((time.perf_counter() - begun) * 1000)
    return sorted(taken), rows


def by_rdflib(graph: object, text: str, seconds: float) -> float | None:
    """Seconds that rdflib takes in a process of its own; None when that is over the limit, or it cannot."""
    begun = time.perf_counter()
    child = os.fork()
    if child == 0:
        try:
            list(graph.query(text))  # type: ignore[attr-defined]
            os._exit(0)
        except BaseException:  # a child of a fork ends here whatever happened
            os._exit(1)
    while time.perf_counter() - begun < seconds:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return time.perf_counter() - begun if status == 0 else None
        time.sleep(0.002)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


def rdflib_graph(story: Story, count: int) -> object:
    """The same data set in rdflib: the named graphs, and their union as the default graph."""
    from rdflib import Dataset

    dataset = Dataset(default_union=True)
    for text in many(story, count):
        named = b"".join(line + b"\n" for line in text.splitlines() if line.endswith(b"> .") and line.count(b" <") >= 1)
        dataset.parse(data=_only_named(named), format="nquads")
    return dataset


def _only_named(lines: bytes) -> bytes:
    found = [f"{q.subject} {q.predicate} {q.object} {q.graph_name} .\n".encode()
             for q in parse(lines, RdfFormat.N_QUADS) if str(q.graph_name) != "DEFAULT"]  # fmt: skip
    return b"".join(found)


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--lots", type=int, default=1000)
    asked.add_argument("--runs", type=int, default=9)
    asked.add_argument("--rdflib", type=float, default=60.0, metavar="SECONDS", help="a question's limit; 0: without")
    asked.add_argument("--only", nargs="*", metavar="QUESTION", help="these questions alone")
    chosen = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        story = tell(Path(folder) / "data")
        snapshots = Path(folder) / "graph"
        snapshots.mkdir()
        triples, seconds = build(story, chosen.lots, snapshots)
        print(f"{chosen.lots:,} lots, {triples:,} triples, loaded in {seconds:.0f} s; {platform.machine()}, "
              f"Python {platform.python_version()}")  # fmt: skip
        other = rdflib_graph(story, chosen.lots) if chosen.rdflib else None
        print(f"{'question':<28}{'rows':>8}{'p50 ms':>10}{'p95 ms':>10}{'rdflib ms':>12}")
        with QueryService(snapshots, story.registry.base) as service:
            for one in story.registry.queries.library():
                if chosen.only and one.name not in chosen.only:
                    continue
                text = story.registry.queries.question_text(one.name)
                taken, rows = timed(service, text, chosen.runs)
                figures = f"{statistics.median(taken):>10.0f}{taken[-1]:>10.0f}" if taken else f"{'over 10 s':>20}"
                plain = by_rdflib(other, text, chosen.rdflib) if other is not None else None
                beside = "" if other is None else f"{plain * 1000:>12.0f}" if plain is not None else f"{'—':>12}"
                print(f"{one.name:<28}{rows:>8,}{figures}{beside}", flush=True)
        story.registry.close()


if __name__ == "__main__":
    main()

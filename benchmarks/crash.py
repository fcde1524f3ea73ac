"""kill -9 at random points of submissions, signatures and backups: nothing acknowledged is lost, nothing half-signed.

    python benchmarks/crash.py --kills 1000                     SQLite, then PostgreSQL
    python benchmarks/crash.py --kills 50 --ledger sqlite

A worker registers a lot, submits its panel, signs its release, and copies the registry after every eighth lot; it
tells over a pipe what was acknowledged. It is killed, by the clock or after so much of the processor (an even share of
points in the code, whatever else the machine does), and the next one starts. After each kill everything acknowledged
since the last one has to be there, and no lot may be released without its one signed decision; after every
``--audit`` kills the whole ledger is audited, and the newest copy restored and audited. Exit 1 at the first loss.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from submitting import table

from registry.accounts import Accounts
from registry.errors import Throttled
from registry.services import LotDraft, ProductDraft, Registry
from registry.services.accounts import LocalOperator
from tests.people import account_of
from tests.postgresql import cluster, new_database

PASSWORD = "a few odd words here"  # noqa: S105 - of a registry for a benchmark
EVERY = 8
"""Lots after which a worker copies the registry."""


@dataclass
class Campaign:
    """One registry that is killed again and again, and what was acknowledged of it."""

    folder: Path
    copies: Path
    chance: random.Random
    acknowledged: list[tuple[str, str]] = field(default_factory=list)
    kills: Counter[str] = field(default_factory=Counter)
    next: int = 2


def furnished(folder: Path, url: str = "") -> None:
    """A registry with a product and what is approved for it; people who submit and sign."""
    registry, _password = Registry.create(folder, url=url)
    people = Accounts(registry.ledger).people
    for name, role in (("lab", "submitter"), ("quality", "quality unit")):
        people.create(name, role, by="admin", printed_name=name.title(), password=PASSWORD, must_change=False)
    product = ProductDraft(
        "POI-M", "hESC-derived MSC", "CL:0000134", "CLO:0037280", "allogeneic", "NCBITaxon:9606", ("DOID:5426",)
    )
    registry.products.register(product, account_of(registry, "quality"))
    registry.specifications.approve("POI-M", "msc-identity", name="quality", password=PASSWORD)
    registry.close()
    work(folder, folder.parent, 1, lots=1)  # whatever is made once is made before workers are forked


def work(folder: Path, copies: Path, first: int, told: int = -1, lots: int | None = None) -> None:
    """What is killed: every line that reaches the pipe ``told`` says what was acknowledged."""
    registry = Registry.open(folder)
    lab, quality = account_of(registry, "lab"), account_of(registry, "quality")

    def tell(what: str, which: str) -> None:
        if told >= 0:
            os.write(told, json.dumps([what, which]).encode() + b"\n")

    tell("opened", "")
    for number in count(first) if lots is None else range(first, first + lots):
        lot = f"L-{number}"
        expires = datetime.now(UTC) + timedelta(days=90)
        registry.lots.register(LotDraft(lot, product="POI-M", expires_at=expires), quality)
        tell("registered", lot)
        registry.submissions.submit(f"{number}.csv", table(number), lab)
        tell("submitted", lot)
        if number % 10:  # every tenth has too much CD34
            try:
                registry.releases.sign(lot, "release", name="quality", password=PASSWORD, meaning="I release it.")
            except Throttled:  # a password counts as tried before it is compared, and kills between add up
                tell("told to wait", lot)
            else:
                tell("signed", lot)
        if number % EVERY == 0 or lots is not None:
            file, _told = registry.upkeep.backup_into(copies)
            tell("copied", file.name)
    registry.close()


def killed(campaign: Campaign, longest: float) -> list[tuple[str, str]]:
    """Start a worker, kill it somewhere, and answer what it told of."""
    ours, theirs = os.pipe()
    by_processor = campaign.chance.random() < 0.5
    after = campaign.chance.uniform(0.002, longest)
    pid = os.fork()
    if pid == 0:
        os.close(ours)
        signal.signal(signal.SIGPROF, signal.SIG_DFL)  # ends it at once, as -9 does: nothing of ours is run
        if by_processor:
            signal.setitimer(signal.ITIMER_PROF, after + 0.03)
        try:
            work(campaign.folder, campaign.copies, campaign.next, theirs)
        except BaseException as error:
            os.write(theirs, json.dumps(["failed", repr(error)]).encode() + b"\n")
        finally:
            os._exit(1)
    os.close(theirs)
    with os.fdopen(ours, "rb") as pipe:
        if not by_processor:
            first = pipe.readline()
            time.sleep(after)
            os.kill(pid, signal.SIGKILL)
        else:
            first = b""
        lines = [first, *pipe.read().splitlines()]
    os.waitpid(pid, 0)
    told = [tuple(json.loads(line)) for line in lines if line.strip()]
    campaign.kills[told[-1][0] if told else "opening"] += 1
    campaign.next += 1 + max(
        (int(which[2:]) - campaign.next + 1 for _what, which in told if which[:2] == "L-"), default=0
    )
    return [(what, which) for what, which in told if what != "opened"]


def lost(registry: Registry, acknowledged: list[tuple[str, str]], copies: Path) -> Iterator[str]:
    """What was acknowledged and is not there, and what stands half: one line each."""
    names = dict.fromkeys(which for what, which in acknowledged if what not in {"copied", "failed"})
    kinds = {lot: Counter(entry.kind for entry in registry.ledger.entries(lot=lot)) for lot in names}
    states = {lot: registry.lots.get(lot).answer.state for lot in names}
    for what, which in acknowledged:
        if what == "failed":
            yield f"a worker, without being killed: {which}"
        if what == "copied" and not (copies / which).exists():
            yield f"the copy {which}"
        if what == "submitted" and not kinds[which]["panel"]:
            yield f"the panel of {which}"
        if what == "signed" and states[which] != "released":
            yield f"the release of {which}"
    for lot, many in kinds.items():
        if many["panel"] > 1 or many["decision"] > 1 or (states[lot] == "released") != bool(many["decision"]):
            yield f"{lot} is {states[lot]} with {many}"


def audited(campaign: Campaign, scratch: Path) -> Iterator[str]:
    """Findings of the audit, and of the newest copy once it is restored."""
    registry = Registry.open(campaign.folder)
    yield from (str(finding) for finding in registry.upkeep.audit().findings)
    registry.close()
    copies = sorted(campaign.copies.glob("registry-*.tar"))
    for copy in copies[-1:]:
        with tempfile.TemporaryDirectory(dir=scratch) as name:
            key = campaign.folder / "signing-key.pem"
            restored = Registry.restore(copy, Path(name) / "restored", by=LocalOperator(), key_file=key)
            yield from (f"{copy.name}: {finding}" for finding in restored.upkeep.audit().findings)
            restored.close()
    for old in copies[:-1]:
        old.unlink()


def campaign_of(
    scratch: Path, kills: int, every: int, seed: int, url: str = "", *, longest: float = 0.4, minutes: float = 1e9
) -> list[str]:
    """So many kills of one registry, or as many as the time allows; answers what was lost, nothing if all is well."""
    campaign = Campaign(scratch / "data", scratch / "copies", random.Random(seed))  # noqa: S311 - no secret
    campaign.copies.mkdir()
    furnished(campaign.folder, url)
    faults, since, begun = list[str](), list[tuple[str, str]](), time.monotonic()
    for number in range(1, kills + 1):
        told = killed(campaign, longest)
        since += told
        registry = Registry.open(campaign.folder)
        faults += lost(registry, told, campaign.copies)
        size = registry.size()
        registry.close()
        over = time.monotonic() - begun > 60 * minutes
        if number % every == 0 or number == kills or over:
            registry = Registry.open(campaign.folder)
            faults += lost(registry, [each for each in since if each[0] != "copied"], campaign.copies)
            registry.close()
            faults += audited(campaign, scratch)
            campaign.acknowledged += since
            since = []
            acknowledged = Counter(what for what, _which in campaign.acknowledged)
            print(f"  {number} kills, {size} entries, {dict(acknowledged)} acknowledged, {len(faults)} faults, "
                  f"{time.monotonic() - begun:.0f} s", flush=True)  # fmt: skip
        if faults or over:
            break
    print("  killed after: " + ", ".join(f"{what} {many}" for what, many in campaign.kills.most_common()))
    return faults


@contextlib.contextmanager
def ledger_of(kind: str) -> Iterator[str]:
    """The address of an empty database of a server of its own; empty for SQLite."""
    if kind == "sqlite":
        yield ""
        return
    with cluster() as server:
        yield new_database(server, "crash")


def main() -> None:
    """Kill and print; exit 1 when anything was lost."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--kills", type=int, default=1000)
    asked.add_argument("--ledger", choices=("sqlite", "postgresql", "both"), default="both")
    asked.add_argument("--audit", type=int, default=50, help="kills between two audits")
    asked.add_argument("--minutes", type=float, default=1e9, help="of each ledger, at most")
    asked.add_argument("--seed", type=int, default=16)
    chosen = asked.parse_args()
    faults = list[str]()
    for kind in ("sqlite", "postgresql") if chosen.ledger == "both" else (chosen.ledger,):
        print(f"{kind}, seed {chosen.seed}", flush=True)
        scratch = Path(tempfile.mkdtemp(prefix=f"crash-{kind}-"))
        try:
            with ledger_of(kind) as url:
                faults += campaign_of(scratch, chosen.kills, chosen.audit, chosen.seed, url, minutes=chosen.minutes)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
    for fault in faults:
        print(f"LOST: {fault}")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()

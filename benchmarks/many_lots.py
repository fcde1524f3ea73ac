"""A registry of many lots, as one that has been in use for years: what the benchmarks of pages and of starting open.

    python benchmarks/many_lots.py FOLDER [--lots 50000]

Twelve products, six specifications (four products were moved from one to another), a line, banks and lots over
thirty months. A lot has one or two panels, read from files of forty lots by the real reader and written by the real
writers; of a hundred lots seventy pass, the others fail, lack or leave open a criterion, have no panel, a panel
withdrawn or a retest. Decisions are signed by the registry's key. What is left out is what each verb asks before it
writes (the form by SHACL, the password, the verdict at that moment): that is measured in ``gate.py``. The ledger's
clock goes from thirty months ago until now. In the end the registry judges every lot, by the plain comparison that must
agree with SHACL at every release: that takes minutes less.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from unittest.mock import patch

from many_panels import Row, Story, retest, rows, table
from many_products import CELL_TYPES, DISEASES, PASSWORD, PEOPLE, SHARES, SOURCES, SPECIFICATIONS

from registry import intake
from registry.accounts import Accounts
from registry.domain import Acceptance, Decision, DecisionKind, Result, Specification
from registry.judgement import independent, shacl
from registry.ledger import Ledger, NewEntry
from registry.ledger.ledger import SIGNING_KEY
from registry.ledger.signing_keys import signing_key
from registry.proof.signing import SigningKey
from registry.records import Record, digest_of
from registry.records.decision import write_acceptance, write_decision, write_withdrawal
from registry.records.keys import keys
from registry.records.lot import write_lot
from registry.records.panel import write_panel, write_submission
from registry.services import DEFAULT_BASE, LotDraft, ProductDraft, Registry
from registry.services.submissions.read_file import panels_of
from tests.people import account_of

STORIES: tuple[tuple[Story, int], ...] = (
    ("pass", 72), ("fail", 10), ("missing", 9), ("undetermined", 5), ("bare", 2), ("withdrawn", 1), ("retest", 1),
)  # fmt: skip
MONTHS, FILE, ROUND = 30, 40, 400
DONE = "made.json"


@dataclass
class Clock:
    """The ledger's clock, which stands where it was put."""

    at: datetime

    def __call__(self) -> datetime:
        """The time it stands at."""
        return self.at


@dataclass
class Made:
    """One lot while it is made: what it is, and what is on record of it."""

    lot: LotDraft
    against: Specification
    story: Story
    records: list[str] = field(default_factory=list)
    panels: list[str] = field(default_factory=list)


class Maker:
    """Everything that is entered, in the order in which a registry in use would have it."""

    def __init__(self, folder: Path, lots: int) -> None:
        self.until = datetime.now(UTC).replace(microsecond=0)
        self.clock = Clock(self.until - timedelta(days=31 * MONTHS))
        self.chance, self.count = Random(20261122), lots  # noqa: S311 - the same lots every time
        key = SigningKey.create(folder / SIGNING_KEY)
        ledger = Ledger.create(
            folder, base=DEFAULT_BASE, public_key=key.public, actor="cell-registry init", clock=self.clock
        )
        self.registry = Registry(folder, ledger)
        self.against: dict[str, Specification] = {}

    def make(self) -> None:
        """People, products and banks by their verbs; then the lots, round by round."""
        self._people()
        self._products()
        self._banks()
        made = self._lots()
        while some := list(islice(made, min(ROUND, 1 + self.count // MONTHS))):
            self._enter_lots(some)
            for product in dict.fromkeys(one.lot.product for one in some):
                mine = [one for one in some if one.lot.product == product and one.story != "bare"]
                for start in range(0, len(mine), FILE):
                    self._submit(mine[start : start + FILE], f"{product}-{some[0].lot.id}-{start}")
            self._decide(some)

    def _people(self) -> None:
        people, by = Accounts(self.registry.ledger).people, "cell-registry init"
        _account, once = people.create("admin", "administrator", by=by, printed_name="Administrator")
        admin = self.registry.accounts.change_password("admin", once, PASSWORD)
        for name, role in PEOPLE:
            once = self.registry.accounts.create(name, role, name.title(), by=admin)
            self.registry.accounts.change_password(name, once, PASSWORD)

    def _products(self) -> None:
        for number in range(len(SHARES)):
            product, disease = f"P-{number:02d}", DISEASES[number % len(DISEASES)]
            draft = ProductDraft(
                product, f"Mesenchymal stem cells {number + 1}", CELL_TYPES[number % 4], SOURCES[number % 3],
                "allogeneic", "NCBITaxon:9606", (disease,), study=f"NCT0{4000000 + number}",
            )  # fmt: skip
            self.registry.products.register(draft, account_of(self.registry, "quality"))
            for name in (SPECIFICATIONS[0], SPECIFICATIONS[number % 6])[number % 3 != 1 :]:
                self._approve(product, name)

    def _approve(self, product: str, name: str) -> None:
        found = self.registry.specifications.get(name)
        why = {
            one.label: "As the study's protocol says."
            for one in self.registry.specifications.departures(found, product)
        }
        self.registry.specifications.approve(
            product, name, name="quality", password=PASSWORD, meaning="I approve it.", justifications=why
        )
        self.against[product] = found

    def _banks(self) -> None:
        self.registry.lots.register(
            LotDraft("LINE-1", kind="cell line", synthetic=True), account_of(self.registry, "quality")
        )
        for number in range(len(SHARES)):
            master = f"MCB-{number:02d}"
            self.registry.lots.register(
                LotDraft(master, kind="cell bank", derived_from=("LINE-1",), synthetic=True),
                account_of(self.registry, "quality"),
            )
            for bank in range(5):
                draft = LotDraft(f"WCB-{number:02d}-{bank}", kind="cell bank", derived_from=(master,), synthetic=True)
                self.registry.lots.register(draft, account_of(self.registry, "quality"))

    def _lots(self) -> Iterator[Made]:
        products = self.chance.choices(range(len(SHARES)), SHARES, k=self.count)
        stories = self.chance.choices(*zip(*STORIES, strict=True), k=self.count)
        begun = self.clock.at
        for number, (product, story) in enumerate(zip(products, stories, strict=True)):
            self.clock.at = begun + (self.until - begun) * number / self.count
            made = self.clock.at.date() - timedelta(days=3)
            draft = LotDraft(
                f"L-{number:05d}", product=f"P-{product:02d}", passage=3 + number % 6, manufactured_on=made,
                expires_at=self.clock.at + timedelta(days=720), containers=12, storage="in nitrogen vapour",
                derived_from=(f"WCB-{product:02d}-{number % 5}",), synthetic=True,
            )  # fmt: skip
            yield Made(draft, self.against[f"P-{product:02d}"], story)

    def _entry(self, kind: str, record: Record, lots: Sequence[str], **details: str) -> NewEntry:
        return NewEntry(kind, record, tuple(lots), details, keys(kind, record, self.registry.names))

    def _enter_lots(self, some: Sequence[Made]) -> None:
        entries = [
            self._entry("lot", write_lot(one.lot, self.registry.names), [one.lot.id],
                        summary=f"Product lot {one.lot.id} registered")
            for one in some
        ]  # fmt: skip
        self.registry.ledger.append(entries, actor="lab")

    def _submit(self, some: Sequence[Made], name: str) -> None:
        """The markers in one file; in every second one the other tests follow in another."""
        story = {one.lot.id: rows(one.lot.id, one.against, self.registry.terms, one.story, self.chance) for one in some}
        found = [row for each in story.values() for row in each]
        apart = len(found) % 2 == 0
        first = [row for row in found if not apart or row[3] == "%"]
        self._file(f"{name}.csv", table(first), some)
        if rest := [row for row in found if row not in first] if apart else []:
            self._file(f"{name}-tests.csv", table(rest), some)
        for one in some:
            if one.story == "retest":
                self._retest(one, story[one.lot.id])

    def _file(self, name: str, data: bytes, some: Sequence[Made]) -> None:
        names, file, by_lot = self.registry.names, digest_of(data), {one.lot.id: one for one in some}
        said = intake.read(name, data, self.registry.terms, base=names.base)
        assert not said.errors, said.errors[0]
        entries, panels = [], []
        for panel in panels_of(said.results):
            identifier, record = write_panel(panel, names, file=file, file_name=name, synthetic=True)
            words = f"Panel of {len(panel.results)} results from {name}"
            entry = self._entry("panel", record, [panel.lot], panel=identifier, summary=words)
            entries.append(NewEntry(entry.kind, record, entry.lots, entry.details, entry.index, (file,)))
            by_lot[panel.lot].records.append(record.digest)
            by_lot[panel.lot].panels.append(identifier)
            panels.append(identifier)
        whole = write_submission(file, name, panels, names)
        first = NewEntry("submission", whole, details={"summary": f"Submission of {name}"}, files=(file,))
        self.registry.ledger.append([first, *entries], actor="lab", files={file: (name, data)}, content=file)

    def _retest(self, one: Made, printed: Sequence[Row]) -> None:
        """The first criterion measured again, and that accepted by the quality unit."""
        criterion = one.against.criteria[0]
        old = next((result for result in self._results(one) if result.characteristic == criterion.characteristic), None)
        if old is None or old.iri is None:
            return
        row = next(
            row for row in printed if row[1] == self.registry.terms.characteristics[criterion.characteristic].symbol
        )
        self._file(f"retest {one.lot.id}.csv", retest(one.lot.id, row, old.iri, criterion, self.chance), [one])
        newest = self._results(one)[-1]
        if newest.iri is not None:
            why = Acceptance(one.lot.id, newest.iri, "The cause is known.", "quality", "Quality", self.clock.at)
            record = write_acceptance(why, self.registry.names)
            self._sign([self._entry("acceptance", record, [one.lot.id], summary="A retest accepted by Quality")])

    def _results(self, one: Made) -> tuple[Result, ...]:
        return self.registry.reader.facts(one.lot.id).results

    def _decide(self, some: Sequence[Made]) -> None:
        """Four of five that pass are released, half of those that fail rejected; a few are held or recalled after."""
        entries = []
        for number, one in enumerate(some):
            if one.story == "withdrawn":
                record = write_withdrawal(
                    one.panels[0], "The tubes were swapped.", "quality", "Quality", self.clock.at, self.registry.names
                )
                entries.append(self._entry("withdrawal", record, [one.lot.id], summary="Panel withdrawn"))
            kinds: tuple[DecisionKind, ...] = ()
            if one.story == "pass" and number % 5:
                kinds = (
                    ("release", "hold")
                    if number % 97 == 1
                    else ("release", "recall")
                    if number % 199 == 1
                    else ("release",)
                )
            elif one.story == "fail" and number % 2:
                kinds = ("rejection",)
            entries += [self._decision(one, kind, place) for place, kind in enumerate(kinds)]
        self._sign(entries)

    def _decision(self, one: Made, kind: DecisionKind, place: int) -> NewEntry:
        released = kind == "release"
        decision = Decision(
            kind, one.lot.id, "quality", "Quality", self.clock.at + timedelta(microseconds=place), f"I decide: {kind}.",
            reason="" if released else "Found at the review.",
            specification=one.against.iri if released else None,
            specification_digest=one.against.digest if released else None,
            evidence=tuple(sorted(one.records)) if released else (), ledger_size=self.registry.ledger.size(),
        )  # fmt: skip
        record = write_decision(decision, self.registry.names)
        return self._entry("decision", record, [one.lot.id], summary=f"{kind} signed by Quality", decision=kind)

    def _sign(self, entries: Sequence[NewEntry]) -> None:
        key = signing_key(self.registry.ledger)
        signed = [
            NewEntry(one.kind, one.record, one.lots, {**one.details, **key.details(one.record.ntriples)}, one.index)
            for one in entries
            if one.record is not None
        ]
        if signed:
            self.registry.ledger.append(signed, actor="quality")


def fixture(folder: Path, lots: int) -> Registry:
    """The registry in ``folder``; made there when the folder is empty or not there, which takes minutes."""
    if (folder / DONE).is_file():
        found = json.loads((folder / DONE).read_text(encoding="utf-8"))["lots"]
        assert found == lots, f"{folder} holds {found:,} lots: name another folder"
        return Registry.open(folder)
    folder.mkdir(parents=True, exist_ok=True)
    assert not any(folder.iterdir()), f"{folder} holds something that was not finished: delete it"
    begun = time.perf_counter()
    maker = Maker(folder, lots)
    maker.make()
    entered = time.perf_counter()
    with patch.object(shacl, "judge", independent.judge):
        maker.registry.lot_index.rebuild()
    maker.registry.close()
    judged = time.perf_counter()
    (folder / DONE).write_text(json.dumps({"lots": lots}), encoding="utf-8")
    print(f"{lots:,} lots entered in {entered - begun:.0f} s, their lines judged in {judged - entered:.0f} s\n")
    return Registry.open(folder)


def main() -> None:
    """Make it."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=Path)
    options.add_argument("--lots", type=int, default=50_000)
    chosen = options.parse_args()
    fixture(chosen.folder, chosen.lots).close()


if __name__ == "__main__":
    main()

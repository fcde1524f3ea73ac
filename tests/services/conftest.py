"""A real registry in a temporary folder, with people, a product and an approved specification."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from registry.services import Account, LotDraft, ProductDraft, Registry, SubmissionReceipt
from tests.people import account_of

SECRET = "seven grey herons fly"
MARKERS = {"CD73": "98.5", "CD90": "99.1", "CD105": "97.4", "CD45": "0.3", "CD34": "<0.5", "HLA-DR": "1.2"}
PEOPLE = {
    "lab.one": "submitter",
    "lab.two": "submitter",
    "q.one": "quality unit",
    "q.two": "quality unit",
    "clinic.one": "clinician",
    "analyst.one": "analyst",
    "inspector.one": "inspector",
}


@dataclass
class House:
    """A registry and the few verbs that stories are told with."""

    registry: Registry

    def account(self, name: str) -> Account:
        return next(one for one in self.registry.accounts.all() if one.name == name)

    def lot(self, name: str, **changes: object) -> None:
        draft = {"product": "POI-M", "expires_at": datetime.now(UTC) + timedelta(days=90), **changes}
        self.registry.lots.register(LotDraft(name, **draft), account_of(self.registry, "q.two"))  # type: ignore[arg-type]

    def submit(self, lot: str, by: str = "lab.one", name: str = "panel.csv", **values: str | None) -> SubmissionReceipt:
        rows = {**MARKERS, **{key.replace("_", "-"): value for key, value in values.items()}}
        lines = [f"{lot},{marker},{value},%" for marker, value in rows.items() if value is not None]
        text = "lot,characteristic,value,unit\n" + "\n".join(lines) + "\n"
        return self.registry.submissions.submit(name, text.encode(), self.account(by))

    def decide(self, lot: str, kind: str, by: str = "q.one", reason: str = "For the test.") -> None:
        self.registry.releases.sign(lot, kind, name=by, password=SECRET, meaning="I decide.", reason=reason)  # type: ignore[arg-type]

    def release_on_condition(self, lot: str, within: timedelta, by: str = "q.one") -> datetime:
        """Sign it; answers the time by which what is due must be there."""
        complete_by = self.now() + within
        self.registry.releases.sign(
            lot, "conditional release", name=by, password=SECRET, meaning="I decide.", reason="It is needed today.",
            complete_by=complete_by,
        )  # fmt: skip
        return complete_by

    def now(self) -> datetime:
        """Ledger time."""
        return self.registry.ledger.now()

    def pass_time(self, time: timedelta) -> None:
        """From now on it is so much later."""
        ledger, past = self.registry.ledger, self.registry.ledger.clock
        ledger.clock = lambda: past() + time

    def state(self, lot: str) -> str:
        return self.registry.lots.get(lot).answer.state


def build(folder: Path) -> House:
    """A house with everybody in it."""
    registry, _password = Registry.create(folder)
    for name, role in PEOPLE.items():
        registry.accounts._accounts.people.create(
            name, role, by="admin", printed_name=name.title(), password=SECRET, must_change=False
        )
    registry.products.register(
        ProductDraft(
            "POI-M", "hESC-derived MSC", "CL:0000134", "CLO:0037280", "allogeneic", "NCBITaxon:9606", ("DOID:5426",)
        ),
        account_of(registry, "q.two"),
    )
    registry.specifications.approve("POI-M", "msc-identity", name="q.two", password=SECRET)
    return House(registry)


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a house with everybody in it, made once: passwords are slow on purpose."""
    folder = tmp_path_factory.mktemp("house") / "data"
    build(folder).registry.close()
    return folder


@contextmanager
def copied(told: Path, folder: Path) -> Iterator[House]:
    """A house of one's own that goes on from what was told once."""
    shutil.copytree(told, folder)
    found = House(Registry.open(folder))
    yield found
    found.registry.close()


@pytest.fixture
def house(furnished: Path, tmp_path: Path) -> Iterator[House]:
    """A fresh house of one's own."""
    with copied(furnished, tmp_path / "data") as found:
        yield found

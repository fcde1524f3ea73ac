"""One real registry with a short story, and clients of every role that speak to it."""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from registry.services import LotDraft, ProductDraft, Registry
from registry.services.accounts import scopes_of
from tests.people import account_of
from web import create_app
from web.serve import server

PASSWORD = "a few odd words here"
HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
HOSTILE = "<script>alert(1)</script>\"'&"
ROLES = {
    "lab.one": "submitter",
    "quality": "quality unit",
    "clinic": "clinician",
    "analyst": "analyst",
    "inspector": "inspector",
    "admin": "administrator",
}
EXPIRES = datetime(2099, 12, 1, 12, tzinfo=UTC)
SIX = (("CD73", "98.5"), ("CD90", ">=99"), ("CD105", "97.2"), ("CD45", "<0.5"), ("CD34", "0.4"), ("HLA-DR", "1.1"))


def panel(lot: str, *, without: str = "", **values: str) -> bytes:
    """A long table of the six markers for one lot; ``CD73="88"`` changes a value, ``without`` leaves a marker out."""
    rows = [f"{lot},{name},{values.get(name, value)},%\n" for name, value in SIX if name != without]
    return ("lot,characteristic,value,unit\n" + "".join(rows)).encode()


@dataclass
class Site:
    """The application, its registry, and a token and a file digest to ask with."""

    app: Flask
    registry: Registry
    tokens: dict[str, str]
    good: str
    cookies: dict[str, str] = field(default_factory=dict)

    def client(self) -> FlaskClient:
        """A browser that nobody has used."""
        return self.app.test_client()

    def signed_in(self, name: str) -> FlaskClient:
        """A browser in which this account has signed in; browsers of one account share its one session."""
        client, kept = self.client(), self.cookies.get(name, "")
        if kept and self.registry.accounts.session(kept, noted=False) is not None:
            client.set_cookie("session", kept)
            return client
        answer = sign_in(client, name, PASSWORD)
        assert answer.status_code == 303, answer.text
        cookie = client.get_cookie("session")
        assert cookie is not None
        self.cookies[name] = cookie.value
        return client

    def script(self, name: str) -> tuple[FlaskClient, dict[str, str]]:
        """A browser of this account, and the headers of a script in it: for what no token may do."""
        client = self.signed_in(name)
        session = self.registry.accounts.session(self.cookies[name], noted=False)
        assert session is not None
        return client, {"X-CSRF-Token": session[1], "Accept": "application/json"}

    def bearer(self, name: str, **headers: str) -> dict[str, str]:
        """Headers of a program that acts for this account."""
        return {"Authorization": f"Bearer {self.tokens[name]}", "Accept": "application/json", **headers}

    def add_lot(self, lot: str, product: str = "POI-M", **more: object) -> str:
        """A registered product lot."""
        draft = LotDraft(lot, product=product, expires_at=EXPIRES, synthetic=True, **more)  # type: ignore[arg-type]
        self.registry.lots.register(draft, account_of(self.registry, "lab.one"))
        return lot

    def submit(self, lot: str, data: bytes | None = None, name: str = "panel.csv") -> None:
        """Results of a lot on record."""
        account = next(one for one in self.registry.accounts.all() if one.name == "lab.one")
        assert self.registry.submissions.submit(name, data or panel(lot), account).recorded

    def sign(self, lot: str, kind: str, reason: str = "") -> None:
        """A decision on record."""
        words = {"name": "quality", "password": PASSWORD, "meaning": f"I sign: {kind}.", "reason": reason}
        self.registry.releases.sign(lot, kind, **words)  # type: ignore[arg-type]


def sign_in(client: FlaskClient, name: str, password: str, wanted: str = "/") -> object:
    """Fill in the sign-in form as a browser does."""
    page = client.get("/sign-in", headers=HTML).text
    return client.post(
        "/sign-in", headers=HTML, data={"csrf": csrf_of(page), "name": name, "password": password, "next": wanted}
    )


def csrf_of(page: str) -> str:
    """The hidden token of a page's form."""
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found is not None, page
    return found[1]


def hidden(page: str, name: str) -> str:
    """A hidden field of a page's form."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None, page
    return found[1]


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str], str]:
    """The story in a folder, told once: H-03 released, H-04 failing, H-05 on hold, AU-1 autologous and released.

    A lot has a hostile name and note. Answers the folder, each account's token, and the digest of a submitted file.
    """
    folder = Path(tmp_path_factory.mktemp("web")) / "data"
    registry, first = Registry.create(folder)
    registry.accounts.change_password("admin", first, PASSWORD)
    for name, role in ROLES.items():
        if name != "admin":
            once = registry.accounts.create(name, role, f"Dr {name.title()}", by=account_of(registry, "admin"))
            registry.accounts.change_password(name, once, PASSWORD)
    for name, relation in (("POI-M", "allogeneic"), ("AUTO", "autologous")):
        draft = ProductDraft(
            name,
            f"{name} cells",
            "CL:0000134",
            "a cell line",
            relation,
            "NCBITaxon:9606",
            ("DOID:5426",),
            "NCT03877471",
        )  # type: ignore[arg-type]
        registry.products.register(draft, account_of(registry, "lab.one"))
        registry.specifications.approve(
            name, "msc-identity", "1", name="quality", password=PASSWORD, meaning="I approve it."
        )
    tokens = {
        name: registry.accounts.create_token(name, "tests", by=account_of(registry, name), scopes=scopes_of(role))
        for name, role in ROLES.items()
    }
    site = Site(create_app(registry), registry, tokens, "")
    registry.lots.register(LotDraft("B-2", kind="cell bank", synthetic=True), account_of(registry, "lab.one"))
    for lot in ("H-03", "H-04", "H-05", "A/1 #7"):
        site.add_lot(lot, derived_from=("B-2",), note=HOSTILE)
    site.add_lot("AU-1", "AUTO", recipient="R-0042")
    for lot in ("H-03", "H-05", "A/1 #7", "AU-1"):
        site.submit(lot, name=f"{HOSTILE[:8]} {lot.replace('/', ' ')}.csv")
        site.sign(lot, "release")
    site.submit("H-04", panel("H-04", CD105="88.4", CD45="<5", without="CD73"))
    site.sign("H-05", "hold", reason=f"A retest {HOSTILE} is under way.")
    good = registry.lots.get("H-03").panels[0].file or ""
    registry.close()
    return folder, tokens, good


@pytest.fixture(scope="module")
def site(told: tuple[Path, dict[str, str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The story, for the tests of one file alone: what they add does not reach the next."""
    folder, tokens, good = told
    own = tmp_path_factory.mktemp("site") / "data"
    shutil.copytree(folder, own)
    registry = Registry.open(own)
    yield Site(create_app(registry), registry, tokens, good)
    registry.close()


@pytest.fixture(scope="module")
def address(site: Site) -> Iterator[str]:
    """Where the story is served over a socket, without the last slash."""
    listening = server(site.registry, "127.0.0.1", 0)
    runner = threading.Thread(target=listening.run, daemon=True)
    runner.start()
    yield f"http://127.0.0.1:{listening.effective_port}"
    listening.task_dispatcher.shutdown()
    listening.trigger.pull_trigger(listening.close)
    runner.join(5)


@pytest.fixture
def quality(site: Site) -> FlaskClient:
    """A browser in which the quality unit has signed in."""
    return site.signed_in("quality")


@pytest.fixture(scope="module")
def drafter(site: Site) -> FlaskClient:
    """The member who drafts, signed in."""
    return site.signed_in("quality")


@pytest.fixture(scope="module")
def second(site: Site) -> FlaskClient:
    """The member who approves, signed in."""
    once = site.registry.accounts.create("second", "quality unit", "Dr Second", by=account_of(site.registry, "admin"))
    site.registry.accounts.change_password("second", once, PASSWORD)
    return site.signed_in("second")

"""A lot is looked up on a full disk; whatever cannot be written says so, to whoever asks and in the log."""

from __future__ import annotations

import logging
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from registry.errors import Unavailable
from registry.services import LotDraft, Registry
from registry.services.accounts import LocalOperator
from web import create_app
from web.security import SESSION_COOKIE

PASSWORD = "three tired herons wade"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of eight megabytes."""
    place = tmp_path / "disk"
    place.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", "size=8m,mode=0700", "tmpfs", str(place)]
    try:
        done = subprocess.run(mounting, capture_output=True, text=True, check=False)
    except OSError as error:
        pytest.skip(f"no small disk can be made here: {error}")
    if done.returncode:
        pytest.skip(f"no small disk can be made here: {done.stderr.strip()}")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def test_a_clinic_is_answered_on_a_full_disk(small_disk: Path, caplog: pytest.LogCaptureFixture) -> None:
    registry, one_time = Registry.create(small_disk / "data")
    admin = registry.accounts.change_password("admin", one_time, PASSWORD)
    first = registry.accounts.create("clinic", "clinician", by=admin)
    clinic = registry.accounts.change_password("clinic", first, PASSWORD + "s")
    operator = LocalOperator()
    registry.lots.register(LotDraft("H-01", "cell line"), operator)
    secret, _csrf = registry.accounts.open_session(clinic)
    client = create_app(registry).test_client()
    client.set_cookie(SESSION_COOKIE, secret)
    later = registry.ledger.clock() + timedelta(minutes=5)
    registry.ledger.clock = lambda: later
    with caplog.at_level(logging.ERROR):
        (small_disk / "ballast").write_bytes(b"")
        with (small_disk / "ballast").open("ab", buffering=0) as ballast:
            while True:
                try:
                    ballast.write(bytes(1 << 12))
                except OSError:
                    break
        page = client.get("/lots/H-01", headers={"Accept": "text/html"})
        ready = client.get("/readyz")
        signing_in = client.post("/sign-in", headers={"Accept": "application/json"})
        entered = client.get("/password", headers={"Accept": "text/html"})
        with pytest.raises(Unavailable) as refused:
            registry.lots.register(LotDraft("H-02", "cell line"), operator)
    assert (page.status_code, ready.status_code, signing_in.status_code, entered.status_code) == (200, 503, 403, 200)
    assert ready.get_json()["problems"] == ["Nothing can be written to the registry's folder: No space left on device."]
    assert refused.value.message == "The disk of the ledger is full: nothing can be entered."
    assert "the use of a session could not be noted" in caplog.text
    registry.ledger.close()

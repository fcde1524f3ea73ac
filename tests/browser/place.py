"""A demonstration that serves, and a real browser beside it that speaks to nothing else."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = (
    "--no-sandbox", "--headless=new", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run",
)  # fmt: skip
PHONE = {"width": 320, "height": 640}
DESK = {"width": 1180, "height": 820}


@dataclass
class Place:
    """The demonstration's address, who may sign in, by role, and the folder that it serves."""

    address: str
    sign_ins: dict[str, tuple[str, str]]
    folder: Path

    def sign_in(self, page: Page, role: str, wanted: str = "/") -> None:
        """Fill in the form as that person does."""
        name, password = self.sign_ins[role]
        page.goto(f"{self.address}sign-in?next={wanted}")
        page.get_by_label("Account name").fill(name)
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_load_state()


@contextmanager
def serving(folder: Path) -> Iterator[Place]:
    """``cell-registry demo`` on a free port."""
    command = [sys.executable, "-m", "registry", "demo", "--data", str(folder), "--port", "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        yield _read(process, folder)
    finally:
        process.terminate()
        process.communicate(timeout=20)


def _read(process: subprocess.Popen[str], folder: Path) -> Place:
    assert process.stdout is not None
    address, sign_ins = "", {}
    for line in process.stdout:
        kind, _, rest = line.strip().partition(": ")
        if kind == "address":
            address = rest
        elif kind == "sign-in":
            role, name, password = rest.rsplit(" ", 2)
            sign_ins[role] = (name, password)
        elif kind == "token":
            return Place(address, sign_ins, folder)
    raise AssertionError("the demonstration ended")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, headless."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


def context(
    browser: Browser,
    *,
    dark: bool = False,
    size: dict[str, int] = DESK,
    scripts: bool = True,
    language: str = "en-US",
) -> BrowserContext:
    """A fresh person: no cookies, motion reduced, and a browser that prefers the language."""
    found = browser.new_context(
        viewport=size,  # type: ignore[arg-type]
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
        java_script_enabled=scripts,
        locale=language,
    )
    found.set_default_timeout(10_000)
    return found

"""``make screenshots``: the main pages of the demonstration as small pictures for README and guides."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests.browser.place import CHROMIUM, Place, chromium, context, serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser

IMAGES = Path(__file__).parents[2] / "docs" / "images"
PHONE = {"width": 390, "height": 760}
WIDE = {"width": 1080, "height": 720}
MOST = 150_000
SHOTS = (
    ("clinic-may", "clinician", "/lots/H-01", PHONE, False),
    ("clinic-must-not", "clinician", "/lots/H-09", PHONE, False),
    ("clinic-find", "clinician", "/lots?q=ovarian", WIDE, False),
    ("lot", "clinician", "/lots/H-01", {"width": 900, "height": 1150}, False),
    ("lot-dark", "clinician", "/lots/H-03", WIDE, True),
    ("derivation", "clinician", "/lots/H-09#derivation", WIDE, False),
    ("review", "quality-unit", "/review", WIDE, False),
    ("evidence", "quality-unit", "/evidence/H-05", WIDE, False),
    ("release", "quality-unit", "/release/H-02", WIDE, False),
    (
        "difference",
        "quality-unit",
        "/approve/hESC-M-ovary?specification=c12-whitehouse-2017-bone-marrow@1#differs",
        WIDE,
        False,
    ),
    ("trends", "quality-unit", "/trends/hESC-M-ovary?criterion=viability", WIDE, False),
    ("submit", "submitter", "/submit", WIDE, False),
    ("explore", "analyst", "/explore", WIDE, False),
    ("ledger", "inspector", "/ledger?kind=decision", WIDE, False),
    ("patterns", "inspector", "/patterns", {"width": 1080, "height": 1400}, False),
)
ROWS = "lot,characteristic,value,unit\nH-05,HLA-DR,101,%\nH-05,mycoplasma,not detected,\n"


def take(place: Place, browser: Browser) -> None:
    """Every picture, each by a person who signs in for it."""
    for name, role, path, size, dark in SHOTS:
        one = context(browser, dark=dark, size=size)
        page = one.new_page()
        place.sign_in(page, role)
        answer = page.goto(place.address.rstrip("/") + path)
        if answer is not None and not answer.ok:
            raise SystemExit(f"{path} answers {answer.status}: that is no picture of it")
        if name == "submit":
            page.get_by_label("Or paste rows").fill(ROWS)
            page.locator("#preview .causes").wait_for()
            page.locator("#preview").scroll_into_view_if_needed()
        file = IMAGES / f"{name}.png"
        page.screenshot(path=file)
        one.close()
        print(f"{file.stat().st_size:>8,} {file.name}")
        if file.stat().st_size > MOST:
            raise SystemExit(f"{file.name} is larger than {MOST:,} bytes")


def main() -> None:
    """Serve a fresh demonstration and take them."""
    if CHROMIUM is None:
        sys.exit("There is no Chromium on this machine.")
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder) / "demo") as place, chromium() as browser:
        take(place, browser)


if __name__ == "__main__":
    main()

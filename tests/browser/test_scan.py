"""A label before a camera, in a photograph, or typed: what its code says is looked up, and nothing else is gone to."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from registry.paper.symbol import data_matrix, qr_code
from tests.browser.looking import faults, watched, words
from tests.browser.place import CHROMIUM, DESK, FLAGS, PHONE, Place, context
from web.lot_index.scan import SCAN_PERMISSIONS, SCAN_POLICY

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from registry.paper.symbol import Symbol

SIZE = (640, 480)
FOREIGN = "(01)09506000134352(10)H-01"


def pictured(*symbols: Symbol, scale: int = 6) -> Image.Image:
    """Symbols side by side on white, as a camera sees them."""
    scene = Image.new("L", SIZE, 235)
    for index, symbol in enumerate(symbols):
        side = len(symbol.rows[0]), len(symbol.rows)
        drawn = Image.new("L", side)
        drawn.putdata([20 if dark else 235 for row in symbol.rows for dark in row])
        scene.paste(drawn.resize((side[0] * scale, side[1] * scale), Image.Resampling.NEAREST), (60 + 300 * index, 90))
    return scene


def video(scene: Image.Image, file: Path) -> Path:
    """Two frames of it as YUV4MPEG2, which Chromium plays for ever in place of a camera."""
    grey = bytes([128]) * (SIZE[0] * SIZE[1] // 2)
    frame = b"FRAME\n" + scene.tobytes() + grey
    file.write_bytes(f"YUV4MPEG2 W{SIZE[0]} H{SIZE[1]} F10:1 Ip A1:1 C420jpeg\n".encode() + frame * 2)
    return file


def photograph(scene: Image.Image) -> dict[str, object]:
    """It as a file that somebody chooses."""
    held = io.BytesIO()
    scene.save(held, "PNG")
    return {"name": "label.png", "mimeType": "image/png", "buffer": held.getvalue()}


@pytest.fixture
def page(place: Place, browser: Browser) -> Iterator[Page]:
    """A clinician's phone without a camera, on the page that scans."""
    person = context(browser, size=PHONE)
    page = person.new_page()
    place.sign_in(page, "clinician")
    page.get_by_role("link", name="Scan").click()
    page.wait_for_url("**/scan")
    yield page
    person.close()


@pytest.mark.parametrize("drawn", [data_matrix, qr_code])
def test_a_label_before_the_camera_opens_its_lot(place: Place, browser: Browser, tmp_path: Path, drawn: object) -> None:
    """One click from the first screen: the camera, our own reader, the answer. No other site is asked for anything."""
    scene = pictured(drawn(f"{place.address}lots/H-01"))  # type: ignore[operator]
    camera = (
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={video(scene, tmp_path / 'camera.y4m')}",
    )
    own = browser.browser_type.launch(executable_path=CHROMIUM, args=[*FLAGS, *camera])
    page = context(own, size=PHONE).new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    broken = watched(page)
    place.sign_in(page, "clinician")
    page.get_by_role("link", name="Scan").click()
    page.wait_for_url("**/lots/H-01")
    assert words(page, ".answer .word") == "MAY BE INJECTED"
    assert [address for address in asked if not address.startswith(place.address)] == []
    assert broken == []
    own.close()


def test_without_a_camera_a_photograph_is_read(page: Page) -> None:
    """It is said in words, and the photograph leads to the same answer."""
    page.get_by_text("There is no camera here.").wait_for()
    assert page.locator("#scan-said").inner_text() == (
        "There is no camera here. Choose a photograph of the label, or type what stands on it."
    )
    page.get_by_label("Or a photograph of the label").set_input_files(
        photograph(pictured(data_matrix("https://registry.example/lots/H-01")))  # type: ignore[arg-type]
    )
    page.wait_for_url("**/lots/H-01")
    assert words(page, ".answer .word") == "MAY BE INJECTED"


def test_a_code_of_another_maker_in_a_photograph_opens_no_lot(page: Page) -> None:
    """As when it is typed: what the code says goes through the same comparison."""
    page.get_by_label("Or a photograph of the label").set_input_files(
        photograph(pictured(data_matrix(FOREIGN)))  # type: ignore[arg-type]
    )
    page.wait_for_url("**/lots?q=*")
    assert words(page, ".refusal h2") == "The product number of this code is on record for no product of this registry."
    assert page.locator(".answer").count() == 0


def test_an_address_in_a_code_is_never_gone_to(place: Place, page: Page) -> None:
    """A code that holds another site's address is looked up here, and finds nothing."""
    page.get_by_label("Or a photograph of the label").set_input_files(
        photograph(pictured(qr_code("https://evil.example/sign-in")))  # type: ignore[arg-type]
    )
    page.wait_for_url(f"{place.address}lots?q=*")
    assert page.get_by_role("heading", level=2).inner_text() == "Nothing found for “https://evil.example/sign-in”"


SEVERAL = "More than one code is in the picture. Show one label alone."
NO_CODE = (
    "No code can be read in this photograph. Take it nearer, straight from above and in focus, or type what stands on "
    "the label."
)
NO_PICTURE = (
    "This file is no picture that your browser can open. Choose a photograph, or type what stands on the label."
)
LONG = "This code holds more than any label does. Type what stands on the label."


def test_what_cannot_be_read_for_certain_is_said_and_nothing_is_opened(page: Page) -> None:
    """Two labels at once, none, a file that is no picture, a code longer than a label's: each in its own words."""
    two = pictured(data_matrix("https://registry.example/lots/H-01"), data_matrix("https://registry.example/lots/H-09"))
    cases = {
        SEVERAL: photograph(two),
        NO_CODE: photograph(pictured()),
        NO_PICTURE: {"name": "label.png", "mimeType": "image/png", "buffer": b"no picture"},
        LONG: photograph(pictured(qr_code("x" * 1001), scale=3)),
    }
    for sentence, file in cases.items():
        page.get_by_label("Or a photograph of the label").set_input_files(file)  # type: ignore[arg-type]
        page.get_by_text(sentence).wait_for()
        assert page.url.endswith("/scan")


def test_a_refused_camera_is_said_and_the_identifier_can_be_typed(place: Place, browser: Browser) -> None:
    """A browser that was told no: what to do stands there, axe-core finds nothing, and the box beneath works."""
    person = context(browser)
    page = person.new_page()
    page.add_init_script(
        "navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', 'NotAllowedError'); }"
    )
    place.sign_in(page, "clinician", "/scan")
    page.get_by_text("The camera was refused.").wait_for()
    assert faults(page) == []
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    page.get_by_label("Or type what stands on the label").fill("H-01")
    page.keyboard.press("Enter")
    page.wait_for_url("**/lots/H-01")
    person.close()


def test_a_browser_that_reads_codes_itself_reads_them(place: Place, browser: Browser) -> None:
    """Our own reader is not even loaded then."""
    person = context(browser)
    page = person.new_page()
    page.add_init_script(
        """window.BarcodeDetector = class {
          static async getSupportedFormats() { return ["code_128", "data_matrix", "qr_code"]; }
          async detect(picture) { return picture instanceof ImageData ? [{ rawValue: "H-09" }] : []; }
        };"""
    )
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    place.sign_in(page, "clinician", "/scan")
    page.get_by_label("Or a photograph of the label").set_input_files(photograph(pictured()))  # type: ignore[arg-type]
    page.wait_for_url("**/lots/H-09")
    assert [address for address in asked if "/vendor/" in address] == []
    person.close()


def test_the_camera_and_webassembly_are_allowed_on_this_page_alone(place: Place, page: Page) -> None:
    """Everywhere else a browser refuses both, and here nothing more is allowed than these."""
    here = page.goto(f"{place.address}scan")
    there = page.goto(f"{place.address}lots/H-01")
    assert here is not None
    assert there is not None
    names = ("content-security-policy", "permissions-policy")
    assert [here.headers[name] for name in names] == [SCAN_POLICY, SCAN_PERMISSIONS]
    assert SCAN_PERMISSIONS == "camera=(self), geolocation=(), microphone=()"
    assert [there.headers[name] for name in names] == [
        SCAN_POLICY.replace(" 'wasm-unsafe-eval'", ""),
        "camera=(), geolocation=(), microphone=()",
    ]

"""Scripts of others that this site serves: known byte for byte, each with its licence and its line in NOTICE."""

from __future__ import annotations

import hashlib

from tests.conftest import ROOT

VENDOR = ROOT / "web" / "static" / "vendor"
DIGESTS = {
    "yasgui/LICENSE.txt": "96f9065a131f6d3d5deab2a09fc9b2d2779a1d1fbd707892700a621afd44ba7e",
    "yasgui/yasgui.min.css": "085b94556b97f9928981bdedb6848fd11ad4d8d950e821f0d698c58ca538fc55",
    "yasgui/yasgui.min.js": "f9f9d34234b6af0fcbf10fed496b78b6375534ae7c18dba9c543aa99e999a408",
    "zxing/LICENSE.txt": "13845ac275230cd813cca2301f09206af1d0d6e1763460d96fcc4b6cc4bf3dee",
    "zxing/zxing_reader.js": "ffd72d59d54082194f7c086b384dcd930bdeb0c5b39fbb13779694e69bb0d344",
    "zxing/zxing_reader.wasm": "5003fb4b88c4fbd1fd518a2fd8c8ad365c519e183a08c03a322dddfea3cea84e",
}
"""SHA-256 of each, as in the release that NOTICE names (YASGUI without the reference to its source map)."""
PACKAGES = {"yasgui": "@zazuko/yasgui 4.6.2", "zxing": "zxing-wasm 3.1.6"}


def test_every_file_of_others_is_the_one_that_was_looked_at() -> None:
    """One that was changed, added or left out is seen here."""
    files = {path.relative_to(VENDOR).as_posix(): path for path in VENDOR.rglob("*") if path.is_file()}
    assert {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()} == DIGESTS


def test_the_reader_of_codes_is_the_one_that_its_script_was_made_for() -> None:
    """The script names the digest of its WebAssembly."""
    module = hashlib.sha256((VENDOR / "zxing" / "zxing_reader.wasm").read_bytes()).hexdigest()
    script = (VENDOR / "zxing" / "zxing_reader.js").read_text(encoding="utf-8")
    assert script.count(f"ZXING_WASM_SHA256=`{module}`") == 1


def test_each_of_them_is_named_in_the_notice_and_has_its_licence_beside_it() -> None:
    """By its package and version, in both."""
    assert {folder.name for folder in VENDOR.iterdir()} == set(PACKAGES)
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    for folder, package in PACKAGES.items():
        licence = " ".join((VENDOR / folder / "LICENSE.txt").read_text(encoding="utf-8").split())
        assert (package, notice.count(package), licence.count(package)) == (package, 1, 1)

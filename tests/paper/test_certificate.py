"""A certificate as paper: what it says, that it says it twice alike, and that no text can change how it is set."""

from __future__ import annotations

import builtins
import html
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry import paper
from registry.errors import WrongUsage
from registry.paper.certificate import NO_CERTIFICATE, PREVIEW, SYNTHETIC, warnings
from tests.paper.reading import dense, document, pages, scanned

AT = datetime(2026, 11, 21, 14, 5, 12, 345678, tzinfo=UTC)
DIGEST = "sha256:" + "0123456789abcdef" * 4
HOSTILE = [
    '#panic("x")', "$x^2$", "*bold* _it_", '#import "/etc/passwd"', "</td><script>alert(1)</script>", "\\u{41} `raw`",
    '#read("/etc/hostname")', "@label <label> [x] ~ -- ...", '"}, "lot": "P-9"', "&lt;b&gt; 'q' %",
]  # fmt: skip


def certificate(**changes: Any) -> paper.Certificate:
    """A released lot's, in order; ``certificate(lot="P/1")`` changes a field."""
    seen = paper.Observation("98.5 %", "flow cytometry", "panel.csv, row 2")
    fields: dict[str, Any] = {
        "lot": "P-07", "kind": "Product lot", "released": True, "state": "released",
        "answer": "May be injected until 2027-02-20 02:33 +00:00.", "warnings": (), "reasons": (),
        "product": (paper.Fact("Product", "hESC-derived MSC (POI-M)"),),
        "description": (paper.Fact("Passage", "5"), paper.Fact("Note", "none")),
        "specification": (paper.Fact("Version", "msc-identity version 1"),), "departures": (), "verdict": "pass",
        "still_open": (),
        "criteria": (paper.Line("CD73", "gating", "≥ 95 %", 1, "", (seen,), "pass", ""),),
        "sources": ("Dominici 2006",),
        "signatures": (paper.Signature("release", "Quirina Unit", "q.one", "2026-11-21 14:00 +00:00",
                                       "I release it.", "", DIGEST, True),),
        "digests": (paper.Fact("Specification", DIGEST, code=True),), "prints": (), "since": (),
        "address": "https://registry.example/lots/P-07", "base": "https://registry.example/", "ledger_size": 48,
        "as_of": AT,
    }  # fmt: skip
    return paper.Certificate(**{**fields, **changes})


FACTS = [
    "Certificate of analysis", "Product lot P-07", "Released. May be injected until 2027-02-20 02:33 +00:00.",
    "hESC-derived MSC (POI-M)", "msc-identity version 1", "CD73", "≥ 95 %", "98.5 %", "Method: flow cytometry.",
    "panel.csv, row 2", "pass", "[1] Dominici 2006", "Quirina Unit (q.one)", "Release, signed 2026-11-21 14:00 +00:00",
    "Meaning: I release it.", DIGEST, "ledger of 48 entries, 2026-11-21T14:05:12.345678+00:00",
    "It departs in nothing from the identity",
]  # fmt: skip


def missing(facts: list[str], text: str) -> list[str]:
    return [fact for fact in facts if dense(fact) not in dense(text)]


def words(page: str) -> str:
    """The text of an HTML page."""
    body = page.split("<body>", 1)[1]
    return html.unescape(re.sub(r"<[^>]*>", " ", body))


def test_the_pdf_says_every_fact() -> None:
    assert missing(FACTS, " ".join(pages(paper.certificate_pdf(certificate())))) == []


def test_the_html_says_the_same_facts() -> None:
    assert missing(FACTS, words(paper.certificate_html(certificate()))) == []


@pytest.mark.parametrize("size", ["a4", "letter"])
def test_the_same_certificate_gives_the_same_bytes(size: str) -> None:
    assert paper.certificate_pdf(certificate(), size) == paper.certificate_pdf(certificate(), size)


def test_another_moment_gives_other_bytes() -> None:
    later = certificate(as_of=AT.replace(microsecond=345679))
    assert paper.certificate_pdf(later) != paper.certificate_pdf(certificate())


@pytest.mark.parametrize(("size", "millimetres"), [("a4", (210, 297)), ("letter", (216, 279))])
def test_the_paper_has_its_size(size: str, millimetres: tuple[int, int]) -> None:
    box = document(paper.certificate_pdf(certificate(), size)).pages[0].mediabox
    assert (round(float(box.width) / 72 * 25.4), round(float(box.height) / 72 * 25.4)) == millimetres


def test_the_pdf_claims_pdf_a_3a_and_pdf_ua_1_and_is_tagged_in_english() -> None:
    """The claims stand in the metadata; typst refuses to write them over a document that breaks their rules."""
    read = document(paper.certificate_pdf(certificate()))
    root: Any = read.trailer["/Root"]
    metadata = root["/Metadata"].get_data().decode()
    claims = re.findall(r"<(pdf(?:aid|uaid):\w+)>([^<]*)<", metadata)
    assert sorted(claims) == [("pdfaid:conformance", "A"), ("pdfaid:part", "3"), ("pdfuaid:part", "1")]
    assert (root["/MarkInfo"]["/Marked"], root["/Lang"], "/StructTreeRoot" in root) == (True, "en-GB", True)
    assert read.metadata is not None
    assert read.metadata.title == "Certificate of analysis, lot P-07"


def test_every_font_is_embedded() -> None:
    fonts = {}
    for page in document(paper.certificate_pdf(certificate())).pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
            described = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]
            fonts[str(described["/FontName"]).partition("+")[2]] = any(
                key in described for key in ("/FontFile2", "/FontFile3")
            )
    assert fonts == {"SourceSansPro-Regular": True, "SourceSansPro-Semibold": True, "DejaVuSansMono": True}


def test_the_symbol_leads_back_to_the_lot() -> None:
    one = certificate()
    assert scanned(paper.certificate_pdf(one)) == [one.address]


def test_the_symbol_of_the_html_is_the_same() -> None:
    one = certificate()
    assert f'<path d="{paper.data_matrix(one.address).path}"/>' in paper.certificate_html(one)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stands_as_it_is_written(text: str) -> None:
    """Names, notes, units and sources are data: not one becomes markup, a command or a file's content."""
    line = paper.Line(text, text, text, 1, text, (paper.Observation(text, text, text),), "pass", text)
    hostile = certificate(lot=text, product=(paper.Fact(text, text),), criteria=(line,), sources=(text,), since=(text,))
    assert (
        missing([f"Product lot {text}", f"Method: {text}. {text}"], " ".join(pages(paper.certificate_pdf(hostile))))
        == []
    )
    page = paper.certificate_html(hostile)
    assert missing([f"Product lot {text}", f"Method: {text}. {text}"], words(page)) == []
    assert re.findall(r"<(script|img|link|iframe|object)", page) == []


@settings(max_examples=30, deadline=None)
@given(st.text(st.sampled_from("#$*_`\\[]{}()<>@=~-/\"'&;|%+.,:ab1 é≥µ"), min_size=1, max_size=60).filter(str.strip))
def test_any_text_is_set_to_the_letter(text: str) -> None:
    found = " ".join(pages(paper.certificate_pdf(certificate(description=(paper.Fact("Note", f"{text}·"),)))))
    assert dense(f"Note{text}·") in dense(found)


def test_a_long_word_stays_on_the_paper() -> None:
    """64 letters without a space, and a file's name of 200, are broken and not cut off."""
    seen = paper.Observation("98.5 %", "flow", "x" * 200)
    line = paper.Line("CD73", "gating", "≥ 95 %", 1, "", (seen,), "pass", "")
    data = paper.certificate_pdf(certificate(lot="W" * 64, criteria=(line,)))
    (first, *_) = document(data).pages
    right = []
    first.extract_text(visitor_text=lambda text, _cm, tm, _font, size: right.append(tm[4]) if text.strip() else None)
    assert max(right) < float(first.mediabox.width) - 17 / 25.4 * 72
    assert missing(["W" * 64, "x" * 200], " ".join(pages(data))) == []


@pytest.mark.parametrize("text", ["李娜", "Ω≈ç√∫ 😀"])
def test_a_character_that_no_font_holds_is_refused_by_name(text: str) -> None:
    """An empty box on a certificate is a wrong name; HTML takes any."""
    one = certificate(lot=text)
    with pytest.raises(WrongUsage) as refusal:
        paper.certificate_pdf(one)
    assert (refusal.value.message, refusal.value.found) == (
        "A character cannot be printed: no font here holds it.", text[0] if text == "李娜" else "😀",
    )  # fmt: skip
    assert missing([text], words(paper.certificate_html(one))) == []


def test_warnings_stand_on_every_page() -> None:
    said = warnings(
        released=True, may_be_injected=False, state="recalled", complete_by="2026-12-06 12:00 +00:00", synthetic=True,
        preview=True,
    )  # fmt: skip
    assert len(said) == 4
    lines = certificate().criteria * 60
    texts = pages(paper.certificate_pdf(certificate(warnings=said, state="recalled", criteria=lines)))
    assert len(texts) > 2
    assert [missing(list(said), text) for text in texts] == [[]] * len(texts)


@pytest.mark.parametrize(
    ("released", "may", "state", "expected"),
    [
        (True, True, "released", ()),
        (False, False, "not released", (NO_CERTIFICATE,)),
        (False, False, "rejected", ("Rejected: this lot must not be injected.", NO_CERTIFICATE)),
        (True, False, "recalled", ("Recalled: this lot must not be injected.",)),
        (True, False, "on hold", ("On hold: this lot must not be injected.",)),
        (True, False, "expired", ("Expired: this lot must not be injected.",)),
        (True, False, "suspended", ("Suspended: this lot must not be injected.",)),
        (True, False, "not released", ("Its release no longer stands: this lot must not be injected.",)),
    ],
)
def test_what_must_stand_on_every_page(released: bool, may: bool, state: str, expected: tuple[str, ...]) -> None:
    asked = {"released": released, "may_be_injected": may, "state": state}
    assert warnings(**asked, complete_by="", synthetic=False, preview=False) == expected  # type: ignore[arg-type]
    told = warnings(**asked, complete_by="2026-12-06 12:00 +00:00", synthetic=True, preview=True)  # type: ignore[arg-type]
    waits = "Released on condition: not everything is known yet; what is due must be there by 2026-12-06 12:00 +00:00."
    assert told == (PREVIEW, *expected, waits, SYNTHETIC)


def test_a_conditional_release_is_signed_with_the_time_by_which_it_must_be_complete() -> None:
    one = replace(certificate().signatures[0], kind="conditional release", complete_by="2026-12-06 12:00 +00:00")
    asked = [
        "Conditional release, signed 2026-11-21 14:00 +00:00",
        "What is due must be there by 2026-12-06 12:00 +00:00",
    ]
    assert missing(asked, " ".join(pages(paper.certificate_pdf(certificate(signatures=(one,)))))) == []
    assert missing(asked, words(paper.certificate_html(certificate(signatures=(one,))))) == []


def test_a_signature_that_does_not_verify_shouts() -> None:
    bad = (replace(certificate().signatures[0], valid=False),)
    shout = ["THE SIGNATURE DOES NOT VERIFY over record " + DIGEST]
    assert missing(shout, " ".join(pages(paper.certificate_pdf(certificate(signatures=bad))))) == []
    assert missing(shout, words(paper.certificate_html(certificate(signatures=bad)))) == []


def test_departures_are_said_openly() -> None:
    said = ("CD45: left out. No justification was given.",)
    asked = ["Departures from the identity that the Cell Ontology and ISCT (2006) ask of this cell type", said[0]]
    assert missing(asked, " ".join(pages(paper.certificate_pdf(certificate(departures=said))))) == []
    assert missing(asked, words(paper.certificate_html(certificate(departures=said)))) == []


def test_what_is_still_open_stands_beside_the_verdict() -> None:
    said = ("Still due after release, not known yet and not part of this verdict: sterility.", "Another sentence.")
    asked = [f"judged on the current results: pass. {' '.join(said)}"]
    assert missing(asked, " ".join(pages(paper.certificate_pdf(certificate(still_open=said))))) == []
    assert missing(asked, words(paper.certificate_html(certificate(still_open=said)))) == []


@pytest.mark.parametrize(("library", "extra"), [("typst", "pdf"), ("zxingcpp", "labels")])
def test_without_its_extra_a_certificate_is_refused_by_the_extras_name(
    monkeypatch: pytest.MonkeyPatch, library: str, extra: str
) -> None:
    known = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name == library:
            raise ModuleNotFoundError(name)
        return known(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(WrongUsage) as refusal:
        paper.certificate_pdf(certificate())
    assert (refusal.value.exit_code, refusal.value.expected) == (2, f"pip install 'cell-product-registry[{extra}]'")


def test_an_unknown_paper_is_refused() -> None:
    with pytest.raises(WrongUsage) as refusal:
        paper.certificate_pdf(certificate(), "a5")
    assert (refusal.value.expected, refusal.value.found) == ("a4, letter", "a5")


def test_a_folder_of_further_fonts_prints_further_scripts(monkeypatch: pytest.MonkeyPatch) -> None:
    fonts = Path("/usr/share/fonts/truetype/dejavu")
    if not fonts.is_dir():
        pytest.skip("no folder of fonts to name is installed here (DejaVu)")
    one = certificate(lot="ⵜⵉⴼⵉⵏⴰⵖ")
    with pytest.raises(WrongUsage):
        paper.certificate_pdf(one)
    monkeypatch.setenv("CELL_REGISTRY_FONTS", str(fonts))
    assert missing(["ⵜⵉⴼⵉⵏⴰⵖ"], " ".join(pages(paper.certificate_pdf(one)))) == []

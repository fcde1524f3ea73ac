"""Labels: what a scanner reads on them, that a name is never cut, and how many there are."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from registry import paper
from registry.errors import WrongUsage
from registry.paper.label import broken, numbered
from tests.paper.reading import dense, document, pages, scanned

AT = datetime(2026, 11, 21, tzinfo=UTC)
LONGEST = "WCB-1/2026-11-21 P-07#" + "A1B2C3D4E5" * 4 + "/9"
LABEL = paper.Label(
    lot="P-07", product="hESC-derived MSC", cell_type="mesenchymal stem cell (CL:0000134)",
    expires="Exp 2027-02-20 02:33 +00:00", manufactured="Made 2026-10-02", passage="Passage 5",
    storage="vapour phase of liquid nitrogen, below -150 °C", containers=12, loud=(),
    address="https://registry.example/lots/P-07", base="https://registry.example/",
)  # fmt: skip
SIZES = sorted(paper.SIZES)


def made(size: str = "50x25", containers: int | None = None, label: paper.Label = LABEL, **how: Any) -> bytes:
    return paper.labels(label, containers, size, at=AT, **how)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("form", ["pdf", "png"])
def test_a_scanner_reads_the_lots_address(size: str, form: str) -> None:
    assert scanned(made(size, form=form), dpi=300) == [LABEL.address]


@pytest.mark.parametrize("size", SIZES)
def test_the_longest_name_is_whole_and_scans(size: str) -> None:
    """64 characters, every one of which an address percent-encodes to three where it must."""
    assert len(LONGEST) == 64
    label = replace(LABEL, lot=LONGEST, address=LABEL.address + "%2F" * 64, loud=("For autologous use only",))
    data = made(size, 12, label)
    assert scanned(data, dpi=600) == [label.address]
    assert dense(LONGEST) in dense(pages(data)[0])


@pytest.mark.parametrize("size", SIZES)
def test_a_person_reads_lot_container_expiry_and_product(size: str) -> None:
    text = pages(made(size, 2))[1]
    assert [word for word in ("P-07", "Container 2 of 12", LABEL.expires, LABEL.product) if word not in text] == []


@pytest.mark.parametrize("size", SIZES)
def test_whom_it_is_for_stands_in_capitals(size: str) -> None:
    label = replace(LABEL, loud=("Synthetic, not for use", "For autologous use only"))
    assert "SYNTHETIC, NOT FOR USE · FOR AUTOLOGOUS USE ONLY" in pages(made(size, label=label))[0]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("loud", [(), ("Preview, not for use",), ("Preview, not for use", "Synthetic, not for use")])
@pytest.mark.parametrize("lot", ["P-07", "WCB-1/2026-11-21/P-07", LONGEST])
def test_a_storage_condition_is_whole(size: str, loud: tuple[str, ...], lot: str) -> None:
    """Its temperature stands at its end: beside a container's number and under the longest name too."""
    label = replace(LABEL, lot=lot, loud=loud)
    assert dense(LABEL.storage) in dense(pages(made(size, 12, label))[11])


@pytest.mark.parametrize("size", SIZES)
def test_a_storage_condition_that_does_not_fit_is_refused(size: str) -> None:
    """It is never cut, and a label without it is no label."""
    with pytest.raises(WrongUsage) as refusal:
        made(size, 12, replace(LABEL, storage=LABEL.storage * 40))
    assert str(refusal.value).splitlines()[0] == "The storage condition does not fit on this label, and is never cut."


@pytest.mark.parametrize("size", SIZES)
def test_the_words_of_the_bar_stay_within_it(size: str) -> None:
    """All three of them: none is clipped at the edge of the label, where the bar stays black."""
    label = replace(LABEL, loud=("Preview, not for use", "Synthetic, not for use", "For autologous use only"))
    picture = Image.open(io.BytesIO(made(size, form="png", label=label))).convert("L")
    wide, high = picture.size
    edge = 10
    bar = [picture.getpixel((wide - 1, at)) for at in range(high)].index(0)
    assert picture.crop((wide - edge, bar + 1, wide, high)).getextrema() == (0, 0)
    assert picture.crop((0, high - edge // 2, wide, high)).getextrema() == (0, 0)


@pytest.mark.parametrize(("size", "pixels"), [("50x25", (591, 295)), ("100x50", (1181, 591))])
def test_a_png_is_the_size_of_the_label_at_300_dots_an_inch(size: str, pixels: tuple[int, int]) -> None:
    assert Image.open(io.BytesIO(made(size, form="png"))).size == pixels


@pytest.mark.parametrize("size", SIZES)
def test_modules_are_whole_dots(size: str) -> None:
    """Every dot of the symbol is black or white: nothing is smeared over two modules."""
    picture = Image.open(io.BytesIO(made(size, form="png"))).convert("L")
    left = 22 if size == "50x25" else 40
    side = 176 if size == "50x25" else 396
    colours = picture.crop((left, left, left + side, left + side)).getcolors()
    assert {level for _, level in colours or []} == {0, 255}


@pytest.mark.parametrize(
    ("size", "sheet", "containers", "expected"),
    [("50x25", "a4", 44, 1), ("50x25", "a4", 45, 2), ("100x50", "a4", 10, 1), ("50x25", "letter", 41, 2),
     ("100x50", "letter", 11, 2)],
)  # fmt: skip
def test_sheets_hold_so_many(size: str, sheet: str, containers: int, expected: int) -> None:
    data = made(size, containers, replace(LABEL, containers=100), sheet=sheet)
    assert len(document(data).pages) == expected
    count = sum(page.count("Container") for page in pages(data))
    assert count == containers


def test_every_label_of_a_sheet_scans() -> None:
    assert scanned(made("50x25", 12, sheet="a4"), dpi=300) == [LABEL.address] * 12


def test_a_sheet_fits_its_page() -> None:
    for (size, _paper), sheet in paper.SHEETS.items():
        label = paper.SIZES[size]
        wide = 2 * sheet.left + sheet.columns * label.width + (sheet.columns - 1) * sheet.across
        high = 2 * sheet.top + sheet.rows * label.height + (sheet.rows - 1) * sheet.down
        assert (round(wide, 1), round(high, 1)) == (sheet.page.width, sheet.page.height)


def test_the_same_label_gives_the_same_bytes() -> None:
    assert (made(form="png"), made(containers=3)) == (made(form="png"), made(containers=3))


@pytest.mark.parametrize("asked", [0, 13])
def test_no_more_containers_than_the_lot_has(asked: int) -> None:
    with pytest.raises(WrongUsage) as refusal:
        numbered(LABEL, asked)
    assert (refusal.value.expected, refusal.value.found) == ("1 to 12 (P-07 has 12)", str(asked))


def test_several_labels_are_no_one_picture() -> None:
    with pytest.raises(WrongUsage, match="A PNG is one picture"):
        made(containers=2, form="png")


@pytest.mark.parametrize(("how", "expected"), [({"size": "60x30"}, "50x25, 100x50"), ({"sheet": "a3"}, "a4, letter")])
def test_an_unknown_size_is_refused(how: dict[str, str], expected: str) -> None:
    with pytest.raises(WrongUsage) as refusal:
        made(**how)  # type: ignore[arg-type]
    assert refusal.value.expected == expected


@given(st.text(st.sampled_from("AB12 ._-/#"), min_size=1, max_size=64), st.integers(4, 30))
def test_a_name_in_lines_is_the_name(name: str, most: int) -> None:
    """No character is lost or added, and no line is too long."""
    lines = broken(name, most)
    assert "".join(lines) == name
    assert max(map(len, lines)) <= most


def test_a_name_breaks_after_a_separator() -> None:
    assert broken("WCB-1/2026-11-21/P-07", 12) == ("WCB-1/2026-", "11-21/P-07")
    assert broken("P-07", 14) == ("P-07",)

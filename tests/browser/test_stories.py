"""Five people, each from signing in to what they came for, in a real browser against the real server.

The stories stand in the order in which a lot is lived with; each leaves the demonstration's other lots as they were.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.browser.looking import faults, words
from tests.browser.place import PHONE, Place, context
from tests.instruments import synthetic

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROWS = "lot,characteristic,value,unit\nH-05,HLA-DR,{},%\nH-05,mycoplasma,{},\n"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A person's own browser."""
    one = context(browser)
    yield one.new_page()
    one.close()


def sign(place: Place, page: Page, kind: str, reason: str = "") -> None:
    """Fill in the form of one decision on the page that is open, and sign it."""
    name, password = place.sign_ins["quality-unit"]
    if kind == "release":
        form = page.locator("form:has(input[type=hidden][value=release])")
    else:
        form = page.locator("#other form")
        if not form.is_visible():
            page.locator("#other > summary").click()
        form.locator(f"input[value='{kind}']").check()
        form.get_by_label("Reason").fill(reason)
    form.get_by_label("Your account name").fill(name)
    form.get_by_label("Your password").fill(password)
    form.get_by_role("button").click()
    page.wait_for_load_state()


@pytest.mark.parametrize("scanned", ["H-01", "h-01", "https://registry.example/lots/H-01"])
def test_the_clinic_scans_a_label_and_reads_the_answer(place: Place, browser: Browser, scanned: str) -> None:
    """On a small phone: one box, one look, the word and until when before anything has to be scrolled."""
    one = context(browser, size=PHONE)
    page = one.new_page()
    place.sign_in(page, "clinician")
    page.get_by_label("Lot, product or disease").fill(scanned)
    page.keyboard.press("Enter")
    page.wait_for_url("**/lots/H-01")
    assert re.fullmatch(
        r"MAY BE INJECTED For primary ovarian insufficiency DOID:5426 "
        r"Until \d{4}-\d\d-\d\d \d\d:00 \+00:00 \d+ d \d\d:\d\d:\d\d left ?\d+ days( \d+ (hours?|minutes?))? left",
        words(page, ".answer"),
    )
    box = page.locator(".answer").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < PHONE["height"]
    one.close()


def test_the_clinic_scans_a_code_of_another_maker_and_no_lot_is_opened(place: Place, browser: Browser) -> None:
    """A lot's number alone is no label of ours: the page says why, and nothing on it is green."""
    one = context(browser, size=PHONE)
    page = one.new_page()
    place.sign_in(page, "clinician")
    page.get_by_label("Lot, product or disease").fill("(01)09506000134352(10)H-01")
    page.keyboard.press("Enter")
    page.wait_for_url("**/lots?q=*")
    assert words(page, ".refusal h2") == "The product number of this code is on record for no product of this registry."
    assert page.locator(".answer").count() == 0
    one.close()


def test_on_a_phone_every_room_is_behind_one_button(place: Place, browser: Browser) -> None:
    """Without JavaScript and by keys: the menu opens, leads to each room and to who is signed in, and closes again."""
    one = context(browser, size=PHONE, scripts=False)
    page = one.new_page()
    place.sign_in(page, "clinician", "/lots/H-01")
    menu = page.get_by_role("navigation", name="Main")
    assert menu.get_by_role("link").all_inner_texts() == []
    assert walk_to(page, "Menu")
    page.keyboard.press("Enter")
    assert menu.get_by_role("link").all_inner_texts() == [
        "Lots", "Outcomes", "Found late", "Products", "Studies", "Specifications", "Query",
    ]  # fmt: skip
    page.keyboard.press("Escape")
    assert menu.get_by_role("link").all_inner_texts() == []
    page.keyboard.press("Enter")
    assert walk_to(page, "Dr Miriam Haas, clinic")
    page.keyboard.press("Enter")
    menu.get_by_role("button", name="Sign out").click()
    page.get_by_role("heading", name="Sign in").wait_for()
    one.close()


def test_a_page_that_was_open_says_at_once_that_the_lot_is_on_hold(place: Place, browser: Browser, page: Page) -> None:
    """The clinic reads, the quality unit signs a hold; within seconds the open page says it, without a reload."""
    clinic = context(browser).new_page()
    place.sign_in(clinic, "clinician", "/lots/H-06")
    assert words(clinic, ".answer .word") == "MAY BE INJECTED"
    place.sign_in(page, "quality-unit", "/release/H-06")
    sign(place, page, "hold", "A tank's alarm is being looked into.")
    clinic.locator("#live-said:not([hidden])").wait_for(timeout=8000)
    assert words(clinic, ".answer .word") == "MUST NOT BE INJECTED"
    assert re.fullmatch(
        r"Changed at [^.]*\. Must not be injected\. On hold\. The lot H-06 was put on hold by .*: "
        r"A tank's alarm is being looked into\.",
        words(clinic, "#live-said"),
    )
    assert "A tank's alarm is being looked into." in words(clinic, ".reasons")
    clinic.context.close()


def test_no_time_is_broken_on_a_small_phone(place: Place, browser: Browser) -> None:
    """Date, hour and zone stand on one line, within what they stand in, wherever the page says a time."""
    one = context(browser, size=PHONE)
    page = one.new_page()
    place.sign_in(page, "clinician")
    broken = []
    for path in ("lots/H-01", "lots/H-08", "lots/H-09", "lots/H-07"):
        page.goto(f"{place.address}{path}")
        broken += page.locator("time, #checked-at").evaluate_all(
            "(all) => all.filter((one) => one.getClientRects().length > 1 || one.getBoundingClientRect().right"
            " > Math.ceil(one.parentElement.getBoundingClientRect().right)).map((one) => one.textContent)"
        )
    one.close()
    assert broken == []


def test_the_laboratory_sees_the_verdict_before_it_submits(place: Place, page: Page) -> None:
    """Pasted rows are judged as they stand: an error beside its row, then the verdict, then the receipt."""
    place.sign_in(page, "submitter", "/submit")
    page.get_by_label("Or paste rows").fill(ROWS.format("101", "not detected"))
    page.locator("#preview .causes").wait_for()
    assert "H-05 | HLA-DR | 101 | %" in words(page, "#preview .causes")
    page.get_by_label("Or paste rows").fill(ROWS.format("0.7", "not detected"))
    page.locator("#preview .causes").wait_for(state="detached")
    page.locator("#preview").get_by_role("button", name="Submit exactly this file").click()
    page.wait_for_load_state()
    assert words(page, "main .done").startswith("Recorded. Receipt")
    page.goto(f"{place.address}submissions")
    assert words(page, "tbody tr:first-child th") == "H-05"


def test_a_laboratorys_names_are_given_a_meaning_once(place: Place, browser: Browser, page: Page) -> None:
    """A counter's export: two names mapped, the verdict seen, approval asked for; signed; and then it is remembered."""
    place.sign_in(page, "submitter", "/register/lot")
    page.get_by_label("Identifier").fill("V-77")
    page.get_by_label("Product").select_option("hESC-M-ovary")
    page.get_by_role("button", name="Register it").click()
    page.goto(f"{place.address}submit")
    export = {"name": "export.csv", "mimeType": "text/csv", "buffer": synthetic.blu(synthetic.blu_row("V-77 thaw"))}
    page.get_by_label("File: choose it, or drop it here").set_input_files(export)  # type: ignore[arg-type]
    page.get_by_label("Name of the sample V-77 thaw").fill("V-* thaw", timeout=60_000)
    page.get_by_label("Lot of V-77 thaw").fill("V-*")
    page.get_by_label("Stage of V-77 thaw").select_option("after thaw")
    page.get_by_label("Characteristic of Viability (%)", exact=True).fill("viability by trypan blue")
    page.get_by_role("button", name="Check with these").click()
    page.locator("#preview .outcome", has=page.get_by_role("link", name="V-77", exact=True)).wait_for(timeout=60_000)
    page.get_by_text("Every criterion, lot by lot").click()
    assert words(page, "#preview .preview tr:has(th:text-is('viability'))") == "viability pass > 70 % 95 %"
    assert faults(page) == []
    assert page.locator("#preview").get_by_role("button", name="Submit exactly this file").count() == 0
    page.get_by_label("Name of the mapping").fill("vi-cell")
    page.get_by_role("button", name="Ask the quality unit to approve it").click()
    page.wait_for_url("**/mappings/drafts/*")
    quality = context(browser).new_page()
    place.sign_in(quality, "quality-unit", "/review")
    quality.get_by_role("link", name=re.compile("drafts? of (a mapping|mappings) waits? for your approval")).click()
    quality.get_by_role("link", name="vi-cell").click()
    assert words(quality, "tbody tr:first-child") == "sample V-* thaw lot V-*, after thaw new"
    name, password = place.sign_ins["quality-unit"]
    quality.get_by_label("Your account name").fill(name)
    quality.get_by_label("Your password").fill(password)
    quality.get_by_role("button", name="Sign the approval").click()
    quality.wait_for_url("**/mappings/vi-cell")
    quality.context.close()
    page.goto(f"{place.address}submit")
    assert page.get_by_label("Names of your own are looked up in this mapping").input_value() == "vi-cell"
    page.get_by_label("File: choose it, or drop it here").set_input_files(export)  # type: ignore[arg-type]
    page.locator("#preview").get_by_role("button", name="Submit exactly this file").click(timeout=60_000)
    page.locator("main .done").wait_for()
    assert words(page, ".outcome tbody tr:first-child th") == "V-77"


MESSY = (
    ",Cells/CD73+ | Freq. of Parent,Cells/CD45+ | Freq. of Parent\n"
    "W-21.fcs,98.5 %,0.30 %\nMean,98.5 %,0.30 %\nSD,0.71 %,0.14 %\n"
)


def test_a_messy_table_is_mended_by_who_reads_only_the_screen(place: Place, page: Page) -> None:
    """Its answer stands under the drop and holds the focus; each cure is ticked, and nothing is taken before."""
    place.sign_in(page, "submitter", "/register/lot?id=W-21")
    page.get_by_label("Product").select_option("hESC-M-ovary")
    page.get_by_role("button", name="Register it").click()
    page.goto(f"{place.address}submit")
    file = {"name": "flowjo.csv", "mimeType": "text/csv", "buffer": MESSY.encode()}
    page.get_by_label("File: choose it, or drop it here").set_input_files(file)  # type: ignore[arg-type]
    page.locator("#mend-table").wait_for()
    assert page.locator("#drop + #preview").count() == 1
    for cure in ("Yes, it is lot", "Yes, it is W-21", "Leave out row 3", "Leave out row 4"):
        page.get_by_label(cure).check()
    page.get_by_role("button", name="Check it so, keep nothing").click()
    page.locator("#names").wait_for()
    assert page.evaluate("document.activeElement.id") == "answer"
    assert words(page, "#preview-said") == "Checked, nothing was kept: 1 lot: 1 not recorded. 2 things to mend."
    assert page.get_by_label("Unit of Cells/CD73+ | Freq. of Parent").input_value() == "%"
    page.get_by_label("Yes, it is CD73").check()
    page.get_by_label("Yes, it is CD45").check()
    page.get_by_role("button", name="Check with these").click()
    page.locator("#preview .outcome").wait_for()
    assert words(page, "#summary") == "1 lot: 1 incomplete."
    page.get_by_label("Name of the mapping").fill("flowjo-table")
    page.get_by_role("button", name="Ask the quality unit to approve it").click()
    page.wait_for_url("**/mappings/drafts/*")


def test_results_are_typed_by_the_keyboard_alone(place: Place, page: Page) -> None:
    """Arrows and Enter between cells, a block pasted; one wrong cell is marked where it was typed."""
    place.sign_in(page, "submitter", "/submit/grid?lot=H-05")
    page.get_by_label("Lot of row 1").focus()
    page.keyboard.press("End")
    page.keyboard.press("ArrowRight")
    page.keyboard.type("101")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.name") == "cell-1-0"
    block = "97\t98\n96\t95\n"
    page.evaluate(
        "(text) => { const data = new DataTransfer(); data.setData('text/plain', text); document.activeElement."
        "dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })); }",
        block,
    )
    assert [page.locator(f"[name=cell-{row}-1]").input_value() for row in (1, 2)] == ["98", "95"]
    for row in (1, 2):
        page.get_by_label(f"Lot of row {row + 1}").fill("H-13")
        page.locator(f"[name=cell-{row}-0]").fill("")
        page.locator(f"[name=cell-{row}-1]").fill("")
    page.get_by_role("button", name="Check, keep nothing").press("Enter")
    page.locator("#preview #answer").wait_for()
    assert page.locator("#grid [aria-invalid=true]").evaluate_all("(all) => all.map((field) => field.name)") == [
        "cell-0-0"
    ]
    assert faults(page) == []


def test_a_limit_typed_in_the_table_editor_changes_its_words_and_says_which_lots(place: Place, page: Page) -> None:
    """Without a button: beneath the row its sentence and what lint says, then how many lots would change."""
    place.sign_in(page, "quality-unit", "/drafts/new?from=hesc-msc-ovarian-illustrative@2")
    page.get_by_label("Limit of row 1", exact=True).fill("90")
    page.locator("#note-0", has_text="CD73 must be at least 90 %.").wait_for()
    assert "is weaker than the 95 % of ISCT 2006" in words(page, "#note-0")
    assert re.search(r"[0-9]+ lots would be judged otherwise", words(page, "#criteria-said"))
    assert faults(page) == []


def test_the_quality_unit_reviews_and_releases(place: Place, page: Page) -> None:
    """From the queue to the evidence beside its rows, to the signature, to the page that the clinic will read."""
    place.sign_in(page, "quality-unit", "/review")
    row = page.locator("tbody tr", has=page.get_by_role("link", name="H-02", exact=True))
    assert "lacks nothing" in row.inner_text()
    row.get_by_role("link", name="Evidence beside its source").click()
    page.locator("table.source").first.wait_for()
    page.get_by_role("link", name="Decide and sign").click()
    sign(place, page, "release")
    assert page.url.endswith("/lots/H-02?done=release")
    assert words(page, ".answer .word") == "MAY BE INJECTED"


def test_the_quality_unit_is_told_before_it_signs_what_stands_in_the_way(place: Place, page: Page) -> None:
    """A lot that fails cannot be released, and the page says by what before a password is typed."""
    place.sign_in(page, "quality-unit", "/release/H-03")
    assert "CD105" in words(page, ".gate.shut")
    assert page.locator("form:has(input[type=hidden][value=release])").count() == 0


def test_the_analyst_narrows_until_the_lots_are_named(place: Place, page: Page) -> None:
    """A disease, then what was not shown; the list holds as many lots as the count said."""
    place.sign_in(page, "analyst", "/explore")
    unfold(page)
    page.get_by_role("link", name="ovarian disease", exact=True).click()
    unfold(page)
    row = page.locator(".facet li", has=page.get_by_role("link", name="CD105", exact=True))
    count = int(row.locator("span").inner_text())
    row.get_by_role("link").click()
    assert page.locator(".lots tbody tr").count() == count
    with page.expect_download() as saved:
        page.get_by_role("link", name="CSV", exact=True).click()
    assert saved.value.suggested_filename == "lots.csv"


def unfold(page: Page) -> None:
    """Open what the facets keep folded."""
    for folded in page.locator(".facet details:not([open]) > summary").all()[::-1]:
        folded.click()


def test_the_inspector_follows_a_decision_and_takes_copies(place: Place, page: Page) -> None:
    """From the trail to the lot, to its records as they were signed, to a zip of all of it."""
    place.sign_in(page, "inspector", "/ledger")
    page.get_by_label("Kind").select_option("decision")
    page.get_by_label("Lot").fill("H-04")
    page.get_by_role("button", name="Filter").click()
    assert page.locator(".ledger tbody tr").count() == 1
    page.locator(".ledger tbody").get_by_role("link", name="H-04").click()
    with page.expect_download() as saved:
        page.get_by_role("link", name="Copies for an inspection").click()
    assert saved.value.suggested_filename == "H-04.zip"


def test_the_clinic_needs_no_mouse(place: Place, page: Page) -> None:
    """Keys alone: sign in, find, open, and every stop on the way shows where one is."""
    name, password = place.sign_ins["clinician"]
    page.goto(f"{place.address}sign-in")
    page.locator("#name:focus").wait_for()
    for text in (name, "Tab", password, "Enter"):
        page.keyboard.press(text) if text in {"Tab", "Enter"} else page.keyboard.type(text)
    page.get_by_role("heading", name="Find a lot").wait_for()
    page.keyboard.type("H-0")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=H-0")
    assert walk_to(page, "H-01")
    page.keyboard.press("Enter")
    page.wait_for_url("**/lots/H-01")
    assert words(page, ".answer .word") == "MAY BE INJECTED"


def test_the_quality_unit_needs_no_mouse_and_no_script(place: Place, browser: Browser) -> None:
    """Without JavaScript, by keys: from the queue to a signed rejection."""
    one = context(browser, scripts=False)
    page = one.new_page()
    place.sign_in(page, "quality-unit", "/review")
    assert walk_to(page, "Decide and sign H-11")
    page.keyboard.press("Enter")
    page.wait_for_url("**/release/H-11")
    assert walk_to(page, "Hold, reject, recall")
    assert walk_to(page, "")  # the first of the choices
    page.keyboard.press("ArrowDown")
    name, password = place.sign_ins["quality-unit"]
    for text in ("Pluripotent cells were seen.", "", name, password):
        page.keyboard.press("Tab")
        page.keyboard.type(text)
    page.keyboard.press("Enter")
    page.wait_for_url("**/lots/H-11?done=rejection*")
    assert words(page, ".answer") == "MUST NOT BE INJECTED Rejected."
    one.close()


def walk_to(page: Page, words: str) -> bool:
    """Press Tab until the focus is on what is called so; each stop must be seen to have the focus."""
    for _ in range(120):
        page.keyboard.press("Tab")
        name, seen = page.evaluate(
            "() => { const one = document.activeElement, words = one.innerText || one.ariaLabel || '';"
            " return [words.replace(/\\s+/g, ' ').trim(), getComputedStyle(one).outlineStyle !== 'none'] }"
        )
        assert seen, name
        if name.startswith(words):
            return True
    return False

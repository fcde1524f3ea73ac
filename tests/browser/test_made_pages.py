"""Pages that come of what somebody sends: looked at as every other page is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser.looking import faults, visit, watched
from tests.browser.place import Place, context

if TYPE_CHECKING:
    from playwright.sync_api import Browser


def test_nothing_serious_is_wrong_with_what_a_form_answers(place: Place, browser: Browser) -> None:
    """A refused form, a refused signature, a file that cannot be read: none of them changes the registry."""
    one = context(browser)
    page = one.new_page()
    broken = watched(page)
    place.sign_in(page, "quality-unit", "/register/lot")
    page.get_by_label("Identifier").fill("H 99")
    page.get_by_label("Passage").fill("four")
    page.get_by_role("button", name="Register it").click()
    page.locator(".refusal").wait_for()
    found = faults(page)
    page.goto(f"{place.address}withdraw/H-03")
    page.locator("input[name=what]").first.check()
    page.get_by_label("Reason").fill("The wrong file.")
    page.get_by_label("Your account name").fill("quality.okafor")
    page.get_by_label("Your password").fill("not the password")
    page.get_by_role("button", name="Sign the withdrawal").click()
    page.locator(".refusal").wait_for()
    found += faults(page)
    one.close()
    assert (found, broken) == ([], [])


def test_nothing_serious_is_wrong_with_rows_that_were_checked(place: Place, browser: Browser) -> None:
    """A value that cannot be, a name that nobody knows, and the form in which it is given a meaning."""
    one = context(browser)
    page = one.new_page()
    broken = watched(page)
    place.sign_in(page, "submitter", "/submit")
    page.get_by_label("Or paste rows").fill("lot,characteristic,value,unit\nH-05,HLA-DR,101,%\nH-05,CD73 PE,98,%\n")
    page.get_by_role("button", name="Check, keep nothing").first.click()
    page.locator("#names").wait_for()
    found = faults(page)
    one.close()
    assert (found, broken) == ([], [])


def test_a_question_is_saved_from_its_answer_and_nothing_serious_is_wrong_with_its_pages(
    place: Place, browser: Browser
) -> None:
    """Saved as a map of origin, renamed and withdrawn, so that the registry is as it was; the list of them too."""
    person = context(browser)
    page = person.new_page()
    broken = watched(page)
    place.sign_in(page, "analyst", "/query")
    offered = page.get_by_role("link", name="Save this question")
    for _again in range(20):  # a server that has just started makes its first graph before it answers
        if offered.count():
            break
        page.wait_for_timeout(1000)
        page.reload()
    offered.click()
    page.get_by_label("Name", exact=True).fill("Where they come from")
    page.get_by_label("What it answers, in a sentence").fill("The banks and lines above the first lots.")
    page.get_by_label("Its answer is shown as").select_option("map")
    bad = faults(page)
    page.get_by_role("button", name="Save it").click()
    page.get_by_role("heading", name="Where they come from").wait_for()
    address = page.url.partition("?")[0]
    assert page.locator("svg.lineage").count() == 1
    page.get_by_text("Rename or withdraw it").click()
    bad += faults(page)
    for path in (f"{address}/1", f"{place.address}questions/saved", f"{place.address}questions/saved?density=dense"):
        page.goto(path)
        bad += faults(page)
    page.goto(address)
    page.get_by_text("Rename or withdraw it").click()
    page.get_by_label("Its address answers nobody any more").check()
    page.get_by_role("button", name="Withdraw it").click()
    page.get_by_role("heading", name="No question is saved").wait_for()
    page.goto(f"{place.address}lots")
    assert page.locator("html").get_attribute("class") == "dense"
    bad += faults(page)
    person.close()
    assert (bad, broken) == ([], [])


def test_what_was_pasted_and_typed_stays(place: Place, browser: Browser) -> None:
    """A chosen file does not empty the pasted rows; another check does not empty what a name was said to stand for."""
    one = context(browser)
    page = one.new_page()
    broken = watched(page)
    place.sign_in(page, "submitter", "/submit")
    rows, pasted = "lot,characteristic,value,unit\nH-05,CD73 PE,98,%\n", page.get_by_label("Or paste rows")
    pasted.fill(rows)
    page.get_by_label("Characteristic of CD73 PE").fill("CD105")
    with page.expect_response("**/submit"):
        pasted.press_sequentially("H-05,CD90 PE,98,%")
    page.get_by_label("Characteristic of CD90 PE").wait_for()
    typed = page.get_by_label("Characteristic of CD73 PE").input_value()
    file = {"name": "other.csv", "mimeType": "text/csv", "buffer": b"lot,CD73 (%)\nH-05,98\n"}
    page.get_by_label("File: choose it").set_input_files(file)
    beside = (pasted.input_value(), pasted.is_disabled())
    page.get_by_role("button", name="Send the pasted rows instead").click()
    after = (pasted.input_value(), pasted.is_disabled())
    one.close()
    whole = f"{rows}H-05,CD90 PE,98,%"
    assert (typed, beside, after, broken) == ("CD105", (whole, True), (whole, False), [])


def test_nothing_serious_is_wrong_with_a_mapping_and_its_draft(place: Place, browser: Browser) -> None:
    """A draft that waits, as its laboratory and as the quality unit see it; one declined; one in force."""
    lines = "kind,name,lot,stage,characteristic,parent,unit,value\ncolumn,CD73 PE,,,CD73,,%,\n"
    lab, unit = context(browser), context(browser)
    page, other = lab.new_page(), unit.new_page()
    broken = watched(page, other)
    place.sign_in(page, "submitter", "/mappings")
    page.get_by_text("Draft a whole table").click()
    page.get_by_label("Name of the mapping").fill("looked-at")
    page.get_by_label("Or paste its lines").fill(lines)
    page.get_by_role("button", name="Ask the quality unit to approve it").click()
    page.wait_for_url("**/mappings/drafts/*")
    found = faults(page)
    place.sign_in(other, "quality-unit")
    other.goto(page.url)
    found += faults(other)
    other.get_by_text("Decline it").click()
    other.get_by_label("Reason, for the laboratory").fill("Its gates are missing.")
    other.get_by_role("button", name="Decline the draft").click()
    other.get_by_text("Its gates are missing.").first.wait_for()
    found += faults(other)
    other.goto(f"{place.address}mappings")
    other.get_by_text("Draft a whole table").click()
    other.get_by_label("Name of the mapping").fill("looked-at")
    other.get_by_label("Or paste its lines").fill(lines)
    name, password = place.sign_ins["quality-unit"]
    other.get_by_label("Your account name").fill(name)
    other.get_by_label("Your password").fill(password)
    found += faults(other)
    other.get_by_role("button", name="Sign it").click()
    other.wait_for_url("**/mappings/looked-at*")
    found += faults(other)
    other.goto(f"{place.address}mappings")
    found += faults(other)
    lab.close()
    unit.close()
    assert (found, broken) == ([], [])


def test_nothing_serious_is_wrong_with_an_audit_that_has_ended(place: Place, browser: Browser) -> None:
    """The page asks again by itself until then."""
    one = context(browser)
    page = one.new_page()
    place.sign_in(page, "inspector", "/integrity")
    page.get_by_role("button", name="Audit now").click()
    page.get_by_role("heading", name="everything is as it should be").wait_for(timeout=30_000)
    assert faults(page) == []
    one.close()


def test_nothing_serious_is_wrong_with_an_answer_in_the_editor(place: Place, browser: Browser) -> None:
    """Rows, and the refusal of a query that is none, in the registry's own words."""
    one = context(browser)
    page = one.new_page()
    broken = watched(page)
    place.sign_in(page, "analyst")
    visit(place, page, "/query?query=SELECT+*+{+?s+?p+1+}")
    visit(place, page, "/query/editor")
    page.locator(".yasqe_queryButton").click()
    page.locator(".yasr table tbody tr").first.wait_for()
    found = faults(page)
    page.goto(f"{place.address}query/editor?query=SELECT+*+{{+?s+?p+}}")
    page.locator(".yasqe_queryButton").click()
    page.locator(".yasr .errorResult p").first.wait_for()
    said = page.locator(".yasr .errorResult p").all_inner_texts()
    found += faults(page)
    one.close()
    assert (found, broken) == ([], [])
    assert said == [
        "This is not a SPARQL 1.1 query.",
        "line 1, column 18",
        "Expected: a variable, an IRI, a name with its prefix, a text, a number, a blank node or '('",
        "Found: }",
    ]

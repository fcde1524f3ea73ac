"""Two members of the quality unit: one drafts a specification from a table file, the other reads it and approves it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.browser.looking import faults, words
from tests.browser.place import Place, context

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PRODUCT = "Whitehouse-2017"
"""Cited evidence, of which no lot is released: the demonstration's own lots stay as they are."""
TABLE = """\
specification,meniscus
version,1
title,Cells for a torn meniscus
source,"QP-031, section 2"
cell type,CL:0000134
species,NCBITaxon:9606

id,characteristic,operator,limit,unit,source,justification
cd73,CD73,>=,95,%,,
cd90,CD90,>=,95,%,,
cd105,CD105,>=,95,%,,
cd45,CD45,<=,2,%,,
cd34,CD34,<=,15,%,"QP-031, section 2",Our antibody binds dead cells
hla-dr,HLA-DR,<=,2,%,,
"""


@pytest.fixture
def drafter(place: Place, browser: Browser) -> Iterator[Page]:
    """A second member of the quality unit: the administrator made the account, its owner chose the password."""
    one = context(browser)
    page = one.new_page()
    place.sign_in(page, "administrator", "/accounts")
    page.get_by_label("Account name").fill("quality.berg")
    page.get_by_label("Printed name").fill("Astrid Berg, quality unit")
    page.get_by_label("Role").select_option("quality unit")
    page.get_by_role("button", name="Make the account").click()
    once = page.locator(".done code").inner_text()
    one.close()
    two = context(browser)
    page = two.new_page()
    place.sign_ins["second"] = ("quality.berg", once)
    place.sign_in(page, "second")
    place.sign_ins["second"] = ("quality.berg", "four slow rivers meet")
    page.get_by_label("The password you have").fill(once)
    for label in ("The new password", "The new one again"):
        page.get_by_label(label).fill("four slow rivers meet")
    page.get_by_role("button", name="Change it").click()
    page.wait_for_load_state()
    place.sign_in(page, "second")
    yield page
    two.close()


def signed(place: Place, page: Page, role: str, button: str) -> None:
    """Both parts of the signature, and the button that signs."""
    name, password = place.sign_ins[role]
    page.get_by_label("Your account name").fill(name)
    page.get_by_label("Your password").fill(password)
    page.get_by_role("button", name=button).click()
    page.wait_for_load_state()


def test_one_drafts_from_a_table_file_and_another_reads_and_approves_it(
    place: Place, browser: Browser, drafter: Page
) -> None:
    """A wrong cell beside its row, mended in the page; then what is looser, before a password is typed."""
    drafter.goto(f"{place.address}specifications")
    drafter.get_by_role("link", name="Draft a specification").click()
    wrong = TABLE.replace("cd105,CD105", "cd105,CD79").encode()
    drafter.get_by_label("A table file").set_input_files(
        {"name": "meniscus.csv", "mimeType": "text/csv", "buffer": wrong}
    )
    drafter.get_by_role("button", name="Check the file, keep nothing").click()
    assert words(drafter, ".faults tbody") == (
        "11 characteristic CD79 CD79 does not say enough. CD79 is two chains, alpha and beta. "
        "Expected: CD79a or CD79b cd105 | CD79 | >= | 95 | % | |"
    )
    assert faults(drafter) == []
    drafter.get_by_label("The table as it was sent").fill(TABLE)
    drafter.get_by_role("button", name="Check again, keep nothing").click()
    assert words(drafter, "tr#cd34") == (
        "CD34 at most 15 % gating QP-031, section 2 Justification: Our antibody binds dead cells"
    )
    assert faults(drafter) == []
    signed(place, drafter, "second", "Keep as a draft")
    drafter.wait_for_url("**/specifications/meniscus/1?done=1*")
    assert "You drafted it: another member signs." in words(drafter, "main .note")

    one = context(browser)
    page = one.new_page()
    place.sign_in(page, "quality-unit", "/specifications")
    assert words(page, "#waiting") == "1 draft waits for a second person"
    page.get_by_role("link", name="Cells for a torn meniscus").first.click()
    page.get_by_label("Approve it for").select_option(PRODUCT)
    page.get_by_role("button", name="Read what would change").click()
    assert words(page, ".difference:first-of-type") == (
        "looser 1 What was stopped may pass. CD34 changed limit less than 10 % → is now at most 15 % "
        "2 texts read otherwise"
    )
    assert faults(page) == []
    signed(place, page, "quality-unit", "Sign the approval")
    page.wait_for_url(f"**/products/{PRODUCT}?done=1*")
    assert words(page, ".signed-record:first-of-type h3") == "meniscus, version 1 in force"
    page.goto(f"{place.address}specifications/meniscus/1")
    assert "Ngozi Okafor, quality unit" in words(page, "section:has(#approved) li")
    one.close()

"""Passkeys in a real browser: Chromium's own authenticator, in software, under the site's own strict policy."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from registry.services import Registry
from tests.browser.looking import faults, watched, words
from tests.browser.place import Place, context
from tests.people import account_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser, CDPSession, Page

PASSWORD = "six brown otters swim"
DEVICE = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


def members(place: Place) -> None:
    """Two members of the quality unit of this story's own: q.key, and q.other beside her."""
    registry = Registry.open(place.folder)
    for name, printed in (("q.key", "Kim Key"), ("q.other", "Otto Other")):
        once = registry.accounts.create(name, "quality unit", printed, by=account_of(registry, "admin"))
        registry.accounts.change_password(name, once, PASSWORD)
    registry.close()
    place.sign_ins |= {"q.key": ("q.key", PASSWORD), "q.other": ("q.other", PASSWORD)}


def authenticator(page: Page) -> tuple[CDPSession, str]:
    """An authenticator of this browser (Chrome DevTools Protocol, domain WebAuthn), which asks for no finger."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    return session, session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})["authenticatorId"]


def sign_review(page: Page) -> None:
    """Fill in the form of a review of an audit trail, and sign it."""
    form = page.locator("section:has(#sign) form")
    form.get_by_label("Your account name").fill("q.key")
    form.get_by_label("Your password").fill(PASSWORD)
    form.get_by_role("button", name="Sign the review").click()


def test_a_member_enrols_a_passkey_signs_with_it_and_signs_in_with_it(place: Place, browser: Browser) -> None:
    """The administrator names the address first; an unverified user gives nothing; a colleague takes it away."""
    members(place)
    house, home = place.address, place.address.replace("127.0.0.1", "localhost")
    at_home = replace(place, address=home)
    office = context(browser)
    page = office.new_page()
    place.sign_in(page, "administrator", "/second-factor")
    page.get_by_label("The address that people type").fill(home)
    page.locator("#address-reason").fill("The demonstration's machine.")
    page.locator("section:has(#address-of-passkeys)").get_by_role("button", name="Set it").click()
    assert "It is set." in words(page, "main")
    office.close()

    own = context(browser)
    page = own.new_page()
    broken = watched(page)
    at_home.sign_in(page, "q.key", "/second-factor")
    session, device = authenticator(page)
    page.get_by_label("A name for it").fill("key on the ring")
    page.locator("#passkey-password").fill(PASSWORD)
    page.get_by_role("button", name="Enrol a passkey").click()
    page.get_by_role("heading", name="Enrol a passkey").wait_for()
    wrong = faults(page)
    page.get_by_role("button", name="Make the passkey key on the ring").click()
    page.wait_for_url("**/second-factor?done=passkey-enrol")
    assert "key on the ring for localhost" in words(page, "section:has(#passkeys)")
    wrong += faults(page)

    page.goto(f"{home}trail-review/H-05")
    session.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    sign_review(page)
    told = page.locator("section:has(#sign) .passkey-told")
    told.filter(has_text="No passkey answered").wait_for()
    assert page.get_by_text("Kim Key (q.key)").count() == 0
    session.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": True})
    sign_review(page)
    page.get_by_text("Kim Key (q.key)").wait_for()

    page.get_by_text("Kim Key", exact=False).first.click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in")
    wrong += faults(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(home)
    assert "Kim Key" in words(page, "header")

    page.goto(f"{house}sign-in")
    assert page.get_by_role("button", name="Sign in with a passkey").count() == 0
    own.close()
    other = context(browser)
    page = other.new_page()
    place.sign_in(page, "q.other", "/second-factor")
    page.get_by_label("The colleague's account name").fill("q.key")
    page.locator("section:has(#recover)").get_by_label("Reason").fill("The ring was lost.")
    page.locator("#recover-name").fill("q.other")
    page.locator("#recover-password").fill(PASSWORD)
    page.get_by_role("button", name="Take it away").click()
    page.wait_for_url("**/second-factor?done=recover")
    other.close()
    registry = Registry.open(place.folder)
    names = [entry.details.get("second_factor") for entry in registry.ledger.entries(kind="trail-review")]
    owned = registry.accounts.second_factor.of("q.key")
    registry.close()
    assert (names[-1], owned, wrong, broken) == ("passkey", (), [], [])

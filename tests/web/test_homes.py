"""The first page of each role: its own work with one thing to do, and nothing that it cannot act on."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from registry.services import LotDraft, Registry
from registry.services.accounts import ROLES
from tests.people import account_of
from tests.web.conftest import EXPIRES, HTML, PASSWORD, Site, panel, sign_in
from web import create_app


def sections(site: Site, who: str, query: str = "") -> dict[str, list[str]]:
    """What stands on somebody's first page: the parts by their id, each with the names of its rows."""
    page = site.client().get(f"/{query}", headers=site.bearer(who)).get_json()
    return {section["id"]: section["rows"] for section in page["sections"]}


def shown(site: Site, who: str) -> str:
    return site.client().get("/", headers={**site.bearer(who), **HTML}).text


@pytest.fixture(scope="module")
def busy(site: Site) -> Site:
    """A lot that fails, one without results, one that waits; a draft of a mapping."""
    site.submit(site.add_lot("N-fail"), panel("N-fail", CD105="88"))
    site.submit(site.add_lot("N-pass"))
    site.add_lot("N-none")
    site.registry.mappings.drafts.draft(
        "flow", "m.csv", b"kind,name,characteristic,unit\ncolumn,CD73 PE,CD73,%\n", account_of(site.registry, "lab.one")
    )
    return site


def test_the_laboratory_sees_what_it_sent_that_does_not_pass_and_why(busy: Site) -> None:
    """The value stands beside the criterion; a lot that passes is not there, nor one that somebody else sent."""
    page = shown(busy, "lab.one")
    assert "Fails: CD105 88 %." in page.replace("\u00a0", " ")
    mine = sections(busy, "lab.one")
    assert ("N-fail" in mine["short"], "N-pass" in mine["short"], "N-none" in mine["untested"]) == (True, False, True)
    assert busy.registry.homes.short_of("quality", 10) == ()
    assert [draft.name for draft in busy.registry.homes.drafted("lab.one", 5)] == ["flow"]


def test_the_quality_unit_sees_what_it_can_decide_on(busy: Site) -> None:
    """What lacks nothing has the loudest button; a lot without results, and one on hold, are not there."""
    parts = sections(busy, "quality")
    assert ("N-pass" in parts["decide"], "N-none" in parts["decide"], "H-05" in parts["decide"]) == (True, False, False)
    assert parts["drafts"] == ["flow"]
    page = shown(busy, "quality")
    assert '<a class="button small" href="/release/N-pass">' in page
    assert '<a class="button small quiet" href="/release/N-fail">' in page


def test_a_page_is_narrowed_to_a_product_by_its_address(busy: Site) -> None:
    """One that there is none of is refused, as everywhere."""
    assert "decide" not in sections(busy, "quality", "?product=AUTO")
    assert "N-pass" in sections(busy, "quality", "?product=POI-M")["decide"]
    assert busy.client().get("/?product=NONE", headers=busy.bearer("quality")).status_code == 400


def test_the_clinic_sees_what_changed_since_it_looked(busy: Site) -> None:
    """In its own browser: a lot that was released when it was looked up, and is on hold now."""
    busy.sign("N-pass", "release")
    clinic, other = busy.signed_in("clinic"), busy.signed_in("clinic")
    for lot in ("N-pass", "H-03"):
        assert clinic.get(f"/lots/{lot}", headers=HTML).status_code == 200
    before = clinic.get("/", headers=HTML).text
    assert ('id="looked"' in before, 'id="changed"' in before) == (True, False)
    busy.sign("N-pass", "hold", reason="A gap in the log.")
    page = clinic.get("/", headers=HTML).text
    changed = page.partition('id="changed"')[2].partition("</section>")[0]
    assert (">N-pass</a>" in changed, ">H-03</a>" in changed, "It was: released." in changed) == (True, False, True)
    assert 'id="looked"' not in other.get("/", headers=HTML).text


def test_signing_out_forgets_what_was_looked_up(busy: Site) -> None:
    """Whoever uses the browser next does not see it."""
    clinic = busy.signed_in("clinic")
    page = clinic.get("/lots/H-03", headers=HTML).text
    csrf = re.findall(r'name="csrf" value="([^"]+)"', page)[0]
    clinic.post("/sign-out", headers=HTML, data={"csrf": csrf})
    assert not [cookie for cookie in clinic._cookies.values() if cookie.key.startswith("looked-") and cookie.value]


def test_a_cookie_that_somebody_made_up_shows_nothing(busy: Site) -> None:
    """Names of lots that there are none of are left out, and what cannot be read is not read."""
    clinic = busy.signed_in("clinic")
    clinic.get("/lots/H-03", headers=HTML)
    (cookie,) = [each for each in clinic._cookies.values() if each.key.startswith("looked-")]
    for value in ("%3Cb%3E:released:1", "H-03", "::", "H-03:released:x", "H-03:released:99999999999999"):
        clinic.set_cookie(cookie.key, value)
        page = clinic.get("/", headers=HTML)
        assert (page.status_code, 'id="looked"' in page.text, "<b>" in page.text) == (200, False, False), value


def test_the_inspector_sees_what_was_entered_since_the_last_visit(busy: Site) -> None:
    """Counted by kind from the second visit on; before that nobody knows of one."""
    browser = busy.signed_in("inspector")
    assert "Entered since your last visit" not in browser.get("/", headers=HTML).text
    size = busy.registry.size()
    busy.submit(busy.add_lot("N-new"))
    sign_in(browser, "inspector", PASSWORD)
    page = browser.get("/", headers=HTML).text
    assert re.findall(r"Entered since your last visit\s*<span class=\"count\">(\d+)<", page) == [
        str(busy.registry.size() - size)
    ]
    assert f"before={size}" in page


def test_the_administrator_sees_what_is_wrong_and_what_to_do(busy: Site) -> None:
    """No copy is known of; one is made, and it is not said any more until something is entered and a week is over."""
    assert "wrong" in sections(busy, "admin")
    assert "No copy of the ledger is known of." in shown(busy, "admin")
    busy.registry.upkeep.backup(busy.registry.directory.parent / "copy.tar")
    assert [trouble.matter for trouble in busy.registry.homes.troubles()] == []
    ledger, before = busy.registry.ledger, busy.registry.ledger.clock
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ledger, "clock", lambda: before() + timedelta(days=8))
        assert busy.registry.homes.troubles() == ()
        busy.add_lot("N-later")
        assert [trouble.matter for trouble in busy.registry.homes.troubles()] == ["copy"]


def test_an_empty_registry_leads_each_role_through_its_first_steps(tmp_path: Path) -> None:
    """In order, each where it is done for whoever may; nothing of it once a lot was decided on."""
    registry, once = Registry.create(tmp_path / "data")
    registry.accounts.change_password("admin", once, PASSWORD)
    steps = [step.step for step in registry.homes.first_steps() if not step.done]
    assert steps == ["accounts", "product", "specification", "lot", "results", "decision"]
    assert registry.homes.first_steps()[0].lacking == ("submitter", "quality unit", "clinician")
    admin = account_of(registry, "admin")
    for role in ("submitter", "quality unit", "clinician"):
        first = registry.accounts.create(role.split()[0], role, role.title(), by=admin)
        registry.accounts.change_password(role.split()[0], first, PASSWORD)
    assert [step.done for step in registry.homes.first_steps()] == [True, *[False] * 5]
    app = create_app(registry)
    site = Site(app, registry, {}, "")
    pages = {name: site.signed_in(name).get("/", headers=HTML).text for name in ("submitter", "quality", "clinician")}
    links = {
        name: re.findall(r'<li><a href="([^"]+)">', page.partition("first-steps")[2]) for name, page in pages.items()
    }
    assert links["quality"][:2] == ["/register/product", "/approve"]
    assert links["submitter"][:2] == ["/register/lot", "/submit"]
    assert not [link for link in links["clinician"] if link.startswith("/register")]
    registry.close()


@pytest.mark.parametrize("who", ["lab.one", "quality", "clinic", "analyst", "inspector", "admin"])
def test_every_piece_of_work_leads_somewhere(busy: Site, who: str) -> None:
    """No row without something to do, and nothing to do that the role may not."""
    browser = busy.signed_in(who)
    page = browser.get("/", headers=HTML).text
    rows = re.findall(r'<td role="cell" class="todo">(.*?)</td>', page, re.DOTALL)
    addresses = [re.findall(r'href="([^"]+)"', row)[0].replace("&amp;", "&") for row in rows]
    assert len(addresses) == len(rows)
    for address in dict.fromkeys(addresses):
        assert browser.get(address, headers=HTML).status_code in {200, 303, 503}, address


def test_a_hold_is_two_steps_from_the_first_page(busy: Site) -> None:
    """A lot's name and one button lead to the form with the hold chosen; a name that is several lots' to the list."""
    quality = busy.signed_in("quality")
    to_form = quality.get("/hold?q=h-03", headers=HTML)
    assert (to_form.status_code, to_form.headers["Location"]) == (303, "/release/H-03?kind=hold")
    page = quality.get(to_form.headers["Location"], headers=HTML).text
    assert 'value="hold" required checked' in page
    assert page.index('id="other"') < page.index('id="release"')
    assert quality.get("/hold?q=H-", headers=HTML).headers["Location"] == "/lots?q=H-"
    assert quality.get("/hold", headers=HTML).headers["Location"] == "/lots"


def test_every_role_has_a_first_page() -> None:
    """None was forgotten."""
    from web.homes.home import HOMES

    assert set(HOMES) == set(ROLES)


def test_a_lot_that_ends_is_shown_before_one_that_lasts(busy: Site) -> None:
    """Of those that may be injected, what ends first."""
    soon = datetime.now(UTC) + timedelta(days=20)
    busy.registry.lots.register(
        LotDraft("N-soon", product="POI-M", expires_at=soon, synthetic=True), account_of(busy.registry, "lab.one")
    )
    busy.submit("N-soon")
    busy.sign("N-soon", "release")
    assert sections(busy, "clinic")["ends"][0] == "N-soon"
    assert soon < EXPIRES

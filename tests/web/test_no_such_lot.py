"""A lot that the registry does not know, said to whoever holds the container; and lists that say how old they are."""

from __future__ import annotations

import re

import pytest

from tests.web.conftest import HTML, Site

ASIDE = "Do not use it: nothing is known of it here. Check the label; ask its manufacturer."
REGISTER = "Check the label; a lot is registered before its first panel."
LINK = '<p><a href="/register/lot">Register a lot</a></p>'


def page(site: Site, path: str, who: str) -> str:
    answer = site.client().get(path, headers=site.bearer(who, Accept="text/html"))
    assert answer.status_code == 404
    return answer.text


@pytest.mark.parametrize(
    ("who", "todo"),
    [
        ("clinic", ASIDE),
        ("analyst", ASIDE),
        ("inspector", ASIDE),
        ("admin", ASIDE),
        ("lab.one", REGISTER),
        ("quality", REGISTER),
    ],
)
def test_only_who_registers_lots_is_offered_to(site: Site, who: str, todo: str) -> None:
    """Everybody else is told not to use it, and whom to ask. Nobody reads of a command."""
    html = page(site, "/lots/Z-99", who)
    assert [one for one in re.findall(r"<p>([^<]+)</p>", html) if "label" in one] == [todo]
    assert (LINK in html, "cell-registry " in html) == (todo == REGISTER, False)


@pytest.mark.parametrize("typed", ["H03", "h%2003", "H-O3"])
def test_lots_of_a_like_spelling_are_linked_and_never_opened(site: Site, typed: str) -> None:
    """The same lots that a search lists; the reader compares the label before opening one."""
    html = page(site, f"/lots/{typed}", "clinic")
    near = re.search(r'aria-labelledby="near">.*?</section>', html, re.DOTALL)
    assert near is not None
    assert re.findall(r'href="([^"]+)"', near[0]) == ["/lots/H-03"]


def test_a_lot_like_no_other_has_no_such_list(site: Site) -> None:
    """Nothing is near, so nothing is offered."""
    assert 'id="near"' not in page(site, "/lots/Z-99", "clinic")


def test_a_program_reads_the_registrys_own_refusal(site: Site) -> None:
    """The envelope of the HTTP API is the same for every role; its action is for the program to put into words."""
    answer = site.client().get("/lots/Z-99.json", headers=site.bearer("clinic"))
    assert answer.get_json() == {
        "request": answer.headers["X-Request-Id"],
        "error": {
            "kind": "Unknown",
            "code": "no-such-lot",
            "message": "There is no lot Z-99 in this registry.",
            "expected": "the identifier of a registered lot",
            "found": "Z-99",
            "todo": REGISTER,
            "action": "register-lot",
        },
    }


@pytest.mark.parametrize("address", ["/lots", "/lots?q=H-0", "/explore"])
def test_a_list_of_lots_says_when_it_was_made_and_what_paper_cannot(site: Site, address: str) -> None:
    """A list says "may be injected" and is never renewed: beneath it stand its time and, on paper, the warning."""
    html = site.signed_in("quality").get(address, headers=HTML).text
    lists = html.count('class="lots')
    assert lists > 0
    assert (
        len(
            re.findall(
                r'<p class="checked soft">Checked at <time[^>]*>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \+00:00</time>\. '
                r'<span class="print-only">'
                r"A copy on paper does not change: look the lot up again before use\.</span></p>",
                html,
            )
        )
        == lists
    )
    assert html.count(f'<a href="{address}">load it again</a>') == lists

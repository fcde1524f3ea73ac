"""A parameter that nobody reads is refused: what a program meant by it would not happen."""

from __future__ import annotations

import io

import pytest

from tests.web.conftest import HTML, Site, csrf_of, panel

LEAVE_IT_OUT = "Leave it out, or send what it was meant for in another way."


@pytest.mark.parametrize(
    ("address", "expected", "found"),
    [
        ("/api/v1/panels?check=1", "filename, mapping", "check"),
        ("/api/v1/panels?filename=a.csv&dry_run=1&check=1", "filename, mapping", "check, dry_run"),
        ("/api/v1/panels/errors?form=csv&Mapping=counter", "filename, form, mapping", "Mapping"),
        ("/submit?check=1", "no parameter", "check"),
        ("/release/P-01?check=1", "no parameter", "check"),
    ],
)
def test_a_parameter_that_nobody_reads_is_refused_and_nothing_is_recorded(
    site: Site, address: str, expected: str, found: str
) -> None:
    """The refusal names those that there are; a name is one spelling."""
    headers = site.bearer("quality", **{"Content-Type": "text/csv"})
    size = site.registry.size()
    answer = site.client().post(address, data=panel("H-03"), headers=headers)
    assert (answer.status_code, answer.get_json()["error"], site.registry.size()) == (
        400,
        {
            "kind": "WrongUsage",
            "code": "wrong-usage",
            "message": f"Nothing here is called {found}, so the request was not carried out.",
            "expected": expected,
            "found": found,
            "where": "query",
            "todo": LEAVE_IT_OUT,
        },
        size,
    )


def test_so_is_a_field_of_a_form_and_what_is_known_is_read(site: Site) -> None:
    """A check that was asked for in the form is not a submission; without it the same file is recorded."""
    lot, headers = site.add_lot("P-01"), site.bearer("lab.one")

    def form(**more: str) -> dict[str, object]:
        return {"file": (io.BytesIO(panel(lot)), "panel.csv"), **more}

    refused = site.client().post("/api/v1/panels", data=form(check="1"), headers=headers)
    error = refused.get_json()["error"]
    assert (refused.status_code, error["where"], error["expected"]) == (400, "form", "file, gates, mapping")
    assert site.registry.lots.get(lot).panels == ()
    sent = site.client().post("/api/v1/panels?mapping=", data=form(mapping=""), headers=headers)
    assert (sent.status_code, [one["lot"] for one in sent.get_json()["recorded"]]) == (201, [lot])


def test_who_may_not_is_told_so_first(site: Site) -> None:
    """Without a token 401, with another role 403: a refusal says nothing of an address to those who may not use it."""
    statuses = [
        site.client().post("/api/v1/panels?check=1", data=panel("H-03"), headers=headers).status_code
        for headers in ({"Accept": "application/json"}, site.bearer("clinic"))
    ]
    assert statuses == [401, 403]


def test_a_persons_links_hold_what_they_hold(site: Site) -> None:
    """A form of a page may be sent to an address with more in it than the server reads."""
    browser = site.signed_in("lab.one")
    page = browser.get("/submit", headers=HTML).text
    form = {"csrf": csrf_of(page), "do": "check", "pasted": panel("H-03").decode()}
    assert browser.post("/submit?campaign=1", headers=HTML, data=form).status_code == 200

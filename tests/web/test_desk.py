"""At a desk: rows that stand closer, times in the house's zone, the menu on the guides, rules of trend by command."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from registry.cli import cli
from registry.errors import RegistryError, WrongUsage
from tests.web.conftest import HTML, PASSWORD, Site
from web.forms import house_zone


def test_the_density_that_is_chosen_beneath_a_table_is_remembered_by_the_browser(site: Site) -> None:
    """Another word than roomy or dense chooses nothing; other browsers stay as they were."""
    client = site.signed_in("quality")

    def told(path: str) -> list[str]:
        return re.findall(r'<html lang="en"(?: class="([^"]*)")?>', client.get(path, headers=HTML).text)

    page = client.get("/products", headers=HTML).text
    (closer,) = re.findall(r'<a href="([^"]*density=dense)"', page)
    paths = ("/products", closer, "/lots", "/lots?density=none", "/lots?density=roomy", "/lots")
    assert [told(path) for path in paths] == [
        [""], ["dense"], ["dense"], ["dense"], [""], [""],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "zone", "meant"),
    [
        ("2026-07-01T14:05", "Europe/Berlin", "2026-07-01T14:05:00+02:00"),
        ("2026-07-01 14:05 +01:00", "Europe/Berlin", "2026-07-01T14:05:00+01:00"),
        ("", "Europe/Berlin", ""),
        ("2026-03-29T02:30", "Europe/Berlin", "Clocks skip this time in Europe/Berlin."),
        ("2026-10-25T02:30", "Europe/Berlin", "Clocks show this time twice in Europe/Berlin."),
        ("2026-07-01T14:05", "Mars/Olympus", "There is no such zone."),
        ("noon", "UTC", "Given at: this is no time."),
    ],
)
def test_a_time_of_a_form_is_in_the_zone_that_the_form_says(site: Site, typed: str, zone: str, meant: str) -> None:
    """Unless it carries its own; one that clocks skip or repeat is refused."""
    with site.app.test_request_context("/", method="POST", data={"at": typed, "zone": zone}):
        try:
            at = house_zone.time("at", "Given at")
            read = at.isoformat() if at is not None else ""
        except WrongUsage as refusal:
            read = refusal.message
    assert read == meant


def test_a_guide_and_the_words_keep_the_menu_of_whoever_is_signed_in(site: Site) -> None:
    """And nobody else has one."""
    rooms = [
        len(re.findall(r'<ul class="rooms">', client.get(path, headers=HTML).text))
        for client in (site.signed_in("clinic"), site.client())
        for path in ("/guides/clinic", "/words")
    ]
    assert rooms == [1, 1, 0, 0]


def test_the_rules_of_trend_are_chosen_at_the_command_line(site: Site, tmp_path: Path) -> None:
    """As on the page: signed, with a reason; both ways at once, or a reason alone, choose nothing."""
    (tmp_path / "password").write_text(PASSWORD, encoding="utf-8")
    base = ["product", "trend-rules", "POI-M", "--data", str(site.registry.directory)]
    sign = ["--as", "quality", "--password-file", str(tmp_path / "password")]

    def run(*words: str) -> str:
        done = CliRunner().invoke(cli, [*base, *words])
        return done.exception.message if isinstance(done.exception, RegistryError) else done.output

    assert run("--format", "json").split() == ["{", '"product":', '"POI-M",', '"rules":', "[", '"1-3s",', '"2-2s",',
                                               '"R-4s",', '"4-1s",', '"10-x"', "]", "}"]  # fmt: skip
    assert run("--rule", "1-3s", "--none", "--reason", "Both.") == "Some rules are to hold, or none."
    assert run("--reason", "Alone.") == "Nothing is chosen."
    assert run("--rule", "1-3s", *sign) == "This needs a reason."
    assert run("--rule", "nelson-3", "--rule", "1-3s", "--reason", "Runs too.", *sign).startswith(
        "The rules of trend are chosen (entry "
    )
    assert site.registry.lot_index.rules.of("POI-M") == ("1-3s", "nelson-3")
    assert run("--none", "--reason", "None for now.", *sign).startswith("The rules of trend are chosen (entry ")
    assert site.registry.lot_index.rules.of("POI-M") == ()

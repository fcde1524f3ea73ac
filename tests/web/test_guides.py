"""Every page leads to its guide and to the words; a guide leads only to what is here."""

from __future__ import annotations

import re

import pytest

from tests.conftest import ROOT
from tests.web.conftest import HTML, Site
from web.guides import guides
from web.guides.markdown import html

NAMES = sorted(file.stem for file in (ROOT / "docs" / "guides").glob("*.md"))
NO_GUIDE = {"guides", "words", "health", "openapi", "api"}
"""What is a guide itself, or is asked by programs."""


@pytest.mark.parametrize("name", NAMES)
def test_a_guide_is_a_page_whose_links_and_pictures_are_here(site: Site, name: str) -> None:
    """Nobody needs an account to read how to check a lot."""
    client = site.app.test_client()
    page = client.get(f"/guides/{name}", headers=HTML)
    text = page.text.partition('<article class="guide">')[2].partition("</article>")[0]
    inner = list(re.findall(r'(?:href|src)="(/[^"#]*)', text))
    heading = (ROOT / "docs" / "guides" / f"{name}.md").read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")
    assert page.status_code == 200
    assert re.findall(r"<h1[^>]*>(.*?)</h1>", text) == [heading]
    assert {address: client.get(address).status_code for address in inner} == dict.fromkeys(inner, 200)


def test_a_guide_or_picture_of_no_name_is_refused(site: Site) -> None:
    """A path leads to no other file."""
    client = site.app.test_client()
    asked = ("/guides/none", "/guides/images/none.png", "/guides/images/..%2Findex.md", "/guides/..%2F..%2Fpyproject")
    assert [client.get(address, headers=HTML).status_code for address in asked] == [404, 404, 404, 404]


def test_every_subject_of_the_site_has_its_guide_and_every_guide_is_there(site: Site) -> None:
    """A subject that is added without one fails here."""
    subjects = {rule.endpoint.partition(".")[0] for rule in site.app.url_map.iter_rules() if "." in rule.endpoint}
    guided = {subject for subjects in guides.SUBJECTS.values() for subject in subjects}
    without, unknown = subjects - guided - NO_GUIDE, guided - subjects
    assert (sorted(without), sorted(unknown), sorted(set(guides.SUBJECTS) - set(NAMES))) == ([], [], [])


def test_a_page_leads_to_its_guide_and_to_the_words(site: Site) -> None:
    """In its foot."""
    page = site.signed_in("quality").get("/review", headers=HTML).text
    foot = page.partition('<footer class="site">')[2]
    assert re.findall(r'<a href="([^"]*)">([^<]*)</a>', foot)[-2:] == [
        ("/guides/quality-unit", "Guide to this page"),
        ("/words", "Words and keys"),
    ]


def test_html_within_a_guide_is_letters_and_a_link_to_a_script_leads_nowhere() -> None:
    """A guide is text, whoever wrote it."""
    title, body = html("# A <b>\n\n<script>x</script> [y](javascript:z) [p](q.md)\n", lambda target: "")
    assert (title, body) == (
        "A <b>",
        '<h1 id="a-b">A &lt;b&gt;</h1>\n<p>&lt;script&gt;x&lt;/script&gt; [y](javascript:z) <a>p</a></p>\n',
    )


def test_every_word_has_its_sentence_on_one_page(site: Site) -> None:
    """The sentences are the vocabulary's own."""
    page = site.app.test_client().get("/words", headers=HTML).text
    words = site.registry.queries.words()
    assert re.findall(r'<dt id="(\w+)">', page) == list(words)
    assert words["Panel"].definition == "The results submitted together for one lot at one stage."
    assert "The results submitted together for one lot at one stage." in page


def test_a_question_mark_beside_a_word_opens_its_sentence(site: Site) -> None:
    """By a button that a screen reader names, without a script."""
    page = site.signed_in("clinic").get("/lots/H-03", headers=HTML).text
    buttons = re.findall(r'<button class="what" type="button" popovertarget="(\S+)" aria-label="([^"]*)">', page)
    assert buttons == [
        ("what-Verdict", "What does “verdict” mean?"),
        ("what-Decision", "What does “decision” mean?"),
        ("what-Panel", "What does “panel” mean?"),
    ]
    assert [page.count(f'id="{name}" popover') for name, _label in buttons] == [1, 1, 1]

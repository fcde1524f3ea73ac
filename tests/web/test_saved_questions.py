"""A question is saved with a name, is asked again at its address by any colleague, and is its author's to change."""

from __future__ import annotations

import re

from tests.web.conftest import HTML, Site, csrf_of

COUNT = "SELECT ?kind (COUNT(?lot) AS ?lots) WHERE { ?lot cpr:lotKind/rdfs:label ?kind } GROUP BY ?kind"
SHOWN = {"name": "Lots by kind", "sentence": "How many there are of each.", "query": COUNT, "shown": "chart"}


def save(site: Site, who: str = "analyst", **changed: str) -> str:
    """A question saved through the form; answers the address it leads to."""
    client = site.signed_in(who)
    page = client.get("/questions/saved/new", query_string={"query": COUNT}, headers=HTML).text
    sent = client.post("/questions/saved/new", headers=HTML, data={"csrf": csrf_of(page), **SHOWN, **changed})
    assert sent.status_code == 303, sent.text
    return sent.headers["Location"].partition("?")[0]


def refused(site: Site, **changed: str) -> tuple[int, str, str]:
    """(status, what is wrong, the name that still stands in the form) of a form that is refused."""
    client = site.signed_in("analyst")
    page = client.get("/questions/saved/new", headers=HTML).text
    sent = client.post("/questions/saved/new", headers=HTML, data={"csrf": csrf_of(page), **SHOWN, **changed})
    (message,) = re.findall(r'<h2 id="refusal-title">([^<]*)<', sent.text)
    (name,) = re.findall(r'id="name" name="name" value="([^"]*)"', sent.text)
    return sent.status_code, message, name


def test_a_saved_question_is_asked_again_at_its_address_as_it_was_shown(site: Site) -> None:
    """By a colleague, with today's answer; it is on the author's first page and on the query page."""
    address = save(site)
    page = site.signed_in("inspector").get(address, headers=HTML)
    assert page.status_code == 200
    assert re.findall(r"<h1>([^<]*)</h1>", page.text) == ["Lots by kind"]
    assert re.findall(r'<a href="[^"]*as=(\w+)" aria-current="true">', page.text) == ["chart"]
    assert page.text.count('class="bar"') == 2
    assert "Rename or withdraw it" not in page.text
    client = site.signed_in("analyst")
    for listing in ("/", "/query", "/questions/saved"):
        assert f'<a href="{address}">Lots by kind</a>' in client.get(listing, headers=HTML).text


def test_programs_read_the_list_and_one_question(site: Site) -> None:
    """As JSON and CSV: the question, not its answer."""
    identity = save(site, name="For programs").rpartition("/")[2]
    asked = site.bearer("analyst")
    kept = site.client().get(f"/questions/saved/{identity}", headers=asked).get_json()
    expected = {
        **SHOWN,
        "name": "For programs",
        "of": "",
        "id": identity,
        "version": 1,
        "newest": 1,
        "author": "analyst",
    }
    assert {name: value for name, value in kept.items() if name != "at"} == expected
    listed = site.client().get("/questions/saved.json?q=programs", headers=asked).get_json()
    assert listed == {"questions": [kept]}
    saved = site.client().get("/questions/saved.csv?q=programs", headers=asked).text.splitlines()
    assert saved == [
        "id,version,name,sentence,author,at,shown,of,query",
        f"{identity},1,For programs,How many there are of each.,analyst,{kept['at']},chart,,{COUNT}",
    ]


def test_a_replaced_question_has_a_new_version_and_the_old_one_keeps_its_address(site: Site) -> None:
    """The form knows the name; the older version says that there is a newer one."""
    address = save(site, name="Versions")
    identity = address.rpartition("/")[2]
    client = site.signed_in("analyst")
    form = client.get("/questions/saved/new", query_string={"query": "ASK {}", "replaces": identity}, headers=HTML).text
    assert re.findall(r'id="name" name="name" value="([^"]*)"', form) == ["Versions"]
    assert save(site, name="Versions", query="ASK { ?lot a cpr:Lot }", shown="table", replaces=identity) == address
    old, new = (client.get(path, headers=HTML).text for path in (f"{address}/1", address))
    assert ("There is a newer version." in old, "There is a newer version." in new) == (True, False)
    queries = [
        site.client().get(path, headers=site.bearer("analyst")).get_json()["query"]
        for path in (f"{address}/1", address)
    ]
    assert queries == [COUNT, "ASK { ?lot a cpr:Lot }"]


def test_its_author_renames_and_withdraws_it_and_nobody_else_does(site: Site) -> None:
    """Withdrawing asks to be sure; the address then says who withdrew it."""
    address = save(site, name="Mine")

    def sent(who: str, **data: str) -> tuple[int, str]:
        client = site.signed_in(who)
        csrf = csrf_of(client.get("/questions/saved/new", headers=HTML).text)
        answer = client.post(address, headers=HTML, data={"csrf": csrf, **data})
        message = re.findall(r'<h2 id="refusal-title">([^<]*)<', answer.text)
        return answer.status_code, message[0] if message else ""

    renamed = {"name": "<b>Mine</b>", "sentence": "Still."}
    assert sent("quality", **renamed) == (403, "A saved question is changed by its author alone.")
    assert sent("analyst", **renamed) == (303, "")
    page = site.signed_in("analyst").get(address, headers=HTML).text
    assert "<h1>&lt;b&gt;Mine&lt;/b&gt;</h1>" in page
    assert sent("analyst", do="withdraw")[0] == 400
    assert sent("analyst", do="withdraw", sure="yes") == (303, "")
    gone = site.client().get(address, headers=site.bearer("analyst"))
    assert (gone.status_code, gone.get_json()["error"]["message"]) == (404, "This question was withdrawn.")


def test_what_the_guard_of_queries_refuses_is_not_saved_and_nothing_typed_is_lost(site: Site) -> None:
    """An update, another server, a query that is none; no name, one twice, a person's; a way that there is none of."""
    save(site, name="Twice")
    before = len(site.registry.queries.saved.all(by=site.registry.accounts.account_of_token(site.tokens["analyst"])))
    assert refused(site, name="A", query="DELETE WHERE { ?s ?p ?o }") == (
        400, "A query may not change anything: DELETE is refused.", "A",
    )  # fmt: skip
    assert refused(site, name="A", query="SELECT * { SERVICE <http://x.example/> {} }") == (
        400, "A query may not call another server: SERVICE is refused.", "A",
    )  # fmt: skip
    assert refused(site, name=" ") == (400, "A saved question needs a name.", " ")
    assert refused(site, name="TWICE") == (409, "You have saved a question of this name.", "TWICE")
    assert refused(site, name="A", shown="film") == (400, "No answer is shown so.", "A")
    assert refused(site, name="A", query="# " + "x" * 10_000) == (
        413, "The query of a saved question is too long.", "A",
    )  # fmt: skip
    after = len(site.registry.queries.saved.all(by=site.registry.accounts.account_of_token(site.tokens["analyst"])))
    assert after == before


def test_a_form_without_the_sessions_secret_saves_nothing(site: Site) -> None:
    """Another site's form, or an old one."""
    assert site.signed_in("analyst").post("/questions/saved/new", headers=HTML, data=SHOWN).status_code == 403

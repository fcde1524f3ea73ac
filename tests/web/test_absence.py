"""What a page says is not there is not there: each such sentence of the catalogue, where it is so and where it is not.

A sentence that begins with No, Nothing, Nobody, None … claims something of the registry, and whoever reads it acts on
it. Each stands here once: in ``SEEN`` with the page that says it and the page beside it that does not, in ``TOLD`` with
the test that raises it, or in ``RULES``, which are so at any time. A new one is in none of them, and fails.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree
from time import sleep

import pytest
from babel.messages.pofile import read_po
from flask.testing import FlaskClient

from registry.domain import Study
from registry.services import ProductDraft, Registry
from registry.services.accounts import scopes_of
from tests.conftest import ROOT
from tests.people import account_of
from tests.web.conftest import HTML, PASSWORD, ROLES, Site, csrf_of
from tests.web.specified import ours
from web import create_app

CLAIMS = re.compile(
    r"(?:<strong>)?(?:No|Nothing|Nobody|None|Not|You have|There is no|There is nothing|It has no|Fewer)\b"
)
HOLE = re.compile(r"%\(\w+\)s")
MAPPING = b"kind,name,characteristic,unit\ncolumn,CD73 PE,CD73,%\n"


@dataclass(frozen=True)
class Said:
    """A sentence; whose page says it; and a page of the same person that does not, of the same house or another."""

    sentence: str
    who: str
    so: str
    not_so: str


S, Q, C, A, I, M = ROLES  # noqa: E741  # lab.one, quality, clinic, analyst, inspector, admin
SEEN = (
    # Lists: of a new registry, and of the demonstration.
    Said("No claims yet", C, "new /claims", "demo /claims"),
    Said("No lot is registered yet", A, "new /explore", "demo /explore?since=2031-01"),
    Said("No lots yet", C, "new /lots", "demo /lots?state=released&kind=donor"),
    Said("No products yet", C, "new /products", "demo /products?q=zzz"),
    Said("No publications yet", C, "new /publications", "demo /publications"),
    Said("No question is saved", A, "new /questions/saved", "demo /query"),
    Said("No address is told.", M, "new /webhooks", "hooked /webhooks"),
    Said("None is recorded.", Q, "story /identifiers/lot/H-03", "identified /identifiers/lot/H-04"),
    Said("No studies yet", C, "new /studies", "demo /studies"),
    Said("Nothing here does, nor anything below it.", A, "new /terms/CL:0000134", "demo /terms/CL:0000134"),
    Said("No draft waits", Q, "new /drafts", "drafted /drafts"),
    Said("No lot is judged by it yet.", I, "drafted /drafts", "new /drafts"),
    Said("Nothing to draw", Q, "story /trends/BARE", "demo /trends/hESC-M-ovary"),
    Said("No dose is known.", C, "studied /studies/S-1", "demo /studies/NCT03877471"),
    Said("None yet.", C, "studied /studies/S-1", "demo /studies/NCT03877471"),
    Said("Nothing waits", Q, "new /review", "demo /review?q=zzz"),
    Said("Nothing was found about anything that was given.", Q, "new /findings", "demo /findings"),
    Said("You have submitted nothing yet", S, "new /submissions", "demo /submissions?lot=zzz"),
    Said("You have no token yet.", A, "new /tokens", "story /tokens"),
    Said("No audit since the server was started", I, "story /integrity", "audited /integrity"),
    Said("Nobody asked for an audit since this server started.", I, "new /", "audited /"),
    Said("No mapping is in force yet", S, "story /mappings", "mapped /mappings"),
    Said("Nothing is known yet", Q, "new /relation", "demo /relation"),
    Said("Nothing was given of a lot on which something was measured.", Q, "new /relation", "demo /relation"),
    Said("Nothing was given although something stood against it.", Q, "new /findings", "demo /findings"),
    Said("Nothing was given in a study that says how often its recipients are seen.", Q, "new /outcomes",
         "demo /outcomes"),
    Said("Nothing was seen yet.", Q, "new /outcomes", "demo /outcomes"),
    # What was asked for, and what is there.
    Said("No entry matches", I, "demo /ledger?lot=none", "demo /ledger?lot=H-01"),
    Said("No lot is left", A, "demo /explore?since=2031-01", "new /explore"),
    Said("No lot is left", C, "demo /lots?state=released&kind=donor", "demo /lots?state=released"),
    Said("No product holds these words", C, "demo /products?q=zzz", "new /products"),
    Said("No rows, at ledger size %(size)s.", A, "story /query?query=SELECT+*+{+?s+<urn:x>+?o+}", "story /lots"),
    Said("No submission of yours names such a lot", S, "demo /submissions?lot=zzz", "new /submissions"),
    Said("None holds these words", C, "demo /specifications?q=zzz", "demo /specifications?q=umbilical"),
    Said("None to approve holds these words", Q, "demo /approve/hESC-M-ovary?q=zzz", "demo /approve/hESC-M-ovary"),
    Said("Nothing found for “%(query)s”", C, "demo /lots?q=zzz", "demo /lots?q=H-0"),
    Said("Nothing found for “%(query)s”", C, "demo /terms?q=zzz", "demo /terms?q=stem"),
    Said("There is no such account.", M, "story /accounts/nobody", "story /accounts/lab.one"),
    Said("There is no such choice.", C, "demo /lots?state=zzz", "demo /lots?state=released"),
    Said("There is no such entry.", I, "demo /ledger/999999", "demo /ledger/1"),
    Said("There is no such guide.", C, "new /guides/none", "new /guides/clinic"),
    Said("There is no such lot and no such administration in this registry.", C, "new /trace/H-01", "demo /trace/H-01"),
    Said("There is no page at this address.", C, "new /nowhere", "new /lots"),
    # One lot, and another.
    Said("Nobody has released this lot, so it has no certificate: its report says so on every page.", C,
         "demo /paper/H-07", "demo /paper/H-01"),
    Said("Nobody has signed a decision on this lot.", C, "demo /lots/H-03", "demo /lots/H-01"),
    Said("Nobody has reviewed it.", Q, "story /trail-review/H-04", "reviewed /trail-review/H-04"),
    Said("Nobody says how many containers were made", C, "demo /containers/MCB-1", "demo /containers/H-01"),
    Said("No origin is recorded: nothing above this lot can stop it.", C, "story /lots/AU-1", "story /lots/H-03"),
    Said("Nothing was given of this lot.", C, "demo /given/H-07", "demo /given/{given}"),
    Said("Nothing was printed of this lot yet.", C, "story /paper/H-03", "printed /paper/H-03"),
    Said("Nothing was submitted for this lot yet.", C, "story /lots/N-1", "story /lots/H-03"),
    Said("Nothing was submitted for this lot yet.", Q, "story /evidence/N-1", "story /evidence/H-03"),
    Said("No result counts for it: none was submitted, or every one was withdrawn.", Q,
         "withdrawn /review", "story /review?q=H-04"),
    Said("No result counts for it: none was submitted, or every one was withdrawn.", Q,
         "story /review?results=without+results&q=N-1", "story /review?results=without+results&q=H-04"),
    Said("Nothing changed since the data were entered.", Q, "story /trail-review/H-03", "story /trail-review/N-1"),
    Said("Nothing was submitted for this lot yet.", Q, "story /trail-review/N-1", "story /trail-review/H-03"),
    Said("Nothing waits", Q, "new /review", "withdrawn /review"),
    Said("No panel of this lot counts, so there is none to withdraw.", Q, "story /withdraw/N-1",
         "story /withdraw/H-04"),
    Said("No result of this lot counts, so there is none to test again.", S, "story /retest/N-1",
         "story /retest/H-04"),
    Said("Nothing of this lot waits to be accepted.", Q, "story /accept/H-03", "retested /accept/H-04"),
    # One product, specification, criterion, account, and another.
    Said("No product: no lot is judged by it.", C, "demo /specifications/msc-identity",
         "demo /specifications/isct-2006-immunophenotype"),
    Said("No specification is approved for its product, so nothing is judged.", Q, "story /evidence/N-2",
         "story /evidence/N-1"),
    Said("No specification is approved for %(product)s, so its grid has no columns.", S,
         "story /submit/grid?lot=N-2", "story /submit/grid?lot=N-1"),
    Said("None: its lots cannot be judged for release yet.", C, "story /products/BARE", "story /products/POI-M"),
    Said("None is in force: its lots cannot be judged for release yet.", Q, "story /approve/BARE",
         "story /approve/POI-M"),
    Said("Fewer than five exact values: no mean and no deviation is given.", A,
         "demo /trends/hESC-M-ovary?criterion=endotoxin", "demo /trends/hESC-M-ovary?criterion=viability"),
    Said("It has no token. A token is made by the account that it acts for, and by nobody else.", M,
         "story /accounts/newcomer", "story /accounts/lab.one"),
    Said("Nobody has decided on these, or their release no longer stands. Releases that no longer stand come first, "
         "then what lacks nothing.", Q, "demo /review", "new /review"),
)  # fmt: skip
FORM = "it speaks of what was sent or done just now"
LABEL = "it is a button, a heading or an example"
ALWAYS = "it is so at any time"
FILE = "it speaks of what stands in the file that the page shows"
TOLD: dict[str, str] = {
    "Nothing is registered above this lot: there is no origin to draw.": "web/test_drawing.py",
    (
        "<strong>Not to be confused with %(other)s.</strong> %(difference)s Compare the label, sign by sign."
    ): "web/test_look_alikes.py",
    (
        "No code can be read in this photograph. Take it nearer, straight from above and in focus, or type "
        "what stands on the label."
    ): "browser/test_scan.py",
    "There is no camera here. Choose a photograph of the label, or type what stands on it.": "browser/test_scan.py",
    "No expiry: it cannot be released.": "web/test_queue.py",
    "No file was chosen and no table was pasted.": "web/test_drafts.py",
    "No file was chosen.": "web/test_verify.py",
    "No longer asked for before a release: %(criteria)s.": "web/test_approving.py",
    "No mesenchymal lot is released by it.": "web/test_specifications.py",
    "No result yet: %(names)s.": "web/test_causes.py",
    "No term is called “%(name)s”.": "web/test_rooms.py",
    "Nobody can approve it for this product": "web/test_approving.py",
    "Not older than %(time)s when the lot is judged.": "web/test_specifications.py",
    "Not read, and judged by nothing": "web/test_not_read.py",
    "Not recorded: %(file)s": "web/test_submit.py",
    (
        "Not tested there, it may be shown at the stage %(stage)s, by this lot or by every lot it derives from."
    ): "web/test_specifications.py",
    "Nothing beside the departures.": "web/test_specifications.py",
    "Nothing here is called %(names)s, so the request was not carried out.": "web/test_parameters.py",
    "Nothing is ticked that the token may.": "web/test_tokens.py",
    "Nothing to correct and nothing to look at.": "web/test_specifications.py",
    (
        "Nothing was kept. Divide a table into several files. Whoever runs the registry can submit larger "
        "files of instruments: up to 50 MB, of cytometers up to 200 MB."
    ): "web/test_answers.py",
    "Nothing was kept. Save them as a file, and choose that.": "web/test_answers.py",
    "Nothing was ticked or typed, so nothing is mended.": "web/test_mend.py",
    "There is nothing to look at here: forms are sent to this address.": "web/test_answers.py",
    "Not shown: %(criteria)s.": "web/test_queue.py",
}
"""Sentence → the test that raises it."""
RULES: dict[str, str] = {
    "Nothing is done with a webhook but these.": FORM,
    "No decision was chosen.": FORM,
    "No file was chosen and no rows were pasted.": FORM,
    "No result is filled in.": FORM,
    "Nothing is put in such an order.": FORM,
    "There is no such kind.": FORM,
    "There is no such relation.": FORM,
    "There is no such role.": FORM,
    "There is no such zone.": FORM,
    "There is no table.": FORM,
    "Nobody is signed in.": FORM,
    "No passkey answered: it was cancelled, took too long, or is not here. Nothing was sent; try again.": FORM,
    "No longer ask for it": LABEL,
    "Not decided": LABEL,
    "Not known yet: due after release": LABEL,
    "Not possible now:": LABEL,
    "Not shown": LABEL,
    "Nothing here yet": LABEL,
    "Nothing is ever changed or removed; a correction is another entry.": ALWAYS,
    "Nothing was kept. This is what submitting it would say.": ALWAYS,
    "Nothing was kept. This is what the table says.": ALWAYS,
    "No file of gates is named: whoever submits decides how the gates are drawn.": FILE,
    "No instrument is named: the columns are read so in every instrument's file, and in tables.": FILE,
    "None: a figure is compared as it was printed.": FILE,
    "Nobody here vouches for the key that it is signed with: give the issuer's key.": FILE,
}
"""Sentence → why it claims nothing of the registry as it stands."""
UNTRIED = frozenset(
    (
        "Fewer than eight recipients: nothing is shown.",
        (
            "No address is set at which they could work: an administrator names it. It begins with https:// and "
            "is a name, not a number."
        ),
        "No justification is given.",
        "No lot of it would be recorded: there is nothing to submit until the rows are mended.",
        "No lot of this product has a result for it yet.",
        "No lot was recorded: every one has a row in error. Mend the rows below and send the file again.",
        "No species is called “%(name)s” here.",
        "No specification has a potency criterion that names it: no lot can show it.",
        "No specification is approved for the lot's product, so nothing was judged.",
        "No verdict changes by it.",
        "No visit is due, late or missed.",
        "Nobody has added this study here: its arms are not known, and no dose can be compared.",
        "Nothing else to correct and nothing else to look at.",
        "Nothing is to be confirmed here: this registry is not a restored copy, or the quality unit has confirmed it.",
        "Nothing is wrong",
        "Nothing more is due, and the release does not stand: decide again.",
        "Nothing waits for you",
        "Nothing was judged: what it lacks cannot be said, and it cannot be supplied.",
        "Nothing: the one lot here is judged as it is now.",
        "You have no such token.",
    )
)
MOST_UNTRIED = 20
"""Sentences whose situation no test makes yet: from here they only go, into ``SEEN`` or ``TOLD``."""


@dataclass(frozen=True)
class Houses:
    """A new registry, the story, and the demonstration with its study."""

    new: Site
    story: Site
    demo: Site

    def page(self, who: str, where: str) -> str:
        """The text of ``house /path`` as this person sees it."""
        house, path = where.split(" ", 1)
        site = {"new": self.new, "demo": self.demo}.get(house, self.story)
        if house in ACTS:
            ACTS[house](site.registry, site.signed_in("quality"))
        if site is self.demo:
            path = path.replace("{given}", self.given)
            answer = site.client().get(path, headers=site.bearer(who, Accept="text/html"))
        else:
            answer = site.signed_in(who).get(path, headers=HTML)
        assert answer.status_code in {200, 400, 404, 409}, (who, where, answer.status_code)
        return html.unescape(answer.text)

    @property
    def given(self) -> str:
        """A lot of the demonstration that was given to somebody."""
        viewer = next(account for account in self.demo.registry.accounts.all() if account.role == "clinician")
        lots = (line.lot for line in self.demo.registry.lot_index.find("T-", 50))
        return next(lot for lot in lots if self.demo.registry.administrations.of_lot(lot, viewer))


def audited(registry: Registry, browser: FlaskClient) -> None:
    """An audit that was asked for on its page, and has ended."""
    posted(browser, "/integrity")
    for _step in range(200):
        if registry.upkeep.inspection.last_audit.ended is not None:
            return
        sleep(0.05)
    raise AssertionError("the audit did not end")


def posted(browser: FlaskClient, address: str, form: str = "") -> None:
    """A form of one button, sent."""
    page = browser.get(form or address, headers=HTML).text
    answer = browser.post(address, headers=HTML, data={"csrf": csrf_of(page)}, follow_redirects=False)
    assert answer.status_code in {200, 303}, answer.text


def mapped(registry: Registry) -> None:
    """A mapping in force."""
    drafts = registry.mappings.drafts
    draft = drafts.draft("ours", "m.csv", MAPPING, account_of(registry, "lab.one"))
    drafts.approve(draft.position, signer="quality", password=PASSWORD, meaning="I approve it.")


def reviewed(registry: Registry) -> None:
    """The audit trail of H-04, by the quality unit."""
    trail = registry.releases.trail
    trail.sign("H-04", seen=trail.show("H-04").seen, name="quality", password=PASSWORD, meaning="I have reviewed it.")


def withdrawn(registry: Registry) -> None:
    """Every result of W-1, which was released: its release stands no longer, and somebody decides again."""
    for panel in registry.lots.get("W-1").panels:
        if panel.withdrawn is None:
            registry.submissions.withdraw(panel.panel, reason="Another lot's.", name="quality", password=PASSWORD)


def retested(registry: Registry) -> None:
    """A retest of H-04 that waits to be accepted."""
    known = registry.lots.get("H-04")
    first = next(each for panel in known.panels for each in panel.results if each.label == "CD105")
    rows = "lot,characteristic,value,unit,relation,supersedes,reason\n"
    rows += f"H-04,CD105,97.2,%,retest,{first.iri},The first tube was clogged.\n"
    assert registry.submissions.submit("retest.csv", rows.encode(), account_of(registry, "lab.one")).recorded


def once(registry: Registry, act: Callable[[Registry], None]) -> None:
    """Do it unless it was done for another sentence."""
    if act not in DONE:
        DONE.add(act)
        act(registry)


def drafted(registry: Registry) -> None:
    """A specification that waits for a second person."""
    registry.specifications.draft("ours.csv", ours().encode(), name="quality", password=PASSWORD)


def hooked(registry: Registry) -> None:
    """An address that is told when the state of a lot changes."""
    registry.webhooks.add("https://lims.example/told", by=account_of(registry, "admin"))


def identified(registry: Registry) -> None:
    """A number of another house for H-04."""
    registry.identifiers.record("house", "COI-4", actor=account_of(registry, "lab.one"), lot="H-04")


def studied(registry: Registry) -> None:
    """A study of which nothing but its name is known."""
    registry.studies.add(Study("S-1", "A study"), account_of(registry, "quality"))


ACTS: dict[str, Callable[[Registry, FlaskClient], object]] = {
    "audited": audited,
    "drafted": lambda registry, browser: once(registry, drafted),
    "hooked": lambda registry, browser: once(registry, hooked),
    "identified": lambda registry, browser: once(registry, identified),
    "studied": lambda registry, browser: once(registry, studied),
    "mapped": lambda registry, browser: mapped(registry),
    "printed": lambda registry, browser: posted(browser, "/certificates/html/H-03", "/paper/H-03"),
    "reviewed": lambda registry, browser: reviewed(registry),
    "withdrawn": lambda registry, browser: withdrawn(registry),
    "retested": lambda registry, browser: retested(registry),
}
"""What is done to the story before a page of it no longer says so."""


def founded(folder: Path) -> Site:
    """A registry in which nothing was entered but its accounts."""
    registry, first = Registry.create(folder)
    registry.accounts.change_password("admin", first, PASSWORD)
    for name, role in ROLES.items():
        if name != "admin":
            once = registry.accounts.create(name, role, f"Dr {name.title()}", by=account_of(registry, "admin"))
            registry.accounts.change_password(name, once, PASSWORD)
    return Site(create_app(registry), registry, {}, "")


def told_at_length(folder: Path) -> Site:
    """The demonstration, with a token for whoever has each role."""
    registry = Registry.open(folder)
    people = {account.role: account for account in registry.accounts.all()}
    tokens = {
        name: registry.accounts.create_token(people[role].name, "tests", by=people[role], scopes=scopes_of(role))
        for name, role in ROLES.items()
    }
    return Site(create_app(registry), registry, tokens, "")


DONE: set[Callable[[Registry], None]] = set()


@pytest.fixture(scope="module")
def houses(site: Site, whole_demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Houses]:
    """The three; in the story stand a lot without results, a product without a specification, and an account unused."""
    folder = tmp_path_factory.mktemp("houses")
    copytree(whole_demonstration, folder / "demo")
    site.add_lot("N-1")
    site.submit(site.add_lot("W-1"))
    site.sign("W-1", "release")
    bare = ProductDraft("BARE", "Bare cells", "CL:0000134", "a cell line", "allogeneic", "NCBITaxon:9606")  # type: ignore[arg-type]
    site.registry.products.register(bare, account_of(site.registry, "lab.one"))
    site.add_lot("N-2", "BARE")
    site.submit("N-2")
    site.registry.accounts.create("newcomer", "analyst", "Dr Newcomer", by=account_of(site.registry, "admin"))
    houses = Houses(founded(folder / "new"), site, told_at_length(folder / "demo"))
    yield houses
    for each in (houses.new, houses.demo):
        each.registry.close()


def pattern(sentence: str) -> re.Pattern[str]:
    """The sentence with anything in its holes."""
    return re.compile(".+?".join(re.escape(part) for part in HOLE.split(sentence)), re.DOTALL)


@pytest.mark.parametrize("said", SEEN, ids=lambda said: f"{said.sentence[:40]} {said.so}")
def test_a_page_says_that_there_is_none_only_where_there_is_none(houses: Houses, said: Said) -> None:
    """The first page says it, and the one beside it, where there is one, does not."""
    sentence = pattern(said.sentence)
    assert sentence.search(houses.page(said.who, said.so)), said.so
    assert not sentence.search(houses.page(said.who, said.not_so)), said.not_so


def claimed() -> set[str]:
    """Every sentence of the catalogue that says that something is not there."""
    with (ROOT / "web" / "languages" / "messages.pot").open("rb") as stream:
        every = [
            message.id if isinstance(message.id, str) else message.id[0] for message in read_po(stream) if message.id
        ]
    return {sentence for sentence in every if CLAIMS.match(sentence)}


def test_every_such_sentence_has_its_situation_and_none_has_two() -> None:
    """Seen here, told by a test elsewhere that names it, or a rule."""
    seen = {said.sentence for said in SEEN}
    every = [*sorted(seen), *TOLD, *RULES, *UNTRIED]
    assert [sentence for sentence in every if every.count(sentence) > 1] == []
    assert sorted(claimed() ^ set(every)) == []
    assert len(UNTRIED) <= MOST_UNTRIED


@pytest.mark.parametrize("sentence", TOLD)
def test_the_test_that_raises_a_sentence_names_it(sentence: str) -> None:
    """Its longest part without a hole stands in that file."""
    text = re.sub(r'"\s*\n\s*f?"', "", (ROOT / "tests" / TOLD[sentence]).read_text(encoding="utf-8"))
    assert max(HOLE.split(sentence), key=len).strip() in text

"""A claim is somebody's signed word, names what it stands on, and is shown of a lot by the lot's own result alone."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from registry.domain import Publication, Study
from registry.errors import Conflict, NotAllowed, PatientData, Refused, RegistryError, Unknown, WrongUsage
from registry.services import CitedPublication, ClaimEvidence
from registry.services.claims.claims import ClaimDraft
from tests.people import LOCAL
from tests.services.conftest import SECRET, House, copied

REVIEW = "10.1016/j.jogoh.2025.103031"
REVIEWED = ClaimEvidence("literature", REVIEW, "ECO:0000033")
ASSAY = ClaimEvidence("lot result", "VEGF secretion", "")
ANGIOGENESIS = ClaimDraft("angiogenesis", "CL:0000134", "GO:0045766", (REVIEWED, ASSAY))
TABLE = """specification,potent
version,1
title,Identity and potency
source,made up for a test
cell type,CL:0000134

id,characteristic,operator,limit,unit,claim,source
cd73,CD73,>=,95,%,,ISCT 2006
cd90,CD90,>=,95,%,,ISCT 2006
cd105,CD105,>=,95,%,,ISCT 2006
cd34,CD34,<=,2,%,,ISCT 2006
cd45,CD45,<=,2,%,,ISCT 2006
hla-dr,HLA-DR,<=,2,%,,ISCT 2006
vegf,VEGF secretion,>=,500,pg/mL per 10^6 cells per 24 h,angiogenesis,made up
"""


@pytest.fixture(scope="module")
def told(furnished: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the review is cited and one claim is made."""
    folder = tmp_path_factory.mktemp("claimed") / "data"
    with copied(furnished, folder) as made:
        made.registry.claims.cite(CitedPublication(REVIEW, year=2025, products=("POI-M",)), made.account("lab.one"))
        make(made, ANGIOGENESIS)
    return folder


@pytest.fixture
def claimed(told: Path, tmp_path: Path) -> Iterator[House]:
    """A house of one's own that goes on from there."""
    with copied(told, tmp_path / "data") as found:
        yield found


def make(house: House, draft: ClaimDraft, by: str = "q.one") -> None:
    """Sign a claim."""
    house.registry.claims.make(draft, name=by, password=SECRET)


def approve(house: House, table: str = TABLE) -> None:
    """Draft a specification and have it approved by another member."""
    house.registry.specifications.draft("potent.csv", table.encode(), name="q.one", password=SECRET)
    house.registry.specifications.approve("POI-M", "potent", "1", name="q.two", password=SECRET, meaning="I approve.")


def secretion(house: House, lot: str, value: str) -> None:
    """Submit the six markers and what was secreted."""
    house.submit(lot)
    text = f"lot,characteristic,value,unit\n{lot},VEGF secretion,{value},pg/mL per 10^6 cells per 24 h\n"
    house.registry.submissions.submit("vegf.csv", text.encode(), house.account("lab.one"))


def test_a_claim_names_what_it_stands_on_and_who_signed_it(claimed: House) -> None:
    """Of cells, a process, evidence with its type, and the signer; the strongest that it stands on for no lot."""
    answer = claimed.registry.claims.get("ANGIOGENESIS").as_dict()
    assert (answer["of"], answer["process"], answer["stands_on"], answer["printed_name"]) == (
        {"id": "CL:0000134", "label": "mesenchymal stem cell"},
        {"id": "GO:0045766", "label": "positive regulation of angiogenesis"},
        "literature",
        "Q.One",
    )
    assert [(each["basis"], each["about"]["id"], each["type"]["id"]) for each in answer["evidence"]] == [
        ("literature", REVIEW, "ECO:0000033"),
        ("lot result", "cpr:VEGF-secretion", "ECO:0000002"),
    ]


def test_a_publication_says_everything_that_cites_it(claimed: House) -> None:
    """Product, indication, criterion, claim and study; what is entered later adds up, and its title stays unknown."""
    study = Study("S-1", "A study", publications=(Publication(REVIEW, "", 2025),))
    claimed.registry.studies.add(study, claimed.account("q.one"))
    more = CitedPublication(
        "doi:10.1016/J.jogoh.2025.103031", indications=("DOID:5426",), criteria=("isct-2006/1#cd73",)
    )
    claimed.registry.claims.cite(more, claimed.account("lab.one"))
    answer = claimed.registry.claims.publication(REVIEW.upper()).as_dict()
    cited = ("products", "criteria", "studies", "claims", "unknown", "year")
    assert {name: answer[name] for name in cited} == {
        "products": ["POI-M"], "criteria": ["isct-2006/1#cd73"], "studies": ["S-1"], "claims": ["angiogenesis"],
        "unknown": ["title"], "year": 2025,
    }  # fmt: skip
    assert [use["id"] for use in answer["indications"]] == ["DOID:5426"]


@pytest.mark.parametrize(
    ("draft", "kind", "words"),
    [
        (CitedPublication("not a doi"), WrongUsage, "This is no DOI."),
        (CitedPublication(REVIEW, year=2024), Refused, "has another year on record"),
        (CitedPublication(REVIEW, "Written by a.b@example.org"), PatientData, "holds an e-mail address"),
        (CitedPublication(REVIEW, products=("NOPE",)), Unknown, "no product NOPE"),
        (CitedPublication(REVIEW, indications=("CL:0000134",)), WrongUsage, "An indication is a disease."),
        (CitedPublication(REVIEW, criteria=("isct-2006/1#cd999",)), Unknown, "No specification has this criterion."),
    ],
)
def test_a_publication_is_refused(
    claimed: House, draft: CitedPublication, kind: type[RegistryError], words: str
) -> None:
    """What is no DOI, contradicts what is on record, names a person, or is cited for what is not there."""
    with pytest.raises(kind, match=words):
        claimed.registry.claims.cite(draft, claimed.account("lab.one"))


UNPUBLISHED = Study("S-1", "A study", cell_type="CL:0000134", unknown=("results",))
PUBLISHED = Study("S-2", "A study", cell_type="CL:0000134")


@pytest.mark.parametrize(
    ("changed", "kind", "words"),
    [
        ({"evidence": ()}, WrongUsage, "A claim stands on something."),
        ({"process": "GO:0008150"}, WrongUsage, "no mechanism that is known here"),
        ({"of": "DOID:5426"}, Unknown, "no product DOID:5426"),
        ({"evidence": (ClaimEvidence("literature", "10.1000/1", "ECO:0000033"),)}, Unknown, "no publication 10.1000/1"),
        ({"evidence": (ClaimEvidence("literature", REVIEW, ""),)}, WrongUsage, "no type of evidence of literature"),
        ({"evidence": (ClaimEvidence("lot result", "viability", ""),)}, WrongUsage, "viability is no potency assay"),
        (
            {"evidence": (ClaimEvidence("lot result", "VEGF secretion", "ECO:0000033"),)},
            WrongUsage, "no type of evidence of a lot's own result",
        ),
        ({"evidence": (ClaimEvidence("study", "S-1", ""),)}, Refused, "Nobody has published results of S-1"),
        ({"of": "POI-M", "evidence": (ClaimEvidence("study", "S-2", ""),)}, Refused, "S-2 is no study of POI-M"),
        ({"of": "CL:0002540", "evidence": (ClaimEvidence("study", "S-2", ""),)}, Refused, "no study of such cells"),
        ({"id": "Angiogenesis"}, Conflict, "There is a claim Angiogenesis already"),
    ],
)  # fmt: skip
def test_a_claim_is_refused(claimed: House, changed: dict[str, object], kind: type[RegistryError], words: str) -> None:
    """On nothing, on what is not on record, or on what cannot show it; and a second time."""
    for study in (UNPUBLISHED, PUBLISHED):
        claimed.registry.studies.add(study, claimed.account("q.one"))
    with pytest.raises(kind, match=words):
        make(claimed, replace(ANGIOGENESIS, **{"id": "another", **changed}))  # type: ignore[arg-type]


def test_a_claim_on_a_study_with_results_stands_on_studies(claimed: House) -> None:
    """The same claim, of cells of which such a study was made, is accepted."""
    claimed.registry.studies.add(PUBLISHED, claimed.account("q.one"))
    make(claimed, replace(ANGIOGENESIS, id="studied", evidence=(REVIEWED, ClaimEvidence("study", "S-2", ""))))
    assert claimed.registry.claims.get("studied").stands_on == "studies"


def test_only_the_quality_unit_claims(claimed: House) -> None:
    """A submitter may cite, and may not claim."""
    with pytest.raises(NotAllowed):
        make(claimed, replace(ANGIOGENESIS, id="another"), by="lab.one")


@pytest.mark.parametrize(
    ("value", "shown", "stands_on"),
    [
        ("812", "shown", "result of this lot"),
        ("500", "shown", "result of this lot"),
        ("499", "not shown", "literature"),
        (">400", "undetermined", "literature"),
        ("not evaluable", "undetermined", "literature"),
    ],
)
def test_a_lot_shows_a_claim_by_the_criterion_that_names_it(
    claimed: House, value: str, shown: str, stands_on: str
) -> None:
    """At its limit and above; below it, or where it cannot be told, literature alone is left."""
    approve(claimed)
    claimed.lot("L-1")
    secretion(claimed, "L-1", value)
    (answer,) = claimed.registry.claims.of_lot("L-1")
    assert (answer.lot, answer.evidence[1].shown, answer.stands_on) == ("L-1", shown, stands_on)


def test_a_result_that_no_criterion_judges_shows_nothing(claimed: House) -> None:
    """However high it is: there is no limit to hold it against."""
    claimed.lot("L-1")
    (before,) = claimed.registry.claims.of_lot("L-1")
    secretion(claimed, "L-1", "9999")
    (after,) = claimed.registry.claims.of_lot("L-1")
    assert [(each.evidence[1].shown, each.stands_on) for each in (before, after)] == [
        ("not measured", "literature"), ("judged by no criterion", "literature"),
    ]  # fmt: skip


def test_a_withdrawn_panel_no_longer_shows_a_claim(claimed: House) -> None:
    """What a lot shows follows its current evidence."""
    approve(claimed)
    claimed.lot("L-1")
    secretion(claimed, "L-1", "812")
    panel = claimed.registry.lots.get("L-1").panels[-1].panel
    claimed.registry.submissions.withdraw(panel, reason="Tubes were swapped.", name="q.one", password=SECRET)
    (answer,) = claimed.registry.claims.of_lot("L-1")
    assert (answer.evidence[1].shown, answer.stands_on) == ("not measured", "literature")


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("24 h,angiogenesis,", "24 h,no-such-claim,", "There is no claim no-such-claim"),
        ("vegf,VEGF secretion", "hgf,HGF secretion", "is not shown by HGF secretion"),
    ],
)
def test_a_criterion_supports_only_a_claim_that_stands(claimed: House, before: str, after: str, words: str) -> None:
    """Nobody can approve a specification whose potency criterion names what is not claimed, or by another assay."""
    with pytest.raises(Refused, match=words):
        approve(claimed, TABLE.replace(before, after))
    review = claimed.registry.specifications.review("POI-M", "potent", "1", "q.two")
    assert [words in obstacle for obstacle in review.obstacles] == [True]


def test_a_withdrawn_claim_is_shown_of_nothing(claimed: House) -> None:
    """Signed once, with a reason; it stays on record, stands on nothing, and no criterion can name it."""
    withdraw = claimed.registry.claims.withdraw
    with pytest.raises(WrongUsage):
        withdraw("angiogenesis", reason=" ", name="q.one", password=SECRET)
    withdraw("angiogenesis", reason="The review was retracted.", name="q.two", password=SECRET)
    claimed.lot("L-1")
    answer = claimed.registry.claims.get("angiogenesis")
    assert (claimed.registry.claims.of_lot("L-1"), answer.stands_on) == ([], "nothing")
    assert answer.withdrawn is not None
    assert answer.withdrawn.reason == "The review was retracted."
    with pytest.raises(Refused, match="The claim angiogenesis was withdrawn"):
        approve(claimed)
    with pytest.raises(Conflict, match="was withdrawn before"):
        withdraw("angiogenesis", reason="Again.", name="q.one", password=SECRET)


def test_the_graph_names_the_lots_that_show_a_claim(claimed: House) -> None:
    """Through the class of their cells and the criterion that names the claim; after a withdrawal it names none."""
    approve(claimed)
    for lot, value in (("L-1", "812"), ("L-2", "12")):
        claimed.lot(lot)
        secretion(claimed, lot, value)

    def asked() -> list[list[str]]:
        body = claimed.registry.queries.ask("lots-that-show-a-claim", None, "text/csv", by=LOCAL).body.decode()
        return list(csv.reader(io.StringIO(body)))[1:]

    assert asked() == [["angiogenesis", "L-1", "vegf", "pass"], ["angiogenesis", "L-2", "vegf", "fail"]]
    claimed.registry.claims.withdraw("angiogenesis", reason="Retracted.", name="q.one", password=SECRET)
    assert asked() == []

"""A lot that is held to other limits than ISCT's 95 % and 2 % says so wherever its answer stands."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from registry.domain import Departure
from registry.services.lots.injection_answer import sentence_of
from tests.people import account_of
from tests.services.conftest import SECRET, House
from tests.services.test_drafting import draft

WHY = "Adipose cells keep this marker through two passages, as that trial has shown: doi 10.5966/sctm.2015-0245"
WEAKER = f"""\
specification,adipose
version,1
title,Adipose cells
source,"QP-017, section 4"
cell type,CL:0000134
species,NCBITaxon:9606

id,characteristic,operator,limit,unit,justification
cd73,CD73,>=,95,%,
cd90,CD90,>=,95,%,
cd105,CD105,>=,95,%,
cd45,CD45,<=,2,%,
cd34,CD34,<=,10,%,"{WHY}"
mhc-ii,MHC II,<=,2,%,
"""
MESSAGE = "CD34: at most 10 % is weaker than the 2 % of ISCT 2006."


def adipose(house: House) -> None:
    """Two members sign the weaker limit: one drafts it with its reason, the other approves it."""
    draft(house, WEAKER)
    house.registry.specifications.approve("POI-M", "adipose", name="q.two", password=SECRET)


def test_a_released_lot_says_by_which_other_limits(house: House) -> None:
    """In the clinic's answer, in its sentence, in lists and on its certificate."""
    adipose(house)
    house.lot("H-01")
    house.submit("H-01", CD34="7")
    house.decide("H-01", "release")
    lot = house.registry.lots.get("H-01", viewer=account_of(house.registry, "clinic.one"))
    assert lot.answer.other_limits == (MESSAGE,)
    assert lot.answer.sentence.endswith(" Released by other limits than ISCT's 95 % and 2 %: CD34.")
    assert lot.as_dict()["answer"]["other_limits"] == [MESSAGE]
    line = house.registry.lot_index.find("H-01")[0]
    assert (line.sentence, line.other_limits) == (lot.answer.sentence, (MESSAGE,))


def test_a_lot_by_the_usual_limits_says_nothing_of_them(house: House) -> None:
    """The list is empty and the sentence ends with the time."""
    house.lot("H-02")
    house.submit("H-02")
    house.decide("H-02", "release")
    answer = house.registry.lots.get("H-02").answer
    assert (answer.other_limits, "ISCT" in answer.sentence) == ((), False)
    assert house.registry.lot_index.find("H-02")[0].other_limits == ()


def test_a_lot_that_must_not_be_injected_is_told_no_limits_in_its_sentence(house: House) -> None:
    """They still stand beside it."""
    adipose(house)
    house.lot("H-03")
    house.submit("H-03", CD34="7")
    answer = house.registry.lots.get("H-03").answer
    assert (answer.sentence, answer.other_limits) == ("Must not be injected.", (MESSAGE,))


@pytest.mark.parametrize(
    ("kind", "ending"),
    [
        ("weaker limit", " Released by other limits than ISCT's 95 % and 2 %: CD34."),
        ("left out", " Released without a gating limit for: CD34."),
    ],
)
def test_a_marker_without_a_limit_is_told_apart(kind: str, ending: str) -> None:
    """An approval of an earlier rule may have waived a marker: whoever injects reads that."""
    departure = Departure("cpr:CD34", "CD34", kind, "")  # type: ignore[arg-type]
    until = datetime(2027, 1, 1, tzinfo=UTC)
    assert sentence_of(until, None, None, {}, [departure]) == f"May be injected until 2027-01-01 00:00 +00:00.{ending}"

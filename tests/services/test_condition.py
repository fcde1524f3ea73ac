"""Release in two steps (EU GMP Part IV): on what is known, completed by what is due after it, or lapsed."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from registry.errors import GateRefused, WrongUsage
from registry.identifiers import CPR
from registry.instants import moment
from registry.release import LONGEST, Condition
from registry.services import LotLine, Registry
from registry.services.lot_index import Wanted
from tests.people import LOCAL, account_of
from tests.services.conftest import SECRET, House, copied
from tests.services.test_drafting import TABLE, approve, draft

TWO_STEPS = TABLE.replace("unit\n", "unit,duration,due\n") + (
    "sterility,sterility,one of,no growth,,14 d,after release\n"
    "endotoxin,endotoxin,<=,5,EU/mL,,after release\n"
)  # fmt: skip
DAY, MONTH = timedelta(days=1), timedelta(days=31)
NOT_YET = (
    "sterility is not known yet: expected not detected, for 14 d, due after release, found no result. Sign a "
    "conditional release, or wait.",
    "endotoxin is not known yet: expected <= 5 EU/mL, due after release, found no result. Sign a conditional release, "
    "or wait.",
)


@pytest.fixture(scope="module")
def told(furnished: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Lot P-01, six markers shown, sterility and endotoxin due after release; nobody has decided. Told once."""
    folder = tmp_path_factory.mktemp("waiting") / "data"
    with copied(furnished, folder) as house:
        draft(house, TWO_STEPS)
        approve(house)
        house.lot("P-01")
        house.submit("P-01")
    return folder


@pytest.fixture
def waiting(told: Path, tmp_path: Path) -> Iterator[House]:
    """That lot, for one test alone."""
    with copied(told, tmp_path / "data") as house:
        yield house


def culture(house: House, outcome: str = "no growth", days: int = 14, lot: str = "P-01") -> str:
    text = f"lot,characteristic,value,unit,duration\n{lot},sterility,{outcome},,{days} d\n"
    receipt = house.registry.submissions.submit(f"day-{days}.csv", text.encode(), house.account("lab.one"))
    return receipt.recorded[0].panel


def endotoxin(house: House, value: str = "0.1", lot: str = "P-01") -> None:
    text = f"lot,characteristic,value,unit\n{lot},endotoxin,{value},EU/mL\n"
    house.registry.submissions.submit("endotoxin.csv", text.encode(), house.account("lab.two"))


def listed(house: House) -> list[tuple[str, str, str | None]]:
    return [(one.lot, one.state, one.verdict) for one in house.registry.lot_index.conditions(10)]


def line(house: House, lot: str = "P-01") -> LotLine:
    (found,) = house.registry.lot_index.find(lot)
    return found


def test_released_is_signed_only_when_everything_is_known(waiting: House) -> None:
    """A plain release names what is due and what to sign instead; a conditional one needs something that is due."""
    with pytest.raises(GateRefused) as refusal:
        waiting.decide("P-01", "release")
    assert refusal.value.details == NOT_YET
    check = waiting.registry.releases.check("P-01", waiting.account("q.one"))
    assert (check.kind, check.missing, [one.id for one in check.due]) == (
        "conditional release", (), ["sterility", "endotoxin"],
    )  # fmt: skip
    culture(waiting)
    endotoxin(waiting)
    with pytest.raises(GateRefused) as other:
        waiting.release_on_condition("P-01", DAY)
    assert (other.value.message, other.value.details) == (
        "P-01 cannot be released on condition.",
        ("Nothing that is due after release is still to come: sign a release.",),
    )
    waiting.decide("P-01", "release")
    assert waiting.state("P-01") == "released"


def test_everything_else_that_a_release_asks_for_a_conditional_one_asks_for_too(waiting: House) -> None:
    """The same gate: the markers are shown, and nobody releases what they have submitted."""
    waiting.lot("P-02")
    waiting.submit("P-02", by="q.one", name="other.csv", CD105="93")
    with pytest.raises(GateRefused) as refusal:
        waiting.release_on_condition("P-02", DAY)
    panel = waiting.registry.lots.get("P-02").panels[0].panel
    assert refusal.value.details == (
        f"q.one submitted results of this lot (panel {panel}): another member signs.",
        "CD105: fail: expected >= 95 %, found 93 % (other.csv, row 4).",
    )


@pytest.mark.parametrize(
    ("kind", "reason", "by", "where"),
    [
        ("conditional release", "Needed.", None, "complete_by"),
        ("conditional release", "Needed.", datetime(2020, 1, 1, tzinfo=UTC), "complete_by"),
        ("conditional release", "Needed.", datetime(2099, 1, 1), "complete_by"),
        ("conditional release", "Needed.", datetime(2099, 1, 1, tzinfo=UTC), "complete_by"),
        ("conditional release", " ", datetime(2099, 1, 1, tzinfo=UTC), "reason"),
        ("release", "Needed.", datetime(2099, 1, 1, tzinfo=UTC), "complete_by"),
        ("hold", "Needed.", datetime(2099, 1, 1, tzinfo=UTC), "complete_by"),
    ],
)
def test_it_names_a_time_with_its_zone_in_the_future_and_a_reason_and_nothing_else_does(
    waiting: House, kind: str, reason: str, by: datetime | None, where: str
) -> None:
    """Nothing is guessed: no time is filled in for anybody, and one in another century is a slip of the keyboard."""
    with pytest.raises(WrongUsage) as refusal:
        waiting.registry.releases.sign(
            "P-01", kind, name="q.one", password=SECRET, meaning="I decide.", reason=reason, complete_by=by  # type: ignore[arg-type]
        )  # fmt: skip
    assert refusal.value.where == where
    assert waiting.registry.lots.get("P-01").decisions == ()


def test_a_time_without_a_zone_is_refused_for_its_zone(waiting: House) -> None:
    """However far off it is: nobody is told that a time of 2099 is not in the future."""
    with pytest.raises(WrongUsage) as refusal:
        waiting.registry.releases.sign(
            "P-01", "conditional release", name="q.one", password=SECRET, meaning="I decide.", reason="Needed.",
            complete_by=datetime(2099, 1, 1, 12),
        )  # fmt: skip
    assert (refusal.value.message, refusal.value.found) == (
        "The time by which what is due must be there says no zone, and nobody guesses one.",
        "2099-01-01 12:00 without a zone",
    )


def test_the_longest_wait_is_a_year(waiting: House) -> None:
    """A minute more is refused and says the latest time; a whole year is signed."""
    with pytest.raises(WrongUsage) as refusal:
        waiting.release_on_condition("P-01", LONGEST + timedelta(minutes=1))
    assert refusal.value.message == "What is due after a release is due within a year: this looks like a mistyped one."
    waiting.release_on_condition("P-01", LONGEST - timedelta(minutes=1))
    assert waiting.state("P-01") == "released"


def test_whoever_names_a_time_before_a_culture_can_end_is_told(waiting: House) -> None:
    """Begun on the day of manufacture, 14 days: said before the signature and with it; a test without one is not."""
    made = waiting.now().date()
    waiting.lot("P-02", manufactured_on=made)
    waiting.submit("P-02", name="other.csv", CD73="97.7")
    ends = datetime.combine(made, time(), UTC) + 14 * DAY
    check = waiting.registry.releases.check("P-02", waiting.account("q.one"))
    assert [(one.id, one.not_before) for one in check.due] == [("sterility", ends), ("endotoxin", None)]
    soon, late = waiting.now() + 5 * DAY, waiting.now() + 15 * DAY
    said = [
        waiting.registry.releases.sign(
            "P-02",
            "conditional release",
            name="q.one",
            password=SECRET,
            meaning="I decide.",
            reason="Needed.",
            complete_by=by,
        ).notes[:-1]
        for by in (soon, late)
    ]
    assert said == [
        (
            f"sterility cannot be known before {moment(ends)}, begun at manufacture: the release lapses at "
            f"{moment(soon)} without it.",
        ),
        (),
    ]


def test_what_is_not_known_stands_beside_the_answer_and_in_the_record(waiting: House) -> None:
    """May be injected, until what is due must be there; the sentence, the JSON, the history and the graph say so."""
    complete_by = waiting.release_on_condition("P-01", 15 * DAY)
    lot = waiting.registry.lots.get("P-01")
    stamp = f"{complete_by:%Y-%m-%d %H:%M} +00:00"
    assert (lot.answer.state, lot.answer.until) == ("released", complete_by)
    assert lot.answer.sentence == (
        f"May be injected until {stamp}. "
        f"Released on condition: not known yet, and due by {stamp}: sterility, endotoxin."
    )
    assert lot.as_dict()["answer"]["condition"] == {
        "due": ["sterility", "endotoxin"],
        "complete_by": complete_by.isoformat().replace("+00:00", "Z"),
        "met": False,
    }
    (decision,) = lot.decisions
    assert (decision.kind, decision.complete_by, decision.signature_valid) == ("conditional release", complete_by, True)
    assert waiting.registry.lots.history("P-01")[-1].summary == (
        f"Conditional release signed by Q.One: It is needed today. (what is due must be there by {stamp})"
    )
    assert (line(waiting).until, line(waiting).condition) == (complete_by, lot.answer.condition)
    assert line(waiting).sentence.startswith(f"May be injected until {stamp}. Released on condition")
    asked = f"SELECT ?by WHERE {{ ?d a <{CPR}ConditionalRelease> ; <{CPR}completeBy> ?by }}"
    said = waiting.registry.queries.query(asked, "text/csv", by=LOCAL).body.decode().split()[1]
    assert datetime.fromisoformat(said) == complete_by
    assert waiting.registry.upkeep.audit().ok


def test_once_all_of_it_is_there_in_time_the_lot_stays_released_and_a_release_completes_it(waiting: House) -> None:
    """Nobody is forced to sign again, and the time that was named ends nothing any more."""
    waiting.release_on_condition("P-01", 15 * DAY)
    expires = waiting.registry.lots.get("P-01").expires_at
    culture(waiting, days=7)
    endotoxin(waiting)
    half = waiting.registry.lots.get("P-01").answer.condition
    assert half is not None
    assert (half.due, half.met) == (("sterility",), False)
    culture(waiting)
    waiting.pass_time(MONTH)
    lot = waiting.registry.lots.get("P-01")
    assert (lot.answer.state, lot.answer.until) == ("released", expires)
    assert lot.answer.condition == Condition((), half.complete_by, met=True)
    assert listed(waiting) == [("P-01", "released", "pass")]
    assert waiting.registry.releases.check("P-01", waiting.account("q.two")).kind == "release"
    waiting.decide("P-01", "release", by="q.two")
    lot = waiting.registry.lots.get("P-01")
    assert (lot.answer.state, lot.answer.condition, [one.kind for one in lot.decisions]) == (
        "released", None, ["conditional release", "release"],
    )  # fmt: skip
    assert listed(waiting) == []
    with pytest.raises(GateRefused) as refusal:
        waiting.decide("P-01", "release")
    assert refusal.value.details == ("The lot is released already, on this evidence.",)


def test_when_its_time_is_over_it_lapses_and_what_comes_late_does_not_revive_it(waiting: House) -> None:
    """Not on the page, in no list and on no paper; it is decided on again."""
    complete_by = waiting.release_on_condition("P-01", 15 * DAY)
    endotoxin(waiting)
    assert waiting.registry.lot_index.recent(1)[0].state == "released"
    waiting.pass_time(MONTH)
    lot, stamp = waiting.registry.lots.get("P-01"), f"{complete_by:%Y-%m-%d %H:%M} +00:00"
    signed = f"{lot.decisions[0].at:%Y-%m-%d %H:%M} +00:00"
    said = f"The lot was released on condition at {signed}. What had to be there by {stamp} is not: sterility."
    assert [(one.code, one.message) for one in lot.answer.reasons] == [("overdue", said)]
    assert (lot.answer.state, lot.answer.until, line(waiting).state) == ("suspended", None, "suspended")
    assert (line(waiting).may_be_injected, line(waiting).until) == (False, None)
    waits = [one.lot for one in waiting.registry.lot_index.page(Wanted(states=("released",)), 10)]
    counted = {cell.state for cell in waiting.registry.lot_index.cells() if cell.lots}
    assert (waits, counted) == ([], {"suspended"})
    culture(waiting)
    late = waiting.registry.lots.get("P-01")
    assert [one.message for one in late.answer.reasons] == [said.replace("is not: ", "came later: ")]
    assert (late.answer.state, line(waiting).state, late.verdict) == ("suspended", "suspended", "pass")
    waiting.decide("P-01", "release", by="q.two")
    assert waiting.state("P-01") == "released"


def test_it_may_be_signed_again_with_another_time_before_and_after_it_lapses(waiting: House) -> None:
    """Each signature has its reason and its evidence; the newest counts."""
    waiting.release_on_condition("P-01", 15 * DAY)
    later = waiting.release_on_condition("P-01", 20 * DAY, by="q.two")
    assert waiting.registry.lots.get("P-01").answer.until == later
    waiting.pass_time(MONTH)
    assert waiting.state("P-01") == "suspended"
    again = waiting.release_on_condition("P-01", DAY)
    assert (waiting.state("P-01"), waiting.registry.lots.get("P-01").answer.until) == ("released", again)


def test_a_result_taken_back_after_that_time_suspends_it_for_good(waiting: House) -> None:
    """A panel withdrawn and sent again is no way around the quality unit; before that time it is merely due again."""
    waiting.release_on_condition("P-01", 15 * DAY)
    endotoxin(waiting)
    first = culture(waiting)
    waiting.registry.submissions.withdraw(first, reason="Another lot's bottle.", name="q.one", password=SECRET)
    assert waiting.state("P-01") == "released"
    second = culture(waiting, days=15)
    waiting.pass_time(MONTH)
    assert waiting.state("P-01") == "released"
    waiting.registry.submissions.withdraw(second, reason="Another lot's bottle.", name="q.one", password=SECRET)
    assert waiting.state("P-01") == "suspended"
    culture(waiting, days=16)
    assert (waiting.state("P-01"), line(waiting).state) == ("suspended", "suspended")


def test_what_was_known_at_a_release_and_is_not_any_more_suspends_it(waiting: House) -> None:
    """A criterion that is due after release keeps no lot from passing; it keeps it from being released without it."""
    endotoxin(waiting)
    panel = culture(waiting)
    waiting.decide("P-01", "release")
    waiting.registry.submissions.withdraw(panel, reason="Another lot's bottle.", name="q.one", password=SECRET)
    lot = waiting.registry.lots.get("P-01")
    assert (lot.answer.state, lot.verdict, line(waiting).state) == ("suspended", "pass", "suspended")


@pytest.mark.parametrize("stop", [None, "hold"])
def test_a_late_bad_result_is_listed_first_and_erases_nothing(waiting: House, stop: str | None) -> None:
    """EU GMP Part IV 11: also of a lot that has expired or is on hold, for containers may have been injected."""
    waiting.lot("P-02", expires_at=waiting.now() + DAY)
    waiting.submit("P-02", by="lab.two", name="two.csv")
    waiting.release_on_condition("P-01", 15 * DAY)
    waiting.release_on_condition("P-02", 16 * DAY)
    if stop:
        waiting.decide("P-02", stop)
    assert [one[0] for one in listed(waiting)] == ["P-01", "P-02"]
    waiting.pass_time(2 * DAY)
    state = "on hold" if stop else "expired"
    assert listed(waiting) == [("P-01", "released", "pass"), ("P-02", state, "pass")]
    culture(waiting, "growth", 3, "P-02")
    assert listed(waiting) == [("P-02", state, "fail"), ("P-01", "released", "pass")]
    lot = waiting.registry.lots.get("P-02")
    todo = "The quality unit decides again, and considers a recall."
    assert (lot.answer.state, lot.verdict, todo in [one.todo for one in lot.answer.reasons]) == (
        state, "fail", stop is None,
    )  # fmt: skip
    assert [one.kind for one in lot.decisions][:1] == ["conditional release"]
    waiting.decide("P-02", "recall")
    assert listed(waiting) == [("P-01", "released", "pass")]


def test_overdue_comes_before_what_waits_and_what_is_complete_comes_last(waiting: House) -> None:
    """Nearest first among those that wait."""
    for number, days in ((1, 20), (2, 2), (3, 15), (4, 17)):
        if number > 1:
            waiting.lot(f"P-0{number}")
            waiting.submit(f"P-0{number}", by="lab.two", name=f"{number}.csv", CD73=f"9{number + 4}.5")
        waiting.release_on_condition(f"P-0{number}", days * DAY)
    culture(waiting, lot="P-03")
    endotoxin(waiting, lot="P-03")
    waiting.pass_time(3 * DAY)
    found = waiting.registry.lot_index.conditions(10)
    assert [(one.lot, one.state, one.condition.met) for one in found if one.condition] == [
        ("P-02", "suspended", False), ("P-04", "released", False), ("P-01", "released", False),
        ("P-03", "released", True),
    ]  # fmt: skip
    assert [one.lot for one in waiting.registry.lot_index.conditions(2, 1)] == ["P-04", "P-01"]


def test_a_lot_used_up_within_its_shelf_life_is_completed_on_record(waiting: House) -> None:
    """Viability was to be no older than 2 hours when it was given; a fortnight later the release is completed."""
    draft(waiting, TWO_STEPS.replace("version,1", "version,2").replace("due\n", "due,window\n", 1)
          + "viability,viability,>=,70,%,,,2 h\n")  # fmt: skip
    approve(waiting, version="2")
    waiting.lot("P-09", expires_at=waiting.now() + timedelta(hours=3))
    waiting.submit("P-09", by="lab.two", name="nine.csv")
    tested = (waiting.now() - timedelta(minutes=5)).isoformat()
    text = f"lot,characteristic,value,unit,tested_at\nP-09,viability,92,%,{tested}\n"
    waiting.registry.submissions.submit("viability.csv", text.encode(), waiting.account("lab.two"))
    waiting.release_on_condition("P-09", 16 * DAY)
    assert waiting.state("P-09") == "released"
    waiting.pass_time(15 * DAY)
    with pytest.raises(GateRefused):
        waiting.decide("P-09", "release", by="q.two")
    culture(waiting, lot="P-09")
    endotoxin(waiting, lot="P-09")
    draft(waiting, TWO_STEPS.replace("version,1", "version,3") + "cd44,CD44,>=,95,%,,\n")
    approve(waiting, version="3")
    waiting.decide("P-09", "release", by="q.two")
    lot = waiting.registry.lots.get("P-09")
    assert lot.specification is not None
    assert (lot.answer.state, lot.specification.version, listed(waiting)) == ("expired", "2", [])


@pytest.mark.parametrize("form", ["html"])
def test_a_certificate_says_on_every_page_what_is_not_known(waiting: House, form: str) -> None:
    """Paper outlives the time by which it had to be there."""
    complete_by = waiting.release_on_condition("P-01", 15 * DAY)
    stamp = f"{complete_by:%Y-%m-%d %H:%M} +00:00"
    warning = f"<li>Released on condition: not everything is known yet; what is due must be there by {stamp}.</li>"
    signed = (
        f"<p>Conditional release, signed {waiting.registry.lots.get('P-01').decisions[0].at:%Y-%m-%d %H:%M} +00:00</p>"
    )
    page = waiting.registry.printing.certificate(
        "P-01", form=form, by=account_of(waiting.registry, "q.one")
    ).data.decode()
    said = [words in page for words in ("<h1>Certificate of analysis</h1>", warning, signed,
                                        f"<p>What is due must be there by {stamp}</p>")]  # fmt: skip
    assert said == [True] * 4
    culture(waiting)
    endotoxin(waiting)
    page = waiting.registry.printing.certificate(
        "P-01", form=form, by=account_of(waiting.registry, "q.one")
    ).data.decode()
    assert (warning in page, "<h1>Certificate of analysis</h1>" in page) == (False, True)


@pytest.mark.parametrize("decided", [False, True])
def test_a_certificate_says_beside_its_verdict_what_the_verdict_does_not_rest_on(waiting: House, decided: bool) -> None:
    """A report that says pass says in the same breath what is due after release, and by when once that is signed."""
    by = ""
    if decided:
        by = f" It must be there by {waiting.release_on_condition('P-01', 15 * DAY):%Y-%m-%d %H:%M} +00:00."
    said = "Still due after release, not known yet and not part of this verdict: sterility, endotoxin."
    open_words = f'<span class="pass">pass</span>.</p>\n<ul class="open"><li>{said}{by}</li></ul>\n<table'
    page = waiting.registry.printing.certificate("P-01", form="html", by=None).data.decode()
    assert page.count(open_words) == 1
    culture(waiting)
    endotoxin(waiting)
    page = waiting.registry.printing.certificate("P-01", form="html", by=None).data.decode()
    assert (page.count('<span class="pass">pass</span>.</p>\n<table'), "Still due" in page) == (1, False)


def test_a_certificate_says_which_reference_criteria_are_not_shown_and_whether_that_was_accepted(house: House) -> None:
    """A verdict of pass does not rest on them; until the quality unit accepts it, no release is signed."""
    table = (
        TABLE.replace("unit\n", "unit,standing\n") + "adherence,adherence to plastic,one of,demonstrated,,reference\n"
    )
    draft(house, table)
    approve(house)
    house.lot("P-01")
    house.submit("P-01")
    said = []
    for accepts in (True, False):
        page = house.registry.printing.certificate("P-01", form="html", by=None).data.decode()
        said += re.findall(r'<ul class="open"><li>([^<]*)</li></ul>', page)
        if accepts:
            house.registry.releases.accept("P-01", "adherence", reason="Seen by eye.", name="q.one", password=SECRET)
    assert said == [
        "Reference criteria that are not shown, and accepted by nobody: adherence to plastic.",
        "Reference criteria that are not shown, accepted so, with a reason, by the quality unit: adherence to plastic.",
    ]


def test_lines_that_an_earlier_version_kept_are_made_anew(waiting: House) -> None:
    """They are a projection: a registry whose lines knew no condition is opened like any other, and nothing is lost."""
    waiting.release_on_condition("P-01", 15 * DAY)
    before = line(waiting)
    with waiting.registry.ledger.writing() as connection:
        connection.exec_driver_sql("DROP INDEX lot_lines_by_cell")
        connection.exec_driver_sql("ALTER TABLE lot_lines DROP COLUMN awaits")
    again = Registry.open(waiting.registry.directory)
    assert again.lot_index.find("P-01") == [before]
    again.close()


Change = Callable[[House], object]


@pytest.mark.parametrize(
    ("change", "rows"),
    [
        (lambda house: None, ["sterility", "endotoxin"]),
        (endotoxin, ["sterility"]),
        (lambda house: culture(house, days=7), ["sterility", "endotoxin"]),
        (lambda house: [culture(house), endotoxin(house)], [""]),
        (lambda house: house.decide("P-01", "recall"), []),
    ],
)
def test_the_graph_is_asked_what_is_awaited(waiting: House, change: Change, rows: list[str]) -> None:
    """``ask released-on-condition``: by when, and which criteria are not shown yet."""
    complete_by = waiting.release_on_condition("P-01", 15 * DAY)
    change(waiting)
    body = waiting.registry.queries.ask("released-on-condition", {}, "text/csv", by=LOCAL).body.decode()
    found = [(row["lot"], row["criterion"], datetime.fromisoformat(row["complete_by"]))
             for row in csv.DictReader(io.StringIO(body))]  # fmt: skip
    assert found == [("P-01", row, complete_by) for row in rows]

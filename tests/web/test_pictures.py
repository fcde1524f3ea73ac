"""The criteria as a picture: where things stand on it, and that nothing leaves it."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from registry.vocabulary.durations import exactly, printed
from web import language
from web.number_format import left, moment, signs
from web.pictures.criteria import _drawn, criteria
from web.pictures.scale import Scale, scale_of


def verdict(**more: Any) -> dict[str, Any]:
    """CD73 at 98.5 %, of which 95 % are asked for."""
    return {
        "characteristic": "CD73",
        "verdict": "pass",
        "expected": ">= 95 %",
        "observed": "98.5 %",
        "low": "98.5",
        "high": "98.5",
        "low_open": False,
        "high_open": False,
        "limit_low": "95",
        "limit_high": None,
        "range_low": "0",
        "range_high": "100",
        "cocktail": False,
        "unit": "%",
        "source": {"file": "p.csv", "row": 2, "column": "value"},
        **more,
    }


def of_class(picture: str, name: str) -> list[dict[str, str]]:
    """The attributes of every element of a class."""
    root = ElementTree.fromstring(picture)  # noqa: S314  # our own picture
    return [element.attrib for element in root.iter() if name in element.get("class", "").split()]


def test_a_known_value_is_a_mark_at_its_place() -> None:
    """From 90 to 100: 98.5 % stands at 85 % of the width, the limit in the middle, and what is accepted after it."""
    picture = criteria([verdict()])
    assert [mark["x"] for mark in of_class(picture, "mark")] == ["85%"]
    assert [line["x1"] for line in of_class(picture, "limit")] == ["50%"]
    assert [(one["x"], one["width"]) for one in of_class(picture, "accepted")] == [("50%", "50%")]
    assert re.findall(r'<text class="tick"[^>]*>([^<]+)<', picture) == ["90", "100 %"]


def test_a_censored_value_is_a_bar_over_everything_it_could_be() -> None:
    """``<0.5`` is a bar from 0 to 0.5, capped at 0, which it includes, and not at 0.5, which it does not."""
    small = {"observed": "<0.5 %", "low": "0", "high": "0.5", "high_open": True, "limit_low": None, "limit_high": "2"}
    picture = criteria([verdict(**small)])
    assert [(bar["x"], bar["width"]) for bar in of_class(picture, "bar")] == [("0%", "5%")]
    assert [cap["x1"] for cap in of_class(picture, "cap")] == ["0%"]
    assert of_class(picture, "mark") == []


def test_earlier_lots_stand_behind_as_a_strip() -> None:
    """One line for each value that is another place; one outside the scale stands at its end."""
    picture = criteria([verdict(id="cd73")], {"cd73": ["97", "97.0", "99", "80"], "cd90": ["1"]})
    assert [line["x1"] for line in of_class(picture, "earlier")] == ["0%", "70%", "90%"]
    assert of_class(criteria([verdict(id="cd73")]), "earlier") == []


@pytest.mark.parametrize(
    ("row", "scale"),
    [
        ({}, Scale(Decimal(90), Decimal(100))),
        ({"low": "88.4", "high": "88.4"}, Scale(Decimal(80), Decimal(100))),
        ({"low": "60", "high": "60"}, Scale(Decimal(50), Decimal(100))),
        ({"low": "12", "high": "12"}, Scale(Decimal(0), Decimal(100))),
        ({"limit_low": "90"}, Scale(Decimal(80), Decimal(100))),
        ({"limit_low": None, "limit_high": "2", "low": "0.4", "high": "0.4"}, Scale(Decimal(0), Decimal(10))),
        ({"limit_low": None, "limit_high": "2", "low": "12", "high": "12"}, Scale(Decimal(0), Decimal(20))),
        ({"limit_low": None, "limit_high": "2", "low": "0", "high": "100"}, Scale(Decimal(0), Decimal(100))),
        ({"limit_low": "70", "limit_high": "90"}, Scale(Decimal(0), Decimal(100))),
        ({"limit_low": None, "limit_high": "0.01", "low": "0.002", "high": "0.002"},
         Scale(Decimal("0.0001"), Decimal("0.1"), by_powers=True)),
        ({"limit_low": None, "limit_high": "0.01", "low": "3", "high": "3"},
         Scale(Decimal("0.0001"), Decimal(10), by_powers=True)),
        ({"range_high": None, "limit_low": "20000000", "low": "24000000", "high": "24000000"},
         Scale(Decimal(0), Decimal(40000000))),
        ({"range_low": None, "range_high": None}, None),
        ({"limit_low": None}, None),
    ],
)  # fmt: skip
def test_the_part_of_the_scale_that_shows_the_margin_is_drawn(row: dict[str, Any], scale: Scale | None) -> None:
    """The last ten percent for what is to be high, the first for what is to be low, powers of ten for what is rare."""
    assert scale_of(verdict(**row)) == scale


def test_a_rare_share_stands_by_its_power_of_ten() -> None:
    """From 0.0001 to 0.1 each power is a third of the width; what is less than the first stands at the left."""
    scale = Scale(Decimal("0.0001"), Decimal("0.1"), by_powers=True)
    places = [scale.place(Decimal(value)) for value in ("0", "0.0001", "0.001", "0.01", "0.1", "5")]
    assert [round(place, 6) for place in places] == [0, 0, Decimal("33.333333"), Decimal("66.666667"), 100, 100]


def test_a_cocktail_is_one_bar_for_all_its_members() -> None:
    """Three criteria that stand on one figure are one row with three names."""
    figure = {
        "observed": "cocktail 0.9 %",
        "low": "0",
        "high": "0.9",
        "limit_low": None,
        "limit_high": "2",
        "cocktail": True,
    }
    picture = criteria([verdict(characteristic=name, **figure) for name in ("CD34", "CD11b", "CD45")])
    assert len(of_class(picture, "bar")) == 1
    assert re.findall(r'<text class="name"[^>]*>([^<]+)<', picture) == ["CD34 · CD11b · CD45"]


def test_the_verdict_has_a_shape_of_its_own() -> None:
    """Nobody depends on a colour: pass is a disc, fail a cross, undetermined a diamond, missing has no mark."""
    shapes = {}
    for word in ("pass", "fail", "undetermined"):
        shapes[word] = re.findall(r'<svg class="mark"[^>]*>(.*?)</svg>', criteria([verdict(verdict=word)]))[0]
    assert len(set(shapes.values())) == 3
    missing = criteria([verdict(verdict="missing", observed=None, low=None, high=None)])
    assert (of_class(missing, "mark"), of_class(missing, "bar")) == ([], [])
    assert of_class(missing, "row")[0]["class"] == "row missing"


def test_what_has_no_scale_is_left_to_the_table() -> None:
    """A word has no place on any, nor has a value that may be less than nothing."""
    assert criteria([verdict(range_low=None, range_high=None, limit_low=None), verdict(range_low="-200")]) == ""


def test_a_long_limit_takes_lines_of_its_own_and_never_meets_the_value() -> None:
    """No line holds more letters than the narrowest phone has room for, the value beside it counted."""
    expected = ">= 70 %, rounded to 1 decimals, by trypan blue, not older than 3 min"
    picture = criteria([verdict(characteristic="viability", expected=expected, observed="98.5 %")])
    root = ElementTree.fromstring(picture)  # noqa: S314  # our own picture
    texts = [one for one in root.iter("text") if "tick" not in one.get("class", "")]
    lines: dict[str, str] = {}
    for one in texts:
        lines[one.attrib["y"]] = f"{lines.get(one.attrib['y'], '')} {''.join(one.itertext())}".replace(
            "\xa0", " "
        ).strip()
    assert list(lines.values()) == [
        "viability", "≥ 70 %, rounded to 1 decimals, by", "trypan blue, not older than 3 min", "98.5 %",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("hours", "said"),
    [("0.05", "3 min"), ("0.5", "30 min"), ("1", "1 h"), ("1.5", "1.5 h"), ("24", "24 h"), ("336", "14 d")],
)
def test_a_time_is_printed_alike_everywhere(hours: str, said: str) -> None:
    """And it is read back as the same time."""
    assert (printed(Decimal(hours)), exactly(said)) == (said, Decimal(hours))


def test_names_in_the_picture_are_text() -> None:
    """A hostile name is drawn as its letters."""
    picture = criteria([verdict(characteristic="<script>&\"'", observed="<b>")])
    assert "<script" not in picture
    assert "<b>" not in picture
    assert ElementTree.fromstring(picture) is not None  # noqa: S314


@given(st.decimals(-1000, 1000, places=3), st.decimals(-1000, 1000, places=3))
def test_nothing_is_drawn_off_the_scale(one: Any, other: Any) -> None:
    """Whatever the numbers are, every place lies between 0 and 100 % of the width."""
    low, high = sorted((one, other))
    picture = criteria([verdict(low=str(low), high=str(high))])
    places = [float(place) for place in re.findall(r'="(-?[0-9.]+)%"', picture)]
    assert min(places) >= 0
    assert max(places) <= 100


def test_times_are_said_with_their_zone() -> None:
    """ISO without the T, with the offset; and how long it is until then in the two largest units."""
    assert moment("2026-11-21T14:05:00Z") == "2026-11-21 14:05 +00:00"
    assert moment("2026-11-21T14:05:59+05:30") == "2026-11-21 14:05 +05:30"
    assert moment(None) == ""
    now = "2026-11-21T14:05:00Z"
    assert left("2026-11-30T11:05:00Z", now) == "8 days 21 hours left"
    assert left("2026-11-21T15:06:00Z", now) == "1 hour 1 minute left"
    assert left("2026-11-21T14:05:30Z", now) == "less than a minute left"
    assert left("2026-11-21T14:05:00Z", now) == ""


def test_comparators_are_printed_as_laboratories_do() -> None:
    """And no line ends between a number and its percent sign."""
    assert signs(">= 95 %") == "≥\u00a095\u00a0%"
    assert signs("<= 2 %, < 5 cells") == "≤\u00a02\u00a0%, <\u00a05 cells"
    assert signs(None) == ""


def test_a_row_is_kept_for_each_language() -> None:
    """Whoever reads German is never shown what was drawn for whoever reads English, nor the other way round."""
    _drawn.cache_clear()  # rows drawn with the catalogue of another test
    app = Flask("web")
    language.fit(app, Path(language.__file__).with_name("languages"))
    none = verdict(observed=None, low=None, high=None, verdict="missing")
    seen = []
    for code in ("en", "de", "en"):
        with app.test_request_context(headers={"Accept": "text/html", "Accept-Language": code}):
            seen.append(re.findall(r'<text class="seen"[^>]*>([^<]+)<', criteria([none])))
    assert seen == [["no result"], ["kein Ergebnis"], ["no result"]]

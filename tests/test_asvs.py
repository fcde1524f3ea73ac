"""The walk through OWASP ASVS 5.0.0: each published number stands in it once, and what it names is there."""

from __future__ import annotations

import re

import pytest

from tests.conftest import ROOT

PAGE = ROOT / "docs" / "reference" / "asvs.md"
NUMBERS = ROOT / "tests" / "asvs-5.0.0-levels-1-and-2.txt"
ROW = re.compile(r"\| (\d+\.\d+\.\d+) \| ([12]) \| (met|not applicable|not met) \| ([^|]+) \| ([^|]+) \|")
ROWS = [match.groups() for line in PAGE.read_text("utf-8").splitlines() if (match := ROW.fullmatch(line))]


def test_every_requirement_of_levels_1_and_2_stands_once_in_the_order_of_the_standard() -> None:
    """Numbers and levels are those of the published file, which the list names."""
    published = [tuple(line.split()) for line in NUMBERS.read_text("utf-8").splitlines() if not line.startswith("#")]
    assert len(published) == 253
    assert [(number, level) for number, level, *_rest in ROWS] == published
    lines = PAGE.read_text("utf-8").splitlines()
    assert sum(bool(re.match(r"\| \d", line)) for line in lines) == len(ROWS)


def test_the_page_counts_what_it_says() -> None:
    """How many are met, do not apply and are not met."""
    standings = [standing for _number, _level, standing, *_rest in ROWS]
    counted = re.search(
        r"(\d+) requirements: (\d+) met,\s+(\d+) that do not apply, (\d+) not met", PAGE.read_text("utf-8")
    )
    assert counted is not None
    told = [str(standings.count(standing)) for standing in ("met", "not applicable", "not met")]
    assert list(counted.groups()) == [str(len(ROWS)), *told]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_what_a_row_names_is_there(row: tuple[str, ...]) -> None:
    """Each file exists, each test is in its file, and what is not met says what there is instead."""
    _number, _level, _standing, _asked, where = row
    assert len(where) >= 4
    for name in re.findall(r"`([\w./:-]+)`", where):
        path, _colons, test = name.partition("::")
        if "/" not in path or path.startswith("dist/"):
            continue
        assert (ROOT / path).exists(), name
        if test:
            assert f"def {test}(" in (ROOT / path).read_text("utf-8"), name

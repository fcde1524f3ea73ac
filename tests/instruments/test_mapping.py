"""A mapping says what names stand for; each line of it that says nothing clear is refused with its row."""

from __future__ import annotations

import pytest

from registry.domain.name_mapping import MINIMUM_EVENTS
from registry.errors import Unreadable
from registry.intake.names.mapping_table import read_lines, read_mapping
from tests.instruments.conftest import HEADER, TERMS, mapping_of


@pytest.mark.parametrize(
    ("line", "column", "expected"),
    [
        ("guess,x,,,,,,", "kind", "sample, ignore, column, gate, setting, detection limit, quantification limit"),
        ("sample,x,,,,,,", "lot", "the lot of a sample"),
        ("sample,,P-07,,,,,", "name", "the name of a sample"),
        ("sample,a*b*,P-07,,,,,", "name", "at most one * in each"),
        ("sample,a,P-*,,,,,", "name", "at most one * in each"),
        ("sample,a,P-07,someday,,,,", "stage", "after thaw"),
        ("sample,a,P-07,,CD73,,,", "characteristic", "nothing"),
        ("column,x,,,viability,,,", "unit", "the unit of a column"),
        ("column,x,,,viability,,mL,", "characteristic", "%"),
        ("gate,x,,,CD73,,,", "parent", "the parent of a gate"),
        ("gate,x,,,CD45-,Live,,", "characteristic", "CD45, percent positive"),
        ("gate,x,,,CD79,Live,,", "characteristic", "CD79a or CD79b"),
        ("setting,colour,,,,,,blue", "name", "minimum events, instrument, gates, sample keyword, compensation"),
        ("setting,minimum events,,,,,,few", "value", "a whole number of at least 1"),
        ("setting,gates,,,,,,md5:1", "value", "the digest of the approved Gating-ML file"),
    ],
)
def test_a_line_that_is_not_clear_is_refused(line: str, column: str, expected: str) -> None:
    """With its row, its column and what was expected."""
    lines, errors = read_lines("lab.csv", f"{HEADER}{line}\n".encode(), TERMS)
    assert lines == []
    assert [(error.row, error.column) for error in errors] == [(2, column)]
    assert errors[0].expected.split(", ")[0] == expected if column == "stage" else errors[0].expected == expected


def test_a_name_is_mapped_once() -> None:
    """Two lines for one name would need a guess."""
    _, errors = read_lines("lab.csv", f"{HEADER}ignore,x,,,,,,\nignore, x,,,,,,\n".encode(), TERMS)
    assert [(error.row, error.message) for error in errors] == [(3, "Row 2 maps the same ignore: remove one of them.")]


@pytest.mark.parametrize("data", [b"", b"a,b\n1,2\n", b"kind,name\n", b"kind,name,colour\nignore,x,blue\n"])
def test_what_is_no_mapping_is_unreadable(data: bytes) -> None:
    """Nothing, other columns, no row."""
    with pytest.raises(Unreadable):
        read_mapping("lab.csv", data, TERMS)


def test_a_refused_mapping_lists_every_row() -> None:
    """Not the first alone."""
    with pytest.raises(Unreadable) as caught:
        read_mapping("lab.csv", f"{HEADER}guess,x,,,,,,\nsample,y,,,,,,\n".encode(), TERMS)
    assert caught.value.details == (
        "row 2, kind: Print what the row maps.", "row 3, lot: A sample needs its lot.",
    )  # fmt: skip


def test_samples_are_found_by_name_then_by_the_longest_pattern() -> None:
    """One * stands for any text, of at least one letter, and for the same text in the lot."""
    mapping = mapping_of(
        "sample,P-07 thaw,P-07,after thaw,,,,", "sample,P-*,P-*,,,,,", "sample,P-07 *,X-*,,,,,", "ignore,beads*,,,,,,"
    )
    found = {name: mapping.sample(name) for name in ("P-07 thaw", "P-08", "P-07 b", "beads 1", "P-", "Q-1", "beads")}
    assert {name: line and (line.kind, line.lot, line.stage) for name, line in found.items()} == {
        "P-07 thaw": ("sample", "P-07", "after thaw"), "P-08": ("sample", "P-08", ""), "P-07 b": ("sample", "X-b", ""),
        "beads 1": ("ignore", "", ""), "P-": None, "Q-1": None, "beads": None,
    }  # fmt: skip


def test_names_differ_in_nothing_but_spaces_and_the_letter_for_micro() -> None:
    """U+00B5 and U+03BC look alike and are the same to a laboratory; CD73 and cd73 may be two gates."""
    mapping = mapping_of("column,Diameter  (\u00b5m),,,viability,,%,")
    assert (mapping.column("Diameter (\u03bcm)"), mapping.column("diameter (\u03bcm)")) == (mapping.lines[0], None)


def test_ten_thousand_events_unless_told_otherwise() -> None:
    """The default, and a laboratory's own."""
    assert mapping_of("ignore,x,,,,,,").minimum_events == MINIMUM_EVENTS == 10_000
    assert mapping_of("setting,minimum events,,,,,,500").minimum_events == 500

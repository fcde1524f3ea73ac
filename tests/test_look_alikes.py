"""Identifiers that are taken for one another have one skeleton; numbers of a series are told apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.look_alikes import difference, look_alike, skeleton

IDENTIFIERS = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9 ._\-/#]{0,12}", fullmatch=True)
TYPED_SO = (
    "H-07", "h-07", "H 07", "H07", "H_07", "H.07", "H/07", "H  07", "H--07", "H-O7", "h-o7",
    "H\u201307", "H\u201107", "H\u221207", "\uff28-07", "H-\uff10\uff17", "H\u00a007", "\u200bH-07", '"H-07"',
    "\u201eH-07\u201c", "\u0397-07", "\u041d-07", "H-07 ",
)  # fmt: skip


@pytest.mark.parametrize("typed", TYPED_SO)
def test_one_skeleton_however_it_is_typed(typed: str) -> None:
    """Dashes, spaces, quotes, case, full width, O for 0 and letters printed alike count for nothing."""
    assert skeleton(typed) == "H07"


@pytest.mark.parametrize(("text", "expected"), [("LOT-IO1", "10T101"), ("P-07", "P07"), ("ß-5", "SS5"), ("–", "")])
def test_the_skeleton_of_other_texts(text: str, expected: str) -> None:
    """O is 0, I and L are 1; what is no letter or digit of ASCII is gone."""
    assert skeleton(text) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("H-07", "H 07"), ("H-07", "H07"), ("H-07", "H-O7"), ("H-07", "H/O7"), ("LOT-1", "LOT I"), ("A1", "AL"),
        ("2026-07", "202607"), ("1-1-1", "1-11"), ("H-07", "H--07"), ("H-07", "H-07."),
    ],
)  # fmt: skip
def test_taken_for_one_another(one: str, other: str) -> None:
    """A missing, added or other separator, O for 0, I or l for 1: in either order."""
    assert (look_alike(one, other), look_alike(other, one)) == (True, True)


@pytest.mark.parametrize(
    ("one", "other"),
    [("H-07", "H-08"), ("H-07", "H-7"), ("1-11", "11-1"), ("W1-10", "W11-0"), ("S-1", "5-1"), ("H-07", "h-07")],
)
def test_told_apart(one: str, other: str) -> None:
    """Other letters or digits, or divided elsewhere; case alone makes no other identifier, so nothing to confuse."""
    assert (look_alike(one, other), look_alike(other, one)) == (False, False)


@given(IDENTIFIERS, IDENTIFIERS)
def test_alike_is_mutual_and_never_of_one_with_itself(one: str, other: str) -> None:
    """``look_alike`` does not depend on the order, holds only within one skeleton, and never for one identifier."""
    assert look_alike(one, other) == look_alike(other, one)
    assert not look_alike(one, other) or skeleton(one) == skeleton(other)
    assert not look_alike(one, one)


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ("H-O7", "H-07", "H-O7 has the capital letter O where H-07 has the digit 0."),
        ("h-l1", "H-I1", "h-l1 has the small letter l where H-I1 has the capital letter I."),
        ("H07", "H-07", "H07 has nothing where H-07 has a hyphen."),
        ("H  07", "H 07", "H  07 has a space and a space where H 07 has a space."),
        ("H_O7/", "H-07", "H_O7/ has an underscore where H-07 has a hyphen, and the capital letter O where it has the "
         "digit 0, and a slash where it has nothing."),
    ],
)  # fmt: skip
def test_how_two_are_told_apart(one: str, other: str, said: str) -> None:
    """Each sign that differs is named: in many a type an O and a 0 are one."""
    assert difference(one, other) == said
    assert difference(other, one).startswith(f"{other} has ")

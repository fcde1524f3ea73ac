"""A change of a credential, a list, a proof or a cosignature is found; ``benchmarks/changes.py`` tries every place."""

from __future__ import annotations

from pathlib import Path

from tests.proof.changes import FILES, all_holds, changed, checked, is_found, new_key, whole
from tests.services.conftest import House

STRIDE = 397
"""Of so many places one is tried here, each time in four ways."""


def test_changes_of_everything_that_is_held_of_a_lot_are_found(house: House, tmp_path: Path) -> None:
    """Unchanged everything holds, down to the witness's word; changed anywhere, something no longer does."""
    house.lot("P-01")
    house.submit("P-01")
    house.decide("P-01", "release")
    held = whole(house.registry, "P-01", new_key(tmp_path))
    assert all_holds(checked(held, held.files))
    missed = [
        (name, place)
        for number, name in enumerate(FILES)
        for place in range(number, len(held.files[name]), STRIDE)
        for text in changed(held.files[name], place)
        if not is_found(held, name, text)
    ]
    assert missed == []

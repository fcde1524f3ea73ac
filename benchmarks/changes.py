"""Single changes of a credential, its lists and its proof, at every place: how many does ``verify`` find?

    python benchmarks/changes.py

A lot of a small registry is held as a clinic holds it: the credential, both status lists, and the proof of the
decision's entry under a checkpoint that a witness has cosigned, once by Ed25519 and once by ML-DSA-44. Every sign of
every file is changed in four ways (another sign, its neighbour, away, twice). Printed: of each file how many changes
were tried and found, and every one that was not; and what ``verify`` costs.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from registry.proof.keys.ml_dsa import MlDsaKey
from tests.proof.changes import FILES, Held, all_holds, changed, checked, is_found, new_key, whole
from tests.services.conftest import build


def tried(held: Held, names: Sequence[str], note: str) -> int:
    """Change every sign of these files; answers how many changes were not found."""
    missed = 0
    for name in names:
        text, count, begun = held.files[name], 0, time.process_time()
        for place in range(len(text)):
            for other in changed(text, place):
                count += 1
                if not is_found(held, name, other):
                    missed += 1
                    print("NOT FOUND", name, place, repr(text[max(0, place - 20) : place + 20]))
        spent = time.process_time() - begun
        print(f"| {name}{note} | {len(text):,} | {count:,} | {missed} | {spent:.0f} |", flush=True)
    return missed


def main(folder: Path) -> int:
    """Run it; answers how many changes were not found."""
    house = build(folder / "data")
    house.lot("P-01")
    house.submit("P-01")
    house.decide("P-01", "release")
    held = whole(house.registry, "P-01", new_key(folder))
    assert all_holds(checked(held, held.files))
    begun = time.process_time()
    for _ in range(20):
        checked(held, held.files)
    print(f"verify with everything at hand: {(time.process_time() - begun) * 50:.1f} ms of CPU")
    print("| file | signs | changes | not found | s of CPU |\n|---|---|---|---|---|")
    missed = tried(held, FILES, "")
    missed += tried(whole(house.registry, "P-01", MlDsaKey.create(folder / "long.pem")), ["proof"], ", ML-DSA-44")
    house.registry.close()
    return missed


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as own:
        sys.exit(1 if main(Path(own)) else 0)

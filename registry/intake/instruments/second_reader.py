"""The second reader: every number that is taken from a file has to be the one that allotropy reads there.

Our readers take each value to the letter; allotropy reads the same bytes by its own code, in a child process. Where
both are sure and differ, one of them misunderstands the file, and nothing of that sample is taken. What allotropy
says of a value that the file does not hold, or that the instrument flagged, is never looked at.
"""

from __future__ import annotations

import hashlib
import importlib.util
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from registry.errors import Unreadable, UnsupportedKind
from registry.intake.export_model import Export, Sample
from registry.intake.instruments.values import Column, number
from registry.intake.sandbox import Limits, run

EXTRA = "instruments"
LIMITS = Limits(seconds=120, memory=3 << 30)
TOLERANCE = 1e-9
MOST_KNOWN = 64
_READER = "registry.intake.instruments.allotrope"
_KNOWN: dict[str, dict[str, Any]] = {}


@dataclass(frozen=True, slots=True)
class Witness:
    """How allotropy knows an instrument: its name there, the file name it expects, and our columns in its words."""

    vendor: str
    suffix: str
    columns: tuple[Column, ...] = ()


def refuse_without_extra(file: str, library: str = "allotropy", extra: str = EXTRA) -> None:
    """Raise ``UnsupportedKind`` naming the extra when its library is not installed."""
    if importlib.util.find_spec(library) is None:
        raise UnsupportedKind(
            f"{file} needs the extra '{extra}', which is not installed.",
            expected=f"the library {library}",
            found="not installed",
            where=file,
            todo=f"Install it with: pip install 'cell-product-registry[{extra}]'",
        )


def confirmed(export: Export, data: bytes, witness: Witness, file: str) -> Export:
    """The export with a problem on each sample that the two readers read differently.

    Raises ``UnsupportedKind`` without the extra, ``Unreadable`` when allotropy cannot read the file at all, and
    ``TooLarge`` when it takes too long.
    """
    refuse_without_extra(file)
    seen = _asked(data, witness, file)
    if len(seen) != len(export.samples):
        problem = ("sample", f"{len(seen)} samples", f"{len(export.samples)} samples", _differently("the samples"))
        return replace(export, samples=tuple(_with(sample, problem) for sample in export.samples))
    pairs = zip(export.samples, seen, strict=True)
    return replace(export, samples=tuple(_compared(sample, other, witness) for sample, other in pairs))


def prefetch(asked: Sequence[tuple[bytes, Witness]]) -> None:
    """Ask allotropy about several files at once: its import takes longer than reading any of them."""
    files = [{"vendor": witness.vendor, "name": f"export{witness.suffix}"} for _, witness in asked]
    answered = run(_READER, {"files": files}, [data for data, _ in asked], LIMITS, f"{len(asked)} files")
    for (data, witness), answer in zip(asked, answered, strict=True):
        while len(_KNOWN) >= MOST_KNOWN:
            _KNOWN.pop(next(iter(_KNOWN)), None)
        _KNOWN[_key(data, witness)] = answer


def _key(data: bytes, witness: Witness) -> str:
    return f"{witness.vendor}{witness.suffix} {hashlib.sha256(data).hexdigest()}"


def _asked(data: bytes, witness: Witness, file: str) -> list[dict[str, Any]]:
    key = _key(data, witness)
    if key not in _KNOWN:
        prefetch([(data, witness)])
    answer = _KNOWN[key]
    if "failed" in answer:
        raise Unreadable(
            f"{file} cannot be confirmed by a second reader.",
            expected="a file as the instrument wrote it",
            found=answer["failed"],
            where=file,
            todo="Export it again, unchanged; or enter its results in a panel table.",
        )
    return list(answer["samples"])


def _compared(sample: Sample, seen: Mapping[str, Any], witness: Witness) -> Sample:
    columns = {column.name: column for column in witness.columns}
    for value in sample.values:
        column = columns[value.column]
        ours = number(value.printed)
        if value.flag or ours is None or not column.witness:
            continue
        theirs = seen["numbers"].get(column.witness)
        if theirs is None or not math.isclose(float(ours * column.factor), theirs, rel_tol=TOLERANCE):
            told = "nothing" if theirs is None else repr(theirs)
            return _with(sample, (value.column, value.printed, told, _differently(value.column)))
    if not sample.populations:
        return sample
    ours_counted = [float(population.events) for population in sample.populations if population.events is not None]
    return _counted(sample, ours_counted, [count for _, count in seen["populations"] if count >= 0])


def _counted(sample: Sample, ours: Sequence[float], theirs: Sequence[float]) -> Sample:
    """The counts of the populations, one by one, whatever order either reader gives them."""
    if sorted(ours) == sorted(theirs):
        return sample
    shown = [", ".join(f"{count:.0f}" for count in sorted(counts)[-10:]) for counts in (ours, theirs)]
    return _with(sample, ("events", shown[1], shown[0], _differently("the populations' counts")))


def _with(sample: Sample, problem: tuple[str, str, str, str]) -> Sample:
    return replace(sample, problems=(*sample.problems, problem))


def _differently(what: str) -> str:
    return (
        f"Two independent readers read {what} differently, so nothing of this sample was taken: enter its results in a "
        "panel table, and tell us about the file."
    )

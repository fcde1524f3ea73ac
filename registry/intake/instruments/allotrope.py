"""allotropy, and nobody else here knows it: runs in a child process only (``confined``), answers plain numbers.

What it invents is not asked for: times (a missing one becomes 1970, one without a zone UTC), identifiers (random), and
values of what the file lacks (−0.0). Its numbers are a second reading, held against the first by ``witness``.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterator
from typing import Any

from allotropy.allotrope.converter import unstructure  # type: ignore[import-not-found, unused-ignore]
from allotropy.parser_factory import Vendor  # type: ignore[import-not-found, unused-ignore]
from allotropy.to_allotrope import allotrope_model_from_io  # type: ignore[import-not-found, unused-ignore]

from registry.intake.sandbox import one_line


def answer(request: dict[str, Any], files: list[bytes]) -> list[dict[str, Any]]:
    """For each file its samples, or in one line why allotropy cannot read it.

    A sample is its name, its numbers by allotropy's own names, and its populations as (name, events).
    """
    return [_read(asked, data) for asked, data in zip(request["files"], files, strict=True)]


def _read(asked: dict[str, str], data: bytes) -> dict[str, Any]:
    try:
        model = allotrope_model_from_io(io.BytesIO(data), asked["name"], Vendor(asked["vendor"]))
        # Not held against the schema of the Allotrope model: that takes as long again, and nobody is given the model.
        return {"samples": [_sample(measured) for measured in _measurements(unstructure(model))]}
    except MemoryError:
        raise
    except Exception as error:  # it raises whatever pandas, lxml and its own converters raise
        return {"failed": one_line(f"{type(error).__name__}: {error}")}


def _measurements(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for aggregate in document.values():
        if not isinstance(aggregate, dict):
            continue
        for listed in aggregate.values():
            for aggregate_part in listed if isinstance(listed, list) else ():
                yield from aggregate_part.get("measurement aggregate document", {}).get("measurement document", ())


def _sample(measured: dict[str, Any]) -> dict[str, Any]:
    processed = measured.get("processed data aggregate document", {}).get("processed data document", [])
    numbers: dict[str, float] = {}
    populations: list[tuple[str, float]] = []
    for document in (*processed, *(part.get("custom information document", {}) for part in (*processed, measured))):
        numbers |= {name: float(number) for name, value in document.items() if (number := _number(value)) is not None}
        for aggregate in document.get("population aggregate document", ()):
            populations += _populations(aggregate)
    name = measured.get("sample document", {}).get("sample identifier", "")
    return {"sample": str(name), "numbers": numbers, "populations": populations}


def _populations(aggregate: dict[str, Any]) -> Iterator[tuple[str, float]]:
    for population in aggregate.get("population document", ()):
        count = _number(population.get("count"))
        yield str(population.get("written name", "")), -1.0 if count is None else float(count)
        for below in population.get("population aggregate document", ()):
            yield from _populations(below)


def _number(value: Any) -> float | None:
    number = value.get("value") if isinstance(value, dict) else value
    usable = isinstance(number, int | float) and not isinstance(number, bool) and math.isfinite(number)
    return number if usable else None
